"""The panels of a reporting month: cards, heat map, overdue map, days, fields, time to the result, league tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component
from plotly.graph_objects import Figure

from dash_app import formats
from dash_app.components.attributes import extra
from dash_app.components.panel import panel
from dash_app.components.states import empty_state
from dash_app.components.table import data_table
from dash_app.figures.spark import spark_uri
from dash_app.figures.style import ACCENT
from dash_app.i18n import say
from dash_app.pages.feedback.view import category_title
from dash_app.pages.feedback_statistics.figures import (
    days_figure,
    fields_figure,
    fields_key,
    hours_figure,
    hours_names,
)
from dash_app.pages.feedback_statistics.view import MEASURES, Change, Measure, Place, change, league
from dash_app.statistics_services import LAST_DISTRICTS, Month, Row
from spatial.months import add_months


def panels(month: Month, query: Mapping[str, str], language: str, look: str) -> list[Component]:
    """All of them; a sentence when the month has no cases."""
    if month.total is None:
        return [html.Div(empty_state(say("stat.empty", language)), className="card stat-wide")]
    return [
        _cards(month, language, look),
        _heat(month, query, language),
        _overdue(month, query, language),
        _days(month, language, look),
        _fields(month, language, look),
        _hours(month, language, look),
        _league(month, "handlers", _handler_rows(month), language, query),
        *([_league(month, "communes", _unit_rows(month, language), language, query)] if month.children else []),
    ]


# ---------------------------------------------------------------- cards


def _cards(month: Month, language: str, look: str) -> Component:
    cards = [_card(month, measure, language, look) for measure in MEASURES]
    notes = [say("stat.until", language, time=formats.moment(month.until))]
    if month.running:
        notes.append(say("stat.running", language))
    if month.everywhere:
        notes.append(say("stat.everywhere", language))
    return panel(
        say("stat.cards", language),
        [html.Div(cards, className="stat-cards"), html.P(" ".join(notes), className="chart-note")],
        time="range",
        language=language,
        id="stat-kpi",
        kind="stat-wide",
        table=_cards_table(month, language),
    )


def show(measure: Measure, value: float | None, language: str) -> str:
    """A figure in words; «Chưa có số liệu» where there is none."""
    if value is None:
        return say("stat.no_data", language)
    if measure.share:
        return formats.percent(value, language)
    if measure.name == "median_hours":
        if value < 48:
            return say("stat.value_hours", language, n=formats.number(value, 1, language))
        return say("stat.value_days", language, n=formats.number(value / 24, 1, language))
    return formats.number(value, 0, language)


def _card(month: Month, measure: Measure, language: str, look: str) -> Component:
    value, cases = measure.value(month.total), measure.cases(month.total)
    past = [measure.value(month.history.get(add_months(month.asked.period, -n))) for n in range(12, -1, -1)]
    spark = spark_uri(past, ACCENT[look])
    comparable = not month.running or measure.share or measure.name == "median_hours"
    changes = [
        _change(change(measure, month.total, row), measure, say(f"stat.against.{name}", language), language)
        for name, row in (("before", month.before), ("year", month.year_ago))
    ]
    return html.Div(
        [
            html.Span(say(f"stat.{measure.name}", language), className="stat-name"),
            html.Span(
                [
                    html.B(show(measure, value, language)),
                    *([html.Img(src=spark, alt="", className="stat-spark")] if spark else []),
                ],
                className="stat-value" + ("" if value is not None else " is-missing"),
            ),
            html.Span(
                say("stat.of_cases", language, n=formats.number(cases, 0, language)) if cases is not None else "",
                className="stat-n muted",
            ),
            html.Span(changes if comparable else say("stat.not_whole", language), className="stat-changes"),
        ],
        className="stat-card",
    )


def _change(found: Change, measure: Measure, against: str, language: str) -> Component:
    if found.value is None:
        return html.Span([against, ": ", say("stat.no_base", language)], className="muted")
    shown = (
        say("stat.points", language, n=_signed(found.value, language))
        if found.points
        else formats.percent(found.value, language, signed=True)
    )
    better = (found.value > 0) == (measure.good == "up")
    tone = "" if measure.good == "none" or abs(found.value) < 1e-9 else " good" if better else " bad"
    return html.Span([against, ": ", html.Span(shown, className=f"change{tone}")])


def _signed(value: float, language: str) -> str:
    return ("+" if value > 0 else "") + formats.number(value, 1, language)


def _cards_table(month: Month, language: str) -> Component:
    heads = [say(key, language) for key in ("stat.figure", "stat.this", "stat.against.before", "stat.against.year")]
    rows = [
        [say(f"stat.{measure.name}", language)]
        + [show(measure, measure.value(row), language) for row in (month.total, month.before, month.year_ago)]
        for measure in MEASURES
    ]
    return data_table(say("stat.cards", language), heads, rows, numbers=(1, 2, 3))


# ---------------------------------------------------------------- maps


def _heat(month: Month, query: Mapping[str, str], language: str) -> Component:
    fields = [(row["category"], category_title(row["category"], language)) for row in month.fields]
    handlers = [
        (row["handling_unit"], row["handling_unit"]) for row in sorted(month.handlers, key=lambda r: -r["received"])
    ]
    address = "/api/feedback/density?" + urlencode({**query, "month": f"{month.asked.period:%Y-%m}"})
    return panel(
        say("stat.heat", language),
        [
            html.Div(
                [
                    _choice("stat-heat-field", "desk.filter.category", "desk.any_category", fields, language),
                    _choice("stat-heat-by", "desk.filter.by", "desk.any_by", handlers, language),
                ],
                className="stat-choices",
            ),
            html.Div(
                className="stat-map",
                role="group",
                **extra(
                    {
                        "data-heat": address,
                        "data-unit": month.asked.unit["key"],
                        "data-level": month.asked.unit["level"],
                        "aria-label": say("stat.heat", language),
                    }
                ),
            ),
            html.P(className="chart-note heat-said", **extra({"aria-live": "polite"})),
        ],
        time="range",
        language=language,
        id="stat-heat",
        kind="stat-big",
        table=_fields_by_handler(month, language),
    )


def _choice(name: str, label: str, nothing: str, options: Sequence[tuple[str, str]], language: str) -> Component:
    entries = [html.Option(say(nothing, language), value="")] + [
        html.Option(words, value=value) for value, words in options
    ]
    return html.Select(entries, id=name, **extra({"aria-label": say(label, language)}))


def _fields_by_handler(month: Month, language: str) -> Component:
    heads = [say(key, language) for key in ("desk.filter.category", "stat.received", "stat.processed", "stat.overdue")]
    rows = [
        [category_title(row["category"], language)]
        + [formats.number(row[name], 0, language) for name in ("received", "processed", "overdue")]
        for row in month.fields
    ]
    return data_table(say("stat.heat", language), heads, rows, numbers=(1, 2, 3))


def _overdue(month: Month, query: Mapping[str, str], language: str) -> Component:
    title = say("stat.overdue_map", language)
    shown = month.children or [(month.asked.unit, month.total)] if month.total else []
    if month.everywhere or not shown:
        nothing = html.P(say("stat.no_units", language), className="chart-note empty")
        return panel(title, nothing, time="range", language=language, id="stat-overdue", kind="stat-big")
    level = shown[0][0]["level"]
    counts = sorted({int(row["overdue"]) for _, row in shown if row["overdue"]})
    breaks = [counts[len(counts) * part // 5] for part in range(1, 5)] if len(counts) >= 5 else counts[1:]
    data = {
        "level": level,
        "day": f"{LAST_DISTRICTS}" if level == "district" else None,
        "breaks": breaks,
        "rows": {
            unit["key"]: {"overdue": row["overdue"], "words": _overdue_words(row, language)} for unit, row in shown
        },
        "links": "?" + urlencode({**{k: v for k, v in query.items() if k != "via"}, "unit": "KEY"})
        if month.children
        else None,
        "focus": month.asked.unit["level"] != "province",
    }
    rows = [
        [
            formats.unit_name(unit, language),
            formats.number(row["overdue"], 0, language),
            formats.number(row["received"], 0, language),
            formats.percent(row["overdue"] / row["received"], language)
            if row["received"]
            else say("stat.no_data", language),
        ]
        for unit, row in sorted(shown, key=lambda item: (-item[1]["overdue"], item[0]["name"]))
    ]
    heads = [say(key, language) for key in ("stat.unit", "stat.overdue", "stat.received", "stat.overdue_share")]
    return panel(
        title,
        [
            html.Div(
                className="stat-map unit-map",
                role="group",
                **extra({"data-units": json.dumps(data, ensure_ascii=False), "aria-label": title}),
            ),
            html.P(say("stat.overdue_note", language), className="chart-note"),
        ],
        time="range",
        language=language,
        id="stat-overdue",
        kind="stat-big",
        table=data_table(title, heads, rows, numbers=(1, 2, 3)),
    )


def _overdue_words(row: Row, language: str) -> str:
    return say(
        "stat.overdue_words",
        language,
        n=formats.number(row["overdue"], 0, language),
        received=formats.number(row["received"], 0, language),
    )


# ---------------------------------------------------------------- charts


def _graph(figure: Figure) -> Component:
    return dcc.Graph(
        figure=figure,
        config={"displayModeBar": False, "responsive": True},
        className="graph",
        style={"height": figure.layout.height},
    )


def _days(month: Month, language: str, look: str) -> Component:
    days = month.days
    rows = [
        [
            formats.day(row["day"]),
            *(formats.number(row[name], 0, language) for name in ("received", "processed", "processed_late")),
        ]
        for row in days
    ]
    heads = [say(key, language) for key in ("stat.day", "stat.received", "stat.processed", "stat.processed_late")]
    note: list[Component] = []
    if month.forecast:
        newest = month.forecast[0]
        skill = (
            formats.percent(newest["skill"], language) if newest["skill"] is not None else say("stat.no_data", language)
        )
        note = [
            html.P(
                say("stat.forecast_note", language, until=formats.day(newest["known_until"]), skill=skill),
                className="chart-note",
            )
        ]
    return panel(
        say("stat.days", language),
        [_graph(days_figure(days, month.forecast, language=language, look=look)), *note],
        time="range",
        language=language,
        id="stat-days",
        kind="stat-long",
        table=data_table(say("stat.days", language), heads, rows, numbers=(1, 2, 3)),
    )


def _fields(month: Month, language: str, look: str) -> Component:
    heads = [say(key, language) for key in ("desk.filter.category", "stat.received", "stat.share")]
    total = sum(row["received"] for row in month.fields)
    rows = [
        [
            category_title(row["category"], language),
            formats.number(row["received"], 0, language),
            formats.percent(row["received"] / total, language) if total else say("stat.no_data", language),
        ]
        for row in month.fields
    ]
    body: list[Component] = [
        html.Div(
            [
                _graph(fields_figure(month.fields, language=language, look=look)),
                html.Ul(
                    [
                        html.Li([html.Span(className="dot", style={"background": colour}), name])
                        for name, colour in fields_key(month.fields, language)
                    ],
                    className="chart-key stat-key",
                ),
            ],
            className="stat-donut",
        )
    ]
    return panel(
        say("stat.fields", language),
        body,
        time="range",
        language=language,
        id="stat-fields",
        kind="stat-short",
        table=data_table(say("stat.fields", language), heads, rows, numbers=(1, 2)),
    )


def _hours(month: Month, language: str, look: str) -> Component:
    assert month.total is not None
    row, median = month.total, next(measure for measure in MEASURES if measure.name == "median_hours")
    title = say("stat.hours_title", language)
    if not row["processed"]:
        nothing = html.P(say("stat.none_processed", language), className="chart-note empty")
        return panel(title, nothing, time="range", language=language, id="stat-hours", kind="stat-short")
    words = say(
        "stat.hours_note",
        language,
        median=show(median, row["median_hours"], language),
        p90=show(median, row["p90_hours"], language),
        n=formats.number(row["processed"], 0, language),
    )
    cells = [
        [name, formats.number(n, 0, language)]
        for name, n in zip(hours_names(language), row["hours_histogram"], strict=True)
    ]
    return panel(
        title,
        [_graph(hours_figure(row, language=language, look=look)), html.P(words, className="chart-note")],
        time="range",
        language=language,
        id="stat-hours",
        kind="stat-short",
        table=data_table(
            title, [say("stat.time_to_result", language), say("stat.processed", language)], cells, numbers=(1,)
        ),
    )


# ---------------------------------------------------------------- league tables


def _handler_rows(month: Month) -> list[tuple[str, str, Row]]:
    return [(row["handling_unit"], row["handling_unit"], row) for row in month.handlers]


def _unit_rows(month: Month, language: str) -> list[tuple[str, str, Row]]:
    return [(formats.unit_name(unit, language), unit["key"], row) for unit, row in month.children]


def _league(
    month: Month, name: str, rows: Sequence[tuple[str, str, Row]], language: str, query: Mapping[str, str]
) -> Component:
    title = say(f"stat.league.{name}", language)
    places = league(rows, month.asked.least)
    small = sum(place.rank is None for place in places)
    choice = html.Label(
        [
            html.Span(say("stat.least", language)),
            html.Select(
                [
                    html.Option(str(n), value=str(n), selected=n == month.asked.least or None)
                    for n in sorted({1, 5, 10, 20, 50, 100, month.asked.least})
                ],
                **extra({"data-stat": "min", "aria-label": say("stat.least", language)}),
            ),
        ],
        className="stat-least",
    )
    heads = [
        say(key, language)
        for key in (
            "stat.rank",
            "stat.unit",
            "stat.on_time_rate",
            "stat.interval",
            "stat.processed",
            "stat.overdue",
            "stat.median",
        )
    ]
    table = html.Div(
        html.Table(
            [
                html.Thead(
                    html.Tr(
                        [
                            html.Th(head, scope="col", className="number" if i > 3 else "")
                            for i, head in enumerate(heads)
                        ]
                    )
                ),
                html.Tbody([_league_row(place, name, query, language) for place in places]),
            ],
            className="table stat-table",
        ),
        className="table-scroll",
        tabIndex=0,
        role="region",
        **extra({"aria-label": say("stat.table", language, title=title)}),
    )
    note = say("stat.league_note", language, least=month.asked.least, small=small)
    return panel(
        title,
        [table, html.P(note, className="chart-note")],
        time="range",
        language=language,
        id=f"stat-{name}",
        kind="stat-big",
        tools=[choice],
    )


def _league_row(place: Place, name: str, query: Mapping[str, str], language: str) -> Component:
    link: Component | str = place.name
    if name == "communes":
        link = dcc.Link(place.name, href="/feedback/statistics?" + urlencode({**query, "unit": place.key}))
    median = next(measure for measure in MEASURES if measure.name == "median_hours")
    interval = (
        f"{formats.number(place.low * 100, 0, language)}–{formats.number(place.high * 100, 0, language)}%"
        if place.low is not None and place.high is not None
        else ""
    )
    return html.Tr(
        [
            html.Td(str(place.rank) if place.rank else say("stat.few", language), className="stat-rank"),
            html.Th(link, scope="row"),
            html.Td([_interval(place), html.B(show(MEASURES[2], place.share, language))], className="stat-share"),
            html.Td(interval, className="muted stat-interval"),
            html.Td(formats.number(place.row["processed"], 0, language), className="number"),
            html.Td(formats.number(place.row["overdue"], 0, language), className="number"),
            html.Td(show(median, place.row["median_hours"], language), className="number"),
        ],
        className="" if place.rank else "is-small",
    )


def _interval(place: Place) -> Component:
    """A bar of the share with the line of its interval: long lines say that little is known."""
    if place.share is None or place.low is None or place.high is None:
        return html.Span(className="stat-bar")
    return html.Span(
        [
            html.Span(className="stat-fill", style={"width": f"{place.share * 100:.1f}%"}),
            html.Span(
                className="stat-line",
                style={"left": f"{place.low * 100:.1f}%", "width": f"{(place.high - place.low) * 100:.1f}%"},
            ),
        ],
        className="stat-bar",
        **extra({"aria-hidden": "true"}),
    )
