"""What stands in the monthly environment report: figures from roll-ups, put together without any layout."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from layers.flags import Flag, flags_of
from layers.model import Layer, Parameter
from layers.registry import registry
from spatial.access import Connection
from spatial.queries import environment_report as figures
from spatial.queries import observations, station_index

type Row = dict[str, Any]
type Medium = Literal["air", "water", "sample"]

HOURS = 24
FULL_DAY = 0.75  # share of a day's hours without which its mean is not compared with a limit


@dataclass(frozen=True)
class Scope:
    """What a report is about: the stations inside a unit, or one station."""

    kind: Literal["unit", "station"]
    title: str
    unit: Row | None  # of the map; of a station: the province
    station: tuple[str, str] | None = None  # observation layer, key


@dataclass(frozen=True)
class Month:
    """A calendar month, up to the data clock when it is not over."""

    first: date
    last: date

    @classmethod
    def of(cls, day: date, until: date | None = None) -> Month:
        """The month of a day; ``until`` cuts it."""
        end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        return cls(day.replace(day=1), min(end, until) if until else end)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def complete(self) -> bool:
        return self.last.day == calendar.monthrange(self.last.year, self.last.month)[1]

    def before(self) -> Month:
        """The same days of the month before, so that a running month is not compared with a whole one."""
        return self._moved((self.first - timedelta(days=1)).replace(day=1))

    def year_before(self) -> Month:
        """The same days a year ago."""
        return self._moved(self.first.replace(year=self.first.year - 1))

    def _moved(self, first: date) -> Month:
        whole = Month.of(first)
        return whole if self.complete else Month(first, min(whole.last, first + timedelta(days=self.days - 1)))


@dataclass(frozen=True)
class StationLine:
    """One row of a station table."""

    key: str
    name: str
    lon: float
    lat: float
    reference: bool
    completeness: float | None
    values: Mapping[str, Row]  # by parameter, see environment_report.series_of_days
    levels: Mapping[int, int]  # days by level of the index
    without_index: int
    highest_index: int | None
    dominant: str | None
    over: Mapping[tuple[str, int], Row]  # (parameter, hours) -> exceedances


@dataclass(frozen=True)
class Section:
    """One network: air, water, or manual samples."""

    layer: Layer
    lines: tuple[StationLine, ...]
    days: tuple[Row, ...]  # of the leading parameter, mean of the network
    marks: Mapping[Flag, int]
    reviewed: int
    alerts: tuple[Row, ...]
    before: Section | None = None
    year_before: Section | None = None

    @property
    def leading(self) -> Parameter:
        assert self.layer.series is not None
        return self.layer.series.parameters[0]

    @property
    def limited(self) -> tuple[Parameter, ...]:
        """Parameters with a legal limit."""
        assert self.layer.series is not None
        return tuple(parameter for parameter in self.layer.series.parameters if parameter.limits)

    @property
    def completeness(self) -> float | None:
        shares = [line.completeness for line in self.lines if line.completeness is not None]
        return sum(shares) / len(shares) if shares else None

    @property
    def mean(self) -> float | None:
        """Mean of the leading parameter over the network's days."""
        found = [row["mean"] for row in self.days if row["mean"] is not None]
        return sum(found) / len(found) if found else None

    def levels(self) -> dict[int, int]:
        """Station days by level of the index."""
        total: dict[int, int] = {}
        for line in self.lines:
            for level, days in line.levels.items():
                total[level] = total.get(level, 0) + days
        return dict(sorted(total.items()))

    def days_over(self) -> int:
        """Station days with at least one mean of 24 hours over its limit, counted per parameter."""
        return sum(row["days"] for line in self.lines for (_, hours), row in line.over.items() if hours == HOURS)


@dataclass(frozen=True)
class Report:
    """All of one report."""

    scope: Scope
    month: Month
    made_at: datetime
    data_until: datetime | None
    synthetic: bool
    sections: tuple[Section, ...]
    outlines: tuple[Row, ...] = field(default=())

    @property
    def alerts(self) -> list[Row]:
        return [alert for section in self.sections for alert in section.alerts]


def report_layers() -> list[Layer]:
    """Networks with an index of their own or with legal limits."""
    return [layer for layer in registry().values() if layer.series and any(p.limits for p in layer.series.parameters)]


