"""Cards, states of stations, frames and figures, from rows in memory."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dash_app import formats
from dash_app.figures.indicator import indicator_figure, year_end
from dash_app.figures.station import station_figure
from dash_app.frames import build_station_frames, canonical_day, last_districts, unit_set, units_on
from dash_app.i18n import say
from dash_app.pages.map.kpi import _change, _plan
from dash_app.pages.map.view import Fact, IndicatorYears, build_fact, choose_cards, highest_station
from dash_app.pages.stations.view import station_state
from dash_app.services import FUTURE_HOURS, PAST_HOURS, Services
from dash_app.state import read_language, read_state
from dash_app.themes import Theme, get_theme, themes
from spatial.analysis import kpi
from spatial.analysis.kpi import IndicatorValue

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
SUM, MEAN, YEARLY_MEAN = (get_theme(f"indicator.{code}") for code in ("grdp", "poverty_rate", "dossiers_on_time"))
REFORM = date(2025, 7, 1)


def fact_of(theme: Theme, values: dict[date, float], at: date, plan: float | None = None) -> Fact | None:
    """The card the map page makes of figures, and a plan of 2026."""
    item = theme.indicator
    series = [IndicatorValue(1, item.code, day, "official", value, True, "exact") for day, value in values.items()]
    if plan is not None:
        series.append(IndicatorValue(1, item.code, date(2026, 1, 1), "plan", plan, True, "exact"))
    line = kpi.line(item, series, at)
    history = IndicatorYears(values, dict.fromkeys(values, ("official", False)), {})
    return build_fact(theme, line, history) if line else None


def months(year: int, *values: float) -> dict[date, float]:
    return {date(year, number, 1): value for number, value in enumerate(values, 1)}


# ---------------------------------------------------------------- cards


def test_a_card_compares_with_the_same_month_a_year_before() -> None:
    fact = fact_of(SUM, {date(2025, 3, 1): 80.0, date(2026, 3, 1): 100.0}, date(2026, 4, 1))
    assert fact is not None
    assert fact.period == date(2026, 3, 1)
    assert fact.kpi.on_same_period == pytest.approx(25)
    assert fact.kpi.judgement == "good"
    assert formats.percent(0.25, "vi", signed=True) in str(_change(fact, "vi"))


@pytest.mark.parametrize("before", [{}, {date(2025, 3, 1): 0.0}])
def test_without_a_year_before_or_with_zero_there_is_no_change_to_show(before: dict[date, float]) -> None:
    fact = fact_of(SUM, before | {date(2026, 3, 1): 100.0}, date(2026, 4, 1))
    assert fact.kpi.on_same_period is None
    assert say("kpi.no_same_period", "vi") in str(_change(fact, "vi"))


def test_more_poverty_is_not_good() -> None:
    fact = fact_of(MEAN, {date(2025, 3, 1): 2.0, date(2026, 3, 1): 3.0}, date(2026, 4, 1))
    assert fact.kpi.judgement == "bad"


def test_a_plan_that_was_not_assigned_is_said_so_and_is_not_zero_per_cent() -> None:
    shown = str(_plan(fact_of(SUM, months(2026, 10, 20), date(2026, 2, 1)), "vi"))
    assert say("kpi.no_plan", "vi") in shown
    assert "%" not in shown


def test_flows_reach_a_plan_by_their_sum_and_stocks_by_themselves() -> None:
    assert fact_of(SUM, months(2026, 10, 20), date(2026, 2, 1), 60.0).kpi.plan_used == pytest.approx(50)
    assert fact_of(MEAN, months(2026, 3, 2), date(2026, 2, 1), 4.0).kpi.plan_used == pytest.approx(50)


def test_cards_lead_with_the_chosen_indicators_and_lose_none() -> None:
    monthly = [theme for theme in themes().values() if theme.indicator and theme.indicator.period == "month"]
    facts = [fact_of(theme, months(2026, 1, 2), date(2026, 2, 1)) for theme in monthly]
    lead, others = choose_cards(facts)
    assert lead[0].theme is SUM
    assert len(lead) + len(others) == len(facts)


def test_the_map_offers_what_units_below_the_province_report_by_month() -> None:
    offered = {theme.indicator.code for theme in themes().values() if theme.indicator and theme.mapped}
    assert {"grdp", "dengue_cases", "feedback_received"} <= offered
    assert not {"cpi", "roads_paved", "pci"} & offered


def test_the_year_end_needs_every_month() -> None:
    values = months(2026, *range(1, 11))
    forecast = {date(2026, 11, 1): {"q50": 11.0}, date(2026, 12, 1): {"q50": 12.0}}
    assert year_end(values, forecast, SUM.indicator, 2026) == pytest.approx(78)
    assert year_end(values, forecast, YEARLY_MEAN.indicator, 2026) == pytest.approx(6.5)
    assert year_end(values, {}, SUM.indicator, 2026) is None


def test_the_indicator_chart_keeps_measured_months_out_of_the_forecast() -> None:
    row = {"q10": 1.0, "q50": 2.0, "q90": 3.0}
    values = months(2026, 5, 6)
    figure = indicator_figure(
        values, {date(2026, 2, 1): row, date(2026, 3, 1): row}, 60.0, SUM.indicator, 2026, language="vi", look="light"
    )
    forecast = next(trace for trace in figure.data if trace.name == "Dự báo")
    assert list(forecast.y)[:3] == [None, None, 2.0]


# ---------------------------------------------------------------- stations


def row(hours_ago: float, value: float | None = 20.0, status: int = 0, flag: int = 0) -> dict[str, Any]:
    return {
        "key": "A",
        "parameter": "pm25",
        "time": NOW - timedelta(hours=hours_ago),
        "value": value,
        "status": status,
        "flag": flag,
    }


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([row(0)], "online"),
        ([row(5)], "late"),
        ([row(30)], "silent"),
        ([row(0, None, 2)], "faulty"),
        ([row(0, None, 1)], "calibrating"),
        ([row(0, None, 1), row(0)], "calibrating"),
        ([row(0, None, 2), row(0, None, 1), row(0)], "faulty"),
        ([row(0) | {"time": None}], "never"),
        ([], "never"),
    ],
)
def test_the_state_of_a_station_follows_from_its_newest_rows(rows: list[dict[str, Any]], state: str) -> None:
    assert station_state(rows, NOW, timedelta(hours=3)) == state


def test_the_highest_station_ignores_values_that_are_not_good() -> None:
    stations = [{"key": "A"}, {"key": "B"}]
    latest = [row(0, 50.0), row(0, 999.0, flag=2) | {"key": "B"}]
    assert highest_station(stations, latest, "pm25") == {"key": "A"}
    assert highest_station([], latest, "pm25") is None


def test_the_station_chart_leaves_gaps_open_and_takes_bad_values_off_the_line() -> None:
    values = [row(5), row(4, 900.0, flag=2), row(1, None, 1), row(0)]
    parameter = get_theme("air_observation.pm25").parameter
    figure = station_figure(values, [], parameter, language="vi", look="light")
    line = next(trace for trace in figure.data if trace.name == "Đo được")
    assert [value for value in line.y if value is not None] == [20.0, 20.0]
    assert line.connectgaps is False
    assert {"Nghi ngờ", "Hiệu chuẩn"} <= {trace.name for trace in figure.data}


class StationServices(Services):
    """One station A whose rows the test gives, and one that never measured."""

    def __init__(self, rows: list[dict[str, Any]], future: list[dict[str, Any]]) -> None:
        super().__init__(now=lambda: NOW)
        self._rows, self._future = rows, future

    def stations(self, layer: Any) -> list[dict[str, Any]]:
        common = {"lon": 106.0, "lat": 20.0, "commune_code": None, "former_district_code": None, "unit_ids": []}
        return [{"key": key, "name": key} | common for key in ("A", "B")]

    def parameter_frames(self, theme: Any) -> tuple[datetime, list[dict[str, Any]], list[dict[str, Any]]]:
        return NOW, self._rows, self._future


def states_of_a(rows: list[dict[str, Any]], future: list[dict[str, Any]] | None = None) -> str:
    frames = build_station_frames(get_theme("air_observation.pm25"), StationServices(rows, future or []), "vi")
    assert all(state[1] == "m" for state in frames["states"])
    return "".join(state[0] for state in frames["states"])


def test_every_condition_of_a_station_has_its_own_letter() -> None:
    future = [{"key": "A", "time": NOW + timedelta(hours=1), "value": 30.0}]
    states = states_of_a([row(9), row(4, None, 1), row(3, None, 2), row(2, 900.0, flag=1), row(0, 0.0)], future)
    assert len(states) == PAST_HOURS + 1 + FUTURE_HOURS
    assert states[PAST_HOURS - 9 : PAST_HOURS + 3] == ".lllmcx!m.fm"


def test_zero_is_a_value() -> None:
    frames = build_station_frames(get_theme("air_observation.pm25"), StationServices([row(0, 0.0)], []), "vi")
    assert frames["values"][PAST_HOURS] == [0.0, None]


# ---------------------------------------------------------------- units by date


def unit(number: int, level: str, first: date, last: date | None) -> dict[str, Any]:
    return {"id": number, "key": f"{number}", "level": level, "valid_from": first, "valid_to": last}


UNITS = [
    unit(1, "district", date(1997, 1, 1), REFORM),
    unit(2, "commune", date(1997, 1, 1), REFORM),
    unit(3, "commune", REFORM, None),
]


@pytest.mark.parametrize(("day", "ids"), [(date(2025, 6, 30), [2]), (REFORM, [3])])
def test_the_reform_day_belongs_to_the_new_units(day: date, ids: list[int]) -> None:
    assert [found["id"] for found in units_on(UNITS, "commune", day)] == ids


def test_former_districts_stay_a_level_after_the_reform() -> None:
    found = unit_set(UNITS, "former", date(2026, 11, 1))
    assert [member["id"] for member in found.units] == [1]
    assert found == last_districts(UNITS, date(2026, 11, 1))


def test_a_set_of_units_has_one_name_whatever_day_asks_for_it() -> None:
    days = (date(2025, 7, 1), date(2026, 11, 1))
    assert {canonical_day(UNITS, unit_set(UNITS, "today", day)) for day in days} == {REFORM}


# ---------------------------------------------------------------- state from outside


@pytest.mark.parametrize(
    "data", [None, {}, {"unit": "x'; DROP", "theme": 5, "month": "2026-99", "station": "a", "look": 1}]
)
def test_a_link_that_makes_no_sense_opens_the_default(data: dict[str, Any] | None) -> None:
    state = read_state(data)
    assert (state.unit, state.theme, state.month, state.station, state.look) == (None, None, None, None, "light")


def test_a_good_link_is_read_as_it_was_written() -> None:
    state = read_state(
        {
            "unit": "40042.2025-07-01",
            "via": "former",
            "theme": "indicator.grdp",
            "month": "2024-07",
            "station": "air_observation:KK01",
        }
    )
    assert (state.unit, state.via, state.theme, state.month) == ("40042.2025-07-01", "former", SUM, date(2024, 7, 1))
    assert state.station == ("air_observation", "KK01")


@pytest.mark.parametrize(
    ("search", "language"), [("?lang=en", "en"), ("?a=1&lang=en", "en"), ("", "vi"), (None, "vi"), ("?lang=fr", "vi")]
)
def test_vietnamese_unless_the_address_says_english(search: str | None, language: str) -> None:
    assert read_language(search) == language
