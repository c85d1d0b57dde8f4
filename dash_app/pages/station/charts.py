"""What the charts of a station are drawn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import plotly.graph_objects as go
from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.figures.linked import Panel, linked_figure
from dash_app.figures.style import base_figure
from dash_app.i18n import say
from dash_app.pages.station.view import Window, forecast_words, is_stale, is_worse_than_naive
from dash_app.station_services import StationServices
from layers.model import Layer, Parameter

type Row = dict[str, Any]

AHEAD = timedelta(hours=72)


def by_series(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """Rows by series id, in their order."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["series_id"]].append(row)
    return found


def station_charts(
    reads: StationServices,
    layer: Layer,
    series: Sequence[tuple[Parameter, int]],
    window: Window,
    language: str,
    look: str,
) -> tuple[go.Figure, list[Component]]:
    """(figure, notes below it) of all parameters of a station over a window."""
    ids = [number for _, number in series]
    clock = reads.data_clock(layer)
    if window.step == "hour":
        rows = by_series(reads.hourly(ids, window.first, window.last))
    else:
        rows = by_series(reads.daily(ids, *window.days))
    if not any(rows.values()):
        return empty_figure(say("charts.empty", language), language, look), []
    forecast: dict[int, list[Row]] = {}
    if window.step == "hour" and window.last >= clock:
        span = min(AHEAD, max(timedelta(hours=24), window.last - window.first))
        forecast = {
            number: [row for row in found if row["target"] is None or clock < row["target"] <= clock + span]
            for number, found in by_series(reads.forecasts(ids)).items()
        }
    panels = []
    sampled = layer.series is not None and layer.series.sampled
    for parameter, number in series:
        ahead = forecast.get(number, [])
        poor = is_stale(ahead, clock) or is_worse_than_naive(ahead)
        panels.append(Panel(parameter, rows.get(number, []), ahead, poor, sampled))
    figure = linked_figure(panels, window.first, window.last, window.step, language=language, look=look)
    text = say("charts.days" if window.step == "day" else "charts.hours", language)
    notes: list[Component] = [html.P(f"{window_words(window)}. {text}", className="chart-note")]
    if forecast:
        lines = [
            html.Li(
                forecast_words(parameter, forecast.get(number, []), clock, language),
                className="is-poor" if panel.poor else "",
            )
            for (parameter, number), panel in zip(series, panels, strict=True)
        ]
        notes.append(
            html.Details(
                [html.Summary(say("forecast.title", language)), html.Ul(lines, className="plain-list")],
                className="more",
            )
        )
    return figure, notes


def empty_figure(sentence: str, language: str, look: str) -> go.Figure:
    """A figure that says why it is empty."""
    figure = base_figure(look, language, height=180)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.add_annotation(text=sentence, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False, font={"size": 13})
    return figure


def window_words(window: Window) -> str:
    """«21/11/2026 - 28/11/2026»."""
    first, last = window.days
    return f"{formats.day(first)} - {formats.day(last)}"
