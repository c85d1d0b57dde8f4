"""What a file says about a new layer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import geopandas
import openpyxl
import pandas as pd
import pytest
from shapely import LineString, Point, Polygon

from ingest.options import SourceOptions
from ingest.readers.excel import read_excel
from spatial.errors import LayerRefused, SourceUnreadable, WrongEncoding
from spatial.layer_guess import Guess, column_type, guess, snake


def guess_file(path: Path, *, crs: int | None = None, key: tuple[str, ...] = (), encoding: str = "utf-8") -> Guess:
    return guess(path, layer_id="pump", crs=crs, key=key, encoding=encoding)


def csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "pumps.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Tên trạm (vi)", "ten_tram_vi"),
        ("ĐƯỜNG", "duong"),
        ("Đường", "duong"),  # decomposed letters, as some keyboards send them
        ("  MA_TRAM ", "ma_tram"),
        ("2024", "c_2024"),
        ("%", "c"),
    ],
)
def test_a_header_becomes_a_plain_column_name(header: str, name: str) -> None:
    assert snake(header) == name


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "20", "-3"], "integer"),
        (["1", "2.5"], "number"),
        (["1,5", "2"], "number"),
        (["007", "12"], "text"),  # a leading zero makes it a code
        (["0912345678"], "text"),
        (["true", "false"], "boolean"),
        (["2024-02-29", "2023-01-01"], "date"),
        (["29/02/2024"], "date"),
        (["2024-02-30"], "text"),
        (["2024-02-29T07:00:00+07:00"], "datetime"),
        (["", None], "text"),
        ([1, 2.0], "integer"),
        ([datetime(2024, 1, 1)], "date"),
        ([datetime(2024, 1, 1, 7)], "datetime"),
        ([True, False], "boolean"),
    ],
)
def test_values_decide_the_type_of_a_column(values: list[object], kind: str) -> None:
    assert column_type(pd.Series(values, dtype=object))[0] == kind


def test_a_csv_of_points_gives_key_position_titles_and_private_columns(tmp_path: Path) -> None:
    found = guess_file(
        csv(
            tmp_path,
            "MA_TRAM;Tên;Công suất;Ngày;Kinh độ;Vĩ độ;Số điện thoại\nTB1;Cầu Đất;1,5;05/03/2019;106,1;20,3;0912\n"
            "TB2;Đông An;2;11/12/2020;106,2;20,4;0913\n",
        )
    )
    assert [column.name for column in found.columns] == ["ma_tram", "ten", "cong_suat", "ngay", "so_dien_thoai"]
    assert [column.name for column in found.columns if column.key] == ["ma_tram"]
    assert [column.name for column in found.columns if column.private] == ["so_dien_thoai"]
    assert found.columns[0].title.en == "Station code", "the title another layer has for the same header"
    assert found.columns[2].title.en == "Capacity"
    assert found.geometry is not None
    assert (found.geometry.x, found.geometry.y, found.geometry.crs) == (("Kinh độ",), ("Vĩ độ",), 4326)
    assert (found.source.delimiter, found.source.decimal, found.source.datetime_format) == (";", ",", "%d/%m/%Y")
    assert found.label == "ten"


def test_two_decimal_marks_in_one_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerRefused, match="comma in size and with a point in lon, lat"):
        guess_file(csv(tmp_path, "ma;size;lon;lat\na;1,5;106.1;20.3\n"))
    assert guess_file(csv(tmp_path, "ma;size;lon;lat\na;1;106,1;20,3\n")).source.decimal == ","


def test_surveyors_x_to_the_north_is_recognised_by_its_size(tmp_path: Path) -> None:
    found = guess_file(csv(tmp_path, "ma,X,Y\na,2244000,585000\nb,2245000,586000\n"), crs=5897)
    assert found.geometry is not None
    assert (found.geometry.x, found.geometry.y, found.geometry.crs) == (("Y",), ("X",), 5897)


def test_metres_without_a_coordinate_system_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerRefused, match="--crs"):
        guess_file(csv(tmp_path, "ma,x,y\na,585000,2244000\n"))


def test_a_table_without_a_unique_column_asks_for_the_key(tmp_path: Path) -> None:
    path = csv(tmp_path, "xa,nam,lon,lat\n1,2023,106,20\n1,2024,106,20\n2,2024,106,20\n2,2023,106,20\n")
    with pytest.raises(LayerRefused, match="--key"):
        guess_file(path)
    assert [c.name for c in guess_file(path, key=("xa", "nam")).columns if c.key] == ["xa", "nam"]
    with pytest.raises(LayerRefused, match="no column nope"):
        guess_file(path, key=("nope",))


def test_names_that_mean_something_else_are_changed(tmp_path: Path) -> None:
    found = guess_file(csv(tmp_path, "id,key,order,Tên,ten\n1,a,1,x,y\n2,b,1,x,y\n"))
    assert [column.name for column in found.columns] == ["source_id", "source_key", "source_order", "ten", "ten_2"]


@pytest.mark.parametrize(
    ("shapes", "kind"),
    [
        ([Point(106, 20), Point(106.1, 20)], "Point"),
        ([LineString([(106, 20), (106.1, 20)]), LineString([(106, 20), (106.1, 20.1)])], "MultiLineString"),
        ([Polygon([(106, 20), (106.1, 20), (106, 20.1)]), Polygon([(106, 21), (106.1, 21), (106, 21.1)])],
         "MultiPolygon"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet", ".shp"])
def test_vector_files_bring_their_geometry_and_coordinate_system(
    tmp_path: Path, shapes: list[object], kind: str, suffix: str
) -> None:
    frame = geopandas.GeoDataFrame({"ma": ["a", "b"], "dem": [1, 2]}, geometry=shapes, crs=4326)
    path = tmp_path / f"pumps{suffix}"
    if suffix == ".parquet":
        frame.to_parquet(path)
    else:
        if suffix != ".geojson":
            frame = frame.to_crs(32648)
        frame.to_file(path)
    found = guess_file(path)
    assert found.geometry is not None
    assert found.geometry.type == kind
    assert found.geometry.crs == (4326 if suffix in (".geojson", ".parquet") else 32648)
    assert [(column.name, column.type) for column in found.columns] == [("ma", "text"), ("dem", "integer")]


def test_mixed_shapes_are_refused(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame({"ma": ["a", "b"]}, geometry=[Point(1, 1), LineString([(0, 0), (1, 1)])], crs=4326)
    frame.to_file(tmp_path / "mixed.geojson")
    with pytest.raises(LayerRefused, match="LINESTRING, POINT"):
        guess_file(tmp_path / "mixed.geojson")


def test_a_workbook_keeps_its_types(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Mã", "Số lớp", "Từ ngày", "lon", "lat"], ["A", 3, datetime(2024, 1, 1), 106.1, 20.2]):
        sheet.append(row)
    book.save(tmp_path / "schools.xlsx")
    found = guess_file(tmp_path / "schools.xlsx")
    assert [(c.name, c.type) for c in found.columns] == [("ma", "text"), ("so_lop", "integer"), ("tu_ngay", "date")]
    assert found.source.reader == "excel"


def test_bad_files_give_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="There is no file"):
        guess_file(tmp_path / "nothing.csv")
    with pytest.raises(SourceUnreadable, match="no rows"):
        guess_file(csv(tmp_path, "a,b\n"))
    with pytest.raises(WrongEncoding, match="--encoding"):
        guess_file(csv(tmp_path, "ma,tên\n1,Hà Nội\n", encoding="utf-16"))
    assert guess_file(csv(tmp_path, "ma,tên\n1,Hà Nội\n", encoding="utf-16"), encoding="utf-16").rows == 1
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"not a database")
    with pytest.raises(SourceUnreadable, match=r"broken\.gpkg cannot be read"):
        guess_file(broken)


def test_a_text_file_named_as_a_workbook_is_called_what_it_is(tmp_path: Path) -> None:
    wrong = tmp_path / "sai.xlsx"
    wrong.write_text("ma,lon,lat\nA,106.1,20.2\n", "utf-8")
    for read in (guess_file, lambda path: list(read_excel(path, SourceOptions(), frozenset()))):
        with pytest.raises(SourceUnreadable, match=r"sai\.xlsx không phải tệp Excel / is not an Excel workbook"):
            read(wrong)


def test_half_a_workbook_is_called_damaged(tmp_path: Path) -> None:
    whole = tmp_path / "whole.xlsx"
    openpyxl.Workbook().save(whole)
    half = tmp_path / "half.xlsx"
    half.write_bytes(whole.read_bytes()[:1000])
    for read in (guess_file, lambda path: list(read_excel(path, SourceOptions(), frozenset()))):
        with pytest.raises(SourceUnreadable, match=r"half\.xlsx: .* the workbook is damaged"):
            read(half)


def key_and_remark(path: Path) -> tuple[list[str], str]:
    found = guess_file(path)
    return [c.name for c in found.columns if c.key], next(remark for remark in found.remarks if "is the key" in remark)


def test_a_code_with_a_gap_is_the_key_before_a_running_number_and_the_author_is_told(tmp_path: Path) -> None:
    key, remark = key_and_remark(csv(tmp_path, "STT,Tên,MA_TRAM,lon,lat\n1,x,A,1,2\n2,y,,1,2\n3,z,C,1,2\n"))
    assert key == ["ma_tram"]
    assert remark.startswith("ma_tram is the key that identifies a row (1 empty: such rows go to the quarantine)")
    assert "--key" in remark


def test_the_author_is_told_why_the_code_column_is_not_the_key(tmp_path: Path) -> None:
    key, remark = key_and_remark(csv(tmp_path, "MA_TRAM,Tên,CODE,lon,lat\nA,x,,1,2\nA,y,,1,2\nA,z,q,1,2\nB,w,r,1,2\n"))
    assert key == ["ten"]
    assert "refused: ma_tram (2 repeated), code (2 empty)" in remark


def test_a_complete_code_is_taken_before_one_with_gaps(tmp_path: Path) -> None:
    key, remark = key_and_remark(csv(tmp_path, "MA,ID,lon,lat\nA,1,1,2\n,2,1,2\n"))
    assert key == ["source_id"]
    assert "refused: ma (1 empty)" in remark


def test_no_key_at_all_says_what_is_wrong_with_the_code_column(tmp_path: Path) -> None:
    with pytest.raises(LayerRefused, match=r"ma \(1 repeated\) cannot be it"):
        guess_file(csv(tmp_path, "ma,lon,lat\nA,106,20\nA,106,20\n"))
