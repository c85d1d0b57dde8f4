"""What the first page shows of a unit, read once: lines, numbers of the units below, freshness of the data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dash_app.address import Address
from dash_app.leader_services import LeaderServices
from dash_app.services import Row, Services
from dash_app.state import Via
from layers.domains import DOMAINS
from layers.model import Layer
from layers.registry import registry
from spatial.access import connect
from spatial.queries import attention

SHOWN = 200
STALE = timedelta(minutes=45)  # the job runs every ten minutes


@dataclass(frozen=True)
class Choice:
    """What the address asks for; what means nothing in it is as if it were not there."""

    unit: str | None = None
    via: Via = "today"
    domain: str | None = None


@dataclass(frozen=True)
class Fresh:
    """How far a source reaches; ``late``: by how much, None when it is on time."""

    layer: Layer
    until: datetime | None
    late: timedelta | None


@dataclass(frozen=True)
class Morning:
    """All the page needs."""

    unit: Row | None
    path: Sequence[Row]
    choice: Choice
    lines: Sequence[Row]  # of all domains
    below: Sequence[tuple[Row, int, int]]  # unit, matters, severe ones; most severe first
    looked: datetime | None
    fresh: Sequence[Fresh]
    now: datetime

    @property
    def shown(self) -> list[Row]:
        """Lines of the chosen domain."""
        return [row for row in self.lines if self.choice.domain in (None, row["domain"])]

    @property
    def stamp(self) -> str:
        """Changes whenever the page would look different, but for the passing of minutes."""
        parts = [
            f"{row['id']}.{row['rank']:.0f}.{row['severity']}.{row['facts']['count']}.{row['who']}"
            for row in self.lines
        ]
        ages = [f"{(self.now - row['since']).days}" for row in self.lines]
        data = [f"{item.layer.id}{item.until}{bool(item.late)}" for item in self.fresh]
        stale = self.looked is None or self.now - self.looked > STALE
        return hashlib.sha256("|".join([*parts, *ages, *data, str(stale)]).encode()).hexdigest()[:16]


def read_choice(query: Mapping[str, Any]) -> Choice:
    """Choice of a query string."""
    domain = query.get("domain")
    return Choice(
        unit=str(query["unit"]) if query.get("unit") else None,
        via="former" if query.get("via") == "former" else "today",
        domain=domain if domain in DOMAINS else None,
    )


def read_morning(services: Services, choice: Choice) -> Morning:
    """Two short transactions; everything comes from what the job put together."""
    leader = LeaderServices(services)
    unit = services.unit(choice.unit)
    if unit is None:
        return Morning(None, (), choice, (), (), None, (), services.now())
    below = leader.children(unit, choice.via)
    with connect(services.actor) as conn:
        lines = attention.list_attention(conn, unit_id=unit["id"], limit=SHOWN)
        counts = attention.count_attention(conn, unit_ids=[row["id"] for row in below])
        looked = attention.last_look(conn)
    numbers = [
        (row, counts.get(row["id"], {}).get("n", 0), counts.get(row["id"], {}).get("severe", 0)) for row in below
    ]
    numbers.sort(key=lambda item: (-item[2], -item[1]))
    now = services.now()
    return Morning(unit, leader.breadcrumb(unit), choice, lines, numbers, looked, freshness(services, now), now)


def freshness(services: Services, now: datetime) -> list[Fresh]:
    """Networks that report by the hour, the late ones first, and figures of agencies with the month they reach."""
    versions = services.layer_versions()
    found = []
    for layer in registry().values():
        row = versions.get(layer.id)
        if layer.series is None or layer.series.sampled or row is None or not row["features"]:
            continue
        until = row["data_until"]
        span = now - until if until else None
        late = span if span is not None and span > timedelta(hours=layer.series.late_after_hours) else None
        found.append(Fresh(layer, until, late))
    for name in ("feedback", "indicator"):
        row = versions.get(name)
        if row is not None and row["features"]:
            found.append(Fresh(registry()[name], row["data_until"], None))
    return sorted(found, key=lambda item: (item.late is None, item.layer.overlay.order))


def link(path: str, language: str, **query: str | None) -> str:
    """An address inside the application that keeps the language."""
    given = {name: value for name, value in query.items() if value}
    if language == "en":
        given["lang"] = "en"
    return Address(path, path, query=given).link()


def with_language(url: str, language: str) -> str:
    """An evidence address, in the language of the page."""
    if language != "en":
        return url
    return f"{url}{'&' if '?' in url else '?'}lang=en"
