"""Findings of forecast rules: the newest forecast, joined to the hours before it, passes a bound within 24 hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection

from ingest.alert_limits import LONGEST_MEAN, bounds_by_hour, mean_share, said
from ingest.alert_window import Window, local_day
from layers.model import Parameter
from spatial.analysis.alert_findings import Finding
from spatial.analysis.alert_rules import GOOD, HOLDS, UNKNOWN, Floats, beyond, rolling_mean
from spatial.queries import alert_panel
from spatial.queries.statements import Row

AHEAD_HOURS = 24
OLDEST_INPUT = timedelta(hours=6)  # before the data clock: an older forecast is one of the past


def forecast_findings(conn: Connection, *, window: Window, rule: Row, as_of: datetime) -> Iterator[Finding]:
    """One finding per station with a fresh forecast; its only known hour is the newest one.

    A mean over several hours takes the approved values before «now» and the quantile after it. (The quantile of a mean
    is not the mean of quantiles: for q50 the difference is small, for q90 the alert comes rather early.)
    """
    parameter = window.parameters.get(rule["parameter"])
    if parameter is None:
        return
    stations = {
        window.panel.series_ids[column]: (key, column)
        for key, column in window.measuring(parameter.name)
        if rule["feature_key"] in (None, key)
    }
    rows = alert_panel.forecast_rows(
        conn, series_ids=list(stations), as_of=as_of, oldest_input=window.clock - OLDEST_INPUT, first=window.clock,
        last=window.clock + timedelta(hours=AHEAD_HOURS),
    )  # fmt: skip
    by_series: dict[int, list[Row]] = {}
    for row in rows:
        by_series.setdefault(row["series_id"], []).append(row)
    for number, targets in by_series.items():
        key, column = stations[number]
        ahead = np.full(AHEAD_HOURS, np.nan)
        for row in targets:
            ahead[alert_panel.hour_of(row["target"]) - window.panel.last_hour - 1] = row[rule["quantile"]]
        joined = np.concatenate((window.values(column)[-AHEAD_HOURS:], ahead))
        yield _finding(window, rule, parameter, key, joined, targets[0])


@dataclass(frozen=True)
class _Exceedance:
    """The worst hour of one averaging time."""

    excess: float
    value: float
    bound: float
    mean_hours: int
    details: dict[str, Any]


def _finding(window: Window, rule: Row, parameter: Parameter, key: str, joined: Floats, issue: Row) -> Finding:
    found = list(_exceedances(window, rule, parameter, joined))
    worst = max(found, key=lambda item: item.excess, default=None)
    state, value = np.full(window.hours, UNKNOWN), np.full(window.hours, np.nan)
    bound = value.copy()
    state[-1] = HOLDS if worst else GOOD
    details: dict[str, Any] = {
        "issued_at": issue["issued_at"].isoformat(),
        "input_until": issue["input_until"].isoformat(),
        "model": issue["model"],
        "quantile": rule["quantile"],
        "worse_than_naive": (issue["skill_persistence"] or 0.0) < 0,
    }
    if worst:
        value[-1], bound[-1] = worst.value, worst.bound
        details |= worst.details
    return Finding(
        rule["id"], rule["name"], "forecast", rule["severity"], "forecast", key, parameter.name, state, value, bound,
        mean_hours=worst.mean_hours if worst else 1, details=details,
    )  # fmt: skip


def _exceedances(window: Window, rule: Row, parameter: Parameter, joined: Floats) -> Iterator[_Exceedance]:
    """Of the rule's own threshold, or of each limit that will be law in the hour."""
    for hours, bound, details in _bounds(window, rule, parameter):
        mean = rolling_mean(joined, hours, share=mean_share(hours))[AHEAD_HOURS:]
        held = np.flatnonzero(beyond(mean, bound) == HOLDS)
        if held.size < rule["for_hours"]:
            continue
        peak = int(held[np.argmax(mean[held] / bound[held])])
        moments = {name: _ahead(window, row).isoformat() for name, row in
                   (("expected_from", int(held[0])), ("expected_peak_at", peak))}  # fmt: skip
        yield _Exceedance(
            float(mean[peak] / bound[peak]), float(mean[peak]), float(bound[peak]), hours, details | moments
        )


def _bounds(window: Window, rule: Row, parameter: Parameter) -> Iterator[tuple[int, Floats, dict[str, Any]]]:
    if rule["threshold"] is not None:
        yield rule["mean_hours"], np.full(AHEAD_HOURS, float(rule["threshold"])), {}
        return
    days = [local_day(_ahead(window, row)) for row in range(AHEAD_HOURS)]
    for hours in sorted({limit.hours for limit in parameter.limits if limit.hours <= LONGEST_MEAN}):
        bound, limit = bounds_by_hour(days, parameter, hours, below=False)
        if limit is not None:
            yield hours, bound, said(limit)


def _ahead(window: Window, row: int) -> datetime:
    return window.clock + timedelta(hours=row + 1)
