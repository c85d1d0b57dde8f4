"""Chart cards of the right-hand column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dash_app.components.attributes import extra


def chart_card(
    title: str, note: str | None, figure: Any, *, kind: str, key: Sequence[tuple[str, str]] = ()
) -> Component:
    """A titled figure; ``kind`` tells the bridge how the chart and the time bar are linked."""
    return html.Section(
        [
            html.H3(title),
            dcc.Graph(
                figure=figure,
                config={"displayModeBar": False, "responsive": True},
                className=f"graph graph-{kind}",
                style={"height": figure.layout.height},
            ),
            *([_key(key)] if key else []),
            *([html.P(note, className="chart-note")] if note else []),
        ],
        className="card chart-card",
        **extra({"data-chart": kind}),
    )


def _key(entries: Sequence[tuple[str, str]]) -> Component:
    """A legend that wraps; Plotly's own cannot be wider than the plot."""
    return html.Ul(
        [html.Li([html.Span(className="dot", style={"background": colour}), name]) for name, colour in entries],
        className="chart-key",
    )


def empty_card(title: str, sentence: str) -> Component:
    """A chart that has nothing to show says so."""
    return html.Section([html.H3(title), html.P(sentence, className="chart-note empty")], className="card chart-card")
