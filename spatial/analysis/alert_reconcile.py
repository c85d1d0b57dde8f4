"""What becomes of the alerts there are when the events of a window are known: a plan, and nothing written.

Running it twice on the same events gives an empty plan the second time. An event and an alert are the same matter when
they have one subject and their times meet, hours of hysteresis included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from spatial.analysis.alert_findings import END_AFTER, SEVERITIES, Cause, gravity

type Values = dict[str, Any]

NEWS_HOURS = 24  # an event over for longer when it is first seen is put on record, and nobody is called
OVER = "Sự kiện đã kết thúc trước khi hệ thống ghi nhận (số liệu đến muộn). The event was over before it was seen."
FOLLOWED = "Sự kiện mới cùng nguồn đã mở cảnh báo khác. A new event of the same subject opened another alert."
GROUNDLESS = (
    "Không còn căn cứ: số liệu bị đánh dấu nghi ngờ, được sửa, hoặc quy tắc đã tắt."
    " Nothing supports it any more: values were marked or corrected, or the rule is off."
)
GOES_ON = "Sự kiện tiếp diễn. It goes on."


@dataclass(frozen=True)
class Seen:
    """An event with times instead of rows. ``cut``: it may have begun before the window."""

    subject: str
    cause: Cause
    severity: str
    first: datetime
    last: datetime
    ended: datetime | None
    cut: bool
    values: Values  # other columns of core.alert: layer_id, feature_key, rule_id, value, peak, evidence ...


@dataclass(frozen=True)
class Change:
    """One alert to be made (``alert_id`` None) or changed, with the events to be written and what to tell."""

    alert_id: int | None
    values: Values
    events: tuple[tuple[str, str | None], ...] = ()  # (action, note)
    occasion: str | None = None
    severity: str = "minor"


def plan_changes(
    seen: Sequence[Seen], alerts: Sequence[Mapping[str, Any]], *, window_first: datetime, clock: datetime, now: datetime
) -> list[Change]:
    """Bring alerts and events together.

    :param alerts: alerts of the layer that are not closed, or whose event reaches into the window; rows of core.alert.
    :param window_first: time of the first hour judged.
    :param clock: data clock of the layer.
    :param now: time of the evaluation; nobody is told of what ended, or was last seen, a day before it.
    """
    by_subject: dict[str, list[dict[str, Any]]] = {}
    for alert in alerts:
        by_subject.setdefault(alert["subject"], []).append(dict(alert))
    changes: list[Change] = []
    met: set[int] = set()
    fresh: dict[str, list[Seen]] = {}  # events without an alert
    prolonged: dict[int, tuple[dict[str, Any], Seen]] = {}
    for event in sorted(seen, key=lambda item: (item.subject, item.first)):
        same = _same_matter(event, by_subject.get(event.subject, []))
        if same is not None:
            met.add(same["id"])
        if same is None or _worse_after_closing(event, same):
            if same is not None and same["ended_at"] is None:  # the new alert takes the event over
                changes.append(Change(same["id"], {"ended_at": same["last_at"]}))
            fresh.setdefault(event.subject, []).append(event)
        else:  # two events of one alert, when values between them were corrected: its newest state is what counts
            earlier = prolonged.get(same["id"])
            first = min(event.first, earlier[1].first) if earlier else event.first
            prolonged[same["id"]] = (same, replace(event, first=first))
    found = [_continue(event, alert, now=now) for alert, event in prolonged.values()]
    changes += [change for change in found if change is not None]
    for subject, events in fresh.items():
        known = by_subject.get(subject, [])
        open_now = [not _on_record(event, clock) and event is events[-1] for event in events]
        if open_now[-1]:  # one subject has one open alert: the one whose event is over makes room for the next
            changes += [_make_room(alert) for alert in known if alert["state"] != "closed"]
            met |= {alert["id"] for alert in known if alert["state"] != "closed"}
        changes += [_open(event, known, opened, now=now) for event, opened in zip(events, open_now, strict=True)]
    for rows in by_subject.values():
        changes += [_lapse(row, clock, window_first) for row in rows if row["id"] not in met and _lapses(row, clock)]
    return changes


def _same_matter(event: Seen, known: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The alert about this event: an open one first, else the newest."""
    until = event.ended or event.last + timedelta(hours=END_AFTER[event.cause])
    meeting = [alert for alert in known if alert["started_at"] <= until and event.first <= _until(alert, event.cause)]
    meeting.sort(key=lambda alert: (alert["state"] == "closed", -alert["last_at"].timestamp()))
    return meeting[0] if meeting else None


def _until(alert: Mapping[str, Any], cause: Cause) -> datetime:
    """End of the alert's event, or how long it lasts at least when it has not ended."""
    ended: datetime = alert["ended_at"] or alert["last_at"] + timedelta(hours=END_AFTER[cause])
    return ended


def _worse_after_closing(event: Seen, alert: Mapping[str, Any]) -> bool:
    """Somebody closed it, and then it became graver: a new alert, not a change behind their back."""
    return alert["state"] == "closed" and event.ended is None and _rank(event.severity) > _rank(alert["severity"])


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity)


