"""The real data sets: what their README says is wrong with them is found by our checks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.databases import Databases
from helpers.ingest import load, query, scalar

from ingest.recipe import load_recipe, read_recipe, recipe_files
from ingest.report import RunReport
from spatial.access import SYSTEM
from spatial.settings import REPOSITORY

pytestmark = pytest.mark.real
RECIPE = REPOSITORY / "data" / "recipes" / "real.toml"
type Reports = dict[str, RunReport]


@pytest.fixture(scope="module")
def loaded(databases: Databases, empty_template: str, real_data: Path) -> Iterator[Reports]:
    """Every file of the recipe loaded once; its report by file name (of several runs of a file, the first)."""
    with databases.temporary("real", empty_template):
        reports: Reports = {}
        for report in load_recipe(read_recipe(RECIPE), real_data, actor=SYSTEM):
            reports.setdefault(Path(report.source).name, report)
        yield reports


def test_every_file_of_the_set_is_loaded_or_named_with_a_reason(real_data):
    recipe = read_recipe(RECIPE)
    named = {path for _, path in recipe_files(recipe, real_data)} | {real_data / entry.path for entry in recipe.skipped}
    there = {path for path in real_data.rglob("*") if path.is_file() and path.name != "README.md"}
    assert named == there


def test_every_row_read_is_stored_or_refused(loaded):
    for name, report in loaded.items():
        wide = "healthyair_hcmc_2021" in name or "openmeteo" in name or "sfbay_water" in name
        if not wide:
            assert report.rows_read == report.accepted + report.rows_rejected, name


@pytest.mark.parametrize(
    ("name", "rows", "reason", "count"),
    [
        ("boston_311_animal_street_2013_2019.csv.gz", 46_638, "not_before", 10),
        ("boston_311_animal_street_2013_2019.csv.gz", 46_638, "geometry_missing", 70),
        ("cambridge_ma_parcels_fy2014.parquet", 13_116, "invalid_geometry", 37),
        ("cambridge_ma_parcels_fy2014.parquet", 13_116, "duplicate_key", 80),
        ("cambridge_ma_planimetric_polygons.parquet", 78_270, "invalid_geometry", 1_781),
        ("hanoi_hospitals_osm.csv", 252, "not_null", 10),
        ("vn_census2019_population_by_district.csv", 712, "unknown_unit", 21),
        ("vn2025_units_area_population.csv.gz", 3_321, "not_an_integer", 4),
    ],
)
def test_documented_defects_go_to_quarantine(loaded, name, rows, reason, count):
    assert (loaded[name].rows_read, loaded[name].rejected[reason]) == (rows, count)


def test_the_key_ml_is_missing_once_and_repeated_eighty_times(loaded):
    rows = query(
        "SELECT field, reason, count(*) AS n FROM ops.quarantine WHERE source LIKE '%parcels_fy2014.parquet'"
        " AND reason IN ('not_null', 'duplicate_key') GROUP BY 1, 2 ORDER BY 2"
    )
    assert [tuple(row) for row in rows] == [(None, "duplicate_key", 80), ("parcel_no", "not_null", 1)]


def test_cameras_without_a_code_or_with_one_of_another_are_twenty_three_and_the_first_empty_one(loaded):
    rejected = loaded["hcmc_traffic_cameras.csv"].rejected
    # The README counts the empty codes after the first as repeated.
    assert rejected["duplicate_key"] + rejected["not_null"] == 23 + 1


def test_nine_invalid_wards_are_repaired_and_recorded(loaded):
    assert loaded["vn2025_wards_full_5prov.parquet"].flagged["repaired_geometry"] == 9
    found = query(
        "SELECT row ->> 'province_code' AS code, count(*) AS n FROM ops.quarantine"
        " WHERE reason = 'repaired_geometry' GROUP BY 1 ORDER BY 1"
    )
    assert [tuple(row) for row in found] == [("20", 3), ("66", 2), ("68", 1), ("79", 3)]
    assert scalar("SELECT bool_and(ST_IsValid(geom)) FROM core.admin_unit")


def test_wards_said_to_have_no_people_are_marked(loaded):
    marked = "SELECT count(*) FROM ops.quarantine WHERE reason = 'range' AND kept AND field = :field"
    assert scalar(marked, field="population") == 66
    assert scalar(marked, field="area_km2") == 2


def test_sentinels_are_not_values_and_garbage_is_marked(loaded):
    report = loaded["openaq_hanoi_measurements.csv.gz"]
    assert (report.rows_read, report.flagged["sentinel"]) == (170_271, 7_016)
    assert scalar("SELECT count(*) FROM core.observation WHERE value = -999 AND flag = 0") == 0
    negative = query(
        "SELECT min(o.value) AS lowest, bool_and(o.flag & 1 = 1) AS marked FROM core.observation o"
        " JOIN core.series s ON s.id = o.series_id WHERE o.value < 0 AND s.parameter = 'o3'"
    )[0]
    assert negative.lowest < -25_934
    assert negative.marked
    below_zero = scalar(
        "SELECT count(*) FROM core.observation o JOIN core.series s ON s.id = o.series_id"
        " WHERE s.layer_id = 'air_observation' AND s.parameter NOT IN ('temperature', 'humidity')"
        " AND s.feature_key NOT LIKE 'HCMC%' AND s.feature_key NOT LIKE '%model' AND (o.value < 0 OR o.flag & 8 = 8)"
    )
    assert below_zero == 7_627


def test_pm25_above_pm10_is_marked_on_both(loaded):
    assert loaded["openaq_hanoi_measurements.csv.gz"].flagged["inconsistent"] > 0


def test_units_of_both_systems_are_there_as_versions(loaded):
    found = query(
        "SELECT level, valid_to IS NULL AS now, count(*) AS n FROM core.admin_unit GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert [tuple(row) for row in found] == [
        ("commune", True, 3_321),
        ("district", False, 692),
        ("province", False, 62),
        ("province", True, 34),
    ]


def test_rain_is_in_millimetres_and_the_fullest_cell_has_the_documented_people(loaded):
    assert scalar("SELECT max(maximum) FROM core.grid WHERE layer_id = 'rainfall_grid'") == pytest.approx(79, abs=1)
    assert scalar("SELECT count(*) FROM core.grid WHERE layer_id = 'rainfall_grid'") == 366
    assert scalar("SELECT max(maximum) FROM core.grid WHERE layer_id = 'population_grid'") == pytest.approx(
        69_419, abs=1
    )


def test_the_whole_set_again_changes_nothing(loaded, real_data):
    versions = query("SELECT layer_id, version FROM ops.layer_version ORDER BY 1")
    reports = load_recipe(read_recipe(RECIPE), real_data, actor=SYSTEM)
    assert {report.state for report in reports} == {"unchanged"}
    assert query("SELECT layer_id, version FROM ops.layer_version ORDER BY 1") == versions


def test_a_file_read_again_by_force_changes_nothing(loaded, real_data):
    path = real_data / "air" / "openaq_hanoi_measurements.csv.gz"
    report = load("air_observation", path, force=True, columns={"station": "location_id"})
    assert (report.inserted, report.updated, report.unchanged) == (0, 0, 170_271)
