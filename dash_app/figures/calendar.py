"""A year as a calendar: months down, days across, each day in the colour and with the letter of its class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from dash_app import formats
from dash_app.figures.style import GRID, INK, MUTED, base_figure
from dash_app.i18n import say


@dataclass(frozen=True)
class DayClass:
    """One class of days: its letter, words and colours."""

    letter: str
    title: str
    colour: str
    text_colour: str


@dataclass(frozen=True)
class Day:
    """One day of the calendar: class by number (0 = first), and what is said of it."""

    number: int
    words: str


def calendar_figure(
    year: int, days: Mapping[date, Day], classes: Sequence[DayClass], *, language: str, look: str
) -> go.Figure:
    """Days without a value stay empty; the letter is in the cell, so that colour is not the only sign."""
    months = [say("calendar.month", language, month=f"{month:02d}") for month in range(1, 13)]
    z: list[list[float | None]] = [[None] * 31 for _ in months]
    letters = [[""] * 31 for _ in months]
    words = [[""] * 31 for _ in months]
    for day, found in days.items():
        if day.year == year:
            z[day.month - 1][day.day - 1] = found.number
            letters[day.month - 1][day.day - 1] = classes[found.number].letter
            words[day.month - 1][day.day - 1] = f"{formats.day(day)}: {found.words}"
    figure = base_figure(look, language, height=330, margin={"l": 8, "r": 8, "t": 4, "b": 24})
    steps = len(classes)
    scale = [
        point
        for number, one in enumerate(classes)
        for point in ((number / steps, one.colour), ((number + 1) / steps, one.colour))
    ]
    figure.add_heatmap(
        z=z,
        x=list(range(1, 32)),
        y=months,
        text=words,
        hovertemplate="%{text}<extra></extra>",
        hoverongaps=False,
        colorscale=scale,
        zmin=-0.5,
        zmax=steps - 0.5,
        showscale=False,
        xgap=1.5,
        ygap=1.5,
    )
    for number, one in enumerate(classes):  # letters in the ink that is legible on their class
        cells = [(x + 1, months[y]) for y in range(12) for x in range(31) if z[y][x] == number]
        if cells:
            figure.add_scatter(
                x=[cell[0] for cell in cells],
                y=[cell[1] for cell in cells],
                mode="text",
                text=[one.letter] * len(cells),
                textfont={"size": 10, "color": one.text_colour},
                hoverinfo="skip",
                showlegend=False,
            )
    figure.update_layout(hovermode="closest", plot_bgcolor=GRID[look])
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category", tickfont={"color": INK[look]})
    figure.update_xaxes(dtick=1, range=[0.5, 31.5], tickfont={"color": MUTED[look], "size": 9})
    return figure
