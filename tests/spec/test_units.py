"""Administrative units across the reform of 1 July 2025, on the toy province of helpers/toy.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import shapely
from helpers.toy import AFTER, BEFORE, draw_units
from sqlalchemy import Connection, text

from ingest.jobs import run_job
from spatial.access import SYSTEM, connect
from spatial.errors import UnknownUnit
from spatial.queries import units

TODAY = date(2026, 3, 15)


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    with connect(SYSTEM) as connection:
        draw_units(connection)
    run_job("links")
    with connect(SYSTEM) as connection:
        yield connection


def codes(found: list) -> list[str]:
    return [unit.code for unit in found]


def shares(conn: Connection, old: str, new: str) -> tuple[float, float, float, float, str]:
    row = conn.execute(
        text(
            "SELECT area_share, people_share, successor_area_share, successor_people_share, method"
            " FROM core.admin_link l JOIN core.admin_unit o ON o.id = l.predecessor_id"
            " JOIN core.admin_unit n ON n.id = l.successor_id"
            " WHERE o.code = :old AND n.code = :new AND o.valid_to = n.valid_from"
        ),
        {"old": old, "new": new},
    ).one()
    return (*(round(value, 3) for value in row[:4]), row[4])


def test_a_code_alone_is_not_a_place_so_the_day_decides(conn: Connection) -> None:
    before = units.get_unit(conn, code="11", as_of=BEFORE)
    after = units.get_unit(conn, code="11", as_of=AFTER)
    assert (before.name, after.name) == ("Sông Thượng", "Sông Hà")
    assert before.key == "11.2020-01-01"
    assert after.key == "11.2025-07-01"


def test_validity_is_half_open(conn: Connection) -> None:
    assert units.get_unit(conn, code="101", as_of=BEFORE).former
    with pytest.raises(UnknownUnit, match=r"101.*01/07/2025.*Huyện số 101 01/01/2020 - 01/07/2025"):
        units.get_unit(conn, code="101", as_of=AFTER)


def test_an_unknown_code_is_named_in_the_error(conn: Connection) -> None:
    with pytest.raises(UnknownUnit, match="99999"):
        units.get_unit(conn, code="99999", as_of=AFTER)


def test_before_the_reform_the_drill_down_has_three_levels(conn: Connection) -> None:
    province = units.get_unit(conn, code="12", as_of=BEFORE)
    assert codes(units.children(conn, unit_id=province.id, as_of=BEFORE)) == ["103", "104"]
    district = units.get_unit(conn, code="103", as_of=BEFORE)
    assert codes(units.children(conn, unit_id=district.id, as_of=BEFORE)) == ["10005", "10007"]
    commune = units.get_unit(conn, code="10005", as_of=BEFORE)
    assert codes(units.path(conn, unit_id=commune.id, as_of=BEFORE)) == ["12", "103", "10005"]


def test_after_the_reform_communes_hang_below_the_province(conn: Connection) -> None:
    province = units.get_unit(conn, code="11", as_of=AFTER)
    found = units.children(conn, unit_id=province.id, as_of=TODAY)
    assert codes(found) == ["10001", "10003", "10004", "10007", "10010", "10011"]
    assert codes(units.path(conn, unit_id=found[0].id, as_of=TODAY)) == ["11", "10001"]


def test_every_unit_knows_its_province_of_the_time(conn: Connection) -> None:
    assert units.get_unit(conn, code="10009", as_of=BEFORE).province_code == "13"
    assert units.get_unit(conn, code="10007", as_of=AFTER).province_code == "11"
    assert codes(units.list_units(conn, level="district", as_of=BEFORE, province_code="13")) == ["105", "106"]
    assert units.list_units(conn, level="district", as_of=AFTER) == []


def test_former_districts_stay_a_level_of_the_province_of_today(conn: Connection) -> None:
    assert codes(units.former_districts(conn, province_code="11")) == ["101", "102", "103", "104", "105", "106"]
    assert codes(units.former_districts(conn, province_code="13")) == ["105", "106"]


def test_a_former_district_is_found_below_the_province_of_today(conn: Connection) -> None:
    district = units.get_unit(conn, code="105", as_of=BEFORE)
    trail = units.path(conn, unit_id=district.id, as_of=TODAY)
    assert [(unit.code, unit.name) for unit in trail] == [("11", "Sông Hà"), ("105", "Huyện số 105")]


def test_a_path_of_a_unit_that_is_not_yet_in_force_is_refused(conn: Connection) -> None:
    commune = units.get_unit(conn, code="10007", as_of=AFTER)
    with pytest.raises(UnknownUnit, match="01/07/2025"):
        units.path(conn, unit_id=commune.id, as_of=BEFORE)


@pytest.mark.parametrize(
    ("district", "expected"),
    [
        # code of the commune, part of its area in the district, part of its people
        ("101", {"10001": 0.5, "10003": 0.667}),
        ("103", {"10003": 0.333, "10007": 0.6}),
        ("104", {"10004": 0.5, "10007": 0.4}),
        ("105", {"10010": 0.333, "10011": 1.0}),
    ],
)
def test_communes_of_a_former_district_say_which_part_lies_in_it(
    conn: Connection, district: str, expected: dict[str, float]
) -> None:
    unit = units.get_unit(conn, code=district, as_of=BEFORE)
    found = units.communes_of_former_district(conn, district_id=unit.id, as_of=TODAY)
    assert {part.unit.code: round(part.area_share, 3) for part in found} == expected
    assert {part.unit.code: part.partial for part in found} == {code: share < 1 for code, share in expected.items()}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # old, new: part of the old area and people, part of the new area and people, method
        ("10001", "10001", (1.0, 1.0, 0.5, 0.5, "exact")),
        ("10005", "10003", (0.5, 0.5, 0.333, 0.333, "by_area")),
        ("10005", "10007", (0.5, 0.5, 0.2, 0.2, "by_area")),
        ("10011", "10011", (1.0, 1.0, 1.0, 1.0, "exact")),
        ("103", "10003", (0.25, 0.25, 0.333, 0.333, "by_area")),
        ("12", "11", (1.0, 1.0, 0.333, 0.333, "exact")),
    ],
)
def test_links_carry_shares_of_both_sides(conn: Connection, old: str, new: str, expected: tuple) -> None:
    assert shares(conn, old, new) == expected


def test_shares_of_every_unit_add_up_to_one(conn: Connection) -> None:
    for side, names in (("predecessor", "area_share"), ("successor", "successor_area_share")):
        totals = conn.execute(
            text(
                f"SELECT sum({names}) FROM core.admin_link l JOIN core.admin_unit o ON o.id = l.predecessor_id"
                f" JOIN core.admin_unit n ON n.id = l.successor_id WHERE o.level = n.level GROUP BY {side}_id"
            )
        ).scalars()
        assert all(total == pytest.approx(1, abs=1e-9) for total in totals)


def test_old_communes_without_boundaries_leave_links_from_districts(database: str) -> None:
    with connect(SYSTEM) as conn:
        draw_units(conn)
        conn.execute(text("DELETE FROM core.admin_unit WHERE level = 'commune' AND valid_to IS NOT NULL"))
    run_job("links")
    with connect(SYSTEM) as conn:
        assert shares(conn, "103", "10003")[:4] == (0.25, 0.25, 0.333, 0.333)


def test_a_border_drawn_twice_makes_no_link(database: str) -> None:
    with connect(SYSTEM) as conn:
        draw_units(conn)
        # The new commune F was digitised again, 40 m further west: a sliver of its neighbour, not a part of it.
        conn.execute(
            text(
                "UPDATE core.admin_unit SET geom = ST_Multi(ST_Translate(geom, -0.0004, 0))"
                " WHERE code = '10011' AND valid_to IS NULL"
            )
        )
    run_job("links")
    with connect(SYSTEM) as conn:
        pairs = conn.execute(
            text(
                "SELECT o.code FROM core.admin_link l JOIN core.admin_unit o ON o.id = l.predecessor_id"
                " JOIN core.admin_unit n ON n.id = l.successor_id WHERE n.code = '10011' AND o.level = 'commune'"
            )
        ).scalars()
        assert list(pairs) == ["10011"]


def test_the_links_job_may_run_again_and_changes_nothing(conn: Connection) -> None:
    statement = text("SELECT * FROM core.admin_link ORDER BY predecessor_id, successor_id")
    before = conn.execute(statement).all()
    conn.commit()
    run_job("links")
    with connect(SYSTEM) as again:
        assert again.execute(statement).all() == before


def test_generalised_neighbours_keep_one_border(conn: Connection) -> None:
    shapes = [
        shapely.from_wkb(row[0])
        for row in conn.execute(
            text("SELECT ST_AsBinary(geom_map) FROM core.admin_unit WHERE level = 'commune' AND valid_to IS NULL")
        )
    ]
    assert shapely.coverage_is_valid(shapes)
    assert shapely.union_all(shapes).area == pytest.approx(0.12)
