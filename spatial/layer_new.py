"""Writing a layer's definition from the teaching copy, and the migration that gives it a table."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS

import layers.model
from layers.model import IDENTIFIER, Column, Geometry, GeometryType, Overlay, Source, Text
from layers.registry import DEFINITIONS, definitions_folder, read_definitions, registry
from spatial.errors import LayerRefused
from spatial.layer_guess import Guess, guess
from spatial.migrations import runner

TEMPLATE = DEFINITIONS / "_template.py"
UNKNOWN_AGENCY = Text(vi="Cần điền: cơ quan cung cấp", en="To fill in: agency that supplies the data")
CLUSTER_FROM = 300  # rows from which points are drawn as clusters
WIDTH = 120


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
        "id": _literal(wish.id),
        "title": _text(title),
        "description": _text(Text(vi="Cần điền: mỗi dòng là gì.", en="To fill in: what one row is.")),
        "agency": _text(wish.agency or UNKNOWN_AGENCY),
        "update_cycle": _text(Text(vi="cần điền: chu kỳ", en="to fill in: how often")),
        "access": _literal(wish.access),
        "kind": _literal(kind),
        "table": _literal(wish.id),
        "geometry": _call("Geometry", geometry) if geometry else None,
        "source": _call("Source", found.source if found else _source(wish.id, geometry)),
    }
    if kind == "record":
        parts["kind"] = f"{_literal(kind)},\n    parent={_literal(wish.parent or '')}"
    if found:
        parts["columns"] = _columns(found.columns)
    parts["overlay"] = _call("Overlay", _overlay(geometry, found))
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


# ---------------------------------------------------------------- source text


def fill_template(template: str, parts: Mapping[str, str | None], *, docstring: str) -> str:
    """The template with some keywords of its ``Layer(...)`` replaced; comments around them stay."""
    tree = ast.parse(template)
    call = next(n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "Layer")
    data = template.encode()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    edits: list[tuple[int, int, str]] = []
    for keyword in call.keywords:
        name = keyword.arg
        if name is None or name not in parts:
            continue
        value, end_line = keyword.value, keyword.value.end_lineno or keyword.value.lineno
        begin = starts[value.lineno - 1] + value.col_offset
        end = starts[end_line - 1] + (value.end_col_offset or 0)
        text = parts[name]
        if text is None:
            edits.append((starts[keyword.lineno - 1], starts[end_line], ""))
        else:
            edits.append((begin, end, text))
    head = tree.body[0]
    edits.append((0, starts[head.end_lineno or 1], docstring + "\n"))
    for begin, end, text in sorted(edits, reverse=True):
        data = data[:begin] + text.encode() + data[end:]
    source = data.decode()
    if parts.get("geometry", "") is None:
        source = re.sub(r"^    # Tables without a geometry column.*\n", "", source, flags=re.MULTILINE)
    source = source.replace("  # = file name; also the id of the OGC collection", "")
    return _with_imports(source)


def _with_imports(source: str) -> str:
    used = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    names = sorted(name for name in used if name[0].isupper() and name != "LAYER" and hasattr(layers.model, name))
    return re.sub(r"^from layers\.model import .*$", f"from layers.model import {', '.join(names)}", source, flags=re.M)


def _literal(value: object) -> str:
    """The value as Python source in the house style: double quotes, defaults left out."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, tuple):
        inner = ", ".join(_literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, Text):
        return _text(value)
    if isinstance(value, layers.model.Frozen):
        return _call(type(value).__name__, value)
    return repr(value)


def _text(text: Text) -> str:
    return f"Text(vi={_literal(text.vi)}, en={_literal(text.en)})"


def _call(name: str, model: layers.model.Frozen) -> str:
    fields = type(model).model_fields
    given = [
        f"{field}={_literal(getattr(model, field))}"
        for field in fields
        if field != "kind" or name == "Overlay"
        if getattr(model, field) != fields[field].default or fields[field].is_required()
    ]
    return f"{name}({', '.join(given)})"


