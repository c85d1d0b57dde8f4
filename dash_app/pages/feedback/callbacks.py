"""Joins the desk to the database: the list by queue, filters and minute; the panel by the case that is open."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, html, no_update

from dash_app.components.states import empty_state
from dash_app.desk_filters import PAGE_SIZE, read_desk, read_filters
from dash_app.desk_services import DeskServices
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.feedback.case import case_page, case_stamp
from dash_app.pages.feedback.ids import DeskId
from dash_app.pages.feedback.inbox import case_list, overview, pager, tabs
from dash_app.pages.feedback.routes import build_desk_routes
from dash_app.pages.feedback.view import communes_by_code, stamp
from dash_app.services import Services
from dash_app.state import read_language
from spatial.errors import DatabaseUnavailable


def register(app: Dash, services: Services) -> None:
    """The callbacks of the desk, and the address deeds are sent to."""
    desk = DeskServices(services)
    app.server.register_blueprint(build_desk_routes(desk))

    @app.callback(
        output={
            "tabs": Output(DeskId.TABS, "children"),
            "lines": Output(DeskId.LIST, "children"),
            "pager": Output(DeskId.PAGER, "children"),
            "stamp": Output(DeskId.LIST_STAMP, "data"),
            "notice": Output(DeskId.NOTICE, "children"),
        },
        inputs={
            "view": Input(DeskId.VIEW, "data"),
            "role": Input(DeskId.ROLE, "data"),
            "_tick": Input(DeskId.TICK, "data"),
        },
        state={"before": State(DeskId.LIST_STAMP, "data"), "search": State(Id.URL, "search")},
    )
    def show_list(
        view: dict[str, Any] | None, role: str | None, _tick: int, before: str | None, search: str | None
    ) -> dict[str, Any]:
        return list_parts(desk, view, role, before, read_language(search))

    @app.callback(
        output={"page": Output(DeskId.DETAIL, "children"), "stamp": Output(DeskId.DETAIL_STAMP, "data")},
        inputs={
            "opened": Input(DeskId.OPEN, "data"),
            "role": Input(DeskId.ROLE, "data"),
            "_tick": Input(DeskId.TICK, "data"),
        },
        state={"before": State(DeskId.DETAIL_STAMP, "data"), "search": State(Id.URL, "search")},
    )
    def show_case(
        opened: str | None, role: str | None, _tick: int, before: str | None, search: str | None
    ) -> dict[str, Any]:
        return case_parts(desk, opened, role, before, read_language(search))


def list_parts(
    desk: DeskServices, view: dict[str, Any] | None, role: str | None, before: str | None, language: str
) -> dict[str, Any]:
    """Tabs, lines and pages; the lines are not drawn again when nothing changed within five minutes."""
    filters, now = read_filters(view or {}), desk.services.now()
    try:
        rows, counts = desk.queue(filters, read_desk(role))
        communes = communes_by_code(desk.services.units())
    except DatabaseUnavailable:
        notice = html.P(say("alerts.stale", language), className="is-error")
        return dict.fromkeys(("tabs", "lines", "pager", "stamp"), no_update) | {"notice": notice}
    mark = f"{filters}/{role}/{now.timestamp() // 300:.0f}/{stamp(rows)}"
    same = mark == before
    return {
        "tabs": tabs(filters, counts, language),
        "lines": no_update if same else case_list(rows, filters, communes, now, language),
        "pager": pager(filters, min(len(rows), PAGE_SIZE), counts[filters.queue], language),
        "stamp": no_update if same else mark,
        "notice": [],
    }


def case_parts(
    desk: DeskServices, opened: str | None, role: str | None, before: str | None, language: str
) -> dict[str, Any]:
    """The panel of the open case; what is on screen stays while it is still true."""
    who = read_desk(role)
    try:
        if opened is None:
            return {"page": overview(desk.counts(who), language), "stamp": None}
        case = desk.case(opened, who)
        if case is None:
            return {"page": empty_state(say("desk.not_found", language, code=opened)), "stamp": None}
        mark = f"{case_stamp(case)}/{role}/{desk.services.now().timestamp() // 300:.0f}/{language}"
        if mark == before:
            return {"page": no_update, "stamp": no_update}
        communes = communes_by_code(desk.services.units())
    except DatabaseUnavailable:
        return {"page": no_update if before else empty_state(say("error.database", language)), "stamp": no_update}
    return {"page": case_page(case, communes, desk.services.now(), language), "stamp": mark}
