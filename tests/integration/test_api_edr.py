"""OGC API - Environmental Data Retrieval: series of stations as CoverageJSON and CSV, good values only."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
import shapely
from helpers.feeds import OBSERVED, Feeds, make_feeds
from sqlalchemy import text

from layers.registry import get_layer
from spatial.access import SYSTEM, connect


@pytest.fixture(scope="module")
def feeds(province: str) -> Feeds:
    return make_feeds()


def series_of(layer_id: str) -> Any:
    series = get_layer(layer_id).series
    assert series is not None
    return series


def station_of(layer_id: str) -> tuple[str, str, float, float]:
    """Key, parameter and position of a station that has values."""
    table = f"layer.{get_layer(series_of(layer_id).station_layer).table}"
    with connect(SYSTEM) as conn:
        row = conn.execute(
            text(
                f"SELECT st.key, s.parameter, ST_X(st.geom), ST_Y(st.geom) FROM {table} st"
                " JOIN core.series s ON s.feature_key = st.key AND s.layer_id = :layer"
                " WHERE EXISTS (SELECT FROM core.observation o WHERE o.series_id = s.id AND o.value IS NOT NULL"
                " AND o.flag = 0 AND o.status = 0) ORDER BY st.key, s.parameter LIMIT 1"
            ),
            {"layer": layer_id},
        ).one()
    return row[0], row[1], row[2], row[3]


def stored(layer_id: str, key: str, parameter: str) -> dict[str, float | None]:
    """Approved hours by time, hours without a value as None; a sample taken at 9:30 belongs to the hour 10:00."""
    with connect(SYSTEM) as conn:
        rows = conn.execute(
            text(
                "SELECT h.time, h.value FROM derived.observation_hourly h JOIN core.series s ON s.id = h.series_id"
                " WHERE s.layer_id = :layer AND s.feature_key = :key AND s.parameter = :parameter"
            ),
            {"layer": layer_id, "key": key, "parameter": parameter},
        )
        return {f"{row[0]:%Y-%m-%dT%H:%M:%SZ}": row[1] for row in rows}


def values_of(coverage: dict[str, Any], parameter: str) -> dict[str, float | None]:
    times = coverage["domain"]["axes"]["t"]["values"]
    return dict(zip(times, coverage["ranges"][parameter]["values"], strict=True))


@pytest.mark.parametrize("layer_id", OBSERVED)
class TestEveryObservationLayer:
    def test_metadata_names_queries_and_parameters(self, feeds: Feeds, layer_id: str) -> None:
        data = feeds.json(f"/collections/{layer_id}")
        assert {"position", "area", "cube", "radius", "locations"} <= set(data["data_queries"])
        assert set(data["parameter_names"]) == {item.name for item in series_of(layer_id).parameters}

    def test_a_position_gives_the_stored_series_of_the_nearest_station(self, feeds: Feeds, layer_id: str) -> None:
        key, parameter, x, y = station_of(layer_id)
        coverage = feeds.json(
            f"/collections/{layer_id}/position", coords=f"POINT({x + 0.0001} {y})", parameter__name=parameter
        )
        assert coverage["id"] == key
        assert coverage["domain"]["domainType"] == "PointSeries"
        assert set(coverage["ranges"]) == {parameter}
        assert values_of(coverage, parameter) == stored(layer_id, key, parameter)

    def test_time_cuts_the_series(self, feeds: Feeds, layer_id: str) -> None:
        key, parameter, _, _ = station_of(layer_id)
        times = sorted(stored(layer_id, key, parameter))
        first, last = times[len(times) // 3], times[2 * len(times) // 3]
        coverage = feeds.json(
            f"/collections/{layer_id}/locations/{key}", datetime=f"{first}/{last}", parameter__name=parameter
        )
        assert coverage["domain"]["axes"]["t"]["values"] == [time for time in times if first <= time <= last]

    def test_csv_has_the_same_values(self, feeds: Feeds, layer_id: str) -> None:
        key, parameter, _, _ = station_of(layer_id)
        response = feeds.get(f"/collections/{layer_id}/locations/{key}", f="csv", parameter__name=parameter)
        assert response.headers["Content-Type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))
        assert {row["station"] for row in rows} == {key}
        assert {row["time"]: float(row["value"]) if row["value"] else None for row in rows} == stored(
            layer_id, key, parameter
        )

    @pytest.mark.parametrize("query", ["area", "cube", "radius"])
    def test_a_region_gives_the_stations_in_it(self, feeds: Feeds, layer_id: str, query: str) -> None:
        key, parameter, x, y = station_of(layer_id)
        low_x, low_y, high_x, high_y = x - 0.0005, y - 0.0005, x + 0.0005, y + 0.0005
        regions: dict[str, dict[str, Any]] = {
            "area": {"coords": shapely.box(low_x, low_y, high_x, high_y).wkt},
            "cube": {"bbox": f"{low_x},{low_y},{high_x},{high_y}"},
            "radius": {"coords": f"POINT({x} {y})", "within": 30, "within__units": "m"},
        }
        region = regions[query]
        found = feeds.json(f"/collections/{layer_id}/{query}", parameter__name=parameter, datetime="2026", **region)
        assert found["type"] == "CoverageCollection"
        assert key in {coverage["id"] for coverage in found["coverages"]}
        assert set(found["parameters"]) == {parameter}

    def test_a_region_without_stations_is_an_empty_collection(self, feeds: Feeds, layer_id: str) -> None:
        found = feeds.json(f"/collections/{layer_id}/cube", bbox="10,10,11,11")
        assert found["coverages"] == []

    def test_locations_are_the_stations(self, feeds: Feeds, layer_id: str) -> None:
        stations = feeds.json(f"/collections/{layer_id}/locations")["features"]
        items = feeds.items(layer_id, limit=5000)
        assert {item["id"] for item in stations} == {item["id"] for item in items} != set()

    def test_html_is_served(self, feeds: Feeds, layer_id: str) -> None:
        _, parameter, x, y = station_of(layer_id)
        for path in (f"/collections/{layer_id}", f"/collections/{layer_id}/locations"):
            assert feeds.get(path, f="html").status_code == 200
        response = feeds.get(
            f"/collections/{layer_id}/position", f="html", coords=f"POINT({x} {y})", parameter__name=parameter
        )
        assert response.status_code == 200

    @pytest.mark.parametrize(
        ("query", "parameters", "status", "word"),
        [
            ("position", {"coords": "POINT(10 10)"}, 404, "station"),
            ("position", {"coords": "POINT(10"}, 400, "coords"),
            ("position", {}, 400, "coords"),
            ("position", {"coords": "LINESTRING(1 1,2 2)"}, 400, "coords"),
            ("area", {"coords": "POINT(105.9 20.2)"}, 400, "coords"),
            ("area", {"coords": "POLYGON((0 0,1 1,1 0,0 1,0 0))"}, 400, "coords"),
            ("cube", {}, 400, "bbox"),
            ("radius", {"coords": "POINT(105.9 20.2)", "within": "near"}, 400, "within"),
            ("radius", {"coords": "POINT(105.9 20.2)", "within": 5, "within__units": "miles"}, 400, "within"),
            ("position", {"coords": "POINT(105.9 20.2)", "parameter__name": "gold"}, 400, "parameter"),
            ("locations/no-such-station", {}, 404, "station"),
            ("locations", {"bbox": "1,2"}, 400, "bbox"),
            ("trajectory", {"coords": "LINESTRING(1 1,2 2)"}, 400, "query"),
        ],
    )
    def test_a_wrong_query_is_refused_with_a_sentence(
        self, feeds: Feeds, layer_id: str, query: str, parameters: dict[str, Any], status: int, word: str
    ) -> None:
        response = feeds.get(f"/collections/{layer_id}/{query}", f="json", **parameters)
        assert response.status_code == status, response.get_data(as_text=True)[:300]
        assert word in feeds.sentence(response).lower()


def test_flagged_values_are_null_and_never_left_out(feeds: Feeds) -> None:
    with connect(SYSTEM) as conn:
        row = conn.execute(
            text(
                "SELECT s.layer_id, s.feature_key, s.parameter, o.time FROM core.observation o"
                " JOIN core.series s ON s.id = o.series_id WHERE o.flag <> 0 AND o.value IS NOT NULL"
                " ORDER BY o.time LIMIT 1"
            )
        ).one()
    time = f"{row.time:%Y-%m-%dT%H:%M:%SZ}"
    path = f"/collections/{row.layer_id}/locations/{row.feature_key}"
    response = feeds.get(path, f="json", datetime=time, parameter__name=row.parameter)
    assert values_of(json.loads(response.get_data()), row.parameter) == {time: None}
