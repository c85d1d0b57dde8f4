"""The layers as OGC APIs, through pygeoapi."""
