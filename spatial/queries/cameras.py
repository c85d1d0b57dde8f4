"""Cameras: their state as the probe saw it, their outages, and the places none of them sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from layers.model import Layer
from spatial.queries.statements import Row, select_rows, sql
from spatial.schema.feature import feature_table
from spatial.settings import LOCAL_ZONE

# What a camera is, worked out from inventory and probe: of a camera without address only the inventory speaks.
CONDITION = (
    "CASE WHEN s.key IS NULL THEN CASE c.state WHEN 'offline' THEN 'offline' WHEN 'online' THEN 'unchecked'"
    " ELSE 'unknown' END WHEN s.fails >= :fails THEN 'offline' WHEN s.reason = 'frozen' THEN 'frozen'"
    " WHEN s.ok THEN 'online' ELSE 'unsteady' END"
)


def list_cameras(conn: Connection, *, unit_id: int | None, fails: int) -> list[Row]:
    """Cameras of a unit with condition, last picture and the outage that is going on; never an address.

    ``condition``: online, frozen, unsteady (last probe failed), offline, unchecked (inventory says online, nobody
    asked), unknown.
    """
    return select_rows(
        conn,
        f"SELECT c.key, c.name, c.sector, c.heading, c.field_of_view, c.reach, c.commune_code, c.last_seen,"  # noqa: S608
        f" ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat, {CONDITION} AS condition, s.checked_at, s.reason, s.latency_ms,"
        " s.frame_at, s.frame_sha256, s.since, o.started_at AS down_since"
        " FROM layer.camera c LEFT JOIN core.camera_state s ON s.key = c.key"
        " LEFT JOIN core.camera_outage o ON o.key = c.key AND o.ended_at IS NULL"
        " WHERE CAST(:unit_id AS integer) IS NULL OR c.unit_ids @> ARRAY[CAST(:unit_id AS integer)]"
        ' ORDER BY c.name COLLATE "vi-x-icu", c.key',
        unit_id=unit_id,
        fails=fails,
    )


def get_camera(conn: Connection, *, key: str, fails: int) -> Row | None:
    """One camera as in ``list_cameras``."""
    return next((row for row in list_cameras(conn, unit_id=None, fails=fails) if row["key"] == key), None)


def list_outages(conn: Connection, *, key: str, limit: int = 20) -> list[Row]:
    """Outages of a camera, newest first."""
    return select_rows(
        conn,
        "SELECT started_at, ended_at, reason FROM core.camera_outage WHERE key = :key"
        " ORDER BY started_at DESC LIMIT :limit",
        key=key,
        limit=limit,
    )


def coverage_gaps(conn: Connection, *, layer: Layer, unit_id: int | None, limit: int = 200) -> list[Row]:
    """Places no camera sees for certain, the farthest from any camera first."""
    table = feature_table(layer)
    label = layer.overlay.label or "key"
    return select_rows(
        conn,
        f"SELECT g.key, p.{label} AS name, p.commune_code, ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat, g.maybe_by,"  # noqa: S608
        f" g.nearest, g.distance_m FROM derived.camera_coverage g JOIN {table.fullname} p ON p.key = g.key"
        " WHERE g.layer_id = :layer AND g.seen_by = '{}'"
        " AND (CAST(:unit_id AS integer) IS NULL OR g.unit_ids @> ARRAY[CAST(:unit_id AS integer)])"
        " ORDER BY g.distance_m DESC NULLS FIRST LIMIT :limit",
        layer=layer.id,
        unit_id=unit_id,
        limit=limit,
    )


def coverage_counts(conn: Connection, *, unit_id: int | None) -> list[Row]:
    """By layer: places, those seen, and those that a camera of unknown heading may see."""
    return select_rows(
        conn,
        "SELECT layer_id, count(*) AS places, count(*) FILTER (WHERE seen_by <> '{}') AS seen,"
        " count(*) FILTER (WHERE seen_by = '{}' AND maybe_by <> '{}') AS maybe FROM derived.camera_coverage"
        " WHERE CAST(:unit_id AS integer) IS NULL OR unit_ids @> ARRAY[CAST(:unit_id AS integer)]"
        " GROUP BY layer_id ORDER BY layer_id",
        unit_id=unit_id,
    )


def find_coverage(conn: Connection, *, layer: Layer, reach: float, field_of_view: float) -> int:
    """Work out anew which cameras see each place of a layer; returns the number of places."""
    conn.execute(text("DELETE FROM derived.camera_coverage WHERE layer_id = :layer"), {"layer": layer.id})
    found = conn.execute(
        text(
            "INSERT INTO derived.camera_coverage (layer_id, key, unit_ids, seen_by, maybe_by, nearest, distance_m)"  # noqa: S608
            " SELECT CAST(:layer AS text), found.* FROM ("
            + sql("camera_coverage").format(table=feature_table(layer).fullname)
            + ") found"
        ),
        {"layer": layer.id, "reach": reach, "field_of_view": field_of_view},
    )
    return found.rowcount


def probed_addresses(conn: Connection) -> list[Row]:
    """Addresses to ask, with what the last probe found; for the owner's login alone."""
    return select_rows(
        conn,
        "SELECT p.key, p.stream_url AS address, s.frame_sha256, s.fails, s.frame_at, s.reason, s.same"
        " FROM layer.camera_private p LEFT JOIN core.camera_state s ON s.key = p.key"
        " WHERE p.stream_url IS NOT NULL AND p.stream_url <> '' ORDER BY p.key",
    )


