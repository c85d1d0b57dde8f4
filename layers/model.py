"""Frozen models in which a dataset is described once.

A definition holds literals only. Tables (``spatial.schema``), ingest checks (``ingest.checks``), API collections
(``pygeoapi_config.build``) and map overlays (``dash_app``) are derived from these values.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]{0,48}$")

type ColumnType = Literal["text", "integer", "number", "boolean", "date", "datetime"]
type GeometryType = Literal["Point", "MultiLineString", "MultiPolygon"]
type Kind = Literal["admin_unit", "feature", "record", "observation", "indicator", "grid"]
type Access = Literal["public", "internal"]
type IndicatorLevel = Literal["province", "district", "commune"]

# Columns every feature table has beside its own; derived at load, never read from a source.
STANDARD_COLUMNS = (
    "id", "key", "geom", "geom_3857", "unit_ids", "commune_code", "former_district_code", "run_id", "updated_at",
)  # fmt: skip


class Frozen(BaseModel):
    """Base of every declaration: immutable, strict, refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Text(Frozen):
    """A text people read, Vietnamese first."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.vi


# ---------------------------------------------------------------- checks
# A check either rejects the row (it goes to quarantine) or flags the value (it is stored with the flag).


class NotNull(Frozen):
    """The value must be present."""

    kind: Literal["not_null"] = "not_null"


class Range(Frozen):
    """low <= value <= high, in the column's unit. ``flag`` keeps the value and marks it; the default rejects."""

    kind: Literal["range"] = "range"
    low: float | None = None
    high: float | None = None
    flag: bool = False


class Sentinel(Frozen):
    """Values by which a device says «no value»: read as missing, counted, never as a number."""

    kind: Literal["sentinel"] = "sentinel"
    values: tuple[float, ...]


class OneOf(Frozen):
    """The value is one of the column's ``codes``."""

    kind: Literal["one_of"] = "one_of"


class Pattern(Frozen):
    """The text matches a regular expression as a whole."""

    kind: Literal["pattern"] = "pattern"
    regex: str


class NotBefore(Frozen):
    """The date is not earlier than another column's (closed before opened)."""

    kind: Literal["not_before"] = "not_before"
    column: str


class Step(Frozen):
    """Two neighbouring values of a series differ by at most ``max_change``; flags, never rejects."""

    kind: Literal["step"] = "step"
    max_change: float


class FlatLine(Frozen):
    """A series stays within ``tolerance`` for ``hours``; flags, never rejects."""

    kind: Literal["flat_line"] = "flat_line"
    hours: int
    tolerance: float


class Neighbours(Frozen):
    """A value that departs from the stations around it, by more than chance allows; flags, never rejects."""

    kind: Literal["neighbours"] = "neighbours"
    radius_km: float = 50
    least: int = 3  # stations with good values in the radius
    ratio: float = 4  # value and the neighbours' median differ by more than this factor ...
    difference: float = 0  # ... and by more than this, in the parameter's unit


class Drift(Frozen):
    """The ratio to the network's median walks away over ``days``; flags, never rejects."""

    kind: Literal["drift"] = "drift"
    days: int = 14
    log_ratio: float = 0.4  # change of the median of ln(value / median of the network)
    least: int = 3  # stations in the network
    radius_km: float = 60
    floor: float = 1  # smaller values count as this: near zero a ratio is noise


class Clock(Frozen):
    """The daily course fits the stations around it better some hours later: the logger's clock; flags the station."""

    kind: Literal["clock"] = "clock"
    days: int = 5
    least: int = 3  # stations in the radius
    radius_km: float = 60
    correlation: float = 0.5  # with the neighbours, at the best lag ...
    gain: float = 0.35  # ... and so much better than without one
    logarithm: bool = True  # of values that are positive and skewed


class Spike(Frozen):
    """A value, or ``hours`` of them, that stand out from both sides by ``ratio`` and ``difference``; flags."""

    kind: Literal["spike"] = "spike"
    difference: float
    ratio: float = 1
    surely: float | None = None  # a difference that needs no ratio
    hours: int = 2


class AtMost(Frozen):
    """A part cannot be more than the whole (PM2.5 and PM10), but for the noise of two instruments; flags both."""

    kind: Literal["at_most"] = "at_most"
    parameter: str  # the whole
    share: float = 0.1  # tolerated: this share of the whole ...
    difference: float = 0  # ... and this, in the parameter's unit


