"""Statements that live in ``sql/*.sql``, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sql(name: str) -> str:
    """Text of ``sql/<name>.sql``."""
    return files("spatial.queries").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
