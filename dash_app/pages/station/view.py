"""Pure half of a station's page: the window of time, what a forecast is worth, pairs along a river."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from dash_app import formats
from dash_app.entry import read_day
from dash_app.i18n import say
from layers.model import Layer, Parameter
from spatial.settings import LOCAL_ZONE

type Row = dict[str, Any]
type Range = Literal["24h", "7d", "30d", "1y", "custom"]

RANGES: Mapping[Range, timedelta] = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "1y": timedelta(days=365),
}
DEFAULT_RANGE: Range = "7d"
HOURLY_DAYS = 62  # longer windows are drawn by day
LONGEST_DAYS = 3660
STALE_AFTER = timedelta(hours=6)


@dataclass(frozen=True)
class Window:
    """What the charts show: first < time <= last; by hour, or by day when it is long."""

    first: datetime
    last: datetime
    step: Literal["hour", "day"]

    @property
    def days(self) -> tuple[date, date]:
        """First and last local day."""
        return self.first.astimezone(LOCAL_ZONE).date(), (self.last - timedelta(microseconds=1)).astimezone(
            LOCAL_ZONE
        ).date()


def read_range(value: object, default: Range = DEFAULT_RANGE) -> Range:
    """A range of the selector; the default when it is none."""
    return value if value in (*RANGES, "custom") else default


def read_window(chosen: object, first: str | None, last: str | None, clock: datetime) -> Window | None:
    """Window of the selector at the layer's clock; None when «custom» lacks days or they make no sense."""
    name = read_range(chosen)
    if name != "custom":
        return Window(clock - RANGES[name], clock, _step(RANGES[name]))
    begin, end = read_day(first), read_day(last)
    if begin is None or end is None or end < begin or (end - begin).days > LONGEST_DAYS:
        return None
    midnight = datetime.combine(begin, time(0), LOCAL_ZONE)
    until = datetime.combine(end + timedelta(days=1), time(0), LOCAL_ZONE)
    return Window(midnight, until, _step(until - midnight))


def _step(span: timedelta) -> Literal["hour", "day"]:
    return "hour" if span <= timedelta(days=HOURLY_DAYS) else "day"


def measured(layer: Layer, series: Sequence[Row]) -> list[tuple[Parameter, int]]:
    """(parameter, series id) of what a station measures, in the order of the layer."""
    assert layer.series is not None
    ids = {row["parameter"]: row["series_id"] for row in series}
    return [(parameter, ids[parameter.name]) for parameter in layer.series.parameters if parameter.name in ids]


# ---------------------------------------------------------------- forecasts


def is_stale(forecast: Sequence[Row], clock: datetime) -> bool:
    """Whether it was made from old values or long ago."""
    head = forecast[0] if forecast else None
    if head is None or head["target"] is None:
        return False
    until = head["input_until"]
    return clock - head["issued_at"] > STALE_AFTER or (until is not None and head["issued_at"] - until > STALE_AFTER)


def is_worse_than_naive(forecast: Sequence[Row]) -> bool:
    """Whether on recent days keeping the last value, or that of the same hour yesterday, would have been better."""
    head = forecast[0] if forecast else {}
    skills = [head.get("skill_persistence"), head.get("skill_seasonal")]
    return any(skill is not None and skill < 0 for skill in skills)


def forecast_words(parameter: Parameter, forecast: Sequence[Row], clock: datetime, language: str) -> str:
    """«PM2.5: dự báo lúc ..., tốt hơn giữ nguyên giá trị 23,0%»: issue, skill and age, or why there is none."""
    name = parameter.title[language]
    if not forecast:
        return say("forecast.none", language, name=name)
    head = forecast[0]
    if head["target"] is None:
        return say("forecast.because", language, name=name, reason=head["reason"] or say("state.empty", language))
    parts = [say("forecast.issued", language, name=name, issued=formats.moment(head["issued_at"]))]
    for column, better, worse in (
        ("skill_persistence", "forecast.better", "forecast.worse"),
        ("skill_seasonal", "forecast.better_day", "forecast.worse_day"),
    ):
        skill = head.get(column)
        if skill is not None:
            parts.append(say(worse if skill < 0 else better, language, share=formats.percent(abs(skill), language)))
    if is_stale(forecast, clock):
        until = head["input_until"]
        parts.append(say("forecast.stale", language, until=formats.moment(until) if until else "?"))
    return "; ".join(parts) + "."


# ---------------------------------------------------------------- along a river


def neighbours_on_river(station: Row, stations: Sequence[Row]) -> tuple[Row | None, Row | None]:
    """The next station upstream and downstream on the same river; None where there is none or no order is known."""
    river, order = station.get("river"), station.get("river_order")
    if not river or order is None:
        return None, None
    same = [row for row in stations if row.get("river") == river and row.get("river_order") is not None]
    above = [row for row in same if row["river_order"] < order]
    below = [row for row in same if row["river_order"] > order]
    return (
        max(above, key=lambda row: row["river_order"], default=None),
        min(below, key=lambda row: row["river_order"], default=None),
    )
