"""Findings of instrument rules, sign by sign: of a whole station where its instruments share the sign, else of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sqlalchemy import Connection

from ingest.alert_window import Window
from layers.model import Layer
from spatial.alerts.rules import SIGNS
from spatial.analysis.alert_findings import Finding
from spatial.analysis.alert_instruments import Hours, sign_state, split_shared, threshold_of
from spatial.analysis.alert_rules import HOLDS, UNKNOWN, Floats, States, sustained
from spatial.queries.statements import Row

ONE_OF_MANY = 4  # one instrument that is silent while its station sends is less urgent: so many times as long


def base(rule: Row) -> dict[str, Any]:
    """What every finding of a rule carries."""
    return {"rule_id": rule["id"], "rule": rule["name"], "kind": rule["kind"], "severity": rule["severity"]}


def applies(rule: Row, key: str) -> bool:
    """Whether the rule looks at that station."""
    return rule["feature_key"] is None or rule["feature_key"] == key


def silent_hours(layer: Layer, rule: Row) -> float:
    """Hours without anything after which a station is silent: the rule's, or twice those after which it is late."""
    assert layer.series is not None
    return float(rule["threshold"] or 2 * layer.series.late_after_hours)


def instrument_findings(_: Connection, window: Window, rule: Row) -> Iterator[Finding]:
    """Every sign the rule looks for, at every station at work. Samples taken by hand are never silent."""
    assert window.layer.series is not None
    signs = [sign for sign in rule["signs"] or SIGNS if not (sign == "silent" and window.layer.series.sampled)]
    for key in dict.fromkeys(station for station, _ in window.columns):
        if not applies(rule, key):
            continue
        names, hours = window.station_hours(key)
        if not hours.received.any() and np.isnan(hours.quiet_before).all():
            continue  # retired
        for sign in signs:
            yield from _of_station(window, rule, key, sign, names, hours)


def _of_station(window: Window, rule: Row, key: str, sign: str, names: list[str], hours: Hours) -> Iterator[Finding]:
    limit = silent_hours(window.layer, rule) if sign == "silent" else threshold_of(sign, rule["threshold"])
    state, amount = sign_state(sign, hours, limit)
    if rule["parameter"] is None:
        shared, state = split_shared(state)
        most = np.where(np.isnan(amount), -np.inf, amount).max(axis=1)
        yield _finding(rule, key, sign, None, shared, most, limit)
        if sign == "silent" and len(names) > 1:
            state = np.where((state == HOLDS) & (amount < ONE_OF_MANY * limit), UNKNOWN, state).astype(np.int8)
    for place, name in enumerate(names):
        if rule["parameter"] in (None, name) and (state[:, place] != UNKNOWN).any():
            yield _finding(rule, key, sign, name, state[:, place], amount[:, place], limit)


def _finding(
    rule: Row, key: str, sign: str, parameter: str | None, state: States, value: Floats, limit: float
) -> Finding:
    return Finding(
        **base(rule), cause="instrument", key=key, parameter=parameter, state=sustained(state, rule["for_hours"]),
        value=value, bound=np.full(len(value), limit), sign=sign,
    )  # fmt: skip
