"""Writing a layer's definition from the teaching copy, and from what a file says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS

from layers.model import IDENTIFIER, Geometry, GeometryType, Overlay, Source, Text
from layers.registry import DEFINITIONS, definitions_folder, read_definitions, registry
from spatial.errors import LayerRefused
from spatial.layer_guess import Guess, guess
from spatial.layer_source import call, columns_source, fill_template, literal, text

TEMPLATE = DEFINITIONS / "_template.py"
UNKNOWN_AGENCY = Text(vi="Cần điền: cơ quan cung cấp", en="To fill in: agency that supplies the data")
CLUSTER_FROM = 300  # rows from which points are drawn as clusters


@dataclass(frozen=True)
class Wish:
    """What the author asked for."""

    id: str
    kind: Literal["feature", "record"] | None = None
    geometry: GeometryType | None = None
    title: Text | None = None
    agency: Text | None = None
    access: Literal["public", "internal"] = "public"
    parent: str | None = None
    file: Path | None = None
    crs: int | None = None
    key: tuple[str, ...] = ()
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Written:
    """Files that were written, and what the author should look at."""

    definition: Path
    remarks: tuple[str, ...]


def check_id(layer_id: str) -> None:
    """:raises LayerRefused: when the id cannot be a file, a table and an address, or is taken."""
    if not IDENTIFIER.fullmatch(layer_id) or len(layer_id) > 40:
        raise LayerRefused(
            f"{layer_id!r} cannot be a layer id: use lower-case letters without accents, digits and _, "
            "beginning with a letter, at most 40 characters."
        )
    if layer_id in RESERVED_WORDS or layer_id.endswith("_private"):
        raise LayerRefused(f"{layer_id!r} means something else in the database; choose another id.")
    if layer_id in registry():
        raise LayerRefused(f"There is a layer {layer_id!r} already; see `geoioc layers show {layer_id}`.")
    owner = next((layer.id for layer in registry().values() if layer.table == layer_id), None)
    if owner is not None:
        raise LayerRefused(f"Table {layer_id!r} belongs to layer {owner!r} already; choose another id.")


def write_definition(wish: Wish) -> Written:
    """Write ``<id>.py`` into the folder of definitions; nothing is left behind when it does not load.

    :raises LayerRefused: when the wish cannot be met; the sentence says what to add.
    """
    check_id(wish.id)
    found = None
    if wish.file is not None:
        found = guess(wish.file, layer_id=wish.id, crs=wish.crs, key=wish.key, encoding=wish.encoding)
    source = fill_template(TEMPLATE.read_text("utf-8"), _parts(wish, found), docstring=_docstring(wish))
    path = definitions_folder() / f"{wish.id}.py"
    try:
        path.write_text(source, "utf-8")
    except OSError as error:
        raise LayerRefused(f"{path} cannot be written: {error.strerror}.") from None
    try:
        read_definitions(path.parent)
    except ValueError as error:
        path.unlink()
        raise LayerRefused(f"The definition would not be valid: {error}") from None
    return Written(path, found.remarks if found else ())


def _docstring(wish: Wish) -> str:
    origin = f"; columns proposed from {wish.file.name}" if wish.file else ""
    title = wish.title.en if wish.title else wish.id.replace("_", " ").capitalize()
    return f'"""{title}{origin}."""'.replace("\\", "")


def _parts(wish: Wish, found: Guess | None) -> dict[str, str | None]:
    """Keyword of ``Layer`` -> its source text; None takes the keyword out."""
    kind, geometry = _kind(wish, found)
    title = wish.title or Text(vi=f"Cần điền: tên của {wish.id}", en=f"To fill in: title of {wish.id}")
    parts: dict[str, str | None] = {
        "id": literal(wish.id),
        "title": text(title),
        "description": text(Text(vi="Cần điền: mỗi dòng là gì.", en="To fill in: what one row is.")),
        "agency": text(wish.agency or UNKNOWN_AGENCY),
        "update_cycle": text(Text(vi="cần điền: chu kỳ", en="to fill in: how often")),
        "access": literal(wish.access),
        "kind": literal(kind),
        "table": literal(wish.id),
        "geometry": call("Geometry", geometry) if geometry else None,
        "source": call("Source", found.source if found else _source(wish.id, geometry)),
    }
    if kind == "record":
        parts["kind"] = f"{literal(kind)},\n    parent={literal(wish.parent or '')}"
    if found:
        parts["columns"] = columns_source(found.columns)
    parts["overlay"] = call("Overlay", _overlay(geometry, found))
    return parts


def _source(layer_id: str, geometry: Geometry | None) -> Source:
    if geometry is not None and geometry.type != "Point":
        return Source(reader="vector", pattern=f"{layer_id}*.gpkg")
    return Source(pattern=f"{layer_id}*.csv")


def _kind(wish: Wish, found: Guess | None) -> tuple[Literal["feature", "record"], Geometry | None]:
    geometry = found.geometry if found else None
    if wish.kind == "record" or (wish.kind is None and found and geometry is None):
        if wish.parent is None:
            said = "A record layer" if wish.kind else f"{wish.file and wish.file.name} has no position of its own; it"
            raise LayerRefused(
                f"{said} needs the layer its rows belong to: --kind record --parent LAYER. "
                "A file with coordinates names them lon and lat, x and y, or wkt."
            )
        if wish.parent not in registry():
            raise LayerRefused(f"There is no layer {wish.parent!r} to be the parent.")
        return "record", None
    if geometry is None:
        if found:
            raise LayerRefused("A feature layer needs coordinates: columns lon and lat, x and y, or wkt.")
        points = wish.geometry in (None, "Point")
        geometry = Geometry(
            type=wish.geometry or "Point",
            x=("lon", "Kinh độ") if points else (),
            y=("lat", "Vĩ độ") if points else (),
            crs=wish.crs or 4326,
        )
    if wish.geometry is not None and wish.geometry != geometry.type:
        raise LayerRefused(f"The file holds {geometry.type}, not {wish.geometry}.")
    return "feature", geometry


def _overlay(geometry: Geometry | None, found: Guess | None) -> Overlay:
    group = Text(vi="Khác", en="Other")
    label = found.label if found else "name"
    if geometry is None:
        return Overlay(kind="none", group=group)
    if geometry.type == "Point":
        many = found is not None and found.rows >= CLUSTER_FROM
        return Overlay(
            kind="clusters" if many else "points", group=group, label=label, style_by=None if found else "state"
        )
    return Overlay(kind="tiles", group=group, label=label, min_zoom=10)
