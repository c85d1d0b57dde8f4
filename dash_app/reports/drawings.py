"""Charts and the map of a report as SVG, for paper: no interaction, readable in black and white."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import matplotlib as mpl
import shapely
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from dash_app import formats
from dash_app.reports.content import Section
from layers.model import Limit

type Row = dict[str, Any]

WIDTH = 7.0  # inches: the text width of A4 with our margins
INK, PALE, LINE, ALARM = "#1f2933", "#c9d1d9", "#1f5a99", "#c62828"
# Text stays text, so that the PDF can be searched. It is measured in the font that comes with matplotlib, which is
# wider, and set in the document's own.
MEASURED_IN, SET_IN = "DejaVu Sans", "Be Vietnam Pro', 'Be Vietnam Pro VN"
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none", "svg.hashsalt": "geoioc", "font.family": MEASURED_IN, "font.size": 8,
    "axes.edgecolor": PALE, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "text.color": INK,
    "axes.spines.top": False, "axes.spines.right": False,
}  # fmt: skip


def _figure(height: float) -> tuple[Figure, Any]:
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    FigureCanvasSVG(figure)
    return figure, figure.add_subplot()


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    # Inside HTML an XML prologue is an error.
    return text.getvalue()[text.getvalue().index("<svg") :].replace(MEASURED_IN, SET_IN)


def daily_chart(
    section: Section, limit: Limit | None, names: Mapping[str, str], language: str, days: Sequence[date]
) -> str:
    """Mean of the network and highest station by day, the same days a year before, and the limit."""
    with mpl.rc_context(STYLE):
        figure, axes = _figure(2.3)
        by_day = {row["day"]: row for row in section.days}
        places = range(len(days))
        every = -(-len(days) // 11)
        means = [_value(by_day, day, "mean") for day in days]
        highest = [_value(by_day, day, "highest") for day in days]
        axes.fill_between(places, means, highest, color=LINE, alpha=0.16, linewidth=0, label=names["highest"])
        axes.plot(places, means, color=LINE, linewidth=1.6, marker="o", markersize=2.5, label=names["mean"])
        if section.year_before is not None and section.year_before.days:
            old = {row["day"].day: row for row in section.year_before.days}
            axes.plot(places, [_value(old, day.day, "mean") for day in days],
                      color="#8a94a0", linewidth=1, linestyle=":", label=names["year_before"])  # fmt: skip
        if limit is not None and limit.high is not None:
            shown = formats.number(limit.high, 0, language)
            axes.axhline(limit.high, color=ALARM, linewidth=1, linestyle="--", label=f"{names['limit']} {shown}")
        axes.set_xticks(list(places)[::every])
        axes.set_xticklabels([f"{day:%d/%m}" for day in days[::every]], fontsize=7)
        axes.set_ylim(bottom=0)
        axes.set_ylabel(f"{section.leading.title[language]} ({section.leading.unit})")
        axes.yaxis.set_major_formatter(lambda value, _: formats.number(value, 0, language))
        axes.grid(axis="y", color="#e6eaee", linewidth=0.6)
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=4, fontsize=7, frameon=False)
        return _svg(figure)


def _value(rows: Mapping[Any, Row], at: Any, name: str) -> float:
    row = rows.get(at)
    return float("nan") if row is None or row[name] is None else float(row[name])


def level_chart(section: Section, levels: Sequence[tuple[int, str, str]], without: str) -> str:
    """Days by class of the index: one bar per station; the number stands in each part wide enough."""
    lines = [line for line in section.lines if line.levels or line.without_index]
    with mpl.rc_context(STYLE):
        figure, axes = _figure(0.7 + 0.24 * len(lines))
        left = [0] * len(lines)
        parts = [*((title, colour, [line.levels.get(number, 0) for line in lines]) for number, title, colour in levels),
                 (without, "#ffffff", [line.without_index for line in lines])]  # fmt: skip
        for title, colour, counts in parts:
            if not any(counts):
                continue
            axes.barh(range(len(lines)), counts, left=left, color=colour, edgecolor="#7a8590", linewidth=0.4,
                      height=0.72, label=title)  # fmt: skip
            for row, (count, start) in enumerate(zip(counts, left, strict=True)):
                if count > 1:
                    axes.text(start + count / 2, row, str(count), ha="center", va="center", fontsize=7,
                              color=_on(colour))  # fmt: skip
            left = [start + count for start, count in zip(left, counts, strict=True)]
        axes.set_yticks(range(len(lines)), [line.name for line in lines], fontsize=7)
        axes.invert_yaxis()
        axes.spines["bottom"].set_visible(False)
        axes.set_xticks([])
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(parts), fontsize=7, frameon=False)
        return _svg(figure)


def _on(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#ffffff"


def station_map(outlines: Sequence[Row], points: Sequence[tuple[float, float, str, str]], no_data: str) -> str:
    """Units and stations: (lon, lat, text beside the point, colour) of each; degrees, drawn true to scale."""
    with mpl.rc_context(STYLE):
        figure, axes = _figure(4.4)
        for row in outlines:
            shape = shapely.from_wkb(bytes(row["shape"]))
            for part in getattr(shape, "geoms", [shape]):
                xs, ys = part.exterior.xy
                axes.plot(xs, ys, color="#52606d" if row["whole"] else PALE, linewidth=1.1 if row["whole"] else 0.4,
                          zorder=2 if row["whole"] else 1)  # fmt: skip
        for lon, lat, label, colour in points:
            axes.plot(lon, lat, "o", color=colour, markeredgecolor=INK, markeredgewidth=0.6, markersize=7, zorder=3)
            axes.annotate(label, (lon, lat), xytext=(5, 4), textcoords="offset points", fontsize=6.5, zorder=4)
        if not outlines and not points:
            axes.text(0.5, 0.5, no_data, ha="center")
        low, high = axes.get_ylim()
        axes.set_aspect(1 / max(0.2, math.cos(math.radians((low + high) / 2))))
        axes.set_axis_off()
        return _svg(figure)
