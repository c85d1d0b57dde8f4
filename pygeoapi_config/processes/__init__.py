"""OGC API - Processes of the platform."""
