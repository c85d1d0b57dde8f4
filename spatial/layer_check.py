"""What is wrong with the layer definitions, in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from layers.model import Layer, Text
from spatial.admin_units import fold

TO_FILL = re.compile(r"\b(cần điền|to fill in)\b", re.IGNORECASE)
WORD = re.compile(r"[a-z]{3,}")
# Words that Vietnamese and English share.
SHARED_WORDS = frozenset({"camera", "video", "internet", "radar", "email", "fax", "pin", "gps", "wifi"})


def text_findings(layers: Mapping[str, Layer]) -> list[str]:
    """Texts that are not filled in, or not translated."""
    found = []
    for layer in layers.values():
        for place, text in _texts(layer):
            if TO_FILL.search(text.vi) or TO_FILL.search(text.en):
                found.append(f"{layer.id}: {place} is to be filled in («{text.vi}»)")
            elif not _translated(text):
                found.append(f"{layer.id}: {place} is not translated («{text.vi}»)")
    return found


def _texts(layer: Layer) -> Iterator[tuple[str, Text]]:
    yield from (("title", layer.title), ("description", layer.description), ("agency", layer.agency))
    yield from (("update_cycle", layer.update_cycle), ("overlay.group", layer.overlay.group))
    for column in layer.columns:
        yield f"title of column {column.name}", column.title
        yield from ((f"title of code {code.value!r} of {column.name}", code.title) for code in column.codes)
    if layer.series:
        yield from ((f"title of parameter {p.name}", p.title) for p in layer.series.parameters)
    if layer.indicators:
        yield from ((f"title of indicator {i.code}", i.title) for i in layer.indicators.indicators)
        yield from ((f"title of group {g.value}", g.title) for g in layer.indicators.groups)
    if layer.grid:
        yield "title of the grid", layer.grid.title


def _translated(text: Text) -> bool:
    if fold(text.vi) != fold(text.en):
        return True
    # Symbols and names without lower-case words (PM2.5, NO2, GRDP) are the same in both languages.
    words = set(WORD.findall(re.sub(r"\b\w*[A-Z0-9]\w*[A-Z0-9]\w*\b", "", text.vi).lower()))
    return words <= SHARED_WORDS and fold(text.vi) == text.vi.lower()


def difference_findings(differences: Iterable[Any]) -> list[str]:
    """Differences between definitions and database in words; indexes of a missing table go without saying."""
    found = list(differences)
    missing = {one[1].name for one in found if isinstance(one, tuple) and one[0] == "add_table"}
    told = [one for one in found if not (isinstance(one, tuple) and one[0] == "add_index" and _table(one) in missing)]
    return [sentence for difference in told for sentence in _difference(difference)]


def _table(difference: tuple[Any, ...]) -> str:
    return str(difference[1].table.name)


def _difference(difference: Any) -> Iterator[str]:
    if isinstance(difference, list):
        for one in difference:
            yield from _difference(one)
        return
    act, *rest = difference
    if act == "add_table":
        yield f"table {rest[0]} is missing in the database"
    elif act == "remove_table":
        yield f"table {rest[0]} is in the database, and no layer describes it"
    elif act == "add_column":
        yield f"column {rest[0]}.{rest[1]}.{rest[2].name} is missing in the database"
    elif act == "remove_column":
        yield f"column {rest[0]}.{rest[1]}.{rest[2].name} is in the database, and no layer describes it"
    elif act.startswith("modify_"):
        schema, table, column, _, old, new = rest[:6]
        yield f"column {schema}.{table}.{column}: {act.removeprefix('modify_')} is {old!r}, described as {new!r}"
    else:
        yield f"{act.replace('_', ' ')}: {getattr(rest[0], 'name', rest[0])}"


def exit_code(findings: Sequence[str]) -> int:
    """0 when nothing was found, else 1."""
    return 1 if findings else 0
