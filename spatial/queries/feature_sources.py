"""What a feature collection reads: one ``Source`` per collection, built from the layer definitions.

A source only ever names public columns, so neither a filter nor an answer can reach anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Numeric,
    Subquery,
    Text,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    text,
    union_all,
)

from layers.model import ColumnType, Layer
from layers.registry import registry
from spatial.schema.admin import admin_unit
from spatial.schema.feature import feature_table
from spatial.schema.observation import indicator_plan, indicator_value, series
from spatial.settings import indicator_settings

MAP_COLLECTION = "admin_unit_map"


@dataclass(frozen=True)
class Property:
    """One property of the features: what it is called, its type, and where its value comes from."""

    name: str
    type: ColumnType
    expression: ColumnElement
    title: Mapping[str, str]
    unit: str | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TimeAxis:
    """What ``datetime`` is compared with: an instant column, or a validity ``[start, end)`` (end NULL = open)."""

    start: ColumnElement
    end: ColumnElement | None
    kind: Literal["date", "datetime"]


@dataclass(frozen=True)
class Source:
    """The relation behind a collection. ``order`` is unique and indexed: pages are cut along it."""

    id: str
    layer_id: str
    relation: FromClause
    where: tuple[ColumnElement[bool], ...]
    key: ColumnElement[str]
    find: Callable[[str], tuple[ColumnElement[bool], ...]]
    order: tuple[tuple[ColumnElement, Callable[[str], object]], ...]
    geom: ColumnElement | None
    filter_geom: ColumnElement | None
    properties: Mapping[str, Property]
    time: TimeAxis | None
    decimals: int = 7  # of degrees: 1 cm


def _titles(vi: str, en: str) -> Mapping[str, str]:
    return MappingProxyType({"vi": vi, "en": en})


DERIVED = (
    ("commune_code", "text", _titles("Mã xã hiện nay", "Commune code today")),
    ("former_district_code", "text", _titles("Mã huyện cũ", "Former district code")),
    ("updated_at", "datetime", _titles("Cập nhật lúc", "Updated at")),
)


def _mapping(properties: Sequence[Property]) -> Mapping[str, Property]:
    return MappingProxyType({item.name: item for item in properties})


def _layer_properties(layer: Layer, table: FromClause) -> list[Property]:
    return [
        Property(
            column.name, column.type, table.c[column.name], column.title.model_dump(), column.unit,
            tuple(code.value for code in column.codes),
        )
        for column in layer.public_columns
    ]  # fmt: skip


def _feature_source(layer: Layer) -> Source:
    table = feature_table(layer)
    properties = _layer_properties(layer, table)
    properties += [Property(name, kind, table.c[name], title) for name, kind, title in DERIVED]  # type: ignore[arg-type]
    time = None
    if layer.time_column is not None:
        kind = layer.column(layer.time_column).type
        if kind in ("date", "datetime"):
            time = TimeAxis(table.c[layer.time_column], None, kind)
    return Source(
        id=layer.id,
        layer_id=layer.id,
        relation=table,
        where=(),
        key=table.c.key,
        find=lambda key: (table.c.key == key,),
        order=((table.c.id, int),),
        geom=table.c.geom,
        filter_geom=table.c.geom,
        properties=_mapping(properties),
        time=time,
    )


def _unit_source(layer: Layer) -> Source:
    parent = admin_unit.alias("parent")
    properties = [
        Property("key", "text", admin_unit.c.key, _titles("Khóa", "Key")),
        *_layer_properties(layer, admin_unit),
        Property("parent_key", "text", parent.c.key, _titles("Khóa cấp trên", "Parent key")),
        Property("province_code", "text", admin_unit.c.province_code, _titles("Mã tỉnh", "Province code")),
    ]
    return Source(
        id=layer.id,
        layer_id=layer.id,
        relation=admin_unit.outerjoin(parent, parent.c.id == admin_unit.c.parent_id),
        where=(),
        key=admin_unit.c.key,
        find=lambda key: (admin_unit.c.key == key,),
        order=((admin_unit.c.id, int),),
        geom=admin_unit.c.geom,
        filter_geom=admin_unit.c.geom,
        properties=_mapping(properties),
        time=TimeAxis(admin_unit.c.valid_from, admin_unit.c.valid_to, "date"),
    )


def _unit_map_source(layer: Layer) -> Source:
    """Small features for maps: generalised border, and only what drawing and joining need."""
    full = _unit_source(layer)
    unit = admin_unit.c
    properties = [
        Property("uid", "integer", unit.id, _titles("Số hiệu phiên bản", "Version number")),
        full.properties["key"],
        *(full.properties[name] for name in ("code", "level", "type_vi", "name")),
        full.properties["parent_key"],
        full.properties["province_code"],
        Property("people", "integer", unit.population, _titles("Dân số", "Population"), "người"),
        full.properties["area_km2"],
        *(full.properties[name] for name in ("valid_from", "valid_to")),
        Property("label_x", "number", func.round(cast(func.ST_X(unit.label_point), Numeric), 5),
                 _titles("Kinh độ nhãn", "Label longitude"), "°"),
        Property("label_y", "number", func.round(cast(func.ST_Y(unit.label_point), Numeric), 5),
                 _titles("Vĩ độ nhãn", "Label latitude"), "°"),
    ]  # fmt: skip
    return Source(
        id=MAP_COLLECTION,
        layer_id=layer.id,
        relation=full.relation,
        where=(),
        key=full.key,
        find=full.find,
        order=full.order,
        geom=func.coalesce(unit.geom_map, unit.geom),
        filter_geom=unit.geom,
        properties=_mapping(properties),
        time=full.time,
        decimals=5,
    )


def _figures_and_plans() -> Subquery:
    """Figures, and every version of every plan; ``mark`` tells the versions of a plan apart.

    No branch has a condition of its own: so PostgreSQL reads both along their keys and a page costs what a page holds.
    """
    value, plan = indicator_value.c, indicator_plan.c
    figures = select(
        value.series_id, value.period, value.state, value.state.label("mark"), value.value, value.units,
        cast(null(), Date).label("issued_on"), cast(null(), Text).label("document"),
    )  # fmt: skip
    plans = select(
        plan.series_id, plan.year, literal("plan", Text), literal("plan@", Text) + cast(plan.issued_on, Text),
        plan.value, cast(null(), Integer), plan.issued_on, plan.document,
    )  # fmt: skip
    return union_all(figures, plans).subquery("figure")


def _indicator_source(layer: Layer) -> Source:
    """One feature per value, at the label point of its unit. Its key is unit key, indicator, period, state.

    The state of a plan goes on with the day it was issued: ``plan@2026-07-15``.
    """
    figures = _figures_and_plans()
    value, unit = figures.c, admin_unit.c
    period_end = cast(
        value.period + case((value.state == "plan", text("interval '1 year'")), else_=text("interval '1 month'")), Date
    )
    properties = [
        Property("unit_key", "text", series.c.feature_key, _titles("Khóa đơn vị", "Unit key")),
        Property("unit_code", "text", unit.code, _titles("Mã đơn vị", "Unit code")),
        Property("unit_level", "text", unit.level, _titles("Cấp", "Level"),
                 codes=("province", "district", "commune")),
        Property("unit_name", "text", func.core.unit_name(unit.type_vi, unit.name), _titles("Tên đơn vị", "Unit name")),
        Property("indicator", "text", series.c.parameter, _titles("Chỉ tiêu", "Indicator"),
                 codes=tuple(i.code for i in layer.indicators.indicators) if layer.indicators else ()),
        Property("period", "date", value.period, _titles("Kỳ (ngày đầu)", "Period (first day)")),
        Property("value", "number", value.value, _titles("Giá trị", "Value")),
        Property("state", "text", value.state, _titles("Tình trạng", "State"),
                 codes=("estimate", "preliminary", "official", "plan")),
        Property("issued_on", "date", value.issued_on, _titles("Ngày giao kế hoạch", "Plan issued on")),
        Property("document", "text", value.document, _titles("Văn bản giao", "Document of the plan")),
    ]  # fmt: skip

    def find(key: str) -> tuple[ColumnElement[bool], ...]:
        parts = key.rsplit(".", 3)
        try:
            unit_key, parameter, period, mark = parts
            day = date.fromisoformat(period)
        except ValueError:
            return (false(),)
        return (
            series.c.feature_key == unit_key,
            series.c.parameter == parameter,
            value.period == day,
            value.mark == mark,
        )

    return Source(
        id=layer.id,
        layer_id=layer.id,
        relation=figures.join(series, series.c.id == value.series_id).join(admin_unit, unit.id == series.c.unit_id),
        where=(
            series.c.layer_id == layer.id,
            # What rests on too few reporting units would disclose one of them.
            or_(value.units.is_(None), value.units >= indicator_settings().small_cell),
        ),
        key=func.concat_ws(".", series.c.feature_key, series.c.parameter, cast(value.period, Text), value.mark),
        find=find,
        order=((value.series_id, int), (value.period, date.fromisoformat), (value.mark, str)),
        geom=unit.label_point,
        filter_geom=unit.label_point,
        properties=_mapping(properties),
        time=TimeAxis(value.period, period_end, "date"),
    )


@cache
def sources() -> Mapping[str, Source]:
    """All feature collections of the public feed by id."""
    found: dict[str, Source] = {}
    for layer in registry().values():
        if layer.access != "public":
            continue
        if layer.kind == "feature":
            found[layer.id] = _feature_source(layer)
        elif layer.kind == "admin_unit":
            found[layer.id] = _unit_source(layer)
            found[MAP_COLLECTION] = _unit_map_source(layer)
        elif layer.kind == "indicator":
            found[layer.id] = _indicator_source(layer)
    return MappingProxyType(found)
