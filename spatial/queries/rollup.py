"""Daily values of series, and of units from the stations inside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from layers.model import Layer
from spatial.admin_units import LAST_DISTRICT_DAY
from spatial.queries.statements import sql
from spatial.settings import LOCAL_ZONE


def newest_complete_run(conn: Connection) -> int:
    """The newest ingest run before which none is still writing: how far a roll-up may say it has come."""
    return int(
        conn.execute(
            text("SELECT coalesce(min(id) FILTER (WHERE state = 'running') - 1, max(id), 0) FROM ops.ingest_run")
        ).scalar_one()
    )


def mark_touched_days(conn: Connection, *, since_run: int | None) -> int:
    """Make the temporary table ``touched`` (series_id, day) of the days that runs after ``since_run`` wrote to.

    None means every day. Returns the number of rows.
    """
    conn.execute(text("DROP TABLE IF EXISTS touched"))
    conn.execute(
        text(
            "CREATE TEMPORARY TABLE touched ON COMMIT DROP AS"
            " SELECT DISTINCT series_id, CAST((time - interval '1 microsecond') AT TIME ZONE :zone AS date) AS day"
            " FROM core.observation WHERE CAST(:since AS bigint) IS NULL OR run_id > :since"
        ),
        {"zone": LOCAL_ZONE.key, "since": since_run},
    )
    conn.execute(text("ANALYZE touched"))
    return int(conn.execute(text("SELECT count(*) FROM touched")).scalar_one())


def roll_up_days(conn: Connection, *, layers: Sequence[Layer], everything: bool) -> int:
    """Write derived.observation_daily for the ``touched`` days (all days, read in one pass, with ``everything``).

    A local day (+07) holds the hours that end after 00:00 up to and with 24:00. Only status 0 and flag 0 enter.
    """
    hows = [(layer.id, p.name, p.how) for layer in layers if layer.series for p in layer.series.parameters]
    values: dict[str, Any] = {
        "zone": LOCAL_ZONE.key,
        "layers": [how[0] for how in hows],
        "parameters": [how[1] for how in hows],
        "hows": [how[2] for how in hows],
    }
    if everything:
        conn.execute(text("DELETE FROM derived.observation_daily"))
    else:
        conn.execute(
            text(
                "DELETE FROM derived.observation_daily d USING touched t"
                " WHERE d.series_id = t.series_id AND d.day = t.day"
            )
        )
    source = "every_hour" if everything else "touched_hour"
    return conn.execute(text(sql("roll_up_days").format(source=source)), values).rowcount


def roll_up_units(conn: Connection, *, layer: Layer, stations: Layer, everything: bool) -> int:
    """Write derived.unit_daily of one observation layer for the ``touched`` days, or for all days.

    A unit's value is the mean of its stations' daily values; its maximum the highest hourly value. A day is given for
    units in force on it, for the units of today and for the districts of 30 June 2025.
    """
    assert layer.series is not None
    condition = "true" if everything else "day IN (SELECT day FROM touched)"
    conn.execute(
        text(f"DELETE FROM derived.unit_daily WHERE layer_id = :layer AND {condition}"),  # noqa: S608
        {"layer": layer.id},
    )
    circular = [p.name for p in layer.series.parameters if p.how == "vector_mean"]
    return conn.execute(
        text(sql("roll_up_units").format(stations=f"layer.{stations.table}", condition=condition)),
        {"layer": layer.id, "circular": circular, "last_district_day": LAST_DISTRICT_DAY, "zone": LOCAL_ZONE.key},
    ).rowcount
