"""``geoioc quality indicators``: slips of the report and events put into good figures in memory, and what is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from rich.table import Table as Shown

from ingest.jobs_outlook import read_panels
from ingest.outlook_anomalies import Judged, judge
from ingest.outlook_tables import Panel
from spatial.access import SYSTEM, connect
from spatial.analysis.anomaly_causes import CAUSES, EVENT_CAUSES, kind_of
from spatial.queries import indicators
from spatial.settings import LOCAL_ZONE

INJECTED = ("unit_factor", "digit", "cumulative", "repeated", "sign", "zero", "part", "event", "spell")
# Causes that count as the right answer to what was put in.
RIGHT = {
    "part": ("parts_differ",),
    "event": ("together",),
    "spell": ("persists", "related", "together"),
    "echo": EVENT_CAUSES,  # the province's figure, moved by an event below
}
SHARE = 0.0015  # of the own figures of a table, by kind of fault
CROWD = 0.6  # of the units of a level that an event hits
LEAST_SERIES = 6  # of a level, for an event to hit several

type Floats = NDArray[np.float64]
type Place = tuple[int, int, int]  # table, row, series


@dataclass
class Score:
    """Figures put in and found by what they are; what else was found in figures nobody touched."""

    injected: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    right_kind: Counter[str] = field(default_factory=Counter)
    claimed: Counter[str] = field(default_factory=Counter)  # by cause, of all figures
    claimed_right: Counter[str] = field(default_factory=Counter)
    clean_before: int = 0  # unusual figures as they were
    clean_by_kind: Counter[str] = field(default_factory=Counter)
    figures: int = 0


def measure(seed: int = 1) -> Score:
    """Judge the figures of the database as they are, then with faults; a figure odd before is not touched."""
    today = datetime.now(UTC).astimezone(LOCAL_ZONE).date()
    with connect(SYSTEM) as conn:
        panels = read_panels(conn, today)
    catalogue = indicators.catalogue()
    before = judge(panels, catalogue)
    random = np.random.default_rng(seed)
    planted: dict[Place, str] = {}
    changed = [_plant(number, item, random, planted) for number, item in enumerate(before)]
    after = judge(changed, catalogue)
    return _score(before, after, planted)


def _plant(number: int, item: Judged, random: np.random.Generator, planted: dict[Place, str]) -> Panel:
    panel = item.panel
    values = panel.values.copy()
    free = panel.own & np.isfinite(values) & (item.causes == 0) & np.isfinite(item.expectation.score)
    free[: panel.steps] = False
    for kind in INJECTED:
        for row, column in _places(kind, panel, free, random):
            cells = _changed(kind, panel, item, values, row, column, random)
            for place, value in cells.items():
                if free[place] and value != values[place]:
                    if kind in ("event", "spell"):
                        _echo(number, panel, values, place, value - values[place], planted)
                    values[place] = value
                    free[place] = False
                    planted[number, *place] = kind
    return replace(panel, values=values)


def _echo(
    number: int, panel: Panel, values: Floats, place: tuple[int, int], change: float, planted: dict[Place, str]
) -> None:
    """What really happened in a commune is in the province's figure too."""
    row, column = place
    if panel.courses[column].level != "commune" or panel.how != "sum":
        return
    for top in np.flatnonzero(panel.families == panel.families[column]):
        if panel.courses[top].level == "province" and panel.own[row, top]:
            values[row, top] += change
            planted.setdefault((number, row, int(top)), "echo")


def _places(kind: str, panel: Panel, free: NDArray[np.bool_], random: np.random.Generator) -> list[tuple[int, int]]:
    """Where a kind of fault is put: series far enough apart for one not to be the other's evidence."""
    allowed = free.copy()
    if kind in ("cumulative", "part"):
        if panel.how != "sum":
            return []
        allowed[np.arange(len(allowed)) % panel.steps == 0] = False
    rows, columns = np.nonzero(allowed)
    count = max(int(SHARE * free.sum()), 1) if kind not in ("event", "spell") else max(int(SHARE * free.sum() / 20), 1)
    pick = random.permutation(len(rows))[: count * 3]
    taken: set[int] = set()
    result: list[tuple[int, int]] = []
    for place in pick:
        column = int(columns[place])
        if column not in taken and len(result) < count:
            taken.add(column)
            result.append((int(rows[place]), column))
    return result


