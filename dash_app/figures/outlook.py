"""The year's cumulative course against the plan, with the range in which it will end; marks of unusual figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import plotly.graph_objects as go

from dash_app.figures.style import ACCENT, ALARM, INK, SOFT, base_figure
from dash_app.i18n import say
from layers.model import Indicator
from spatial.analysis.outlook_words import cause_words

type Row = dict[str, Any]
type Look = str

FAN = {"light": "rgba(11,110,153,0.16)", "dark": "rgba(77,184,232,0.2)"}
BAND = {"light": "rgba(85,101,111,0.14)", "dark": "rgba(159,176,189,0.16)"}


def outlook_figure(
    values: Mapping[date, float], row: Row, item: Indicator, *, language: str, look: Look
) -> go.Figure:  # fmt: skip
    """Cumulative figures of the year and of the year before, the plan, and the fan from the newest figure to the end.

    :param values: figures of the periods of this year and the last, by first day.
    :param row: ``derived.indicator_outlook`` of the year; without q50 there is no fan.
    """
    year = row["year"].year
    months = [f"{month:02d}" for month in range(1, 13)]
    figure = base_figure(look, language)
    before, now = course(values, item, year - 1), course(values, item, year)
    figure.add_scatter(
        x=months, y=before, mode="lines", line={"color": SOFT[look], "width": 1.4}, connectgaps=True,
        name=say("chart.year", language, year=year - 1),
    )  # fmt: skip
    if row["q50"] is not None and row["model"] != "complete":
        _add_fan(figure, months, now, before, row, item, language, look)
    figure.add_scatter(
        x=months, y=now, mode="lines+markers", line={"color": ACCENT[look], "width": 2.4}, marker={"size": 5},
        connectgaps=True, name=say("chart.year", language, year=year),
    )  # fmt: skip
    if row["plan"] is not None:
        figure.add_scatter(
            x=[months[0], months[-1]], y=[row["plan"]] * 2, mode="lines", name=say("chart.plan", language),
            line={"color": ALARM[look], "width": 1.3, "dash": "dash"},
        )  # fmt: skip
    if item.how != "sum":
        figure.update_yaxes(rangemode="normal")
    return figure.update_traces(hovertemplate=f"%{{y:,.{item.decimals}f}}", selector={"hoverinfo": None})


def course(values: Mapping[date, float], item: Indicator, year: int) -> list[float | None]:
    """Cumulative figure at each month's end: sums add up, stocks stand, rates are averaged; None after a gap."""
    step = {"quarter": 3, "year": 12}.get(item.period, 1)
    result: list[float | None] = [None] * 12
    so_far: list[float] = []
    for month in range(1, 13, step):
        value = values.get(date(year, month, 1))
        if value is None:
            break
        so_far.append(value)
        shown = {"sum": sum(so_far), "last": value}.get(item.how, sum(so_far) / len(so_far))
        result[month + step - 2] = shown
    return result


def fan_path(now: Sequence[float | None], before: Sequence[float | None], row: Row) -> dict[int, tuple[float, ...]]:
    """Month (0 to 11) to q10, q50, q90 from the newest cumulative figure on to the year's end.

    The way there follows last year's course; the range opens with the square root of the part of it that is behind.
    """
    known = max((place for place, value in enumerate(now) if value is not None), default=None)
    if known is None or known == 11:
        return {}
    start, end = now[known], (row["q10"], row["q50"], row["q90"])
    assert start is not None
    then, last = before[known], before[11]
    path: dict[int, tuple[float, ...]] = {known: (start, start, start)}
    for place in range(known + 1, 12):
        part = (place - known) / (11 - known)
        past = before[place]
        if past is not None and then is not None and last is not None and last != then:
            part = min(max((past - then) / (last - then), 0.0), 1.0)
        middle = start + (end[1] - start) * part
        path[place] = (middle + (end[0] - end[1]) * part**0.5, middle, middle + (end[2] - end[1]) * part**0.5)
    return path


def _add_fan(
    figure: go.Figure, months: list[str], now: list[float | None], before: list[float | None], row: Row,
    item: Indicator, language: str, look: Look,
) -> None:  # fmt: skip
    path = fan_path(now, before, row)
    if not path:
        return
    x = [months[place] for place in path]
    low, middle, high = (list(side) for side in zip(*path.values(), strict=True))
    figure.add_scatter(x=x, y=high, mode="lines", line={"width": 0}, showlegend=False, hoverinfo="skip")
    figure.add_scatter(
        x=x, y=low, mode="lines", line={"width": 0}, fill="tonexty", fillcolor=FAN[look],
        name=say("outlook.range", language), hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=x, y=middle, mode="lines", line={"color": ACCENT[look], "width": 2, "dash": "dot"},
        name=say("chart.forecast", language),
        error_y={"type": "data", "symmetric": False, "thickness": 1.4, "width": 4, "color": INK[look],
                 "array": [*[0] * (len(x) - 1), high[-1] - middle[-1]],
                 "arrayminus": [*[0] * (len(x) - 1), middle[-1] - low[-1]]},
    )  # fmt: skip


def mark_unusual(
    figure: go.Figure, rows: Sequence[Row], item: Indicator, year: int, *, language: str, look: Look
) -> go.Figure:  # fmt: skip
    """Add the expected band of unusual figures of a year to the monthly bars, with the cause in the hover text."""
    mine = [row for row in rows if row["period"].year == year]
    if not mine:
        return figure
    figure.add_scatter(
        x=[f"{row['period'].month:02d}" for row in mine], y=[row["expected"] for row in mine], mode="markers",
        marker={"symbol": "diamond", "size": 9, "color": ALARM[look], "line": {"color": INK[look], "width": 1}},
        error_y={"type": "data", "symmetric": False, "thickness": 2, "width": 7, "color": ALARM[look],
                 "array": [row["high"] - row["expected"] for row in mine],
                 "arrayminus": [row["expected"] - row["low"] for row in mine]},
        name=say("outlook.expected", language),
        text=[cause_words(row["cause"], value=row["value"], expected=row["expected"], language=language)
              for row in mine],
        hovertemplate=f"%{{y:,.{item.decimals}f}}<br>%{{text}}",
    )  # fmt: skip
    return figure
