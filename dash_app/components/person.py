"""The name of who acts: asked once, kept by the browser, stored with what was done."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dash_app.i18n import say
from dash_app.ids import Id

NAME_LENGTH = 80


def person_field(language: str) -> Component:
    """A field that every page with actions shows; the same browser fills it in again everywhere."""
    return html.Label(
        [
            html.Span(say("person.name", language)),
            dcc.Input(
                id=Id.PERSON,
                type="text",
                maxLength=NAME_LENGTH,
                placeholder=say("person.hint", language),
                persistence="geoioc",
                persistence_type="local",
                autoComplete="name",
                className="text-field",
            ),
        ],
        className="form-field",
    )
