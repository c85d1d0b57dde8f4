"""The list renews itself every minute, and only when something changed: nothing flickers, nobody loses the place."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.outline_routes import build_outline_routes
from dash_app.pages.home.ids import HomeId
from dash_app.pages.home.layout import side
from dash_app.pages.home.lines import body_lines
from dash_app.pages.home.view import read_choice, read_morning
from dash_app.services import Services
from dash_app.state import read_language
from spatial.errors import DatabaseUnavailable


def register(app: Dash, services: Services) -> None:
    """The callback of the page, and the outlines small maps are drawn from."""
    app.server.register_blueprint(build_outline_routes(services))

    @app.callback(
        output={
            "lines": Output(HomeId.LIST, "children"),
            "side": Output(HomeId.SIDE, "children"),
            "stamp": Output(HomeId.STAMP, "data"),
            "told": Output(HomeId.TOLD, "children"),
        },
        inputs={"_tick": Input(HomeId.TICK, "n_intervals")},
        state={
            "before": State(HomeId.STAMP, "data"),
            "choice": State(HomeId.CHOICE, "data"),
            "search": State(Id.URL, "search"),
        },
        prevent_initial_call=True,
    )
    def renew(_tick: int, before: str | None, choice: dict[str, Any] | None, search: str | None) -> dict[str, Any]:
        language = read_language(search)
        try:
            morning = read_morning(services, read_choice(choice or {}))
        except DatabaseUnavailable as away:
            raise PreventUpdate from away  # what stands there is the newest that is known; the next minute tries again
        if morning.stamp == before or morning.unit is None:
            raise PreventUpdate
        units = {row["id"]: row for row in services.units()}
        return {
            "lines": body_lines(morning, units, language),
            "side": side(morning, language),
            "stamp": morning.stamp,
            "told": say("home.refreshed", language),
        }
