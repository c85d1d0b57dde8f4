"""A question that was understood -> a sentence with its number, where it comes from, and what to look at next."""

from __future__ import annotations

from collections.abc import Callable

from dash_app.assistant.asked import Answer, Asked
from dash_app.assistant.counts import of_alerts, of_features, of_feedback, of_grid, of_land
from dash_app.assistant.figures import of_indicator
from dash_app.assistant.stations import of_index, of_parameter
from dash_app.assistant.words import word
from dash_app.services import Services
from spatial.access import Connection
from spatial.assistant.query import Query

ANSWERS: dict[str, Callable[[Asked], Answer]] = {
    "parameter": of_parameter, "index": of_index, "indicator": of_indicator, "feedback": of_feedback,
    "features": of_features, "land": of_land, "alerts": of_alerts, "grid": of_grid,
}  # fmt: skip


def answer(services: Services, conn: Connection, query: Query, language: str) -> Answer:
    """Look the answer up; every number comes from the database."""
    unit = services.unit(query.place.key if query.place is not None and query.place.kind == "unit" else None)
    if unit is None:
        return Answer(word("no_province", language))
    return ANSWERS[query.measure.kind](Asked(services, conn, query, language, unit))
