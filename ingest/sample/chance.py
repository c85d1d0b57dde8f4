"""Chance as a pure function of (seed, names, numbers).

A series must continue where it stopped, and a second run must give the same bytes. A stream of random numbers can do
neither without keeping its state; a hash of what the number is for can do both.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

type Floats = npt.NDArray[np.float64]

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)


def _word(part: Any) -> npt.NDArray[np.uint64]:
    if isinstance(part, str):
        part = zlib.crc32(part.encode())
    return np.asarray(part, dtype=np.int64).view(np.uint64)


def hashed(seed: int, *parts: Any) -> npt.NDArray[np.uint64]:
    """64 mixed bits for each combination of the parts (texts, integers or integer arrays, broadcast); splitmix64."""
    state = _word(seed)
    with np.errstate(over="ignore"):
        for part in parts:
            state = (state ^ _word(part)) + _GAMMA
            state = (state ^ (state >> np.uint64(30))) * _M1
            state = (state ^ (state >> np.uint64(27))) * _M2
            state = state ^ (state >> np.uint64(31))
    return state


def uniform(seed: int, *parts: Any) -> Floats:
    """Numbers in the open interval (0, 1)."""
    return ((hashed(seed, *parts) >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53


def normal(seed: int, *parts: Any) -> Floats:
    """Numbers of the standard normal distribution."""
    return np.asarray(ndtri(uniform(seed, *parts)), dtype=np.float64)


def smooth(seed: int, *parts: Any, at: Floats, period: float) -> Floats:
    """Noise of variance about one that varies over ``period`` (in the unit of ``at``); the last axis is time."""
    position = np.asarray(at, dtype=np.float64) / period
    knot = np.floor(position).astype(np.int64)
    rest = position - knot
    weight = rest * rest * (3 - 2 * rest)
    return 1.16 * ((1 - weight) * normal(seed, *parts, knot) + weight * normal(seed, *parts, knot + 1))


def stream(seed: int, name: str) -> np.random.Generator:
    """A generator for things that are made once and in order."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])
