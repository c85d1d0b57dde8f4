"""Figures of the statistics: days with the forecast, fields, time to the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dash_app import formats
from dash_app.figures.style import ACCENT, ALARM, INK, SOFT, base_figure
from dash_app.i18n import say
from dash_app.pages.feedback.view import category_title
from layers.code_lists import FEEDBACK_CATEGORIES
from spatial.queries.feedback_stats import HISTOGRAM_HOURS as HOURS

type Row = dict[str, Any]

FORECAST = {"light": "#7a5ea8", "dark": "#b79ae0"}
FIELDS_SHOWN = 7
FEW = 6
COLOURS = {code.value: code.colour for code in FEEDBACK_CATEGORIES}


def days_figure(days: Sequence[Row], forecast: Sequence[Row], *, language: str, look: str) -> go.Figure:
    """Columns of what came in, a line of what was processed, and the fortnight ahead with its interval."""
    figure = base_figure(look, language, height=250, bargap=0.25, margin={"l": 8, "r": 8, "t": 8, "b": 44})
    figure.add_bar(
        x=[row["day"] for row in days],
        y=[row["received"] for row in days],
        name=say("stat.received", language),
        marker={"color": ACCENT[look]},
        hovertemplate="%{y}",
    )
    figure.add_scatter(
        x=[row["day"] for row in days],
        y=[row["processed"] for row in days],
        name=say("stat.processed", language),
        mode="lines",
        line={"color": INK[look], "width": 1.6},
        hovertemplate="%{y}",
    )
    if any(row["processed_late"] for row in days):
        figure.add_scatter(
            x=[row["day"] for row in days],
            y=[row["processed_late"] for row in days],
            name=say("stat.processed_late", language),
            mode="lines",
            line={"color": ALARM[look], "width": 1.4, "dash": "dot"},
            hovertemplate="%{y}",
        )
    if forecast:
        figure.add_bar(
            x=[row["target"] for row in forecast],
            y=[row["q50"] for row in forecast],
            name=say("stat.forecast", language),
            marker={"color": FORECAST[look], "opacity": 0.55, "pattern": {"shape": "/", "size": 5}},
            error_y={
                "type": "data",
                "symmetric": False,
                "thickness": 1.2,
                "width": 2,
                "color": FORECAST[look],
                "array": [row["q90"] - row["q50"] for row in forecast],
                "arrayminus": [row["q50"] - row["q10"] for row in forecast],
            },
            hovertemplate="%{y:.0f}",
        )
    figure.update_xaxes(tickformat="%d/%m")
    if max([row["received"] for row in days] + [row["processed"] for row in days], default=0) < FEW:
        figure.update_yaxes(dtick=1)  # half a case does not exist
    return figure


def fields_figure(rows: Sequence[Row], *, language: str, look: str) -> go.Figure:
    """Donut of the largest fields; the rest is one piece, so that no piece is too thin to be read."""
    shown, rest = list(rows[:FIELDS_SHOWN]), rows[FIELDS_SHOWN:]
    names = [category_title(row["category"], language) for row in shown]
    values = [row["received"] for row in shown]
    colours = [COLOURS.get(row["category"]) or SOFT[look] for row in shown]
    if rest:
        names.append(say("stat.other_fields", language, n=len(rest)))
        values.append(sum(row["received"] for row in rest))
        colours.append(SOFT[look])
    figure = base_figure(look, language, height=250, showlegend=False, hovermode="closest")
    figure.add_pie(
        labels=names,
        values=values,
        hole=0.58,
        sort=False,
        direction="clockwise",
        textinfo="percent",
        textposition="inside",
        insidetextorientation="horizontal",
        marker={"colors": colours},
        hovertemplate="%{label}: %{value} (%{percent})<extra></extra>",
    )
    figure.add_annotation(
        text=f"<b>{formats.number(sum(values), 0, language)}</b>",
        showarrow=False,
        font={"size": 20, "color": INK[look]},
    )
    return figure


def fields_key(rows: Sequence[Row], language: str) -> list[tuple[str, str]]:
    """Names and colours of the pieces."""
    key = [
        (
            f"{category_title(row['category'], language)} {formats.number(row['received'], 0, language)}",
            COLOURS.get(row["category"]) or SOFT["light"],
        )
        for row in rows[:FIELDS_SHOWN]
    ]
    rest = rows[FIELDS_SHOWN:]
    if rest:
        n = sum(row["received"] for row in rest)
        words = f"{say('stat.other_fields', language, n=len(rest))} {formats.number(n, 0, language)}"
        key.append((words, SOFT["light"]))
    return key


def hours_names(language: str) -> list[str]:
    """Names of the histogram's bins: «≤ 1 giờ» … «> 40 ngày»."""

    def words(hours: int) -> str:
        if hours < 48:
            return say("stat.hours", language, n=hours)
        return say("stat.bin_days", language, n=hours // 24)

    return [f"≤ {words(hours)}" for hours in HOURS] + [f"> {words(HOURS[-1])}"]


def hours_figure(row: Row, *, language: str, look: str) -> go.Figure:
    """How long it took: cases by the time from receipt to result. Bins grow, so the columns are counts, not density."""
    figure = base_figure(look, language, height=250, bargap=0.12, hovermode="closest", showlegend=False)
    figure.add_bar(
        x=hours_names(language),
        y=row["hours_histogram"],
        marker={"color": ACCENT[look]},
        hovertemplate="%{x}: %{y}<extra></extra>",
    )
    figure.update_xaxes(tickangle=-40, tickfont={"size": 10})
    return figure
