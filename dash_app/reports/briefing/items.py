"""What needs attention, as items a briefing prints and remembers: the lines of the first page, in its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dash_app.attention_words import place_of, since_of, title_of, who_of
from dash_app.services import Row
from layers.model import Text
from spatial.access import Connection
from spatial.queries.attention import list_attention

READ = 60


@dataclass(frozen=True)
class Item:
    """One exception. ``key`` is the same from one briefing to the next; ``unit_id``: the place marked on the map."""

    key: str
    severity: str
    text: Text
    place: Text
    since: Text
    who: Text
    url: str
    unit_id: int


def read_items(
    conn: Connection, units: Mapping[int, Row], *, unit_id: int, domain: str | None, now: datetime
) -> list[Item]:
    """Exceptions of the page of a unit, the first to look at first."""
    return [_item(row, units, now) for row in list_attention(conn, unit_id=unit_id, domain=domain, limit=READ)]


def _item(row: Row, units: Mapping[int, Row], now: datetime) -> Item:
    return Item(
        key=f"{row['subject']}:{row['key']}",
        severity=row["severity"],
        text=Text(vi=title_of(row, units, "vi"), en=title_of(row, units, "en")),
        place=Text(vi=place_of(row, units, "vi"), en=place_of(row, units, "en")),
        since=Text(vi=since_of(row, now, "vi"), en=since_of(row, now, "en")),
        who=Text(vi=who_of(row, "vi"), en=who_of(row, "en")),
        url=row["url"],
        unit_id=row["facts"].get("lead_unit") or row["unit_id"],
    )
