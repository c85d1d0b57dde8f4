"""One evaluation of a layer: events found, alerts changed, episodes noted, messages put into the outbox."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection

from ingest.alert_evaluation import find_events
from ingest.alert_silence import network_silence
from ingest.alert_window import Window, read_window
from layers.indices import level_of
from layers.model import Layer
from spatial.analysis.alert_episodes import Member, group_episodes
from spatial.analysis.alert_findings import END_AFTER, Event
from spatial.analysis.alert_reconcile import Change, Seen, plan_changes
from spatial.analysis.anomaly import neighbours_within
from spatial.queries import alert_outbox, alert_store
from spatial.settings import alert_settings

EPISODE_KM = 50.0


@dataclass
class Outcome:
    """What an evaluation did."""

    events: int = 0
    opened: int = 0
    recorded: int = 0
    worsened: int = 0
    ended: int = 0
    queued: int = 0

    def add(self, other: Outcome) -> None:
        """Sum over layers."""
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def sentence(self) -> str:
        """For the record of the job."""
        return (
            f"{self.opened} opened, {self.recorded} of the past recorded, {self.worsened} worsened, {self.ended} ended,"
            f" {self.queued} messages"
        )


def evaluate_layer(
    conn: Connection, *, layer: Layer, as_of: datetime | None = None, lookback_days: int | None = None,
    tell: bool = True,
) -> Outcome:  # fmt: skip
    """Judge a layer by its rules up to ``as_of`` (default: now) and bring its alerts up to date; twice changes nothing.

    ``tell`` False puts nothing into the outbox: for looking at the past.
    """
    now = as_of or datetime.now(UTC)
    alert_store.hold_layer(conn, layer_id=layer.id)
    days = lookback_days or alert_settings().lookback_days
    window = read_window(conn, layer=layer, as_of=now, lookback_days=days)
    rules = alert_store.active_rules(conn, layer_id=layer.id)
    outcome = Outcome()
    if window is None:
        return outcome
    events = find_events(conn, window=window, rules=rules, as_of=now) if rules else []
    first = window.time(0)
    known = alert_store.alerts_since(conn, layer_id=layer.id, since=first - timedelta(hours=max(END_AFTER.values())))
    seen = [*(seen_event(window, event) for event in events), *network_silence(window, rules, now)]
    changes = plan_changes(seen, known, window_first=first, clock=window.clock, now=now)
    outcome.events = len(events)
    told = [_apply(conn, change, outcome) for change in changes]
    _note_episodes(conn, window, first)
    if tell:
        channels = {rule["id"]: rule["channels"] for rule in rules}
        for change, alert_id in zip(changes, told, strict=True):
            outcome.queued += _tell(conn, change, alert_id, channels, known, now)
    return outcome


def seen_event(window: Window, event: Event) -> Seen:
    """An event with times and the other columns of its alert."""
    station = window.stations.get(event.key, {})
    findings = [_finding(window, part) for part in event.findings]
    evidence: dict[str, Any] = {"findings": findings}
    if station.get("station_class") == "reference":
        evidence["reference"] = True
    return Seen(
        subject="/".join((window.layer.id, *event.subject)),
        cause=event.cause,
        severity=event.severity,
        first=window.time(event.first),
        last=window.time(event.last),
        ended=None if event.ended is None else window.time(event.ended),
        cut=event.first < END_AFTER[event.cause],
        values={
            "rule_id": event.rule_id, "layer_id": window.layer.id, "feature_key": event.key,
            "parameter": event.parameter, "value": event.value, "peak": event.peak, "threshold": event.bound,
            "evidence": json.loads(json.dumps(evidence)), "unit_ids": list(station.get("unit_ids") or ()),
        },
    )  # fmt: skip


def _finding(window: Window, part: Mapping[str, Any]) -> dict[str, Any]:
    """A finding with times instead of rows, and of an index the level its worst value has."""
    finding = dict(part) | {name: window.time(part[name]).isoformat() for name in ("first", "last")}
    if part["kind"] == "index":
        level = level_of(part["index"], part["peak"])
        finding |= {"level": level.number, "level_title": level.title.model_dump()}
    return finding


def _apply(conn: Connection, change: Change, outcome: Outcome) -> int:
    alert_id = change.alert_id
    if alert_id is None:
        alert_id = alert_store.insert_alert(conn, values=change.values)
        if change.values["state"] == "new":
            outcome.opened += 1
        else:
            outcome.recorded += 1
    else:
        alert_store.update_alert(conn, alert_id=alert_id, values=change.values)
        actions = [action for action, _ in change.events]
        outcome.worsened += "worsened" in actions
        outcome.ended += "ended" in actions
    alert_store.write_events(conn, alert_id=alert_id, events=change.events)
    return alert_id


def _note_episodes(conn: Connection, window: Window, since: datetime) -> None:
    rows = alert_store.episode_candidates(conn, layer_id=window.layer.id, since=since)
    keys = list(dict.fromkeys(row["feature_key"] for row in rows))
    places = [window.stations.get(key, {"lon": np.nan, "lat": np.nan}) for key in keys]
    near = neighbours_within(
        np.array([place["lon"] for place in places]), np.array([place["lat"] for place in places]), EPISODE_KM
    )
    members = [
        Member(row["id"], keys.index(row["feature_key"]), row["started_at"], row["until"], row["episode"])
        for row in rows
    ]
    for alert_id, episode in group_episodes(members, near, window.layer.id).items():
        alert_store.set_episode(conn, alert_id=alert_id, episode=episode)


def _tell(
    conn: Connection, change: Change, alert_id: int, channels: Mapping[int, Sequence[str]],
    known: Sequence[Mapping[str, Any]], now: datetime,
) -> int:  # fmt: skip
    """Messages about one change. Of an end only those hear who heard of the beginning."""
    if change.occasion is None:
        return 0
    if change.occasion == "ended":
        return alert_outbox.tell_those_who_know(conn, alert_id=alert_id, occasion="ended", now=now)
    before = next((alert["rule_id"] for alert in known if alert["id"] == alert_id), None)
    rule_id = change.values.get("rule_id", before)
    return alert_outbox.queue(
        conn, alert_id=alert_id, severity=change.severity, occasion=change.occasion,
        channels=channels.get(rule_id, ()) if rule_id is not None else (), now=now,
    )  # fmt: skip
