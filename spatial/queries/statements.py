"""Statements that live in ``sql/*.sql``, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, text

type Row = dict[str, Any]


@cache
def sql(name: str) -> str:
    """Text of ``sql/<name>.sql``."""
    return files("spatial.queries").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def select_rows(conn: Connection, statement: str, **values: object) -> list[Row]:
    """Rows of a statement as dictionaries."""
    return [dict(row) for row in conn.execute(text(statement), values).mappings()]
