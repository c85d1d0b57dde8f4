"""Open311 GeoReport v2: other channels read and write reports of citizens."""
