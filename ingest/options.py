"""How one source file is to be read: what a recipe may say beside the layer's own ``Source``."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from layers.model import Layer

type ReaderName = Literal["csv", "excel", "vector", "geoparquet", "geotiff", "netcdf", "logger", "auto"]
type Inside = Literal["province", "vietnam", "none"]


class SourceOptions(BaseModel):
    """Everything that can be said about one file. All of it is data: no expression is evaluated.

    ``columns`` maps a target (a column of the layer; for observations ``station``, ``time``, ``parameter``, ``value``,
    ``status`` or a parameter's name; for indicators ``unit_code``, ``unit_valid_from``, ``indicator``, ``period``,
    ``value``, ``state``, ``published_on``, ``cumulative``, ``issued_on``, ``document``, ``units``; for geometry ``x``,
    ``y``, ``wkt``; for units also ``full_name``, split into type and name) to the header in the file, or to several
    headers whose values are joined by a blank. What is not named is found by the headers of the layer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reader: ReaderName = "auto"
    encoding: str | None = Field(default=None, description="of text files; shapefiles: of the dbf")
    delimiter: str | None = None
    decimal: Literal[".", ","] | None = None
    timezone: str | None = Field(default=None, description="of times without offset")
    datetime_format: str | None = Field(default=None, description="strptime; default ISO 8601 or dd/mm/yyyy")
    crs: int | None = Field(default=None, description="EPSG code; overrides what the file says")
    sheet: str | None = Field(default=None, description="sheet of a workbook, layer of a vector file")
    columns: dict[str, str | list[str]] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict, description="target -> the same text in every row")
    values: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="target -> {text in the file: text to read}; «*» stands for every other text"
    )
    factors: dict[str, float] = Field(
        default_factory=dict,
        description="observations: parameter -> stored = number in the file * this (µmol/L of N to mg/L: 0.014007)",
    )
    feature_filter: dict[str, str | list[str]] = Field(
        default_factory=dict, description="header -> text or texts; other rows are not read"
    )
    shape: Literal["long", "wide"] | None = None
    repair: bool | None = Field(
        default=None, description="make invalid polygons valid (recorded) instead of rejecting; default: units only"
    )
    inside: Inside = Field(default="province", description="where features must lie; province = the units loaded")
    update: bool = Field(default=False, description="change columns of rows that exist; the file has no geometry")
    variable: str | None = Field(default=None, description="NetCDF variable, when it is not the layer's")
    time: str | None = Field(default=None, description="date of a GeoTIFF: 2020 or 2020-05-01; default: in its name")
    scale: float | None = Field(default=None, description="grids: stored = source * scale (metres to mm: 1000)")
    cadence: int | None = Field(
        default=None, ge=1, le=60, description="minutes between values of the file's series; default: seen in the file"
    )
    station_types: tuple[str, ...] = Field(
        default=(),
        description="logger files: type in the file name (KHIKXQ); others are rejected; default: the layer's",
    )
    zero_is_error: bool = Field(default=False, description="logger files: 0 says that there is no value")
    cumulative: bool = Field(
        default=False, description="indicators: amounts are cumulative (luỹ kế) unless a column says otherwise"
    )
    archive: bool = Field(default=True, description="keep a copy in data/archive")

    @classmethod
    def of(cls, layer: Layer, given: SourceOptions | None = None) -> Self:
        """Options with what the layer's ``Source`` says where ``given`` says nothing."""
        own = given.model_dump() if given is not None else {}
        source = layer.source
        for name in ("encoding", "delimiter", "decimal", "timezone", "datetime_format"):
            if own.get(name) is None:
                own[name] = getattr(source, name)
        own["station_types"] = tuple(own.get("station_types") or source.station_types)
        if own.get("shape") is None and layer.series is not None:
            own["shape"] = layer.series.shape
        if own.get("repair") is None:
            own["repair"] = layer.kind == "admin_unit"
        return cls(**own)
