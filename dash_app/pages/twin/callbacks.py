"""Joins the choices to the result, and writes them into the address."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from dash_app.components.states import empty_state, error_state
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.leader_services import LeaderServices, domain_codes
from dash_app.pages.twin.ids import TwinId
from dash_app.pages.twin.read import read_twin
from dash_app.pages.twin.result import result
from dash_app.pages.twin.view import Choice, read_side
from dash_app.services import Services
from dash_app.state import read_language
from layers.domains import DOMAINS
from spatial.errors import DatabaseUnavailable
from spatial.queries import indicators

SIDES = {
    "unit_a": Input(TwinId.UNIT_A, "value"),
    "month_a": Input(TwinId.MONTH_A, "value"),
    "unit_b": Input(TwinId.UNIT_B, "value"),
    "month_b": Input(TwinId.MONTH_B, "value"),
}
CHOICE = SIDES | {
    "domain": Input(TwinId.DOMAIN, "value"),
    "code": Input(TwinId.CODE, "value"),
    "head": Input(TwinId.HEAD, "value"),
    "align": Input(TwinId.ALIGN, "value"),
}
WRITE_ADDRESS = """(a, at, b, bt, domain, code, head, align) => geoioc.writeQuery({
  a: a ? `${a}@${at}` : "", b: b ? `${b}@${bt}` : "", domain, code,
  head: head === "1" ? "1" : "", align: align === "since" ? "since" : "" })"""
SWAP = "(n, a, at, b, bt) => n ? [b, bt, a, at] : Array(4).fill(dash_clientside.no_update)"


def register(app: Dash, services: Services) -> None:
    """The callbacks of the comparison."""
    leader = LeaderServices(services)

    @app.callback(
        output={"options": Output(TwinId.CODE, "options"), "value": Output(TwinId.CODE, "value")},
        inputs={"domain": Input(TwinId.DOMAIN, "value")},
        state={"value": State(TwinId.CODE, "value"), "search": State(Id.URL, "search")},
    )
    def offer(domain: str | None, value: str | None, search: str | None) -> dict[str, Any]:
        """Indicators of the domain; what was chosen stays when it is among them."""
        if domain not in DOMAINS:
            raise PreventUpdate
        language, catalogue = read_language(search), indicators.catalogue()
        codes = domain_codes(domain)
        options = [{"label": catalogue[code].title[language], "value": code} for code in codes]
        return {"options": options, "value": value if value in codes else next(iter(codes), None)}

    @app.callback(
        output=Output(TwinId.RESULT, "children"),
        inputs=CHOICE | {"look": Input(Id.LOOK, "data")},
        state={"search": State(Id.URL, "search")},
    )
    def show(
        unit_a: str | None, month_a: str | None, unit_b: str | None, month_b: str | None, domain: str | None,
        code: str | None, head: str | None, align: str | None, look: str | None, search: str | None,
    ) -> Any:  # fmt: skip
        language = read_language(search)
        a, b = read_side(f"{unit_a}@{month_a}"), read_side(f"{unit_b}@{month_b}")
        if domain is None or domain not in DOMAINS or code not in domain_codes(domain):
            raise PreventUpdate  # the indicators of the domain are on their way
        try:
            choice = Choice(a, b, domain, code, head == "1", "since" if align == "since" else "calendar")
            twin = read_twin(leader, choice)
        except DatabaseUnavailable:
            return error_state(say("error.database", language))
        return result(twin, language, look or "light") if twin else empty_state(say("twin.nothing", language))

    app.clientside_callback(WRITE_ADDRESS, Output(TwinId.ADDRESS, "data"), *CHOICE.values())
    app.clientside_callback(
        SWAP,
        *(Output(item.component_id, "value", allow_duplicate=True) for item in SIDES.values()),
        Input(TwinId.SWAP, "n_clicks"),
        *(State(item.component_id, "value") for item in SIDES.values()),
        prevent_initial_call=True,
    )
