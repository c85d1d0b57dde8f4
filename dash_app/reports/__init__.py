"""Reports people print, sign and file: built from the same figures as the screens."""
