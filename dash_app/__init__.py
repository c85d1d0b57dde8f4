"""The layers as a map, charts and tables, through Dash and dash-leaflet."""
