"""Joins the statistics to the roll-ups: all panels of a month at once, light or dark."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State
from dash.development.base_component import Component

from dash_app.components.states import error_state
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.feedback_statistics.ids import StatId
from dash_app.pages.feedback_statistics.panels import panels
from dash_app.pages.feedback_statistics.routes import build_statistics_routes
from dash_app.services import Services
from dash_app.state import read_language
from dash_app.statistics_services import StatisticsServices
from spatial.errors import DatabaseUnavailable


def register(app: Dash, services: Services) -> None:
    """The callback of the panels, and the addresses of the files and of the heat map."""
    reads = StatisticsServices(services)
    app.server.register_blueprint(build_statistics_routes(reads))

    @app.callback(
        output=Output(StatId.PANELS, "children"),
        inputs={"query": Input(StatId.QUERY, "data"), "look": Input(Id.LOOK, "data")},
        state={"search": State(Id.URL, "search")},
    )
    def show_panels(query: dict[str, Any] | None, look: str | None, search: str | None) -> list[Component]:
        language = read_language(search)
        words = {name: str(value) for name, value in (query or {}).items()}
        try:
            asked = reads.read(words)
            if asked is None:
                return []
            return panels(reads.month(asked), words, language, "dark" if look == "dark" else "light")
        except DatabaseUnavailable:
            return [error_state(say("error.database", language), retry=True)]
