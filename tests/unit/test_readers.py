"""Reading texts as values, headers as columns, files as rows."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyproj
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ingest.headers import fold_header, match_headers
from ingest.keys import KeyIndex, build_keys
from ingest.options import SourceOptions
from ingest.parsing import Notation, parse_column, parse_date, parse_datetime, parse_numbers, to_text
from ingest.projection import vn2000_code
from ingest.readers import detect_reader
from ingest.readers.excel import cell_text, find_header_row
from ingest.readers.text import read_text
from ingest.units import split_full_name
from spatial.crs import TM3
from spatial.errors import SourceUnreadable

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def numbers(texts: list[str | None], decimal: str = ".") -> list[float | str | None]:
    """Numbers read; «bad» where the text is none."""
    parsed = parse_numbers(to_text(pa.array(texts, pa.string())), decimal)
    return ["bad" if bad else value for value, bad in zip(parsed.values.to_pylist(), parsed.bad, strict=True)]


def test_numbers_with_a_point():
    assert numbers(["1.5", " 2 ", "-.5", "+3", "1e3", None, ""]) == [1.5, 2, -0.5, 3, 1000, None, None]
    assert numbers(["1,5", "1.2.3", "x", ".", "1e999", "0x10", "1_000"]) == ["bad"] * 7


def test_numbers_with_a_comma():
    assert numbers(["1,5", "1.234,5", "1.234", "12", "-0,25"], ",") == [1.5, 1234.5, 1234, 12, -0.25]
    assert numbers(["1.5", "12.34", "1,2,3", ","], ",") == ["bad"] * 4


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_that_was_written_is_read_back(value):
    assert numbers([repr(value)]) == [value]
    assert numbers([repr(value).replace(".", ",")], ",") == [value]


@given(st.integers(-(10**9), 10**9))
def test_vietnamese_thousands_are_read_back(value):
    assert numbers([f"{value:,}".replace(",", ".")], ",") == [value]


@given(st.text(max_size=20))
def test_any_text_is_a_number_missing_or_bad_but_never_an_error(text):
    assert len(numbers([text])) == 1


@given(st.dates(date(1000, 1, 1)))
def test_a_day_is_read_from_iso_day_first_and_compact_forms(day):
    assert parse_date(day.isoformat()) == parse_date(f"{day.day}/{day.month}/{day.year:04d}") == day
    assert parse_date(day.strftime("%d-%m-") + f"{day.year:04d}") == parse_date(f"{day.year:04d}{day:%m%d}") == day


@pytest.mark.parametrize("text", ["2024-02-30", "31/04/2024", "1/23/1985", "2024", "hôm nay", "20241301"])
def test_a_day_that_does_not_exist_is_not_read(text):
    assert parse_date(text) is None


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)).map(lambda t: t.replace(microsecond=0)))
def test_a_time_without_offset_is_local_and_one_with_offset_is_what_it_says(moment):
    local = moment.replace(tzinfo=HANOI)
    assert parse_datetime(moment.isoformat(), HANOI) == local
    assert parse_datetime(moment.strftime("%d/%m/%Y %H:%M:%S"), HANOI) == local
    assert parse_datetime(moment.strftime("%Y%m%d%H%M%S"), HANOI) == local
    assert parse_datetime(moment.isoformat() + "Z", HANOI) == moment.replace(tzinfo=UTC)


def test_a_declared_form_is_the_only_one_read():
    assert parse_datetime("1/23/1985 1120", UTC, "%m/%d/%Y %H%M") == datetime(1985, 1, 23, 11, 20, tzinfo=UTC)
    assert parse_datetime("1985-01-23 11:20", UTC, "%m/%d/%Y %H%M") is None


def test_whole_numbers_are_read_with_or_without_decimals_and_halves_are_not():
    parsed = parse_column(pa.array(["12", "12.0", "12.5", "NA"]), "integer", Notation())
    assert (parsed.values.to_pylist(), parsed.bad.tolist()) == ([12, 12, None, None], [False, False, True, False])


def test_yes_and_no_in_vietnamese():
    parsed = parse_column(pa.array(["Có", "không", "1", "maybe"]), "boolean", Notation())
    assert (parsed.values.to_pylist(), parsed.bad.tolist()) == ([True, False, True, None], [False, False, False, True])


def test_codes_that_came_as_numbers_lose_no_digit_and_gain_no_decimals():
    assert to_text(pa.array([7.0, 2.5, None])).to_pylist() == ["7", "2.5", None]


@given(st.text(min_size=1))
def test_text_is_stored_in_one_form_whatever_the_keyboard(text):
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    composed, decomposed = to_text(pa.array(forms, pa.string())).to_pylist()
    assert composed == decomposed


WORDS = st.text(st.sampled_from("ĐđăâêôơưÁÀảãạABCxyz 09"), min_size=1, max_size=12)


@given(WORDS)
def test_headers_are_alike_in_any_case_accents_and_blanks(word):
    assume(fold_header(word))
    variants = [word.upper(), word.lower(), f" {word} ", word.replace(" ", "_"), unicodedata.normalize("NFD", word)]
    assert {fold_header(variant) for variant in variants} == {fold_header(word)}


def test_headers_differ_where_their_letters_do():
    assert fold_header("Mã trạm") == "matram"
    assert fold_header("PM2.5") != fold_header("PM25")


def test_the_first_name_a_layer_knows_wins_and_the_recipe_wins_over_all():
    headers = ["name", "TEN_TRAM", "Tên khác"]
    wanted = {"name": ("TEN_TRAM", "name")}
    assert match_headers(headers, wanted, {}) == {"name": ["TEN_TRAM"]}
    assert match_headers(headers, wanted, {"name": "ten khac"}) == {"name": ["Tên khác"]}


def test_a_header_of_the_recipe_that_the_file_lacks_is_named():
    with pytest.raises(SourceUnreadable, match="'nowhere'"):
        match_headers(["a"], {}, {"name": "nowhere"})


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6), max_size=6))
def test_repeated_keys_are_found_across_batches(batches):
    index, seen, line = KeyIndex(), {}, 1
    for batch in batches:
        lines = list(range(line + 1, line + 1 + len(batch)))
        line += len(batch)
        expected = []
        for key, number in zip(batch, lines, strict=True):
            expected.append(seen.get(key, 0))
            seen.setdefault(key, number)
        assert index.repeated(pa.array(batch, pa.string()), pa.array(lines, pa.int64()).to_numpy()).tolist() == expected


def test_a_key_is_missing_when_one_of_its_parts_is():
    assert build_keys([pa.array(["a", None]), pa.array([1, 2])]).to_pylist() == ["a.1", None]


@pytest.mark.parametrize(
    ("cell", "text"),
    [(12.0, "12"), (1.5, "1,5"), ("  x ", "x"), ("", None), (True, "true"), (date(2026, 3, 1), "2026-03-01"),
     (datetime(2026, 3, 1), "2026-03-01"), (datetime(2026, 3, 1, 7, 5), "2026-03-01T07:05:00"), (None, None)],
)  # fmt: skip
def test_cells_become_the_text_a_person_would_type(cell, text):
    assert cell_text(cell, ",") == text


def test_the_header_row_is_the_one_whose_names_the_layer_knows():
    rows = [
        ["DANH SÁCH", "năm", "2026", "x"],
        [None, None, None, None],
        ["Mã", "Tên", None, None],
        ["1", "a", "b", "c"],
    ]
    assert find_header_row(rows, frozenset({"ma", "ten"})) == 2


@pytest.mark.parametrize(
    ("name", "content", "reader"),
    [
        ("a.csv", b"a,b\n", "csv"),
        ("a.csv.gz", b"\x1f\x8b....", "csv"),
        ("a.tsv", b"a\tb\n", "csv"),
        ("a.xlsx", b"PK\x03\x04", "excel"),
        ("a.gpkg", b"SQLite format 3", "vector"),
        ("a.geojson", b'{"type"', "vector"),
        ("a.bin", b"PAR1....", "geoparquet"),
        ("a.bin", b"II*\x00....", "geotiff"),
        ("a.nc", b"\x89HDF\r\n\x1a\n", "netcdf"),
    ],
)
def test_formats_are_told_by_content_and_name(tmp_path: Path, name: str, content: bytes, reader: str):
    (tmp_path / name).write_bytes(content)
    assert detect_reader(tmp_path / name) == reader


def test_a_text_file_with_a_mark_semicolons_and_quotes_is_read(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text('\ufeffMã;Tên\n1;"Xã ""A"", huyện B"\n', encoding="utf-8")
    (batch,) = read_text(path, SourceOptions(), frozenset())
    assert batch.table.to_pylist() == [{"Mã": "1", "Tên": 'Xã "A", huyện B'}]


@given(st.lists(st.sampled_from(["ok", "break", "blank", "short"]), max_size=12))
def test_line_numbers_are_those_of_a_text_editor(tmp_path_factory, kinds):
    path = tmp_path_factory.mktemp("lines") / "a.csv"
    text, expected, broken, line = "a,b\n", [], [], 2
    for kind in kinds:
        content = {"ok": "1,2\n", "break": '"x\ny",2\n', "blank": "\n", "short": "1\n"}[kind]
        text += content
        if kind in ("ok", "break"):
            expected.append(line)
        elif kind == "short":
            broken.append(line)
        line += content.count("\n")
    path.write_text(text, encoding="utf-8")
    batches = list(read_text(path, SourceOptions(), frozenset()))
    assert [int(number) for batch in batches for number in batch.lines] == expected
    assert [row.line for batch in batches for row in batch.broken] == broken


@pytest.mark.parametrize(("code", "meridian"), TM3.items())
def test_vn2000_written_without_a_code_is_recognised_by_its_meridian(code, meridian):
    wkt = pyproj.CRS.from_epsg(code).to_wkt("WKT1_ESRI")
    assert vn2000_code(pyproj.CRS.from_wkt(wkt)) == code


@pytest.mark.parametrize(
    ("full", "parts"),
    [("Thành phố Hà Nội", ("Thành phố", "Hà Nội")), ("Thị xã Sơn Tây", ("Thị xã", "Sơn Tây")),
     ("huyện Ba Vì", ("Huyện", "Ba Vì")), ("Hoàng Sa", (None, "Hoàng Sa"))],
)  # fmt: skip
def test_the_type_of_a_unit_is_split_from_its_name(full, parts):
    assert split_full_name(full) == parts
