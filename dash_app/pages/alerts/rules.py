"""The page of rules: those of the layer files and those of staff, what they found, and the state of the channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.address import Address
from dash_app.alert_services import AlertServices
from dash_app.components.attributes import extra
from dash_app.components.page import framed
from dash_app.components.states import empty_state, error_state
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.alerts.ids import AlertId
from dash_app.pages.alerts.marks import severity_mark
from dash_app.pages.alerts.rule_routes import build_rule_routes
from dash_app.pages.alerts.rule_words import rule_sentence
from dash_app.pages.alerts.view import moment_near
from dash_app.services import Services
from dash_app.state import read_language
from layers.registry import registry
from spatial.errors import DatabaseUnavailable
from spatial.settings import alert_settings

type Row = dict[str, Any]

HISTORY = timedelta(days=30)
CHANNELS = ("mail", "webhook", "cap")


def layout(services: Services, address: Address) -> Component:
    """The page in one language; the table comes by callback."""
    return framed(services, address, _body(address.language), active="/alerts")


def validation_layout() -> Component:
    """All ids of the page."""
    return _body("vi")


def _body(language: str) -> Component:
    query = "?lang=en" if language == "en" else ""
    return html.Main(
        [
            dcc.Store(id=AlertId.RULES_TICK, data=0),
            html.Div(
                [
                    html.Div(
                        [
                            html.A(["‹ ", say("nav.alerts", language)], href=f"/alerts{query}", className="tool small"),
                            html.H2(say("rules.title", language)),
                        ],
                        className="rules-title",
                    ),
                    html.Button(say("rules.new", language), className="tool primary", id="rule-new"),
                ],
                className="page-head",
            ),
            html.Div(
                html.P(say("state.loading", language), className="muted loading"), id=AlertId.RULES, className="stack"
            ),
        ],
        id="main",
        className="page-stack rules-page",
    )


def register(app: Dash, services: Services) -> None:
    """The callback of the table, and the addresses rules are sent to."""
    alerts = AlertServices(services)
    app.server.register_blueprint(build_rule_routes(alerts))

    @app.callback(
        output=Output(AlertId.RULES, "children"),
        inputs={"_tick": Input(AlertId.RULES_TICK, "data")},
        state={"search": State(Id.URL, "search")},
    )
    def show_rules(_tick: int, search: str | None) -> Any:
        language = read_language(search)
        now = services.now()
        try:
            rules, history, channels = alerts.rules(now - HISTORY)
        except DatabaseUnavailable:
            return error_state(say("error.database", language))
        configured = alert_settings().channels
        return [*rule_tables(rules, history, now, language), channel_card(channels, configured, now, language)]


def rule_tables(rules: Sequence[Row], history: Mapping[int, Row], now: datetime, language: str) -> list[Component]:
    """One table per layer."""
    if not rules:
        return [empty_state(say("rules.none", language))]
    layers = list(dict.fromkeys(rule["layer_id"] for rule in rules))
    return [
        html.Section(
            [
                html.H3(registry()[name].title[language] if name in registry() else name),
                _table([rule for rule in rules if rule["layer_id"] == name], history, now, language),
            ],
            className="card",
        )
        for name in layers
    ]


def _table(rules: Sequence[Row], history: Mapping[int, Row], now: datetime, language: str) -> Component:
    heads = ("rules.rule", "alerts.severity", "rules.channels", "rules.found", "rules.state")
    return html.Div(
        html.Table(
            [
                html.Thead(html.Tr([html.Th(say(head, language), scope="col") for head in heads])),
                html.Tbody([_row(rule, history.get(rule["id"]), now, language) for rule in rules]),
            ],
            className="table rules-table",
        ),
        className="table-scroll",
        tabIndex=0,
        role="region",
        **extra({"aria-label": say("rules.title", language)}),
    )


def _row(rule: Row, found: Row | None, now: datetime, language: str) -> Component:
    own = rule["origin"] == "staff"
    origin = say("rules.by", language, name=rule["created_by"]) if own else say("rules.of_layer", language)
    changed = not own and rule["overridden"]
    notes = [origin, *([say("rules.changed", language, name=rule["updated_by"] or "")] if changed else [])]
    title = rule[f"title_{language}"]
    return html.Tr(
        [
            html.Th(
                [
                    html.Button(title, className="link", **extra({"data-rule": str(rule["id"])})),
                    html.Span(rule_sentence(rule, language), className="rule-words"),
                    html.Span(" · ".join(notes), className="muted small-text"),
                ],
                scope="row",
            ),
            html.Td(severity_mark(rule["severity"], language)),
            html.Td(", ".join(say(f"channel.{name}", language) for name in CHANNELS if name in rule["channels"])
                    or say("rules.screen_only", language)),
            html.Td(_found(rule, found, now, language)),
            html.Td(_switch(rule, title, language)),
        ],
        className="" if rule["enabled"] else "is-off",
    )  # fmt: skip


def _found(rule: Row, found: Row | None, now: datetime, language: str) -> list[Component | str]:
    if found is None:
        return [html.Span(say("rules.never", language), className="muted")]
    count = say("rules.count", language, n=found["n"], open=rule["open"])
    last = say("rules.last", language, time=moment_near(found["last"], now, language))
    return [count, html.Span(last, className="muted small-text")]


def _switch(rule: Row, title: str, language: str) -> Component:
    state = "on" if rule["enabled"] else "off"
    return html.Div(
        [
            html.Button(
                html.Span(className="knob"),
                className="switch",
                role="switch",
                **extra(
                    {
                        "aria-checked": str(rule["enabled"]).lower(),
                        "aria-label": say("rules.switch", language, name=title),
                        "data-switch": str(rule["id"]),
                        "data-name": title,
                    }
                ),
            ),
            html.Span(say(f"rules.{state}", language)),
        ],
        className="rule-switch",
    )


def channel_card(channels: Mapping[str, Row], configured: Sequence[str], now: datetime, language: str) -> Component:
    """Whether messages get out: which channels have an address, what waits, what failed."""
    return html.Section(
        [
            html.H3(say("rules.channel_state", language)),
            html.Ul(
                [
                    _channel("mail", channels.get("mail"), "mail" in configured, now, language),
                    _channel("webhook", channels.get("webhook"), "webhook" in configured, now, language),
                    html.Li(
                        [
                            html.B(say("channel.cap", language)),
                            html.A(say("rules.cap", language), href="/alerts.atom"),
                        ]
                    ),
                ],
                className="timeline channels",
            ),
        ],
        className="card",
    )


def _channel(name: str, row: Row | None, configured: bool, now: datetime, language: str) -> Component:
    words = say("rules.channel_ready" if configured else "rules.channel_missing", language)
    notes = []
    if row and row["sent"]:
        notes.append(say("rules.channel_sent", language, time=moment_near(row["sent"], now, language)))
    if row and row["waiting"]:
        notes.append(say("rules.channel_waiting", language, n=formats.number(row["waiting"], 0, language)))
    failed = row["failed"] if row else 0
    return html.Li(
        [
            html.B(say(f"channel.{name}", language)),
            html.Span(words, className="notice-sent" if configured else "notice-queued"),
            *([html.Span(" · ".join(notes), className="muted small-text")] if notes else []),
            *(
                [
                    html.P(
                        say("rules.channel_failed", language, n=failed, error=(row or {}).get("error") or ""),
                        className="said",
                    )
                ]
                if failed
                else []
            ),
        ]
    )
