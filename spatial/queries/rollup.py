"""Hours and days of series from raw values, and of units from the stations inside them.

A roll-up works on the temporary table ``touched`` (series_id, day): days of series in which something changed. Hours
are written only where they differ from what stands; those that changed are listed in ``touched_hour``.
"""
# ruff: noqa: S608 - statements are put together from constants and layer definitions; values are bound

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from layers.flags import Flag
from layers.model import Layer
from spatial.admin_units import LAST_DISTRICT_DAY
from spatial.queries.statements import sql
from spatial.settings import LOCAL_ZONE, QualitySettings

# The local day of a time that ends an hour: 00:00 belongs to the day that ended.
LOCAL_DAY = "CAST(({time} - interval '1 microsecond') AT TIME ZONE :zone AS date)"
# Start of the first day of which all raw values are kept.
FIRST_DAY = "coalesce(CAST(CAST(:first_day AS date) AS timestamp) AT TIME ZONE :zone, '-infinity')"
# Raw values, or hours, of the touched days; ``:low`` and ``:high`` spare a look into all other partitions.
TOUCHED_TIMES = (
    "touched t JOIN {table} o ON o.series_id = t.series_id AND o.time > :low AND o.time <= :high"
    " AND o.time > CAST(t.day AS timestamp) AT TIME ZONE :zone"
    " AND o.time <= CAST(t.day + 1 AS timestamp) AT TIME ZONE :zone"
)
IN_SPAN = " AND x.time > :low AND x.time <= :high"
HOUR_COLUMNS = ("n", "n_good", "value", "raw", "minimum", "maximum", "status", "flag", "reviewed")
DAY_COLUMNS = ("n", "n_good", "mean", "minimum", "maximum")
UNIT_COLUMNS = ("stations", "mean", "maximum")
UNIT_ORDER = {"day": "unit_id, parameter, day", "time": "parameter, time, unit_id"}


# ---------------------------------------------------------------- what changed


def take_touched(conn: Connection, *, first_day: date | None) -> int:
    """Empty ops.touched_day into the temporary table ``touched``. Returns its number of rows.

    Loads only add to the queue and commit it with their values: what is seen here is complete, and what comes later
    stays for the next roll-up. Days before ``first_day``, whose raw values were given up, stay as they are.
    """
    _make_touched(conn)
    return conn.execute(
        text(
            "WITH taken AS (DELETE FROM ops.touched_day RETURNING series_id, day)"
            " INSERT INTO touched SELECT DISTINCT series_id, day FROM taken"
            " WHERE day >= coalesce(CAST(:first_day AS date), '-infinity')"
        ),
        {"first_day": first_day},
    ).rowcount


def touch_everything(conn: Connection, *, first_day: date | None) -> int:
    """Every day of every series from ``first_day`` on, as ``touched``; the queue is emptied. Returns the rows."""
    _make_touched(conn)
    conn.execute(text("DELETE FROM ops.touched_day"))
    day = LOCAL_DAY.format(time="time")
    return conn.execute(
        text(
            f"INSERT INTO touched SELECT * FROM (SELECT DISTINCT series_id, {day} AS day FROM core.observation"
            " UNION SELECT series_id, day FROM derived.observation_daily) AS every"
            " WHERE day >= coalesce(CAST(:first_day AS date), '-infinity')"
        ),
        {"zone": LOCAL_ZONE.key, "first_day": first_day},
    ).rowcount


def _make_touched(conn: Connection) -> None:
    conn.execute(text("DROP TABLE IF EXISTS touched, touched_hour"))
    conn.execute(
        text(
            "CREATE TEMPORARY TABLE touched (series_id integer, day date, PRIMARY KEY (series_id, day)) ON COMMIT DROP"
        )
    )
    conn.execute(
        text("CREATE TEMPORARY TABLE touched_hour (series_id integer, time timestamptz) ON COMMIT DROP"),
    )


def touch(conn: Connection, *, series_ids: Sequence[int], first: datetime, last: datetime) -> None:
    """Ask for a roll-up of the stored values of some series, first <= time <= last; also after deleting them."""
    conn.execute(
        text(
            "INSERT INTO ops.touched_day (series_id, day) SELECT s, CAST(d AS date) FROM"
            " unnest(CAST(:series_ids AS integer[])) AS s, generate_series("
            + LOCAL_DAY.format(time="CAST(:first AS timestamptz)")
            + ", "
            + LOCAL_DAY.format(time="CAST(:last AS timestamptz)")
            + ", interval '1 day') AS d"
        ),
        {"series_ids": list(series_ids), "first": first, "last": last, "zone": LOCAL_ZONE.key},
    )


