"""Figures and plans of units, as ingest stores them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

from spatial.admin_units import Unit


def put(
    conn: Connection,
    unit: Unit,
    code: str,
    period: date,
    value: float,
    state: str = "official",
    *,
    issued: date | None = None,
    units_behind: int | None = None,
) -> None:
    """One figure of a unit, as ingest stores it."""
    series = conn.execute(
        text(
            "INSERT INTO core.series (layer_id, feature_key, parameter, unit_id) VALUES ('indicator', :key, :code, :id)"
            " ON CONFLICT (layer_id, feature_key, parameter) DO UPDATE SET unit_id = excluded.unit_id RETURNING id"
        ),
        {"key": unit.key, "code": code, "id": unit.id},
    ).scalar_one()
    if state == "plan":
        plan(conn, series, period, value, issued or period)
        return
    conn.execute(
        text(
            "INSERT INTO core.indicator_value (series_id, period, state, value, units) VALUES (:s, :p, :state, :v, :n)"
        ),
        {"s": series, "p": period, "state": state, "v": value, "n": units_behind},
    )


def plan(conn: Connection, series: int, year: date, value: float, issued: date) -> None:
    conn.execute(
        text(
            "INSERT INTO core.indicator_plan (series_id, year, issued_on, value, document)"
            " VALUES (:s, :y, :i, :v, :document)"
        ),
        {"s": series, "y": year, "i": issued, "v": value, "document": f"QĐ {issued.year}/{issued.month}"},
    )
