"""Read-only questions of the screens: units of the province, indicators, summaries, feedback, runs and jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, text

from layers.model import Layer
from spatial.queries import forecasts
from spatial.queries import indicators as figures
from spatial.queries.statements import Row, select_rows, sql
from spatial.settings import LOCAL_ZONE


def find_province(conn: Connection, *, code: str | None, as_of: date) -> Row | None:
    """The province on screen: the one of that code, else the one with the most communes on that day."""
    rows = select_rows(
        conn,
        "SELECT province.id, province.key, province.code, province.name, province.type_vi FROM core.admin_unit province"
        " LEFT JOIN core.admin_unit unit ON unit.province_code = province.code AND unit.level = 'commune'"
        " WHERE province.level = 'province' AND province.valid_from <= :as_of"
        " AND (province.valid_to IS NULL OR province.valid_to > :as_of)"
        " AND (CAST(:code AS text) IS NULL OR province.code = :code)"
        " GROUP BY province.id ORDER BY count(unit.id) DESC, province.code LIMIT 1",
        code=code,
        as_of=as_of,
    )
    return rows[0] if rows else None


def list_screen_units(conn: Connection, *, province_id: int) -> list[Row]:
    """All versions of all units of the province and of those it was merged from, with boxes in degrees."""
    return select_rows(conn, sql("screen_units"), province_id=province_id)


def indicator_history(
    conn: Connection, *, unit_ids: Sequence[int], indicators: Sequence[str], first: date, last: date
) -> list[Row]:
    """Values and plans by unit, indicator and period; ``derived`` when put together from other units' figures.

    ``method`` says how: exact, by_people or by_area.
    """
    found = figures.history(conn, unit_ids=unit_ids, codes=indicators, first=first, last=last)
    return [
        {
            "unit_id": value.unit_id,
            "indicator": value.code,
            "period": value.period,
            "state": value.state,
            "value": value.value,
            "derived": not value.own,
            "method": value.method,
        }
        for value in found
    ]


def indicator_forecasts(conn: Connection, *, unit_ids: Sequence[int], indicators: Sequence[str]) -> list[Row]:
    """Newest forecast of each series: quantiles by month, model and reason; one row with NULLs when there is none."""
    found = select_rows(
        conn,
        "SELECT id, unit_id, parameter FROM core.series WHERE layer_id = 'indicator'"
        " AND unit_id = ANY(:unit_ids) AND parameter = ANY(:indicators)",
        unit_ids=list(unit_ids),
        indicators=list(indicators),
    )
    series = {row["id"]: row for row in found}
    return [
        {
            "unit_id": series[row["series_id"]]["unit_id"],
            "indicator": series[row["series_id"]]["parameter"],
            "period": row["target"].astimezone(LOCAL_ZONE).date() if row["target"] else None,
            **{name: row[name] for name in ("q10", "q50", "q90", "model", "reason", "issued_at")},
        }
        for row in forecasts.latest(conn, series_ids=list(series))
    ]


def zonal_values(conn: Connection, *, layer: Layer, unit_ids: Sequence[int], first: date, last: date) -> list[Row]:
    """Grid statistics by unit and day, with the part of the unit that has valid cells."""
    return select_rows(
        conn,
        "SELECT unit_id, time AS period, value, covered FROM derived.zonal WHERE layer_id = :layer"
        " AND unit_id = ANY(:unit_ids) AND time BETWEEN :first AND :last ORDER BY time",
        layer=layer.id,
        unit_ids=list(unit_ids),
        first=first,
        last=last,
    )


def feature_counts(conn: Connection, *, layer_id: str, unit_ids: Sequence[int]) -> list[Row]:
    """Features and area (m2) by unit and class, computed ahead by the summary job."""
    return select_rows(
        conn,
        "SELECT unit_id, class AS code, n, area_m2 FROM derived.feature_summary"
        " WHERE layer_id = :layer AND unit_id = ANY(:unit_ids) ORDER BY unit_id, n DESC",
        layer=layer_id,
        unit_ids=list(unit_ids),
    )


def layer_versions(conn: Connection) -> list[Row]:
    """Feature count, last change and newest data time of every layer ever loaded."""
    return select_rows(conn, "SELECT layer_id, version, features, changed_at, data_until FROM ops.layer_version")


def recent_runs(conn: Connection, *, limit: int) -> list[Row]:
    """Newest ingest runs first."""
    return select_rows(
        conn,
        "SELECT id, layer_id, source, agency, state, rows_read, rows_inserted, rows_updated, rows_unchanged,"
        " rows_rejected, values_flagged, message, started_at, finished_at FROM ops.ingest_run"
        " ORDER BY started_at DESC, id DESC LIMIT :limit",
        limit=limit,
    )


def quarantine_counts(conn: Connection) -> list[Row]:
    """Rejected rows by layer and reason, with one message as an example."""
    return select_rows(
        conn,
        "SELECT layer_id, reason, count(*) AS n, min(message) AS example FROM ops.quarantine"
        " GROUP BY layer_id, reason ORDER BY n DESC, layer_id, reason",
    )


def job_states(conn: Connection) -> list[Row]:
    """Every job with its newest run."""
    return select_rows(
        conn,
        "SELECT job.name, job.cron, job.enabled, run.state, run.progress, run.message, run.requested_at,"
        " run.started_at, run.finished_at FROM ops.job job LEFT JOIN LATERAL ("
        "SELECT * FROM ops.job_run WHERE job_run.job = job.name ORDER BY requested_at DESC, id DESC LIMIT 1"
        ") AS run ON true ORDER BY job.name",
    )


def synthetic_sources(conn: Connection) -> bool:
    """Whether the units on screen come from the generated sample province."""
    found = conn.execute(
        text("SELECT EXISTS (SELECT FROM core.admin_unit WHERE level = 'province' AND name ILIKE '%mẫu tổng hợp%')")
    )
    return bool(found.scalar())


def freshness(conn: Connection, *, layers: Sequence[str]) -> str:
    """A mark that changes whenever a load of these layers or a forecast run changed what screens show."""
    found = conn.execute(
        text(
            "SELECT concat_ws('/', (SELECT string_agg(layer_id || version, ',' ORDER BY layer_id)"
            " FROM ops.layer_version WHERE layer_id = ANY(:layers)),"
            " (SELECT extract(epoch FROM max(issued_at))::bigint FROM derived.forecast_issue))"
        ),
        {"layers": list(layers)},
    )
    return str(found.scalar())
