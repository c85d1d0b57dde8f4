"""Administrative units at a date, their drill-down, and the former districts. Validity is half open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from spatial.admin_units import LAST_DISTRICT_DAY, REFORM, Level, Link, PartialUnit, Unit
from spatial.errors import UnknownUnit
from spatial.queries.statements import sql

COLUMNS = """
    u.id, u.key, u.code, u.level, u.type_vi, u.name, u.parent_id, u.province_code, u.valid_from, u.valid_to,
    u.population, u.area_km2, box.west, box.south, box.east, box.north
"""
TABLE = """
    core.admin_unit u CROSS JOIN LATERAL (
        SELECT ST_XMin(b) AS west, ST_YMin(b) AS south, ST_XMax(b) AS east, ST_YMax(b) AS north
        FROM CAST(coalesce(u.geom_map, u.geom) AS box3d) AS b) AS box
"""
VALID = "u.valid_from <= :as_of AND (u.valid_to IS NULL OR u.valid_to > :as_of)"


def to_unit(row: RowMapping | Mapping[str, Any]) -> Unit:
    """A row with COLUMNS as a value."""
    return Unit(
        row["id"], row["key"], row["code"], row["level"], row["type_vi"], row["name"], row["parent_id"],
        row["province_code"], row["valid_from"], row["valid_to"], row["population"], row["area_km2"],
        (row["west"], row["south"], row["east"], row["north"]),
    )  # fmt: skip


def _select(conn: Connection, where: str, order: str = "u.code", **values: Any) -> list[Unit]:
    statement = text(f"SELECT {COLUMNS} FROM {TABLE} WHERE {where} ORDER BY {order}")  # noqa: S608
    return [to_unit(row) for row in conn.execute(statement, values).mappings()]


def get_unit(conn: Connection, *, code: str, level: Level | None = None, as_of: date) -> Unit:
    """The version of a unit in force on a day.

    :raises UnknownUnit: when no unit has the code on that day; the sentence says when the code was in force.
    """
    found = _select(
        conn,
        f"u.code = :code AND (CAST(:level AS text) IS NULL OR u.level = :level) AND {VALID}",
        code=code,
        level=level,
        as_of=as_of,
    )
    if found:
        return found[0]
    versions = _select(conn, "u.code = :code", "u.valid_from", code=code)
    periods = "; ".join(
        f"{unit.full_name()} {unit.valid_from:%d/%m/%Y} - {f'{unit.valid_to:%d/%m/%Y}' if unit.valid_to else '...'}"
        for unit in versions
    )
    detail = f" (there is: {periods})" if periods else ""
    raise UnknownUnit(f"There is no administrative unit {code!r} on {as_of:%d/%m/%Y}{detail}.")


def unit_by_id(conn: Connection, *, unit_id: int) -> Unit:
    """One version by its id.

    :raises UnknownUnit: when there is none.
    """
    found = _select(conn, "u.id = :unit_id", unit_id=unit_id)
    if not found:
        raise UnknownUnit(f"There is no administrative unit with id {unit_id}.")
    return found[0]


def list_units(conn: Connection, *, level: Level, as_of: date, province_code: str | None = None) -> list[Unit]:
    """All units of a level in force on a day, by code."""
    return _select(
        conn,
        f"u.level = :level AND {VALID} AND (CAST(:province_code AS text) IS NULL OR u.province_code = :province_code)",
        level=level,
        as_of=as_of,
        province_code=province_code,
    )


def children(conn: Connection, *, unit_id: int, as_of: date) -> list[Unit]:
    """Units directly below, in force on the day; of a former district after its end, the communes that touch it."""
    parent = unit_by_id(conn, unit_id=unit_id)
    if parent.level == "district" and not parent.valid_on(as_of):
        return [part.unit for part in communes_of_former_district(conn, district_id=unit_id, as_of=as_of)]
    return _select(conn, f"u.parent_code = :code AND {VALID}", code=parent.code, as_of=as_of)


def path(conn: Connection, *, unit_id: int, as_of: date) -> list[Unit]:
    """Breadcrumb from the province down to the unit.

    A unit that ended before ``as_of`` hangs below the unit of ``as_of`` that holds most of its parent, so that a
    former district is found below the province of today.

    :raises UnknownUnit: when the unit does not exist, or began after ``as_of``.
    """
    unit = unit_by_id(conn, unit_id=unit_id)
    if as_of < unit.valid_from:
        raise UnknownUnit(f"{unit.full_name()} ({unit.code}) is in force only from {unit.valid_from:%d/%m/%Y}.")
    trail = [unit]
    while trail[0].parent_id is not None:
        above = _parent(conn, unit=trail[0], as_of=as_of)
        if above is None:
            break
        trail.insert(0, above)
    return trail


def _parent(conn: Connection, *, unit: Unit, as_of: date) -> Unit | None:
    if unit.valid_on(as_of):
        above = "u.code = (SELECT parent_code FROM core.admin_unit WHERE id = :id)"
        found = _select(conn, f"{above} AND {VALID}", id=unit.id, as_of=as_of)
        return found[0] if found else None
    assert unit.parent_id is not None
    parent = unit_by_id(conn, unit_id=unit.parent_id)
    if parent.level != "province":
        return parent
    return successor(conn, unit_id=parent.id, as_of=as_of) or parent


def successor(conn: Connection, *, unit_id: int, as_of: date) -> Unit | None:
    """The unit of ``as_of``, of the same level, that holds most of an earlier one; itself while it is in force."""
    unit: Unit | None = unit_by_id(conn, unit_id=unit_id)
    while unit is not None and not unit.valid_on(as_of):
        found = _select(
            conn,
            "u.level = :level AND u.id = (SELECT l.successor_id FROM core.admin_link l"
            " JOIN core.admin_unit s ON s.id = l.successor_id AND s.level = :level"
            " WHERE l.predecessor_id = :id AND s.valid_from <= :as_of"
            " ORDER BY l.people_share DESC, l.area_share DESC, l.successor_id LIMIT 1)",
            level=unit.level,
            id=unit.id,
            as_of=as_of,
        )
        unit = found[0] if found else None
    return unit


def former_districts(conn: Connection, *, province_code: str) -> list[Unit]:
    """Districts of 30 June 2025 on the ground of a province: a level to drill through after the reform.

    The code is one of today; a code that only an old province had gives that province's own districts.
    """
    rows = conn.execute(
        text(sql("former_districts").format(columns=COLUMNS, table=TABLE)),
        {"province_code": province_code, "reform": REFORM, "last_day": LAST_DISTRICT_DAY},
    )
    return [to_unit(row) for row in rows.mappings()]


def communes_of_former_district(conn: Connection, *, district_id: int, as_of: date) -> list[PartialUnit]:
    """Communes in force on the day that hold ground of a district, with the part of the commune that lies in it."""
    district = unit_by_id(conn, unit_id=district_id)
    if district.valid_on(as_of):
        return [PartialUnit(unit, 1.0, 1.0) for unit in children(conn, unit_id=district_id, as_of=as_of)]
    rows = conn.execute(
        text(sql("communes_of_former_district").format(columns=COLUMNS, table=TABLE)),
        {"district_id": district_id, "as_of": as_of},
    )
    return [PartialUnit(to_unit(row), row["area_share"], row["people_share"]) for row in rows.mappings()]


def ids_of_level(conn: Connection, *, level: Level, as_of: date) -> list[int]:
    """Ids of all units of a level in force on a day."""
    statement = text(f"SELECT u.id FROM core.admin_unit u WHERE u.level = :level AND {VALID}")  # noqa: S608
    return list(conn.execute(statement, {"level": level, "as_of": as_of}).scalars())


def all_units(conn: Connection) -> list[Unit]:
    """Every version of every unit."""
    return _select(conn, "true")


def links_of(conn: Connection, *, unit_ids: list[int]) -> list[Link]:
    """Links into and out of the units."""
    rows = conn.execute(
        text(
            "SELECT predecessor_id, successor_id, area_share, people_share, successor_area_share,"
            " successor_people_share, method FROM core.admin_link"
            " WHERE predecessor_id = ANY(:ids) OR successor_id = ANY(:ids) ORDER BY predecessor_id, successor_id"
        ),
        {"ids": unit_ids},
    )
    return [Link(*row) for row in rows]
