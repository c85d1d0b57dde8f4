"""Frames of an index: numbers and letters of the law, forecasts from medians, broken and reference stations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dash_app.classes import luminance
from dash_app.environment import IndexHours, Span, UnitHours
from dash_app.frames import number_notes, why_doubtful
from dash_app.index_frames import build_index_frames, describe_levels, forecast_cells, hour_cells
from dash_app.services import FUTURE_HOURS, PAST_HOURS, Services
from dash_app.themes import Theme, bridge_theme, get_theme, parameter_theme, themes
from dash_app.unit_means import unit_cells
from layers.flags import Flag
from layers.indices import INDICES

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
SPAN = Span(NOW - timedelta(hours=PAST_HOURS), NOW, NOW + timedelta(hours=FUTURE_HOURS))
AQI = INDICES["vn_aqi_hour"]


def theme(name: str) -> Theme:
    found = get_theme(name)
    assert found is not None
    return found


def station(key: str, kind: str = "standard") -> dict[str, Any]:
    return {"key": key, "name": key, "station_class": kind, "unit_ids": [7]}


def measured(value: int | None, level: int | None, **more: Any) -> dict[str, Any]:
    row = {"key": "A", "time": NOW, "value": value, "level": level, "dominant": ["pm25"], "parts": {"pm25": value}}
    return row | {"reason": None} | more


def hours(values: list[dict[str, Any]], *, doubtful: Any = (), inputs: Any = (), stations: Any = None) -> IndexHours:
    return IndexHours(SPAN, AQI, stations or [station("A")], values, list(doubtful), list(inputs))


def at_now(found: IndexHours) -> Any:
    return hour_cells(found, SPAN.times)["A"][PAST_HOURS]


def doubt(parameter: str, status: int = 0, flag: int = 0) -> dict[str, Any]:
    return {"key": "A", "parameter": parameter, "time": NOW, "raw": 900.0, "status": status, "flag": flag}


def test_the_index_is_the_first_theme_and_has_the_colours_of_the_decision() -> None:
    assert next(iter(themes())) == "air_observation.vn_aqi_hour"
    levels = describe_levels(AQI, "vi")
    assert levels["letters"] == list("ABCDEF")
    assert levels["breaks"] == [51, 101, 151, 201, 301]
    assert levels["colours"] == ["#00E400", "#FFFF00", "#FF7E00", "#FF0000", "#8F3F97", "#7E0023"]


@pytest.mark.parametrize("index", INDICES.values(), ids=lambda index: index.id)
def test_numbers_can_be_read_on_every_colour_of_the_law(index: Any) -> None:
    for level in index.levels:
        light, dark = sorted((luminance(level.colour), luminance(level.text_colour)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, level.title.vi


def test_a_measured_hour_tells_its_level_and_its_parts() -> None:
    cell = at_now(hours([measured(153, 4, parts={"pm25": 153, "no2": 40})]))
    assert (cell.value, cell.state, cell.level, cell.dominant) == (153, ".", 4, ("pm25",))
    assert dict(cell.parts) == {"pm25": 153, "no2": 40}


def test_an_index_without_a_broken_part_stands_and_names_the_part() -> None:
    cell = at_now(hours([measured(60, 2)], doubtful=[doubt("no2", flag=Flag.FLAT)]))
    assert (cell.value, cell.state) == (60, ".")
    assert cell.doubts[0][0] == "no2"
    assert cell.doubts[0][1].vi == "Đứng giá trị"


@pytest.mark.parametrize(
    ("row", "state"),
    [(doubt("pm25", status=1), "c"), (doubt("pm25", status=2), "x"), (doubt("pm25", flag=Flag.CLOCK), "!")],
)
def test_a_station_whose_particles_may_not_be_used_is_drawn_as_broken(row: dict[str, Any], state: str) -> None:
    silent = measured(None, None, reason="no_particles", parts={}, dominant=[])
    cell = at_now(hours([silent], doubtful=[row]))
    assert (cell.value, cell.state) == (None, state)
    assert cell.doubts


def test_a_reference_sensor_publishes_no_index() -> None:
    cells = hour_cells(hours([measured(153, 4)], stations=[station("A", "reference")]), SPAN.times)["A"]
    assert {(cell.value, cell.state) for cell in cells} == {(None, "r")}


def test_without_a_row_there_is_no_number() -> None:
    assert at_now(hours([])).state == "m"


def test_the_forecast_is_the_index_of_the_medians_after_the_last_hours() -> None:
    past = [{"key": "A", "parameter": "pm25", "time": NOW - timedelta(hours=h), "value": 50.0} for h in range(12)]
    future = [{"key": "A", "parameter": "pm25", "time": NOW + timedelta(hours=h), "value": 50.0} for h in range(1, 73)]
    cells = forecast_cells(hours([], inputs=[*past, *future]))
    assert len(cells) == FUTURE_HOURS
    assert {(cell.value, cell.state, cell.level) for cell in cells.values()} == {(100, "f", 2)}
    without_past = forecast_cells(hours([], inputs=future))
    assert ("A", NOW + timedelta(hours=1)) not in without_past  # a NowCast needs two of three hours
    assert ("A", NOW + timedelta(hours=2)) in without_past


def test_a_jump_in_the_forecast_is_smoothed_by_the_nowcast_as_a_measured_one_is() -> None:
    rows = [
        {"key": "A", "parameter": "pm25", "time": NOW + timedelta(hours=h), "value": 20.0 if h <= 0 else 200.0}
        for h in range(-11, 73)
    ]
    cells = forecast_cells(hours([], inputs=rows))
    first, later = (cells["A", NOW + timedelta(hours=h)].value for h in (1, 30))
    assert first is not None
    assert later is not None
    assert first < later


def test_gases_alone_are_no_index() -> None:
    rows = [{"key": "A", "parameter": "no2", "time": NOW + timedelta(hours=h), "value": 90.0} for h in range(1, 73)]
    assert forecast_cells(hours([], inputs=rows)) == {}


def test_words_for_doubts() -> None:
    assert why_doubtful(1, 0).vi == "Đang hiệu chuẩn"
    assert why_doubtful(0, Flag.SPIKE | Flag.DRIFT).en == "Spike, Drift"


def test_notes_are_sent_once() -> None:
    assert number_notes([["", "x"], ["", ""], ["y", "x"]]) == {"list": ["x", "y"], "of": [[None, 0], None, [1, 0]]}


def test_a_chart_beside_an_index_shows_a_parameter_of_its_layer() -> None:
    assert parameter_theme(theme("air_observation.vn_aqi_hour")).id == "air_observation.pm25"
    assert parameter_theme(theme("water_observation.qcvn08")).layer.id == "water_observation"
    assert parameter_theme(None).id == "air_observation.pm25"


def test_a_river_and_a_direction_have_no_surface() -> None:
    assert bridge_theme(theme("air_observation.pm25"))["surface"] is True
    assert bridge_theme(theme("water_observation.tss"))["surface"] is False
    assert bridge_theme(theme("air_observation.wind_direction"))["means"] is False


# ---------------------------------------------------------------- means of units


def test_stations_go_before_the_surface_and_a_surface_that_covers_few_people_is_none() -> None:
    later = NOW + timedelta(hours=1)
    rows = [
        {"unit_id": unit, "time": time, "mean": 30.0, "covered": covered}
        for unit, time, covered in ((1, NOW, 0.9), (2, NOW, 0.9), (3, NOW, 0.3), (2, later, 0.9))
    ]
    found = unit_cells(UnitHours(SPAN, [{"unit_id": 1, "time": NOW, "mean": 55.0}], rows, {(1, later): 40.0}))
    assert found == {(1, NOW): (55.0, "."), (2, NOW): (30.0, "i"), (2, later): (30.0, "g"), (1, later): (40.0, "f")}


def test_frames_of_an_index_have_one_letter_per_station_and_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    place = {"lon": 105.8, "lat": 21.0, "commune_code": None, "former_district_code": None}
    shown = [station("A") | place, station("B", "reference") | place]
    monkeypatch.setattr("dash_app.index_frames.read_index_hours", lambda *_: hours([measured(153, 4)], stations=shown))
    frames = build_index_frames(theme("air_observation.vn_aqi_hour"), Services(now=lambda: NOW), "vi")
    assert len(frames["times"]) == PAST_HOURS + 1 + FUTURE_HOURS
    assert {len(states) for states in frames["states"]} == {2}
    assert frames["states"][PAST_HOURS] == ".r"
    assert frames["counts"][PAST_HOURS] == 1  # reference sensors are not counted as missing
    assert "PM2.5 153 ◂" in frames["notes"]["list"]
