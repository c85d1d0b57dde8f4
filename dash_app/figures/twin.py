"""Two series in one chart: by the calendar, or by the months before each side's own clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from dash_app import formats
from dash_app.figures.style import base_figure
from dash_app.i18n import say

COLOUR_A = {"light": "#0b6e99", "dark": "#4db8e8"}
COLOUR_B = {"light": "#b35c00", "dark": "#ffb05c"}
HEIGHT = 340
MONTHS_BACK = 24


@dataclass(frozen=True)
class Curve:
    """Values by month of one side, its clock and its name."""

    name: str
    clock: date
    values: Mapping[date, float]


def twin_figure(a: Curve, b: Curve, *, since: bool, decimals: int, unit: str, language: str, look: str) -> go.Figure:
    """A is a solid line with discs, B a dashed one with diamonds; both clocks are marked."""
    figure = base_figure(look, language, height=HEIGHT, margin={"l": 8, "r": 14, "t": 26, "b": 72})
    figure.update_yaxes(title={"text": unit, "font": {"size": 11}}, rangemode="normal")
    styles = ((a, COLOUR_A[look], "solid", "circle"), (b, COLOUR_B[look], "dash", "diamond"))
    for curve, colour, dash, symbol in styles:
        months = sorted(curve.values)
        if since:
            months = [month for month in months if -MONTHS_BACK <= _offset(month, curve.clock) <= 0]
        shown = _with_gaps(months)
        figure.add_scatter(
            x=[_offset(month, curve.clock) if since else month for month in shown],
            y=[curve.values.get(month) for month in shown],
            name=curve.name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2},
            marker={"symbol": symbol, "size": [11 if month == curve.clock else 5 for month in shown]},
            customdata=[formats.month(month) for month in shown],
            hovertemplate=f"%{{y:,.{decimals}f}} (%{{customdata}})<extra>{curve.name}</extra>",
            connectgaps=False,
        )
    if since:
        figure.update_xaxes(title={"text": say("twin.months_before", language)}, dtick=6)
    else:
        for curve, colour, words in ((a, COLOUR_A[look], "twin.clock_a"), (b, COLOUR_B[look], "twin.clock_b")):
            figure.add_vline(x=curve.clock, line={"color": colour, "width": 1.5, "dash": "dot"})
            figure.add_annotation(
                x=curve.clock, yref="paper", y=1.02, yanchor="bottom", showarrow=False, text=say(words, language),
                font={"color": colour, "size": 11},
            )  # fmt: skip
        figure.update_xaxes(tickformat="%m/%Y")
    figure.update_layout(hovermode="closest", legend={"entrywidth": 1, "entrywidthmode": "fraction"})
    return figure


def _offset(month: date, clock: date) -> int:
    return (month.year - clock.year) * 12 + month.month - clock.month


def _with_gaps(months: Sequence[date]) -> list[date]:
    """Every month between the first and the last: one without a value breaks the line."""
    if not months:
        return []
    count = _offset(months[-1], months[0])
    start = months[0].year * 12 + months[0].month - 1
    return [date((start + step) // 12, (start + step) % 12 + 1, 1) for step in range(count + 1)]
