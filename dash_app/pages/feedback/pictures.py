"""Photos of a case: staff see all of them, and say which everybody may see after looking at them."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dash_app.components.attributes import extra
from dash_app.desk_services import Case
from dash_app.i18n import say
from dash_app.pages.feedback.view import Row


def pictures(case: Case, language: str) -> Component:
    """Photos of the citizen and of the unit, each with whether it is public."""
    title = html.H3(say("desk.photos", language))
    if not case.photos:
        return html.Section([title, html.P(say("desk.photos.none", language), className="muted")], className="card")
    may_publish = case.desk.role == "operator"
    return html.Section(
        [
            title,
            html.Div([_picture(photo, may_publish, language) for photo in case.photos], className="desk-photos"),
            html.P(say("desk.photos.note", language), className="chart-note"),
        ],
        className="card",
    )


def _picture(photo: Row, may_publish: bool, language: str) -> Component:
    address = f"/api/feedback/photo/{photo['id']}"
    kind = say(f"desk.photo.{photo['kind']}", language)
    public = bool(photo["public"])
    state = say("desk.photo.public" if public else "desk.photo.inside", language)
    switch: list[Component] = (
        [
            html.Button(
                say("desk.photo.hide" if public else "desk.photo.publish", language),
                className="tool small",
                type="button",
                **extra({"data-photo": str(photo["id"]), "data-public": str(not public).lower()}),
            )
        ]
        if may_publish
        else []
    )
    return html.Figure(
        [
            html.A(html.Img(src=address, alt=kind), href=address, target="_blank"),
            html.Figcaption([html.B(kind), html.Span(state, className="muted"), *switch]),
        ],
        className="is-public" if public else "",
    )
