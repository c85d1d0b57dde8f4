"""OGC API - Processes: zonal statistics against a direct computation, the unit report, refusals, jobs."""

from __future__ import annotations

import json
import time
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from exactextract import exact_extract
from helpers.feeds import Feeds, make_feeds
from sqlalchemy import text

from spatial.access import SYSTEM, connect
from spatial.queries.grids import list_grids
from spatial.settings import data_settings

ZONAL = "/processes/zonal-statistics/execution"
REPORT = "/processes/unit-report/execution"


@pytest.fixture(scope="module")
def feeds(province: str) -> Feeds:
    return make_feeds()


def good(feeds: Feeds, path: str, **inputs: Any) -> dict[str, Any]:
    response = feeds.post(path, {"inputs": inputs})
    assert response.status_code == 200, response.get_data(as_text=True)[:500]
    found: dict[str, Any] = json.loads(response.get_data())
    return found


def direct(layer_id: str, shape: Any, how: str) -> float:
    """The newest grid's statistic from exactextract's own cells; a mean is weighted by their area on the sphere."""
    with connect(SYSTEM) as conn:
        grid = list_grids(conn, layer_id=layer_id)[-1]
    frame = geopandas.GeoDataFrame(geometry=[shape], crs=4326).to_crs(grid.crs)
    path = str(data_settings().raster(grid.path))
    if how == "sum":
        return float(exact_extract(path, frame, ["sum"], output="pandas")["sum"].iloc[0])
    cells = exact_extract(path, frame, ["values", "coverage", "center_y"], output="pandas").iloc[0]
    weights = cells["coverage"] * np.cos(np.radians(cells["center_y"]))
    return float(np.average(cells["values"], weights=weights))


def unit_rows() -> list[Any]:
    with connect(SYSTEM) as conn:
        return list(
            conn.execute(
                text(
                    "SELECT DISTINCT ON (level) level, code, key, ST_AsBinary(geom) AS geom FROM core.admin_unit"
                    " WHERE valid_to IS NULL ORDER BY level, code"
                )
            )
        )


def test_both_processes_describe_themselves_in_both_languages(feeds: Feeds) -> None:
    titles = {
        language: {item["id"]: item["title"] for item in feeds.json("/processes", lang=language)["processes"]}
        for language in ("vi-VN", "en-US")
    }
    assert set(titles["vi-VN"]) == set(titles["en-US"]) == {"zonal-statistics", "unit-report"}
    for process, title in titles["vi-VN"].items():
        assert title != titles["en-US"][process]
        assert feeds.json(f"/processes/{process}")["inputs"]
        assert feeds.get(f"/processes/{process}", f="html").status_code == 200


@pytest.mark.parametrize(("layer_id", "how"), [("population_grid", "sum"), ("rainfall_grid", "mean")])
def test_zonal_statistics_of_a_unit_equal_exactextract(feeds: Feeds, layer_id: str, how: str) -> None:
    for unit in unit_rows():
        result = good(feeds, ZONAL, layer=layer_id, unit=unit.key)
        assert result["unit"]["key"] == unit.key
        assert result["method"] == how
        expected = direct(layer_id, shapely.from_wkb(bytes(unit.geom)), how)
        assert result["value"] == pytest.approx(expected, rel=1e-4)


def test_zonal_statistics_of_a_drawn_polygon_equal_exactextract(feeds: Feeds) -> None:
    province = shapely.from_wkb(bytes(next(unit.geom for unit in unit_rows() if unit.level == "province")))
    shape = shapely.Point(province.representative_point()).buffer(0.05)
    result = good(feeds, ZONAL, layer="population_grid", polygon=shapely.geometry.mapping(shape))
    assert result["value"] == pytest.approx(direct("population_grid", shape, "sum"), rel=1e-4)
    assert 0 < result["covered"] <= 1


def test_the_parts_of_a_unit_sum_to_the_whole(feeds: Feeds) -> None:
    with connect(SYSTEM) as conn:
        keys = conn.execute(
            text("SELECT key FROM core.admin_unit WHERE level = 'commune' AND valid_to IS NULL")
        ).scalars()
        parts = sum(good(feeds, ZONAL, layer="population_grid", unit=key)["value"] or 0 for key in keys)
    whole = next(unit for unit in unit_rows() if unit.level == "province")
    assert parts == pytest.approx(good(feeds, ZONAL, layer="population_grid", unit=whole.key)["value"], rel=1e-3)


