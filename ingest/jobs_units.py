"""Jobs ``links`` and ``place``: what is derived from the administrative units once they change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import shapely
from sqlalchemy import Connection, Row, text

from ingest.people import count_people
from layers.registry import registry
from spatial.access import SYSTEM, connect
from spatial.admin_units import LEVELS, Link, valid_on
from spatial.analysis.coverage import generalise
from spatial.analysis.links import Pieces, build_links, overlay, spread_people, unit_areas
from spatial.progress import Progress
from spatial.queries.place import place_features
from spatial.queries.statements import sql
from spatial.queries.versions import bump_version

PART_VERTICES = 128


@dataclass(frozen=True)
class Units:
    """Units as arrays; all of one length."""

    rows: list[Row]
    geometry: np.ndarray

    @cached_property
    def areas(self) -> dict[int, float]:
        """Area (m2) by id."""
        return dict(zip((row.id for row in self.rows), unit_areas(self.geometry).tolist(), strict=True))

    def where(self, **equal: object) -> np.ndarray:
        """Indices of the rows whose columns have these values."""
        return np.array(
            [i for i, row in enumerate(self.rows) if all(getattr(row, k) == v for k, v in equal.items())], dtype=int
        )


@dataclass(frozen=True)
class Shares:
    """Amounts by pair of unit ids, before they become shares."""

    predecessor: np.ndarray
    successor: np.ndarray
    area: np.ndarray
    people: np.ndarray
    counted: bool


def build_units(progress: Progress) -> str:
    """Parents, province codes, pieces, map geometry and links, from scratch, in one transaction."""
    with connect(SYSTEM) as conn:
        before = _digest(conn)
        progress("parents", 0.0)
        _set_parents(conn)
        progress("pieces", 0.05)
        _cut_pieces(conn)
        units = _read_units(conn)
        progress("map geometry", 0.3)
        _generalise(conn, units)
        progress("links", 0.5)
        links = find_links(conn, units, progress)
        _write_links(conn, links)
        if _digest(conn) != before:  # a nightly run that finds nothing new leaves caches alone
            bump_version(conn, layer_id="admin_unit")
    return f"{len(units.rows)} units, {len(links)} links"


def place_all(progress: Progress) -> str:
    """Units of every feature, anew; layers in which nothing moved keep their version."""
    layers = [layer for layer in registry().values() if layer.kind == "feature"]
    moved = 0
    for number, layer in enumerate(layers):
        progress(layer.title.vi, number / len(layers))
        with connect(SYSTEM) as conn:
            changed = place_features(conn, layer=layer, run_id=None)
            if changed:
                bump_version(conn, layer_id=layer.id)
        moved += changed
    return f"{moved} features moved to other units"


def _set_parents(conn: Connection) -> None:
    conn.execute(text(sql("unit_parents_by_place")))
    conn.execute(text(sql("unit_parents")))
    conn.execute(text(sql("unit_provinces")))
    conn.execute(
        text(
            "UPDATE core.admin_unit SET label_point = ST_PointOnSurface(geom)"
            " WHERE NOT ST_Intersects(geom, label_point)"
        )
    )


def _digest(conn: Connection) -> str:
    """Fingerprint of all that ``build_units`` derives and others read."""
    return str(conn.execute(text(sql("unit_digest"))).scalar_one())


def _cut_pieces(conn: Connection) -> None:
    conn.execute(text("DELETE FROM core.admin_unit_part"))
    conn.execute(
        text(
            "INSERT INTO core.admin_unit_part (unit_id, geom)"
            " SELECT id, piece FROM core.admin_unit, ST_Subdivide(geom, :vertices) AS piece"
            " WHERE ST_Dimension(piece) = 2"
        ),
        {"vertices": PART_VERTICES},
    )
    conn.execute(text("ANALYZE core.admin_unit_part"))


def _read_units(conn: Connection) -> Units:
    rows = list(
        conn.execute(
            text(
                "SELECT id, code, level, parent_id, valid_from, valid_to, population, ST_AsBinary(geom) AS wkb"
                " FROM core.admin_unit ORDER BY id"
            )
        )
    )
    return Units(rows, shapely.from_wkb([row.wkb for row in rows]) if rows else np.array([], dtype=object))


def _generalise(conn: Connection, units: Units) -> None:
    """Simplify the units of each level that were in force together, the newest set first."""
    simple: dict[int, object] = {}
    for level in LEVELS:
        rows = [(i, row) for i, row in enumerate(units.rows) if row.level == level]
        for day in sorted({row.valid_from for _, row in rows}, reverse=True):
            together = [(i, row.id) for i, row in rows if valid_on(row.valid_from, row.valid_to, day)]
            if all(unit_id in simple for _, unit_id in together):
                continue
            shapes = generalise(units.geometry[[i for i, _ in together]])
            for (_, unit_id), shape in zip(together, shapes, strict=True):
                simple.setdefault(unit_id, shape)
    conn.execute(
        text(
            "UPDATE core.admin_unit u SET geom_map = ST_Multi(ST_GeomFromWKB(w.wkb, 4326))"
            " FROM unnest(CAST(:ids AS integer[]), CAST(:wkb AS bytea[])) AS w (id, wkb) WHERE u.id = w.id"
        ),
        {"ids": list(simple), "wkb": [bytes(shapely.to_wkb(shape)) for shape in simple.values()]},
    )


def find_links(conn: Connection, units: Units, progress: Progress) -> list[Link]:
    """Links at every day on which units ended: to units of the same level, and from districts to communes."""
    days = sorted({row.valid_to for row in units.rows if row.valid_to is not None})
    links: list[Link] = []
    for number, day in enumerate(days):
        progress(f"links {day:%d/%m/%Y}", 0.5 + 0.45 * number / len(days))
        links += _links_on(conn, units, day)
    return links


def _links_on(conn: Connection, units: Units, day: date) -> list[Link]:
    old = {level: units.where(level=level, valid_to=day) for level in LEVELS}
    new = {level: units.where(level=level, valid_from=day) for level in LEVELS}
    links: list[Link] = []
    communes: Shares | None = None
    for level in LEVELS:
        if len(old[level]) and len(new[level]):
            shares = _amounts(conn, units, old[level], new[level])
            links += _to_links(shares, units.areas)
            communes = shares if level == "commune" else communes
    if len(old["district"]) and not len(new["district"]) and len(new["commune"]):
        links += _district_links(conn, units, old["district"], new["commune"], communes)
    return links


def _to_links(shares: Shares, whole: dict[int, float]) -> list[Link]:
    return build_links(
        shares.predecessor, shares.successor, shares.area, shares.people, counted=shares.counted, whole=whole
    )


def _district_links(
    conn: Connection, units: Units, districts: np.ndarray, communes: np.ndarray, by_commune: Shares | None
) -> list[Link]:
    """Old districts to new communes: summed over the old communes of a district, cut by boundary where it had none."""
    parent = {row.id: row.parent_id for row in units.rows}
    known: set[int] = set()
    shares: list[Shares] = []
    if by_commune is not None:
        district = np.array([parent[i] or -1 for i in by_commune.predecessor], dtype=int)
        has = np.isin(district, [units.rows[i].id for i in districts])
        known = set(district[has].tolist())
        shares.append(
            Shares(district[has], by_commune.successor[has], by_commune.area[has], by_commune.people[has],
                   by_commune.counted)
        )  # fmt: skip
    rest = np.array([i for i in districts if units.rows[i].id not in known], dtype=int)
    if len(rest):
        shares.append(_amounts(conn, units, rest, communes))
    return _to_links(_join(shares), units.areas)


def _join(several: list[Shares]) -> Shares:
    return Shares(
        np.concatenate([s.predecessor for s in several]),
        np.concatenate([s.successor for s in several]),
        np.concatenate([s.area for s in several]),
        np.concatenate([s.people for s in several]),
        several[0].counted,
    )


def _amounts(conn: Connection, units: Units, old: np.ndarray, new: np.ndarray) -> Shares:
    """Area and people of what each old unit has in common with each new one."""
    pieces: Pieces = overlay(units.geometry[old], units.geometry[new])
    people = count_people(conn, pieces.geometry)
    counted = people is not None
    if people is None:
        declared = [units.rows[i].population for i in old]
        people = spread_people(pieces, np.array([np.nan if p is None else p for p in declared], dtype=float))
    ids = np.array([row.id for row in units.rows], dtype=int)
    return Shares(ids[old][pieces.predecessor], ids[new][pieces.successor], pieces.area, people, counted)


def _write_links(conn: Connection, links: list[Link]) -> None:
    conn.execute(text("DELETE FROM core.admin_link"))
    if links:
        conn.execute(
            text(
                "INSERT INTO core.admin_link (predecessor_id, successor_id, area_share, people_share,"
                " successor_area_share, successor_people_share, method) VALUES (:predecessor_id, :successor_id,"
                " :area_share, :people_share, :successor_area_share, :successor_people_share, :method)"
            ),
            [{name: getattr(link, name) for name in Link.__slots__} for link in links],
        )
