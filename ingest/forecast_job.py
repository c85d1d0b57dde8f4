"""Job ``forecast``: 72 hours of every station parameter and twelve months of every indicator, stored as quantiles.

Hourly series are issued at the data clock of their layer (the forecast's reference time) whenever it has moved; their
models are trained at most once a day and kept below ``data/models``. Indicators are issued again when their layer or
the units changed. Series that cannot be forecast get an issue that says why.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ingest.forecast_months import MonthTable, read_months
from layers.model import Layer, Parameter, Range
from layers.registry import get_layer, registry
from spatial.access import SYSTEM, connect
from spatial.analysis.forecast import BUNDLE_VERSION, gates
from spatial.progress import Progress, part
from spatial.queries import forecasts
from spatial.queries.forecasts import StoredIssue
from spatial.queries.network_marks import station_places
from spatial.queries.versions import get_watermark, set_watermark, version_mark
from spatial.settings import LOCAL_ZONE, data_settings

if TYPE_CHECKING:
    from ingest.forecast_work import MonthTask, StationTask
    from spatial.analysis.forecast.drivers import Weather

TRAIN_HOURS = 395 * 24
ISSUE_HOURS = 60 * 24
RETRAIN_HOURS = 24
REISSUE_HOURS = 6
WINDOW_HOURS = 28 * 24
STATION_HORIZON = 72
PROCESSES = 2
SMALL = 3_000_000  # cells below which starting processes costs more than it saves
MODEL_KEEP_DAYS = 7


@dataclass(frozen=True)
class Plan:
    """What has to be computed, with the marks that make the next run skip it."""

    stations: list[StationTask]
    months: list[MonthTask]
    month_tables: list[MonthTable]
    ended: list[StoredIssue]
    marks: dict[str, str]
    due: set[int] = field(default_factory=set)  # series whose values changed, or whose issue grows old


def run_forecasts(progress: Progress) -> str:
    """Issue what is due; returns the job's sentence. Everything is written in one transaction at the end."""
    now = datetime.now(UTC)
    progress("Đọc chuỗi số liệu", 0.0)
    plan = _plan(now, part(progress, 0.0, 0.25))
    tasks: list[StationTask | MonthTask] = [*plan.stations, *plan.months]
    if not tasks and not plan.ended:
        return "no new values since the last issue"
    issues = list(plan.ended)
    tables = {id(task): table for task, table in zip(plan.months, plan.month_tables, strict=True)}
    step = part(progress, 0.25, 0.9)
    for done, (task, results) in enumerate(_compute(tasks), start=1):
        table = tables.get(id(task))
        if table is None:
            issues += [issue for issue in _station_issues(task, results) if issue.series_id in plan.due]
        else:
            issues += _month_issues(table, results, now)
        step(f"Dự báo {done}/{len(tasks)}", done / len(tasks))
    progress("Ghi dự báo", 0.9)
    with connect(SYSTEM) as conn:
        values = forecasts.store(conn, issues=issues)
        forecasts.thin(conn)
        for name, mark in plan.marks.items():
            set_watermark(conn, name=name, value=mark)
    for task in plan.stations:
        _remember(task, plan.due)
    _forget_old_models(now)
    progress("Ghi dự báo", 1.0)
    without = sum(issue.model is None for issue in issues)
    return f"{len(issues)} series, {values} values; {without} without forecast"


def _plan(now: datetime, progress: Progress) -> Plan:
    layers = registry().values()
    plan = Plan([], [], [], [], {})
    with connect(SYSTEM) as conn:
        observed = [layer for layer in layers if layer.series is not None and not layer.series.sampled]
        for number, layer in enumerate(observed):
            _plan_stations(
                conn, layer, now, plan, part(progress, number / len(observed) * 0.7, (number + 1) / len(observed) * 0.7)
            )
        for layer in (layer for layer in layers if layer.kind == "indicator"):
            progress(layer.title.vi, 0.7)
            _plan_months(conn, layer, now, plan)
    return plan


