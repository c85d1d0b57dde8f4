"""Surfaces of a parameter as one binary answer: the browser paints them and follows the slider without asking again.

Layout: length of the header (uint32, little endian), header (JSON, UTF-8), then bytes: one per slot and cell, first the
values of a slot, then its deviations. Values are 0 to 254 by the square root of value / ``top`` (fine where it is
clean), deviations likewise by ``topDeviation``; 255 = nothing is said. ``cells`` of the header are those ever painted.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dash_app.environment import TIME_FORMAT
from spatial.queries.surfaces import StoredSurface

NOTHING = 255
STEPS = 254


def pack_surfaces(times: Sequence[datetime], found: Sequence[StoredSurface], facts: dict[str, Any]) -> bytes:
    """The surfaces of the frames' times.

    :param times: times of the frames; one without surface has slot -1.
    :param facts: more for the header: how well the surface does, and from how many stations it is made.
    """
    if not found:
        return _bytes(facts | {"times": [], "slots": [-1] * len(times), "cells": [], "stations": []}, b"")
    lattice = found[-1].lattice
    same = [item for item in found if item.lattice == lattice]
    mean = np.stack([item.mean for item in same])
    deviation = np.stack([item.deviation for item in same])
    cells = np.flatnonzero(np.isfinite(mean).any(axis=0))
    slot_of = {item.time: number for number, item in enumerate(same)}
    top, top_deviation = _top(mean), _top(deviation)
    body = np.stack([_quantise(mean[:, cells], top), _quantise(deviation[:, cells], top_deviation)], axis=1)
    header = facts | lattice.describe() | {
        "top": top,
        "topDeviation": top_deviation,
        "cells": cells.tolist(),
        "times": [item.time.strftime(TIME_FORMAT) for item in same],
        "slots": [slot_of.get(time, -1) for time in times],
        "stations": [item.stations for item in same],
        "empty": [number for number in range(len(same)) if not np.isfinite(mean[number]).any()],
    }  # fmt: skip
    return _bytes(header, body.tobytes())


def _bytes(header: dict[str, Any], body: bytes) -> bytes:
    words = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return struct.pack("<I", len(words)) + words + body


def _top(values: NDArray[np.float32]) -> float:
    return float(f"{np.nanmax(values, initial=1.0):.4g}")


def _quantise(values: NDArray[np.float32], top: float) -> NDArray[np.uint8]:
    share = np.sqrt(np.clip(np.nan_to_num(values) / top, 0.0, 1.0))
    return np.where(np.isfinite(values), np.rint(share * STEPS), NOTHING).astype(np.uint8)
