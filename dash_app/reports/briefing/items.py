"""What needs attention, as items a briefing prints and remembers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dash_app import formats
from dash_app.services import Row
from layers.model import Text
from spatial.access import Connection
from spatial.queries.alerts import list_alerts

OPEN = ("new", "acknowledged")


@dataclass(frozen=True)
class Item:
    """One exception. ``key`` is the same from one briefing to the next; ``unit_id``: the place marked on the map."""

    key: str
    severity: str
    text: Text
    place: Text
    since: datetime
    until: datetime | None
    who: str | None
    url: str
    unit_id: int | None
    point: tuple[float, float] | None = None  # degrees; None: the middle of the unit


def read_items(conn: Connection, units: dict[int, Row], *, unit_id: int, domain: str | None) -> list[Item]:
    """Exceptions inside a unit, the first to look at first."""
    if domain not in (None, "environment"):
        return []
    return [
        Item(
            key=f"alert:{row['id']}",
            severity=row["severity"],
            text=Text(vi=row["title_vi"], en=row["title_en"]),
            place=Text(vi=row["station_name"] or row["feature_key"], en=row["station_name"] or row["feature_key"]),
            since=row["started_at"],
            until=None,
            who=row.get("taken_by"),
            url=f"/alerts/{row['id']}",
            unit_id=None,
            point=(row["lon"], row["lat"]) if row.get("lon") is not None else None,
        )
        for row in list_alerts(conn, states=OPEN, unit_id=unit_id, limit=60)
    ]


def place_name(unit: Row) -> Text:
    """Full name of a unit in both languages."""
    return Text(vi=formats.unit_name(unit, "vi"), en=formats.unit_name(unit, "en"))
