"""The map of a briefing as SVG for paper: classes that stay apart in grey, north arrow, scale, legend, marks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import shapely
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from dash_app import classes, formats
from dash_app.reports.drawings import INK, STYLE, _figure, _svg
from dash_app.services import Row

KM_PER_DEGREE = 111.32
NO_VALUE, BORDER, WHOLE, MARK = "#ffffff", "#6b7780", "#1f2933", "#b3261e"
NAMES_UP_TO = 24  # units: more names would cover the map
CLASSES_SHOWN = 5


@dataclass(frozen=True)
class Mark:
    """A place that needs attention; ``numbers`` of the lines in the list."""

    lon: float
    lat: float
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class MapWords:
    """Texts of the legend."""

    title: str
    unit: str
    no_value: str
    mark: str
    north: str


def value_map(
    shapes: Sequence[Row], whole: Row | None, values: Mapping[int, float], names: Mapping[int, str],
    marks: Sequence[Mark], words: MapWords, *, decimals: int, worse_up: bool, language: str,
) -> str:  # fmt: skip
    """Units coloured by value (quantiles); ``shapes`` and ``whole`` as of ``spatial.queries.briefings.shapes``."""
    breaks = _breaks(values)
    ramp = classes.YELLOW_RED if worse_up else classes.YELLOW_BLUE
    colours = classes.pick(ramp, len(breaks) + 1)
    with mpl.rc_context(STYLE):
        figure, axes = _figure(3.75)
        for row in shapes:
            value = values.get(row["id"])
            colour = NO_VALUE if value is None else colours[classes.class_of(value, breaks)]
            _fill(axes, row, colour, hatch="////" if value is None else None)
        if whole is not None:
            _outline(axes, whole)
        axes.autoscale_view()
        low, high = axes.get_ylim()
        stretch = max(0.2, math.cos(math.radians((low + high) / 2)))
        axes.set_aspect(1 / stretch)
        axes.set_axis_off()
        if len(shapes) <= NAMES_UP_TO:
            for row in shapes:
                value = values.get(row["id"])
                dark = value is not None and classes.text_on(colours[classes.class_of(value, breaks)]) == "#ffffff"
                axes.text(row["lon"], row["lat"], names.get(row["id"], ""), ha="center", va="center", fontsize=6,
                          color="#ffffff" if dark else INK, zorder=3)  # fmt: skip
        for mark in marks:
            _mark(axes, mark)
        _legend(axes, values, breaks, colours, words, bool(marks), any(r["id"] not in values for r in shapes),
                decimals, language)  # fmt: skip
        _north(axes, words.north)
        _scale(axes, stretch, language)
        return _svg(figure)


def _breaks(values: Mapping[int, float]) -> tuple[float, ...]:
    """Quantiles; a handful of units are told apart one by one."""
    each = sorted(set(values.values()))
    if len(each) <= CLASSES_SHOWN:
        return tuple((low + high) / 2 for low, high in pairwise(each))
    return classes.quantile_breaks(values.values(), CLASSES_SHOWN)


def _rings(shape: Any) -> list[Any]:
    parts = getattr(shape, "geoms", [shape])
    return [ring for part in parts for ring in (part.exterior, *part.interiors)]


def _path(row: Row) -> Path:
    vertices: list[Any] = []
    codes: list[Any] = []
    for ring in _rings(shapely.from_wkb(bytes(row["shape"]))):
        points = list(ring.coords)
        vertices += points
        codes += [Path.MOVETO, *[Path.LINETO] * (len(points) - 2), Path.CLOSEPOLY]
    return Path(vertices, codes)


def _fill(axes: Any, row: Row, colour: str, hatch: str | None) -> None:
    edge = "#9aa5b1" if hatch else BORDER
    axes.add_patch(PathPatch(_path(row), facecolor=colour, edgecolor=edge, linewidth=0.5, hatch=hatch, zorder=1))


def _outline(axes: Any, row: Row) -> None:
    axes.add_patch(PathPatch(_path(row), facecolor="none", edgecolor=WHOLE, linewidth=1.2, zorder=2))


def _mark(axes: Any, mark: Mark) -> None:
    text = ",".join(str(number) for number in mark.numbers[:3]) + ("…" if len(mark.numbers) > 3 else "")
    axes.plot(mark.lon, mark.lat, "o", color=MARK, markeredgecolor="#ffffff", markeredgewidth=0.8, markersize=4.5,
              zorder=5)  # fmt: skip
    plate = {"boxstyle": "round,pad=0.25", "facecolor": MARK, "edgecolor": "#ffffff", "linewidth": 0.7}
    axes.annotate(text, (mark.lon, mark.lat), xytext=(0, 8), textcoords="offset points", fontsize=6.5,
                  fontweight="bold", color="#ffffff", ha="center", va="center", zorder=6, bbox=plate)  # fmt: skip


def _legend(
    axes: Any, values: Mapping[int, float], breaks: Sequence[float], colours: Sequence[str], words: MapWords,
    marked: bool, missing: bool, decimals: int, language: str,
) -> None:  # fmt: skip
    handles: list[Any] = []
    labels: list[str] = []
    bounds = [min(values.values(), default=0.0), *breaks, max(values.values(), default=0.0)]
    for number, colour in enumerate(colours):
        handles.append(mpl.patches.Patch(facecolor=colour, edgecolor=BORDER, linewidth=0.5))
        low, high = (
            formats.number(bound, _digits(bounds, decimals), language) for bound in bounds[number : number + 2]
        )
        labels.append(low if low == high else f"{low} – {high}")
    if missing:
        handles.append(mpl.patches.Patch(facecolor=NO_VALUE, edgecolor="#9aa5b1", linewidth=0.5, hatch="////"))
        labels.append(words.no_value)
    if marked:
        handles.append(mpl.lines.Line2D([], [], marker="o", linestyle="", color=MARK, markeredgecolor="#ffffff"))
        labels.append(words.mark)
    shown = axes.legend(handles, labels, title=f"{words.title}\n({words.unit})", loc="center left",
                        bbox_to_anchor=(1.01, 0.5), fontsize=7, title_fontsize=7.5, frameon=False, handlelength=1.6,
                        labelspacing=0.6)  # fmt: skip
    shown.get_title().set_fontweight("bold")
    shown.get_title().set_multialignment("left")


def _digits(bounds: Sequence[float], decimals: int) -> int:
    """Enough decimals that neighbouring bounds differ in print."""
    return 0 if all(abs(bound) >= 100 for bound in bounds) else decimals


def _north(axes: Any, letter: str) -> None:
    axes.annotate(letter, xy=(0.035, 0.985), xytext=(0.035, 0.9), xycoords="axes fraction", ha="center", va="center",
                  fontsize=8, fontweight="bold",
                  arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.2, "mutation_scale": 12})  # fmt: skip


def _scale(axes: Any, stretch: float, language: str) -> None:
    """A bar of a round length, about a quarter of the map's width."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    km_per_degree = KM_PER_DEGREE * stretch
    wanted = (east - west) * km_per_degree / 4
    step = 10 ** math.floor(math.log10(wanted)) if wanted > 0 else 1
    length = next(size * step for size in (5, 2, 1) if size * step <= wanted)
    left, bottom = west + (east - west) * 0.01, south - (north - south) * 0.035
    right = left + length / km_per_degree
    axes.plot([left, left, right, right], [bottom + (north - south) * 0.008, bottom, bottom,
              bottom + (north - south) * 0.008], color=INK, linewidth=1.1, clip_on=False)  # fmt: skip
    digits = 0 if length >= 1 else 1
    axes.text((left + right) / 2, bottom - (north - south) * 0.012, f"{formats.number(length, digits, language)} km",
              ha="center", va="top", fontsize=7)  # fmt: skip