type Check = Annotated[
    NotNull
    | Range
    | Sentinel
    | OneOf
    | Pattern
    | NotBefore
    | Step
    | Spike
    | FlatLine
    | AtMost
    | Neighbours
    | Drift
    | Clock,
    Field(discriminator="kind"),
]


# ---------------------------------------------------------------- columns and geometry


class Code(Frozen):
    """One value of a code list, with the colour it has on the map (#rrggbb)."""

    value: str
    title: Text
    colour: str | None = Field(default=None, pattern=r"^#[0-9A-Fa-f]{6}$")


class Column(Frozen):
    """One column of the table, and the names it has in source files."""

    name: str = Field(pattern=IDENTIFIER)
    type: ColumnType
    title: Text
    unit: str | None = None
    source: tuple[str, ...] = ()  # header names seen in files, compared without case, accents and blanks
    key: bool = False
    required: bool = False
    private: bool = False  # lives in <table>_private, which public roles cannot read
    codes: tuple[Code, ...] = ()
    checks: tuple[Check, ...] = ()
    decimals: int | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Column:
        if any(check.kind == "one_of" for check in self.checks) and not self.codes:
            raise ValueError(f"{self.name}: one_of needs codes")
        if self.key and self.private:
            raise ValueError(f"{self.name}: a key cannot be private")
        if self.name in STANDARD_COLUMNS:
            raise ValueError(f"{self.name} is a standard column")
        return self

    @property
    def headers(self) -> tuple[str, ...]:
        """Header names under which the column is found in a file, its own name last."""
        return (*self.source, self.name)


class Geometry(Frozen):
    """Geometry of a feature layer; stored in EPSG:4326 (longitude, latitude)."""

    type: GeometryType
    x: tuple[str, ...] = ()  # headers of the easting or longitude column, for tables without geometry
    y: tuple[str, ...] = ()
    wkt: tuple[str, ...] = ()
    crs: int = 4326  # EPSG code of x and y, and of files that say none
    required: bool = True  # a row without position is rejected


# ---------------------------------------------------------------- source, series, indicator, grid


class Source(Frozen):
    """Where rows come from; a recipe may override reader and options for one file."""

    reader: Literal["csv", "excel", "vector", "geoparquet", "geotiff", "netcdf", "logger", "auto"] = "auto"
    pattern: str  # glob below data/inbox or a recipe's root
    encoding: str = "utf-8"
    delimiter: str | None = None
    timezone: str = "Asia/Ho_Chi_Minh"  # of times without offset
    datetime_format: str | None = None  # strptime; None = ISO 8601
    decimal: Literal[".", ","] = "."
    station_types: tuple[str, ...] = ()  # of logger files, in their names: KHIKXQ ambient air, NUOMAT surface water


class Limit(Frozen):
    """A legal limit for means of so many hours: low <= mean <= high, from a day until before another."""

    high: float | None = None
    low: float | None = None
    hours: int = 1  # mean of so many hours; 8760: of a calendar year
    valid_from: date | None = None
    valid_to: date | None = None  # the day on which it ended
    basis: Text
    confirmed: bool = True  # False: not seen in the text of the law; screens say so

    @model_validator(mode="after")
    def _bound(self) -> Limit:
        if self.high is None and self.low is None:
            raise ValueError("a limit needs a high or a low bound")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether it was law on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


class Parameter(Frozen):
    """One measured quantity of an observation layer."""

    name: str = Field(pattern=IDENTIFIER)
    title: Text
    unit: str
    decimals: int = 1
    aliases: tuple[str, ...] = ()  # names in files
    checks: tuple[Check, ...] = ()
    how: Literal["mean", "sum", "vector_mean"] = "mean"
    limits: tuple[Limit, ...] = ()  # the first that holds on a day is the line drawn in charts
    breaks: tuple[float, ...] = ()  # class bounds of badges and choropleths

    def limits_on(self, day: date) -> tuple[Limit, ...]:
        """Limits that were law on that day, the leading one first."""
        return tuple(limit for limit in self.limits if limit.holds_on(day))


# Signs of a broken instrument: nothing comes; the value stands still; left on calibration; says itself it is broken;
# walks away from the network; wrong clock; impossible jumps and values; alone among its neighbours; many marks at all.
type Sign = Literal["silent", "stuck", "calibration", "fault", "drift", "clock", "jumps", "alone", "doubtful"]


