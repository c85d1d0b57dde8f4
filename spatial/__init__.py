"""PostGIS and all that is computed from it; knows neither HTTP nor Dash."""
