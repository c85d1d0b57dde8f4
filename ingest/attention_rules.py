"""How grave a line is, what it says and where its evidence lies: one entry per kind of finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from spatial.analysis.attention import Grade, Item, Line, Severity, worst
from spatial.settings import AttentionSettings

type Facts = dict[str, Any]

PLACES_NAMED = 5
ENDED = timedelta(days=30)  # a network silent for longer has ended; that it is silent is no news


def grades(rules: AttentionSettings) -> dict[str, Grade]:
    """Severity of a line by the kind of its leading finding."""
    return {
        "event": _by_findings,
        "forecast": _by_findings,
        "instrument": _instrument,
        "plan": partial(_plan, rules=rules),
        "pace": _pace,
        "report": lambda line: "moderate" if line.count >= 5 else "minor",
        "figure": _figure,
        "late_figures": lambda line: "moderate" if line.count >= 5 else "minor",
        "late_layer": _late_layer,
        "overdue": partial(_overdue, rules=rules),
        "waiting": lambda line: "severe" if line.count >= 10 else "moderate",
        "rise": lambda line: "severe" if line.units >= 3 else "moderate",
        "reopened": lambda line: "moderate",
        "camera": lambda line: "severe" if line.lead.facts["storm"] else "moderate" if line.count >= 3 else "minor",
    }


def worth_a_line(lines: Iterable[Line], rules: AttentionSettings, levels: Mapping[int, str]) -> list[Line]:
    """A few late cases are a matter of the commune they lie in, not of the pages above it."""
    kept = []
    for line in lines:
        few = line.lead.kind == "overdue" and line.count < rules.overdue_least
        if few and not any(member.facts["emergency"] for member in line.members):
            own = tuple(unit for unit in line.unit_ids if levels[unit] == "commune")
            kept += [replace(line, unit_ids=own)] if own else []
        else:
            kept.append(line)
    return kept


def _by_findings(line: Line) -> Severity:
    return worst(member.facts["severity"] for member in line.members)


def _instrument(line: Line) -> Severity:
    """A broken instrument harms nobody at once: moderate at most."""
    return min(_by_findings(line), "moderate", key=("minor", "moderate", "severe", "extreme").index)


def _plan(line: Line, *, rules: AttentionSettings) -> Severity:
    """Grave when nearly certain and the gap is large: 99 % of a plan is no disaster, however certain.

    A plan that only units below will miss is minor for the one above.
    """
    if line.lead.unit_id != line.unit_id:
        return "minor"
    chance, short = line.lead.facts["chance"], line.lead.facts["short"]
    if chance >= rules.plan_chance_severe or short < rules.plan_short:
        return "minor"
    return "severe" if short >= rules.plan_short_severe else "moderate"


def _pace(line: Line) -> Severity:
    return "moderate" if line.lead.unit_id == line.unit_id else "minor"


def _figure(line: Line) -> Severity:
    own = line.lead.unit_id == line.unit_id
    return "moderate" if own and not line.lead.facts["good"] else "minor"


def _late_layer(line: Line) -> Severity:
    hours = line.lead.facts["hours"]
    if timedelta(hours=hours) > ENDED:
        return "minor"
    return "severe" if hours > 24 else "moderate"


def _overdue(line: Line, *, rules: AttentionSettings) -> Severity:
    emergency = sum(member.facts["emergency"] for member in line.members)
    if emergency:
        return "extreme"
    if line.count >= rules.overdue_severe:
        return "severe"
    return "moderate" if line.count >= rules.overdue_least else "minor"


# ---------------------------------------------------------------- what is written


def facts_of(item: Item, levels: Mapping[int, str]) -> Facts:
    """The numbers of a line: those of the leading finding, and what the kind adds up."""
    line = item.line
    places = list(dict.fromkeys(member.unit_id for member in line.members))
    facts: Facts = dict(line.lead.facts) | {
        "cause": line.lead.cause,
        "kind": line.lead.kind,
        "count": line.count,
        "units": line.units,
        "places": [unit for unit in places if unit != line.unit_id][:PLACES_NAMED],
        "communes": sum(levels[unit] == "commune" and unit != line.unit_id for unit in places),
        "lead_unit": line.lead.unit_id,
        "below": line.lead.unit_id != line.unit_id,
        "people": round(line.people),
        "nobody": any(member.nobody for member in line.members),
        "why": item.why,
        "course": item.course,
    }
    adds = _ADDS.get(line.lead.kind)
    return facts | (adds(line) if adds else {})


def _alerts_add(line: Line) -> Facts:
    signs = Counter(member.facts["finding"].get("sign") for member in line.members)
    return {
        "stations": sorted({member.facts["station"] for member in line.members}),
        "alerts": [member.facts["alert"] for member in line.members],
        "signs": {sign: n for sign, n in signs.items() if sign},
        "taken": sum(member.facts["state"] == "acknowledged" for member in line.members),
    }


def _overdue_add(line: Line) -> Facts:
    oldest = min(line.members, key=lambda member: member.facts["oldest_due"])
    handlers = {member.facts["handling_unit"] for member in line.members}
    return {
        "n": line.count,
        "handling_unit": handlers.pop() if len(handlers) == 1 else None,
        "handlers": len(handlers) or 1,
        "most": [line.lead.facts["handling_unit"], line.lead.count],
        "emergency": sum(member.facts["emergency"] for member in line.members),
        "oldest_due": oldest.facts["oldest_due"],
        "code": oldest.facts["code"],
    }


def _waiting_add(line: Line) -> Facts:
    oldest = min(line.members, key=lambda member: member.facts["oldest"])
    return {"n": line.count, "oldest": oldest.facts["oldest"], "code": oldest.facts["code"]}


_ADDS: Mapping[str, Callable[[Line], Facts]] = {
    "event": _alerts_add,
    "forecast": _alerts_add,
    "instrument": _alerts_add,
    "overdue": _overdue_add,
    "waiting": _waiting_add,
    "rise": lambda line: {
        "recent": line.count,
        "expected": sum(member.facts["expected"] for member in line.members),
    },
    "report": lambda line: {
        "codes": sorted({member.facts["code"] for member in line.members}),
        "signs": dict(Counter(member.facts["sign"] for member in line.members)),
    },
    "late_figures": lambda line: {
        "codes": sorted({member.facts["code"] for member in line.members}),
        "missing": min(member.facts["missing"] for member in line.members),
    },
    "camera": lambda line: {
        "keys": [member.facts["key"] for member in line.members][:PLACES_NAMED],
        "reasons": dict(Counter(member.facts["reason"] or "" for member in line.members)),
    },
}


def address(line: Line, keys: Mapping[int, str]) -> str:
    """Where the evidence of a line lies."""
    lead, unit = line.lead, keys[line.unit_id]
    facts = lead.facts
    if lead.kind in ("event", "forecast") or (lead.kind == "instrument" and len(line.members) == 1):
        return lead.url
    if lead.kind == "instrument":
        return f"/alerts?{urlencode({'cause': 'instrument', 'unit': unit})}"
    if lead.kind in ("plan", "pace", "figure", "report"):
        at = facts.get("period") or facts["known_until"]
        query = {"unit": unit, "code": facts["code"], "at": f"{at:%Y-%m}"}
        return f"/overview/{lead.domain}?{urlencode(query)}"
    if lead.subject == "feedback":
        queue = {"overdue": "late", "waiting": "new"}.get(lead.kind, "all")
        query = {"queue": queue, "unit": unit, "by": facts.get("handling_unit"), "category": None}
        if lead.kind == "rise":
            query |= {"category": facts["category"], "days": "30"}
        return f"/feedback?{urlencode({k: v for k, v in query.items() if v}, quote_via=quote)}"
    if lead.kind == "camera":
        return f"/cameras?{urlencode({'unit': unit, 'condition': 'offline'})}"
    return lead.url
