"""Themes of the map: everything one map of numbers can show, derived from the layer definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Literal

from layers.model import Code, Indicator, Layer, Parameter, Text
from layers.registry import registry

type ThemeKind = Literal["indicator", "zonal", "station"]
type StepName = Literal["hour", "day", "month", "year"]

DEFAULT_THEME = "air_observation.pm25"


@dataclass(frozen=True)
class Theme:
    """One number over space and time: an indicator or a grid by unit, or a parameter at stations."""

    id: str
    kind: ThemeKind
    layer: Layer
    title: Text
    unit: Text
    decimals: int
    group: Text
    step: StepName
    indicator: Indicator | None = None
    parameter: Parameter | None = None


def _indicator_themes(layer: Layer) -> list[Theme]:
    assert layer.indicators is not None
    groups: dict[str, Code] = {group.value: group for group in layer.indicators.groups}
    return [
        Theme(
            f"{layer.id}.{item.code}", "indicator", layer, item.title, item.unit, item.decimals,
            groups[item.group].title, "month", indicator=item,
        )
        for item in layer.indicators.indicators
    ]  # fmt: skip


def _station_themes(layer: Layer) -> list[Theme]:
    assert layer.series is not None
    return [
        Theme(
            f"{layer.id}.{item.name}", "station", layer, item.title, Text(vi=item.unit or " ", en=item.unit or " "),
            item.decimals, layer.title, "hour", parameter=item,
        )
        for item in layer.series.parameters
    ]  # fmt: skip


def _grid_theme(layer: Layer) -> Theme:
    assert layer.grid is not None
    unit = layer.grid.unit.replace("/ô", "") if layer.grid.zonal == "sum" else layer.grid.unit
    shown = Text(vi=unit, en={"người": "people"}.get(unit, unit))
    step: StepName = "day" if layer.grid.time == "day" else "year"
    return Theme(
        layer.id, "zonal", layer, layer.grid.title, shown, 0 if step == "year" else 1, layer.overlay.group, step
    )


@cache
def themes() -> Mapping[str, Theme]:
    """All themes by id: stations first, then indicators by group, then grids."""
    found: list[Theme] = []
    for layer in sorted(registry().values(), key=lambda layer: (layer.kind != "observation", layer.overlay.order)):
        if layer.kind == "observation":
            found += _station_themes(layer)
        elif layer.kind == "indicator":
            found += _indicator_themes(layer)
        elif layer.kind == "grid":
            found.append(_grid_theme(layer))
    return {theme.id: theme for theme in map(partial(_told_apart, found), found)}


def _told_apart(found: list[Theme], theme: Theme) -> Theme:
    # An indicator and a grid may have the same name; the grid says that it is one.
    titles = [other.title for other in found]
    if theme.kind != "zonal" or not any(other is not theme.title and other.vi == theme.title.vi for other in titles):
        return theme
    return replace(theme, title=Text(vi=f"{theme.title.vi} theo lưới", en=f"{theme.title.en}, gridded"))


def get_theme(theme_id: object) -> Theme | None:
    """The theme of that id; None when there is none."""
    return themes().get(theme_id) if isinstance(theme_id, str) else None