def _changed(
    kind: str, panel: Panel, item: Judged, values: Floats, row: int, column: int, random: np.random.Generator
) -> dict[tuple[int, int], float]:  # fmt: skip
    """New figures by place; none when the fault would make no sense there."""
    value, expected = float(values[row, column]), item.expectation
    deviation = float(expected.deviation[row, column])
    whole = indicators.catalogue()[panel.courses[column].code].decimals == 0
    # A departure of eight deviations, as a factor or in points.
    sign = float(random.choice((-1.0, 1.0)))
    far = value + 8 * sign * deviation if panel.rate else value * float(np.exp(8 * sign * deviation))
    if kind == "unit_factor":
        return {(row, column): value * 10.0 ** int(random.choice((-3, 3, -2, 2, 6)))} if value > 0 and not whole else {}
    if kind == "digit":
        text = str(int(value))
        if not whole or len(text) < 3:
            return {}
        drop = int(random.integers(1, len(text)))
        return {(row, column): float(text[:drop] + text[drop + 1 :])}
    if kind == "cumulative":
        start = row - row % panel.steps
        return {(row, column): float(values[start : row + 1, column].sum())} if value > 0 else {}
    if kind == "repeated":
        return {(row, column): float(values[row - 1, column])} if panel.own[row - 1, column] else {}
    if kind == "sign":
        return {(row, column): -value} if value > 0 else {}
    if kind == "zero":
        return {(row, column): 0.0} if value > 0 else {}
    if kind == "part":
        commune = panel.courses[column].level == "commune"
        return {(row, column): round(far) if whole else far} if commune and value > 0 and abs(far - value) > 1 else {}
    group = np.flatnonzero((panel.groups == panel.groups[column]) & panel.own[row])
    if kind == "event":
        if len(group) < LEAST_SERIES:
            return {}
        hit = group[random.random(len(group)) < CROWD]
        usual = expected.deviation[row, hit]
        moved = values[row, hit] + 8 * sign * usual if panel.rate else values[row, hit] * np.exp(8 * sign * usual)
        return {(row, int(place)): float(new) for place, new in zip(hit, moved, strict=True)}
    last = min(row + 3, len(values))
    return {
        (later, column): values[later, column] + (far - value) if panel.rate else values[later, column] * (far / value)
        for later in range(row, last)
        if value > 0 and np.isfinite(values[later, column])
    }


def _score(before: Sequence[Judged], after: Sequence[Judged], planted: dict[Place, str]) -> Score:
    score = Score()
    for number, (clean, item) in enumerate(zip(before, after, strict=True)):
        score.figures += int((clean.panel.own & np.isfinite(clean.expectation.score)).sum())
        score.clean_before += int((clean.causes > 0).sum())
        for cause in clean.causes[clean.causes > 0]:
            score.clean_by_kind[CAUSES[cause]] += 1
        for row, column in zip(*np.nonzero(item.causes), strict=True):
            cause = CAUSES[item.causes[row, column]]
            score.claimed[cause] += 1
            kind = planted.get((number, int(row), int(column)))
            if kind is not None and cause in RIGHT.get(kind, (kind,)):
                score.claimed_right[cause] += 1
    for (number, row, column), kind in planted.items():
        if kind == "echo":
            continue
        cause = CAUSES[after[number].causes[row, column]]
        score.injected[kind] += 1
        score.found[kind] += cause != ""
        score.named[kind] += cause in RIGHT.get(kind, (kind,))
        wanted = "event" if kind in ("event", "spell") else "report"
        score.right_kind[kind] += cause != "" and kind_of(cause) == wanted
    return score


def tables(seed: int = 1) -> list[Shown]:
    """Recall by what was put in, precision by what was claimed, false alarms per 1,000 figures."""
    score = measure(seed)
    recall = Shown("put in", "figures", "found", "as fault or event, rightly", "with its cause", title="Found again")
    for kind in INJECTED:
        count = score.injected[kind]
        if count:
            recall.add_row(kind, f"{count:,}", *(f"{part[kind] / count:.3f}"
                           for part in (score.found, score.right_kind, score.named)))  # fmt: skip
    recall.caption = (
        "event: most units of a level move by 8 deviations at once; spell: one series for three periods; part: one "
        "commune alone, the province as it was"
    )
    precision = Shown("cause", "claimed", "right", "precision", "in untouched figures, per 1,000", title="Claims")
    for cause in CAUSES[1:]:
        claimed = score.claimed[cause]
        rate = 1000 * score.clean_by_kind[cause] / max(score.figures, 1)
        share = f"{score.claimed_right[cause] / claimed:.3f}" if claimed else ""
        precision.add_row(cause, f"{claimed:,}", f"{score.claimed_right[cause]:,}", share, f"{rate:.2f}")
    rate = 1000 * score.clean_before / max(score.figures, 1)
    precision.caption = (
        f"{score.figures:,} figures; untouched, {score.clean_before} are called unusual: {rate:.2f} per 1,000 (a bound "
        "of false alarms from above: which of them are real is not known)"
    )
    return [recall, precision]
