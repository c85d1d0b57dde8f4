"""pygeoapi providers: thin, over spatial.queries."""
