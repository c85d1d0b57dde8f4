"""Parameters of a station one below the other over one axis of time: zoom and hover are common to all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import plotly.graph_objects as go

from dash_app import formats
from dash_app.figures.style import ACCENT, ALARM, INK, MUTED, base_figure
from dash_app.i18n import say
from layers.flags import FLAG_TITLES, Flag, flags_of
from layers.limits import YEAR
from layers.model import Limit, Parameter
from spatial.settings import LOCAL_ZONE

type Row = dict[str, Any]
type Step = Literal["hour", "day"]

PANEL, GAP, FOOT, TOP = 132, 34, 62, 26  # pixels
SYMBOLS = {
    Flag.RANGE: "triangle-up-open",
    Flag.SPIKE: "star-open",
    Flag.FLAT: "square-open",
    Flag.SENTINEL: "x-thin-open",
    Flag.INCONSISTENT: "hexagon-open",
    Flag.DUPLICATE: "bowtie-open",
    Flag.NEIGHBOUR: "diamond-open",
    Flag.DRIFT: "pentagon-open",
    Flag.CLOCK: "hourglass-open",
    Flag.SPARSE: "circle-open",
    Flag.REJECTED: "x-open",
}
BANDS = {1: ("chart.calibrating", "rgba(122,94,168,0.20)"), 2: ("chart.fault", "rgba(179,38,30,0.20)")}
FAN = {"wide": "rgba(120,150,175,0.20)", "narrow": "rgba(120,150,175,0.38)", "poor": "rgba(150,150,150,0.22)"}
LIMIT_ROOM = 2.5  # a limit above so many times the highest value is named, not drawn: the line would be flat


@dataclass(frozen=True)
class Panel:
    """One parameter: hours (value, raw, status, flag, reviewed by time) or days (mean by day), newest forecast."""

    parameter: Parameter
    rows: Sequence[Row]
    forecast: Sequence[Row] = field(default_factory=tuple)
    poor: bool = False  # the forecast is stale or no better than a naive one
    sampled: bool = False  # single samples, joined over the time between them


def linked_figure(
    panels: Sequence[Panel], first: datetime, last: datetime, step: Step, *, language: str, look: str
) -> go.Figure:
    """Gaps stay gaps; doubtful values are marks by kind; calibration and fault are bands; limits step with the law."""
    height = TOP + len(panels) * (PANEL + GAP) + FOOT
    figure = base_figure(look, language, height=height, margin={"l": 48, "r": 10, "t": TOP, "b": FOOT})
    room = height - TOP - FOOT
    figure.update_layout(modebar={"bgcolor": "rgba(0,0,0,0)", "color": MUTED[look], "activecolor": ACCENT[look]})
    figure.update_layout(hovermode="x unified", hoversubplots="axis", dragmode="zoom", selectdirection="h")
    named: set[str] = set()
    end = last
    for number, panel in enumerate(panels):
        axis = "y" if number == 0 else f"y{number + 1}"
        top = 1 - (number * (PANEL + GAP) + GAP - 12) / room
        low, high = _range(panel, step, first, last)
        figure.update_layout(
            {
                f"yaxis{'' if number == 0 else number + 1}": figure.layout.yaxis.to_plotly_json()
                | {"domain": [max(0, top - PANEL / room), top], "range": [low, high], "anchor": "x", "nticks": 5}
            }
        )
        _title(figure, panel.parameter, top, language, look)
        traces = _Traces(figure, panel.parameter, axis, named, language, look, low, high)
        if step == "hour":
            traces.bands(panel.rows)
            if panel.parameter.how != "vector_mean":  # quantiles of a direction say nothing
                end = max(end, traces.fan(panel))
            traces.hours(panel.rows, sampled=panel.sampled)
            traces.doubtful(panel.rows)
        else:
            traces.days(panel.rows, sampled=panel.sampled)
        traces.limits(first, end, step)
    if last > first and end > last:
        figure.add_vline(x=_local(last), line={"color": MUTED[look], "width": 1, "dash": "dot"})
    figure.update_xaxes(
        type="date",
        range=[_local(first), _local(end)],
        fixedrange=False,
        anchor=f"y{len(panels)}" if len(panels) > 1 else "y",
        tickformat="%d/%m/%Y" if step == "day" else "%d/%m %H:%M",
        hoverformat="%d/%m/%Y" if step == "day" else "%d/%m/%Y %H:%M",
        nticks=9,
        showgrid=True,
    )
    figure.update_layout(legend={"entrywidthmode": "pixels", "entrywidth": 0, "itemsizing": "constant"})
    return figure


def _local(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")


def _title(figure: go.Figure, parameter: Parameter, top: float, language: str, look: str) -> None:
    figure.add_annotation(
        x=0,
        xref="paper",
        y=top,
        yref="paper",
        yanchor="bottom",
        xanchor="left",
        showarrow=False,
        text=f"<b>{parameter.title[language]}</b>" + (f" ({parameter.unit})" if parameter.unit else ""),
        font={"size": 12, "color": INK[look]},
        name=parameter.name,
    )


def _range(panel: Panel, step: Step, first: datetime, last: datetime) -> tuple[float, float]:
    """Axis of a panel from good values, forecast and near limits; one absurd value does not flatten the rest."""
    if panel.parameter.how == "vector_mean":
        return 0.0, 360.0
    column = "value" if step == "hour" else "mean"
    values = [row[column] for row in panel.rows if row[column] is not None]
    values += [row["q90"] for row in panel.forecast if row.get("target") is not None]
    values += [row["q10"] for row in panel.forecast if row.get("target") is not None]
    if not values:
        raw = sorted(row["raw"] for row in panel.rows if row.get("raw") is not None)
        values = raw[len(raw) // 20 : len(raw) - len(raw) // 20] or [0.0, 1.0]
    low, high = min(values), max(values)
    for limit in shown_limits(panel.parameter, step, first.date(), last.date()):
        if limit.high is not None and limit.high <= LIMIT_ROOM * max(high, 0):
            high = max(high, limit.high)
        if limit.low is not None and low > 0 and limit.low >= low / LIMIT_ROOM:
            low = min(low, limit.low)
    room = (high - low) or abs(high) or 1.0
    bottom = 0.0 if 0 <= low < 0.6 * high else low - 0.06 * room
    return bottom, high + 0.09 * (high - bottom)


def shown_limits(parameter: Parameter, step: Step, first: date, last: date) -> list[Limit]:
    """Limits drawn beside hourly values (of 1 h, else of 24 h) or daily means (of 24 h), in force in the window."""
    held = [
        limit
        for limit in parameter.limits
        if (limit.valid_from is None or limit.valid_from <= last) and (limit.valid_to is None or limit.valid_to > first)
    ]
    wanted = (1, 24) if step == "hour" else (24,)
    for hours in wanted:
        found = [limit for limit in held if limit.hours == hours]
        if found:
            return found
    return []


def limit_steps(limits: Iterable[Limit], first: datetime, last: datetime) -> list[tuple[Limit, datetime, datetime]]:
    """For each limit the part of the window in which it was law."""
    found = []
    for limit in limits:
        begins = _midnight(limit.valid_from) if limit.valid_from else first
        ends = _midnight(limit.valid_to) if limit.valid_to else last
        if max(begins, first) < min(ends, last):
            found.append((limit, max(begins, first), min(ends, last)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), LOCAL_ZONE)


def stretches(rows: Sequence[Row], status: int) -> list[tuple[datetime, datetime]]:
    """(first, last) of neighbouring hours with a status; a hole of more than three hours ends a stretch."""
    found: list[tuple[datetime, datetime]] = []
    for row in rows:
        if row["status"] != status:
            continue
        if found and row["time"] - found[-1][1] <= timedelta(hours=3):
            found[-1] = (found[-1][0], row["time"])
        else:
            found.append((row["time"], row["time"]))
    return found


def line_points(rows: Sequence[Row]) -> tuple[list[str], list[float | None]]:
    """Local times and approved values of hours, with a hole wherever hours are missing."""
    times: list[str] = []
    values: list[float | None] = []
    before: datetime | None = None
    for row in rows:
        if before is not None and row["time"] - before > timedelta(hours=1):
            times.append(_local(before + timedelta(hours=1)))
            values.append(None)
        times.append(_local(row["time"]))
        values.append(row["value"])
        before = row["time"]
    return times, values


@dataclass
class _Traces:
    """Draws one panel."""

    figure: go.Figure
    parameter: Parameter
    axis: str
    named: set[str]  # legend entries that are there already
    language: str
    look: str
    low: float
    high: float

    def _scatter(self, legend: str, group: str, **trace: Any) -> None:
        self.figure.add_scatter(
            yaxis=self.axis, name=legend, legendgroup=group, showlegend=group not in self.named, **trace
        )
        self.named.add(group)

    @property
    def hover(self) -> str:
        return f"%{{y:,.{self.parameter.decimals}f}} {self.parameter.unit}".rstrip()

    def _say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values)

    def hours(self, rows: Sequence[Row], *, sampled: bool) -> None:
        """The approved series; an hour without a good value is a hole in the line. Directions are points, no line."""
        times, values = line_points(rows)
        if sampled:
            times, values = [_local(row["time"]) for row in rows], [row["value"] for row in rows]
        lonely = [
            value is not None and (i == 0 or values[i - 1] is None) and (i + 1 == len(values) or values[i + 1] is None)
            for i, value in enumerate(values)
        ]
        circular = self.parameter.how == "vector_mean"
        self._scatter(
            self._say("chart.measured"),
            "measured",
            x=times,
            y=values,
            mode="markers" if circular else "lines+markers",
            connectgaps=False,
            line={"color": ACCENT[self.look], "width": 1.6},
            hovertemplate=self.hover,
            marker={
                "size": [4 if sampled or circular or alone else 0 for alone in lonely],
                "color": ACCENT[self.look],
                "opacity": 1,
                "line": {"width": 0},
            },
        )
        approved = [row for row in rows if row["reviewed"] and row["value"] is not None]
        if approved:
            self._scatter(
                self._say("chart.approved"),
                "approved",
                x=[_local(row["time"]) for row in approved],
                y=[row["value"] for row in approved],
                mode="markers",
                hoverinfo="skip",
                marker={"symbol": "diamond", "size": 5, "color": ACCENT[self.look]},
            )

    def days(self, rows: Sequence[Row], *, sampled: bool) -> None:
        """Daily means; days without one are holes."""
        times: list[str] = []
        values: list[float | None] = []
        before: date | None = None
        for row in rows:
            if before is not None and (row["day"] - before).days > 1 and not sampled:
                times.append(f"{before + timedelta(days=1)}")
                values.append(None)
            times.append(f"{row['day']}")
            values.append(row["mean"])
            before = row["day"]
        self._scatter(
            self._say("chart.day_mean"),
            "measured",
            x=times,
            y=values,
            mode="lines+markers" if sampled else "markers" if self.parameter.how == "vector_mean" else "lines",
            connectgaps=False,
            line={"color": ACCENT[self.look], "width": 1.4},
            hovertemplate=self.hover,
        )

    def doubtful(self, rows: Sequence[Row]) -> None:
        """What was measured and does not count, by kind; values beyond the axis sit at its edge and say their own."""
        kinds: dict[Flag, list[Row]] = defaultdict(list)
        for row in rows:
            if row["value"] is None and row["raw"] is not None and row["status"] == 0:
                for flag in flags_of(row["flag"])[:1]:
                    kinds[flag].append(row)
        for flag, found in kinds.items():
            inside = [min(max(row["raw"], self.low), self.high) for row in found]
            shown = [formats.number(row["raw"], self.parameter.decimals, self.language) for row in found]
            self._scatter(
                f"{self._say('chart.flagged')}: {FLAG_TITLES[flag][self.language].lower().replace('pm', 'PM')}",
                f"flag{flag}",
                x=[_local(row["time"]) for row in found],
                y=inside,
                mode="markers",
                cliponaxis=False,
                customdata=shown,
                marker={
                    "symbol": SYMBOLS.get(flag, "circle-open"),
                    "size": 6,
                    "color": ALARM[self.look],
                    "line": {"width": 1.3},
                },
                hovertemplate=f"%{{customdata}} {self.parameter.unit}".rstrip(),
            )

    def bands(self, rows: Sequence[Row]) -> None:
        """Hours in which the instrument said that it does not measure."""
        for status, (text, colour) in BANDS.items():
            found = stretches(rows, status)
            for first, last in found:
                self.figure.add_shape(
                    type="rect",
                    xref="x",
                    yref=f"{self.axis} domain",
                    y0=0,
                    y1=1,
                    line={"width": 0},
                    fillcolor=colour,
                    x0=_local(first - timedelta(hours=1)),
                    x1=_local(last),
                    layer="below",
                )
            if found:
                self._scatter(
                    self._say(text),
                    f"status{status}",
                    x=[None],
                    y=[None],
                    mode="markers",
                    marker={"symbol": "square", "size": 10, "color": colour},
                )

    def fan(self, panel: Panel) -> datetime:
        """Forecast with both intervals, grey when it is stale or worse than naive; gives its last hour."""
        rows = [row for row in panel.forecast if row.get("target") is not None]
        if not rows:
            return datetime.fromtimestamp(0, LOCAL_ZONE)
        times = [_local(row["target"]) for row in rows]
        for low, high, name, kind in (
            ("q025", "q975", "chart.band95", "wide"),
            ("q10", "q90", "chart.band80", "narrow"),
        ):
            self._scatter(
                self._say(name),
                name,
                x=times + times[::-1],
                mode="lines",
                line={"width": 0},
                hoverinfo="skip",
                y=[row[high] for row in rows] + [row[low] for row in rows[::-1]],
                fill="toself",
                fillcolor=FAN["poor" if panel.poor else kind],
            )
        self._scatter(
            self._say("chart.forecast"),
            "forecast",
            x=times,
            y=[row["q50"] for row in rows],
            mode="lines",
            line={"color": MUTED[self.look] if panel.poor else INK[self.look], "width": 1.5, "dash": "dot"},
            hovertemplate=f"{self.hover} ({self._say('chart.forecast').lower()})",
        )
        return rows[-1]["target"]

    def limits(self, first: datetime, last: datetime, step: Step) -> None:
        """Legal limits as steps: each from the day it was law."""
        words: list[str] = []
        window = first.astimezone(LOCAL_ZONE).date(), last.astimezone(LOCAL_ZONE).date()
        for limit, begins, ends in limit_steps(shown_limits(self.parameter, step, *window), first, last):
            bounds = [bound for bound in (limit.low, limit.high) if bound is not None]
            drawn = [bound for bound in bounds if self.low <= bound <= self.high]
            words.append(limit_words(limit, self.parameter, self.language, beyond=not drawn))
            for bound in drawn:
                self._scatter(
                    self._say("chart.limit_line"),
                    "limit",
                    x=[_local(begins), _local(ends)],
                    y=[bound, bound],
                    mode="lines",
                    line={"color": ALARM[self.look], "width": 1.2, "dash": "dash"},
                    hoverinfo="skip",
                )
        if words:
            self.figure.add_annotation(
                x=1,
                xref="paper",
                y=1,
                yref=f"{self.axis} domain",
                yanchor="bottom",
                xanchor="right",
                showarrow=False,
                text=" · ".join(dict.fromkeys(words)),
                font={"size": 10, "color": ALARM[self.look]},
            )


def limit_words(limit: Limit, parameter: Parameter, language: str, *, beyond: bool = False) -> str:
    """«Giới hạn trung bình 24 giờ 45 µg/m³», «Giới hạn 6 - 8,5»; with what is unsure or not on the picture."""
    low, high = (None if bound is None else _short(bound, language) for bound in (limit.low, limit.high))
    number = f"{low} - {high}" if low and high else high or f"≥ {low}"
    key = {1: "chart.limit", YEAR: "chart.limit_year"}.get(limit.hours, "chart.limit_mean")
    words = say(key, language, value=f"{number} {parameter.unit}".rstrip(), hours=limit.hours)
    if not limit.confirmed:
        words += f" ({say('limit.unconfirmed', language)})"
    return words + (f" ({say('limit.beyond', language)})" if beyond else "")


def _short(bound: float, language: str) -> str:
    """As the law writes it: no zeros behind the last digit."""
    digits = f"{bound:.6f}".rstrip("0").partition(".")[2]
    return formats.number(bound, len(digits), language)