# ---------------------------------------------------------------- hours and days of series


def roll_up_hours(
    conn: Connection, *, layers: Sequence[Layer], settings: QualitySettings, everything: bool,
    first_day: date | None = None,
) -> int:  # fmt: skip
    """Write derived.observation_hourly for the ``touched`` days (all, read in one pass, with ``everything``).

    An hour has a value when enough of the values expected in it are good: measured (status 0), without mark, or
    approved by a person and not rejected by one. Returns the number of hours that changed.
    """
    _make_partitions(conn)
    values = _hows(layers) | {
        "share": settings.completeness_hour, "rejected": int(Flag.REJECTED), "sparse": int(Flag.SPARSE),
    }  # fmt: skip
    if everything:
        kept = f"time > {FIRST_DAY}"
        conn.execute(text(f"DELETE FROM derived.observation_hourly WHERE {kept}"), _from(first_day))
        fresh = sql("roll_up_hours").format(source=f"(SELECT * FROM core.observation WHERE {kept}) AS o")
        values |= _from(first_day)
        names = ", ".join(("series_id", "time", *HOUR_COLUMNS))
        written = conn.execute(text(f"INSERT INTO derived.observation_hourly ({names}) {fresh}"), values).rowcount
        conn.execute(text("ANALYZE derived.observation_hourly"))
        return written
    conn.execute(text("ANALYZE touched"))
    span = _span(conn)
    _make_fresh(conn, sql("roll_up_hours").format(source=TOUCHED_TIMES.format(table="core.observation")), values | span)
    place = "touched t WHERE " + TOUCHED_TIMES.format(table="").partition(" ON ")[2].replace("o.", "x.")
    table = Target("derived.observation_hourly", ("series_id", "time"), HOUR_COLUMNS, place, IN_SPAN)
    changed = _bring_to_fresh(conn, table, span, note="INSERT INTO touched_hour (series_id, time)")
    conn.execute(text("ANALYZE touched_hour"))
    return changed


def roll_up_days(
    conn: Connection, *, layers: Sequence[Layer], everything: bool, first_day: date | None = None
) -> int:  # fmt: skip
    """Write derived.observation_daily from the hours of the ``touched`` days. Returns the number of days that changed.

    A local day (+07) holds the hours that end after 00:00 up to and with 24:00.
    """
    values = _hows(layers) | {"zone": LOCAL_ZONE.key}
    if everything:
        gone = "DELETE FROM derived.observation_daily WHERE day >= coalesce(CAST(:first_day AS date), '-infinity')"
        conn.execute(text(gone), _from(first_day))
        source = f"(SELECT * FROM derived.observation_hourly WHERE time > {FIRST_DAY}) AS o"
        fresh = sql("roll_up_days").format(source=source)
        values |= _from(first_day)
        names = ", ".join(("series_id", "day", *DAY_COLUMNS))
        written = conn.execute(text(f"INSERT INTO derived.observation_daily ({names}) {fresh}"), values).rowcount
        conn.execute(text("ANALYZE derived.observation_daily"))
        return written
    fresh = sql("roll_up_days").format(source=TOUCHED_TIMES.format(table="derived.observation_hourly"))
    _make_fresh(conn, fresh, values | _span(conn))
    place = "touched t WHERE x.series_id = t.series_id AND x.day = t.day"
    return _bring_to_fresh(conn, Target("derived.observation_daily", ("series_id", "day"), DAY_COLUMNS, place), {})


def _from(first_day: date | None) -> dict[str, Any]:
    return {"first_day": first_day, "zone": LOCAL_ZONE.key}


def _hows(layers: Sequence[Layer]) -> dict[str, Any]:
    hows = [(layer.id, p.name, p.how) for layer in layers if layer.series for p in layer.series.parameters]
    return {
        "layers": [how[0] for how in hows], "parameters": [how[1] for how in hows], "hows": [how[2] for how in hows],
    }  # fmt: skip


def _span(conn: Connection) -> dict[str, Any]:
    """Times between which the touched days lie."""
    row = conn.execute(
        text(
            "SELECT CAST(min(day) AS timestamp) AT TIME ZONE :zone AS low,"
            " CAST(max(day) + 1 AS timestamp) AT TIME ZONE :zone AS high FROM touched"
        ),
        {"zone": LOCAL_ZONE.key},
    ).one()
    return {"low": row.low, "high": row.high, "zone": LOCAL_ZONE.key}


