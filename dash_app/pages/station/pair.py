"""Two stations of one river: how long the water needs from one to the other, and what happens on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dash_app.figures.linked import line_points
from dash_app.figures.style import ACCENT, INK, base_figure
from dash_app.i18n import say
from layers.model import Parameter

type Row = dict[str, Any]

LONGEST_LAG = 72  # hours
LEAST_PAIRS = 48  # hours in common, below which nothing is said
CLEAR = 0.4  # correlation of the changes, below which no lag is named


@dataclass(frozen=True)
class PairFacts:
    """What two series have in common: ``lag`` in hours (None when none is clear), differences lower minus upper."""

    lag: int | None
    correlation: float | None
    difference: float | None
    hours: int


def pair_facts(upper: Mapping[datetime, float], lower: Mapping[datetime, float]) -> PairFacts:
    """Lag by the highest correlation of the departures from a day's running mean, 0 to 72 h downstream.

    What both stations share without any water between them is taken out first: slow courses of season and weather,
    and the course of the day. A highest correlation at the end of the range is no lag. The difference is of hours the
    lag apart (of the same hour when none is clear).
    """
    times = sorted({*upper, *lower})
    if not times:
        return PairFacts(None, None, None, 0)
    first = times[0]
    size = int((times[-1] - first) / timedelta(hours=1)) + 1

    def grid(values: Mapping[datetime, float]) -> np.ndarray:
        found = np.full(size, np.nan)
        for at, value in values.items():
            found[int((at - first) / timedelta(hours=1))] = value
        return found

    a, b = grid(upper), grid(lower)
    quick_a, quick_b = _departures(a), _departures(b)
    best: tuple[float, int] | None = None
    for lag in range(min(LONGEST_LAG, size - 1) + 1):
        x, y = quick_a[: size - lag], quick_b[lag:]
        both = ~np.isnan(x) & ~np.isnan(y)
        if both.sum() < LEAST_PAIRS or x[both].std() == 0 or y[both].std() == 0:
            continue
        found = float(np.corrcoef(x[both], y[both])[0, 1])
        if best is None or found > best[0]:
            best = (found, lag)
    shift = best[1] if best is not None and best[0] >= CLEAR and best[1] < LONGEST_LAG else None
    apart = b[shift or 0 :] - a[: size - (shift or 0)]
    known = apart[~np.isnan(apart)]
    return PairFacts(
        shift, best[0] if best else None, float(known.mean()) if len(known) >= LEAST_PAIRS else None, len(known)
    )


def _departures(values: np.ndarray, window: int = 25) -> np.ndarray:
    known = ~np.isnan(values)
    kernel = np.ones(window)
    sums = np.convolve(np.where(known, values, 0.0), kernel, mode="same")
    counts = np.convolve(known.astype(float), kernel, mode="same")
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(counts >= window / 2, sums / counts, np.nan)
    quick = values - mean
    for hour in range(24):  # the mean course of the day
        same = quick[hour::24]
        if not np.isnan(same).all():
            quick[hour::24] = same - np.nanmean(same)
    return quick


def pair_figure(
    upper: tuple[str, Sequence[Row]],
    lower: tuple[str, Sequence[Row]],
    lag: int | None,
    parameter: Parameter,
    *,
    language: str,
    look: str,
) -> go.Figure:
    """Both courses, and the upper one once more as late as the water is, where a lag is clear."""
    figure = base_figure(look, language, height=330)
    hover = f"%{{y:,.{parameter.decimals}f}} {parameter.unit}".rstrip()
    for (name, rows), colour, dash in ((upper, "#c77700", "solid"), (lower, ACCENT[look], "solid")):
        times, values = line_points(rows)
        figure.add_scatter(
            x=times,
            y=values,
            name=name,
            mode="lines",
            connectgaps=False,
            line={"color": colour, "width": 1.6, "dash": dash},
            hovertemplate=hover,
        )
    if lag:
        later = [row | {"time": row["time"] + timedelta(hours=lag)} for row in upper[1]]
        times, values = line_points(later)
        figure.add_scatter(
            x=times,
            y=values,
            name=say("pair.shifted", language, name=upper[0], lag=lag),
            mode="lines",
            connectgaps=False,
            opacity=0.8,
            line={"color": "#c77700", "width": 1, "dash": "dot"},
            hoverinfo="skip",
        )
    figure.update_xaxes(
        fixedrange=False, tickformat="%d/%m", hoverformat="%d/%m/%Y %H:%M", tickfont={"color": INK[look]}
    )
    figure.update_yaxes(rangemode="normal")
    return figure
