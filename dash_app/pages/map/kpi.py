"""KPI cards of a unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.attributes import extra
from dash_app.components.states import empty_state
from dash_app.figures.spark import spark_uri
from dash_app.figures.style import ACCENT
from dash_app.i18n import say
from dash_app.pages.map.view import Fact, choose_cards
from spatial.months import add_months

OLD_MONTHS = 3  # a figure older than the newest one by more is called old


def kpi_panel(
    unit: dict[str, Any],
    facts: Sequence[Fact],
    *,
    language: str,
    look: str,
    first: Component | None = None,
    chosen: str | None = None,
) -> Component:
    """Heading of the unit, the card of what the map shows (``first``), leading cards, and the way to all the others.

    ``chosen``: code of the indicator on the map; its card stands among them. A hundred cards more would cost the
    browser seconds; the overview has them by domain.
    """
    lead, others = choose_cards(facts)
    lead = [fact for fact in others if fact.kpi.indicator.code == chosen] + lead
    body: list[Component] = [_heading(unit, language), *([first] if first is not None else [])]
    if not lead:
        return html.Div([*body, empty_state(say("kpi.empty", language))])
    newest = max((fact.period for fact in facts if fact.kpi.indicator.period == "month"), default=date.min)
    body += [_card(fact, newest, language, look) for fact in lead]
    if others:
        query = urlencode({"unit": unit["key"]} | ({"lang": "en"} if language == "en" else {}))
        words = say("kpi.all", language, n=len(facts))
        body.append(html.A(words, href=f"/overview?{query}", className="kpi-more"))
    return html.Div(body)


def _heading(unit: dict[str, Any], language: str) -> Component:
    facts: list[str] = []
    if unit["population"]:
        facts.append(f"{say('kpi.people', language)} {formats.number(unit['population'], 0, language)}")
    if unit["area_km2"]:
        facts.append(f"{say('kpi.area', language)} {formats.number(unit['area_km2'], 1, language)} km²")
    if unit["valid_to"]:
        facts.append(say("kpi.until", language, day=formats.day(unit["valid_to"])))
    return html.Div(
        [html.H2(formats.unit_name(unit, language)), html.P(" · ".join(facts), className="muted")],
        className="kpi-unit",
    )


def _card(fact: Fact, newest: date, language: str, look: str) -> Component:
    name = fact.theme.title[language]
    value = formats.number(fact.kpi.value, fact.theme.decimals, language)
    opens = {"data-theme": fact.theme.id, "title": say("kpi.show", language, name=name)} if fact.theme.mapped else {}
    old = fact.kpi.indicator.period == "month" and fact.period < add_months(newest, -OLD_MONTHS)
    box = html.Button if opens else html.Div  # what no unit below the province reports has no map
    return box(
        [
            html.Span(name, className="kpi-name"),
            html.Span(
                [
                    html.Span(
                        [
                            html.Span(value, className="kpi-value"),
                            html.Span(fact.theme.unit[language], className="kpi-unit-name"),
                        ],
                        className="kpi-figure",
                    ),
                    _spark(fact, name, language, look),
                ],
                className="kpi-line",
            ),
            html.Span([_change(fact, language), _plan(fact, language)], className="kpi-line"),
            html.Span(
                [
                    html.Span(_when(fact, language)),
                    html.Span(say(f"kpi.{fact.kpi.state}", language), className=f"chip chip-{fact.kpi.state}"),
                    *([html.Span(say("kpi.old", language), className="chip chip-old")] if old else []),
                    *(
                        [
                            html.Span(
                                say("kpi.derived", language),
                                className="chip chip-derived",
                                title=say("kpi.derived_long", language),
                            )
                        ]
                        if fact.derived
                        else []
                    ),
                ],
                className="kpi-asof",
            ),
        ],
        className="kpi kpi-is-old" if old else "kpi",
        **extra(opens),
    )


def _spark(fact: Fact, name: str, language: str, look: str) -> Component:
    uri = spark_uri(fact.spark, ACCENT[look])
    return html.Img(src=uri, alt=say("kpi.spark", language, name=name), className="kpi-spark") if uri else html.Span()


def _when(fact: Fact, language: str) -> str:
    if fact.kpi.indicator.period == "month":
        return say("kpi.month", language, month=formats.month(fact.period))
    return fact.kpi.label(language)


def _change(fact: Fact, language: str) -> Component:
    change = fact.kpi.on_same_period
    if change is None:
        return html.Span(say("kpi.no_same_period", language), className="kpi-change muted")
    arrow = "▲" if change > 0 else "▼" if change < 0 else "="
    tone = fact.kpi.judgement
    return html.Span(
        [
            html.Span(f"{arrow} {_amount(fact, change, language)}", className=f"change {tone}"),
            f" {say('kpi.same_period', language)}",
        ],
        className="kpi-change",
    )


def _amount(fact: Fact, change: float, language: str) -> str:
    """An amount changes in per cent, a rate in percentage points."""
    if not fact.kpi.rate:
        return formats.percent(change / 100, language, signed=True)
    sign = "+" if change > 0 else ""
    return say("kpi.points", language, n=f"{sign}{formats.number(change, max(1, fact.theme.decimals), language)}")


def _plan(fact: Fact, language: str) -> Component:
    """Share of the plan, or of a ceiling; a plan that was not assigned is said so, never 0 %."""
    used = fact.kpi.plan_used
    if used is None:
        why = None if fact.kpi.plan is None else fact.kpi.reasons.get("plan_percent")
        return html.Span(why[language] if why else say("kpi.no_plan", language), className="kpi-plan muted")
    down = fact.kpi.indicator.direction == "down"
    shown = say("kpi.plan_down" if down else "kpi.plan", language, share=formats.percent(used / 100, language))
    bar = html.Span(html.Span(style={"width": f"{min(100.0, used):.0f}%"}), className="plan-bar")
    return html.Span([shown, bar], className="kpi-plan")
