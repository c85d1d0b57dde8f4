"""Checks as pure functions: values in, masks and flags out. What they check stands in the layer definitions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from ingest.headers import fold_header
from ingest.parsing import Mask, to_mask
from layers.flags import NETWORK_FLAGS, Flag
from layers.model import (
    AtMost,
    Column,
    FlatLine,
    NotBefore,
    NotNull,
    OneOf,
    Parameter,
    Pattern,
    Range,
    Sentinel,
    Spike,
    Step,
)  # fmt: skip

type Floats = npt.NDArray[np.float64]
type Hours = npt.NDArray[np.float64]
type Flags = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Finding:
    """Rows that fail one check. ``kept`` rows are stored all the same, with the finding on record."""

    reason: str
    field: str | None
    rows: Mask
    describe: Callable[[int], str]  # sentence for one row, in Vietnamese
    kept: bool = False


def _number(value: float) -> str:
    """A number as it is written in Vietnamese: 1.234,5."""
    text = f"{value:,.6f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else f"{value:g}"
    return text.translate(str.maketrans(",.", ".,"))


def range_mask(values: Floats, check: Range) -> Mask:
    """Values outside low..high; missing values are not outside."""
    outside = np.zeros(len(values), dtype=bool)
    if check.low is not None:
        outside |= values < check.low
    if check.high is not None:
        outside |= values > check.high
    return outside


def sentinel_mask(values: Floats, check: Sentinel) -> Mask:
    """Values by which the device says «no value»."""
    return np.isin(values, np.array(check.values, dtype=np.float64))


def step_mask(hours: Hours, values: Floats, max_change: float, gap_hours: float) -> Mask:
    """Jumps in one series, in order of time without missing values.

    A value is a jump when it differs from the one before, at most ``gap_hours`` earlier, by more than ``max_change``;
    the value with which a single spike comes back to the level before it is not.
    """
    jump = np.zeros(len(values), dtype=bool)
    if len(values) < 2:
        return jump
    near = np.diff(hours) <= gap_hours
    jump[1:] = near & (np.abs(np.diff(values)) > max_change)
    back = np.zeros(len(values), dtype=bool)
    back[2:] = jump[2:] & jump[1:-1] & (np.abs(values[2:] - values[:-2]) <= max_change)
    return jump & ~back


def spike_mask(hours: Hours, values: Floats, check: Spike, gap_hours: float) -> Mask:
    """Peaks and dips of at most ``check.hours`` values of one series, in order of time without missing values.

    All of them lie beyond the values on both sides, at most ``gap_hours`` away, by ``difference`` and ``ratio``; a
    single one also when it does by ``surely`` alone. The newest value has no other side yet and is judged later.
    """
    spike = np.zeros(len(values), dtype=bool)
    near = np.diff(hours) <= gap_hours
    for length in range(1, check.hours + 1):
        count = len(values) - length - 1
        if count < 1:
            break
        inner = np.lib.stride_tricks.sliding_window_view(values[1:-1], length)
        joined = np.lib.stride_tricks.sliding_window_view(near, length + 1).all(axis=1)
        before, after = values[:count], values[length + 1 :]
        peak = _stands_out(inner.min(axis=1), np.maximum(before, after), check, length)
        dip = _stands_out(np.minimum(before, after), inner.max(axis=1), check, length)
        for start in (np.flatnonzero(joined & (peak | dip)) + 1).tolist():
            spike[start : start + length] = True
    return spike


def _stands_out(high: Floats, low: Floats, check: Spike, length: int) -> Mask:
    """Where ``high`` lies above ``low`` by more than the check allows; longer ones must do so by more."""
    gain = high - low
    found = (gain > check.difference * length) & (high > check.ratio * np.maximum(low, 0))
    if check.surely is not None and length == 1:
        found |= gain > check.surely
    return np.asarray(found)


def flat_mask(hours: Hours, values: Floats, check: FlatLine, gap_hours: float) -> Mask:
    """Stretches of one series that stay within ``tolerance`` for ``hours`` or longer, in order of time.

    All values of ``hours`` hours lie within ``tolerance`` of each other: a stuck sensor wobbles a little, a creeping
    one is alive. A gap longer than ``gap_hours`` ends a stretch. A value labelled by the end of its hour covers that
    hour, so six hourly values last six hours.
    """
    flat = np.zeros(len(values), dtype=bool)
    if len(values) < 2:
        return flat
    step = min(float(np.median(np.diff(hours))), 1.0)
    size = max(2, math.ceil(check.hours / step - 1e-9))
    if len(values) < size:
        return flat
    starts = len(values) - size + 1
    highest = maximum_filter1d(values, size, origin=-(size // 2))[:starts]
    lowest = minimum_filter1d(values, size, origin=-(size // 2))[:starts]
    torn = np.concatenate(([0], np.cumsum(np.diff(hours) > gap_hours)))
    stuck = (highest - lowest <= check.tolerance * (1 + 1e-9)) & (torn[size - 1 :] == torn[:starts])
    edges = np.zeros(len(values) + 1, dtype=np.int64)
    edges[:starts] += stuck
    edges[size : size + starts] -= stuck
    return np.asarray(np.cumsum(edges[:-1]) > 0)


def value_flags(values: Floats, status: npt.NDArray[np.int8], parameter: Parameter) -> tuple[Floats, Flags]:
    """Values with sentinels removed, and the flags that one value alone decides."""
    flags = np.zeros(len(values), dtype=np.int16)
    cleaned = values.copy()
    for check in parameter.checks:
        if isinstance(check, Sentinel):
            said_missing = sentinel_mask(cleaned, check)
            cleaned[said_missing] = np.nan
            flags[said_missing] |= Flag.SENTINEL
    for check in parameter.checks:
        if isinstance(check, Range):
            flags[range_mask(cleaned, check)] |= Flag.RANGE
    flags[status == 1] |= Flag.CALIBRATION
    flags[status == 2] |= Flag.FAULT
    return cleaned, flags


def series_flags(hours: Hours, values: Floats, flags: Flags, parameter: Parameter, step_hours: float) -> Flags:
    """``flags`` with SPIKE and FLAT added for one series in order of time.

    Only values that are good but for marks of time and place are compared: a calibration is not a jump, and a sentinel
    does not end a stretch.
    """
    result = flags.copy()
    others = Flag.SPIKE | Flag.FLAT | Flag.INCONSISTENT | NETWORK_FLAGS
    good = np.flatnonzero((flags & ~others == 0) & ~np.isnan(values))
    gap = 3.0 * step_hours
    for check in parameter.checks:
        if isinstance(check, Step):
            result[good[step_mask(hours[good], values[good], check.max_change, gap)]] |= Flag.SPIKE
        elif isinstance(check, Spike):
            result[good[spike_mask(hours[good], values[good], check, gap)]] |= Flag.SPIKE
        elif isinstance(check, FlatLine):
            result[good[flat_mask(hours[good], values[good], check, gap)]] |= Flag.FLAT
    return result


def inconsistent_mask(part: Floats, whole: Floats, check: AtMost) -> Mask:
    """Times at which a part (PM2.5) is said to be more than the whole (PM10), beyond the noise of two instruments."""
    return part > whole * (1 + check.share) + check.difference


# ---------------------------------------------------------------- columns of tables


def code_of(column: Column) -> Mapping[str, str]:
    """Folded texts under which a code may stand in a file: the code itself or its title, in either language."""
    known: dict[str, str] = {}
    for code in column.codes:
        for text in (code.value, code.title.vi, code.title.en):
            known.setdefault(fold_header(text), code.value)
    return known


def read_codes(values: pa.Array, column: Column) -> pa.Array:
    """Texts of a code list as codes; what is not in the list stays as it is, for the check to find."""
    exact = {code.value for code in column.codes}
    known = code_of(column)
    coded = pc.dictionary_encode(values)
    mapped = [text if text in exact else known.get(fold_header(text), text) for text in coded.dictionary.to_pylist()]
    return pa.array(mapped, pa.string()).take(coded.indices)


def check_column(column: Column, values: pa.Array, others: Mapping[str, pa.Array]) -> tuple[pa.Array, list[Finding]]:
    """Run a column's checks: the values (sentinels removed) and what was found."""
    findings: list[Finding] = []
    name = column.title.vi
    unit = f" {column.unit}" if column.unit else ""
    for check in column.checks:
        match check:
            case Sentinel():
                rows = sentinel_mask(_floats(values), check)
                if rows.any():
                    values = pc.if_else(pa.array(rows), pa.scalar(None, values.type), values)
                    findings.append(Finding("sentinel", column.name, rows, _device_says_missing(name), kept=True))
            case NotNull():
                rows = to_mask(pc.is_null(values))
                findings.append(Finding("not_null", column.name, rows, lambda _: f"«{name}» không được để trống."))
            case Range():
                findings.append(_range_finding(column, values, check, unit))
            case OneOf():
                codes = pa.array([code.value for code in column.codes], pa.string())
                rows = to_mask(pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, codes))))
                findings.append(Finding("one_of", column.name, rows, _says(name, values, "không có trong danh mục")))
            case Pattern():
                fits = pc.match_substring_regex(values, f"^(?:{check.regex})$")
                rows = to_mask(pc.invert(pc.fill_null(fits, True)))
                findings.append(Finding("pattern", column.name, rows, _says(name, values, "không đúng dạng quy định")))
            case NotBefore():
                findings.append(_order_finding(column, values, check, others))
            case _:
                raise AssertionError(f"{check.kind} belongs to series, not to column {column.name}")
    return values, [finding for finding in findings if finding.rows.any()]