def test_the_report_of_a_unit_counts_its_features_and_names_its_indicators(feeds: Feeds) -> None:
    unit = next(unit for unit in unit_rows() if unit.level == "province")
    report = good(feeds, REPORT, unit=unit.code, level="province")
    assert report["unit"]["key"] == unit.key
    with connect(SYSTEM) as conn:
        schools = conn.execute(
            text("SELECT count(*) FROM layer.school WHERE unit_ids @> ARRAY[CAST(:id AS integer)]"),
            {"id": conn.execute(text("SELECT id FROM core.admin_unit WHERE key = :k"), {"k": unit.key}).scalar()},
        ).scalar()
    counted = {row["layer"]: row["features"] for row in report["layers"]}
    assert counted["school"] == schools
    assert "feedback_event" not in counted
    assert report["indicators"]
    assert all(row["title"] and row["unit_of_measure"] and row["state"] != "plan" for row in report["indicators"])
    assert all(row["values"] > 0 for row in report["observations"])


def test_the_report_of_a_former_unit_is_that_of_its_time(feeds: Feeds) -> None:
    with connect(SYSTEM) as conn:
        code = conn.execute(
            text("SELECT code FROM core.admin_unit WHERE level = 'district' AND valid_to = '2025-07-01' LIMIT 1")
        ).scalar_one()
    assert good(feeds, REPORT, unit=code, level="district", date="2025-06-30")["unit"]["level"] == "district"
    refused = feeds.post(REPORT, {"inputs": {"unit": code, "level": "district", "date": "2025-07-01"}})
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        (ZONAL, {"inputs": {}}, "layer"),
        (ZONAL, {"inputs": {"layer": "parcel", "unit": "97"}}, "grid layer"),
        (ZONAL, {"inputs": {"layer": "population_grid"}}, "unit or polygon"),
        (ZONAL, {"inputs": {"layer": "population_grid", "unit": "97", "polygon": {}}}, "unit or polygon"),
        (ZONAL, {"inputs": {"layer": "population_grid", "unit": "no such"}}, "no such"),
        (ZONAL, {"inputs": {"layer": "population_grid", "unit": "97", "date": "soon"}}, "day"),
        (ZONAL, {"inputs": {"layer": "population_grid", "unit": 97}}, "text"),
        (ZONAL, {"inputs": {"layer": "population_grid", "unit": "97", "level": "village"}}, "level"),
        (ZONAL, {"inputs": {"layer": "population_grid", "polygon": {"type": "Point"}}}, "polygon"),
        (ZONAL, {"inputs": {"layer": "population_grid", "polygon": {"type": "Polygon", "coordinates": []}}}, "polygon"),
        (
            ZONAL,
            {"inputs": {"layer": "population_grid", "polygon": {
                "type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}}},
            "valid",
        ),
        (ZONAL, {"inputs": {"layer": "rainfall_grid", "unit": "97", "date": "2026-01-01", "x": 1}}, "input"),
        (REPORT, {"inputs": {"unit": ""}}, "unit"),
        (REPORT, {"inputs": {"unit": "00000"}}, "00000"),
        (REPORT, {"inputs": [1]}, "object"),
        (REPORT, {"inputs": {"unit": "97"}, "subscriber": {"successUri": "http://127.0.0.1/"}}, "subscriber"),
        (REPORT, [1], "object"),
    ],
)  # fmt: skip
def test_a_wrong_input_is_refused_with_a_sentence(feeds: Feeds, path: str, body: Any, word: str) -> None:
    response = feeds.post(path, body)
    assert response.status_code == 400, response.get_data(as_text=True)[:300]
    assert word in feeds.sentence(response)


def test_an_unknown_process_and_an_unknown_job_are_404(feeds: Feeds) -> None:
    assert feeds.post("/processes/no-such/execution", {"inputs": {}}).status_code == 404
    for job in ("no-such", "../../etc/passwd", "00000000-0000-0000-0000-000000000000"):
        assert feeds.get(f"/jobs/{job}", f="json").status_code == 404


def test_a_job_runs_in_the_background_and_keeps_its_result(feeds: Feeds) -> None:
    unit = next(unit for unit in unit_rows() if unit.level == "province")
    inputs = {"layer": "population_grid", "unit": unit.key}
    started = feeds.post(ZONAL, {"inputs": inputs}, headers={"Prefer": "respond-async"})
    assert started.status_code == 201
    job = started.headers["Location"].split("/ogc", 1)[1]
    until = time.monotonic() + 30
    while feeds.json(job)["status"] in ("accepted", "running") and time.monotonic() < until:
        time.sleep(0.05)
    assert feeds.json(job)["status"] == "successful"
    assert json.loads(feeds.get(f"{job}/results").get_data()) == good(feeds, ZONAL, **inputs)
    assert feeds.client.delete(f"/ogc{job}").status_code == 200
    assert feeds.get(job, f="json").status_code == 404


def test_nobody_lists_the_jobs_of_others(feeds: Feeds) -> None:
    assert feeds.json("/jobs")["jobs"] == []


def test_values_are_numbers_json_can_carry(feeds: Feeds) -> None:
    shape = shapely.geometry.mapping(shapely.box(10, 10, 10.1, 10.1))
    result = good(feeds, ZONAL, layer="population_grid", polygon=shape)
    assert result["value"] is None
    assert result["covered"] == 0
    assert not np.isnan(result["covered"])
