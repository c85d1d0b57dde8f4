"""The parcel feed: our server, the same statements alone through psycopg, and pygeoapi's own provider."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import psycopg
import pytest
from helpers.bench import Client, Instance, print_table, ratio, side_by_side
from helpers.databases import environment
from helpers.feeds import Feeds, make_feeds
from helpers.stock import stock_server
from sqlalchemy import Engine, event

from layers.registry import get_layer

pytestmark = pytest.mark.bench
ZOOM = 14
ITEMS = "/collections/parcel/items?f=json"
TILES = f"/collections/parcel/tiles/WebMercatorQuad/{ZOOM}"

type Statement = tuple[str, Any]


@pytest.fixture(scope="module")
def feeds(instance: Instance) -> Iterator[Feeds]:
    """Our feeds in this process, to read along which statements a request makes."""
    with environment(DATABASE_URL=instance.url, GEOIOC_DATA=str(instance.data)):
        yield make_feeds()


@pytest.fixture(scope="module")
def stock(instance: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    columns = [column.name for column in get_layer("parcel").public_columns]
    with stock_server(instance.url, tmp_path_factory.mktemp("stock"), columns=columns) as base:
        yield base


@pytest.fixture(scope="module")
def sql(instance: Instance) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(instance.url, autocommit=True, options="-c timezone=UTC") as connection:
        yield connection


def statements_of(feeds: Feeds, path: str, *, again: bool = True) -> list[Statement]:
    """The statements that answer a request, without the one that names the actor.

    ``again``: those of the second time, when what lasts (the number of rows, say) is known; a tile is made only once.
    """
    if again:
        feeds.get(path)
    found: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "set_config" not in statement:
            found.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert feeds.get(path, headers={"Cache-Control": "no-cache"}).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return found


def run_alone(sql: psycopg.Connection[Any], statements: list[Statement]) -> None:
    for statement, parameters in statements:
        sql.execute(statement.encode(), parameters).fetchall()


def middle_box(sql: psycopg.Connection[Any]) -> str:
    """About two kilometres around a parcel."""
    row = sql.execute(
        "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) AS p FROM layer.parcel"
        " ORDER BY id OFFSET 50 LIMIT 1) AS picked"
    ).fetchone()
    assert row is not None
    return ",".join(f"{value:.5f}" for value in (row[0] - 0.01, row[1] - 0.01, row[0] + 0.01, row[1] + 0.01))


def tile_paths(sql: psycopg.Connection[Any], wanted: int) -> list[str]:
    """Different tiles that hold parcels."""
    rows = sql.execute(
        "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) AS p FROM layer.parcel"
        " ORDER BY md5(key) LIMIT 5000) AS picked"
    ).fetchall()
    side = 2**ZOOM
    tiles = {
        (int((1 - math.asinh(math.tan(math.radians(y))) / math.pi) / 2 * side), int((x + 180) / 360 * side)): None
        for x, y in rows
    }
    return [f"{TILES}/{row}/{column}?f=mvt" for row, column in tiles][:wanted]


def test_parcel_items(
    instance: Instance, feeds: Feeds, bench_server: str, stock: str, sql: psycopg.Connection[Any]
) -> None:
    key = sql.execute("SELECT key FROM layer.parcel ORDER BY id OFFSET 100 LIMIT 1").fetchone()
    assert key is not None
    cases = {
        "10 features": (f"{ITEMS}&limit=10", 30),
        "100 features": (f"{ITEMS}&limit=100", 20),
        "1000 features": (f"{ITEMS}&limit=1000", 7),
        "one feature": (f"/collections/parcel/items/{key[0]}?f=json", 30),
        "bbox of 2 km, 100 features": (f"{ITEMS}&limit=100&bbox={middle_box(sql)}", 20),
        "page at 90 %, 10 features": (f"{ITEMS}&limit=10&offset={instance.parcels * 9 // 10}", 10),
    }
    ours, theirs = Client(f"{bench_server}/ogc"), Client(stock)
    rows = []
    for name, (path, rounds) in cases.items():
        statements = statements_of(feeds, path)
        found = side_by_side(
            {
                "ours": lambda path=path: ours.get(path),
                "sql": lambda statements=statements: run_alone(sql, statements),
                "stock": lambda path=path: theirs.get(path),
            },
            rounds,
        )
        rows.append(
            (name, found["ours"], found["sql"], ratio(found["ours"], found["sql"]), found["stock"],
             ratio(found["stock"], found["ours"]), len(ours.get(path)) / 1024)
        )  # fmt: skip
    print_table(
        f"Parcel items, {instance.parcels:,} parcels (median ms over HTTP; SQL alone: the same statements)",
        ("request", "GeoIOC", "SQL alone", "GeoIOC / SQL", "stock pygeoapi", "stock / GeoIOC", "KB"),
        rows,
    )


def test_parcel_tiles(instance: Instance, feeds: Feeds, bench_server: str, sql: psycopg.Connection[Any]) -> None:
    paths = tile_paths(sql, 24)
    half = len(paths) // 2
    statements = {path: statements_of(feeds, path, again=False) for path in paths[:half]}
    ours = Client(f"{bench_server}/ogc")
    fresh, known = cycle(paths[half:]), cycle(paths[:half])
    first = side_by_side({"cold": lambda: ours.get(next(fresh))}, max(half - 1, 1))
    found = side_by_side(
        {
            "warm": lambda: ours.get(paths[-1]),
            "sql": lambda: run_alone(sql, statements[next(known)]),
        },
        20,
    )
    kilobytes = sum(len(ours.get(path)) for path in paths) / len(paths) / 1024
    rows = [
        (name, taken, found["sql"], ratio(taken, found["sql"]), kilobytes)
        for name, taken in (("each tile for the first time", first["cold"]), ("the same tile again", found["warm"]))
    ]
    print_table(
        f"Parcel tiles at zoom {ZOOM} (median ms)", ("request", "GeoIOC", "SQL alone", "GeoIOC / SQL", "KB"), rows
    )
