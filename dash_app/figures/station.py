"""Hourly values of one station's parameter, its flags, its forecast with band, and the limit line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import plotly.graph_objects as go

from dash_app import formats
from dash_app.figures.style import ACCENT, ALARM, INK, MUTED, base_figure
from dash_app.i18n import say
from layers.model import Parameter
from spatial.settings import LOCAL_ZONE

type Row = dict[str, Any]

MARKS = (("calibrating", "diamond-open", 1), ("fault", "x", 2))


def station_figure(
    values: Sequence[Row], forecast: Sequence[Row], parameter: Parameter, *, language: str, look: str, height: int = 210
) -> go.Figure:
    """Gaps stay gaps; suspect values are points beside the line; calibration and fault sit on the axis."""
    figure = base_figure(look, language, height=height)
    _measured(figure, values, parameter, language, look)
    _forecast(figure, forecast, language, look)
    newest = max((row["time"] for row in values), default=None)
    limits = parameter.limits_on(newest.astimezone(LOCAL_ZONE).date()) if newest else ()
    if limits and limits[0].high is not None:
        shown = f"{formats.number(limits[0].high, 0, language)} {parameter.unit}"
        key = "chart.limit" if limits[0].hours == 1 else "chart.limit_mean"
        words = say(key, language, value=shown, hours=limits[0].hours)
        figure.add_hline(
            y=limits[0].high, line={"color": ALARM[look], "width": 1.2, "dash": "dash"},
            annotation={"text": words, "font": {"size": 10, "color": ALARM[look]}},
            annotation_position="top left",
        )  # fmt: skip
    figure.update_xaxes(tickformat="%d/%m", hoverformat="%d/%m %H:%M", nticks=6 if height < 300 else 14)
    return figure


def _local(time: datetime) -> str:
    # Plotly draws times as written; it knows no time zones.
    return time.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")


def _measured(figure: go.Figure, values: Sequence[Row], parameter: Parameter, language: str, look: str) -> None:
    times: list[str] = []
    good: list[float | None] = []
    last: datetime | None = None
    for row in values:
        if last is not None and row["time"] - last > timedelta(hours=1):
            times.append(_local(last + timedelta(hours=1)))
            good.append(None)
        times.append(_local(row["time"]))
        good.append(row["value"] if row["status"] == 0 and row["flag"] == 0 else None)
        last = row["time"]
    hover = f"%{{y:,.{parameter.decimals}f}} {parameter.unit}"
    figure.add_scatter(
        x=times, y=good, mode="lines", name=say("chart.measured", language), connectgaps=False,
        line={"color": ACCENT[look], "width": 1.8}, hovertemplate=hover,
    )  # fmt: skip
    suspect = [row for row in values if row["status"] == 0 and row["flag"] and row["value"] is not None]
    if suspect:
        figure.add_scatter(
            x=[_local(row["time"]) for row in suspect], y=[row["value"] for row in suspect], mode="markers",
            name=say("chart.flagged", language), marker={"symbol": "circle-open", "size": 6, "color": ALARM[look]},
            hovertemplate=hover,
        )  # fmt: skip
    for name, symbol, status in MARKS:
        rows = [row for row in values if row["status"] == status]
        if rows:
            figure.add_scatter(
                x=[_local(row["time"]) for row in rows], y=[0] * len(rows), mode="markers", hoverinfo="x+name",
                name=say(f"chart.{name}", language), marker={"symbol": symbol, "size": 6, "color": MUTED[look]},
            )  # fmt: skip


def _forecast(figure: go.Figure, forecast: Sequence[Row], language: str, look: str) -> None:
    rows = [row for row in forecast if row["time"] is not None]
    if not rows:
        return
    times = [_local(row["time"]) for row in rows]
    figure.add_scatter(
        x=times + times[::-1], y=[row["q90"] for row in rows] + [row["q10"] for row in rows[::-1]], fill="toself",
        mode="lines", line={"width": 0}, fillcolor="rgba(120,150,175,0.28)", hoverinfo="skip",
        name=say("chart.band", language),
    )  # fmt: skip
    figure.add_scatter(
        x=times, y=[row["q50"] for row in rows], mode="lines", name=say("chart.forecast", language),
        line={"color": INK[look], "width": 1.6, "dash": "dot"},
    )  # fmt: skip
