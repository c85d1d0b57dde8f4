"""Ingest against COPY of the same rows into a table with the same indexes."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from helpers.bench import print_table, ratio, scale_for
from psycopg import sql

from ingest.pipeline import run_file
from ingest.recipe import read_recipe, recipe_files
from ingest.sample.build import make_sample
from layers.registry import get_layer
from spatial.access import SYSTEM
from spatial.settings import REPOSITORY

pytestmark = pytest.mark.bench
ROWS = 3_000
MEASURED = {"parcel": "layer.parcel", "air_observation": "core.observation", "water_observation": "core.observation"}


def load_everything(folder: Path) -> dict[str, tuple[int, float]]:
    """Rows stored and seconds by layer, of the recipe of the sample without what is not measured."""
    found: dict[str, tuple[int, float]] = {}
    for entry, path in recipe_files(read_recipe(REPOSITORY / "data" / "recipes" / "sample.toml"), folder):
        layer = get_layer(entry.layer)
        if entry.layer not in MEASURED and layer.kind != "admin_unit" and not layer.id.endswith("_station"):
            continue
        report = run_file(layer, path, actor=SYSTEM, options=entry.options)
        rows, seconds = found.get(entry.layer, (0, 0.0))
        found[entry.layer] = rows + report.accepted, seconds + report.seconds
    return found


def copy_again(connection: psycopg.Connection[Any], table: str, where: str) -> tuple[int, float]:
    """COPY the rows of a table into an empty one like it, indexes and all. Rows and seconds."""
    schema, name = table.split(".")
    columns = [
        row[0]
        for row in connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
            " AND is_generated = 'NEVER' ORDER BY ordinal_position",
            (schema, name),
        )
    ]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    source = sql.Identifier(schema, name)
    connection.execute(sql.SQL("CREATE TABLE public.copied (LIKE {} INCLUDING ALL)").format(source))
    out = sql.SQL("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT").format(names, source, sql.SQL(where))  # type: ignore[arg-type]
    with connection.cursor().copy(out) as copy:
        blocks = list(map(bytes, copy))
    start = time.perf_counter()
    with connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY public.copied ({}) FROM STDIN").format(names)) as target:
            for block in blocks:
                target.write(block)
        rows = cursor.rowcount
    connection.commit()
    seconds = time.perf_counter() - start
    connection.execute("DROP TABLE public.copied")
    connection.commit()
    return rows, seconds


def test_rows_a_second(database: str, tmp_path: Path) -> None:
    parcels = int(os.environ.get("GEOIOC_BENCH_PARCELS", ROWS))
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    make_sample(tmp_path, scale=scale_for(parcels), parcels=parcels, until=now)
    found = load_everything(tmp_path)
    lines = []
    with psycopg.connect(database) as connection:
        for layer, table in MEASURED.items():
            where = "true"
            if table == "core.observation":
                where = f"series_id IN (SELECT id FROM core.series WHERE layer_id = '{layer}')"
            rows, seconds = found[layer]
            copied, alone = copy_again(connection, table, where)
            lines.append(
                (layer, rows, seconds, int(rows / seconds), int(copied / alone), ratio(rows / seconds, copied / alone))
            )
    print_table(
        "Ingest from source files, with all checks, against COPY alone (rows a second)",
        ("layer", "rows", "seconds", "ingest", "COPY alone", "ingest / COPY"),
        lines,
    )
