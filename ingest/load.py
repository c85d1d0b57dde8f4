"""Staging and merging of tables: COPY into an unlogged table, then one statement per target."""
# ruff: noqa: S608 - identifiers come from layer definitions and run numbers alone; values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from psycopg import Connection as PsycopgConnection
from psycopg import sql
from sqlalchemy import Connection, text

from ingest.quarantine import copy_rows
from ingest.readers.base import Geometries
from layers.model import Layer
from spatial.queries.place import placement, placement_values
from spatial.schema.feature import private_table_name

PART_VERTICES = 128


def driver(connection: Connection) -> PsycopgConnection[Any]:
    """The psycopg connection below, for COPY; it is in the same transaction."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, PsycopgConnection)
    return raw


def hex_wkb(shapes: Geometries) -> pa.Array:
    """Geometries as hexadecimal EWKB with SRID 4326, the text form PostGIS reads."""
    texts = shapely.to_wkb(shapely.set_srid(shapes, 4326), hex=True, include_srid=True)
    return pa.array(texts, pa.string())


@dataclass(frozen=True)
class Counts:
    """What a merge did."""

    inserted: int
    updated: int
    unchanged: int


@dataclass
class Staging:
    """The unlogged table of one run. It lives and dies in the run's transaction.

    ``columns`` are the layer's columns the file has; a column the file lacks keeps its value in the target.
    """

    connection: Connection
    layer: Layer
    run_id: int
    columns: tuple[str, ...]
    geometry: bool

    def __post_init__(self) -> None:
        self.name = f"staging.load_{self.run_id}"
        self.target = f"{'core' if self.layer.kind == 'admin_unit' else 'layer'}.{self.layer.table}"
        private = {column.name for column in self.layer.private_columns}
        self.public = tuple(name for name in self.columns if name not in private)
        self.private = tuple(name for name in self.columns if name in private)
        self.rows = 0

    def create(self) -> None:
        """Make the table with the types of the target's columns."""
        fields = ["NULL::bigint AS id", "t.key", *(["t.geom"] if self.geometry else [])]
        if self.layer.kind == "admin_unit" and self.geometry:
            fields.append("t.label_point")
        fields += [f"t.{name}" for name in self.public] + [f"p.{name}" for name in self.private]
        source = f"{self.target} t"
        if self.private:
            source += f", layer.{private_table_name(self.layer)} p"
        self.connection.execute(
            text(f"CREATE UNLOGGED TABLE {self.name} AS SELECT {', '.join(fields)} FROM {source} WITH NO DATA")
        )

    def copy(self, table: pa.Table) -> None:
        """Append rows; the columns of ``table`` are named as in the staging table."""
        if table.num_rows == 0:
            return
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
            sql.Identifier(*self.name.split(".")), sql.SQL(", ").join(map(sql.Identifier, table.column_names))
        )
        copy_rows(driver(self.connection), statement.as_string(driver(self.connection)), table)
        self.rows += table.num_rows

    def drop(self) -> None:
        self.connection.execute(text(f"DROP TABLE {self.name}"))

    def merge(self) -> Counts:
        """Insert what is new, update what differs, leave the rest alone; private columns go to their own table."""
        self.connection.execute(text(f"ANALYZE {self.name}"))
        placed = self.geometry and self.layer.kind == "feature"
        result = self.connection.execute(
            text(self._merge_sql(placed)), {"run": self.run_id} | (placement_values() if placed else {})
        ).one()
        return Counts(result.inserted, result.updated, self.rows - result.inserted - result.updated)

    def update(self) -> Counts:
        """Change the given columns of rows that exist; the callers saw to it that all do."""
        counts = 0
        for target, names in ((self.target, self.public), (self._private_target(), self.private)):
            names = tuple(name for name in names if name not in {column.name for column in self.layer.key_columns})
            if not names:
                continue
            marks = ", run_id = :run, updated_at = now()" if target == self.target else ""
            result = self.connection.execute(
                text(
                    f"UPDATE {target} t SET {', '.join(f'{name} = s.{name}' for name in names)}{marks}"
                    f" FROM {self.name} s WHERE t.key = s.key AND"
                    f" ({_list('t', names)}) IS DISTINCT FROM ({_list('s', names)})"
                ),
                {"run": self.run_id} if marks else {},
            )
            counts = max(counts, result.rowcount)
        return Counts(0, counts, self.rows - counts)

    def _private_target(self) -> str:
        return f"layer.{private_table_name(self.layer)}"

    def _merge_sql(self, placed: bool) -> str:
        content: list[str] = [*self.public, *(["geom"] if self.geometry else [])]
        values = [f"s.{name}" for name in content]
        source = f"{self.name} s"
        if placed:
            names = ["unit_ids", "commune_code", "former_district_code"]
            content += names
            values += [f"placed.{name}" for name in names]
            source += f" JOIN ({placement(self.name)}) AS placed ON placed.id = s.id"
        derived: list[str] = []
        if self.layer.kind == "admin_unit":
            derived = ["name_fold", *(["label_point"] if self.geometry else [])]
            values += ["core.vn_fold(core.unit_name(s.type_vi, s.name))", *(["s.label_point"] if self.geometry else [])]
        main = _upsert(self.target, content, derived, values, source)
        if not self.private:
            return (
                f"WITH main AS ({main}) SELECT count(*) FILTER (WHERE fresh) AS inserted,"
                " count(*) FILTER (WHERE NOT fresh) AS updated FROM main"
            )
        private = _upsert_private(self._private_target(), self.private, self.name)
        return (
            f"WITH main AS ({main}), private AS ({private}), changed AS ("
            " SELECT key, bool_or(fresh) AS fresh FROM"
            " (SELECT key, fresh FROM main UNION ALL SELECT key, false FROM private) AS written GROUP BY key)"
            " SELECT count(*) FILTER (WHERE fresh) AS inserted, count(*) FILTER (WHERE NOT fresh) AS updated"
            " FROM changed"
        )


