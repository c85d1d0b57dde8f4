"""Jobs, runs and rejected rows, read again every few seconds."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, html

from dash_app.components.states import error_state
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.data.view import jobs_table, quarantine_table, runs_table
from dash_app.services import Services
from dash_app.state import read_language
from layers.registry import registry
from spatial.errors import DatabaseUnavailable


def register(app: Dash, services: Services) -> None:
    """The callback of the data page."""

    @app.callback(
        output={"jobs": Output(Id.DATA_JOBS, "children"), "runs": Output(Id.DATA_RUNS, "children")},
        inputs={"_tick": Input(Id.DATA_TICK, "n_intervals")},
        state={"search": State(Id.URL, "search")},
    )
    def refresh(_tick: int | None, search: str | None) -> dict[str, Any]:
        language = read_language(search)
        titles = {layer.id: layer.title[language] for layer in registry().values()}
        try:
            jobs, runs, rejected = services.jobs(), services.runs(), services.quarantine()
        except DatabaseUnavailable:
            return {"jobs": error_state(say("error.database", language)), "runs": []}
        sections = (
            ("data.quarantine", quarantine_table(rejected, titles, language)),
            ("data.runs", runs_table(runs, titles, language)),
        )
        return {
            "jobs": jobs_table(jobs, language),
            "runs": [html.Section([html.H2(say(key, language)), table], className="card") for key, table in sections],
        }
