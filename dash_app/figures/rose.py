"""Roses: how often the wind blows from where and how strong, and what the air carries when it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dash_app import formats
from dash_app.figures.style import FONT, GRID, INK, MUTED
from dash_app.i18n import say

SECTORS = 16
CALM = 0.5  # m/s: below it the vane points nowhere
SPEEDS = (0.5, 1.5, 3.0, 5.0, 8.0)  # lower bounds of the classes, m/s
SPEED_COLOURS = ("#c6dbef", "#9ecae1", "#6baed6", "#3182bd", "#08519c")
RAMP = ("#1a9850", "#91cf60", "#fee08b", "#fc8d59", "#d73027", "#7a0177")
LEAST = 3  # hours in a sector, below which its mean says nothing


@dataclass(frozen=True)
class WindHour:
    """One hour: wind from so many degrees, m/s, and the pollutant (None when it was not measured)."""

    direction: float
    speed: float
    value: float | None


def sector_of(direction: float) -> int:
    """0 = north, clockwise."""
    return int((direction % 360) / (360 / SECTORS) + 0.5) % SECTORS


def sector_names(language: str) -> list[str]:
    """«B», «BĐB» ... in Vietnamese, «N», «NNE» ... in English."""
    return say("rose.sectors", language).split()


def _polar(language: str, look: str) -> go.Figure:
    axis = {"gridcolor": GRID[look], "linecolor": GRID[look], "tickfont": {"size": 10, "color": MUTED[look]}}
    return go.Figure().update_layout(
        height=340,
        paper_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 11, "color": MUTED[look]},
        separators=".," if language == "en" else ",.",
        margin={"l": 30, "r": 30, "t": 26, "b": 26},
        barmode="stack",
        polar={
            "bgcolor": "rgba(0,0,0,0)",
            "angularaxis": axis
            | {"direction": "clockwise", "rotation": 90, "tickfont": {"size": 11, "color": INK[look]}},
            "radialaxis": axis | {"angle": 67.5, "tickangle": 67.5, "nticks": 5},
        },
        legend={"orientation": "h", "y": -0.12, "x": 0.5, "xanchor": "center", "font": {"size": 10.5}},
    )


def wind_rose(hours: Sequence[WindHour], *, language: str, look: str) -> go.Figure:
    """Share of all hours by sector and class of speed; calm hours are in the total, not in the bars."""
    figure = _polar(language, look)
    names = sector_names(language)
    for number, low in enumerate(SPEEDS):
        high = SPEEDS[number + 1] if number + 1 < len(SPEEDS) else None
        counts = [0] * SECTORS
        for hour in hours:
            if hour.speed >= low and (high is None or hour.speed < high):
                counts[sector_of(hour.direction)] += 1
        label = (
            f"{formats.number(low, 1, language)} - {formats.number(high, 1, language)} m/s"
            if high
            else f"≥ {formats.number(low, 1, language)} m/s"
        )
        figure.add_barpolar(
            r=[100 * n / len(hours) for n in counts],
            theta=names,
            name=label,
            marker={"color": SPEED_COLOURS[number]},
            hovertemplate="%{theta}: %{r:.1f}%<extra>" + label + "</extra>",
        )
    figure.update_polars(radialaxis={"ticksuffix": "%"})
    return figure


def pollution_rose(
    hours: Sequence[WindHour], breaks: Sequence[float], unit: str, *, language: str, look: str
) -> go.Figure:
    """Mean of the pollutant by sector, in the colour of its class; sectors of few hours stay empty."""
    figure = _polar(language, look)
    sectors: list[list[float]] = [[] for _ in range(SECTORS)]
    for hour in hours:
        if hour.value is not None and hour.speed >= CALM:
            sectors[sector_of(hour.direction)].append(hour.value)
    means = [sum(values) / len(values) if len(values) >= LEAST else None for values in sectors]
    colours = [
        RAMP[min(sum(mean >= bound for bound in breaks), len(RAMP) - 1)] if mean is not None else "#999999"
        for mean in means
    ]
    figure.add_barpolar(
        r=means,
        theta=sector_names(language),
        marker={"color": colours, "line": {"color": GRID[look], "width": 1}},
        customdata=[len(values) for values in sectors],
        showlegend=False,
        hovertemplate=f"%{{theta}}: %{{r:,.1f}} {unit}, "
        + say("rose.hours", language, n="%{customdata}")
        + "<extra></extra>",
    )
    return figure