def _make_partitions(conn: Connection) -> None:
    """Partitions of the months that hold touched days: the last hour of a month ends in the next one."""
    conn.execute(
        text(
            "SELECT core.ensure_observation_partitions(month AT TIME ZONE 'UTC', month AT TIME ZONE 'UTC') FROM ("
            "SELECT DISTINCT date_trunc('month', CAST(day + shift AS timestamp)) AS month"
            " FROM touched, generate_series(-1, 1) AS shift) AS months"
        )
    )


@dataclass(frozen=True)
class Target:
    """A table, its key, and where in it rows are to be brought to those in ``fresh``: «other WHERE ...», ``x`` = it."""

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    place: str
    within: str = ""  # bounds on ``x`` that spare a look into partitions


def _make_fresh(conn: Connection, query: str, values: Mapping[str, Any]) -> None:
    """What a query gives as the temporary table ``fresh``, with statistics: the joins that follow depend on them."""
    conn.execute(text("DROP TABLE IF EXISTS fresh"))
    conn.execute(text(f"CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS {query}"), dict(values))
    conn.execute(text("ANALYZE fresh"))


def _bring_to_fresh(conn: Connection, target: Target, values: Mapping[str, Any], note: str | None = None) -> int:
    """Delete, insert and update until the place holds what ``fresh`` holds; rows that are right are not written.

    ``note`` is an INSERT without rows that takes the keys of what changed. Returns the number of changed rows.
    """
    table, key, every = target.table, target.key, (*target.key, *target.columns)
    keys = ", ".join(f"x.{name}" for name in key)
    same = " AND ".join(f"fresh.{name} = x.{name}" for name in key)
    ours, theirs = (", ".join(f"{alias}.{name}" for name in target.columns) for alias in ("x", "fresh"))
    gone = (
        f"DELETE FROM {table} x USING {target.place} AND NOT EXISTS (SELECT FROM fresh WHERE {same}) RETURNING {keys}"
    )
    written = (
        f"INSERT INTO {table} AS x ({', '.join(every)}) SELECT {', '.join('fresh.' + name for name in every)}"
        f" FROM fresh LEFT JOIN {table} x ON {same}{target.within}"
        f" WHERE x.{key[0]} IS NULL OR ({ours}) IS DISTINCT FROM ({theirs})"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE"
        f" SET {', '.join(f'{name} = excluded.{name}' for name in target.columns)} RETURNING {keys}"
    )
    changed = 0
    for statement in (gone, written):
        taken = f"WITH changed AS ({statement}) {note} SELECT * FROM changed" if note else statement
        changed += conn.execute(text(taken), dict(values)).rowcount
    return changed


# ---------------------------------------------------------------- units


def newest_hour(conn: Connection, *, layer: Layer, now: datetime) -> datetime | None:
    """The newest hour of a layer with a value, not after ``now``: a station's clock may run ahead."""
    return conn.execute(
        text(
            "SELECT max(newest.time) FROM core.series s CROSS JOIN LATERAL ("
            "SELECT h.time FROM derived.observation_hourly h WHERE h.series_id = s.id AND h.time <= :now"
            " AND h.value IS NOT NULL ORDER BY h.time DESC LIMIT 1) AS newest WHERE s.layer_id = :layer"
        ),
        {"layer": layer.id, "now": now},
    ).scalar()


def first_unit_hour(newest: datetime, *, days: int) -> datetime:
    """Start of the local day from which hours of units are kept, given the newest hour of the layer."""
    local = (newest - timedelta(microseconds=1)).astimezone(LOCAL_ZONE) - timedelta(days=days)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def roll_up_units(conn: Connection, *, layer: Layer, stations: Layer, everything: bool) -> int:
    """Write derived.unit_daily of one observation layer for the ``touched`` days, or for all days.

    A unit's value is the mean of its stations' daily values; its maximum the highest hourly value. A day is given for
    units in force on it, for the units of today and for the districts of 30 June 2025. Returns the rows that changed.
    """
    values = {"layer": layer.id}
    if everything:
        conn.execute(text("DELETE FROM derived.unit_daily WHERE layer_id = :layer"), values)
        source = "SELECT series_id, day, mean, maximum FROM derived.observation_daily"
        return _insert_units(conn, layer, stations, "derived.unit_daily", "day", "v.day", source, {})
    moments = (
        "SELECT DISTINCT s.parameter, t.day FROM touched t JOIN core.series s ON s.id = t.series_id"
        " WHERE s.layer_id = :layer"
    )
    source = (
        "SELECT d.series_id, d.day, d.mean, d.maximum FROM moments m JOIN core.series s"
        " ON s.layer_id = :layer AND s.parameter = m.parameter"
        " JOIN derived.observation_daily d ON d.series_id = s.id AND d.day = m.day"
    )
    return _merge_units(conn, layer, stations, "derived.unit_daily", "day", "v.day", moments, source, {})


