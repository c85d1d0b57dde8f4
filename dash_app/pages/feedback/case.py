"""The panel of one case: where it stands, what the citizen said, where it is, what happened, what may be done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.attributes import extra
from dash_app.desk_services import Case, Step
from dash_app.i18n import say
from dash_app.pages.feedback.marks import clock_mark, level_mark, state_mark
from dash_app.pages.feedback.pictures import pictures
from dash_app.pages.feedback.view import (
    Row,
    category_title,
    column_title,
    headline,
    moment_near,
    place_of,
    state_title,
    working_time,
)
from spatial.feedback.rules import regulation

MAIN_STEPS = 3  # buttons that stand out; the rest is beside them


def case_page(case: Case, communes: Mapping[str, Row], now: datetime, language: str) -> Component:
    """Everything about one case, as far as the role may see it."""
    row = case.row
    return html.Article(
        [
            _head(case, communes, now, language),
            _steps(case, language),
            *_warnings(case, language),
            _facts(case, now, language),
            _words(case, language),
            html.Div([_map(case, communes, language), pictures(case, language)], className="evidence-pair"),
            html.Div([_timeline(case, now, language), _near(case, language)], className="evidence-pair"),
        ],
        className="evidence desk-case",
        **extra(
            {
                "data-case": row["key"],
                "data-seen": str(case.seen),
                "data-state": row["state"],
                "data-name": f"{headline(row, language)} · {place_of(row, communes, language)}",
                "data-suggested": case.suggested or "",
                "data-level": row["level"] or "ordinary",
                "data-category": row["category"] or "",
                "data-title": row["title"] or "",
            }
        ),
    )


def case_stamp(case: Case) -> str:
    """Changes when the panel would look different."""
    shown = ".".join(f"{photo['id']}{photo['public']}" for photo in case.photos)
    return (
        f"{case.row['key']}/{case.seen}/{case.row['state']}/{case.row['due_at']}/{case.row.get('paused_since')}/{shown}"
    )


def _head(case: Case, communes: Mapping[str, Row], now: datetime, language: str) -> Component:
    row = case.row
    query = "?lang=en" if language == "en" else ""
    return html.Header(
        [
            html.A(["‹ ", say("desk.back", language)], href=f"/feedback{query}", className="tool small back"),
            html.Div(
                [
                    state_mark(row["state"], language),
                    *clock_mark(row, now, language),
                    *level_mark(row["level"], language),
                    html.Span(row["tracking_code"], className="muted number-tag"),
                ],
                className="evidence-marks",
            ),
            html.H2(headline(row, language), tabIndex=-1, id="desk-case-title"),
            html.P(
                " · ".join(
                    [
                        category_title(row["category"], language),
                        place_of(row, communes, language),
                        say("desk.received", language, time=moment_near(row["received_at"], now, language)),
                    ]
                ),
                className="muted",
            ),
        ],
        className="evidence-head",
    )


def _steps(case: Case, language: str) -> Component:
    buttons = [_button(step, index < 1, language) for index, step in enumerate(case.steps)]
    query = "?lang=en" if language == "en" else ""
    links = (
        [
            html.A(
                say("desk.on_map", language),
                href=f"/map{query}#on=feedback&v=16/{case.position['public_lat']:.5f}/{case.position['public_lon']:.5f}",
                className="tool",
            )
        ]
        if case.position
        else []
    )
    nothing = [] if buttons else [html.Span(say("desk.nothing_to_do", language), className="muted")]
    return html.Div([*buttons, *nothing, html.Span(className="spring"), *links], className="evidence-actions")


def _button(step: Step, first: bool, language: str) -> Component:
    return html.Button(
        step.title[language],
        className="tool primary" if first else "tool",
        type="button",
        **extra({"data-deed": step.name, "data-needs": " ".join(step.needs), "data-may": " ".join(step.may)}),
    )


def _warnings(case: Case, language: str) -> list[Component]:
    row, place = case.row, case.position
    found: list[Component] = []
    if place and place["pin_check"] == "disagrees":
        words = say("desk.warn.place", language, place=place["place_text"] or "…")
        found.append(html.P([html.B("⚠ "), words], className="fb-warning"))
    if row["duplicate_of"]:
        link = html.A(row["duplicate_of"], href=f"/feedback/{row['duplicate_of']}", **_opens(row["duplicate_of"]))
        found.append(html.P([say("desk.warn.duplicate", language), " ", link], className="fb-warning"))
    if row["state"] == "reopened":
        found.append(html.P([html.B("⚠ "), say("desk.warn.reopened", language)], className="fb-warning"))
    if row.get("paused_since"):
        found.append(html.P(say("desk.warn.paused", language), className="fb-warning fb-note"))
    return found


def _opens(code: str) -> Any:
    return extra({"data-open-case": code})


def _facts(case: Case, now: datetime, language: str) -> Component:
    row = case.row

    def at(value: datetime | None) -> str | None:
        return moment_near(value, now, language) if value else None

    left = case.clock
    tempo: tuple[str, str | None] = ("desk.fact.left", None)
    if left is not None:
        key = ("left" if left.minutes >= 0 else "over") + ("" if left.working else "_elapsed")
        day = regulation().calendar.minutes if left.working else 24 * 60
        tempo = (f"desk.fact.{key}", working_time(left.minutes, language, day))
    promised = row["due_at"] and row["late_at"] and row["due_at"] != row["late_at"]
    facts = [
        ("desk.fact.by", row["handling_unit"] or say("desk.nobody", language)),
        ("desk.fact.due", at(row["late_at"]) or say("desk.clock.no_due", language)),
        tempo,
        ("desk.fact.promised", at(row["due_at"]) if promised else None),
        ("desk.fact.first_due", at(row["first_due_at"]) if left and not row["first_due_met_at"] else None),
        ("desk.fact.answered", at(row["answered_at"])),
        ("desk.fact.closed", at(row["closed_at"])),
        ("desk.fact.paused", working_time(row["paused_minutes"], language) if row.get("paused_minutes") else None),
        ("desk.fact.level", column_title("level", row["level"], language) if row["level"] else None),
        ("desk.fact.channel", column_title("channel", row["channel"], language) if row["channel"] else None),
        ("desk.fact.rating", say("desk.stars", language, n=row["rating"]) if row["rating"] else None),
        ("desk.fact.solved", say(f"desk.solved.{row['solved']}", language) if row["solved"] is not None else None),
    ]
    return html.Dl(
        [html.Div([html.Dt(say(key, language)), html.Dd(value)]) for key, value in facts if value],
        className="figures desk-figures",
    )


def _words(case: Case, language: str) -> Component:
    row, place = case.row, case.position or {}
    body: list[Component] = [
        html.P(row["content"] or headline(row, language), className="desk-words"),
        *(
            [html.P([html.B(say("desk.place_text", language)), " ", place["place_text"]])]
            if place.get("place_text")
            else []
        ),
    ]
    if row["result"]:
        body += [html.H4(say("desk.result", language)), html.P(row["result"], className="desk-words")]
    if row.get("rating_comment"):
        body += [html.H4(say("desk.rating_comment", language)), html.P(row["rating_comment"], className="desk-words")]
    return html.Section(
        [html.H3(say("desk.content", language)), *body, _reporter(case, language)], className="card desk-content"
    )


def _reporter(case: Case, language: str) -> Component:
    if not case.sees_reporter:
        return html.P(say("desk.reporter.hidden", language), className="muted desk-reporter")
    person = case.row
    known = [str(person[name]) for name in ("reporter_name", "reporter_phone", "reporter_email") if person[name]]
    if not known:
        return html.P(say("desk.reporter.unknown", language), className="muted desk-reporter")
    phone = person["reporter_phone"]
    parts = [html.A(part, href=f"tel:{part}") if part == phone else html.Span(part) for part in known]
    return html.P([html.B(say("desk.reporter", language)), *parts], className="desk-reporter")


def _map(case: Case, communes: Mapping[str, Row], language: str) -> Component:
    place = case.position
    if place is None:
        nothing = html.P(say("desk.no_position", language), className="muted")
        return html.Section([html.H3(say("desk.map", language)), nothing], className="card")
    data = {
        "lon": place["lon"],
        "lat": place["lat"],
        "metres": case.near_metres,
        "unit": _unit_key(case, communes),
        "named": place["text_unit_key"] if place["pin_check"] == "disagrees" else None,
        "near": [
            {
                "code": near["tracking_code"],
                "lon": near["lon"],
                "lat": near["lat"],
                "title": near["title"] or "",
                "same": near["same_field"],
                "state": near["state"],
            }
            for near in case.near
        ],
    }
    accuracy = "desk.position.exact" if place["exact"] else "desk.position.public"
    notes = [say(accuracy, language), say(f"desk.pin.{place['pin_check'] or 'unchecked'}", language)]
    if place["moved_m"]:
        notes.append(say("desk.position.moved", language, metres=formats.number(place["moved_m"], 0, language)))
    position = f"{place['lat']:.5f}, {place['lon']:.5f}"
    return html.Section(
        [
            html.H3(say("desk.map", language)),
            html.Div(
                className="desk-map",
                role="group",
                **extra(
                    {
                        "data-map": json.dumps(data, ensure_ascii=False),
                        "aria-label": say(
                            "desk.map_words", language, place=place_of(case.row, communes, language), n=len(case.near)
                        ),
                    }
                ),
            ),
            html.P([html.Span(position, className="number"), " · ", " ".join(notes)], className="chart-note"),
        ],
        className="card",
    )


def _unit_key(case: Case, communes: Mapping[str, Row]) -> str | None:
    unit = communes.get(case.row["commune_code"] or "")
    return str(unit["key"]) if unit else None


def _timeline(case: Case, now: datetime, language: str) -> Component:
    items = [_event(event, now, language) for event in case.events]
    body: Component = (
        html.Ol(items, className="timeline") if items else html.P(say("desk.no_events", language), className="muted")
    )
    return html.Section([html.H3(say("desk.timeline", language)), body], className="card")


def _event(event: Row, now: datetime, language: str) -> Component:
    words: list[Component | str] = [html.B(state_title(event["state"], language))]
    if event["to_unit"]:
        words += [f" → {event['to_unit']}"]
    if event["actor"]:
        words += [f" · {event['actor']}"]
    if event["until"]:
        words += [" · ", say("desk.promised", language, time=moment_near(event["until"], now, language))]
    inside = [html.Span(say("desk.internal", language), className="chip")] if event["internal"] else []
    return html.Li(
        [
            html.Span([*words, *inside]),
            html.Span(moment_near(event["happened_at"], now, language), className="muted"),
            *([html.P(event["note"], className="said")] if event["note"] else []),
        ]
    )


def _near(case: Case, language: str) -> Component:
    title = say("desk.near", language, metres=formats.number(case.near_metres, 0, language))
    if not case.near:
        return html.Section(
            [html.H3(title), html.P(say("desk.near.none", language), className="muted")], className="card"
        )
    return html.Section(
        [html.H3(title), html.Ul([_near_line(case, near, language) for near in case.near], className="desk-near")],
        className="card",
    )


def _near_line(case: Case, near: Row, language: str) -> Component:
    code = near["tracking_code"]
    merge = next((step for step in case.steps if "duplicate_of" in step.needs), None)
    days = abs(near["days_before"])
    facts = say(
        "desk.near.facts",
        language,
        metres=formats.number(near["metres"], 0, language),
        days=formats.number(days, 0 if days >= 1 else 1, language),
    )
    button = (
        [
            html.Button(
                say("desk.merge", language),
                className="tool small",
                type="button",
                title=say("desk.merge_into", language, code=code),
                **extra(
                    {"data-deed": merge.name, "data-needs": " ".join(merge.needs), "data-may": "", "data-of": code}
                ),
            )
        ]
        if merge and near["same_field"] and not near["duplicate_of"]
        else []
    )
    return html.Li(
        [
            html.Div(
                [
                    html.A(headline(near, language), href=f"/feedback/{code}", **_opens(code)),
                    html.Span(f"{category_title(near['category'], language)} · {facts}", className="muted small-text"),
                ]
            ),
            state_mark(near["state"], language),
            *button,
        ]
    )
