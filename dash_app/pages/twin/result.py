"""The result: table of both sides, one chart, two maps that move together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.attention_words import unit_title
from dash_app.classes import YELLOW_BLUE, YELLOW_RED, class_of, pick, quantile_breaks
from dash_app.components.attributes import extra
from dash_app.components.panel import panel
from dash_app.components.table import data_table
from dash_app.figures.twin import Curve, twin_figure
from dash_app.i18n import say
from dash_app.pages.twin.read import Picture, Twin
from dash_app.pages.twin.view import THOUSAND, Compared, Row
from spatial.analysis.indicators import is_rate
from spatial.queries.indicators import Kpi

GRAPH: Any = {"displaylogo": False, "responsive": True, "displayModeBar": False}
SYNC = "twin"
DERIVED = {"by_people": "twin.by_people", "by_area": "twin.by_area", "exact": "twin.summed"}


def result(twin: Twin, language: str, look: str) -> list[Component]:
    """Everything below the choices."""
    same = twin.choice.a == twin.choice.b
    warn = [html.P(say("twin.same", language), className="need-looked need-warn", role="status")] if same else []
    return [*warn, _table(twin, language), _chart(twin, language, look), _maps(twin, language)]


def side_title(unit: Row, month: Any, language: str) -> str:
    """«Xã Bình An, 10/2026»."""
    return f"{unit_title(unit, language)}, {formats.month(month)}"


# ---------------------------------------------------------------- table


def _table(twin: Twin, language: str) -> Component:
    choice = twin.choice
    heads = [
        say("twin.col_indicator", language),
        f"A · {side_title(twin.unit_a, choice.a.month, language)}",
        f"B · {side_title(twin.unit_b, choice.b.month, language)}",
        say("twin.col_difference", language),
        f"A · {say('twin.col_plan', language)}",
        f"B · {say('twin.col_plan', language)}",
        say("twin.col_better", language),
    ]
    rows = [_row(line, twin, language) for line in twin.lines]
    body = [
        data_table(say("twin.table", language), heads, rows, (1, 2, 3, 4, 5)),
        html.P(say("twin.mark", language), className="chart-note"),
    ]
    return panel(say("twin.table", language), body, time="at", language=language, id="twin-table", kind="twin-table")


def _row(line: Compared, twin: Twin, language: str) -> list[Component | str]:
    unit = line.indicator.unit[language]
    shown = say("twin.per_thousand", language, unit=unit) if line.per_head else unit
    title = html.Span([line.indicator.title[language], html.Span(shown, className="small-text muted")])
    return [
        title,
        _figure(line.a, line.value_a, line, twin.choice.a.month, language),
        _figure(line.b, line.value_b, line, twin.choice.b.month, language),
        _difference(line, language),
        _plan(line.a, language),
        _plan(line.b, language),
        _better(line, language),
    ]


def _figure(kpi: Kpi | None, value: float | None, line: Compared, month: Any, language: str) -> Component:
    if kpi is None or value is None:
        return html.Span(say("twin.no_figure", language), className="muted")
    decimals = line.indicator.decimals + (2 if line.per_head else 0)
    parts: list[Component | str] = [formats.number(value, decimals, language)]
    if kpi.method != "exact":
        words = say(DERIVED[kpi.method], language)
        parts.append(html.Span(" ≈", title=words, className="chip-derived", **extra({"aria-label": words})))
    if kpi.period != month:
        parts.append(
            html.Span(say("twin.period", language, period=formats.month(kpi.period)), className="small-text muted")
        )
    return html.Span(parts)


def _difference(line: Compared, language: str) -> Component:
    if line.difference is None:
        return html.Span(say("twin.no_difference", language), className="muted")
    decimals = line.indicator.decimals + (2 if line.per_head else 0)
    if line.change is not None and line.difference == line.change:  # a rate
        return html.Span(say("twin.points", language, value=_signed(line.difference, decimals, language)))
    parts: list[Component | str] = [_signed(line.difference, decimals, language)]
    if line.change is not None:
        parts.append(html.Span(f"{_signed(line.change, 1, language)}%", className="small-text muted"))
    return html.Span(parts)


def _signed(value: float, decimals: int, language: str) -> str:
    shown = formats.number(value, decimals, language)
    return f"+{shown}" if value > 0 and shown.strip("0.,") else shown


def _plan(kpi: Kpi | None, language: str) -> Component | str:
    if kpi is None:
        return ""
    if kpi.plan_percent is None:
        reason = kpi.reasons.get("plan_percent")
        return html.Span(reason[language] if reason else say("twin.no_plan", language), className="muted small-text")
    return formats.percent(kpi.plan_percent / 100, language)


def _better(line: Compared, language: str) -> Component:
    if line.difference is None:
        return html.Span("")
    if line.better == "neutral":
        return html.Span(say("twin.better_neutral", language), className="muted small-text")
    if line.better == "none":
        return html.Span(say("twin.better_none", language), className="muted")
    return html.Span(say(f"twin.better_{line.better}", language), className=f"twin-mark twin-mark-{line.better}")


# ---------------------------------------------------------------- chart


def _chart(twin: Twin, language: str, look: str) -> Component:
    choice, item = twin.choice, twin.indicator
    assert choice.a.month is not None
    assert choice.b.month is not None
    head = choice.head and item.how == "sum" and not is_rate(item.unit.vi)
    head = head and bool(twin.unit_a["population"]) and bool(twin.unit_b["population"])
    unit = say("twin.per_thousand", language, unit=item.unit[language]) if head else item.unit[language]
    curves = [
        Curve(
            f"{name} · {side_title(row, side.month, language)}",
            side.month,
            {
                value.period: value.value / row["population"] * THOUSAND if head else value.value
                for value in trend.values
            },
        )
        for name, row, side, trend in (
            ("A", twin.unit_a, choice.a, twin.trend_a),
            ("B", twin.unit_b, choice.b, twin.trend_b),
        )
        if side.month is not None
    ]
    decimals = item.decimals + (2 if head else 0)
    since = choice.align == "since"
    figure = twin_figure(*curves, since=since, decimals=decimals, unit=unit, language=language, look=look)
    months = sorted({month for curve in curves for month in curve.values}, reverse=True)
    rows: list[list[Component | str]] = [
        [
            formats.month(month),
            *(
                formats.number(curve.values[month], decimals, language)
                if month in curve.values
                else say("twin.no_figure", language)
                for curve in curves
            ),
        ]
        for month in months
    ]
    heads = [say("twin.month", language), *(curve.name for curve in curves)]
    return panel(
        f"{say('twin.chart', language)}: {item.title[language]}",
        dcc.Graph(figure=figure, config=GRAPH, className="graph"),
        time="range",
        language=language,
        id="twin-chart",
        table=data_table(item.title[language], heads, rows, (1, 2)),
    )


# ---------------------------------------------------------------- maps


def _maps(twin: Twin, language: str) -> Component:
    item = twin.indicator
    head = twin.choice.head and item.how == "sum" and not is_rate(item.unit.vi)
    values_a, values_b = _values(twin.map_a, head=head), _values(twin.map_b, head=head)
    everything = [*values_a.values(), *values_b.values()]
    breaks = quantile_breaks(everything)
    colours = pick(YELLOW_RED if item.direction == "down" else YELLOW_BLUE, len(breaks) + 1)
    decimals = item.decimals + (2 if head else 0)
    unit = say("twin.per_thousand", language, unit=item.unit[language]) if head else item.unit[language]

    def one(name: str, picture: Picture, values: Mapping[str, float]) -> Component:
        fills = {
            key: {"f": colours[class_of(value, breaks)], "t": f"{formats.number(value, decimals, language)} {unit}"}
            for key, value in values.items()
        }
        words = say("twin.map", language, title=item.title[language], period=formats.month(picture.month))
        return html.Figure(
            [
                html.Figcaption([html.Span(name.upper(), className=f"twin-mark twin-mark-{name}"), f" {words}"]),
                html.Div(
                    className="places-map twin-map",
                    **extra(
                        {
                            "data-places": "commune", "data-at": f"{picture.day}", "data-sync": SYNC, "role": "group",
                            "data-values": json.dumps(fills, ensure_ascii=False, separators=(",", ":")),
                            "data-chosen": str((twin.unit_a if name == "a" else twin.unit_b)["key"]),
                            "aria-label": words,
                        }
                    ),
                ),
            ],
            className=f"twin-figure twin-figure-{name}",
        )  # fmt: skip

    buttons: list[Component] = [
        html.Button(
            mark, className="tool small", title=say(f"twin.zoom_{how}", language), type="button",
            **extra({"data-places-zoom": how, "data-places-of": SYNC, "aria-label": say(f"twin.zoom_{how}", language)}),
        )
        for how, mark in (("in", "+"), ("out", "−"), ("home", "⌂"))
    ]  # fmt: skip
    maps = html.Div([one("a", twin.map_a, values_a), one("b", twin.map_b, values_b)], className="twin-maps")
    body = [maps, _legend(breaks, colours, decimals, unit, language)]
    return panel(
        say("twin.maps", language), body, time="at", language=language, id="twin-maps", tools=buttons,
        table=_map_table(twin, values_a, values_b, decimals, language),
    )  # fmt: skip


def _values(picture: Picture, *, head: bool) -> dict[str, float]:
    """By key of a unit."""
    found = {}
    for row in picture.units:
        value = picture.values.get(row["id"])
        if value is not None and not (head and not row["population"]):
            found[row["key"]] = value.value / row["population"] * THOUSAND if head else value.value
    return found


def _legend(breaks: tuple[float, ...], colours: tuple[str, ...], decimals: int, unit: str, language: str) -> Component:
    def words(index: int) -> str:
        show = [formats.number(bound, decimals, language) for bound in breaks]
        if not show:
            return ""
        if index == 0:
            return f"< {show[0]}"
        return f"≥ {show[-1]}" if index == len(show) else f"{show[index - 1]} – {show[index]}"

    entries = [
        html.Li([html.Span(className="places-key", style={"background": colour}), words(index)])
        for index, colour in enumerate(colours)
    ]
    missing = html.Li([html.Span(className="places-key sw-missing"), say("twin.no_figure", language)])
    note = f"{unit} · {say('twin.ranked', language)}. {say('twin.maps_hint', language)}"
    return html.Div([html.Ul([*entries, missing], className="places-legend"), html.P(note, className="chart-note")])


def _map_table(
    twin: Twin, values_a: Mapping[str, float], values_b: Mapping[str, float], decimals: int, language: str
) -> Component:
    names = {row["key"]: unit_title(row, language) for picture in (twin.map_b, twin.map_a) for row in picture.units}
    keys = sorted(names, key=lambda key: -values_a.get(key, values_b.get(key, float("-inf"))))

    def cell(values: Mapping[str, float], key: str) -> str:
        return formats.number(values[key], decimals, language) if key in values else say("twin.no_figure", language)

    rows: list[list[Component | str]] = [[names[key], cell(values_a, key), cell(values_b, key)] for key in keys]
    heads = [
        say("twin.unit", language),
        f"A · {formats.month(twin.map_a.month)}",
        f"B · {formats.month(twin.map_b.month)}",
    ]
    return data_table(say("twin.map_table", language), heads, rows, (1, 2))
