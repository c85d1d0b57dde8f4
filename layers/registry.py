"""Finds ``definitions/*.py``; a file whose name starts with an underscore is not a layer."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

import layers.definitions
from layers.indices import INDICES
from layers.model import Layer

# What a slip of the author raises when the file is imported.
MISTAKES = (ValueError, TypeError, NameError, AttributeError, ImportError, SyntaxError)


class LayerError(ValueError):
    """A layer definition is wrong, or a layer is unknown."""


def read_definitions(folder: Path) -> Mapping[str, Layer]:
    """Read every definition in a folder.

    :raises LayerError: when a file has no ``LAYER``, or its name is not the layer's id.
    """
    found: dict[str, Layer] = {}
    for path in sorted(folder.glob("[!_]*.py")):
        spec = importlib.util.spec_from_file_location(f"layers.definitions.{path.stem}", path)
        if spec is None or spec.loader is None:
            raise LayerError(f"definition {path.name} is not a Python module")
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except MISTAKES as error:
            raise LayerError(f"definition {path.name} does not load: {_sentence(error)}") from error
        layer = getattr(module, "LAYER", None)
        if not isinstance(layer, Layer):
            raise LayerError(f"definition {path.name} has no LAYER")
        if layer.id != path.stem:
            raise LayerError(f"definition {path.name} describes layer {layer.id!r}: name the file as the layer's id")
        found[layer.id] = layer
    _check_references(found)
    return MappingProxyType(found)


def _sentence(error: Exception) -> str:
    """The first thing that is wrong, without pydantic's links."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{error.title}{'.' + place if place else ''}: {first['msg']}"
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {error.msg}"
    return str(error)


def _check_indices(layer: Layer) -> None:
    if layer.series is None:
        return
    measured = {parameter.name for parameter in layer.series.parameters}
    for index_id in layer.series.indices:
        if index_id not in INDICES:
            raise LayerError(f"layer {layer.id!r} names index {index_id!r}; there are: {', '.join(INDICES)}")
        if not measured.intersection(INDICES[index_id].parameters):
            raise LayerError(f"layer {layer.id!r} measures nothing that {index_id} is made of")


def _check_references(found: Mapping[str, Layer]) -> None:
    tables: dict[str, str] = {}
    for layer in found.values():
        for reference in (layer.parent, layer.series.station_layer if layer.series else None):
            if reference is not None and reference not in found:
                raise LayerError(f"layer {layer.id!r} refers to {reference!r}, which does not exist")
        _check_indices(layer)
        if layer.table is not None:
            if layer.table in tables:
                raise LayerError(f"layers {tables[layer.table]!r} and {layer.id!r} share table {layer.table!r}")
            tables[layer.table] = layer.id


@cache
def registry() -> Mapping[str, Layer]:
    """All layers by id, read once for the life of the process.

    GEOIOC_LAYERS names another folder of definitions: a province that keeps its own set, or a test.
    """
    return read_definitions(definitions_folder())


def definitions_folder() -> Path:
    """The folder the layers are read from."""
    return Path(os.environ.get("GEOIOC_LAYERS", DEFINITIONS))


def get_layer(layer_id: str) -> Layer:
    """One layer.

    :raises LayerError: naming the nearest ids when there is no such layer.
    """
    try:
        return registry()[layer_id]
    except KeyError:
        known = ", ".join(sorted(registry()))
        raise LayerError(f"there is no layer {layer_id!r}; the layers are: {known}") from None


DEFINITIONS = Path(next(iter(layers.definitions.__path__)))