def _list(alias: str, names: Sequence[str]) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)


def _upsert(target: str, content: Sequence[str], derived: Sequence[str], values: Sequence[str], source: str) -> str:
    """``updated_at`` moves only when the content differs; derived columns follow the content."""
    changed = ", ".join(f"{name} = excluded.{name}" for name in (*content, *derived))
    return (
        f"INSERT INTO {target} AS t (key, run_id, {', '.join((*content, *derived))})"
        f" SELECT s.key, :run, {', '.join(values)} FROM {source}"
        f" ON CONFLICT (key) DO UPDATE SET {changed}, run_id = excluded.run_id, updated_at = now()"
        f" WHERE ({_list('t', content)}) IS DISTINCT FROM ({_list('excluded', content)})"
        " RETURNING t.key, t.xmax = 0 AS fresh"
    )


def _upsert_private(target: str, names: Sequence[str], source: str) -> str:
    changed = ", ".join(f"{name} = excluded.{name}" for name in names)
    return (
        f"INSERT INTO {target} AS t (key, {', '.join(names)}) SELECT s.key, {_list('s', names)} FROM {source} s"
        f" ON CONFLICT (key) DO UPDATE SET {changed}"
        f" WHERE ({_list('t', names)}) IS DISTINCT FROM ({_list('excluded', names)}) RETURNING t.key"
    )


def cut_unit_parts(connection: Connection, *, run_id: int) -> None:
    """Cut the units a run wrote into small pieces, so that features loaded next find them at once."""
    connection.execute(
        text("DELETE FROM core.admin_unit_part WHERE unit_id IN (SELECT id FROM core.admin_unit WHERE run_id = :run)"),
        {"run": run_id},
    )
    connection.execute(
        text(
            "INSERT INTO core.admin_unit_part (unit_id, geom)"
            " SELECT id, ST_Subdivide(geom, :vertices) FROM core.admin_unit WHERE run_id = :run"
        ),
        {"run": run_id, "vertices": PART_VERTICES},
    )


def layer_facts(connection: Connection, layer: Layer) -> tuple[int, datetime | date | None]:
    """Number of rows of a table layer and its newest time, not later than now."""
    schema = "core" if layer.kind == "admin_unit" else "layer"
    newest = "NULL::timestamptz"
    if layer.time_column is not None and layer.kind != "admin_unit":
        newest = f"max({layer.time_column}) FILTER (WHERE {layer.time_column} <= now())::timestamptz"
    row = connection.execute(text(f"SELECT count(*) AS n, {newest} AS newest FROM {schema}.{layer.table}")).one()
    return row.n, row.newest


def existing_keys(connection: Connection, target: str, keys: pa.Array) -> np.ndarray:
    """Which of the keys are in ``target``."""
    texts = np.array(keys.to_pylist(), dtype=object)
    wanted = sorted({key for key in texts if key is not None})
    found = connection.execute(text(f"SELECT key FROM {target} WHERE key = ANY(:keys)"), {"keys": wanted})
    known = set(found.scalars())
    return np.array([key in known for key in texts], dtype=bool)