class AlertRule(Frozen):
    """When people must be told. ``threshold`` in the unit of the parameter, or level of the index, or hours."""

    name: str = Field(pattern=IDENTIFIER)
    title: Text
    kind: Literal["threshold", "limit", "index", "instrument", "forecast", "anomaly"]
    parameter: str | None = None  # None: the index, or the station as a whole
    threshold: float | None = None  # «limit» and «anomaly» need none
    mean_hours: int = 1
    for_hours: int = 1
    severity: Literal["minor", "moderate", "severe", "extreme"]
    channels: tuple[Literal["mail", "webhook", "cap"], ...] = ("mail", "webhook", "cap")
    signs: tuple[Sign, ...] = ()  # instrument rules: what they look for; none = every sign
    quantile: Literal["q10", "q50", "q90", "q975"] = "q50"  # forecast rules


class Series(Frozen):
    """An observation layer: values of parameters at the features of ``station_layer``."""

    station_layer: str
    parameters: tuple[Parameter, ...] = Field(min_length=1)
    step_hours: int = 1
    late_after_hours: float = 3
    surface: tuple[str, ...] = ()  # parameters that fill the space between stations; a river has none
    shape: Literal["long", "wide"] = "long"
    # headers of the source file
    station: tuple[str, ...]
    time: tuple[str, ...]
    parameter: tuple[str, ...] = ()  # long form
    value: tuple[str, ...] = ()  # long form
    status: tuple[str, ...] = ()  # 00 measuring, 01 calibrating, 02 fault
    hour_label: Literal["end", "start"] = "end"
    indices: tuple[str, ...] = ()  # ids of layers.indices computed from these parameters
    sampled: bool = False  # taken by hand at irregular times; «<0,01» is a laboratory's value below its limit

    @model_validator(mode="after")
    def _shape(self) -> Series:
        if self.shape == "long" and not (self.parameter and self.value):
            raise ValueError("a long series needs the headers of parameter and value")
        unknown = set(self.surface) - {parameter.name for parameter in self.parameters}
        if unknown:
            raise ValueError(f"a surface of parameters that are not measured: {sorted(unknown)}")
        return self


class Indicator(Frozen):
    """One indicator by unit and period: a row of the catalogue (``layers.catalogue``)."""

    code: str = Field(pattern=IDENTIFIER)
    group: str  # of the statistical system
    domain: str  # tab of the overview, id in layers.domains
    title: Text
    unit: Text
    agency: str = Field(min_length=1)  # that owes the figure
    direction: Literal["up", "down", "neutral"]  # which way is good
    how: Literal["sum", "weighted_mean", "last"]  # luỹ kế from the start of the year: flows, rates, stocks
    across: Literal["sum", "weighted", "none"] = "sum"  # over units: added up, averaged by people, not put together
    cumulative: bool = False  # whether reports print luỹ kế beside the figure of the period
    decimals: int = Field(default=1, ge=0, le=6)
    seasonal: bool = True
    period: Literal["month", "quarter", "year"] = "month"
    year_from: int = Field(default=1, ge=1, le=12)  # month a year begins with: 9 = school year
    levels: tuple[IndicatorLevel, ...] = Field(default=("province", "district", "commune"), min_length=1)
    formula: Text | None = None
    legal_basis: str | None = None
    computed: bool = False  # by a job from other layers: derived.indicator_computed, never in a file
    confidence: Literal["confirmed", "memory", "project"] = "memory"  # of name and definition

    @model_validator(mode="after")
    def _consistent(self) -> Indicator:
        rate = self.unit.vi.strip().startswith(("%", "‰"))
        if rate and (self.how == "sum" or self.across == "sum"):
            raise ValueError(f"{self.code}: rates ({self.unit.vi}) cannot be added up")
        if self.how == "sum" and self.across != "sum":
            raise ValueError(f"{self.code}: what adds up over months adds up over units")
        if self.how == "weighted_mean" and self.across == "sum":
            raise ValueError(f"{self.code}: what is averaged over months cannot be added up over units")
        if self.cumulative and self.how != "sum":
            raise ValueError(f"{self.code}: only sums are cumulative")
        if self.year_from != 1 and self.period != "year":
            raise ValueError(f"{self.code}: only yearly figures may begin in another month than January")
        return self


