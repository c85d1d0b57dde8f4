"""Which units hold a feature, how many a unit holds, and how things are found by name."""

from __future__ import annotations

import unicodedata

import pytest
from helpers.toy import draw_units
from helpers.toy_data import add_points
from sqlalchemy import Connection, text

from ingest.jobs import run_job, run_jobs
from layers.registry import get_layer
from spatial.access import SYSTEM, connect
from spatial.admin_units import REFORM
from spatial.queries.place import place_features
from spatial.queries.search import find_places
from spatial.queries.summary import counts


@pytest.fixture
def toy(database: str) -> None:
    with connect(SYSTEM) as conn:
        draw_units(conn)
    run_job("links")


def placed(conn: Connection, layer: str, key: str) -> tuple[set[str], str | None, str | None]:
    row = conn.execute(
        text(f"SELECT unit_ids, commune_code, former_district_code FROM layer.{layer} WHERE key = :key"), {"key": key}
    ).one()
    keys = conn.execute(text("SELECT key FROM core.admin_unit WHERE id = ANY(:ids)"), {"ids": row[0]}).scalars()
    return set(keys), row[1], row[2]


def test_a_feature_knows_every_version_of_every_unit_that_holds_it(toy: None) -> None:
    with connect(SYSTEM) as conn:
        add_points(conn, "school", {"S1": (106.22, 20.05)}, name="Trường")  # western half of the split commune 10005
        keys, commune, district = placed(conn, "school", "S1")
    assert keys == {"12.2020-01-01", "103.2020-01-01", "10005.2020-01-01", "11.2025-07-01", "10003.2025-07-01"}
    assert (commune, district) == ("10003", "103")


def test_a_feature_on_a_border_is_counted_once(toy: None) -> None:
    with connect(SYSTEM) as conn:
        add_points(conn, "school", {"S1": (106.1, 20.05)}, name="Trường")
        keys, _, _ = placed(conn, "school", "S1")
    assert len(keys) == 5


def test_a_feature_outside_every_unit_has_none(toy: None) -> None:
    with connect(SYSTEM) as conn:
        add_points(conn, "school", {"S1": (100.0, 10.0)}, name="Trường")
        assert placed(conn, "school", "S1") == (set(), None, None)


def test_placing_again_writes_nothing(toy: None) -> None:
    with connect(SYSTEM) as conn:
        add_points(conn, "school", {"S1": (106.05, 20.05), "S2": (106.55, 20.05)}, name="Trường")
        assert place_features(conn, layer=get_layer("school"), run_id=None) == 0


def test_only_the_rows_of_a_run_are_placed_when_one_is_named(toy: None) -> None:
    with connect(SYSTEM) as conn:
        add_points(conn, "school", {"S1": (106.05, 20.05)}, name="Trường")
        first = conn.execute(text("SELECT run_id FROM layer.school")).scalar_one()
        add_points(conn, "school", {"S2": (106.55, 20.05)}, name="Trường")
        conn.execute(text("UPDATE layer.school SET unit_ids = '{}'"))
        assert place_features(conn, layer=get_layer("school"), run_id=first) == 1


def test_the_place_job_follows_units_that_change(toy: None) -> None:
    with connect(SYSTEM) as conn:
        add_points(conn, "school", {"S1": (106.05, 20.05)}, name="Trường")
        conn.execute(text("UPDATE core.admin_unit SET valid_to = '2026-01-01' WHERE key = '10001.2025-07-01'"))
        conn.execute(
            text(
                "INSERT INTO core.admin_unit (key, code, level, type_vi, name, name_fold, parent_code, valid_from,"
                " geom, label_point) SELECT '10001.2026-01-01', code, level, 'Phường', name, name_fold, parent_code,"
                " '2026-01-01', geom, label_point FROM core.admin_unit WHERE key = '10001.2025-07-01'"
            )
        )
    run_jobs(["links", "place"])
    with connect(SYSTEM) as conn:
        keys, commune, _ = placed(conn, "school", "S1")
        shares = conn.execute(
            text(
                "SELECT area_share, method FROM core.admin_link l JOIN core.admin_unit n ON n.id = l.successor_id"
                " WHERE n.key = '10001.2026-01-01'"
            )
        ).one()
    assert {"10001.2025-07-01", "10001.2026-01-01"} <= keys
    assert commune == "10001"
    assert tuple(shares) == (1.0, "exact")


def test_counts_by_unit_and_class_cover_every_version(toy: None) -> None:
    with connect(SYSTEM) as conn:
        add_points(conn, "school", {"S1": (106.05, 20.05), "S2": (106.06, 20.05)}, name="Trường", stage="primary")
        add_points(conn, "school", {"S3": (106.55, 20.05)}, name="Trường", stage=None)
    run_job("summary")
    with connect(SYSTEM) as conn:
        unit = {row.key: row.id for row in conn.execute(text("SELECT key, id FROM core.admin_unit"))}
        assert counts(conn, layer_id="school", unit_id=unit["11.2025-07-01"]) == {"primary": (2, None), "": (1, None)}
        assert counts(conn, layer_id="school", unit_id=unit["11.2020-01-01"]) == {"primary": (2, None)}
        assert counts(conn, layer_id="school", unit_id=unit["105.2020-01-01"]) == {"": (1, None)}
    assert run_job("summary") == "nothing new"


