"""The panel of the leaders' pages: says whether it follows the instant, a range or neither; has its table twin."""

from __future__ import annotations

from typing import Literal

from dash import html
from dash.development.base_component import Component

from dash_app.components.attributes import extra
from dash_app.i18n import say

type Follows = Literal["at", "range", "none"]

MARKS: dict[Follows, str] = {"at": "◷", "range": "↔", "none": "▪"}


def panel(
    title: str,
    body: Component | list[Component],
    *,
    time: Follows,
    language: str,
    table: Component | None = None,
    id: str | None = None,
    tools: list[Component] | None = None,
    kind: str = "",
) -> Component:
    """A titled section. ``time``: what of the page's clock it follows, shown by a mark with its words.

    ``table`` is the same content as a table; a button swaps the two (assets/88_panel.js), both stay in the page.
    ``tools`` stand beside the title; ``kind`` is a class of its own. ``id`` makes ids of the parts: ``<id>-title``,
    ``<id>-table``.
    """
    named = {"aria-labelledby": f"{id}-title"} if id else {"aria-label": title}
    heading = html.H3(title, className="panel-title", **extra({"id": f"{id}-title"} if id else {}))
    parts: list[Component] = [
        html.Div(
            [heading, _mark(time, language), *(tools or []), *_switch(table, language, id)], className="panel-head"
        ),
        html.Div(body, className="panel-body"),
    ]
    if table is not None:
        parts.append(
            html.Div(table, className="panel-table", hidden=True, **extra({"id": f"{id}-table"} if id else {}))
        )
    return html.Section(
        parts,
        className=f"card leader-panel {kind}".strip(),
        **extra({"data-time": time} | named | ({"id": id} if id else {})),
    )


def _mark(time: Follows, language: str) -> Component:
    words = say(f"panel.time_{time}", language)
    return html.Span(
        [html.Span(MARKS[time], **extra({"aria-hidden": "true"})), html.Span(words, className="visually-hidden")],
        className=f"panel-clock panel-clock-{time}",
        title=words,
    )


def _switch(table: Component | None, language: str, id: str | None) -> list[Component]:
    if table is None:
        return []
    controls = {"aria-controls": f"{id}-table"} if id else {}
    return [
        html.Button(
            "▦",
            className="tool small panel-switch",
            title=say("panel.as_table", language),
            type="button",
            **extra(
                {"aria-pressed": "false", "data-twin": "true", "aria-label": say("panel.as_table", language)} | controls
            ),
        )
    ]
