"""Look shared by all figures."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

INK = {"light": "#1c2b36", "dark": "#e6edf3"}
MUTED = {"light": "#55656f", "dark": "#9fb0bd"}
GRID = {"light": "#e3e9ec", "dark": "#2b3a46"}
ACCENT = {"light": "#0b6e99", "dark": "#4db8e8"}
ALARM = {"light": "#b3261e", "dark": "#ff8a80"}
SOFT = {"light": "#9fb4c0", "dark": "#5c7283"}
FONT = "Be Vietnam Pro, Noto Sans, sans-serif"


def base_figure(look: str, language: str, **layout: Any) -> go.Figure:
    """An empty figure with our font, separators and grid."""
    figure = go.Figure()
    axis = {"gridcolor": GRID[look], "zeroline": False, "linecolor": GRID[look], "automargin": True, "fixedrange": True}
    settings: dict[str, Any] = {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 11, "color": MUTED[look]},
        "separators": ".," if language == "en" else ",.",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "height": 200,
        "hovermode": "x unified",
        "hoverlabel": {"font": {"family": FONT, "size": 12}},
        "legend": {
            "orientation": "h",
            "yref": "container",
            "yanchor": "bottom",
            "y": 0,
            "x": 0,
            "xref": "container",
            "font": {"size": 10.5},
            "entrywidthmode": "fraction",
            "entrywidth": 0.46,
        },
        "xaxis": axis | {"showgrid": False, "tickangle": 0},
        "yaxis": axis | {"rangemode": "tozero", "tickformat": ","},
    }
    return figure.update_layout(**(settings | layout))
