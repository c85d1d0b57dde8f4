"""A toy reform drawn on squares of 0.1 degree, small enough to check by hand.

Old provinces 11, 12, 13 (two columns of squares each) became province 11 on 1 July 2025. Each square is an old commune
of 1,000 people; rows are old districts: 101, 103, 105 below and 102, 104, 106 above.

    row 1   10002 10004 | 10006 10008 | 10010 10012        new:  A  B  B  D  E  E
    row 0   10001 10003 | 10005 10007 | 10009 10011              A  C  CD D  E  F
              col 0  1       2     3       4     5

A = 10001, so it holds squares of two districts; the square 10005 was split in the middle between C and D.
"""

from __future__ import annotations

from datetime import date

import shapely
from sqlalchemy import Connection, text

from spatial.admin_units import REFORM

WEST, SOUTH, SIDE = 106.0, 20.0, 0.1
BEFORE = date(2025, 6, 30)
AFTER = date(2025, 7, 1)
FIRST = date(2020, 1, 1)


def square(column: float, row: float, width: float = 1, height: float = 1) -> shapely.Geometry:
    """A rectangle of squares; ``column`` and ``row`` name its lower left one."""
    x, y = WEST + column * SIDE, SOUTH + row * SIDE
    return shapely.box(x, y, x + width * SIDE, y + height * SIDE)


def commune_code(column: int, row: int) -> str:
    """Code of an old commune."""
    return f"100{2 * column + row + 1:02d}"


NEW_COMMUNES = {
    "10001": ("An Hòa", [square(0, 0, 1, 2)]),  # A
    "10004": ("Bình Yên", [square(1, 1, 2, 1)]),  # B
    "10003": ("Xuân Trường", [square(1, 0, 1.5, 1)]),  # C
    "10007": ("Đồng Tâm", [square(2.5, 0, 1.5, 1), square(3, 1)]),  # D
    "10010": ("Nam Định", [square(4, 0), square(4, 1, 2, 1)]),  # E
    "10011": ("Yên Bình", [square(5, 0)]),  # F
}


def draw_units(conn: Connection) -> None:
    """Write the units as ingest would: without parents' ids, pieces, map geometry and links."""
    for number, name in enumerate(("Sông Thượng", "Nam Định", "Hải Bình")):
        _unit(conn, f"{11 + number}", "province", "Tỉnh", name, None, FIRST, REFORM, 4000, square(2 * number, 0, 2, 2))
    for province in range(3):
        for row in range(2):
            code = f"10{2 * province + row + 1}"
            _unit(conn, code, "district", "Huyện", f"Huyện số {code}", f"{11 + province}", FIRST, REFORM, 2000,
                  square(2 * province, row, 2, 1))  # fmt: skip
            for column in (2 * province, 2 * province + 1):
                old = commune_code(column, row)
                _unit(conn, old, "commune", "Xã", f"Xã số {old}", code, FIRST, REFORM, 1000, square(column, row))
    _unit(conn, "11", "province", "Tỉnh", "Sông Hà", None, REFORM, None, 12000, square(0, 0, 6, 2))
    for code, (name, parts) in NEW_COMMUNES.items():
        kind = "Phường" if name == "Nam Định" else "Xã"
        _unit(conn, code, "commune", kind, name, "11", REFORM, None, None, shapely.union_all(parts))


def _unit(
    conn: Connection, code: str, level: str, kind: str, name: str, parent: str | None, first: date, end: date | None,
    people: int | None, shape: shapely.Geometry,
) -> None:  # fmt: skip
    # Nodes where neighbours meet, as surveyed boundaries have them.
    shape = shapely.transform(shapely.segmentize(shape, SIDE / 2 + 1e-9), lambda points: points.round(6))
    conn.execute(
        text(
            "INSERT INTO core.admin_unit (key, code, level, type_vi, name, name_fold, parent_code, valid_from,"
            " valid_to, population, geom, label_point) VALUES (:key, :code, :level, :kind, :name,"
            " core.vn_fold(:kind || ' ' || :name), :parent, :first, :end, :people,"
            " ST_Multi(ST_GeomFromText(:wkt, 4326)), ST_PointOnSurface(ST_GeomFromText(:wkt, 4326)))"
        ),
        {"key": f"{code}.{first}", "code": code, "level": level, "kind": kind, "name": name, "parent": parent,
         "first": first, "end": end, "people": people, "wkt": shape.wkt},
    )  # fmt: skip
