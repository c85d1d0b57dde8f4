"""What a client asks for: the parameters of GET requests, checked as the specification says. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dash_app.open311.answers import Refused
from spatial.settings import LOCAL_ZONE

WINDOW = timedelta(days=90)
MOST_IDS = 50
PAGE_SIZE, MOST_PAGE_SIZE, MOST_PAGES = 100, 500, 100_000
STATUSES = ("open", "closed")


@dataclass(frozen=True)
class Wanted:
    """A list of requests somebody asks for; ``ids`` overrides everything else."""

    ids: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    limit: int = PAGE_SIZE
    offset: int = 0


def read_wanted(args: Mapping[str, str], services: Collection[str], now: datetime) -> Wanted:
    """The parameters of ``GET requests``.

    :raises Refused: 400 for what cannot be read, 404 for a service that does not exist.
    """
    if ids := _words(args.get("service_request_id")):
        if len(ids) > MOST_IDS:
            raise Refused(400, f"At most {MOST_IDS} service_request_id at a time.")
        return Wanted(ids=ids, limit=MOST_IDS)
    codes = _words(args.get("service_code"))
    if unknown := [code for code in codes if code not in services]:
        raise Refused(404, f"service_code not found: {', '.join(unknown)}.")
    statuses = tuple(word.lower() for word in _words(args.get("status")))
    if not set(statuses) <= set(STATUSES):
        raise Refused(400, "status is open or closed.")
    first, last = _window(_moment(args, "start_date"), _moment(args, "end_date"), now)
    size = _number(args, "page_size", PAGE_SIZE, MOST_PAGE_SIZE)
    page = _number(args, "page", 1, MOST_PAGES)
    return Wanted((), codes, statuses, first, last, size, (page - 1) * size)


def _window(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """At most 90 days: the newest, those after a start, those before an end."""
    if start is None:
        last = end or now
        return last - WINDOW, last
    last = end or min(start + WINDOW, max(now, start))
    if last < start:
        raise Refused(400, "start_date must be before end_date.")
    if last - start > WINDOW:
        raise Refused(400, f"start_date and end_date may be {WINDOW.days} days apart at most.")
    return start, last


def _moment(args: Mapping[str, str], name: str) -> datetime | None:
    """A W3C moment; without offset it is local time of the province."""
    value = args.get(name, "").strip()
    if not value:
        return None
    try:
        # A plus sign of an offset that was not encoded arrives as a blank.
        moment = datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=LOCAL_ZONE)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(400, f"{name} is no W3C date and time, as 2026-11-22T08:00:00+07:00.") from None
    if not 1900 <= moment.year <= 9000:
        raise Refused(400, f"{name} is out of range.")
    return moment


def _number(args: Mapping[str, str], name: str, otherwise: int, most: int) -> int:
    value = args.get(name, "").strip()
    if not value:
        return otherwise
    if not (value.isascii() and value.isdigit()) or len(value) > 9 or not 1 <= int(value) <= most:
        raise Refused(400, f"{name} is a number from 1 to {most}.")
    return int(value)


def _words(value: str | None) -> tuple[str, ...]:
    words = (word.strip() for word in (value or "").split(","))
    return tuple(dict.fromkeys(word for word in words if word))