def _plan_stations(conn: Any, layer: Layer, now: datetime, plan: Plan, progress: Progress) -> None:
    from ingest.forecast_work import StationTask  # heavy: never at the start of a command or server

    assert layer.series is not None
    clock = forecasts.data_clock(conn, layer_id=layer.id, now=now)
    if clock is None:
        return
    name = f"forecast:{layer.id}"
    mark = f"{version_mark(conn, layer_ids=[layer.id])} {clock.isoformat()}"
    before = get_watermark(conn, name=name)
    if before == mark:
        return
    plan.marks[name] = mark
    folder = data_settings().root / "weather"
    places = _places(conn, layer) if folder.is_dir() else {}
    series = forecasts.list_series(conn, layer_id=layer.id)
    end_hour = int(clock.timestamp()) // 3600
    for number, parameter in enumerate(layer.series.parameters):
        progress(parameter.title.vi, number / len(layer.series.parameters))
        rows = [row for row in series if row["parameter"] == parameter.name]
        if not rows:
            continue
        ids = tuple(int(row["id"]) for row in rows)
        file = _model_file(layer, parameter, [f"{row['id']} {row['feature_key']}" for row in rows])
        train = not _fresh(file, end_hour)
        values = forecasts.panel(conn, series_ids=ids, last=clock, hours=TRAIN_HOURS if train else ISSUE_HOURS)
        due = _due(file, ids, values, end_hour) if before is not None else set(ids)
        if not due and not train:
            continue
        plan.due.update(due)
        low, high = _bounds(parameter)
        weather = _weather(folder, [places.get(str(row["feature_key"])) for row in rows], end_hour, len(values))
        plan.stations.append(
            StationTask(layer.id, parameter.name, ids, values, end_hour, low, high, file, train, weather)
        )


def _weather(folder: Path, places: Sequence[tuple[float, float] | None], end_hour: int, hours: int) -> Weather | None:
    if not folder.is_dir():
        return None
    from ingest.forecast_weather import weather_at  # heavy, and few provinces have such files

    return weather_at(folder, places, end_hour, hours)


def _places(conn: Any, layer: Layer) -> dict[str, tuple[float, float]]:
    assert layer.series is not None
    rows = station_places(conn, station_layer=get_layer(layer.series.station_layer))
    return {str(row["key"]): (float(row["lon"]), float(row["lat"])) for row in rows}