def roll_up_unit_hours(
    conn: Connection, *, layer: Layer, stations: Layer, first: datetime, everything: bool
) -> int:  # fmt: skip
    """Write derived.unit_hourly of one layer after ``first``, for the hours in ``touched_hour`` or for all.

    Returns the number of rows that changed.
    """
    day = LOCAL_DAY.format(time="v.time")
    values = {"first": first, "zone": LOCAL_ZONE.key}
    if everything:
        conn.execute(text("DELETE FROM derived.unit_hourly WHERE layer_id = :layer"), {"layer": layer.id})
        source = (
            "SELECT series_id, time, value AS mean, value AS maximum FROM derived.observation_hourly"
            " WHERE time > :first"
        )
        return _insert_units(conn, layer, stations, "derived.unit_hourly", "time", day, source, values)
    moments = (
        "SELECT DISTINCT s.parameter, t.time FROM touched_hour t JOIN core.series s ON s.id = t.series_id"
        " WHERE s.layer_id = :layer AND t.time > :first"
    )
    source = (
        "SELECT h.series_id, h.time, h.value AS mean, h.value AS maximum FROM moments m JOIN core.series s"
        " ON s.layer_id = :layer AND s.parameter = m.parameter"
        " JOIN derived.observation_hourly h ON h.series_id = s.id AND h.time = m.time AND h.time > :first"
    )
    return _merge_units(conn, layer, stations, "derived.unit_hourly", "time", day, moments, source, values)


def drop_unit_hours(conn: Connection, *, layer: Layer, first: datetime | None) -> int:
    """Remove hours of units up to ``first``; all of the layer with None."""
    return conn.execute(
        text(
            "DELETE FROM derived.unit_hourly WHERE layer_id = :layer AND (CAST(:first AS timestamptz) IS NULL"
            " OR time <= :first)"
        ),
        {"layer": layer.id, "first": first},
    ).rowcount


def _insert_units(
    conn: Connection, layer: Layer, stations: Layer, table: str, moment: str, day: str, source: str,
    values: dict[str, Any],
) -> int:  # fmt: skip
    names = ", ".join(("unit_id", "layer_id", "parameter", moment, *UNIT_COLUMNS))
    fresh = _fresh_units(stations, moment, day, source)
    return conn.execute(text(f"INSERT INTO {table} ({names}) {fresh}"), _unit_values(layer) | values).rowcount


def _merge_units(
    conn: Connection, layer: Layer, stations: Layer, table: str, moment: str, day: str, moments: str, source: str,
    values: dict[str, Any],
) -> int:  # fmt: skip
    """Units at the ``moments`` (parameter and day or hour) that changed, from a ``source`` that speaks of them as m."""
    conn.execute(text("DROP TABLE IF EXISTS moments"))
    conn.execute(text(f"CREATE TEMPORARY TABLE moments ON COMMIT DROP AS {moments}"), {"layer": layer.id} | values)
    conn.execute(text("ANALYZE moments"))
    _make_fresh(conn, _fresh_units(stations, moment, day, source), _unit_values(layer) | values)
    place = f"moments m WHERE x.layer_id = :layer AND x.parameter = m.parameter AND x.{moment} = m.{moment}"
    target = Target(table, ("unit_id", "layer_id", "parameter", moment), UNIT_COLUMNS, place)
    return _bring_to_fresh(conn, target, {"layer": layer.id})


def _fresh_units(stations: Layer, moment: str, day: str, source: str) -> str:
    order = UNIT_ORDER[moment]  # of the primary key: rows written in its order cost a third
    return sql("roll_up_units").format(
        stations=f"layer.{stations.table}", moment=moment, day=day, source=source, order=order
    )


def _unit_values(layer: Layer) -> dict[str, Any]:
    assert layer.series is not None
    circular = [p.name for p in layer.series.parameters if p.how == "vector_mean"]
    return {"layer": layer.id, "circular": circular, "last_district_day": LAST_DISTRICT_DAY}
