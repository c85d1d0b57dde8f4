"""The search box: units, stations and facilities by name, without regard to case or diacritics."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from spatial.admin_units import fold, fold_query
from spatial.queries.statements import Row, select_rows

WORDS = 6  # of a query that count
_LIKE_SPECIAL = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


def find_places(conn: Connection, *, query: str, as_of: date, limit: int) -> list[Row]:
    """Units first (today's before former ones), then everything else with a name; each word must occur.

    «nam dinh», «NAM ĐỊNH», decomposed letters and «TP. Nam Định» find the same units, a name that is all of the query
    before one that begins so, and provinces before communes.
    """
    folded = fold(query)
    if not folded:
        return []
    name, whole = fold_query(query)
    in_units, in_entries = _patterns("u", whole), _patterns("e", folded)
    units = " AND ".join(f"unit.name_fold LIKE :{pattern}" for pattern in in_units)
    entries = " AND ".join(f"entry.fold LIKE :{pattern}" for pattern in in_entries)
    statement = f"""
        SELECT * FROM (
            SELECT 'admin_unit' AS layer_id, unit.key, core.unit_name(unit.type_vi, unit.name) AS title, unit.level,
                   core.unit_name(parent.type_vi, parent.name) AS part_of, unit.valid_to,
                   ST_X(unit.label_point) AS lon, ST_Y(unit.label_point) AS lat,
                   CASE WHEN unit.valid_to IS NULL OR unit.valid_to > :as_of THEN 0 ELSE 1 END AS rank,
                   CASE WHEN unit.name_fold = :whole OR core.vn_fold(unit.name) = :name THEN 0
                        WHEN starts_with(core.vn_fold(unit.name), :name) THEN 1 ELSE 2 END AS nearness,
                   unit.name_fold = :whole AS literal,
                   array_position(ARRAY['province', 'district', 'commune'], unit.level) AS size,
                   unit.name_fold AS sorted
            FROM core.admin_unit unit LEFT JOIN core.admin_unit parent ON parent.id = unit.parent_id
            WHERE {units}
            UNION ALL
            SELECT entry.layer_id, entry.key, entry.title, NULL, NULL, NULL, ST_X(entry.point), ST_Y(entry.point), 2,
                   CASE WHEN starts_with(entry.fold, :folded) THEN 1 ELSE 2 END, false, 4, entry.fold
            FROM derived.search_entry entry WHERE entry.layer_id <> 'admin_unit' AND {entries}
        ) AS found ORDER BY nearness = 0 DESC, literal DESC, rank, nearness, size, sorted LIMIT :limit
    """  # noqa: S608
    return select_rows(
        conn, statement, **in_units, **in_entries, as_of=as_of, limit=limit, name=name, whole=whole, folded=folded
    )


def _patterns(prefix: str, words: str) -> dict[str, str]:
    return {f"{prefix}{n}": f"%{word.translate(_LIKE_SPECIAL)}%" for n, word in enumerate(words.split()[:WORDS])}
