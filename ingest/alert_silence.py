"""Silence of a whole network: one alert instead of one for every station."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ingest.alert_instruments import silent_hours
from ingest.alert_window import Window
from spatial.analysis.alert_reconcile import Seen
from spatial.queries.statements import Row

NETWORK_SILENT_DAYS = 14  # after which the data are history, not a feed that broke


def network_silence(window: Window, rules: Sequence[Row], now: datetime) -> list[Seen]:
    """When nothing comes from any station: one alert for all of them. Data that ended weeks ago are history."""
    assert window.layer.series is not None
    quiet = (now - window.clock) / timedelta(hours=1)
    rule = next((rule for rule in rules if _speaks_of_silence(rule)), None)
    if rule is None or window.layer.series.sampled:
        return []
    threshold = silent_hours(window.layer, rule)
    if not threshold <= quiet <= NETWORK_SILENT_DAYS * 24:
        return []
    hours = float(int(quiet))
    last = window.clock + timedelta(hours=hours)
    finding = {
        "rule_id": rule["id"], "rule": rule["name"], "kind": "instrument", "severity": rule["severity"],
        "parameter": None, "sign": "silent", "hours": 1, "below": False, "n": int(hours), "value": hours,
        "peak": hours, "threshold": threshold, "excess": hours / threshold, "first": window.clock.isoformat(),
        "last": last.isoformat(),
    }  # fmt: skip
    units = [set(row["unit_ids"] or ()) for row in window.stations.values()]
    values = {
        "rule_id": rule["id"], "layer_id": window.layer.id, "feature_key": "", "parameter": None, "value": hours,
        "peak": hours, "threshold": threshold, "evidence": {"findings": [finding]},
        "unit_ids": sorted(set.intersection(*units)) if units else [],
    }  # fmt: skip
    subject = f"{window.layer.id}//instrument/*"
    return [Seen(subject, "instrument", rule["severity"], window.clock, last, None, False, values)]


def _speaks_of_silence(rule: Row) -> bool:
    whole = rule["kind"] == "instrument" and rule["feature_key"] is None and rule["parameter"] is None
    return whole and (not rule["signs"] or "silent" in rule["signs"])
