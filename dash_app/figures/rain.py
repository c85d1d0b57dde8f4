"""Daily values of a grid over a unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dash_app.figures.style import ACCENT, base_figure
from dash_app.themes import Theme


def rain_figure(rows: Sequence[dict[str, Any]], theme: Theme, *, language: str, look: str) -> go.Figure:
    """Bars by day; days without grid stay empty."""
    figure = base_figure(look, language)
    figure.add_bar(
        x=[row["period"].isoformat() for row in rows], y=[row["value"] for row in rows], marker={"color": ACCENT[look]},
        hovertemplate=f"%{{y:,.{theme.decimals}f}} {theme.unit[language]}<extra></extra>",
    )  # fmt: skip
    return figure.update_xaxes(tickformat="%d/%m", hoverformat="%d/%m/%Y")
