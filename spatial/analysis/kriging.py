"""Ordinary kriging between stations, with one variogram for all times.

Covariance ``C(h) = variance * ((1 - nugget) * exp(-h / range))`` for h > 0 and ``variance`` for h = 0. Nugget and range
are those with the smallest leave-one-out error over many hours together: a variogram per hour is mostly noise, and a
curve through binned differences follows the outliers (both were measured to be worse). The variance of an hour follows
its own residuals, drawn towards what is usual at its level: concentrations vary in proportion to their mean.

Formulas: Cressie, Statistics for Spatial Data (1993), 3.2; Dubrule, Cross validation of kriging in a unique
neighbourhood (1983), for the leave-one-out residuals without solving anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spatial.analysis.places import Array, distances_km

LEAST_STATIONS = 5
NUGGETS = (0.02, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 0.95)
RANGES_KM = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
LEAST_HOURS = 24  # fewer hours with enough stations are no history to fit
SOLVED_AT_MOST = 2e9  # about n^3 of all systems solved in a fit: some seconds
PRIOR_STATIONS = 5.0  # weight of the usual variance against an hour's own, in stations
IDW_POWER = 2.0
IDW_NEAREST_KM = 0.05


@dataclass(frozen=True)
class Variogram:
    """Shape and size of what two stations differ by."""

    nugget: float  # share of the variance that no neighbour knows, 0 to 1
    range_km: float
    spread: float  # variance of a station around the field, as a share of the square of the field's mean

    def covariance(self, distance: Array) -> Array:
        """Covariance of unit variance at a distance (km) between two different instruments."""
        return (1 - self.nugget) * np.exp(-distance / self.range_km)


DEFAULT = Variogram(0.2, 10.0, 0.16)  # before there is a history; stations differ by 40 % of the mean


@dataclass(frozen=True)
class Fit:
    """A variogram and how well it does: leave-one-out errors in the unit of the values."""

    variogram: Variogram
    rmse: float | None  # None: nothing to measure it on
    rmse_idw: float | None
    n: int  # values predicted


def by_mask(values: Array, least: int = LEAST_STATIONS) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows (times) that have the same stations, and those stations; times with fewer than ``least`` are left out."""
    known = np.isfinite(values)
    masks, group = np.unique(known, axis=0, return_inverse=True)
    order = np.argsort(group.ravel(), kind="stable")
    edges = np.searchsorted(group.ravel()[order], np.arange(len(masks) + 1))
    for number, mask in enumerate(masks):
        if mask.sum() >= least:
            yield order[edges[number] : edges[number + 1]], np.flatnonzero(mask)


def _precision(distance: Array, variogram: Variogram) -> tuple[Array, Array]:
    """Inverse covariance (unit variance) and the same with the unknown mean taken out."""
    covariance = variogram.covariance(distance)
    np.fill_diagonal(covariance, 1.0)
    inverse = np.linalg.inv(covariance)
    ones = inverse.sum(axis=1)
    return inverse, inverse - np.outer(ones, ones) / ones.sum()


def leave_one_out(values: Array, distance: Array, variogram: Variogram) -> tuple[Array, Array]:
    """Error of each value predicted from the others of its time, and its deviation for unit variance.

    :param values: (times, stations), NaN where there is none.
    :param distance: (stations, stations) in km.
    :returns: two arrays of that shape; NaN where a time has too few stations.
    """
    error, deviation = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    for rows, columns in by_mask(values):
        _, projected = _precision(distance[np.ix_(columns, columns)], variogram)
        own = np.diag(projected)
        place = np.ix_(rows, columns)
        error[place] = (values[place] @ projected) / own
        deviation[place] = 1 / np.sqrt(own)
    return error, deviation


def leave_one_out_idw(values: Array, distance: Array) -> Array:
    """The same errors for inverse squared distance weights."""
    error = np.full(values.shape, np.nan)
    for rows, columns in by_mask(values):
        weight = np.maximum(distance[np.ix_(columns, columns)], IDW_NEAREST_KM) ** -IDW_POWER
        np.fill_diagonal(weight, 0.0)
        place = np.ix_(rows, columns)
        error[place] = values[place] - values[place] @ (weight / weight.sum(axis=1, keepdims=True)).T
    return error


def root_mean_square(error: Array) -> float:
    """Of the finite ones; NaN when there is none."""
    known = error[np.isfinite(error)]
    return float(np.sqrt(np.mean(known**2))) if len(known) else float("nan")


def fit_variogram(values: Array, positions: Array) -> Fit | None:
    """The variogram with the smallest leave-one-out error over all times; None when the history is too short.

    :param values: (times, stations), NaN where there is none; more times than needed are thinned evenly.
    :param positions: (stations, 2) longitude and latitude in degrees.
    """
    usable = values[np.isfinite(values).sum(axis=1) >= LEAST_STATIONS]
    if len(usable) < LEAST_HOURS or np.nanstd(usable) == 0:
        return None
    affordable = SOLVED_AT_MOST / (len(NUGGETS) * len(RANGES_KM) * values.shape[1] ** 3)
    usable = usable[:: max(1, round(len(usable) / max(200.0, affordable)))]
    distance = distances_km(positions, positions)
    best: Fit | None = None
    least = np.inf
    level = float(np.mean(np.nanmean(usable, axis=1) ** 2))
    idw = root_mean_square(leave_one_out_idw(usable, distance))
    for nugget in NUGGETS:
        for reach in RANGES_KM:
            error, deviation = leave_one_out(usable, distance, Variogram(nugget, reach, 1.0))
            rmse = root_mean_square(error)
            if rmse < least:
                least = rmse
                scaled = (error / deviation)[np.isfinite(error)]
                best = Fit(Variogram(nugget, reach, float(np.mean(scaled**2) / level)), rmse, idw, len(scaled))
    return best


@dataclass(frozen=True)
class Field:
    """Values at targets: means and standard deviations, (times, targets)."""

    mean: Array
    deviation: Array


class Kriging:
    """The solved system of one set of stations and targets; every time with these stations is then a product."""

    def __init__(self, positions: Array, targets: Array, variogram: Variogram) -> None:
        """:param positions: (stations, 2), and :param targets: (targets, 2), in degrees."""
        self._variogram = variogram
        self._stations = len(positions)
        inverse, self._projected = _precision(distances_km(positions, positions), variogram)
        near = variogram.covariance(distances_km(targets, positions))
        ones = inverse.sum(axis=1)
        simple = near @ inverse
        rest = 1 - near @ ones  # what the unknown mean has to say
        self._weights = simple + np.outer(rest / ones.sum(), ones)
        self._variance = np.maximum(0.0, 1 - np.sum(simple * near, axis=1) + rest**2 / ones.sum())

    def predict(self, values: Array) -> Field:
        """:param values: (times, stations), all finite. Deviations are those of a measurement at the target."""
        own = np.einsum("ti,ij,tj->t", values, self._projected, values)  # sum of squares with n - 1 degrees of freedom
        usual = self._variogram.spread * values.mean(axis=1) ** 2
        variance = (own + PRIOR_STATIONS * usual) / (self._stations - 1 + PRIOR_STATIONS)
        return Field(values @ self._weights.T, np.sqrt(np.outer(variance, self._variance)))
