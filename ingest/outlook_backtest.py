"""``geoioc forecast outlook --backtest``: the projection of past years, and the OWA of the monthly forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray
from rich.table import Table as Shown

from ingest.jobs_outlook import read_panels
from ingest.outlook_anomalies import judge
from ingest.outlook_tables import Panel, year_table
from spatial.access import SYSTEM, connect
from spatial.analysis.forecast import metrics, monthly
from spatial.analysis.forecast.owa import naive2, owa
from spatial.analysis.outlook import NAIVE, cumulated, project, year_value
from spatial.analysis.outlook_year import year_ends
from spatial.queries import indicators
from spatial.settings import LOCAL_ZONE

KNOWN = (3, 6, 9)  # months of the year that are known
SERIES = 150  # of each level, for the monthly methods, which are slow
LEVELS = ("province", "district", "commune")

type Floats = NDArray[np.float64]


@dataclass
class Tally:
    """Absolute errors in parts of the year before (rates: points), and how often the truth lay in the interval."""

    ours: list[float] = field(default_factory=list)
    naive: list[float] = field(default_factory=list)
    run_rate: list[float] = field(default_factory=list)
    last_year: list[float] = field(default_factory=list)
    inside: list[bool] = field(default_factory=list)


def tables() -> list[Shown]:
    """Both tables, of the figures in the database."""
    today = datetime.now(UTC).astimezone(LOCAL_ZONE).date()
    with connect(SYSTEM) as conn:
        panels = read_panels(conn, today)
    return [_years(panels, today), _months(panels)]


def _years(panels: Sequence[Panel], today: date) -> Shown:
    catalogue = indicators.catalogue()
    tallies: dict[tuple[str, str, int], Tally] = {}
    for item in judge(panels, catalogue):
        panel, figures = item.panel, item.corrected()
        for year in range(panel.first_year + 1, today.year):
            for part in KNOWN:
                known = part * panel.steps // 12
                _one_year(panel, figures, year, known, tallies, part)
    shown = Shown(
        "adds up", "units", "months known", "years x series", "ours / naive", "naive", "run rate / naive",
        "last year / naive", "in 80 % interval", title="Year-end projection of past years, from earlier figures only",
    )  # fmt: skip
    shown.caption = (
        "naive: last year times the growth so far; its error in % of the year before (rates: points). Run rate: so far "
        "x 12 / months. Last year: so far and last year's rest."
    )
    for (how, level, part), tally in sorted(tallies.items(), key=lambda pair: (pair[0][0], LEVELS.index(pair[0][1]))):
        naive = float(np.mean(tally.naive))
        ratios = [float(np.mean(errors)) / naive if naive > 0 else float("nan")
                  for errors in (tally.ours, tally.run_rate, tally.last_year)]  # fmt: skip
        shown.add_row(
            how, level, str(part), f"{len(tally.naive):,}", f"{ratios[0]:.2f}",
            f"{naive * (1 if how == 'rate' else 100):.2f}", f"{ratios[1]:.2f}", f"{ratios[2]:.2f}",
            f"{np.mean(tally.inside):.3f}",
        )  # fmt: skip
    return shown


def _one_year(
    panel: Panel, figures: Floats, year: int, known: int, tallies: dict[tuple[str, str, int], Tally], part: int
) -> None:
    """Project one past year as if only ``known`` of its periods were there."""
    table = year_table(panel, figures.copy(), indicators.catalogue(), year)
    if table.start < panel.steps or known < 1:
        return
    truth = year_value(table.values, table.start, panel.steps, panel.how)
    now, before = (
        table.values[table.start : table.start + known].copy(),
        table.values[table.start - panel.steps : table.start],
    )
    table.values[table.start + known :] = np.nan
    naive = project(table.values, table.start, known, how=panel.how, groups=panel.groups, steps=panel.steps)[NAIVE]
    ends = year_ends(table)
    mean = panel.how == "weighted_mean"
    size = np.ones_like(truth) if mean else np.abs(cumulated(before, panel.how))
    rest = before[known:]
    run_rate = now[-1] if panel.how == "last" else now.mean(axis=0) * (1 if mean else panel.steps)
    last = before[-1] if panel.how == "last" else now.sum(axis=0) + rest.sum(axis=0)
    last = last / panel.steps if mean else last
    good = np.isfinite(truth) & np.isfinite(ends.q50) & np.isfinite(naive) & (size > 0)
    for series in np.flatnonzero(good):
        key = ("rate" if mean else panel.how, panel.courses[series].level, part)
        tally = tallies.setdefault(key, Tally())
        for errors, value in ((tally.ours, ends.q50), (tally.naive, naive), (tally.run_rate, run_rate),
                              (tally.last_year, last)):  # fmt: skip
            errors.append(float(abs(value[series] - truth[series]) / size[series]))
        slack = 1e-9 * max(abs(float(truth[series])), 1.0)
        tally.inside.append(bool(ends.q10[series] - slack <= truth[series] <= ends.q90[series] + slack))


def _months(panels: Sequence[Panel]) -> Shown:
    """OWA of the monthly forecast over the last twelve months, on a sample of the series of each level."""
    shown = Shown(
        "units", "series", "sMAPE", "MASE", "sMAPE of Naive2", "MASE of Naive2", "OWA", "OWA of seasonal naive",
        title="Monthly forecast, twelve months ahead",
    )  # fmt: skip
    for level in LEVELS:
        found = [
            scores
            for panel in panels
            if panel.steps == 12
            for series in _sample(panel, level)
            if (scores := _month_scores(panel.values[:, series], level, len(panel.values))) is not None
        ]
        if not found:
            continue
        mean = np.mean(np.array(found), axis=0)
        shown.add_row(
            level, str(len(found)), f"{mean[0]:.2f}", f"{mean[1]:.3f}", f"{mean[4]:.2f}", f"{mean[5]:.3f}",
            f"{owa(mean[0], mean[1], mean[4], mean[5]):.3f}", f"{owa(mean[2], mean[3], mean[4], mean[5]):.3f}",
        )  # fmt: skip
    return shown


def _sample(panel: Panel, level: str) -> list[int]:
    mine = [number for number, course in enumerate(panel.courses) if course.level == level]
    order = np.random.default_rng(1).permutation(len(mine))
    return [mine[number] for number in order[: SERIES // 3]]


def _month_scores(values: Floats, level: str, rows: int) -> tuple[float, ...] | None:
    """sMAPE and MASE of the forecast, of seasonal naive and of Naive2; None for a series that cannot be tested."""
    past, future = values[:-12], values[-12:]
    if not np.isfinite(future).all() or not np.isfinite(past[-24:]).all():
        return None
    y = monthly.filled(monthly.trimmed(past))
    last_month = (rows - 12 - 1) % 12 + 1
    item = monthly.forecast(past, last_month, thorough=level in ("province", "district"))
    scale = metrics.seasonal_naive_scale(y, 12)
    if item.path is None or item.baseline is None or not scale > 0:
        return None
    result: list[float] = []
    for path in (item.path, item.baseline, naive2(y, 12)):
        result += [metrics.smape(future, path), metrics.mean_absolute_error(future, path) / scale]
    return tuple(result)
