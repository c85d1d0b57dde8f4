"""From a question to an answer: names of places, understanding, looking up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dash_app import formats
from dash_app.assistant.answer import answer
from dash_app.assistant.asked import Answer
from dash_app.assistant.words import word
from dash_app.services import Services
from layers.registry import registry
from spatial.access import connect
from spatial.admin_units import fold
from spatial.assistant.parse import Name, read_question
from spatial.assistant.query import Place, Query, Reading, Unclear

LONGEST = 300  # letters of a question; more is no question


@dataclass(frozen=True)
class Reply:
    """How a question was read, and the answer or the question back."""

    reading: Reading
    answer: Answer | None
    ask_back: str | None = None
    options: tuple[str, ...] = ()


@dataclass
class Assistant:
    """Answers questions over one set of services; knows the names of places as long as they do not change."""

    services: Services
    _names: dict[str, list[Name]] = field(default_factory=dict, repr=False)

    def ask(self, question: str, language: str = "vi") -> Reply:
        """:raises DatabaseUnavailable: when the database does not answer."""
        reading = read_question(question[:LONGEST], names=self.names(), today=self.services.today())
        query = reading.query
        if isinstance(query, Unclear):
            words = word(f"unclear.{query.reason}", language, words=query.words)
            return Reply(reading, None, words, query.options)
        assert isinstance(query, Query)
        with connect(self.services.actor) as conn:
            return Reply(reading, answer(self.services, conn, query, language))

    def names(self) -> list[Name]:
        """Every version of every unit, and the stations; read again when the units change."""
        units = self.services.units()
        mark = self.services.units_mark()
        if mark not in self._names:
            self._names.clear()
            self._names[mark] = [name for row in units for name in _unit_names(row)] + self._stations()
        return self._names[mark]

    def _stations(self) -> list[Name]:
        found: dict[tuple[str, str], Name] = {}
        for layer in registry().values():
            if layer.series is None:
                continue
            station_layer = layer.series.station_layer
            for row in self.services.stations(layer):
                place = Place("station", row["key"], row["name"], "station", station_layer)
                found[station_layer, row["key"]] = Name(fold(row["name"]), row["name"].lower(), place)
                found[station_layer, f"{row['key']}*"] = Name(fold(row["key"]), row["key"].lower(), place)
        return list(found.values())


def _unit_names(row: dict[str, Any]) -> list[Name]:
    place = Place("unit", row["key"], formats.unit_name(row, "vi"), row["level"])
    name = str(row["name"]).split(" (")[0]
    return [Name(fold(name), name.lower(), place, row["valid_from"], row["valid_to"])]
