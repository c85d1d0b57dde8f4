"""Feature layers: what is stored, what is refused, and why."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import openpyxl
import pytest
import shapely
from helpers.ingest import (
    EAST,
    MIDDLE,
    NORTH,
    WEST,
    load,
    query,
    rejects,
    scalar,
    unit,
    write_csv,
    write_features,
    write_units,
)  # fmt: skip

from spatial.crs import project

pytestmark = pytest.mark.usefixtures("database")
HEADER = ("MA_CAMERA", "TEN", "LINH_VUC", "HUONG", "lon", "lat")


@pytest.fixture
def units(database: str, tmp_path: Path) -> Path:
    path = write_units(tmp_path)
    load("admin_unit", path)
    return path


def camera(code: str, lon: object = 105.9, lat: object = 20.3, heading: object = 90) -> tuple[object, ...]:
    return (code, f"Camera {code}", "traffic", heading, lon, lat)


def test_a_feature_knows_every_unit_that_holds_it_and_its_commune_and_former_district(units, tmp_path):
    file = write_csv(tmp_path / "camera.csv", HEADER, [camera("W", lon=105.9), camera("E", lon=106.1)])
    assert load("camera", file).inserted == 2
    found = query(
        "SELECT c.key, c.commune_code, c.former_district_code, array_agg(u.key ORDER BY u.key) AS units"
        " FROM layer.camera c JOIN core.admin_unit u ON u.id = ANY(c.unit_ids) GROUP BY 1, 2, 3 ORDER BY 1"
    )
    assert [tuple(row) for row in found] == [
        ("E", "97002", "972", ["97.2025-07-01", "97002.2025-07-01", "972.1997-01-01"]),
        ("W", "97001", "971", ["97.2025-07-01", "97001.2025-07-01", "971.1997-01-01"]),
    ]


def test_a_point_on_a_shared_border_belongs_to_one_commune_only(units, tmp_path):
    load("camera", write_csv(tmp_path / "camera.csv", HEADER, [camera("B", lon=MIDDLE)]))
    assert len(scalar("SELECT unit_ids FROM layer.camera")) == 3


def test_each_fault_is_written_down_with_line_field_and_reason(units, tmp_path):
    file = write_csv(
        tmp_path / "camera.csv",
        HEADER,
        [
            camera("ok"),
            camera("ok"),
            camera(None),
            camera("heading", heading=400),
            camera("text", heading="north"),
            camera("nowhere", lon=None, lat=None),
            camera("unread", lat="20°18'"),
            camera("far", lon=108.2, lat=16.0),
            camera("swapped", lon=20.3, lat=105.9),
            ("sector", "x", "weather", 1, 105.9, 20.3),
        ],
    )
    report = load("camera", file)
    assert (report.rows_read, report.inserted, report.rows_rejected) == (10, 1, 9)
    assert rejects("camera") == [
        (3, None, "duplicate_key"),
        (4, "camera_code", "not_null"),
        (5, "heading", "range"),
        (6, "heading", "not_a_number"),
        (7, None, "geometry_missing"),
        (8, None, "not_a_coordinate"),
        (9, None, "outside_province"),
        (10, None, "swapped_coordinates"),
        (11, "sector", "one_of"),
    ]
    row, message = query("SELECT row, message FROM ops.quarantine WHERE reason = 'not_a_number'")[0]
    assert row["HUONG"] == "north"
    assert row["MA_CAMERA"] == "text"
    assert message == "«Hướng nhìn»: «north» không phải là số."


def test_a_row_with_two_faults_is_rejected_once_and_named_for_both(units, tmp_path):
    report = load(
        "camera", write_csv(tmp_path / "camera.csv", HEADER, [camera("a"), camera("b", lon="x", heading=999)])
    )
    assert report.rows_rejected == 1
    assert {reason for _, _, reason in rejects("camera")} == {"range", "not_a_coordinate"}


def test_headers_are_found_whatever_their_case_accents_and_blanks(units, tmp_path):
    file = write_csv(tmp_path / "camera.csv", ("Mã Camera", "tên", "Linh Vuc", "LON", "Lat"),
                     [("A", "x", "traffic", 105.9, 20.3)])  # fmt: skip
    assert load("camera", file).inserted == 1
    assert scalar("SELECT name FROM layer.camera") == "x"


def test_text_in_decomposed_form_is_stored_composed(units, tmp_path):
    name = "Ngã tư Lê Hồng Phong"
    file = write_csv(tmp_path / "camera.csv", [unicodedata.normalize("NFD", h) for h in HEADER],
                     [("A", unicodedata.normalize("NFD", name), "Giao thông", 1, 105.9, 20.3)])  # fmt: skip
    load("camera", file)
    assert tuple(query("SELECT name, sector FROM layer.camera")[0]) == (name, "traffic")


def test_decimal_commas_are_read_where_they_are_declared(units, tmp_path):
    path = tmp_path / "camera.csv"
    path.write_text("MA_CAMERA;HUONG;lon;lat\nA;12,5;105,9;20,3\n", encoding="utf-8")
    load("camera", path, decimal=",")
    assert scalar("SELECT heading FROM layer.camera") == 12.5


def test_a_decimal_comma_that_was_not_declared_is_refused_not_guessed(units, tmp_path):
    path = tmp_path / "camera.csv"
    path.write_text("MA_CAMERA;HUONG;lon;lat\nA;12,5;105.9;20.3\nB;12;105.9;20.3\n", encoding="utf-8")
    load("camera", path)
    assert rejects("camera") == [(2, "heading", "not_a_number")]


def test_line_numbers_count_lines_not_rows(units, tmp_path):
    path = tmp_path / "camera.csv"
    path.write_text('MA_CAMERA,TEN,lon,lat\nA,"two\nlines",105.9,20.3\n\nB,x,105.9\nC,y,no,20.3\n', encoding="utf-8")
    assert load("camera", path).inserted == 1
    assert rejects("camera") == [(5, None, "broken_row"), (6, None, "not_a_coordinate")]


def test_a_workbook_with_a_title_above_its_headers_is_read(units, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["DANH SÁCH TRƯỜNG HỌC"])
    sheet.merge_cells("A1:F1")
    sheet.append([])
    sheet.append(["Mã trường", "Tên trường", "Cấp học", "Số lớp", "Kinh độ", "Vĩ độ"])
    sheet.append(["001", "Trường A", "Tiểu học", 12, 105.9, 20.3])
    sheet.append(["002", "Trường B", "Tiểu học", 12.5, 105.9, 20.3])
    book.save(tmp_path / "school.xlsx")
    report = load("school", tmp_path / "school.xlsx")
    assert (report.inserted, rejects("school")) == (1, [(5, "classes", "not_an_integer")])
    assert tuple(query("SELECT school_code, stage, classes FROM layer.school")[0]) == ("001", "primary", 12)


PARCEL = {"MA_XA": "97001", "SO_TO": "1", "LOAI_DAT": "LUC", "TEN_CHU": "Nguyễn Văn A"}


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb", ".parquet", ".gml"])
def test_parcels_are_read_from_every_usual_vector_format(units, tmp_path, suffix):
    square = shapely.box(105.9, 20.3, 105.901, 20.301)
    file = write_features(tmp_path / f"parcels{suffix}", [PARCEL | {"SO_THUA": "7", "geometry": square}])
    load("parcel", file)
    key, area = query("SELECT key, ST_Area(geom) FROM layer.parcel")[0]
    assert key == "97001.1.7"
    assert area == pytest.approx(1e-6)


def test_a_zipped_shapefile_is_read_in_place(units, tmp_path):
    square = shapely.box(105.9, 20.3, 105.901, 20.301)
    rows = [PARCEL | {"SO_THUA": "7", "geometry": square}]
    file = write_features(tmp_path / "parcels.shz", rows, driver="ESRI Shapefile")
    file = file.rename(tmp_path / "parcels.zip")
    assert load("parcel", file).inserted == 1


def test_parcels_in_vn2000_land_within_centimetres(units, tmp_path):
    corner = shapely.Point(105.95, 20.31)
    east_north = project(shapely.points([[105.95, 20.31]]), source=4326, target=9209)[0]
    square = shapely.box(east_north.x, east_north.y, east_north.x + 20, east_north.y + 20)
    file = write_features(tmp_path / "p.gpkg", [PARCEL | {"SO_THUA": "7", "geometry": square}], crs=9209)
    load("parcel", file)
    metres = scalar(
        "SELECT min(ST_Distance(p.geom::geography, ST_GeomFromText(:corner, 4326)::geography))"
        " FROM layer.parcel t, ST_DumpPoints(t.geom) p",
        corner=corner.wkt,
    )
    assert metres < 0.01
    assert scalar("SELECT ST_Area(geom::geography) FROM layer.parcel") == pytest.approx(400, rel=1e-3)


def test_private_columns_go_to_their_own_table(units, tmp_path):
    square = shapely.box(105.9, 20.3, 105.901, 20.301)
    file = write_features(tmp_path / "p.gpkg", [PARCEL | {"SO_THUA": "7", "geometry": square}])
    load("parcel", file)
    assert scalar("SELECT user_name FROM layer.parcel_private") == "Nguyễn Văn A"
    assert not query(
        "SELECT 1 FROM information_schema.columns WHERE table_schema = 'layer' AND table_name = 'parcel'"
        " AND column_name = 'user_name'"
    )


BOWTIE = shapely.Polygon([(105.9, 20.3), (105.901, 20.301), (105.901, 20.3), (105.9, 20.301)])


def test_invalid_rings_are_rejected_and_repaired_only_where_asked(units, tmp_path):
    file = write_features(tmp_path / "p.gpkg", [PARCEL | {"SO_THUA": "7", "geometry": BOWTIE}])
    load("parcel", file)
    assert rejects("parcel") == [(1, None, "invalid_geometry")]
    assert "tự cắt" in scalar("SELECT message FROM ops.quarantine")
    report = load("parcel", file, repair=True)
    assert (report.inserted, dict(report.flagged)) == (1, {"repaired_geometry": 1})
    assert scalar("SELECT ST_IsValid(geom) FROM layer.parcel")
    assert tuple(query("SELECT reason, kept FROM ops.quarantine")[0]) == ("repaired_geometry", True)


def test_a_column_the_file_does_not_have_keeps_its_value(units, tmp_path):
    load("camera", write_csv(tmp_path / "a.csv", HEADER, [camera("A", heading=45)]))
    short = write_csv(tmp_path / "b.csv", ("MA_CAMERA", "TEN", "lon", "lat"), [("A", "Tên mới", 105.9, 20.3)])
    assert load("camera", short).updated == 1
    assert tuple(query("SELECT name, heading FROM layer.camera")[0]) == ("Tên mới", 45)


def test_an_update_changes_named_columns_of_known_rows_only(units, tmp_path):
    load("camera", write_csv(tmp_path / "a.csv", HEADER, [camera("A"), camera("B")]))
    file = write_csv(tmp_path / "b.csv", ("MA_CAMERA", "HUONG"), [("A", 10), ("B", 90), ("C", 1)])
    report = load("camera", file, update=True)
    assert (report.inserted, report.updated, report.unchanged) == (0, 1, 1)
    assert rejects("camera") == [(4, None, "unknown_key")]


def test_records_need_the_report_they_tell_about(units, tmp_path):
    header = ("MA_PA", "LINH_VUC", "TRANG_THAI", "TIEP_NHAN", "lon", "lat")
    load(
        "feedback", write_csv(tmp_path / "f.csv", header, [("P1", "noise", "closed", "2026-01-01 08:00", 105.9, 20.3)])
    )
    events = [("P1", 1, "received", "2026-01-01 08:00"), ("P9", 1, "received", "2026-01-01 08:00")]
    file = write_csv(tmp_path / "e.csv", ("MA_PA", "THU_TU", "TRANG_THAI", "THOI_DIEM"), events)
    assert load("feedback_event", file).inserted == 1
    assert rejects("feedback_event") == [(3, None, "unknown_parent")]
    assert scalar("SELECT happened_at FROM layer.feedback_event").isoformat() == "2026-01-01T01:00:00+00:00"


def test_units_get_names_to_search_a_label_inside_and_pieces_at_once(units):
    assert scalar("SELECT name_fold FROM core.admin_unit WHERE code = '97002'") == "xa dong ha"
    assert scalar("SELECT bool_and(ST_Contains(geom, label_point)) FROM core.admin_unit")
    assert scalar("SELECT count(DISTINCT unit_id) FROM core.admin_unit_part") == 5


def test_two_versions_of_a_unit_may_not_overlap_in_time(units, tmp_path):
    shape = shapely.box(WEST, 20.2, EAST, NORTH)
    file = write_features(tmp_path / "more.gpkg", [unit("97", "province", "Sông Hà", shape, valid_from="2026-01-01")])
    load("admin_unit", file)
    assert rejects("admin_unit") == [(1, "valid_from", "overlapping_version")]


def test_a_full_name_is_split_into_type_and_name(database, tmp_path):
    row = {"ma": "98", "ten": "Thành phố Hà Mới", "geometry": shapely.box(WEST, 20.2, EAST, NORTH)}
    file = write_features(tmp_path / "u.gpkg", [row])
    constants = {"level": "province", "valid_from": "2025-07-01"}
    load("admin_unit", file, columns={"code": "ma", "full_name": "ten"}, constants=constants)
    assert tuple(query("SELECT type_vi, name, key FROM core.admin_unit")[0]) == ("Thành phố", "Hà Mới", "98.2025-07-01")


@pytest.mark.parametrize(
    ("kind", "written", "stored"),
    [
        ("Thành phố", "Thành phố Phủ Lý", ("Thành phố", "Phủ Lý", "thanh pho phu ly")),
        ("Phường", "Phường 1", ("Phường", "1", "phuong 1")),
        ("Phường", "Xã Đàn", ("Phường", "Xã Đàn", "phuong xa dan")),
        ("Đặc khu tại hải đảo", "Đặc khu Phú Quý", ("Đặc khu", "Phú Quý", "dac khu phu quy")),
        ("Xã", "Xã", ("Xã", "Xã", "xa xa")),
    ],
)
def test_a_name_loses_the_type_that_the_row_gives_anyway(database, tmp_path, kind, written, stored):
    row = {"code": "98", "type_vi": kind, "name": written, "geometry": shapely.box(WEST, 20.2, EAST, NORTH)}
    file = write_features(tmp_path / "u.gpkg", [row])
    load("admin_unit", file, constants={"level": "province", "valid_from": "2025-07-01"})
    assert tuple(query("SELECT type_vi, name, name_fold FROM core.admin_unit")[0]) == stored
    assert scalar("SELECT core.unit_name(type_vi, name) FROM core.admin_unit") == f"{stored[0]} {stored[1]}"