def _says(name: str, values: pa.Array, complaint: str) -> Callable[[int], str]:
    return lambda row: f"«{name}»: «{values[row].as_py()}» {complaint}."


def _device_says_missing(name: str) -> Callable[[int], str]:
    return lambda _: f"«{name}»: thiết bị báo thiếu giá trị."


def _floats(values: pa.Array) -> Floats:
    return np.asarray(pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _range_finding(column: Column, values: pa.Array, check: Range, unit: str) -> Finding:
    low = "" if check.low is None else f" từ {_number(check.low)}"
    high = "" if check.high is None else f" đến {_number(check.high)}"

    def describe(row: int) -> str:
        return f"«{column.title.vi}» = {_number(values[row].as_py())}{unit}, ngoài khoảng cho phép{low}{high}."

    return Finding("range", column.name, range_mask(_floats(values), check), describe, kept=check.flag)


def _order_finding(column: Column, values: pa.Array, check: NotBefore, others: Mapping[str, pa.Array]) -> Finding:
    before = others.get(check.column)
    if before is None:
        return Finding("not_before", column.name, np.zeros(len(values), dtype=bool), lambda _: "")

    def describe(row: int) -> str:
        return f"«{column.title.vi}» ({values[row].as_py()}) sớm hơn «{check.column}» ({before[row].as_py()})."

    return Finding("not_before", column.name, to_mask(pc.less(values, before)), describe)