def _continue(event: Seen, alert: Mapping[str, Any], *, now: datetime) -> Change | None:
    """Prolong, worsen, end or revive an alert; None when it says all that already."""
    if event.cut and alert["ended_at"] is not None and event.ended is not None:
        return None  # the window shows only its end
    values: Values = dict(event.values) | {
        "started_at": min(alert["started_at"], event.first),
        "last_at": event.last,
        "ended_at": event.ended,
    }
    if event.cut:
        values = _keep_beginning(values, alert)
    worse = _rank(event.severity) > _rank(alert["severity"])
    values["severity"] = event.severity if worse else alert["severity"]
    if not worse:
        values["rule_id"] = event.values["rule_id"] if event.severity == alert["severity"] else alert["rule_id"]
    kept = {name: alert["evidence"][name] for name in ("episode", "previous") if name in alert["evidence"]}
    values["evidence"] = dict(values["evidence"]) | kept
    changed = {name: value for name, value in values.items() if value != alert[name]}
    if not changed:
        return None
    if alert["state"] == "closed":
        return Change(alert["id"], changed)
    return _told(event, alert, changed, worse=worse, now=now)


def _told(event: Seen, alert: Mapping[str, Any], changed: Values, *, worse: bool, now: datetime) -> Change:
    events: list[tuple[str, str | None]] = []
    occasion = None
    if worse:
        events.append(("worsened", f"{alert['severity']} → {event.severity}"))
        occasion = "worsened"
    if alert["ended_at"] is None and event.ended is not None:
        events.append(("ended", None))
        occasion = occasion or "ended"
    elif alert["ended_at"] is not None and event.ended is None:
        events.append(("note", GOES_ON))
    return Change(alert["id"], changed, tuple(events), occasion if _is_news(event, now) else None, event.severity)


def _keep_beginning(values: Values, alert: Mapping[str, Any]) -> Values:
    """What the window no longer shows: findings of the first hours, and the worst values."""
    old = {_which(finding): finding for finding in alert["evidence"].get("findings", [])}
    new = {_which(finding): finding for finding in values["evidence"]["findings"]}
    findings = [_longer(old[name], new[name]) if name in new else old[name] for name in old]
    findings += [new[name] for name in new if name not in old]
    leader = min(findings, key=gravity)
    return values | {
        "parameter": leader["parameter"],
        "peak": leader["peak"],
        "threshold": leader["threshold"],
        "evidence": dict(values["evidence"]) | {"findings": sorted(findings, key=gravity)},
    }


def _which(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(finding[name] for name in ("rule", "parameter", "sign", "hours", "below"))


def _longer(old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[str, Any]:
    """One finding from its first hour, as noted before, to its newest."""
    worse = old if old["excess"] >= new["excess"] else new
    kept = {"first": old["first"], "n": max(old["n"], new["n"])}
    return dict(new) | kept | {name: worse[name] for name in ("peak", "threshold", "excess")}


def _on_record(event: Seen, clock: datetime) -> bool:
    """Whether it was over for so long when it was first seen that it only goes on record."""
    return event.ended is not None and clock - event.ended > timedelta(hours=NEWS_HOURS)


def _open(event: Seen, known: list[dict[str, Any]], opened: bool, *, now: datetime) -> Change:
    values = dict(event.values) | {
        "subject": event.subject,
        "cause": event.cause,
        "severity": event.severity,
        "state": "new" if opened else "closed",
        "started_at": event.first,
        "last_at": event.last,
        "ended_at": event.ended,
    }
    previous = sorted(alert["id"] for alert in known)[-5:]
    if previous:
        values["evidence"] = dict(values["evidence"]) | {"previous": previous}
    events: list[tuple[str, str | None]] = [("opened", None)]
    if event.ended is not None:
        events.append(("ended", None))
    if not opened:
        events.append(("closed", OVER))
    return Change(None, values, tuple(events), "opened" if opened and _is_news(event, now) else None, event.severity)


def _make_room(alert: Mapping[str, Any]) -> Change:
    ended = alert["ended_at"] or alert["last_at"]
    return Change(alert["id"], {"state": "closed", "ended_at": ended}, (("closed", FOLLOWED),))


def _lapses(alert: Mapping[str, Any], clock: datetime) -> bool:
    """Its event was not seen this time although it should go on. A forecast is given some hours to come back."""
    if alert["ended_at"] is not None:
        return False
    grace = END_AFTER["forecast"] if alert["cause"] == "forecast" else 0
    return alert["feature_key"] == "" or bool(clock - alert["last_at"] >= timedelta(hours=grace))


def _lapse(alert: Mapping[str, Any], clock: datetime, window_first: datetime) -> Change:
    whole_network = alert["feature_key"] == ""  # its silence lies behind the data clock: now something has come
    past = alert["cause"] == "forecast" or whole_network or alert["last_at"] < window_first
    ended = max(alert["last_at"], clock) if alert["last_at"] >= window_first else alert["last_at"]
    values: Values = {"ended_at": ended}
    if not past:
        values["evidence"] = dict(alert["evidence"]) | {"withdrawn": True}
    events = () if alert["state"] == "closed" else (("ended", None if past else GROUNDLESS),)
    return Change(alert["id"], values, events, None, alert["severity"])


def _is_news(event: Seen, now: datetime) -> bool:
    """Whether people need be called: it is going on, or was until a day ago, by the clock on the wall."""
    return now - (event.ended or event.last) <= timedelta(hours=NEWS_HOURS)
