"""Rows of each subject -> findings: what is not as it should be, where, since when and who is on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from scipy.stats import nbinom

from layers.model import Indicator, Layer
from layers.registry import registry
from spatial.analysis.attention import SEVERITIES, Finding, Place
from spatial.months import add_months
from spatial.queries.indicators import Kpi
from spatial.settings import LOCAL_ZONE, AttentionSettings

type Row = dict[str, Any]
type Tree = Mapping[int, Place]

MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12}


def deepest(unit_ids: Iterable[int], tree: Tree) -> int | None:
    """The smallest unit of today among all versions of all units that hold a thing."""
    known = [unit for unit in unit_ids if unit in tree]
    return max(known, key=lambda unit: (len(tree[unit].above), -unit), default=None)


def province_of(unit: int, tree: Tree) -> int:
    """The province over a unit, or itself."""
    return tree[unit].above[-1] if tree[unit].above else unit


# ---------------------------------------------------------------- alerts


def alert_findings(
    rows: Sequence[Row], exposed: Mapping[tuple[str, int], float], silent: set[str], tree: Tree
) -> list[Finding]:
    """Open alerts. Of the environment and of forecasts: an episode is one cause; instruments: a network is.

    ``silent``: layers of which nothing comes at all; that their stations are silent is the same cause, told there.
    """
    found = []
    for row in rows:
        finding = row["finding"] or {}
        unit = deepest(row["unit_ids"], tree)
        if unit is None or (row["layer_id"] in silent and finding.get("sign") == "silent"):
            continue
        found.append(_alert(row, finding, unit, exposed))
    return found


def _alert(row: Row, finding: Row, unit: int, exposed: Mapping[tuple[str, int], float]) -> Finding:
    layer: Layer | None = registry().get(row["layer_id"])
    instrument = row["cause"] == "instrument"
    ahead = row["cause"] == "forecast"
    cause = f"instrument/{row['layer_id']}" if instrument else f"{row['cause']}/{row['episode'] or row['subject']}"
    threshold = row["threshold"] or 1.0
    facts = {
        "layer": row["layer_id"], "finding": finding, "rule": {"vi": row["title_vi"], "en": row["title_en"]},
        "station": row["station"], "severity": row["severity"], "state": row["state"], "alert": row["id"],
    }  # fmt: skip
    return Finding(
        subject="data" if instrument else "alert",
        cause=cause,
        kind="instrument" if instrument else "forecast" if ahead else "event",
        domain="environment",
        unit_id=unit,
        facts=facts,
        url=f"/alerts/{row['id']}",
        since=row["opened_at"] if ahead else row["started_at"],
        until=row["started_at"] if ahead else None,
        who=row["actor"] or (layer.agency.vi if layer else None),
        nobody=row["state"] == "new",
        people=0.0 if instrument else exposed.get((row["layer_id"], unit)),
        measure=1.0 if instrument else (row["value"] or 0.0) / abs(threshold),
        weight=SEVERITIES.index(row["severity"]),
    )


# ---------------------------------------------------------------- figures and plans


def plan_findings(rows: Sequence[Row], catalogue: Mapping[str, Indicator], tree: Tree) -> list[Finding]:
    """Plans that will probably not be met; one indicator is one cause."""
    found = []
    for row in rows:
        item = catalogue.get(row["code"])
        if item is None or row["unit_id"] not in tree or item.direction == "neutral":
            continue
        names = ("chance", "q10", "q50", "q90", "plan", "actual", "skill")
        facts = {"code": item.code, "known_until": row["known_until"]} | {name: row[name] for name in names}
        facts["short"] = shortfall(row["q50"], row["plan"], item.direction)
        found.append(_of_plan(item, row["unit_id"], "plan", facts, row["year"], 1 - row["chance"]))
    return found


def shortfall(expected: float | None, plan: float | None, direction: str) -> float:
    """By which part of the plan the year will probably end on the wrong side of it; 0 on the right side."""
    if expected is None or not plan:
        return 0.0
    gap = (plan - expected) / abs(plan)
    return max(0.0, gap if direction == "up" else -gap)


def pace_findings(lines: Sequence[Kpi], unit_id: int, projected: set[tuple[int, str]], pace: float) -> list[Finding]:
    """Plans behind the part of the year that has gone by, where there is no projection to say more.

    Amounts are held against the months, states and rates against the whole plan.
    """
    found = []
    for line in lines:
        item = line.indicator
        if (
            (unit_id, item.code) in projected
            or line.plan is None
            or line.plan_percent is None
            or line.cumulative is None
        ):
            continue
        elapsed = line.period.month / 12 * 100 if item.how == "sum" else 100.0
        used = line.cumulative / line.plan * 100
        behind = {"up": elapsed - used, "down": used - elapsed, "neutral": 0.0}[item.direction]
        if behind > pace:
            facts = {
                "code": item.code, "percent": used, "elapsed": elapsed, "plan": line.plan, "actual": line.cumulative,
                "known_until": line.period,
            }  # fmt: skip
            found.append(_of_plan(item, unit_id, "pace", facts, date(line.period.year, 1, 1), behind))
    return found


def _of_plan(item: Indicator, unit_id: int, kind: str, facts: Row, year: date, measure: float) -> Finding:
    end = datetime.combine(date(year.year + 1, 1, 1), time(), LOCAL_ZONE)
    return Finding(
        subject="plan", cause=f"plan/{item.code}/{year.year}", kind=kind, domain=item.domain, unit_id=unit_id,
        facts=facts, url="", until=end, who=item.agency, measure=measure, own=True,
    )  # fmt: skip


def figure_findings(rows: Sequence[Row], catalogue: Mapping[str, Indicator], tree: Tree) -> list[Finding]:
    """Unusual figures: faults of a report by agency and period, for somebody to check; real ones by indicator."""
    found = []
    for row in rows:
        item = catalogue.get(row["code"])
        if item is None or row["unit_id"] not in tree:
            continue
        report = row["kind"] == "report"
        names = ("period", "value", "expected", "low", "high", "score", "cause")
        facts = {"code": item.code} | {name: row[name] for name in names if name != "cause"} | {"sign": row["cause"]}
        facts["good"] = (row["value"] > row["expected"]) == (item.direction == "up") and item.direction != "neutral"
        cause = f"report/{item.agency}/{row['period']:%Y-%m}" if report else f"figure/{item.code}/{row['period']:%Y-%m}"
        found.append(
            Finding(
                subject="data" if report else "anomaly", cause=cause, kind="report" if report else "figure",
                domain=item.domain, unit_id=row["unit_id"], facts=facts, url="", who=item.agency,
                people=0.0 if report else None, measure=abs(row["score"]), own=not report,
            )
        )  # fmt: skip
    return found


def expected_period(period: Literal["month", "quarter", "year"], today: date, due_days: int) -> date:
    """First day of the newest period whose figure should be in: it ended ``due_days`` ago or longer."""
    span = MONTHS[period]
    day = today - timedelta(days=due_days)
    start = date(day.year, (day.month - 1) // span * span + 1, 1)
    return add_months(start, -span)


def late_figures(
    newest: Mapping[str, date], catalogue: Mapping[str, Indicator], provinces: Sequence[int], today: date, due_days: int
) -> list[Finding]:
    """Agencies whose figures should be in and are not; an agency is one cause."""
    found = []
    for code, period in newest.items():
        item = catalogue.get(code)
        if item is None or item.computed:
            continue
        wanted = expected_period(item.period, today, due_days)
        if period >= wanted:
            continue
        missing = add_months(period, MONTHS[item.period])
        due = add_months(missing, MONTHS[item.period]) + timedelta(days=due_days)
        found += [
            Finding(
                subject="data", cause=f"figures/{item.agency}", kind="late_figures", domain=item.domain, unit_id=unit,
                facts={"code": code, "missing": missing}, url="/data",
                since=datetime.combine(due, time(), LOCAL_ZONE), who=item.agency, people=0.0,
                measure=(today - due).days,
            )
            for unit in provinces
        ]  # fmt: skip
    return found


def late_layers(
    until: Mapping[str, datetime], provinces: Mapping[str, Sequence[int]], now: datetime
) -> tuple[list[Finding], set[str]]:
    """Networks of which nothing comes any more, and their ids."""
    found: list[Finding] = []
    late = set()
    for layer in registry().values():
        if layer.series is None or layer.series.sampled or layer.id not in until:
            continue
        hours = (now - until[layer.id]).total_seconds() / 3600
        if hours <= layer.series.late_after_hours:
            continue
        late.add(layer.id)
        found += [
            Finding(
                subject="data", cause=f"silent/{layer.id}", kind="late_layer", domain="environment", unit_id=unit,
                facts={"layer": layer.id, "hours": round(hours, 1)}, url="/stations", since=until[layer.id],
                who=layer.agency.vi, people=0.0, measure=hours,
            )
            for unit in provinces.get(layer.series.station_layer, ())
        ]  # fmt: skip
    return found, late


# ---------------------------------------------------------------- feedback


COMMITTEES = "communes"  # those of the communes are one cause on the pages above them


def overdue_findings(rows: Sequence[Row]) -> list[Finding]:
    """Late cases; who handles them is the cause, wherever they lie."""
    found = []
    for row in rows:
        names = ("handling_unit", "n", "emergency", "oldest_due", "category", "code", "committee")
        facts = {name: row[name] for name in names}
        by = COMMITTEES if row["committee"] else row["handling_unit"] or ""
        found.append(
            Finding(
                subject="feedback", cause=f"overdue/{by}", kind="overdue", domain="feedback",
                unit_id=row["unit_id"], facts=facts, url="", since=row["oldest_due"],
                who=None if row["committee"] else row["handling_unit"],
                nobody=not row["handling_unit"], people=float(row["n"]), count=row["n"], measure=float(row["n"]),
            )
        )  # fmt: skip
    return found


def waiting_findings(rows: Sequence[Row], minutes: int) -> list[Finding]:
    """Cases nobody has forwarded: the centre is the one cause."""
    return [
        Finding(
            subject="feedback", cause="waiting", kind="waiting", domain="feedback", unit_id=row["unit_id"],
            facts={"n": row["n"], "oldest": row["oldest"], "minutes": minutes, "code": row["code"]}, url="",
            since=row["oldest"] + timedelta(minutes=minutes), who=registry()["feedback"].agency.vi, nobody=True,
            people=float(row["n"]), count=row["n"], measure=float(row["n"]),
        )
        for row in rows
    ]  # fmt: skip


def chance_of(recent: int, past: int, share: float) -> float:
    """Chance of at least ``recent`` cases when nothing changed: counts with a gamma prior are negative binomial.

    ``past``: cases of the time before, ``share``: length of the recent time by that of the past. The prior of Jeffreys
    (1/2 a case) lets a field without any past speak too.
    """
    return float(nbinom.sf(recent - 1, past + 0.5, 1 / (1 + share)))


def rise_findings(rows: Sequence[Row], rules: AttentionSettings, tree: Tree) -> list[Finding]:
    """Fields with more cases in a commune than its own past lets expect; in several communes it is one cause."""
    share = rules.rise_days / (7 * rules.rise_weeks)
    found = []
    for row in rows:
        recent, past = int(row["recent"]), int(row["past"] or 0)
        if (
            row["unit_id"] not in tree
            or recent < rules.rise_least
            or chance_of(recent, past, share) >= rules.rise_chance
        ):
            continue
        facts = {"category": row["category"], "recent": recent, "expected": past * share, "days": rules.rise_days}
        found.append(
            Finding(
                subject="feedback", cause=f"rise/{row['category']}", kind="rise", domain="feedback",
                unit_id=row["unit_id"], facts=facts, url="", people=float(recent), count=recent,
                measure=float(recent),
            )
        )  # fmt: skip
    return found


def reopened_findings(rows: Sequence[Row]) -> list[Finding]:
    """Handling units whose results do not hold."""
    return [
        Finding(
            subject="feedback", cause=f"reopened/{row['handling_unit']}", kind="reopened", domain="feedback",
            unit_id=row["unit_id"], facts={
                name: row[name] for name in ("handling_unit", "period", "processed", "reopened")
            }, url="", who=row["handling_unit"], people=float(row["reopened"]), count=row["reopened"],
            measure=row["reopened"] / row["processed"], own=True,
        )
        for row in rows
    ]  # fmt: skip


# ---------------------------------------------------------------- cameras

STORM_SHARE = 0.5  # when half of all cameras are down ...
STORM_LEAST = 5  # ... and at least so many, it is the line to them or the recorder, not each camera


def camera_findings(rows: Sequence[Row], tree: Tree) -> list[Finding]:
    """Cameras that are down; neighbours are one cause, and so is more than half of all."""
    if not rows:
        return []
    storm = len(rows) >= STORM_LEAST and len(rows) >= STORM_SHARE * rows[0]["probed"]
    return [
        Finding(
            subject="camera", cause="camera/all" if storm else f"camera/{row['cluster']}", kind="camera",
            domain="public_order", unit_id=row["unit_id"],
            facts={name: row[name] for name in ("key", "name", "sector", "reason", "probed")} | {"storm": storm},
            url="", since=row["since"], people=0.0, measure=1.0,
        )
        for row in rows
        if row["unit_id"] in tree
    ]  # fmt: skip