def test_areas_of_polygons_are_geodesic(toy: None) -> None:
    with connect(SYSTEM) as conn:
        conn.execute(
            text(
                "INSERT INTO layer.land_plan (key, zone_code, planned_code, geom)"
                " VALUES ('Z', 'Z', 'LUC', ST_Multi(ST_MakeEnvelope(106.01, 20.01, 106.02, 20.02, 4326)))"
            )
        )
        place_features(conn, layer=get_layer("land_plan"), run_id=None)
    run_job("summary")
    with connect(SYSTEM) as conn:
        unit = conn.execute(text("SELECT id FROM core.admin_unit WHERE key = '10001.2025-07-01'")).scalar_one()
        [(number, area)] = counts(conn, layer_id="land_plan", unit_id=unit).values()
    assert number == 1
    assert area == pytest.approx(1046.4 * 1107.1, rel=2e-3)  # m along the parallel and the meridian at 20 N


@pytest.mark.parametrize("query", ["THPT Nguyễn Huệ", "nguyen hue", "NGUYỄN HUỆ", "hue an hoa"])
def test_things_with_a_name_are_found_with_or_without_diacritics(toy: None, query: str) -> None:
    with connect(SYSTEM) as conn:
        add_points(conn, "school", {"S1": (106.05, 20.05)}, name="Trường THPT Nguyễn Huệ")
    run_job("search")
    with connect(SYSTEM) as conn:
        found = find_places(conn, query=query, as_of=REFORM, limit=5)
    assert [(row["layer_id"], row["title"]) for row in found] == [("school", "Trường THPT Nguyễn Huệ, Xã An Hòa")]


def test_parcels_and_events_are_not_in_the_search_box(toy: None) -> None:
    run_job("search")
    with connect(SYSTEM) as conn:
        layers = set(conn.execute(text("SELECT name FROM ops.watermark WHERE name LIKE 'search.%'")).scalars())
    assert {"search.school", "search.clinic", "search.camera", "search.air_station", "search.admin_unit"} <= layers
    assert not {"search.parcel", "search.feedback", "search.land_plan"} & layers


def test_an_ended_unit_says_until_when_it_was(toy: None) -> None:
    run_job("search")
    with connect(SYSTEM) as conn:
        title = conn.execute(
            text("SELECT title FROM derived.search_entry WHERE layer_id = 'admin_unit' AND key = '10005.2020-01-01'")
        ).scalar_one()
    assert title == "Xã Xã số 10005, Huyện Huyện số 103, Tỉnh Nam Định (đến 30/06/2025)"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("nam dinh", "Phường Nam Định"),
        ("NAM ĐỊNH", "Phường Nam Định"),
        (unicodedata.normalize("NFD", "Nam Định"), "Phường Nam Định"),
        ("P. Nam Định", "Phường Nam Định"),
        ("T. Nam Định", "Tỉnh Nam Định"),
        ("tỉnh nam định", "Tỉnh Nam Định"),
        ("dong tam", "Xã Đồng Tâm"),
        ("xuan truong", "Xã Xuân Trường"),
        ("xa xuan", "Xã Xuân Trường"),
        ("huyện số 103", "Huyện Huyện số 103"),
    ],
)
def test_units_are_found_without_diacritics_and_by_type_word_or_abbreviation(toy: None, query: str, first: str) -> None:
    with connect(SYSTEM) as conn:
        found = find_places(conn, query=query, as_of=REFORM, limit=5)
    assert found[0]["title"] == first


def test_units_of_today_come_before_those_that_ended(toy: None) -> None:
    with connect(SYSTEM) as conn:
        found = find_places(conn, query="nam dinh", as_of=REFORM, limit=5)
    assert [(row["title"], row["valid_to"]) for row in found] == [("Phường Nam Định", None), ("Tỉnh Nam Định", REFORM)]


def test_an_abbreviation_in_the_name_of_a_thing_is_taken_as_it_stands(toy: None) -> None:
    with connect(SYSTEM) as conn:
        add_points(conn, "clinic", {"C1": (106.05, 20.05)}, name="TT Y tế An Hòa")
    run_job("search")
    with connect(SYSTEM) as conn:
        found = find_places(conn, query="TT Y tế", as_of=REFORM, limit=5)
    assert [row["title"] for row in found] == ["TT Y tế An Hòa, Xã An Hòa"]


@pytest.mark.parametrize("query", ["%", "_", "  ", "\\"])
def test_the_search_box_takes_wildcards_as_letters(toy: None, query: str) -> None:
    with connect(SYSTEM) as conn:
        assert find_places(conn, query=query, as_of=REFORM, limit=5) == []