def _columns(columns: Sequence[Column]) -> str:
    lines = []
    for column in columns:
        first = [f"name={_literal(column.name)}", f"type={_literal(column.type)}"]
        first += [f"{flag}=True" for flag in ("key", "private") if getattr(column, flag)]
        first += [f"checks={_literal(column.checks)}"] if column.checks else []
        second = [f"title={_text(column.title)}"]
        second += [f"source={_literal(column.source)}"] if column.source else []
        whole = f"        Column({', '.join(first + second)}),"
        if len(whole) > WIDTH:
            whole = f"        Column({', '.join(first)},\n               {', '.join(second)}),"
        lines.append(whole)
    return "(\n" + "\n".join(lines) + "\n    )"


# ---------------------------------------------------------------- migration


def revise(connection: Connection, layer_id: str) -> Path | None:
    """Write the migration that makes the layer's tables equal to its definition; None when they are equal.

    A migration of the same layer that is written but not applied is written again, with the same number.

    :raises LayerRefused: when the database is not at head, or other tables differ as well.
    """
    if layer_id not in registry():
        raise LayerRefused(f"There is no layer {layer_id!r}; see `geoioc layers list`.")
    layer = registry()[layer_id]
    if layer.kind not in ("feature", "record"):
        raise LayerRefused(f"Layer {layer_id!r} is a {layer.kind} layer: it has no table of its own to migrate.")
    _drop_unapplied(connection, layer_id)
    require_head(connection)
    tables = {table_of(difference) for difference in runner.differences(connection)}
    if not tables:
        return None
    foreign = sorted(tables - {layer.table, f"{layer.table}_private"})
    if foreign:
        raise LayerRefused(
            f"Other tables differ from their definitions too ({', '.join(foreign)}); "
            "`geoioc layers check` says how, `geoioc layers revise` writes their migrations."
        )
    number = max((int(name) for name in runner.revisions() if name.isdigit()), default=0) + 1
    with redirect_stdout(StringIO()):  # Alembic tells where it writes; so do we
        path = runner.write_revision(connection, f"layer {layer_id}", f"{number:04d}")
    remarks = re.compile(r"^ *# ### .* ###\n", re.MULTILINE)
    source = remarks.sub("", path.read_text("utf-8"))
    path.write_text(source.replace(f'"""layer {layer_id}"""', f'"""Table of layer {layer_id}, from its definition."""'))
    tidy(path)
    return path


def require_head(connection: Connection) -> None:
    """:raises LayerRefused: when migrations wait to be applied; a new one can only be written after them."""
    current, head = runner.current(connection), runner.head()
    if current != head:
        raise LayerRefused(
            f"The database is at migration {current or 'none'}, the newest is {head}: "
            "run `geoioc db migrate` first, then repeat."
        )


def _drop_unapplied(connection: Connection, layer_id: str) -> None:
    script = runner.head_script()
    if script is None or not script.path.endswith(f"_layer_{layer_id}.py"):
        return
    if runner.current(connection) == script.down_revision:
        Path(script.path).unlink()


def table_of(difference: object) -> str:
    """The table a difference of Alembic's autogenerate speaks of."""
    if isinstance(difference, list):
        return table_of(difference[0])
    assert isinstance(difference, tuple)
    for part in difference[1:]:
        table = getattr(part, "table", None)
        if table is not None:
            return str(table.name)
    if difference[0] in ("add_table", "remove_table"):
        return str(difference[1].name)
    return str(difference[2])


def revise_in_new_process(layer_id: str) -> str:
    """Run ``revise`` where the new definition is seen: tables are built once, when a process starts.

    :raises LayerRefused: with the sentence of the other process.
    """
    command = [sys.executable, "-P", "-c", "from spatial.cli import main; main()", "layers", "revise", layer_id]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LayerRefused(done.stderr.strip().removeprefix("geoioc: ") or done.stdout.strip())
    return done.stdout.strip()


def tidy(path: Path) -> None:
    """Format a written file with ruff, where ruff is installed (it is a tool of developers)."""
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if ruff is None:
        return
    subprocess.run([ruff, "check", "--fix", "--quiet", "--select", "F401,I", str(path)], check=False)
    subprocess.run([ruff, "format", "--quiet", str(path)], check=False)
