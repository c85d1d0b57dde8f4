"""Rounding as the environmental texts mean it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

HALF = 0.5 + 1e-9  # 109.5 comes out of binary arithmetic as 109.49999999999999


def half_up(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Whole numbers, a half goes up: 24.5 becomes 25, where Python and numpy give 24. NaN stays."""
    return np.asarray(np.floor(np.asarray(values, dtype=np.float64) + HALF))
