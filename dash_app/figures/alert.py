"""The hours around an alert's event: approved values, what was left out, the stations around, and the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import plotly.graph_objects as go

from dash_app.figures.style import ACCENT, ALARM, INK, MUTED, base_figure
from dash_app.i18n import say
from layers.indices import Index
from layers.model import Parameter
from spatial.settings import LOCAL_ZONE

type Row = dict[str, Any]
type Points = Sequence[tuple[datetime, float | None]]

HOUR = timedelta(hours=1)
SHARE = 0.75  # of the hours of a mean must have a value, or there is no mean
EVENT = {"light": "rgba(212,56,13,0.10)", "dark": "rgba(255,150,87,0.16)"}


def alert_figure(
    hours: Sequence[Row],
    around: Sequence[Row],
    forecast: Sequence[Row],
    parameter: Parameter,
    *,
    event: tuple[datetime, datetime],
    span: tuple[datetime, datetime],
    threshold: float | None,
    mean_hours: int,
    capped: bool,
    language: str,
    look: str,
    height: int = 300,
) -> go.Figure:
    """``hours``: time, value (approved), raw, status, flag; ``around``: time, value, stations; times in UTC.

    ``capped``: what is doubtful may not squeeze the rest; points above the frame stand at its upper edge.
    """
    figure = base_figure(look, language, height=height)
    hover = f"%{{y:,.{parameter.decimals}f}} {parameter.unit}".rstrip()
    shown = {"light": "#8a97a0", "dark": "#8797a3"}[look]
    if around:
        most = max(row["stations"] for row in around)
        _line(
            figure, _with_gaps([(row["time"], row["value"]) for row in around]),
            say("evidence.neighbours", language, n=most), hover, {"color": shown, "width": 1.4, "dash": "dot"}, 1100,
        )  # fmt: skip
    approved = _with_gaps([(row["time"], row["value"]) for row in hours])
    _line(figure, approved, say("evidence.measured", language), hover, {"color": ACCENT[look], "width": 2})
    if mean_hours > 1:
        means = running_mean(approved, mean_hours)
        words = say("evidence.mean", language, n=mean_hours)
        _line(figure, means, words, hover, {"color": INK[look], "width": 2.2})
    cap = _cap(hours, around, threshold) if capped else None
    _doubtful(figure, hours, hover, language, look, cap)
    if forecast:
        _line(
            figure, [(row["time"], row["q50"]) for row in forecast], say("chart.forecast", language), hover,
            {"color": INK[look], "width": 1.6, "dash": "dot"},
        )  # fmt: skip
    if threshold is not None:
        bound = f"{threshold:g}" if language == "en" else f"{threshold:g}".replace(".", ",")
        figure.add_hline(
            y=threshold, line={"color": ALARM[look], "width": 1.3, "dash": "dash"},
            annotation={
                "text": say("evidence.threshold", language, value=f"{bound} {parameter.unit}".rstrip()),
                "font": {"size": 10.5, "color": ALARM[look]},
            },
            annotation_position="top left",
        )  # fmt: skip
    if cap is not None:
        figure.update_yaxes(range=[0, cap])
    figure.add_vrect(
        x0=_local(event[0] - HOUR), x1=_local(event[1]), fillcolor=EVENT[look], line_width=0, layer="below"
    )
    figure.update_xaxes(
        range=[_local(span[0]), _local(span[1])], tickformat="%H:%M<br>%d/%m", hoverformat="%d/%m %H:%M", nticks=9
    )
    return figure


def index_figure(
    rows: Sequence[Row], index: Index, *, event: tuple[datetime, datetime], span: tuple[datetime, datetime],
    language: str, look: str, height: int = 150,
) -> go.Figure:  # fmt: skip
    """Hours of an index as bars in the colours of its levels; ``rows``: time, value, level."""
    figure = base_figure(look, language, height=height, showlegend=False, bargap=0.08, hovermode="closest")
    known = [row for row in rows if row["value"] is not None]
    levels = [index.level(row["level"]) for row in known]
    figure.add_bar(
        x=[_local(row["time"]) for row in known], y=[row["value"] for row in known],
        marker={"color": [level.colour for level in levels], "line": {"width": 0}},
        customdata=[f"{level.letter} · {level.title[language]}" for level in levels],
        hovertemplate="%{x|%d/%m %H:%M}: %{y} (%{customdata})<extra></extra>",
    )  # fmt: skip
    figure.add_vrect(
        x0=_local(event[0] - HOUR), x1=_local(event[1]), fillcolor=EVENT[look], line_width=0, layer="below"
    )
    return figure.update_xaxes(range=[_local(span[0]), _local(span[1])], tickformat="%H:%M<br>%d/%m", nticks=9)


def running_mean(points: Points, hours: int) -> list[tuple[datetime, float | None]]:
    """Mean of the last ``hours`` hours at each hour; None where less than three quarters of them have a value."""
    values = {time: value for time, value in points if value is not None}
    means: list[tuple[datetime, float | None]] = []
    for time, _ in points:
        known = [values[at] for back in range(hours) if (at := time - back * HOUR) in values]
        means.append((time, sum(known) / len(known) if len(known) >= SHARE * hours else None))
    return means


def _with_gaps(points: Points) -> list[tuple[datetime, float | None]]:
    """Hours without a row become None, so that a line breaks there."""
    filled: list[tuple[datetime, float | None]] = []
    for time, value in points:
        if filled and time - filled[-1][0] > HOUR:
            filled.append((filled[-1][0] + HOUR, None))
        filled.append((time, value))
    return filled


def _line(figure: go.Figure, points: Points, name: str, hover: str, line: dict[str, Any], rank: int = 1000) -> None:
    figure.add_scatter(
        x=[_local(time) for time, _ in points], y=[value for _, value in points], mode="lines", name=name, line=line,
        connectgaps=False, hovertemplate=hover, legendrank=rank,
    )  # fmt: skip


def _cap(hours: Sequence[Row], around: Sequence[Row], threshold: float | None) -> float | None:
    """Upper edge of the frame from what counts; None when nothing doubtful lies above it, or below zero is possible."""
    counted = [row["value"] for row in (*hours, *around) if row["value"] is not None] + [threshold or 0.0]
    cap = 1.25 * max(counted)
    beyond = any(row["value"] is None and row["raw"] is not None and row["raw"] > cap for row in hours)
    return cap if beyond and cap > 0 and min(counted) >= 0 else None


def _doubtful(figure: go.Figure, hours: Sequence[Row], hover: str, language: str, look: str, cap: float | None) -> None:
    left_out = [row for row in hours if row["value"] is None and row["raw"] is not None and row["status"] == 0]
    if left_out:
        over = [cap is not None and row["raw"] > cap for row in left_out]
        figure.add_scatter(
            x=[_local(row["time"]) for row in left_out],
            y=[cap * 0.97 if high and cap else row["raw"] for row, high in zip(left_out, over, strict=True)],
            customdata=[row["raw"] for row in left_out], mode="markers",
            name=say("evidence.doubtful", language), hovertemplate=hover.replace("%{y:", "%{customdata:"),
            marker={"symbol": ["triangle-up" if high else "x-thin-open" for high in over], "size": 7,
                    "color": ALARM[look], "line": {"width": 1.6}},
        )  # fmt: skip
    for status, key, symbol in ((1, "chart.calibrating", "diamond-open"), (2, "chart.fault", "x")):
        rows = [row for row in hours if row["status"] == status]
        if rows:
            figure.add_scatter(
                x=[_local(row["time"]) for row in rows], y=[0] * len(rows), mode="markers", name=say(key, language),
                hoverinfo="x+name", marker={"symbol": symbol, "size": 6, "color": MUTED[look]},
            )  # fmt: skip


def _local(time: datetime) -> str:
    return time.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")  # Plotly draws times as written
