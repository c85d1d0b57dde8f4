"""Empty, loading and error states: always a sentence, never a bare dash."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dash_app.components.attributes import extra


def empty_state(sentence: str) -> Component:
    """There is nothing to show, and why."""
    return html.Div(
        [html.Span("∅", className="state-mark", **extra({"aria-hidden": "true"})), html.P(sentence)],
        className="state state-empty",
    )


def error_state(sentence: str, *, retry: bool = False) -> Component:
    """Something failed; ``data-retry`` lets the bridge reload by itself until it works."""
    marks = {"data-retry": "true"} if retry else {}
    return html.Main(
        html.Div(
            [html.Span("!", className="state-mark", **extra({"aria-hidden": "true"})), html.P(sentence, role="alert")],
            className="state state-error",
            **extra(marks),
        ),
        className="page-error",
    )
