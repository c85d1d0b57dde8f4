"""``geoioc forecast backtest``: real air data from files, indicators from the database, as tables for the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.table import Table

from ingest.forecast_months import MonthTable, read_months
from ingest.forecast_weather import read_weather
from layers.model import Range, Sentinel
from layers.registry import get_layer
from spatial.access import SYSTEM, connect
from spatial.analysis.forecast import backtest, drivers, metrics, monthly
from spatial.analysis.forecast.drivers import Weather
from spatial.analysis.forecast.windows import HORIZON
from spatial.errors import SourceUnreadable
from spatial.settings import LOCAL_ZONE

LEAST_DAYS = 180  # a station needs values on so many days
FILES = {"hanoi": "air/openaq_hanoi_measurements.csv.gz", "hcmc": "air/healthyair_hcmc_2021_2022feb.csv.gz"}
HCMC_NAMES = {"pm25": "PM2.5", "o3": "O3", "no2": "NO2", "so2": "SO2", "co": "CO"}
SAMPLE_SERIES = 400


@dataclass(frozen=True)
class Options:
    """How to test: origins every so many hours of the last so many days (None = all), with weather and its errors."""

    every: int = backtest.EVERY
    days: int | None = 365
    weather: Path | None = None
    noise: float = 0.0
    station: str | None = None


def air(root: Path, name: str, parameter: str, options: Options) -> list[Table | str]:
    """Back-test one parameter of one town's files below ``root``.

    :raises SourceUnreadable: when a file is not there.
    """
    path = root / FILES[name]
    if not path.exists():
        raise SourceUnreadable(f"There is no {path}; --root names the folder that holds {FILES[name]}.")
    frame = _hanoi(path, parameter) if name == "hanoi" else _hcmc(path, parameter)
    days = frame.notna().groupby(frame.index.date).any().sum()
    frame = frame.loc[:, days >= LEAST_DAYS]
    if frame.empty:
        return [f"{name} {parameter}: no station with {LEAST_DAYS} days."]
    low, high = _range(parameter)
    values = _clean(frame, parameter)
    start = int(frame.index[0].timestamp()) // 3600
    result = backtest.run(
        values, start, low=low, high=high, every=options.every, days=options.days,
        weather=_weather(options, start, *values.shape), only=_columns(frame, options.station),
    )  # fmt: skip
    if result is None:
        return [f"{name} {parameter}: too few values for one test window."]
    title = f"{name} {parameter}"
    return [_hourly_table(title, result), _part_table(title, result)]


def _columns(frame: pd.DataFrame, station: str | None) -> NDArray[np.int64] | None:
    if station is None:
        return None
    return np.array([index for index, name in enumerate(frame.columns) if str(name) == station], dtype=np.int64)


def _weather(options: Options, start: int, hours: int, stations: int) -> Weather | None:
    """The weather file over the hours of a panel and 72 more, one point for all stations."""
    if options.weather is None:
        return None
    table = read_weather(options.weather)
    rows = np.arange(start, start + hours + HORIZON)
    values = table.reindex(rows).to_numpy(dtype=float)[:, None, :]
    if options.noise > 0:
        values = drivers.noisy(values, options.noise)
    return Weather(values, np.zeros(stations, dtype=np.int64))


def _hanoi(path: Path, parameter: str) -> pd.DataFrame:
    rows = pd.read_csv(path, usecols=["location_id", "datetime", "parameter", "value"])
    rows = rows[rows["parameter"] == parameter]
    return _grid(pd.to_datetime(rows["datetime"], utc=True), rows["location_id"], rows["value"])


def _hcmc(path: Path, parameter: str) -> pd.DataFrame:
    rows = pd.read_csv(path)
    local = pd.to_datetime(rows["date"], format="%d-%m-%Y %H:%M").dt.tz_localize(LOCAL_ZONE)
    return _grid(local.dt.tz_convert("UTC"), rows["Station_No"], rows[HCMC_NAMES.get(parameter, parameter)])


def _grid(time: pd.Series, station: pd.Series, value: pd.Series) -> pd.DataFrame:
    table = pd.DataFrame({"time": time.dt.ceil("h"), "station": station, "value": value})
    wide = table.pivot_table(index="time", columns="station", values="value", aggfunc="last")
    if wide.empty:
        return wide
    return wide.reindex(pd.date_range(wide.index[0], wide.index[-1], freq="h"))


def _range(parameter: str) -> tuple[float | None, float | None]:
    for check in _checks(parameter):
        if isinstance(check, Range):
            return check.low, check.high
    return None, None


def _checks(parameter: str) -> tuple[object, ...]:
    series = get_layer("air_observation").series
    assert series is not None
    return next((item.checks for item in series.parameters if item.name == parameter), ())


def _clean(frame: pd.DataFrame, parameter: str) -> NDArray[np.float64]:
    """Values without what the layer's range and sentinels refuse."""
    values = frame.to_numpy(dtype=float, copy=True)
    for check in _checks(parameter):
        if isinstance(check, Range):
            low = -np.inf if check.low is None else check.low
            high = np.inf if check.high is None else check.high
            values[~((values >= low) & (values <= high))] = np.nan
        elif isinstance(check, Sentinel):
            values[np.isin(values, check.values)] = np.nan
    return values


