"""One file per dataset; the file name is the layer's id. ``_template.py`` is the commented teaching copy."""
