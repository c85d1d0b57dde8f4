"""Themes of the map: everything one map of numbers can show, derived from the layer definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Literal

from layers.domains import DOMAINS
from layers.indices import INDICES, Index
from layers.model import Indicator, Layer, Parameter, Text
from layers.registry import registry

type ThemeKind = Literal["indicator", "zonal", "station", "index"]
type StepName = Literal["hour", "day", "month", "year"]

DEFAULT_THEME = "air_observation.vn_aqi_hour"
DEFAULT_PARAMETER = "air_observation.pm25"  # of charts, while the map shows no parameter


@dataclass(frozen=True)
class Theme:
    """One number over space and time: an indicator or a grid by unit, a parameter or an index at stations."""

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
    index: Index | None = None

    @property
    def mapped(self) -> bool:
        """Whether the map can show it: indicators need figures below the province, month by month."""
        item = self.indicator
        return item is None or (item.period == "month" and any(level != "province" for level in item.levels))

    @property
    def at_stations(self) -> bool:
        """Whether it is drawn as badges."""
        return self.kind in ("station", "index")

    @property
    def has_surface(self) -> bool:
        """Whether the space between the stations can be filled."""
        series = self.layer.series
        return series is not None and self.parameter is not None and self.parameter.name in series.surface

    @property
    def has_means(self) -> bool:
        """Whether it can be shown as means of units; of directions at several places it says nothing."""
        return self.parameter is not None and self.parameter.how != "vector_mean"


def _indicator_themes(layer: Layer) -> list[Theme]:
    assert layer.indicators is not None
    return [
        Theme(
            f"{layer.id}.{item.code}", "indicator", layer, item.title, item.unit, item.decimals,
            DOMAINS[item.domain].title, "month", indicator=item,
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


def _index_themes(layer: Layer) -> list[Theme]:
    assert layer.series is not None
    return [
        Theme(
            f"{layer.id}.{item.id}", "index", layer, item.title, Text(vi=" ", en=" "), 0, layer.title, item.period,
            index=item,
        )
        for item in (INDICES[name] for name in layer.series.indices)
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
    """All themes by id: stations first (indices before parameters), then indicators by domain, then grids."""
    found: list[Theme] = []
    for layer in sorted(registry().values(), key=lambda layer: (layer.kind != "observation", layer.overlay.order)):
        if layer.kind == "observation" and layer.overlay.kind != "none":
            found += [*_index_themes(layer), *_station_themes(layer)]
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


def parameter_theme(theme: Theme | None) -> Theme:
    """What a chart of a station shows: the parameter on the map, else the leading one of its layer, else PM2.5."""
    if theme is not None and theme.parameter is not None:
        return theme
    default = themes()[DEFAULT_PARAMETER]
    if theme is None or theme.index is None or theme.layer is default.layer:
        return default
    return next(other for other in themes().values() if other.layer is theme.layer and other.parameter is not None)


def bridge_theme(theme: Theme) -> dict[str, str | bool]:
    """What the bridge must know of a theme before its frames come; ``surface`` and ``means``: ways to show it."""
    return {"step": theme.step, "kind": theme.kind, "surface": theme.has_surface, "means": theme.has_means}
