"""Findings of rules, and how those about one subject become one event with the gravest finding first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from spatial.analysis.alert_instruments import DEFAULTS
from spatial.analysis.alert_rules import HOLDS, Floats, States, episodes, union

type Cause = Literal["environment", "instrument", "forecast"]

SEVERITIES = ("minor", "moderate", "severe", "extreme")
# Good hours after which an event is over; and hours without data after which nobody can say that it goes on.
END_AFTER: Mapping[Cause, int] = {"environment": 12, "instrument": 24, "forecast": 6}
GIVE_UP_AFTER = 48


@dataclass(frozen=True)
class Finding:
    """One rule at one station (and parameter) over the window.

    ``value`` is what was compared (a mean, an index, hours of silence), ``bound`` what with; both by hour.
    """

    rule_id: int
    rule: str
    kind: str
    severity: str
    cause: Cause
    key: str
    parameter: str | None
    state: States
    value: Floats
    bound: Floats
    sign: str | None = None
    below: bool = False
    mean_hours: int = 1
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> tuple[str, ...]:
        """What makes findings one event: station and cause; of an instrument the parameter too (* = the station)."""
        return (self.key, self.cause, self.parameter or "*") if self.cause == "instrument" else (self.key, self.cause)


@dataclass(frozen=True)
class Event:
    """One event of one subject; hours are indices into the window. ``findings`` as stored in the alert's evidence."""

    subject: tuple[str, ...]
    key: str
    cause: Cause
    parameter: str | None
    rule_id: int
    severity: str
    first: int
    last: int
    ended: int | None
    value: float
    peak: float
    bound: float | None
    findings: tuple[Mapping[str, Any], ...]


def build_events(findings: Iterable[Finding]) -> list[Event]:
    """Events of all subjects, in the order in which they began."""
    by_subject: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        by_subject.setdefault(finding.subject, []).append(finding)
    found: list[Event] = []
    for subject, members in by_subject.items():
        held = [member for member in members if (member.state == HOLDS).any()]
        if not held:
            continue
        # A rule that never held still tells that hours were good.
        spans = episodes(
            union([member.state for member in members]),
            end_after=END_AFTER[held[0].cause],
            give_up_after=GIVE_UP_AFTER,
        )
        found += [_event(subject, held, span.first, span.last, span.ended) for span in spans]
    return sorted(found, key=lambda event: (event.first, event.subject))


def _event(subject: tuple[str, ...], findings: list[Finding], first: int, last: int, ended: int | None) -> Event:
    parts = [_part(finding, first, last) for finding in findings if (finding.state[first : last + 1] == HOLDS).any()]
    parts.sort(key=gravity)
    leader = parts[0]
    return Event(
        subject, findings[0].key, findings[0].cause, leader["parameter"], leader["rule_id"], leader["severity"], first,
        last, ended, leader["value"], leader["peak"], leader["threshold"], tuple(parts),
    )  # fmt: skip


def gravity(part: Mapping[str, Any]) -> tuple[int, int, float, str]:
    """Order of findings: grave before light; of signs the one that explains most; then the one passed by most."""
    sign = tuple(DEFAULTS).index(part["sign"]) if part["sign"] else 0
    return (-SEVERITIES.index(part["severity"]), sign, -part["excess"], part["rule"])


def _part(finding: Finding, first: int, last: int) -> dict[str, Any]:
    """What one rule found between two hours: newest and worst value, its hours, and by how much it was passed."""
    hours = np.flatnonzero(finding.state[first : last + 1] == HOLDS) + first
    values, bounds = finding.value[hours], finding.bound[hours]
    excess = _excess(values, bounds, below=finding.below)
    worst = int(np.argmax(excess))
    bound = float(bounds[worst])
    return {
        "rule_id": finding.rule_id,
        "rule": finding.rule,
        "kind": finding.kind,
        "severity": finding.severity,
        "parameter": finding.parameter,
        "sign": finding.sign,
        "hours": finding.mean_hours,
        "below": finding.below,
        "n": len(hours),
        "first": int(hours[0]),
        "last": int(hours[-1]),
        "value": round(float(values[-1]), 4),
        "peak": round(float(values[worst]), 4),
        "threshold": None if np.isnan(bound) else round(bound, 4),
        "excess": round(float(excess[worst]), 4),
    } | dict(finding.details)


def _excess(values: Floats, bounds: Floats, *, below: bool) -> Floats:
    """How many times the bound was passed, so that different quantities can be put in order."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = bounds / values if below else values / bounds
    return np.nan_to_num(ratio, nan=0.0, posinf=1e6, neginf=0.0)
