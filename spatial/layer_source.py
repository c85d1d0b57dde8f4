"""Source text of a layer definition: the teaching copy with parts replaced by values."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

import layers.model
from layers.model import Column, Text

WIDTH = 120


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


def literal(value: object) -> str:
    """The value as Python source in the house style: double quotes, defaults left out."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, tuple):
        inner = ", ".join(literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, Text):
        return text(value)
    if isinstance(value, layers.model.Frozen):
        return call(type(value).__name__, value)
    return repr(value)


def text(pair: Text) -> str:
    return f"Text(vi={literal(pair.vi)}, en={literal(pair.en)})"


def call(name: str, model: layers.model.Frozen) -> str:
    fields = type(model).model_fields
    given = [
        f"{field}={literal(getattr(model, field))}"
        for field in fields
        if field != "kind" or name == "Overlay"
        if getattr(model, field) != fields[field].default or fields[field].is_required()
    ]
    return f"{name}({', '.join(given)})"


def columns_source(columns: Sequence[Column]) -> str:
    lines = []
    for column in columns:
        first = [f"name={literal(column.name)}", f"type={literal(column.type)}"]
        first += [f"{flag}=True" for flag in ("key", "private") if getattr(column, flag)]
        first += [f"checks={literal(column.checks)}"] if column.checks else []
        second = [f"title={text(column.title)}"]
        second += [f"source={literal(column.source)}"] if column.source else []
        whole = f"        Column({', '.join(first + second)}),"
        if len(whole) > WIDTH:
            whole = f"        Column({', '.join(first)},\n               {', '.join(second)}),"
        lines.append(whole)
    return "(\n" + "\n".join(lines) + "\n    )"
