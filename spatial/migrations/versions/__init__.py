"""Revisions, oldest first by file name. A revision is frozen: it never imports today's definitions."""
