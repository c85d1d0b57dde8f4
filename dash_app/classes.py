"""Class bounds and colours of maps: ColorBrewer ramps, text that keeps a contrast of 4.5:1."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

CLASSES = 7

# ColorBrewer 2.0 (Apache-2.0, Cynthia Brewer): sequential ramps that deuteranopes can order.
YELLOW_BLUE = ("#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84")
YELLOW_RED = ("#ffffb2", "#fed976", "#feb24c", "#fd8d3c", "#fc4e2a", "#e31a1c", "#b10026")
PURPLES = ("#f2f0f7", "#dadaeb", "#bcbddc", "#9e9ac8", "#807dba", "#6a51a3", "#4a1486")
BLUES = ("#eff3ff", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#084594")
# Badges with a limit: calm blue-green to dark red; without one: a neutral ramp.
WARNING = ("#d9f0ea", "#fff3b0", "#fdc57b", "#f4854e", "#c93a3a", "#7a1140")
NEUTRAL = ("#edf8fb", "#bfd3e6", "#9ebcda", "#8c96c6", "#8856a7", "#6e016b")


def quantile_breaks(values: Iterable[float], classes: int = CLASSES) -> tuple[float, ...]:
    """Up to ``classes - 1`` inner bounds with about equally many values between; fewer when values repeat."""
    ordered = sorted(values)
    if not ordered:
        return ()
    bounds = {_round(ordered[min(len(ordered) - 1, len(ordered) * cut // classes)]) for cut in range(1, classes)}
    return tuple(sorted(bound for bound in bounds if ordered[0] < bound <= ordered[-1]))


def _round(value: float) -> float:
    return float(f"{value:.3g}")


def pick(ramp: Sequence[str], count: int) -> tuple[str, ...]:
    """``count`` colours spread over a ramp, its ends included."""
    if count <= 1:
        return (ramp[len(ramp) // 2],)
    return tuple(ramp[round(index * (len(ramp) - 1) / (count - 1))] for index in range(count))


def class_of(value: float, breaks: Sequence[float]) -> int:
    """Index of the class; a value on a bound belongs to the class above."""
    return bisect_right(breaks, value)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def text_on(colour: str) -> str:
    """Black or white, whichever contrasts more."""
    return "#111111" if (luminance(colour) + 0.05) / 0.05 >= 1.05 / (luminance(colour) + 0.05) else "#ffffff"
