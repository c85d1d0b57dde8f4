"""What the statistics of citizen feedback ask of the roll-ups: one reporting month of one unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dash_app import formats
from dash_app.i18n import say
from dash_app.services import Services
from dash_app.state import Via
from spatial.access import connect
from spatial.admin_units import LAST_DISTRICT_DAY, REFORM
from spatial.feedback.rules import regulation
from spatial.months import add_months
from spatial.queries import feedback_desk, feedback_stats
from spatial.queries.feedback_rollup import period_of, period_span
from spatial.settings import LOCAL_ZONE

type Row = dict[str, Any]

LAST_DISTRICTS = LAST_DISTRICT_DAY  # day whose districts the map of former districts shows
SPARK_MONTHS = 13
DENSITY_CELL = 0.002  # degrees, about 200 m: the grid of the regulation, so that no home shows


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a unit, the way down, a month, the fewest cases of a league table."""

    unit: Row
    via: Via
    period: date
    least: int


@dataclass(frozen=True)
class Month:
    """One reporting month of one unit. ``total`` None: nothing came in, or the roll-up has not run."""

    asked: Asked
    begins: datetime
    ends: datetime
    until: datetime  # end of the month, or now
    months: Sequence[date]  # reporting months there are, newest first
    total: Row | None
    before: Row | None
    year_ago: Row | None
    history: Mapping[date, Row]
    fields: Sequence[Row]
    handlers: Sequence[Row]
    children: Sequence[tuple[Row, Row]]  # (unit, its figures)
    days: Sequence[Row]
    forecast: Sequence[Row]
    everywhere: bool  # the unit has no cases of its own: all reports, wherever they are

    @property
    def running(self) -> bool:
        """Whether the month is not over yet: counts cannot be compared with whole months."""
        return self.until < self.ends


@dataclass(frozen=True)
class StatisticsServices:
    """Reads of the statistics, each in one transaction."""

    services: Services

    def read(self, query: Mapping[str, str]) -> Asked | None:
        """The question of an address; what is not understood falls back to the default. None before the first load."""
        unit = self.services.unit(query.get("unit"))
        if unit is None:
            return None
        rules = regulation()
        least = query.get("min", "")
        return Asked(
            unit=unit,
            via="former" if query.get("via") == "former" else "today",
            period=_month(query.get("month")) or period_of(rules, self.services.now()),
            least=int(least) if least.isdigit() and 0 < int(least) <= 1000 else rules.statistics.least_cases,
        )

    def months(self, asked: Asked) -> Sequence[date]:
        """Reporting months there are of a unit, newest first."""
        province = self.services.province()
        with connect(self.services.actor) as conn:
            found = feedback_stats.periods(conn, unit_id=asked.unit["id"])
            if not found and province is not None and asked.unit["id"] == province["id"]:
                found = feedback_stats.periods(conn, unit_id=feedback_stats.EVERYWHERE)
        return found

    def month(self, asked: Asked) -> Month:
        """Everything the page shows of a month."""
        rules, now = regulation(), self.services.now()
        begins, ends = period_span(rules, asked.period)
        oldest = add_months(asked.period, 1 - SPARK_MONTHS)
        province = self.services.province()
        one: dict[str, Any] = {"first": asked.period, "last": asked.period}
        units = children(self.services.units(), asked.unit, asked.via)
        with connect(self.services.actor) as conn:
            unit_id = asked.unit["id"]
            months = feedback_stats.periods(conn, unit_id=unit_id)
            everywhere = not months and province is not None and unit_id == province["id"]
            if everywhere:
                unit_id = feedback_stats.EVERYWHERE
                months = feedback_stats.periods(conn, unit_id=unit_id)
            history = {
                row["period"]: row
                for row in feedback_stats.period_figures(conn, unit_ids=[unit_id], first=oldest, last=asked.period)
            }
            figures = {
                row["unit_id"]: row
                for row in feedback_stats.period_figures(
                    conn, unit_ids=[unit["id"] for unit in units], first=asked.period, last=asked.period
                )
            }
            expected = feedback_stats.load_forecast(conn, unit_id=unit_id)
            if (
                not expected and asked.unit["level"] == "province"
            ):  # the forecast of the province is that of all reports
                expected = feedback_stats.load_forecast(conn, unit_id=feedback_stats.EVERYWHERE)
            first, last = begins.astimezone(LOCAL_ZONE).date(), min(ends, now).astimezone(LOCAL_ZONE).date()
            return Month(
                asked=asked,
                begins=begins,
                ends=ends,
                until=min(ends, max(now, begins)),
                months=months,
                total=history.get(asked.period),
                before=history.get(add_months(asked.period, -1)),
                year_ago=history.get(add_months(asked.period, -12)),
                history=history,
                fields=[
                    row
                    for row in feedback_stats.period_figures(conn, unit_ids=[unit_id], by="category", **one)
                    if row["received"]
                ],
                handlers=feedback_stats.period_figures(conn, unit_ids=[unit_id], by="handling_unit", **one),
                children=[(unit, figures[unit["id"]]) for unit in units if unit["id"] in figures],
                days=feedback_stats.days(conn, unit_id=unit_id, first=first, last=last),
                forecast=expected if ends > now else [],
                everywhere=everywhere,
            )

    def density(self, asked: Asked) -> list[Row]:
        """Cells of the heat map."""
        begins, ends = period_span(regulation(), asked.period)
        province = self.services.province()
        whole = province is not None and asked.unit["id"] == province["id"]
        with connect(self.services.actor) as conn:
            return feedback_desk.density(
                conn, first=begins, last=ends, unit_id=None if whole else asked.unit["id"], cell=DENSITY_CELL
            )


def month_words(period: date, language: str) -> str:
    """«từ 12:00 25/10/2026 đến 12:00 25/11/2026»."""
    begins, ends = period_span(regulation(), period)
    return say("stat.span", language, first=formats.moment(begins), last=formats.moment(ends))


def children(units: Sequence[Row], unit: Row, via: Via) -> list[Row]:
    """Units one step down: communes of today, or former districts and then the communes they mostly became."""
    today = [row for row in units if row["level"] == "commune" and row["valid_to"] is None]
    if unit["level"] == "province":
        if via == "former":
            return [row for row in units if row["level"] == "district" and row["valid_to"] == REFORM]
        return today
    if unit["level"] == "district":
        return [row for row in today if row["former_key"] == unit["key"]]
    return []


def _month(text: str | None) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        return None