def _digests(values: NDArray[np.float64], end_hour: int) -> list[int]:
    """What tells two inputs of a series apart: its last 28 days by absolute hour."""
    recent = values[-WINDOW_HOURS:]
    hours = np.arange(end_hour - len(recent) + 1, end_hour + 1)
    found = []
    for column in recent.T:
        known = np.flatnonzero(np.isfinite(column))[-WINDOW_HOURS // 2 :]  # the far end moves on by itself
        found.append(zlib.crc32(np.column_stack([hours[known], column[known]]).tobytes()))
    return found


def _due(file: Path, ids: Sequence[int], values: NDArray[np.float64], end_hour: int) -> set[int]:
    """Series with other values than at their last issue, or one that is six hours old."""
    last = _issued_file(file)
    if not last.exists():
        return set(ids)
    with np.load(last, allow_pickle=False) as stored:
        known = {
            int(number): (int(digest), int(hour))
            for number, digest, hour in zip(stored["series"], stored["digest"], stored["hour"], strict=True)
        }
    return {
        number
        for number, digest in zip(ids, _digests(values, end_hour), strict=True)
        if number not in known or known[number][0] != digest or end_hour - known[number][1] >= REISSUE_HOURS
    }


def _issued_file(model_file: Path) -> Path:
    return model_file.with_suffix(".issued.npz")


def _remember(task: StationTask, due: set[int]) -> None:
    """What each series was last issued from, for the next run."""
    file = _issued_file(task.model_file)
    hours = dict.fromkeys(task.series_ids, task.end_hour)
    if file.exists():
        with np.load(file, allow_pickle=False) as stored:
            before = dict(zip(stored["series"].tolist(), stored["hour"].tolist(), strict=True))
        hours |= {number: before[number] for number in task.series_ids if number not in due and number in before}
    np.savez(
        file, series=np.array(task.series_ids), digest=np.array(_digests(task.values, task.end_hour)),
        hour=np.array([hours[number] for number in task.series_ids]),
    )  # fmt: skip


def _bounds(parameter: Parameter) -> tuple[float | None, float | None]:
    """Physical range: what the layer flags as impossible."""
    for check in parameter.checks:
        if isinstance(check, Range):
            return check.low, check.high
    return None, None


def _model_file(layer: Layer, parameter: Parameter, names: Sequence[str]) -> Path:
    """Kept by the set of series, so that another database or a new station trains its own."""
    folder = data_settings().root / "models"
    digest = zlib.crc32("\n".join(names).encode())
    return folder / f"{layer.id}.{parameter.name}.{digest:08x}.npz"


def _fresh(file: Path, end_hour: int) -> bool:
    if not file.exists():
        return False
    with np.load(file, allow_pickle=False) as stored:
        if "version" not in stored or int(stored["version"]) != BUNDLE_VERSION:
            return False
        return 0 <= end_hour - int(stored["trained_at"]) < RETRAIN_HOURS


def _forget_old_models(now: datetime) -> None:
    """Sets of series change; the models of those that are gone are not kept for ever."""
    for file in (data_settings().root / "models").glob("*.npz"):
        if now.timestamp() - file.stat().st_mtime > MODEL_KEEP_DAYS * 86_400:
            file.unlink(missing_ok=True)


def _plan_months(conn: Any, layer: Layer, now: datetime, plan: Plan) -> None:
    from ingest.forecast_work import MonthTask  # heavy, see above

    name = f"forecast:{layer.id}"
    mark = f"{version_mark(conn, layer_ids=[layer.id, 'admin_unit'])} {now.astimezone(LOCAL_ZONE):%Y-%m}"
    if get_watermark(conn, name=name) == mark:
        return
    tables, ended = read_months(conn, layer=layer, today=now.astimezone(LOCAL_ZONE).date())
    if not tables and not ended:
        return
    plan.marks[name] = mark
    for table in tables:
        plan.month_tables.append(table)
        plan.months.append(MonthTask(table.series_ids, table.groups, table.values, table.last.month, table.thorough))
    reason = gates.reason("unit_ended")
    plan.ended.extend(StoredIssue(number, _second(now), None, None, reason, None, None) for number in ended)


def _second(now: datetime) -> datetime:
    return now.replace(microsecond=0)


def _compute(tasks: Sequence[StationTask | MonthTask]) -> Iterator[tuple[Any, Any]]:
    """Results as they come, from two processes when there is enough to do."""
    from ingest.forecast_work import forecast  # heavy, see above

    if sum(task.values.size for task in tasks) < SMALL:
        yield from ((task, forecast(task)) for task in tasks)
        return
    with (
        _one_thread(),
        ProcessPoolExecutor(min(PROCESSES, os.cpu_count() or 1), mp_context=get_context("spawn")) as pool,
    ):
        waiting = {pool.submit(forecast, task): task for task in sorted(tasks, key=lambda task: -task.values.size)}
        try:
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Children start with one thread for linear algebra: two processes with two threads each fight."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _station_issues(task: StationTask, results: Any) -> list[StoredIssue]:
    origin = datetime.fromtimestamp(task.end_hour * 3600, UTC)
    targets = [origin + timedelta(hours=hour) for hour in range(1, STATION_HORIZON + 1)]
    return [
        StoredIssue(
            series_id,
            origin,
            None if issue.input_age is None else origin - timedelta(hours=issue.input_age),
            issue.model,
            None if issue.reason is None else gates.reason(issue.reason),
            issue.verdict.persistence,
            issue.verdict.climatology,
            issue.verdict.seasonal,
            targets,
            issue.quantiles,
        )
        for series_id, issue in zip(task.series_ids, results, strict=True)
    ]


def _month_issues(table: MonthTable, results: Any, now: datetime) -> list[StoredIssue]:
    return [
        StoredIssue(
            series_id,
            _second(now),
            None if item.last is None else _month_start(table.month(item.last + 1)),
            item.model,
            None if item.reason is None else gates.reason(item.reason),
            item.skill_persistence,
            item.skill_climatology,
            item.skill_climatology,  # the simple method of an indicator is last year's month
            [] if item.quantiles is None else [_month_start(table.month(item.last + 1 + ahead)) for ahead in range(12)],
            item.quantiles,
        )
        for series_id, item in zip(table.series_ids, results, strict=True)
    ]


def _month_start(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=LOCAL_ZONE)