def _hourly_table(title: str, result: backtest.Result) -> Table:
    table = Table("method", "MAE", "MASE", "CRPS", "80 %", "95 %", "80 % by day", "skill of ours", title=(
        f"{title}: {result.windows} windows of {result.stations} stations, 72 h"
    ))  # fmt: skip
    ours = result.scores[-1]
    for score in result.scores:
        gain = metrics.skill(ours.mae, score.mae)
        table.add_row(
            score.method,
            f"{score.mae:.2f}",
            f"{score.mase:.3f}",
            _number(score.crps, ".2f"),
            _number(score.cover80, ".3f"),
            _number(score.cover95, ".3f"),
            " ".join(f"{part:.2f}" for part in score.by_day80),
            "" if score is ours else _number(gain, "+.1%"),
        )
    usual = result.score("hour-of-day median 28 d").crps
    if ours.crps is not None and usual:
        table.caption = f"CRPS against the 28-day climatology: {ours.crps / usual:.3f}"
    return table


def _part_table(title: str, result: backtest.Result) -> Table:
    table = Table(
        "part", "windows", "MAE", *(f"below {name}" for name in backtest.SIMPLE), "CRPS ratio", "80 %", "95 %",
        title=f"{title}: {result.scores[-1].method}, by forecast day and season",
    )  # fmt: skip
    for part in result.parts:
        table.add_row(
            part.name, str(part.windows), f"{part.mae:.2f}", *(_number(gain, "+.1%") for gain in part.gains),
            _number(part.crps, ".3f"), f"{part.cover80:.3f}", f"{part.cover95:.3f}",
        )  # fmt: skip
    return table


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def indicators() -> Table | str:
    """Back-test the indicators of the database: twelve months ahead, and the year's total at month 3, 6 and 9."""
    layer = get_layer("indicator")
    with connect(SYSTEM) as conn:
        tables, _ = read_months(conn, layer=layer, today=datetime.now(UTC).astimezone(LOCAL_ZONE).date())
    shown = Table(
        "units", "series", "sMAPE", "MASE", "seasonal naive", "year 3", "year 6", "year 9", title="Indicators"
    )
    shown.caption = "year n: error of the year's total at month n, over that of the ratio to last year alone"
    lengths = ("province", "district", "commune")
    rows = [(name, _month_scores(table)) for name, table in zip(lengths, tables, strict=False)]
    for name, found in rows:
        if found is not None:
            shown.add_row(name, *found)
    return shown if shown.row_count else "The database holds no indicator with three years of months."


def _month_scores(table: MonthTable) -> tuple[str, ...] | None:
    pick = np.random.default_rng(1).permutation(table.values.shape[1])[:SAMPLE_SERIES]
    errors: list[tuple[float, float, float]] = []
    totals: dict[int, list[tuple[float, float]]] = {3: [], 6: [], 9: []}
    last_december = len(table.values) - 1 - (table.last.month % 12)
    for column in pick:
        series = table.values[:, column]
        past, future = series[:-12], series[-12:]
        if np.isfinite(past).sum() >= 36 and np.isfinite(future).all() and np.isfinite(past[-1]):
            item = monthly.forecast(past, table.last.month, thorough=table.thorough)
            scale = metrics.seasonal_naive_scale(past, 12)
            if item.path is not None and item.baseline is not None and scale > 0:
                errors.append(
                    (metrics.smape(future, item.path), float(np.mean(np.abs(future - item.path))) / scale,
                     float(np.mean(np.abs(future - item.baseline))) / scale)
                )  # fmt: skip
        for known, found in totals.items():
            pair = _year_end(series, last_december, known, table.thorough)
            if pair is not None:
                found.append(pair)
    if not errors:
        return None
    mean = np.mean(errors, axis=0)
    years = (np.mean(found, axis=0) if found else np.array([np.nan, np.nan]) for found in totals.values())
    return (
        str(len(errors)), f"{mean[0]:.2f}", f"{mean[1]:.3f}", f"{mean[2]:.3f}",
        *(f"{100 * ours:.2f} % ({ours / ratio:.2f})" for ours, ratio in years),
    )  # fmt: skip


def _year_end(series: NDArray[np.float64], december: int, known: int, thorough: bool) -> tuple[float, float] | None:
    """Relative error of the last whole year's total from its first ``known`` months: ours, and the ratio's alone."""
    year = series[december - 11 : december + 1]
    past = series[: december - 11 + known]
    if december < 47 or not np.isfinite(year).all() or not np.isfinite(past[-24:]).all() or year.sum() <= 0:
        return None
    item = monthly.forecast(past, known, thorough=thorough)
    if item.path is None:
        return None
    left = 12 - known
    so_far, total = float(year[:known].sum()), float(year.sum())
    ratio = monthly.year_ratio(past, known, left)
    return abs(so_far + float(item.path[:left].sum()) - total) / total, abs(so_far + float(ratio.sum()) - total) / total
