"""Features of a collection as GeoJSON text, made by PostgreSQL: a page, one feature, how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Integer,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    tuple_,
)  # fmt: skip

from spatial.queries.feature_sources import Source
from spatial.settings import LOCAL_ZONE

LATITUDE_FIRST = (4326, 4756)  # EPSG codes whose axes are latitude, longitude
GEOGRAPHIC = LATITUDE_FIRST
METRE_DECIMALS = 3
WGS84 = 4326


@dataclass(frozen=True)
class Box:
    """A bounding box as asked: ``srid`` None is CRS84 (longitude, latitude)."""

    low_x: float
    low_y: float
    high_x: float
    high_y: float
    srid: int | None = None


@dataclass(frozen=True)
class Period:
    """A closed span of time; None is open."""

    low: datetime | None
    high: datetime | None


@dataclass(frozen=True)
class Selection:
    """Which features are meant."""

    box: Box | None = None
    period: Period | None = None
    equal: tuple[tuple[str, object], ...] = ()
    condition: ColumnElement[bool] | None = None

    @property
    def everything(self) -> bool:
        return self.box is None and self.period is None and not self.equal and self.condition is None


@dataclass(frozen=True)
class Shape:
    """How a feature is written: which properties, and in which CRS (None = CRS84)."""

    properties: tuple[str, ...] = ()
    geometry: bool = True
    srid: int | None = None


@dataclass(frozen=True)
class Page:
    """Which part: after a place in the default order (exact however deep), or at an offset."""

    limit: int
    offset: int = 0
    after: tuple[object, ...] | None = None
    sort: tuple[tuple[str, bool], ...] = ()  # property, descending


@dataclass(frozen=True)
class FeaturePage:
    """GeoJSON features in order; ``last`` is the place of the last one in the default order, if more follow."""

    features: list[str] = field(default_factory=list)
    last: tuple[str, ...] | None = None


def read_page(conn: Connection, *, source: Source, selection: Selection, shape: Shape, page: Page) -> FeaturePage:
    """One page of features as GeoJSON texts."""
    order = [column for column, _ in source.order]
    conditions = _conditions(source, selection)
    if page.after is not None:
        conditions.append(tuple_(*order) > tuple_(*(_typed(c, v) for c, v in zip(order, page.after, strict=True))))
    ordering: list[ColumnElement] = []
    for name, descending in page.sort:
        column = source.properties[name].expression
        ordering.append(column.desc().nulls_last() if descending else column.asc().nulls_last())
    ordering += [column.asc() for column in order]
    rows = _rows(source, shape, order).where(*conditions).order_by(*ordering).limit(page.limit + 1)
    if page.offset:
        rows = rows.offset(page.offset)
    found = conn.execute(_as_geojson(rows, source, shape, len(order))).all()
    more = len(found) > page.limit
    last = tuple(str(value) for value in found[page.limit - 1][1:]) if more else None
    return FeaturePage([row[0] for row in found[: page.limit]], last)


def read_one(conn: Connection, *, source: Source, key: str, shape: Shape) -> str | None:
    """One feature by its key as GeoJSON text."""
    rows = _rows(source, shape, []).where(*source.where, *source.find(key)).limit(1)
    return conn.execute(_as_geojson(rows, source, shape, 0)).scalar_one_or_none()


def count(conn: Connection, *, source: Source, selection: Selection, bound: int | None) -> int | None:
    """How many features are meant; None when there are more than ``bound`` (counting them all would be slow)."""
    inner = select(literal(1).label("one")).select_from(source.relation).where(*_conditions(source, selection))
    if bound is not None:
        inner = inner.limit(bound + 1)
    found = conn.execute(select(func.count()).select_from(inner.subquery())).scalar_one()
    return None if bound is not None and found > bound else found


def layer_versions(conn: Connection) -> dict[str, int]:
    """Version of every layer: what caches and ETags are keyed with."""
    return {row[0]: row[1] for row in conn.execute(text("SELECT layer_id, version FROM ops.layer_version"))}


type Extent = tuple[float, float, float, float]  # west, south, east, north in degrees


def source_extent(conn: Connection, *, source: Source) -> Extent | None:
    """Bounding box of all features of a source; None when there is no geometry."""
    if source.geom is None:
        return None
    box = select(func.ST_Extent(source.geom).label("e")).select_from(source.relation).where(*source.where).subquery()
    edges = (func.ST_XMin(box.c.e), func.ST_YMin(box.c.e), func.ST_XMax(box.c.e), func.ST_YMax(box.c.e))
    row = conn.execute(select(*edges).where(box.c.e.is_not(None))).one_or_none()
    return None if row is None else (row[0], row[1], row[2], row[3])


def province_extent(conn: Connection) -> Extent | None:
    """West, south, east, north of all units in degrees; None before any unit is loaded."""
    row = conn.execute(
        text(
            "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)"
            " FROM (SELECT ST_Extent(geom) AS e FROM core.admin_unit WHERE level = 'province') AS x WHERE e IS NOT NULL"
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2], row[3])


def _rows(source: Source, shape: Shape, order: Sequence[ColumnElement]) -> Select:
    names = shape.properties or tuple(source.properties)
    geometry = source.geom if source.geom is not None and shape.geometry else cast(literal(None), Text)
    return select(
        source.key.label("_key"),
        geometry.label("_geometry"),
        *(column.label(f"_order{number}") for number, column in enumerate(order)),
        *(source.properties[name].expression.label(name) for name in names),
    ).select_from(source.relation).where(*source.where)  # fmt: skip


def _geometry(geom: ColumnElement, source: Source, shape: Shape) -> ColumnElement:
    """GeoJSON of the geometry; written outside the page's subquery, so that rows an offset skips cost nothing."""
    if source.geom is None or not shape.geometry:
        return cast(literal(None), Text)
    decimals = source.decimals
    if shape.srid is not None:
        if shape.srid not in GEOGRAPHIC:
            decimals = METRE_DECIMALS
        if shape.srid != WGS84:
            geom = func.ST_Transform(geom, literal(shape.srid, Integer))
        if shape.srid in LATITUDE_FIRST:
            geom = func.ST_FlipCoordinates(geom)
    return func.ST_AsGeoJSON(geom, literal(decimals, Integer), literal(0, Integer))