def build_report(
    conn: Connection,
    *,
    scope: Scope,
    month: Month,
    now: datetime,
    data_until: datetime | None,
    synthetic: bool,
    index_of: Callable[[Layer], str | None],
) -> Report:
    """Read the figures of a month; ``index_of`` names the daily index of a layer, if it has one."""
    sections = []
    for layer in report_layers():
        stations = [row for row in observations.list_stations(conn, layer=layer) if _inside(scope, layer, row)]
        if not stations:
            continue
        index_id = index_of(layer)
        now_, before, year_before = (
            _section(conn, layer, stations, span, index_id) for span in (month, month.before(), month.year_before())
        )
        if any(line.completeness for line in now_.lines):
            sections.append(
                Section(
                    **{name: getattr(now_, name) for name in ("layer", "lines", "days", "marks", "reviewed", "alerts")},
                    before=before,
                    year_before=year_before,
                )
            )
    shapes: Sequence[Row] = ()
    if scope.unit is not None:
        shapes = figures.outlines(conn, unit_id=scope.unit["id"], level="commune", day=month.last)
    return Report(scope, month, now, data_until, synthetic, tuple(sections), tuple(shapes))


def _inside(scope: Scope, layer: Layer, station: Row) -> bool:
    if scope.station is not None:
        wanted, key = scope.station
        return station["key"] == key and _same_network(wanted, layer)
    return scope.unit is not None and scope.unit["id"] in (station["unit_ids"] or ())


def _same_network(wanted: str, layer: Layer) -> bool:
    named = registry().get(wanted)
    return (
        named is not None
        and named.series is not None
        and layer.series is not None
        and named.series.station_layer == layer.series.station_layer
    )


def _section(conn: Connection, layer: Layer, stations: Sequence[Row], month: Month, index_id: str | None) -> Section:
    assert layer.series is not None
    keys = [station["key"] for station in stations]
    span: dict[str, Any] = {"layer": layer, "keys": keys, "first": month.first, "last": month.last}
    rows = figures.series_of_days(conn, **span, least_hours=round(HOURS * FULL_DAY / layer.series.step_hours))
    start, end = figures.day_ends(month.first, month.last)
    days: dict[str, Any] = {"layer": layer, "first": start + timedelta(microseconds=1), "last": end}
    index_rows = station_index.index_levels(conn, **days, index_id=index_id) if index_id else []
    dominant = figures.dominant_days(conn, **span, index_id=index_id) if index_id else []
    over = _over(station_index.exceedance_days(conn, layer=layer, first=month.first, last=month.last))
    marks: dict[Flag, int] = {}
    reviewed = 0
    for row in figures.marked_hours(conn, **span):
        reviewed += row["reviewed"]
        for flag in flags_of(row["flag"]):
            marks[flag] = marks.get(flag, 0) + row["hours"]
    expected = month.days * HOURS / layer.series.step_hours
    return Section(
        layer=layer,
        lines=tuple(
            _line(station, rows, index_rows, {row["key"]: row["parameter"] for row in dominant}, over, expected)
            for station in stations
        ),
        days=tuple(figures.days_of_network(conn, **span, parameter=layer.series.parameters[0].name)),
        marks=marks,
        reviewed=reviewed,
        alerts=tuple(figures.alerts_of_days(conn, **span)),
    )


def _over(days: Sequence[Row]) -> dict[str, dict[tuple[str, int], Row]]:
    """By station, then parameter and averaging time: days and means over the limit, the worst, the newest limit."""
    found: dict[str, dict[tuple[str, int], Row]] = {}
    for row in days:
        own = found.setdefault(row["key"], {}).setdefault(
            (row["parameter"], row["hours"]), {"days": 0, "means": 0, "worst": row["worst"], "limit_value": None}
        )
        own["days"] += 1
        own["means"] += row["n"]
        worse = min if row["worst"] < row["limit_value"] else max  # of oxygen the least is the worst
        own["worst"] = worse(own["worst"], row["worst"])
        own["limit_value"] = row["limit_value"]
    return found


def _line(
    station: Row,
    rows: Sequence[Row],
    index: Sequence[Row],
    dominant: Mapping[str, str],
    over: Mapping[str, Mapping[tuple[str, int], Row]],
    expected: float,
) -> StationLine:
    key = station["key"]
    values = {row["parameter"]: row for row in rows if row["key"] == key}
    good = [min(1.0, row["good"] / expected) for row in values.values()]
    own = [row for row in index if row["key"] == key]
    highest = [row["highest"] for row in own if row["highest"] is not None]
    return StationLine(
        key=key,
        name=station["name"],
        lon=station["lon"],
        lat=station["lat"],
        reference=station.get("station_class") == "reference",
        completeness=sum(good) / len(good) if good else None,
        values=values,
        levels={row["level"]: row["n"] for row in own if row["level"] is not None},
        without_index=sum(row["n"] for row in own if row["level"] is None),
        highest_index=max(highest) if highest else None,
        dominant=dominant.get(key),
        over=over.get(key, {}),
    )
