"""Pages of stations without a server: states, filters, windows, forecasts in words, figures, pairs along a river."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from dash_app.entry import read_day, read_moment
from dash_app.figures.calendar import calendar_figure
from dash_app.figures.linked import Panel, limit_steps, limit_words, linked_figure, shown_limits, stretches
from dash_app.figures.rose import SECTORS, WindHour, pollution_rose, sector_names, sector_of, wind_rose
from dash_app.pages.compare.view import MOST, facts_of, read_picks
from dash_app.pages.station.calendar import index_classes, index_days
from dash_app.pages.station.pair import pair_facts
from dash_app.pages.station.quality import episode_table
from dash_app.pages.station.view import (
    forecast_words,
    is_stale,
    is_worse_than_naive,
    neighbours_on_river,
    read_window,
)
from dash_app.pages.stations.callbacks import as_csv
from dash_app.pages.stations.cells import csv_rows, state_words
from dash_app.pages.stations.view import ListState, filtered, network_statuses, ordered, read_list_state
from dash_app.station_services import Network
from dash_app.words import alphabetical, fold
from layers.flags import Flag
from layers.indices import INDICES
from layers.model import Limit, Parameter
from layers.registry import get_layer
from spatial.settings import LOCAL_ZONE

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
AIR = get_layer("air_observation")
assert AIR.series is not None
PM25 = next(parameter for parameter in AIR.series.parameters if parameter.name == "pm25")
HOUR = timedelta(hours=1)


def series(key: str, parameter: str, hours_ago: float = 0, **changes: Any) -> dict[str, Any]:
    return {
        "series_id": 1, "key": key, "parameter": parameter, "time": NOW - hours_ago * HOUR, "value": 20.0, "raw": 20.0,
        "status": 0, "flag": 0, "reviewed": False, "good_24h": 24, "good_30d": 700,
    } | changes  # fmt: skip


def station(key: str, name: str, units: tuple[int, ...] = (1,)) -> dict[str, Any]:
    return {"key": key, "name": name, "lon": 106.0, "lat": 20.0, "unit_ids": list(units), "commune_code": None}


def network(stations: list[dict[str, Any]], rows: list[dict[str, Any]], **parts: Any) -> Network:
    return Network(AIR, NOW, stations, rows, parts.get("indices", []), parts.get("over", []), parts.get("alerts", []))


# ---------------------------------------------------------------- list


def test_a_station_with_one_parameter_calibrating_says_which() -> None:
    rows = [series("A", "pm25", status=1, value=None), series("A", "pm10")]
    status = network_statuses(network([station("A", "Trạm A")], rows), NOW)[0]
    assert status.state == "calibrating"
    assert state_words(status, "vi") == "Đang hiệu chuẩn PM2.5"
    assert state_words(status, "en") == "Calibrating PM2.5"


def test_a_station_wholly_out_of_service_is_said_once() -> None:
    rows = [series("A", "pm25", status=2, value=None), series("A", "pm10", status=2, value=None)]
    status = network_statuses(network([station("A", "Trạm A")], rows), NOW)[0]
    assert state_words(status, "vi") == "Lỗi thiết bị"


def test_a_fresh_value_that_does_not_count_is_doubtful_and_an_old_one_is_not_news() -> None:
    stuck = {"value": None, "flag": int(Flag.FLAT)}
    rows = [series("A", "pm25", **stuck), series("B", "pm25", 9, **stuck)]
    fresh, old = network_statuses(network([station("A", "A"), station("B", "B")], rows), NOW)
    assert [(parameter.name, mask) for parameter, mask in fresh.doubtful] == [("pm25", int(Flag.FLAT))]
    assert (old.doubtful, old.state) == ((), "late")


def test_days_over_are_those_of_the_worst_parameter_and_unknown_where_no_limit_is() -> None:
    over = [
        {"key": "A", "parameter": name, "hours": hours, "days": days, "worst": 1.0, "limit_value": 1.0}
        for name, hours, days in (("pm25", 24, 7), ("pm10", 24, 3), ("o3", 1, 50))
    ]
    rows = [series("A", "pm25"), series("B", "temperature")]
    limited, free = network_statuses(network([station("A", "A"), station("B", "B")], rows, over=over), NOW)
    assert (limited.over_days, free.over_days) == (7, None)


def lines() -> list[Any]:
    stations = [station("S10", "Đông Hà 10", (1, 5)), station("S2", "Đông Hà 2"), station("S3", "Ăn Thượng")]
    rows = [series("S10", "pm25"), series("S2", "pm25", 30), series("S3", "pm25", status=2, value=None)]
    return network_statuses(network(stations, rows), NOW)


def test_the_list_is_found_without_marks_and_within_a_unit() -> None:
    assert [line.key for line in filtered(lines(), ListState(text="dong ha"), None)] == ["S10", "S2"]
    assert [line.key for line in filtered(lines(), ListState(text="s3"), None)] == ["S3"]
    assert [line.key for line in filtered(lines(), ListState(), 5)] == ["S10"]


def test_trouble_comes_first_and_names_follow_the_alphabet_with_numbers_by_size() -> None:
    assert [line.key for line in ordered(lines(), "state", False)] == ["S3", "S2", "S10"]
    assert [line.key for line in ordered(lines(), "name", False)] == ["S3", "S2", "S10"]
    assert [line.key for line in ordered(lines(), "name", True)] == ["S10", "S2", "S3"]


def test_lines_without_a_value_come_last_whichever_way_round() -> None:
    indices = [
        {"key": "S2", "index_id": "vn_aqi_hour", "value": 80, "level": 2, "time": NOW, "dominant": [], "reason": None}
    ]
    stations = [station("S2", "A"), station("S3", "B")]
    found = network_statuses(network(stations, [series("S2", "pm25"), series("S3", "pm25")], indices=indices), NOW)
    assert [line.key for line in ordered(found, "index", True)] == ["S2", "S3"]
    assert [line.key for line in ordered(found, "index", False)] == ["S2", "S3"]


def test_an_address_that_makes_no_sense_opens_the_whole_list() -> None:
    query = {"net": "x", "state": "asleep", "sort": "colour.down"}
    assert read_list_state(query, [AIR.id]) == ListState(down=True)


def test_the_file_has_a_row_per_station_and_opens_in_a_vietnamese_spreadsheet() -> None:
    text = as_csv(csv_rows(lines(), "vi"), "vi")
    assert text.startswith("\ufeffMã trạm;")
    assert len(text.strip().splitlines()) == 4
    assert "20,0" in text


@pytest.mark.parametrize(
    ("text", "plain"), [("Đông Hà", "dong ha"), ("Thủy Nguyên", "thuy nguyen"), ("PM2.5", "pm2.5")]
)
def test_words_are_compared_without_marks(text: str, plain: str) -> None:
    assert fold(text) == plain


def test_the_vietnamese_alphabet_has_its_own_letters() -> None:
    names = ["Ô Chợ", "Đa Tốn", "Dĩ An", "An", "Ân", "Ăn", "Oai", "Trạm 10", "Trạm 9"]
    assert sorted(names, key=alphabetical) == ["An", "Ăn", "Ân", "Dĩ An", "Đa Tốn", "Oai", "Ô Chợ", "Trạm 9", "Trạm 10"]


# ---------------------------------------------------------------- window and fields


@pytest.mark.parametrize(
    ("text", "day"),
    [("21/11/2026", date(2026, 11, 21)), ("1-2-2026", date(2026, 2, 1)), ("31/02/2026", None), ("", None)],
)
def test_days_are_typed_day_first(text: str, day: date | None) -> None:
    assert read_day(text) == day


def test_times_are_typed_in_local_time() -> None:
    assert read_moment("21/11/2026 07:30") == datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
    assert read_moment("21/11/2026") == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert read_moment("21/11/2026 25:00") is None
    assert read_moment("hôm qua") is None


def test_long_windows_are_drawn_by_day_so_that_no_page_gets_a_year_of_hours() -> None:
    assert read_window("30d", None, None, NOW).step == "hour"
    assert read_window("1y", None, None, NOW).step == "day"
    assert read_window("custom", "01/01/2024", "31/12/2025", NOW).step == "day"


def test_a_custom_window_holds_its_last_day() -> None:
    window = read_window("custom", "01/11/2026", "02/11/2026", NOW)
    assert window.days == (date(2026, 11, 1), date(2026, 11, 2))
    assert window.last - window.first == timedelta(days=2)


@pytest.mark.parametrize(
    ("first", "last"), [(None, "01/01/2026"), ("02/01/2026", "01/01/2026"), ("01/01/1990", "01/01/2026")]
)
def test_a_custom_window_that_makes_no_sense_is_none(first: str | None, last: str) -> None:
    assert read_window("custom", first, last, NOW) is None


# ---------------------------------------------------------------- charts


def hour(hours_ago: float, value: float | None = 20.0, **changes: Any) -> dict[str, Any]:
    return {
        "series_id": 1, "time": NOW - hours_ago * HOUR, "value": value, "raw": value, "status": 0, "flag": 0,
        "reviewed": False,
    } | changes  # fmt: skip


def drawn(rows: list[dict[str, Any]], forecast: list[dict[str, Any]] | None = None, language: str = "vi") -> Any:
    panels = [Panel(PM25, rows, forecast or [])]
    return linked_figure(panels, NOW - timedelta(days=7), NOW, "hour", language=language, look="light")


def trace(figure: Any, name: str) -> Any:
    return next(found for found in figure.data if found.name == name)


def test_gaps_stay_gaps_and_doubtful_values_are_named_marks() -> None:
    rows = [hour(6), hour(5), hour(2, None, raw=999.0, flag=int(Flag.SPIKE)), hour(1), hour(0)]
    figure = drawn(rows)
    line = trace(figure, "Đo được")
    assert list(line.y) == [20.0, 20.0, None, None, 20.0, 20.0]
    assert line.connectgaps is False
    mark = trace(figure, "Nghi ngờ: nhảy vọt")
    assert list(mark.customdata) == ["999,0"]


def test_an_absurd_value_does_not_flatten_the_line() -> None:
    figure = drawn([hour(n) for n in range(9, 0, -1)] + [hour(0, None, raw=77_684.0, flag=int(Flag.RANGE))])
    assert figure.layout.yaxis.range[1] < 100
    assert trace(figure, "Nghi ngờ: ngoài khoảng đo").y[0] <= figure.layout.yaxis.range[1]


def test_calibration_and_fault_are_bands_and_no_values() -> None:
    rows = [hour(5), hour(4, None, status=1, raw=3.0), hour(3, None, status=1, raw=3.0), hour(0)]
    figure = drawn(rows)
    bands = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert len(bands) == 1
    assert all("Nghi ngờ" not in found.name for found in figure.data)
    assert stretches(rows, 1) == [(NOW - 4 * HOUR, NOW - 3 * HOUR)]


def test_a_limit_changes_on_the_day_the_law_does() -> None:
    first, last = (datetime(2025, 12, 31, tzinfo=LOCAL_ZONE), datetime(2026, 1, 2, tzinfo=LOCAL_ZONE))
    steps = limit_steps(shown_limits(PM25, "day", first.date(), last.date()), first, last)
    turn = datetime(2026, 1, 1, tzinfo=LOCAL_ZONE)
    assert {(limit.high, begins, ends) for limit, begins, ends in steps} == {(50, first, turn), (45, turn, last)}


def test_a_limit_is_written_as_in_the_law() -> None:
    ph = Parameter(name="ph", title=PM25.title, unit="", decimals=2)
    both = Limit(low=6, high=8.5, basis=PM25.title)
    assert limit_words(both, ph, "vi") == "Giới hạn 6 - 8,5"
    unsure = Limit(low=5, hours=24, basis=PM25.title, confirmed=False)
    assert limit_words(unsure, ph, "en") == "Limit of the 24 h mean ≥ 5 (unconfirmed)"


def issue(**changes: Any) -> list[dict[str, Any]]:
    row = {
        "series_id": 1, "issued_at": NOW - HOUR, "input_until": NOW - HOUR, "model": "m", "reason": None,
        "skill_persistence": 0.2, "target": NOW + HOUR, "q025": 1.0, "q10": 5.0, "q50": 10.0, "q90": 15.0, "q975": 20.0,
    }  # fmt: skip
    return [row | changes]


def test_a_forecast_worse_than_the_last_value_says_so() -> None:
    bad = issue(skill_persistence=-0.12)
    assert is_worse_than_naive(bad)
    assert "kém hơn giữ nguyên giá trị 12,0%" in forecast_words(PM25, bad, NOW, "vi")
    assert not is_worse_than_naive(issue())
    assert "better than keeping the value" in forecast_words(PM25, issue(), NOW, "en")


def test_a_forecast_from_old_input_is_marked() -> None:
    assert is_stale(issue(input_until=NOW - 10 * HOUR), NOW)
    assert "đầu vào đã cũ" in forecast_words(PM25, issue(input_until=NOW - 10 * HOUR), NOW, "vi")
    assert not is_stale(issue(), NOW)


def test_a_series_without_forecast_says_why() -> None:
    words = forecast_words(PM25, issue(target=None, reason="too few values"), NOW, "en")
    assert "too few values" in words


def test_the_forecast_has_both_intervals() -> None:
    names = {found.name for found in drawn([hour(0)], issue()).data}
    assert {"Khoảng 80%", "Khoảng 95%", "Dự báo"} <= names


# ---------------------------------------------------------------- calendar and roses


def test_days_of_the_year_carry_the_letter_of_their_class() -> None:
    index = INDICES["vn_aqi_day"]
    ends = datetime(2026, 3, 2, tzinfo=LOCAL_ZONE)  # 00:00 belongs to the day that ended
    rows = [{"time": ends, "value": 160, "level": 4, "dominant": ["pm25"], "reason": None}]
    days = index_days(rows, index, {"pm25": "PM2.5"}, "vi")
    assert days[date(2026, 3, 1)].words == "160 D - Xấu (PM2.5)"
    figure = calendar_figure(2026, days, index_classes(index, "vi"), language="vi", look="light")
    letters = [text for found in figure.data if found.type == "scatter" for text in found.text]
    assert letters == ["D"]


@pytest.mark.parametrize(("degrees", "name"), [(0, "N"), (11, "N"), (12, "NNE"), (90, "E"), (350, "N"), (225, "SW")])
def test_wind_falls_into_sixteen_sectors(degrees: float, name: str) -> None:
    assert sector_names("en")[sector_of(degrees)] == name
    assert len(sector_names("vi")) == SECTORS


def test_calm_hours_count_for_the_total_but_point_nowhere() -> None:
    hours = [WindHour(90, 2.0, 50.0)] * 3 + [WindHour(90, 0.1, 500.0)]
    rose = wind_rose(hours, language="en", look="light")
    assert sum(sum(found.r) for found in rose.data) == pytest.approx(75)
    carried = pollution_rose(hours, PM25.breaks, "µg/m³", language="en", look="light").data[0]
    assert [value for value in carried.r if value is not None] == [50.0]


# ---------------------------------------------------------------- along a river, side by side, judging


def test_neighbours_are_the_next_stations_of_the_same_river() -> None:
    rows = [{"key": key, "river": river, "river_order": order} for key, river, order in
            (("A", "Hà", 1), ("B", "Hà", 2), ("C", "Hà", 4), ("D", "Lam", 3), ("E", "Hà", None))]  # fmt: skip
    above, below = neighbours_on_river(rows[1], rows)
    assert (above["key"], below["key"]) == ("A", "C")
    assert neighbours_on_river(rows[4], rows) == (None, None)


def test_the_lag_of_a_pulse_is_found_under_the_course_of_the_day() -> None:
    rng = np.random.default_rng(7)
    times = [NOW + n * HOUR for n in range(24 * 20)]
    quick = np.convolve(rng.normal(0, 1, len(times) + 40), np.ones(4) / 4, mode="same")
    day = 2 * np.sin(np.arange(len(times)) * 2 * np.pi / 24)
    upper = dict(zip(times, 10 + day + quick[20:-20], strict=True))
    lower = dict(zip(times, 13 + day + quick[9:-31], strict=True))
    facts = pair_facts(upper, lower)
    assert facts.lag == 11
    assert facts.difference == pytest.approx(3, abs=0.3)


def test_two_unrelated_series_have_no_lag() -> None:
    rng = np.random.default_rng(8)
    times = [NOW + n * HOUR for n in range(24 * 20)]
    facts = pair_facts(dict(zip(times, rng.normal(0, 1, len(times)), strict=True)),
                       dict(zip(times, rng.normal(5, 1, len(times)), strict=True)))  # fmt: skip
    assert facts.lag is None
    assert facts.difference == pytest.approx(5, abs=0.3)
    assert pair_facts({}, {}).difference is None


def test_at_most_six_stations_are_compared_and_none_twice() -> None:
    picks = read_picks("a:1,a:1,nonsense," + ",".join(f"a:{n}" for n in range(2, 12)))
    assert len(picks) == MOST
    assert len(set(picks)) == MOST


def test_the_difference_to_the_median_is_of_hours_that_have_both() -> None:
    values = [(NOW, 10.0), (NOW + HOUR, None), (NOW + 2 * HOUR, 20.0)]
    facts = facts_of(values, {NOW: 7.0, NOW + HOUR: 1.0}, 4)
    assert (facts.mean, facts.highest, facts.at) == (15.0, 20.0, NOW + 2 * HOUR)
    assert (facts.full, facts.difference) == (0.5, 3.0)
    assert facts_of([], {}, 4).mean is None


def test_an_episode_can_be_confirmed_or_overruled_and_a_verdict_taken_back() -> None:
    row = {"series_id": 5, "parameter": "pm25", "flag": int(Flag.FLAT), "first": NOW - HOUR, "last": NOW, "n": 2,
           "minimum": 8.0, "maximum": 8.0, "verdict": None, "review_id": None, "note": None, "actor": None,
           "created_at": None}  # fmt: skip

    def actions(rows: list[dict[str, Any]]) -> list[str]:
        table = episode_table(rows, {"pm25": PM25}, "vi")
        return [item.id["action"] for item in table._traverse() if isinstance(getattr(item, "id", None), dict)]

    assert actions([row]) == ["confirm", "overrule"]
    judged = row | {"verdict": "good", "review_id": 3, "note": "đã kiểm tra", "actor": "Lan", "created_at": NOW}
    assert actions([judged]) == ["revoke"]