def _as_geojson(rows: Select, source: Source, shape: Shape, order_columns: int) -> Select:
    f = rows.subquery("f")
    names = [column.name for column in f.c if not column.name.startswith("_")]
    # A row made of the properties alone; row_to_json writes it three times as fast as json_build_object.
    listed = ", ".join(f'f."{name}"' for name in names)
    row: ColumnElement = literal_column(f"(SELECT p FROM (SELECT {listed}) AS p)")  # noqa: S608 - names come from layer definitions
    feature = func.concat(
        '{"type":"Feature","id":', cast(func.to_json(f.c._key), Text),
        ',"geometry":', func.coalesce(_geometry(f.c._geometry, source, shape), "null"),
        ',"properties":', cast(func.row_to_json(row), Text), "}",
    )  # fmt: skip
    return select(feature, *(f.c[f"_order{number}"] for number in range(order_columns))).select_from(f)


def _typed(column: ColumnElement, value: object) -> ColumnElement:
    return literal(value, column.type)


def _conditions(source: Source, selection: Selection) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = list(source.where)
    if selection.box is not None and source.filter_geom is not None:
        conditions.append(func.ST_Intersects(source.filter_geom, _envelope(selection.box)))
    if selection.period is not None:
        conditions += _time_conditions(source, selection.period)
    conditions += [source.properties[name].expression == value for name, value in selection.equal]
    if selection.condition is not None:
        conditions.append(selection.condition)
    return conditions


def _envelope(box: Box) -> ColumnElement:
    low_x, low_y, high_x, high_y = box.low_x, box.low_y, box.high_x, box.high_y
    if box.srid in LATITUDE_FIRST:
        low_x, low_y, high_x, high_y = low_y, low_x, high_y, high_x
    envelope = func.ST_MakeEnvelope(low_x, low_y, high_x, high_y, literal(box.srid or WGS84, Integer))
    if box.srid in (None, WGS84):
        return envelope
    # A straight edge of a projected box is a curve in degrees: cut it into pieces before transforming.
    longest = max(high_x - low_x, high_y - low_y)
    return func.ST_Transform(func.ST_Segmentize(envelope, max(longest / 20, 1e-9)), literal(WGS84, Integer))


def _time_conditions(source: Source, period: Period) -> list[ColumnElement[bool]]:
    axis = source.time
    if axis is None:
        return []
    low, high = (_moment(axis.kind, value) for value in (period.low, period.high))
    conditions: list[ColumnElement[bool]] = []
    if high is not None:
        conditions.append(axis.start <= high)
    if low is not None:
        if axis.end is None:
            conditions.append(axis.start >= low)
        else:
            conditions.append(or_(axis.end.is_(None), axis.end > low))
    return [and_(*conditions)] if conditions else []


def _moment(kind: str, value: datetime | None) -> ColumnElement | None:
    if value is None:
        return None
    return literal(value, DateTime(timezone=True)) if kind == "datetime" else literal(
        value.astimezone(LOCAL_ZONE).date(), Date
    )  # fmt: skip
