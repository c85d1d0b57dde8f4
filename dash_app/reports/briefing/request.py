"""What somebody asks a briefing of, checked: unit, month, way of dividing it, domain, cycle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dash_app.i18n import say
from dash_app.reports.request import ReportRefused
from dash_app.services import Row, Services
from dash_app.state import Via
from layers.domains import DOMAINS
from spatial.queries.indicators import catalogue

type Cycle = Literal["daily", "weekly", "once"]

CYCLES: tuple[Cycle, ...] = ("daily", "weekly", "once")


@dataclass(frozen=True)
class Wanted:
    """A request understood. ``at``: first day of the month on screen, None for today; ``code``: indicator of the map.

    ``cycle`` None: just looked at; compared with the last briefing of the unit, whatever its cycle.
    """

    unit: Row
    at: date | None = None
    via: Via = "today"
    domain: str | None = None
    code: str | None = None
    cycle: Cycle | None = None


def read_wanted(services: Services, query: Mapping[str, str], language: str) -> Wanted:
    """:raises ReportRefused: when unit, month, domain, indicator or cycle do not exist."""
    domain, code, cycle = query.get("domain") or None, query.get("code") or None, query.get("cycle") or None
    if domain is not None and domain not in DOMAINS:
        raise ReportRefused(say("briefing.bad_domain", language, name=domain))
    if code is not None and code not in catalogue():
        raise ReportRefused(say("briefing.bad_code", language, name=code))
    if cycle is not None and cycle not in CYCLES:
        raise ReportRefused(say("briefing.bad_cycle", language))
    return Wanted(
        unit=_unit(services, query.get("unit"), language),
        at=_month(query.get("at"), services.today(), language),
        via="former" if query.get("via") == "former" else "today",
        domain=domain,
        code=code,
        cycle=cycle,
    )


def _unit(services: Services, said: str | None, language: str) -> Row:
    """By key, or by code: of units with the code the one in force, else the one that ended last."""
    province = services.province()
    if province is None:
        raise ReportRefused(say("state.no_province", language))
    wanted = said or province["key"]
    found = [row for row in services.units() if wanted in (row["key"], row["code"])]
    if not found:
        raise ReportRefused(say("briefing.bad_unit", language, name=wanted))
    return max(found, key=lambda row: (row["valid_to"] is None, row["valid_from"]))


def _month(said: str | None, today: date, language: str) -> date | None:
    if not said:
        return None
    try:
        month = date.fromisoformat(f"{said[:7]}-01")
    except ValueError:
        raise ReportRefused(say("briefing.bad_month", language)) from None
    if month > today:
        raise ReportRefused(say("report.future_month", language))
    return month
