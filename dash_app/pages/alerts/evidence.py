"""Components of one alert: what was measured, by which rule, what happened since, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.alert_services import Evidence
from dash_app.components.attributes import extra
from dash_app.i18n import say
from dash_app.pages.alerts.evidence_charts import charts
from dash_app.pages.alerts.marks import cause_chip, severity_mark, state_mark
from dash_app.pages.alerts.rule_words import basis_of, rule_sentence
from dash_app.pages.alerts.view import (
    Row,
    amount,
    began,
    findings_of,
    headline,
    holder,
    layer_of,
    moment_near,
    person,
    place_of,
    sentence_case,
    since,
)
from layers.model import Layer
from spatial.alerts.words import say_finding

BY_ITSELF = ("opened", "worsened", "ended")  # what the system does, so that its name need not be said
ACTIONS = {"new": ("acknowledge", "note", "close"), "acknowledged": ("note", "close"), "closed": ("reopen", "note")}


def alert_page(
    alert: Row, evidence: Evidence | None, units: Mapping[str, Row], now: datetime, language: str, look: str
) -> Component:
    """Everything about one alert; ``evidence`` None when its layer is no longer declared."""
    layer = layer_of(alert)
    return html.Article(
        [
            _head(alert, units, now, language),
            _actions(alert, layer, evidence, language),
            _facts(alert, now, language),
            *(charts(alert, layer, evidence, language, look) if layer and evidence else []),
            html.Div([_why(alert, layer, language), _timeline(alert, now, language)], className="evidence-pair"),
            html.Div([_sent(alert, now, language), *_related(alert, units, now, language)], className="evidence-pair"),
        ],
        className="evidence",
        **extra(
            {
                "data-alert": str(alert["id"]),
                "data-seen": str(alert["deed"]["last_event"] or 0),
                "data-work": alert["state"],
                "data-name": f"{headline(alert, language)} · {place_of(alert, units, language)}",
            }
        ),
    )


def _head(alert: Row, units: Mapping[str, Row], now: datetime, language: str) -> Component:
    query = "?lang=en" if language == "en" else ""
    return html.Header(
        [
            html.A(["‹ ", say("alerts.back", language)], href=f"/alerts{query}", className="tool small back"),
            html.Div(
                [
                    severity_mark(alert["severity"], language),
                    cause_chip(alert, language),
                    state_mark(alert["state"], language),
                    html.Span(holder(alert, language), className="muted"),
                    html.Span(f"#{alert['id']}", className="muted number-tag"),
                ],
                className="evidence-marks",
            ),
            html.H2(headline(alert, language), tabIndex=-1, id="evidence-title"),
            html.P(f"{place_of(alert, units, language)} · {', '.join(filter(None, since(alert, now, language)))}"),
        ],
        className="evidence-head",
    )


def _actions(alert: Row, layer: Layer | None, evidence: Evidence | None, language: str) -> Component:
    buttons = [
        html.Button(
            say(f"act.{name}", language),
            className="tool primary" if index == 0 else "tool",
            **extra({"data-act": name}),
        )
        for index, name in enumerate(ACTIONS[alert["state"]])
    ]
    return html.Div(
        [*buttons, html.Span(className="spring"), *_links(alert, layer, evidence, language)],
        className="evidence-actions",
    )


def _links(alert: Row, layer: Layer | None, evidence: Evidence | None, language: str) -> list[Component]:
    if layer is None or not alert["feature_key"]:
        return []
    query = "?lang=en" if language == "en" else ""
    station = f"{layer.id}:{alert['feature_key']}"
    parameter = evidence.parameter if evidence else None
    theme = f"theme={layer.id}.{parameter}&" if parameter else ""
    hour = (alert["ended_at"] or alert["last_at"]).astimezone(UTC)
    at = "" if alert["cause"] == "forecast" else f"t={hour:%Y-%m-%dT%H:%M:%SZ}&"
    place = f"/stations/{layer.id}/{quote(alert['feature_key'])}{query}"
    return [
        html.A(say("evidence.station_page", language), href=place, className="tool"),
        html.A(
            say("evidence.map", language),
            href=f"/{query}#{theme}{at}station={quote(station, safe=':')}",
            className="tool",
        ),
    ]


def _facts(alert: Row, now: datetime, language: str) -> Component:
    end = alert["ended_at"] or (now if began(alert) < now else None)
    facts = [
        ("alert.peak", amount(alert, alert["peak"], language)),
        ("alert.value", amount(alert, alert["value"], language) if alert["cause"] != "instrument" else None),
        ("alert.threshold", amount(alert, alert["threshold"], language)),
        ("alert.started", moment_near(began(alert), now, language)),
        ("alert.duration", formats.age(end - began(alert), language) if end else None),
    ]
    return html.Dl(
        [html.Div([html.Dt(say(key, language)), html.Dd(value)]) for key, value in facts if value], className="figures"
    )


def _why(alert: Row, layer: Layer | None, language: str) -> Component:
    said = (say_finding(alert["layer_id"], finding, language) for finding in findings_of(alert))
    sentences = list(dict.fromkeys(said))  # two rules may find the same
    basis = basis_of(alert, language)
    return html.Section(
        [
            html.H3(say("evidence.findings", language)),
            html.Ul([html.Li(sentence_case(words)) for words in sentences], className="reasons"),
            html.H4(say("evidence.rule", language)),
            html.P([html.B(alert[f"rule_title_{language}"]), f". {rule_sentence(alert['rule'], language)}"]),
            *([html.P(basis, className="muted")] if basis else []),
        ],
        className="card",
    )


def _timeline(alert: Row, now: datetime, language: str) -> Component:
    return html.Section(
        [
            html.H3(say("evidence.timeline", language)),
            html.Ol([_event(event, now, language) for event in alert["events"]], className="timeline"),
        ],
        className="card",
    )


def _event(event: Row, now: datetime, language: str) -> Component:
    by_system = event["actor"] == "system"
    words = [html.B(say(f"event.{event['action']}", language))]
    who = "" if by_system and event["action"] in BY_ITSELF else f" · {person(event['actor'], language)}"
    return html.Li(
        [
            html.Span([*words, who]),
            html.Span(moment_near(event["at"], now, language), className="muted"),
            *([html.P(event["note"], className="said")] if event["note"] else []),
        ],
        className=f"event-{event['action']}",
    )


def _sent(alert: Row, now: datetime, language: str) -> Component:
    rows: Sequence[Row] = alert["notifications"]
    body: Component = html.P(say("evidence.nothing_sent", language), className="muted")
    if rows:
        body = html.Ul([_notification(row, now, language) for row in rows], className="timeline")
    return html.Section([html.H3(say("evidence.sent", language)), body], className="card")


def _notification(row: Row, now: datetime, language: str) -> Component:
    state = say(f"notification.{row['state']}", language)
    if row["state"] == "queued" and row["not_before"] > now:
        state = say("notification.waiting_until", language, time=moment_near(row["not_before"], now, language))
    elif row["state"] == "sent":
        state = f"{state} {moment_near(row['sent_at'], now, language)}"
    notes = [say("notification.attempts", language, n=row["attempts"])] if row["attempts"] > 1 else []
    notes += [row["error"]] if row["error"] else []
    return html.Li(
        [
            html.Span(
                [html.B(say(f"channel.{row['channel']}", language)), f" · {say('event.' + row['occasion'], language)}"]
            ),
            html.Span(state, className=f"notice-{row['state']}"),
            *([html.P(" · ".join(notes), className="said")] if notes else []),
        ]
    )


def _related(alert: Row, units: Mapping[str, Row], now: datetime, language: str) -> list[Component]:
    if not alert["related"]:
        return []
    query = "?lang=en" if language == "en" else ""
    items = [
        html.Li(
            [
                severity_mark(row["severity"], language),
                html.A(
                    place_of(row, units, language),
                    href=f"/alerts/{row['id']}{query}",
                    **extra({"data-open": str(row["id"])}),
                ),
                html.Span(amount(row, row["peak"], language) or "", className="number"),
            ]
        )
        for row in alert["related"]
    ]
    return [
        html.Section(
            [html.H3(say("evidence.related", language)), html.Ul(items, className="related")], className="card"
        )
    ]


def evidence_stamp(alert: Row) -> str:
    """Changes when the page of the alert would look different."""
    sent = ".".join(f"{row['id']}{row['state']}{row['attempts']}" for row in alert["notifications"])
    return (
        f"{alert['id']}/{alert['deed']['last_event']}/{alert['last_at']}/{alert['ended_at']}/{alert['severity']}/{sent}"
    )
