"""Rules of a layer over its window: findings of every kind. Reads only roll-ups; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection

from ingest.alert_forecasts import forecast_findings
from ingest.alert_instruments import applies, base, instrument_findings
from ingest.alert_limits import LONGEST_MEAN, bounds_by_hour, mean_share, said
from ingest.alert_window import Window, past_values
from layers.indices import INDICES
from layers.model import Parameter
from spatial.analysis import anomaly
from spatial.analysis.alert_findings import Event, Finding, build_events
from spatial.analysis.alert_rules import GOOD, HOLDS, UNKNOWN, Floats, beyond, rolling_mean, sustained
from spatial.queries import alert_panel
from spatial.queries.statements import Row

ANOMALY_SCORE = 5.0  # robust deviations, unless the rule says otherwise
ANOMALY_KM = 50.0


def find_events(conn: Connection, *, window: Window, rules: Sequence[Row], as_of: datetime) -> list[Event]:
    """Events of one layer by all its rules, in the order in which they began."""
    findings: list[Finding] = []
    for rule in rules:
        findings += _FINDERS[rule["kind"]](conn, window, rule)
    forecast_rules = [rule for rule in rules if rule["kind"] == "forecast"]
    going_on = {event.key for event in build_events(findings) if event.cause == "environment" and event.ended is None}
    findings += [
        finding
        for rule in forecast_rules
        for finding in forecast_findings(conn, window=window, rule=rule, as_of=as_of)
        if finding.key not in going_on  # what is there already need not be forecast
    ]
    return build_events(findings)


# ---------------------------------------------------------------- threshold and limit


def _threshold(_: Connection, window: Window, rule: Row) -> Iterator[Finding]:
    parameter = window.parameters.get(rule["parameter"])
    if parameter is None:
        return
    limits = parameter.limits
    below = bool(limits) and all(limit.high is None for limit in limits)  # oxygen: too little is what harms
    bound = np.full(window.hours, float(rule["threshold"]))
    yield from _compare(window, rule, parameter, rule["mean_hours"], bound, below=below, details={})


def _limit(_: Connection, window: Window, rule: Row) -> Iterator[Finding]:
    """Each averaging time of each parameter, with the limit that was law on the day of the hour."""
    for parameter in window.parameters.values():
        if rule["parameter"] not in (None, parameter.name):
            continue
        for hours in sorted({limit.hours for limit in parameter.limits if limit.hours <= LONGEST_MEAN}):
            for below in (False, True):
                bound, limit = bounds_by_hour(window.days, parameter, hours, below=below)
                if limit is not None:
                    yield from _compare(window, rule, parameter, hours, bound, below=below, details=said(limit))


def _compare(
    window: Window, rule: Row, parameter: Parameter, hours: int, bound: Floats, *, below: bool, details: dict[str, Any]
) -> Iterator[Finding]:  # fmt: skip
    for key, column in window.measuring(parameter.name):
        if not applies(rule, key):
            continue
        mean = rolling_mean(window.values(column), hours, share=mean_share(hours))
        state = sustained(beyond(mean, bound, below=below), rule["for_hours"])
        if (state == HOLDS).any() or (state == GOOD).any():
            yield Finding(
                **base(rule), cause="environment", key=key, parameter=parameter.name, state=state, value=mean,
                bound=bound, below=below, mean_hours=hours, details=details,
            )  # fmt: skip


# ---------------------------------------------------------------- index


def _index(conn: Connection, window: Window, rule: Row) -> Iterator[Finding]:
    """Level of the layer's index: the hourly one where there is one, else the first it names."""
    assert window.layer.series is not None
    names = [name for name in window.layer.series.indices if name in INDICES]
    if not names:
        return
    index = INDICES[next((name for name in names if INDICES[name].period == "hour"), names[0])]
    level = int(rule["threshold"])
    first = window.time(0)
    by_key: dict[str, list[Row]] = {}
    for row in alert_panel.index_rows(
        conn, layer_id=window.layer.id, index_id=index.id, first=first, last=window.clock
    ):
        by_key.setdefault(row["key"], []).append(row)
    entry = index.level(level)
    bound = np.full(window.hours, float(entry.high if index.best == "high" else entry.low))
    for key, rows in by_key.items():
        if not applies(rule, key):
            continue
        values, state = np.full(window.hours, np.nan), np.full(window.hours, UNKNOWN)
        for row in rows:
            place = alert_panel.hour_of(row["time"]) - alert_panel.hour_of(first)
            values[place], state[place] = row["value"], HOLDS if row["level"] >= level else GOOD
        yield Finding(
            **base(rule), cause="environment", key=key, parameter=None, state=sustained(state, rule["for_hours"]),
            value=values, bound=bound, below=index.best == "high",
            details={"index": index.id, "index_title": index.title.model_dump(), "dominant": rows[-1]["dominant"],
                     "level": level, "level_title": entry.title.model_dump()},
        )  # fmt: skip


# ---------------------------------------------------------------- anomaly


def _anomaly(conn: Connection, window: Window, rule: Row) -> Iterator[Finding]:
    """Departures of one parameter; where only one station departs, the finding is about its instrument."""
    parameter = window.parameters.get(rule["parameter"])
    stations = window.measuring(rule["parameter"]) if parameter else []
    if not stations or parameter is None:
        return
    hours = window.hours
    columns = [column for _, column in stations]
    values = past_values(conn, window=window, columns=columns, hours=hours + 24 * anomaly.DAYS)
    places = [window.stations.get(key, {"lon": np.nan, "lat": np.nan}) for key, _ in stations]
    near = anomaly.neighbours_within(
        np.array([row["lon"] for row in places]), np.array([row["lat"] for row in places]), ANOMALY_KM
    )
    concentration = any(unit in parameter.unit for unit in ("g/m", "g/L"))
    threshold = ANOMALY_SCORE if rule["threshold"] is None else float(rule["threshold"])
    found = anomaly.departures(values, near, hours=hours, logarithmic=concentration, worth=threshold)
    both = anomaly.told_apart(found, threshold=threshold, both_ways=not concentration)
    for place, (key, column) in enumerate(stations):
        if not applies(rule, key):
            continue
        for cause, state in zip(("environment", "instrument"), both, strict=True):
            yield Finding(
                **base(rule), cause=cause, key=key, parameter=parameter.name,  # type: ignore[arg-type]
                state=sustained(_padded(state[:, place], window.hours, UNKNOWN), rule["for_hours"]),
                value=window.values(column), bound=_padded(found.usual[:, place], window.hours, np.nan),
                sign="alone" if cause == "instrument" else None,
                details={"neighbours": int(found.neighbours[-1, place]), "score": threshold},
            )  # fmt: skip


def _padded(values: Any, hours: int, filler: Any) -> Any:
    return np.concatenate((np.full(hours - len(values), filler, dtype=values.dtype), values))


def _nothing(*_: Any) -> Iterator[Finding]:
    return iter(())


_FINDERS = {
    "threshold": _threshold,
    "limit": _limit,
    "index": _index,
    "instrument": instrument_findings,
    "anomaly": _anomaly,
    "forecast": _nothing,  # after the others: what is there already need not be forecast
}
