"""Which cases somebody looks at, and as whom: both from the address and the browser's store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from layers.code_lists import FEEDBACK_CATEGORIES
from layers.registry import get_layer
from spatial.queries.feedback_desk import QUEUES

type Role = Literal["operator", "unit", "leader"]

PAGE_SIZE = 50
DAYS = (7, 30, 90, 365)
SORTS = ("due", "newest", "oldest", "closed")
LEVELS = tuple(code.value for code in get_layer("feedback").column("level").codes)
CHANNELS = tuple(code.value for code in get_layer("feedback").column("channel").codes)
CATEGORIES = tuple(code.value for code in FEEDBACK_CATEGORIES)
_FIRST = {"new": "oldest", "done": "closed", "all": "newest"}  # what a queue is sorted by unless somebody says


@dataclass(frozen=True)
class Desk:
    """As whom somebody works: the centre's operator, one handling unit, or a leader."""

    role: Role = "operator"
    unit: str | None = None  # name of the handling unit


@dataclass(frozen=True)
class Filters:
    """What the list shows; every value of a link that means nothing is as if it were not there."""

    queue: str = "new"
    unit: str | None = None  # key of a version of an administrative unit
    category: str | None = None
    by: str | None = None  # handling unit
    level: str | None = None
    channel: str | None = None
    q: str | None = None
    days: int | None = None
    sort: str | None = None
    page: int = 1

    @property
    def order(self) -> str:
        """How the list is sorted."""
        return self.sort or _FIRST.get(self.queue, "due")

    @property
    def narrowed(self) -> bool:
        """Whether anything but the queue, the order and the page is chosen."""
        return self != Filters(queue=self.queue, sort=self.sort, page=self.page)

    def query(self, language: str, **changes: str | None) -> str:
        """The filters as a query string, with changes; a change of anything but the page leads to its first page."""
        values: dict[str, str | None] = {
            "queue": None if self.queue == "new" else self.queue,
            "unit": self.unit,
            "category": self.category,
            "by": self.by,
            "level": self.level,
            "channel": self.channel,
            "q": self.q,
            "days": str(self.days) if self.days else None,
            "sort": self.sort,
            "page": str(self.page) if self.page > 1 and not changes else None,
            "lang": "en" if language == "en" else None,
        } | changes
        kept = {name: value for name, value in values.items() if value}
        return f"?{urlencode(kept, safe=':,')}" if kept else ""


def read_filters(query: Mapping[str, Any]) -> Filters:
    """Filters of a query string, or of the browser's store with the same words."""

    def one_of(name: str, choices: tuple[str, ...]) -> str | None:
        value = str(query.get(name) or "")
        return value if value in choices else None

    def number(name: str, most: int) -> int | None:
        value = str(query.get(name) or "")
        return int(value) if value.isdigit() and 0 < int(value) <= most else None

    return Filters(
        queue=one_of("queue", QUEUES) or "new",
        unit=str(query["unit"]) if query.get("unit") else None,
        category=one_of("category", CATEGORIES),
        by=str(query["by"])[:200] if query.get("by") else None,
        level=one_of("level", LEVELS),
        channel=one_of("channel", CHANNELS),
        q=str(query["q"]).strip()[:100] or None if query.get("q") else None,
        days=number("days", 3660),
        sort=one_of("sort", SORTS),
        page=number("page", 100_000) or 1,
    )


def read_desk(value: object) -> Desk:
    """As whom the browser says it works: «operator», «leader», «unit:UBND Phường Nam Định»."""
    role, _, unit = str(value or "").partition(":")
    if role == "unit" and unit:
        return Desk("unit", unit[:200])
    return Desk("leader") if role == "leader" else Desk()