class IndicatorTable(Frozen):
    """An indicator layer: catalogue, and the headers of its long-form files."""

    groups: tuple[Code, ...]
    indicators: tuple[Indicator, ...]
    unit_code: tuple[str, ...]
    unit_valid_from: tuple[str, ...]
    indicator: tuple[str, ...]
    period: tuple[str, ...]  # 2026-03 (month), 2026-Q1, 2026 (year, plan), 2025-2026 (school year)
    value: tuple[str, ...]
    state: tuple[str, ...]  # estimate | preliminary | official | plan
    # headers that may be missing
    published_on: tuple[str, ...] = ()
    cumulative: tuple[str, ...] = ()  # yes: luỹ kế from the start of the year
    issued_on: tuple[str, ...] = ()  # plans: in force from this day; default 1 January
    document: tuple[str, ...] = ()  # plans: number of the decision
    units: tuple[str, ...] = ()  # how many enterprises, farms ... the figure rests on: few disclose a single one


class Grid(Frozen):
    """A raster over the province; values stay in a COG or Zarr, footprint and zonal statistics in PostGIS."""

    variable: str  # variable name in NetCDF, band description in GeoTIFF
    title: Text
    unit: str
    scale: float = 1.0  # stored = source * scale
    nodata: float | None = None
    zonal: Literal["sum", "mean"]
    time: Literal["none", "year", "day"] = "none"
    low: float | None = None
    high: float | None = None


# ---------------------------------------------------------------- presentation


class Overlay(Frozen):
    """How the map draws the layer."""

    kind: Literal["units", "choropleth", "points", "clusters", "badges", "tiles", "grid", "none"]
    group: Text
    colour: str = Field(default="#2166ac", pattern=r"^#[0-9A-Fa-f]{6}$")
    style_by: str | None = None  # column whose codes give the colours
    label: str | None = None  # column shown as name
    icon: str = "●"
    min_zoom: int = 0
    shown: bool = False  # on when the map opens
    order: int = 50


class Layer(Frozen):
    """All there is to say about one dataset."""

    id: str = Field(pattern=IDENTIFIER)
    title: Text
    description: Text
    agency: Text
    legal_basis: str | None = None
    licence: str
    update_cycle: Text
    access: Access = "public"
    kind: Kind
    table: str | None = Field(default=None, pattern=IDENTIFIER)
    parent: str | None = None  # record layers: the layer whose key they carry
    geometry: Geometry | None = None
    columns: tuple[Column, ...] = ()
    time_column: str | None = None  # datetime queries of the API and the time bar
    source: Source
    series: Series | None = None
    indicators: IndicatorTable | None = None
    grid: Grid | None = None
    alerts: tuple[AlertRule, ...] = ()
    overlay: Overlay

    @model_validator(mode="after")
    def _consistent(self) -> Layer:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.id}: a column is named twice")
        if self.kind == "feature" and (self.geometry is None or self.table is None):
            raise ValueError(f"{self.id}: a feature layer needs geometry and table")
        if self.kind in ("feature", "record") and not self.key_columns:
            raise ValueError(f"{self.id}: one column at least must be the key")
        if self.kind == "record" and (self.parent is None or self.table is None):
            raise ValueError(f"{self.id}: a record layer needs parent and table")
        if (self.kind == "observation") != (self.series is not None):
            raise ValueError(f"{self.id}: series belongs to observation layers, and they need it")
        measured = {parameter.name for parameter in self.series.parameters} if self.series else set()
        for rule in self.alerts:
            if rule.parameter is not None and rule.parameter not in measured:
                raise ValueError(f"{self.id}: alert {rule.name} speaks of an unknown parameter {rule.parameter!r}")
        if (self.kind == "indicator") != (self.indicators is not None):
            raise ValueError(f"{self.id}: indicators belongs to indicator layers, and they need it")
        if (self.kind == "grid") != (self.grid is not None):
            raise ValueError(f"{self.id}: grid belongs to grid layers, and they need it")
        for named in (self.time_column, self.overlay.style_by, self.overlay.label):
            if named is not None and named not in names:
                raise ValueError(f"{self.id}: no column {named!r}")
        for column in self.columns:
            for check in column.checks:
                if check.kind == "not_before" and check.column not in names:
                    raise ValueError(f"{self.id}: no column {check.column!r}")
        return self

    @property
    def key_columns(self) -> tuple[Column, ...]:
        """Columns whose values, joined by a full stop, are the feature's stable ``key``."""
        return tuple(column for column in self.columns if column.key)

    @property
    def public_columns(self) -> tuple[Column, ...]:
        """Columns of the main table, which the public role may read when the layer is public."""
        return tuple(column for column in self.columns if not column.private)

    @property
    def private_columns(self) -> tuple[Column, ...]:
        """Columns of ``<table>_private``."""
        return tuple(column for column in self.columns if column.private)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)
