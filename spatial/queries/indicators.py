"""Indicators of a unit over time, comparable across the reform; every value says how it came about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection, text

from layers.model import Indicator
from layers.registry import registry
from spatial.admin_units import LAST_DISTRICT_DAY, REFORM, Level
from spatial.analysis import indicators as formulas
from spatial.analysis.kpi import (
    BASE_NOT_POSITIVE,
    MISSING_MONTH,
    NO_BASE,
    NO_PLAN,
    RUNNING,
    IndicatorValue,
    Kpi,
    State,
    line,
)
from spatial.months import add_months
from spatial.queries import units
from spatial.queries.statements import Row, select_rows, sql
from spatial.settings import indicator_settings

__all__ = [
    "BASE_NOT_POSITIVE", "MISSING_MONTH", "NO_BASE", "NO_PLAN", "RUNNING", "IndicatorValue", "Kpi", "State",
    "catalogue", "history", "kpi", "kpi_months", "kpis_of_units", "plan_versions", "reporting", "revisions", "snapshot",
    "values",
]  # fmt: skip


def catalogue() -> dict[str, Indicator]:
    """All indicators by code."""
    tables = [layer.indicators for layer in registry().values() if layer.indicators is not None]
    return {item.code: item for table in tables for item in table.indicators}


def history(
    conn: Connection,
    *,
    unit_ids: Sequence[int] | None,
    codes: Sequence[str] | None,
    first: date,
    last: date,
    plans_on: date | None = None,
    every_plan: bool = False,
) -> list[IndicatorValue]:
    """Values and plans of units with periods from ``first`` to ``last``, newest state only; None = all.

    Own figures are as they were loaded. Periods before a unit began (from its predecessors) and after its end (from the
    units on its ground) are as the job ``indicators`` last put them together; one with incomplete sources is left out.
    Of several versions of a plan the newest issued by ``plans_on`` counts (None: the newest of all); ``every_plan``
    gives them all. Figures that rest on fewer reporting units than the setting allows to show are left out.
    """
    rows = conn.execute(
        text(sql("indicator_history")),
        {
            "unit_ids": None if unit_ids is None else list(unit_ids),
            "codes": None if codes is None else list(codes),
            "first": first,
            "last": last,
            "plans_on": plans_on,
            "every_plan": every_plan,
            "states": list(formulas.STATES),
            "fewest": indicator_settings().small_cell,
        },
    )
    return [IndicatorValue(*row) for row in rows]


def values(
    conn: Connection, *, unit_id: int, codes: Sequence[str] | None, first: date, last: date
) -> list[IndicatorValue]:
    """``history`` of one unit.

    :raises UnknownUnit: when there is no unit with the id.
    """
    units.unit_by_id(conn, unit_id=unit_id)
    return history(conn, unit_ids=[unit_id], codes=codes, first=first, last=last)


def snapshot(conn: Connection, *, level: Level, as_of: date, code: str, period: date) -> dict[int, IndicatorValue]:
    """Values of one period for every unit of a level in force on a day, by unit id: a choropleth.

    Level ``district`` from the reform on means the districts of 30 June 2025.
    """
    day = LAST_DISTRICT_DAY if level == "district" and as_of >= REFORM else as_of
    wanted = units.ids_of_level(conn, level=level, as_of=day)
    found = history(conn, unit_ids=wanted, codes=[code], first=period, last=period)
    return {value.unit_id: value for value in found if value.state != "plan"}


def kpi(
    conn: Connection,
    *,
    unit_id: int,
    as_of: date,
    codes: Sequence[str] | None = None,
    running: bool = False,
    parts: bool = False,
) -> list[Kpi]:
    """The newest figure of each indicator up to a day, with cumulative value, plan and comparisons.

    Indicators without any figure in the year of ``as_of`` or the year before are left out. ``running`` takes a period
    that is not over yet where there is one. ``parts`` fills ``parts_gap``, at the price of a second query.

    :raises UnknownUnit: when there is no unit with the id.
    """
    unit = units.unit_by_id(conn, unit_id=unit_id)
    lines = kpis_of_units(conn, unit_ids=[unit_id], codes=codes, as_of=as_of, running=running)[unit_id]
    if parts and unit.level == "province":
        gaps = _parts_gaps(conn, unit_id, lines)
        lines = [replace(one, parts_gap=gaps.get(one.indicator.code)) for one in lines]
    return lines


def kpis_of_units(
    conn: Connection, *, unit_ids: Sequence[int], codes: Sequence[str] | None, as_of: date, running: bool = False
) -> dict[int, list[Kpi]]:
    """``kpi`` of many units at once, in one query: rankings, maps, tables. A unit without figures has an empty list."""
    first = date(as_of.year - 2, 1, 1)
    found = history(conn, unit_ids=unit_ids, codes=codes, first=first, last=as_of, plans_on=as_of)
    grouped: dict[int, dict[str, list[IndicatorValue]]] = {unit_id: {} for unit_id in unit_ids}
    for value in found:
        grouped[value.unit_id].setdefault(value.code, []).append(value)
    items = catalogue()
    return {unit_id: _lines(by_code, items, as_of, running) for unit_id, by_code in grouped.items()}


def kpi_months(
    conn: Connection, *, unit_ids: Sequence[int], codes: Sequence[str], months: Sequence[date], running: bool = False,
    pace: bool = True,
) -> dict[tuple[int, str, date], Kpi]:  # fmt: skip
    """``kpi`` of several units at the ends of several months, read once: what a time bar steps through.

    ``months``: first days. Keys: unit id, code, month; a unit without a figure in a month's window has no entry.
    """
    if not months:
        return {}
    ends = {month: add_months(month, 1) - timedelta(days=1) for month in months}
    by_series: dict[tuple[int, str], list[IndicatorValue]] = {}
    first, last = date(min(months).year - 2, 1, 1), max(ends.values())
    for value in history(conn, unit_ids=unit_ids, codes=codes, first=first, last=last, every_plan=True):
        by_series.setdefault((value.unit_id, value.code), []).append(value)
    items = catalogue()
    return {
        (unit_id, code, month): one
        for (unit_id, code), series in by_series.items()
        for month, end in ends.items()
        if (one := line(items[code], series, end, running=running, pace=pace)) is not None
    }


def _lines(
    by_code: Mapping[str, list[IndicatorValue]], items: Mapping[str, Indicator], as_of: date, running: bool
) -> list[Kpi]:
    ordered = ((item, by_code[code]) for code, item in items.items() if code in by_code)
    return [one for item, series in ordered if (one := line(item, series, as_of, running=running)) is not None]


def _parts_gaps(conn: Connection, unit_id: int, lines: Iterable[Kpi]) -> dict[str, float]:
    """Figure of a province less the sum of its communes, where every commune has one of its own.

    A gap is no mistake: enterprises are counted where their head office is. It is shown, nothing is forced.
    """
    wanted = [one for one in lines if one.indicator.across == "sum"]
    if not wanted:
        return {}
    rows = select_rows(
        conn,
        sql("indicator_parts"),
        unit_id=unit_id,
        codes=[one.indicator.code for one in wanted],
        periods=[one.period for one in wanted],
        states=list(formulas.STATES),
    )
    sums = {row["code"]: row["total"] for row in rows if row["known"] == row["communes"]}
    return {
        one.indicator.code: round(one.value - sums[one.indicator.code], one.indicator.decimals + 2)
        for one in wanted
        if one.indicator.code in sums
    }


def plan_versions(
    conn: Connection, *, unit_ids: Sequence[int] | None, codes: Sequence[str] | None = None, year: date | None = None
) -> list[Row]:
    """Every version of the units' own plans: unit_id, code, year, issued_on, value, document; oldest first."""
    return select_rows(
        conn,
        "SELECT s.unit_id, s.parameter AS code, p.year, p.issued_on, p.value, p.document"
        " FROM core.indicator_plan p JOIN core.series s ON s.id = p.series_id WHERE s.unit_id IS NOT NULL"
        " AND (CAST(:unit_ids AS integer[]) IS NULL OR s.unit_id = ANY(:unit_ids))"
        " AND (CAST(:codes AS text[]) IS NULL OR s.parameter = ANY(:codes))"
        " AND (CAST(:year AS date) IS NULL OR p.year = :year)"
        " ORDER BY s.unit_id, s.parameter, p.year, p.issued_on",
        unit_ids=None if unit_ids is None else list(unit_ids),
        codes=None if codes is None else list(codes),
        year=year,
    )


def revisions(conn: Connection, *, unit_id: int, code: str, period: date) -> list[Row]:
    """What was said of one period, from estimate to official: state, value, published_on, loaded_at, source."""
    return select_rows(
        conn,
        "SELECT v.state, v.value, v.published_on, v.updated_at AS loaded_at, r.source"
        " FROM core.series s JOIN core.indicator_value v ON v.series_id = s.id"
        " LEFT JOIN ops.ingest_run r ON r.id = v.run_id"
        " WHERE s.unit_id = :unit_id AND s.parameter = :code AND v.period = :period"
        " ORDER BY array_position(CAST(:states AS text[]), v.state)",
        unit_id=unit_id,
        code=code,
        period=period,
        states=list(formulas.STATES),
    )


def reporting(conn: Connection, *, as_of: date) -> list[Row]:
    """Newest period reported by code and level of unit in force on a day: code, level, newest, units (with it), of."""
    return select_rows(conn, sql("indicator_reporting"), as_of=as_of)
