"""Signs of a broken instrument in the hours of a station: what each sign looks at, and when it holds.

``threshold`` of a rule is a number of hours for signs that last, a number of hours within the last 24 for single marks,
and a share in percent for «doubtful».
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.flags import Flag
from spatial.analysis.alert_rules import GOOD, HOLDS, UNKNOWN, Floats, States, rolling_count

DAY = 24
# In the order in which they explain what is wrong: the first that holds is the one people read.
DEFAULTS: Mapping[str, float] = {
    "silent": 6, "fault": 2, "clock": 1, "stuck": 1, "calibration": 6, "drift": 1, "alone": 6, "jumps": 1,
    "doubtful": 30,
}  # fmt: skip
LASTING: Mapping[str, Flag] = {"stuck": Flag.FLAT, "drift": Flag.DRIFT, "clock": Flag.CLOCK}
SINGLE: Mapping[str, Flag] = {
    "alone": Flag.NEIGHBOUR,
    "jumps": Flag.SPIKE | Flag.RANGE | Flag.SENTINEL,
}
# A share of marked values says something of the instrument; a gap in an hour, or a person's verdict, does not.
DOUBTFUL = (
    Flag.RANGE | Flag.SPIKE | Flag.FLAT | Flag.SENTINEL | Flag.INCONSISTENT | Flag.NEIGHBOUR | Flag.DRIFT | Flag.CLOCK
)
LEAST_RECEIVED = 6  # hours of a day, below which a share says nothing
SHARED = 0.6  # of a station's parameters: then it is the station, not one instrument
CLOCK_SHIFT = 14  # hours by which a logger on another zone's time can seem to be behind


@dataclass(frozen=True)
class Hours:
    """Hours of the series of one station: (hours, parameters) each.

    ``quiet_before``: hours from the newest value before the window to its first hour; NaN: there was none for weeks, so
    that the instrument is not yet, or no longer, at work.
    """

    received: NDArray[np.bool_]
    status: NDArray[np.int16]
    flag: NDArray[np.int16]
    quiet_before: Floats


def threshold_of(sign: str, threshold: float | None) -> float:
    """The rule's threshold, or the usual one of the sign."""
    return DEFAULTS[sign] if threshold is None else float(threshold)


def sign_state(sign: str, hours: Hours, threshold: float | None) -> tuple[States, Floats]:
    """Where the sign holds, and how much of it there is: (hours, parameters) each."""
    limit = threshold_of(sign, threshold)
    marked = np.where(hours.status == 0, hours.flag, 0)  # a device that calibrates or is at fault has said so itself
    known = np.where(hours.received, GOOD, UNKNOWN).astype(np.int8)
    if sign == "silent":
        return _silent(hours, limit)
    if sign in ("calibration", "fault"):
        on = hours.received & (hours.status == (1 if sign == "calibration" else 2))
        return _lasting(on, known, limit)
    if sign in LASTING:
        return _lasting((marked & LASTING[sign]) != 0, known, limit)
    if sign in SINGLE:
        marks = (marked & SINGLE[sign]) != 0
        count = rolling_count(marks, DAY).astype(float)
        return np.where(marks & (count >= limit), HOLDS, known).astype(np.int8), count
    doubtful = rolling_count((marked & DOUBTFUL) != 0, DAY)
    received = rolling_count(hours.received, DAY)
    share = 100.0 * doubtful / np.maximum(received, 1)
    held = hours.received & (received >= LEAST_RECEIVED) & (share >= limit) & ((marked & DOUBTFUL) != 0)
    return np.where(held, HOLDS, known).astype(np.int8), share


def _silent(hours: Hours, limit: float) -> tuple[States, Floats]:
    """Hours since something came; an hour with anything in it is good.

    A logger on the clock of another zone seems to be behind by so many hours: that is the sign «clock», not silence.
    """
    index = np.arange(len(hours.received))[:, None]
    newest = np.maximum.accumulate(np.where(hours.received, index, -1), axis=0)
    length = np.where(newest >= 0, index - newest, index + hours.quiet_before)
    wrong_clock = rolling_count((hours.flag & Flag.CLOCK) != 0, 2 * DAY) > 0
    with np.errstate(invalid="ignore"):
        held = (length >= limit) & ~(wrong_clock & (length <= CLOCK_SHIFT))
    return np.where(held, HOLDS, np.where(hours.received, GOOD, UNKNOWN)).astype(np.int8), length


def _lasting(on: NDArray[np.bool_], known: States, limit: float) -> tuple[States, Floats]:
    """A sign that lasts: holds in hours in which it is seen, once it has been seen so many in a row."""
    broken = (known == GOOD) & ~on
    length = _run_length(on, broken)
    return np.where(on & (length >= limit), HOLDS, known).astype(np.int8), length


def _run_length(on: NDArray[np.bool_], broken: NDArray[np.bool_]) -> Floats:
    """How many hours of ``on`` there were since the last ``broken`` one."""
    total = np.cumsum(on, axis=0)
    before = np.maximum.accumulate(np.where(broken, total, 0), axis=0)
    return (total - before).astype(float)


def split_shared(state: States) -> tuple[States, States]:
    """Tell what a station has as a whole from what one instrument has.

    :param state: (hours, parameters) of one sign at one station.
    :return: state of the station (hours,), and of the parameters without the hours in which it is the station's.
    """
    held = state == HOLDS
    parameters = int((state != UNKNOWN).any(axis=0).sum())  # those at work
    if parameters < 2:
        return np.full(len(state), UNKNOWN), state
    shared = held.sum(axis=1) >= max(2, int(np.ceil(SHARED * parameters)))
    known = (state != UNKNOWN).any(axis=1)
    station = np.where(shared, HOLDS, np.where(known, GOOD, UNKNOWN)).astype(np.int8)
    return station, np.where(held & shared[:, None], UNKNOWN, state).astype(np.int8)
