"""The search box: units, stations and facilities by name, without regard to case or diacritics."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

type Row = dict[str, Any]

_LIKE_SPECIAL = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


def fold(value: str) -> str:
    """Lower case without diacritics, as core.vn_fold does: «Nam Định» in NFC or NFD -> «nam dinh»."""
    plain = unicodedata.normalize("NFD", value.lower()).replace("đ", "d")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def find_places(conn: Connection, *, query: str, as_of: date, limit: int) -> list[Row]:
    """Units first (today's before former ones), then everything else with a name; each word must occur."""
    words = [word.translate(_LIKE_SPECIAL) for word in fold(query).split()][:6]
    if not words:
        return []
    patterns = {f"w{number}": f"%{word}%" for number, word in enumerate(words)}
    units = " AND ".join(f"unit.name_fold LIKE :{name}" for name in patterns)
    entries = " AND ".join(f"entry.fold LIKE :{name}" for name in patterns)
    statement = f"""
        SELECT * FROM (
            SELECT 'admin_unit' AS layer_id, unit.key, core.unit_name(unit.type_vi, unit.name) AS title, unit.level,
                   core.unit_name(parent.type_vi, parent.name) AS part_of, unit.valid_to,
                   ST_X(unit.label_point) AS lon, ST_Y(unit.label_point) AS lat,
                   CASE WHEN unit.valid_to IS NULL OR unit.valid_to > :as_of THEN 0 ELSE 1 END AS rank,
                   CASE WHEN core.vn_fold(unit.name) = :whole THEN 0 WHEN core.vn_fold(unit.name) LIKE :start THEN 1
                        ELSE 2 END AS nearness, unit.name_fold AS sorted
            FROM core.admin_unit unit LEFT JOIN core.admin_unit parent ON parent.id = unit.parent_id
            WHERE {units}
            UNION ALL
            SELECT entry.layer_id, entry.key, entry.title, NULL, NULL, NULL, ST_X(entry.point), ST_Y(entry.point), 2,
                   CASE WHEN entry.fold LIKE :start THEN 1 ELSE 2 END, entry.fold
            FROM derived.search_entry entry WHERE entry.layer_id <> 'admin_unit' AND {entries}
        ) AS found ORDER BY nearness = 0 DESC, rank, nearness, sorted LIMIT :limit
    """  # noqa: S608
    whole = " ".join(words)
    values = {**patterns, "as_of": as_of, "limit": limit, "whole": whole, "start": f"{whole}%"}
    return [dict(row) for row in conn.execute(text(statement), values).mappings()]
