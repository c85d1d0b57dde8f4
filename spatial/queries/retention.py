"""Months of values that are given up: whole partitions are dropped, which costs nothing however many rows they hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, text

from spatial.queries.versions import get_watermark, set_watermark

FIRST_DAY = "retention.first_day"

type Partitioned = Literal["core.observation", "derived.observation_hourly"]


def drop_months(conn: Connection, *, table: Partitioned, before: datetime) -> list[str]:
    """Drop the partitions of a table whose month had ended ``before`` a moment. Returns their names.

    A month with values that wait for the roll-up is kept until the next time, and so are those after it: its days are
    not known yet. Of raw values it is noted from which day on roll-ups can be made again.
    """
    partitions = conn.execute(
        text(
            "SELECT c.oid::regclass::text AS name, to_date(right(c.relname, 6), 'YYYYMM') AS month"
            " FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = CAST(:table AS regclass)"
            " AND CAST(to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month' AS timestamp) AT TIME ZONE 'UTC'"
            " <= :before ORDER BY 1"
        ),
        {"table": table, "before": before},
    ).all()
    dropped = []
    for partition in partitions:
        waiting = conn.execute(
            text(
                "SELECT EXISTS (SELECT FROM ops.touched_day WHERE day >= CAST(:month AS date) - 1"
                " AND day <= CAST(:month AS date) + interval '1 month')"
            ),
            {"month": partition.month},
        ).scalar_one()
        if waiting:
            break
        conn.execute(text(f"DROP TABLE {partition.name}"))
        dropped.append(str(partition.name))
        if table == "core.observation":  # a local day begins in the UTC day before
            next_month = (partition.month + timedelta(days=32)).replace(day=1)
            set_watermark(conn, name=FIRST_DAY, value=(next_month + timedelta(days=1)).isoformat())
    return dropped


def first_day(conn: Connection) -> date | None:
    """First local day of which all raw values are kept; None where none were ever given up."""
    noted = get_watermark(conn, name=FIRST_DAY)
    return None if noted is None else date.fromisoformat(noted)