def save_probes(conn: Connection, *, rows: Sequence[Row], at: datetime, fails: int) -> int:
    """Write what a round of probes found, open and end outages, and let the layer say who is online.

    Rows: key, ok, reason, latency_ms, digest, same, fails. What was known of cameras that have no address any more goes
    away. Returns how many cameras changed their state.
    """
    conn.execute(
        text(
            "DELETE FROM core.camera_state s WHERE NOT EXISTS (SELECT FROM layer.camera_private p"
            " WHERE p.key = s.key AND p.stream_url <> '')"
        )
    )
    if not rows:
        return 0
    conn.execute(
        text(
            "INSERT INTO core.camera_state AS s (key, checked_at, ok, reason, latency_ms, last_ok_at, frame_at,"
            " frame_sha256, fails, same) VALUES (:key, :at, :ok, :reason, :latency_ms, CASE WHEN :ok THEN :at END,"
            " CASE WHEN :same = 0 AND :ok THEN :at END, :digest, :fails, :same)"
            " ON CONFLICT (key) DO UPDATE SET checked_at = excluded.checked_at, ok = excluded.ok,"
            " reason = excluded.reason, latency_ms = excluded.latency_ms,"
            " last_ok_at = COALESCE(excluded.last_ok_at, s.last_ok_at),"
            " frame_at = COALESCE(excluded.frame_at, s.frame_at),"
            " frame_sha256 = COALESCE(excluded.frame_sha256, s.frame_sha256),"
            " fails = excluded.fails, same = excluded.same"
        ),
        [{**row, "at": at} for row in rows],
    )
    given = {"at": at, "keys": [row["key"] for row in rows], "fails": fails}
    conn.execute(
        text(
            "UPDATE core.camera_outage o SET ended_at = :at FROM core.camera_state s WHERE s.key = o.key"
            " AND o.ended_at IS NULL AND s.ok AND s.key = ANY(:keys)"
        ),
        given,
    )
    conn.execute(
        text(
            "INSERT INTO core.camera_outage (key, started_at, reason)"
            " SELECT s.key, COALESCE(s.last_ok_at, :at), s.reason FROM core.camera_state s"
            " WHERE s.key = ANY(:keys) AND s.fails >= :fails AND NOT EXISTS"
            " (SELECT FROM core.camera_outage o WHERE o.key = s.key AND o.ended_at IS NULL)"
        ),
        given,
    )
    changed = conn.execute(
        text(
            "UPDATE layer.camera c SET state = new.state, last_seen = COALESCE(new.frame_at, c.last_seen),"
            " updated_at = now() FROM (SELECT key, frame_at,"
            " CASE WHEN fails >= :fails THEN 'offline' WHEN ok THEN 'online' END AS state FROM core.camera_state"
            " WHERE key = ANY(:keys)) new WHERE c.key = new.key"
            " AND new.state IS NOT NULL AND c.state IS DISTINCT FROM new.state"
        ),
        given,
    )
    return changed.rowcount


def inventory_mark(conn: Connection) -> str:
    """A text that changes when a camera is moved, turned, added or taken away."""
    return str(
        conn.execute(
            text(
                "SELECT md5(COALESCE(string_agg(concat_ws(' ', key, ST_AsText(geom), heading, field_of_view, reach),"
                " ',' ORDER BY key), '')) FROM layer.camera"
            )
        ).scalar_one()
    )


def save_availability(conn: Connection, *, now: datetime) -> int:
    """Indicator ``camera_online`` of this month and the one before: time without outage / time looked after, per cent.

    By unit, over the cameras that are asked; ``n`` is their number. Returns the rows written.
    """
    return conn.execute(text(sql("camera_availability")), {"zone": LOCAL_ZONE.key, "now": now}).rowcount


def counting_lines(conn: Connection, *, camera: str) -> list[Row]:
    """Counting lines in the picture of a camera, with the newest hour of each."""
    return select_rows(
        conn,
        "SELECT l.key, l.name, l.heading, (SELECT max(h.time) FROM core.series s JOIN derived.observation_hourly h"
        " ON h.series_id = s.id WHERE s.layer_id = 'counting_observation' AND s.feature_key = l.key"
        " AND h.time > now() - interval '45 days') AS newest"
        " FROM layer.counting_line l WHERE l.camera_code = :camera ORDER BY l.key",
        camera=camera,
    )
