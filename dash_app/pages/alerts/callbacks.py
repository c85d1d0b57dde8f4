"""Joins the inbox to the database: the list by filters and minute, the evidence by the alert that is open."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, html, no_update

from dash_app.alert_services import AlertServices, read_filters
from dash_app.components.states import empty_state
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.alerts.evidence import alert_page, evidence_stamp
from dash_app.pages.alerts.ids import AlertId
from dash_app.pages.alerts.inbox import alert_list, overview, tabs
from dash_app.pages.alerts.routes import build_alert_routes
from dash_app.pages.alerts.view import began, communes_by_code, index_shown, layer_of, parameter_shown, stamp
from dash_app.services import Services
from dash_app.state import read_language
from spatial.errors import DatabaseUnavailable
from spatial.settings import LOCAL_ZONE


def register(app: Dash, services: Services) -> None:
    """The callbacks of the inbox, and the address deeds are sent to."""
    alerts = AlertServices(services)
    app.server.register_blueprint(build_alert_routes(alerts))

    @app.callback(
        output={
            "tabs": Output(AlertId.TABS, "children"),
            "lines": Output(AlertId.LIST, "children"),
            "stamp": Output(AlertId.LIST_STAMP, "data"),
            "notice": Output(AlertId.NOTICE, "children"),
            "refreshed": Output(AlertId.REFRESHED, "children"),
        },
        inputs={"view": Input(AlertId.VIEW, "data"), "_tick": Input(AlertId.TICK, "data")},
        state={"before": State(AlertId.LIST_STAMP, "data"), "search": State(Id.URL, "search")},
    )
    def show_list(view: dict[str, Any] | None, _tick: int, before: str | None, search: str | None) -> dict[str, Any]:
        return inbox_parts(alerts, view, before, read_language(search))

    @app.callback(
        output={
            "page": Output(AlertId.DETAIL, "children"),
            "stamp": Output(AlertId.DETAIL_STAMP, "data"),
        },
        inputs={
            "opened": Input(AlertId.OPEN, "data"),
            "_tick": Input(AlertId.TICK, "data"),
            "look": Input(Id.LOOK, "data"),
        },
        state={"before": State(AlertId.DETAIL_STAMP, "data"), "search": State(Id.URL, "search")},
    )
    def show_evidence(
        opened: int | None, _tick: int, look: str | None, before: str | None, search: str | None
    ) -> dict[str, Any]:
        return detail_parts(alerts, opened, before, read_language(search), "dark" if look == "dark" else "light")


def inbox_parts(
    alerts: AlertServices, view: dict[str, Any] | None, before: str | None, language: str
) -> dict[str, Any]:
    """Tabs and lines; nothing is drawn again when nothing changed within five minutes."""
    filters, now = read_filters(view or {}), alerts.services.now()
    try:
        rows, counts = alerts.inbox(filters)
        units = communes_by_code(alerts.services.units())
    except DatabaseUnavailable:
        notice = html.P(say("alerts.stale", language), className="is-error")
        return {"tabs": no_update, "lines": no_update, "stamp": no_update, "notice": notice, "refreshed": no_update}
    mark = f"{filters}/{now.timestamp() // 300:.0f}/{stamp(rows)}"
    same = mark == before
    refreshed = say("alerts.refreshed", language, time=f"{now.astimezone(LOCAL_ZONE):%H:%M}")
    return {
        "tabs": tabs(filters, counts, language),
        "lines": no_update if same else alert_list(rows, filters, units, now, language),
        "stamp": no_update if same else mark,
        "notice": [],
        "refreshed": refreshed,
    }


def detail_parts(
    alerts: AlertServices, opened: int | None, before: str | None, language: str, look: str
) -> dict[str, Any]:
    """The evidence of the open alert; what is on screen stays while it is still true."""
    try:
        if opened is None:
            return {"page": overview(alerts.open_counts(), language), "stamp": None}
        alert = alerts.alert(opened)
        if alert is None:
            return {"page": empty_state(say("alerts.not_found", language, id=opened)), "stamp": None}
        mark = f"{evidence_stamp(alert)}/{look}/{language}"
        if mark == before:
            return {"page": no_update, "stamp": no_update}
        layer, parameter = layer_of(alert), parameter_shown(alert)
        evidence = (
            alerts.evidence(
                alert,
                layer,
                began=began(alert),
                parameter=parameter.name if parameter else None,
                index=index_shown(alert),
            )
            if layer
            else None
        )
        units = communes_by_code(alerts.services.units())
    except DatabaseUnavailable:
        return {"page": no_update if before else empty_state(say("error.database", language)), "stamp": no_update}
    return {"page": alert_page(alert, evidence, units, alerts.services.now(), language, look), "stamp": mark}
