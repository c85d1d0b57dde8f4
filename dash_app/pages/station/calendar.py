"""Days of a year by class, from an index of the day or from daily means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.attributes import extra
from dash_app.components.index_badge import period_day
from dash_app.figures.calendar import Day, DayClass, calendar_figure
from dash_app.figures.rose import RAMP
from dash_app.i18n import say
from layers.indices import INDICES, Index
from layers.model import Parameter

type Row = dict[str, Any]

DAY_INDICES = ("vn_aqi_day", "vn_wqi", "qcvn08")
LETTERS = "ABCDEF"


def index_classes(index: Index, language: str) -> list[DayClass]:
    """Levels of an index, best first."""
    return [DayClass(level.letter, level.title[language], level.colour, level.text_colour) for level in index.levels]


def index_days(rows: Sequence[Row], index: Index, titles: Mapping[str, str], language: str) -> dict[date, Day]:
    """Days that have a value of the index."""
    numbers = [level.number for level in index.levels]
    found = {}
    for row in rows:
        if row["value"] is None or row["level"] is None:
            continue
        level = index.level(row["level"])
        dominant = ", ".join(titles.get(name, name) for name in row["dominant"])
        value = "" if index.id == "qcvn08" else f"{row['value']} "
        words = f"{value}{level.letter} - {level.title[language]}" + (f" ({dominant})" if dominant else "")
        found[period_day(row["time"])] = Day(numbers.index(row["level"]), words)
    return found


def mean_classes(parameter: Parameter, language: str) -> list[DayClass]:
    """Classes between the fixed bounds of a parameter; one class where it has none."""
    bounds = parameter.breaks
    shown = [
        formats.number(bound, 0 if float(bound).is_integer() else parameter.decimals, language) for bound in bounds
    ]
    titles = (
        [f"< {shown[0]}", *(f"{low} - {high}" for low, high in pairwise(shown)), f"≥ {shown[-1]}"]
        if shown
        else [parameter.title[language]]
    )
    return [
        DayClass(
            LETTERS[number],
            f"{title} {parameter.unit}".rstrip(),
            RAMP[number],
            "#ffffff" if number in (0, 4, 5) else "#111111",
        )
        for number, title in enumerate(titles)
    ]


def mean_days(rows: Sequence[Row], parameter: Parameter, language: str) -> dict[date, Day]:
    """Days that have a mean; how many hours it is of is said."""
    found = {}
    for row in rows:
        if row["mean"] is not None:
            number = sum(row["mean"] >= bound for bound in parameter.breaks)
            shown = f"{formats.number(row['mean'], parameter.decimals, language)} {parameter.unit}".rstrip()
            found[row["day"]] = Day(number, say("calendar.of_hours", language, value=shown, n=row["n_good"]))
    return found


def calendar_block(
    year: int, days: Mapping[date, Day], classes: Sequence[DayClass], title: str, language: str, look: str
) -> Component:
    """Figure, key with the number of days of each class, and the same in words for those who do not see it."""
    own = {day: found for day, found in days.items() if day.year == year}
    if not own:
        return html.P(say("calendar.empty", language, year=year, title=title), className="chart-note empty")
    counts = Counter(found.number for found in own.values())
    worst = max(own.items(), key=lambda item: item[1].number)
    listed = ", ".join(f"{classes[number].title} {counts[number]}" for number in sorted(counts))
    words = say(
        "calendar.words",
        language,
        title=title,
        year=year,
        n=len(own),
        listed=listed,
        day=formats.day(worst[0]),
        worst=worst[1].words,
    )
    figure = calendar_figure(year, own, classes, language=language, look=look)
    key = [
        html.Li(
            [
                html.Span(
                    one.letter, className="key-letter", style={"background": one.colour, "color": one.text_colour}
                ),
                f"{one.title}: ",
                html.B(say("calendar.days", language, n=counts[number])),
            ]
        )
        for number, one in enumerate(classes)
        if counts[number]
    ]
    graph = dcc.Graph(
        figure=figure, config={"displayModeBar": False, "responsive": True}, style={"height": 330}, className="graph"
    )
    return html.Div(
        [
            html.Div(graph, role="img", **extra({"aria-label": words})),
            html.Ul(key, className="chart-key"),
            html.P(words, className="chart-note"),
        ]
    )


def daily_index(available: Sequence[str]) -> Index | None:
    """The index of the day a station has; the first in the order of importance."""
    return next((INDICES[name] for name in DAY_INDICES if name in available), None)
