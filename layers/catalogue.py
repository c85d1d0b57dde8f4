"""Reads the catalogue of indicators: a table of its own, so that a province can replace it without touching code."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from layers.domains import DOMAINS
from layers.model import Code, Indicator, Text

FOLDER = Path(__file__).parent / "catalogues"
INDICATORS = "indicators.csv"
GROUPS = "indicator_groups.csv"
SETTING = "GEOIOC_INDICATORS"
_TEXTS = ("title", "unit", "formula")
_FLAGS = {"yes": True, "no": False, "": False, "có": True, "không": False}
_REQUIRED = ("code", "domain", "group", "title_vi", "title_en", "unit_vi", "unit_en", "agency", "direction", "how")
_OPTIONAL = (
    "formula_vi", "formula_en", "period", "year_from", "levels", "across", "cumulative", "decimals", "seasonal",
    "legal_basis", "computed", "confidence",
)  # fmt: skip


class CatalogueError(ValueError):
    """The catalogue says something that cannot be; the message names file and line."""


@dataclass(frozen=True)
class Catalogue:
    """Groups in their order, indicators in theirs."""

    groups: tuple[Code, ...]
    indicators: tuple[Indicator, ...]


def catalogue_file() -> Path:
    """The file indicators are read from: what GEOIOC_INDICATORS names, else the one of the platform."""
    return Path(os.environ.get(SETTING) or FOLDER / INDICATORS)


def read_catalogue(path: Path | None = None) -> Catalogue:
    """Read and check the catalogue.

    :raises CatalogueError: naming file and line, for the first thing that is wrong.
    """
    path = path or catalogue_file()
    beside = path.parent / GROUPS
    groups = _read_groups(beside if beside.is_file() else FOLDER / GROUPS)
    known = {group.value for group in groups}
    found: dict[str, Indicator] = {}
    for line, row in _rows(path, _REQUIRED, _OPTIONAL):
        item = _indicator(path, line, row)
        if item.code in found:
            raise CatalogueError(f"{path.name}, line {line}: code {item.code!r} is there twice")
        if item.group not in known:
            raise CatalogueError(f"{path.name}, line {line}: there is no group {item.group!r} in {GROUPS}")
        if item.domain not in DOMAINS:
            raise CatalogueError(f"{path.name}, line {line}: no domain {item.domain!r}; there are {', '.join(DOMAINS)}")
        found[item.code] = item
    if not found:
        raise CatalogueError(f"{path.name} has no indicators")
    return Catalogue(groups, tuple(found.values()))


def _read_groups(path: Path) -> tuple[Code, ...]:
    found: dict[str, Code] = {}
    for line, row in _rows(path, ("code", "title_vi", "title_en"), ("number", "source")):
        if row["code"] in found:
            raise CatalogueError(f"{path.name}, line {line}: group {row['code']!r} is there twice")
        try:
            found[row["code"]] = Code(value=row["code"], title=Text(vi=row["title_vi"], en=row["title_en"]))
        except ValidationError as error:
            raise CatalogueError(f"{path.name}, line {line}: {_first(error)}") from error
    return tuple(found.values())


def _rows(path: Path, required: tuple[str, ...], optional: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Line number in the file and cells of each row, blanks trimmed."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.DictReader(source)
            headers = list(reader.fieldnames or ())
            for name in required:
                if name not in headers:
                    raise CatalogueError(f"{path.name}, line 1: column {name!r} is missing")
            for name in headers:
                if name not in (*required, *optional):
                    raise CatalogueError(f"{path.name}, line 1: column {name!r} is not known")
            for row in reader:
                if None in row or None in row.values():
                    raise CatalogueError(f"{path.name}, line {reader.line_num}: {len(headers)} columns are expected")
                yield reader.line_num, {name: cell.strip() for name, cell in row.items()}
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name} cannot be read: {error}") from error


def _indicator(path: Path, line: int, row: Mapping[str, str]) -> Indicator:
    values: dict[str, object] = {name: cell for name, cell in row.items() if cell and not name.endswith(("_vi", "_en"))}
    try:
        for name in _TEXTS:
            vi, en = row.get(f"{name}_vi", ""), row.get(f"{name}_en", "")
            if vi or en or name != "formula":
                values[name] = Text(vi=vi, en=en)
        for name in ("cumulative", "seasonal", "computed"):
            if name in values:
                values[name] = _FLAGS[str(values[name]).lower()]
        for name in ("decimals", "year_from"):
            if name in values:
                values[name] = int(str(values[name]))
        if "levels" in values:
            values["levels"] = tuple(str(values["levels"]).split())
        return Indicator.model_validate(values)
    except ValidationError as error:
        raise CatalogueError(f"{path.name}, line {line}: {_first(error)}") from error
    except KeyError as error:
        raise CatalogueError(f"{path.name}, line {line}: {error} is neither yes nor no") from error
    except ValueError as error:
        raise CatalogueError(f"{path.name}, line {line}: {error}") from error


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place + ': ' if place else ''}{first['msg']}"
