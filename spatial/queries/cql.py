"""CQL2 filters (text or JSON, parsed by pygeofilter) as SQL conditions over the public properties of a source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from pygeofilter import ast, values
from pygeofilter.backends.evaluator import handle
from pygeofilter.backends.sqlalchemy.evaluate import SQLAlchemyFilterEvaluator
from pygeofilter.parsers.cql2_json import parse as parse_json
from sqlalchemy import ColumnElement, Integer, and_, false, func, literal, not_, true

from layers.model import ColumnType
from spatial.errors import GeoIOCError
from spatial.queries.cql_text import parse as parse_text
from spatial.queries.feature_sources import Property, Source
from spatial.queries.features import LATITUDE_FIRST, WGS84
from spatial.settings import LOCAL_ZONE

GEOMETRY_NAMES = ("geometry", "geom")
MAX_LENGTH = 20_000
FUNCTIONS = {"lower": func.lower, "upper": func.upper, "casei": func.lower, "accenti": func.core.vn_fold}


class FilterError(GeoIOCError):
    """A filter cannot be understood, or names what the collection does not have."""


def parse_filter(text: str, *, language: str) -> ast.Node:
    """Parse CQL2.

    :param language: ``cql2-text`` or ``cql2-json``.
    :raises FilterError: when it is not CQL2.
    """
    if len(text) > MAX_LENGTH or "\x00" in text:
        raise FilterError(f"The filter is longer than {MAX_LENGTH:,} characters, or holds a zero byte.")
    try:
        node = parse_json(json.loads(text)) if language == "cql2-json" else parse_text(text)
    except Exception as error:  # noqa: BLE001 - the parsers raise whatever their grammar tool does
        raise FilterError(f"The filter is not {language}: {str(error).splitlines()[0]}") from None
    return node


def to_condition(node: ast.Node, *, source: Source, srid: int | None = None) -> ColumnElement[bool]:
    """The SQL condition of a parsed filter; every value becomes a bound parameter.

    :param srid: CRS of coordinates in the filter, as EPSG code in that CRS's axis order; None is CRS84.
    :raises FilterError: for an unknown property or function, or a comparison the types do not allow.
    """
    try:
        condition = _Evaluator(source, srid).evaluate(node)
    except FilterError:
        raise
    except (NotImplementedError, KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise FilterError(f"The filter uses something this server does not offer: {error}") from None
    if isinstance(condition, bool):
        return true() if condition else false()
    if not isinstance(condition, ColumnElement):
        raise FilterError("The filter is not a condition.")
    return condition


class _Evaluator(SQLAlchemyFilterEvaluator):
    def __init__(self, source: Source, srid: int | None) -> None:
        super().__init__({}, False)
        self._properties: Mapping[str, Property] = source.properties
        self._geometry = source.filter_geom
        self._srid = srid

    @handle(ast.Attribute)
    def attribute(self, node: ast.Attribute) -> ColumnElement:
        if node.name in self._properties:
            return self._properties[node.name].expression
        if node.name in GEOMETRY_NAMES and self._geometry is not None:
            return self._geometry
        known = ", ".join((*self._properties, "geometry"))
        raise FilterError(f"There is no property {node.name!r} to filter by; the properties are: {known}.")

    @handle(ast.Comparison, subclasses=True)
    def comparison(self, node: ast.Comparison, lhs: object, rhs: object) -> ColumnElement:
        left, right = _fit(lhs, rhs), _fit(rhs, lhs)
        operators = {
            "=": left.__eq__, "<>": left.__ne__, "<": left.__lt__,
            "<=": left.__le__, ">": left.__gt__, ">=": left.__ge__,
        }  # fmt: skip
        return operators[node.op.value](right)

    @handle(ast.Between)
    def between(self, node: ast.Between, lhs: object, low: object, high: object) -> ColumnElement:
        left = _fit(lhs, low)
        inside = left.between(_fit(low, lhs), _fit(high, lhs))
        return not_(inside) if node.not_ else inside

    @handle(ast.In)
    def in_(self, node: ast.In, lhs: object, *options: object) -> ColumnElement:
        left = _fit(lhs, options[0] if options else None)
        inside = left.in_([_fit(option, lhs) for option in options])
        return not_(inside) if node.not_ else inside

    @handle(ast.Like)
    def like(self, node: ast.Like, lhs: object) -> ColumnElement:
        if not isinstance(lhs, ColumnElement) or _kind(lhs) != "text":
            raise FilterError("LIKE compares a text property.")
        pattern = node.pattern
        if isinstance(pattern, ast.Function):
            pattern = self.evaluate(pattern)
        found = lhs.ilike(pattern) if node.nocase else lhs.like(pattern)
        return not_(found) if node.not_ else found

    @handle(ast.Function)
    def function(self, node: ast.Function, *arguments: object) -> ColumnElement:
        name = node.name.lower()
        if name not in FUNCTIONS:
            raise FilterError(f"There is no function {node.name!r}; the functions are: {', '.join(FUNCTIONS)}.")
        if len(arguments) != 1:
            raise FilterError(f"{node.name} takes one argument.")
        return FUNCTIONS[name](arguments[0])

    @handle(ast.TemporalPredicate, subclasses=True)
    def temporal(self, node: ast.TemporalPredicate, lhs: object, rhs: object) -> ColumnElement:
        if not isinstance(lhs, ColumnElement) or _kind(lhs) not in ("date", "datetime"):
            raise FilterError("A temporal predicate compares a date or time property.")
        low, high = _span(rhs, _kind(lhs))
        match node.op.name:
            case "AFTER":
                return lhs > high
            case "BEFORE":
                return lhs < low
            case "TEQUALS" | "TOVERLAPS":
                return and_(lhs >= low, lhs <= high)
            case "DISJOINT":
                return not_(and_(lhs >= low, lhs <= high))
            case "DURING":
                return and_(lhs > low, lhs < high)
            case other:
                raise FilterError(f"The temporal predicate {other} is not offered for an instant.")

    @handle(values.Geometry)
    def geometry(self, node: values.Geometry) -> ColumnElement:
        return self._place(json.dumps({k: v for k, v in node.__geo_interface__.items() if k != "crs"}))

    @handle(values.Envelope)
    def envelope(self, node: values.Envelope) -> ColumnElement:
        low_x, high_x, low_y, high_y = node.x1, node.x2, node.y1, node.y2
        ring = [[low_x, low_y], [high_x, low_y], [high_x, high_y], [low_x, high_y], [low_x, low_y]]
        return self._place(json.dumps({"type": "Polygon", "coordinates": [ring]}))

    @handle(ast.SpatialComparisonPredicate, subclasses=True)
    def spatial_operation(self, node: ast.SpatialComparisonPredicate, lhs: object, rhs: object) -> ColumnElement:
        functions = {
            "INTERSECTS": func.ST_Intersects, "DISJOINT": func.ST_Disjoint, "CONTAINS": func.ST_Contains,
            "WITHIN": func.ST_Within, "TOUCHES": func.ST_Touches, "CROSSES": func.ST_Crosses,
            "OVERLAPS": func.ST_Overlaps, "EQUALS": func.ST_Equals,
        }  # fmt: skip
        return functions[node.op.name](lhs, rhs)

    @handle(ast.SpatialDistancePredicate, subclasses=True)
    def spatial_distance(self, node: ast.SpatialDistancePredicate, *_: object) -> ColumnElement:
        raise FilterError("Distance predicates are not offered; use S_INTERSECTS with a buffered geometry.")

    @handle(ast.Relate)
    def spatial_pattern(self, node: ast.Relate, *_: object) -> ColumnElement:
        raise FilterError("RELATE is not offered.")

    @handle(values.Interval)
    def interval(self, node: values.Interval, start: object, end: object) -> tuple[object, object]:
        return (start, end)

    @handle(ast.BBox)
    def bbox(self, node: ast.BBox, lhs: object) -> ColumnElement:
        return func.ST_Intersects(lhs, self.envelope(values.Envelope(node.minx, node.maxx, node.miny, node.maxy)))

    def _place(self, geojson: str) -> ColumnElement:
        placed = func.ST_SetSRID(func.ST_GeomFromGeoJSON(geojson), literal(self._srid or WGS84, Integer))
        if self._srid in LATITUDE_FIRST:
            placed = func.ST_FlipCoordinates(placed)
        return placed if self._srid in (None, WGS84) else func.ST_Transform(placed, literal(WGS84, Integer))


def _kind(column: ColumnElement) -> ColumnType:
    name = column.type.__class__.__name__.upper()
    if name == "GEOMETRY":
        raise FilterError("The filter compares a geometry: use S_INTERSECTS and its like.")
    kinds: dict[str, ColumnType] = {
        "TEXT": "text", "STRING": "text", "BIGINTEGER": "integer", "INTEGER": "integer", "SMALLINTEGER": "integer",
        "DOUBLE": "number", "FLOAT": "number", "NUMERIC": "number", "BOOLEAN": "boolean", "DATE": "date",
        "DATETIME": "datetime",
    }  # fmt: skip
    return kinds.get(name, "text")


def _fit(value: object, other: object) -> ColumnElement:
    """A literal in the type of the column it is compared with, so that PostgreSQL never guesses."""
    if isinstance(value, ColumnElement):
        return value
    if not isinstance(other, ColumnElement):
        return literal(value)
    kind = _kind(other)
    try:
        fitted = read_value(value, kind) if isinstance(value, str) else value
    except ValueError:
        raise FilterError(f"{value!r} is not a value of type {kind}.") from None
    allowed: dict[str, tuple[type, ...]] = {
        "text": (str,), "integer": (int, float), "number": (int, float), "boolean": (bool,),
        "date": (date,), "datetime": (datetime, date),
    }  # fmt: skip
    if (isinstance(fitted, bool) and kind != "boolean") or not isinstance(fitted, allowed[kind]):
        raise FilterError(f"{value!r} is not a value of type {kind}.")
    if kind == "datetime" and isinstance(fitted, date):
        fitted = _aware(fitted)
    if kind == "date" and isinstance(fitted, datetime):
        fitted = _aware(fitted).astimezone(LOCAL_ZONE).date()
    return literal(fitted, None if isinstance(fitted, float) else other.type)


def read_value(value: str, kind: ColumnType) -> object:
    """The value of a type a text stands for.

    :raises ValueError: when it stands for none.
    """
    match kind:
        case "integer":
            return int(value)
        case "number":
            return float(value)
        case "boolean":
            if value.lower() not in ("true", "false"):
                raise ValueError(value)
            return value.lower() == "true"
        case "date":
            return date.fromisoformat(value)
        case "datetime":
            return _aware(datetime.fromisoformat(value))
        case _:
            return value


def _aware(value: date) -> datetime:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=LOCAL_ZONE)


def _span(value: object, kind: ColumnType) -> tuple[ColumnElement, ColumnElement]:
    """First and last moment of an instant, a day or an interval, in the column's type."""
    low, high = value if isinstance(value, tuple | list) else (value, value)
    return _edge(low, kind, last=False), _edge(high, kind, last=True)


def _edge(value: object, kind: ColumnType, *, last: bool) -> ColumnElement:
    if isinstance(value, ColumnElement):
        return value
    if value in (None, ".."):
        return literal(date.max if last else date.min) if kind == "date" else literal(
            datetime.max.replace(tzinfo=LOCAL_ZONE) - timedelta(days=2) if last
            else datetime.min.replace(tzinfo=LOCAL_ZONE) + timedelta(days=2)
        )  # fmt: skip
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if not isinstance(value, date):
        raise FilterError(f"{value!r} is not a date or time.")
    whole_day = not isinstance(value, datetime)
    if kind == "date":
        return literal(value if whole_day else _aware(value).astimezone(LOCAL_ZONE).date())
    moment = _aware(value)
    return literal(moment + timedelta(days=1, microseconds=-1) if whole_day and last else moment)
