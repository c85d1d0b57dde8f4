"""Job ``outlook``: where the year of every indicator will end, and figures nobody would have expected."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

import numpy as np
from sqlalchemy import Connection, text

from ingest.outlook_anomalies import Judged, anomaly_rows, judge
from ingest.outlook_tables import Panel, panels, year_table
from layers.model import Indicator
from spatial.access import SYSTEM, connect
from spatial.analysis.outlook import cumulated
from spatial.analysis.outlook_year import year_ends
from spatial.progress import Progress
from spatial.queries import indicators, outlook
from spatial.queries.versions import get_watermark, set_watermark, version_mark
from spatial.settings import LOCAL_ZONE

MARK = "outlook"
YEARS_BACK = 8  # history that is read
STALE_MONTHS = 6  # so long after its end a year may still lack figures

type Values = tuple[object, ...]


def look_ahead(progress: Progress) -> str:
    """All units and indicators anew when a figure, a plan or a unit changed, or a month began; one transaction."""
    today = datetime.now(UTC).astimezone(LOCAL_ZONE).date()
    with connect(SYSTEM) as conn:
        mark = f"{version_mark(conn, layer_ids=['admin_unit', 'indicator'])} {_computed(conn)} {today:%Y-%m}"
        if mark == get_watermark(conn, name=MARK):
            return "nothing new"
        catalogue = indicators.catalogue()
        progress("reading figures", 0.1)
        tables = read_panels(conn, today)
        progress("judging figures", 0.4)
        judged = judge(tables, catalogue)
        odd = [row for item in judged for row in anomaly_rows(item)]
        progress("projecting years", 0.6)
        years = [row for item in judged for row in year_rows(item, catalogue, today)]
        outlook.replace_anomalies(conn, rows=odd)
        outlook.replace_outlooks(conn, rows=years)
        set_watermark(conn, name=MARK, value=mark)
    projected = sum(row[6] is not None for row in years)
    return f"{projected} of {len(years)} years projected, {len(odd)} unusual figures"


def read_panels(conn: Connection, today: date) -> list[Panel]:
    """Tables of all indicators with months or quarters, eight years back."""
    catalogue = indicators.catalogue()
    courses = outlook.courses(
        conn, codes=list(catalogue), first=date(today.year - YEARS_BACK, 1, 1), last=today, today=today
    )
    return list(panels(courses, catalogue, today=today))


def _computed(conn: Connection) -> str:
    """Changes when a job wrote other computed indicators."""
    row = conn.execute(text("SELECT count(*), max(until), sum(value) FROM derived.indicator_computed")).one()
    return f"{row[0]} {row[1]} {row[2]}"


def year_rows(item: Judged, catalogue: Mapping[str, Indicator], today: date) -> Iterator[Values]:
    """Rows of ``derived.indicator_outlook``: this year's, and last year's as long as it may still change.

    Slips of the report are left out of the projection; ``actual`` is what was reported.
    """
    panel, figures = item.panel, item.corrected()
    for year in (today.year - 1, today.year):
        table = year_table(panel, figures, catalogue, year)
        if table.start < 0:
            continue
        ends = year_ends(table)
        for series, course in enumerate(panel.courses):
            known = int(ends.known[series])
            if year < today.year and known < panel.steps and today.month > STALE_MONTHS:
                continue  # nobody reports it any more
            if (known == 0 and not _alive(panel, series, table.start)) or not course.values.size:
                continue
            newest = table.start + known - 1
            if known == 0:
                filled = np.flatnonzero(np.isfinite(panel.values[: table.start, series]))
                newest = int(filled[-1]) if len(filled) else -1
            if newest < 0:
                continue
            reported = cumulated(panel.values[table.start : table.start + known, series : series + 1], panel.how)
            slips = panel.values[: newest + 1, series] != figures[: newest + 1, series]
            slips &= np.isfinite(panel.values[: newest + 1, series])
            reason = ends.reason[series] or None
            if ends.model[series] is not None and slips[table.start :].any():
                reason = "doubtful_figure"
            plan = course.plans.get(year)
            actual = _number(float(reported[0])) if known else None
            yield (
                course.unit_id, course.code, date(year, 1, 1), panel.period(newest), actual,
                _number(ends.q10[series]), _number(ends.q50[series]), _number(ends.q90[series]), plan,
                _number(ends.chance[series]), _number(ends.skill[series]), ends.model[series], reason,
            )  # fmt: skip


def _alive(panel: Panel, series: int, start: int) -> bool:
    """Whether a series without a figure of the year had one in the half year before it."""
    return bool(np.isfinite(panel.values[max(start - panel.steps // 2, 0) : start, series]).any())


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
