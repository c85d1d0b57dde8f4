"""The scale on which values are modelled: logarithm for positive skewed quantities, the value itself otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]

SKEWED = 0.8  # sample skewness above which the logarithm is taken


@dataclass(frozen=True)
class Transform:
    """``z = log(value + offset)`` when ``offset`` is set, else ``z = value``; results are clipped to [low, high]."""

    offset: float | None
    low: float = -np.inf
    high: float = np.inf

    def forward(self, values: Array) -> Array:
        """Model scale of values in the parameter's unit; NaN stays NaN."""
        if self.offset is None:
            return np.asarray(values, dtype=float)
        return np.log(np.maximum(values, 0.0) + self.offset)

    def inverse(self, z: Array) -> Array:
        """Values in the parameter's unit, inside the physical range."""
        values = np.asarray(z, dtype=float) if self.offset is None else np.exp(np.minimum(z, 700.0)) - self.offset
        return self.clip(values)

    def clip(self, values: Array) -> Array:
        """Values in the parameter's unit, kept inside the physical range."""
        return np.clip(values, self.low, self.high)


def choose(values: Array, *, low: float | None, high: float | None) -> Transform:
    """Transform for pooled values of one parameter; ``low`` and ``high`` are its physical range, None = open.

    The offset is a quarter of the median: readings near zero, which are mostly the instrument's noise, must not rule
    the logarithm. (A twentieth and the square root were tried too: each was worse on one pollutant or town.)
    """
    bounds = {"low": -np.inf if low is None else low, "high": np.inf if high is None else high}
    good = values[np.isfinite(values)]
    if low is None or low < 0 or good.size < 50:
        return Transform(None, **bounds)
    spread = float(np.std(good))
    if spread <= 0:
        return Transform(None, **bounds)
    skewness = float(np.mean(((good - good.mean()) / spread) ** 3))
    middle = float(np.median(good))
    if skewness < SKEWED or middle <= 0:
        return Transform(None, **bounds)
    return Transform(middle / 4.0, **bounds)
