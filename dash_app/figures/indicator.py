"""Months of one indicator beside last year's, with plan and the forecast to the year's end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import plotly.graph_objects as go

from dash_app.figures.style import ACCENT, ALARM, INK, SOFT, base_figure
from dash_app.i18n import say
from layers.model import Indicator

type Row = dict[str, Any]


def indicator_figure(
    values: Mapping[date, float],
    forecast: Mapping[date, Row],
    plan: float | None,
    item: Indicator,
    year: int,
    *,
    language: str,
    look: str,
) -> go.Figure:
    """Bars by month: the year before pale, this year strong, forecast hatched with its 80 % range."""
    figure = base_figure(look, language, barmode="group", bargap=0.25)
    months = [f"{month:02d}" for month in range(1, 13)]
    figure.add_bar(
        x=months, y=[values.get(date(year - 1, m, 1)) for m in range(1, 13)], marker={"color": SOFT[look]},
        name=say("chart.year", language, year=year - 1), offsetgroup="before",
    )  # fmt: skip
    figure.add_bar(
        x=months, y=[values.get(date(year, m, 1)) for m in range(1, 13)], marker={"color": ACCENT[look]},
        name=say("chart.year", language, year=year), offsetgroup="now",
    )  # fmt: skip
    ahead = {
        m: forecast[date(year, m, 1)]
        for m in range(1, 13)
        if date(year, m, 1) in forecast and date(year, m, 1) not in values
    }
    if ahead:
        rows = [ahead.get(m) for m in range(1, 13)]
        figure.add_bar(
            x=months, y=[row["q50"] if row else None for row in rows], offsetgroup="now",
            name=say("chart.forecast", language),
            marker={"color": "rgba(0,0,0,0)", "line": {"color": ACCENT[look], "width": 1},
                    "pattern": {"shape": "/", "fgcolor": ACCENT[look], "size": 5}},
            error_y={"type": "data", "symmetric": False, "thickness": 1, "width": 2, "color": INK[look],
                     "array": [row["q90"] - row["q50"] if row else 0 for row in rows],
                     "arrayminus": [row["q50"] - row["q10"] if row else 0 for row in rows]},
        )  # fmt: skip
    if plan is not None:
        monthly = item.how == "sum"
        figure.add_scatter(
            x=months, y=[plan / 12 if monthly else plan] * 12, mode="lines",
            name=say("chart.plan_month" if monthly else "chart.plan", language),
            line={"color": ALARM[look], "width": 1.3, "dash": "dash"},
        )  # fmt: skip
    if item.how != "sum":
        shown = [value for month, value in values.items() if month.year >= year - 1] + (
            [plan] if plan is not None else []
        )
        if shown and min(shown) > 0 and (max(shown) - min(shown)) < 0.5 * max(shown):
            span = max(shown) - min(shown) or max(shown) * 0.1
            figure.update_yaxes(range=[min(shown) - span * 0.5, max(shown) + span * 0.25])
    figure.update_traces(hovertemplate=f"%{{y:,.{item.decimals}f}}")
    return figure


def year_end(values: Mapping[date, float], forecast: Mapping[date, Row], item: Indicator, year: int) -> float | None:
    """Expected figure of the whole year: months so far and forecast months together; None when a month is lacking."""
    months = [date(year, month, 1) for month in range(1, 13)]
    found = [values.get(month, forecast[month]["q50"] if month in forecast else None) for month in months]
    known = [value for value in found if value is not None]
    if item.how == "last":
        return found[-1]
    if len(known) < 12:
        return None
    return sum(known) if item.how == "sum" else sum(known) / 12
