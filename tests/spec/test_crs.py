"""VN-2000 in Python and in PostGIS against 13 known points.

tests/data/vn2000_vectors.csv: positions by EPSG:6960 (EPSG data set 11.022, PROJ 9.5.1), what PROJ takes by itself, and
the position without a datum shift. EPSG:6960 is the set of Decision 05/2007/QĐ-BTNMT, article 1.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from spatial import crs
from spatial.access import SYSTEM, connect
from spatial.errors import WrongCRS

VECTORS = list(csv.DictReader((Path(__file__).parents[1] / "data" / "vn2000_vectors.csv").open(encoding="utf-8")))
GEOD = Geod(ellps="WGS84")
each_vector = pytest.mark.parametrize("row", VECTORS, ids=[row["name"] for row in VECTORS])


def off(lon: float, lat: float, row: dict[str, str], kind: str = "wgs84_op6960") -> float:
    """Metres from the known position."""
    return GEOD.inv(lon, lat, float(row[f"lon_{kind}"]), float(row[f"lat_{kind}"]))[2]


@each_vector
def test_python_uses_the_legal_parameters_everywhere(row: dict[str, str]) -> None:
    x, y = np.array([float(row["easting_m"])]), np.array([float(row["northing_m"])])
    lon, lat = crs.transform(x, y, source=int(row["epsg"]), target=4326)
    assert off(lon[0], lat[0], row) < 0.002
    back = crs.transform(lon, lat, source=4326, target=int(row["epsg"]))
    assert np.hypot(back[0] - x, back[1] - y)[0] < 0.001


@each_vector
def test_postgis_uses_the_legal_parameters_everywhere(database: str, row: dict[str, str]) -> None:
    with connect(SYSTEM) as conn:
        there = text(
            "SELECT ST_X(g), ST_Y(g) FROM ST_Transform(ST_SetSRID(ST_MakePoint(:x, :y), CAST(:epsg AS int)), 4326) AS g"
        )
        values = {"x": float(row["easting_m"]), "y": float(row["northing_m"]), "epsg": int(row["epsg"])}
        lon, lat = conn.execute(there, values).one()
        assert off(lon, lat, row) < 0.002
        back = text(
            "SELECT ST_X(g), ST_Y(g) FROM ST_Transform(ST_SetSRID(ST_MakePoint(:x, :y), 4326), CAST(:epsg AS int)) AS g"
        )
        x, y = conn.execute(back, {"x": lon, "y": lat, "epsg": int(row["epsg"])}).one()
        assert np.hypot(x - values["x"], y - values["y"]) < 0.001


def test_the_vectors_hold_points_where_proj_would_choose_otherwise() -> None:
    southern = [row for row in VECTORS if row["operation_proj_picks_by_default"] == "5194"]
    assert len(southern) >= 2
    for row in southern:
        assert off(float(row["lon_wgs84_proj_default"]), float(row["lat_wgs84_proj_default"]), row) > 0.5


def test_without_the_shift_a_point_is_off_by_more_than_200_metres() -> None:
    assert all(
        off(float(r["lon_vn2000_no_datum_shift"]), float(r["lat_vn2000_no_datum_shift"]), r) > 200 for r in VECTORS
    )


def test_postgis_knows_every_zone(database: str) -> None:
    with connect(SYSTEM) as conn:
        known = set(conn.execute(text("SELECT srid FROM spatial_ref_sys WHERE auth_name = 'GEOIOC'")).scalars())
    assert known == {crs.VN2000, *crs.TM3, *crs.UTM}


@pytest.mark.parametrize("epsg", sorted(crs.BROKEN))
def test_the_deprecated_codes_are_refused(database: str, epsg: int) -> None:
    with pytest.raises(WrongCRS, match=str(crs.BROKEN[epsg])):
        crs.to_wgs84(epsg)
    with connect(SYSTEM) as conn, pytest.raises(DBAPIError, match="Cannot find SRID"), conn.begin_nested():
        conn.execute(
            text("SELECT ST_Transform(ST_SetSRID(ST_MakePoint(0, 0), CAST(:epsg AS int)), 4326)"), {"epsg": epsg}
        )


def test_an_unknown_code_is_named() -> None:
    with pytest.raises(WrongCRS, match="999999"):
        crs.to_wgs84(999999)


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="GDAL's programs are not installed")
def test_gdal_reads_the_system_of_a_table(database: str) -> None:
    with connect(SYSTEM) as conn:
        conn.execute(text("CREATE TABLE public.survey (id integer PRIMARY KEY, geom geometry(Point, 9210))"))
        conn.execute(text("INSERT INTO public.survey SELECT 1, ST_SetSRID(ST_MakePoint(603700, 1191400), 9210)"))
    dsn = "PG:" + database
    shown = subprocess.run(["ogrinfo", "-so", dsn, "survey"], capture_output=True, text=True, check=True).stdout
    assert 'ID["EPSG",9210]' in shown


@pytest.mark.parametrize(
    ("code", "day", "epsg"),
    [
        ("36", date(2025, 6, 30), 9209),  # Nam Định
        ("36", date(2025, 7, 1), None),
        ("37", date(2025, 6, 30), 5897),
        ("37", date(2025, 7, 1), 5897),
        ("12", date(2025, 6, 30), 9205),  # Lai Châu moved from 103 to 104.75
        ("12", date(2025, 7, 1), 9208),
        ("79", date(2026, 1, 1), 9210),
    ],
)
def test_the_zone_of_a_province_depends_on_the_day(code: str, day: date, epsg: int | None) -> None:
    assert crs.province_zone(code, as_of=day) == epsg


def test_every_province_has_one_zone() -> None:
    for table, count in ((crs.PROVINCES_NOW, 34), (crs.PROVINCES_BEFORE, 63)):
        codes = [code for line in table.values() for code in line.split()]
        assert len(codes) == len(set(codes)) == count


def test_a_file_without_crs_is_placed_by_trying_the_zones() -> None:
    province = shapely.box(106.0, 20.2, 106.4, 20.6)
    x, y = crs.transform(np.array([106.1, 106.2]), np.array([20.4, 20.5]), source=4326, target=9209)
    assert (9209, False) in crs.fitting_meridians(x, y, province)
    assert (5897, False) not in crs.fitting_meridians(x, y, province)
    # X is the northing in Vietnamese tables.
    assert (9209, True) in crs.fitting_meridians(y, x, province)


def test_points_outside_every_zone_fit_nothing() -> None:
    assert crs.fitting_meridians(np.array([1.0]), np.array([2.0]), shapely.box(106, 20, 107, 21)) == []
