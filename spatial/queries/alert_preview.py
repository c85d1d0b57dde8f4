"""What a rule would have found in the last weeks, before it is saved. The same arithmetic as the evaluation's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from sqlalchemy import Connection

from layers.indices import INDICES
from layers.model import Layer, Parameter
from layers.registry import get_layer
from spatial.alerts.rules import RuleForm
from spatial.analysis.alert_findings import END_AFTER, GIVE_UP_AFTER
from spatial.analysis.alert_rules import (
    GOOD,
    HOLDS,
    UNKNOWN,
    Floats,
    States,
    beyond,
    episodes,
    rolling_mean,
    sustained,
    union,
)
from spatial.queries import alert_panel
from spatial.queries.statements import select_rows
from spatial.settings import LOCAL_ZONE, quality_settings

KINDS = ("threshold", "limit", "index")  # the others look at more than values: history, forecasts, marks
LONGEST_MEAN = 24


@dataclass(frozen=True)
class Preview:
    """Events a rule would have had, at how many of the stations it looks at."""

    days: int
    events: int
    stations: int
    watched: int


def preview_rule(conn: Connection, *, form: RuleForm, until: datetime, days: int = 30) -> Preview | None:
    """Events in the ``days`` days up to ``until``; None for a kind that cannot be tried on values alone.

    The form must have passed ``spatial.alerts.rules.check_rule``.
    """
    if form.kind not in KINDS:
        return None
    layer = get_layer(form.layer_id)
    last_hour, hours = alert_panel.hour_of(until), days * 24
    found = _index_states(conn, layer, form, last_hour, hours) if form.kind == "index" else _value_states(
        conn, layer, form, last_hour, hours
    )  # fmt: skip
    by_station: dict[str, list[States]] = {}
    for key, state in found:
        by_station.setdefault(key, []).append(state[-hours:])
    counts = [
        len(episodes(union(states), end_after=END_AFTER["environment"], give_up_after=GIVE_UP_AFTER))
        for states in by_station.values()
    ]
    return Preview(days, sum(counts), sum(count > 0 for count in counts), len(counts))


def _value_states(
    conn: Connection, layer: Layer, form: RuleForm, last_hour: int, hours: int
) -> Iterator[tuple[str, States]]:
    assert layer.series is not None
    parameters = [item for item in layer.series.parameters if form.parameter in (None, item.name)]
    series = select_rows(
        conn,
        "SELECT id, feature_key AS key, parameter FROM core.series WHERE layer_id = :layer AND parameter = ANY(:names)"
        " AND (CAST(:key AS text) IS NULL OR feature_key = :key) ORDER BY id",
        layer=layer.id, names=[item.name for item in parameters], key=form.feature_key,
    )  # fmt: skip
    if not series:
        return
    long = hours + max(form.mean_hours, LONGEST_MEAN)
    panel = alert_panel.read_panel(conn, series_ids=[row["id"] for row in series], last_hour=last_hour, hours=long)
    for parameter in parameters:
        columns = [(place, row["key"]) for place, row in enumerate(series) if row["parameter"] == parameter.name]
        for mean_hours, bound, below in _bounds(parameter, form, last_hour, long):
            for place, key in columns:
                mean = rolling_mean(panel.value[:, place], mean_hours, share=_share(mean_hours))
                yield key, sustained(beyond(mean, bound, below=below), form.for_hours)


def _share(hours: int) -> float:
    settings = quality_settings()
    return settings.completeness_8h if hours <= 8 else settings.completeness_day


def _bounds(parameter: Parameter, form: RuleForm, last_hour: int, hours: int) -> Iterator[tuple[int, Floats, bool]]:
    """Hours of the mean, bound by hour, and whether too little is what harms."""
    if form.kind == "threshold":
        below = bool(parameter.limits) and all(limit.high is None for limit in parameter.limits)
        yield form.mean_hours, np.full(hours, float(form.threshold or 0)), below
        return
    ends = [datetime.fromtimestamp((last_hour - back) * 3600, UTC) for back in range(hours - 1, -1, -1)]
    days = [(end - timedelta(seconds=1)).astimezone(LOCAL_ZONE).date() for end in ends]  # 00:00 ends the day before
    for span in sorted({limit.hours for limit in parameter.limits if limit.hours <= LONGEST_MEAN}):
        for below in (False, True):
            by_day = {day: _limit_on(parameter, span, day, below=below) for day in set(days)}
            bound = np.array([by_day[day] for day in days])
            if not np.isnan(bound).all():
                yield span, bound, below


def _limit_on(parameter: Parameter, hours: int, day: date, *, below: bool) -> float:
    fitting = (limit for limit in parameter.limits_on(day) if limit.hours == hours)
    values = (limit.low if below else limit.high for limit in fitting)
    return float(next((value for value in values if value is not None), np.nan))


def _index_states(
    conn: Connection, layer: Layer, form: RuleForm, last_hour: int, hours: int
) -> Iterator[tuple[str, States]]:
    assert layer.series is not None
    index_id = _index_of(layer.series.indices)
    if index_id is None:
        return
    first = datetime.fromtimestamp((last_hour - hours + 1) * 3600, UTC)
    last = datetime.fromtimestamp(last_hour * 3600, UTC)
    states: dict[str, States] = {}
    for row in alert_panel.index_rows(conn, layer_id=layer.id, index_id=index_id, first=first, last=last):
        if form.feature_key in (None, row["key"]):
            state = states.setdefault(row["key"], np.full(hours, UNKNOWN))
            place = alert_panel.hour_of(row["time"]) - alert_panel.hour_of(first)
            state[place] = HOLDS if row["level"] >= (form.threshold or 1) else GOOD
    for key, state in states.items():
        yield key, sustained(state, form.for_hours)


def _index_of(names: Sequence[str]) -> str | None:
    """The hourly index of a layer where it has one, else the first it names."""
    known = [name for name in names if name in INDICES]
    return next((name for name in known if INDICES[name].period == "hour"), known[0] if known else None)
