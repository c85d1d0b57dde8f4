"""The HTML pages of the feeds: languages, what they show, and that the lines people copy from them work."""

from __future__ import annotations

import html
import json
import re
import subprocess
import urllib.request
from pathlib import Path

import pytest
from jinja2.ext import babel_extract
from pygeoapi.util import TEMPLATESDIR

from layers.registry import registry
from pygeoapi_config import values
from pygeoapi_config.build import build_config
from pygeoapi_config.pages import CATALOGUE, STATIC, TEMPLATES, translations
from spatial.settings import REPOSITORY

COLLECTIONS = sorted(
    name for name, resource in build_config(registry())["resources"].items() if resource["type"] == "collection"
)
PROCESSES = ("unit-report", "zonal-statistics")
NOT_SERVED = ("stac", "admin", "asyncapi", "collections/map", "collections/edr/inst")
CODE = re.compile(r'<code data-tool="([^"]+)">(.*?)</code>', re.DOTALL)


def fetch(url: str, **headers: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as answer:
        return str(answer.read().decode())


def lines_of(page: str, tool: str) -> list[str]:
    return [html.unescape(text) for name, text in CODE.findall(page) if name == tool]


def run(line: str, folder: Path) -> None:
    done = subprocess.run(line, shell=True, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{line}\n{done.stderr}"


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_the_curl_lines_of_a_collection_page_fetch_data(server: str, collection: str, tmp_path: Path) -> None:
    page = fetch(f"{server}/ogc/collections/{collection}?f=html")
    lines = lines_of(page, "curl")
    assert len(lines) >= 2
    for line in lines:
        run(line.replace("limit=1000", "limit=3"), tmp_path)
        name = re.search(r"-o (\S+)", line)
        assert name is not None
        file = tmp_path / name[1]
        match file.suffix:
            case ".geojson":
                assert json.loads(file.read_text())["features"]
            case ".csv":
                assert len(file.read_text().splitlines()) > 1
            case ".covjson":
                assert json.loads(file.read_text())["type"] == "Coverage"
            case ".tif":
                assert file.read_bytes()[:2] in (b"II", b"MM")
            case other:
                raise AssertionError(f"nobody looks into {other} files")


@pytest.mark.parametrize("collection", [name for name in COLLECTIONS if not name.endswith("_grid")])
def test_the_ogr2ogr_line_of_a_collection_page_writes_a_geopackage(
    server: str, collection: str, tmp_path: Path
) -> None:
    (line,) = lines_of(fetch(f"{server}/ogc/collections/{collection}?f=html"), "ogr2ogr")
    run(f"{line} -limit 3", tmp_path)
    (package,) = tmp_path.glob("*.gpkg")
    summary = subprocess.run(["ogrinfo", "-so", "-al", package], capture_output=True, text=True, check=True).stdout
    assert "Feature Count: 3" in summary


@pytest.mark.parametrize("process", PROCESSES)
def test_the_line_of_a_process_page_runs_it(server: str, process: str, tmp_path: Path) -> None:
    (line,) = lines_of(fetch(f"{server}/ogc/processes/{process}?f=html"), "curl")
    run(f"{line} -o result.json", tmp_path)
    assert json.loads((tmp_path / "result.json").read_text())


@pytest.mark.parametrize("path", ["collections/{}", "collections/{}/items"])
@pytest.mark.parametrize("collection", ["school", "admin_unit", "indicator"])
def test_pages_show_licence_agency_and_ways_to_the_data(server: str, path: str, collection: str) -> None:
    page = html.unescape(fetch(f"{server}/ogc/{path.format(collection)}?f=html&limit=5"
                               if "items" in path else f"{server}/ogc/{path.format(collection)}?f=html"))  # fmt: skip
    layer = registry()[collection]
    assert layer.agency.vi in page
    assert layer.licence in page
    assert {"QGIS", "curl", "ogr2ogr", "Python", "R"} <= {name for name, _ in CODE.findall(page)}


def test_the_language_is_that_of_the_parameter_then_of_the_browser_then_vietnamese(server: str) -> None:
    address = f"{server}/ogc/collections/school?f=html"
    assert '<html lang="vi"' in fetch(address)
    assert '<html lang="en"' in fetch(address, **{"Accept-Language": "en-GB,en;q=0.8,vi;q=0.3"})
    assert '<html lang="vi"' in fetch(f"{address}&lang=vi", **{"Accept-Language": "en"})
    assert '<html lang="en"' in fetch(f"{address}&lang=en", **{"Accept-Language": "vi"})


def test_a_language_once_asked_for_is_kept_for_the_next_page(server: str) -> None:
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    address = f"{server}/ogc/collections/school?f=html"
    for language, other in (("en", "vi"), ("vi", "en")):
        visitor.open(f"{address}&lang={language}", timeout=60).read()
        visitor.addheaders = [("Accept-Language", other)]
        assert f'<html lang="{language}"' in visitor.open(address, timeout=60).read().decode()


def test_series_and_grids_speak_english_too(server: str) -> None:
    for path in ("air_observation/locations", "population_grid/coverage"):
        page = fetch(f"{server}/ogc/collections/{path}?f=html&lang=en")
        assert "Get data" in page
        assert "Lấy dữ liệu" not in page


def test_a_browser_gets_a_page_and_a_program_json(server: str) -> None:
    address = f"{server}/ogc/collections/school/items?limit=1"
    assert fetch(address, Accept="text/html,application/xhtml+xml").startswith("<!doctype html>")
    assert json.loads(fetch(address, Accept="application/geo+json"))["type"] == "FeatureCollection"
    assert json.loads(fetch(address))["type"] == "FeatureCollection"


def test_pages_name_no_file_of_another_host(server: str) -> None:
    for path in ("", "collections", "collections/school", "collections/school/items", "openapi", "processes"):
        page = fetch(f"{server}/ogc/{path}?f=html")
        loaded = re.findall(
            r'<(?:script|img|iframe)[^>]*\bsrc="([^"]+)"|<link rel="(?:stylesheet|icon)" href="([^"]+)"', page
        )
        assert loaded
        assert all((script or sheet).startswith(f"{server}/ogc/static/") for script, sheet in loaded)


def test_text_of_a_feature_is_not_markup(server: str) -> None:
    page = fetch(f"{server}/ogc/collections/school/items?f=html&name=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page


def test_every_word_of_the_pages_is_in_the_vietnamese_catalogue() -> None:
    files = {str(file.relative_to(root)): file for root in (TEMPLATESDIR, TEMPLATES) for file in root.rglob("*.html")}
    spoken: set[str] = set()
    for name, file in files.items():
        if not name.startswith(NOT_SERVED):
            with file.open("rb") as text:
                for _, _, message, _ in babel_extract(text, ("_", "gettext"), [], {}):
                    spoken.update([message] if isinstance(message, str) else filter(None, message or ()))
    known = set(re.findall(r'^msgid "(.+)"$', CATALOGUE.read_text("utf-8"), re.MULTILINE))
    assert spoken - known == set()
    assert translations("vi").gettext("Get data") == "Lấy dữ liệu"
    assert translations("en").gettext("Get data") == "Get data"


def test_the_feeds_carry_the_same_islands_and_letters_as_the_screens() -> None:
    assets = REPOSITORY / "dash_app" / "assets"
    copies = [file for folder in ("map", "fonts") for file in (STATIC / folder).iterdir()]
    assert len(copies) > 4
    for copy in copies:
        assert copy.read_bytes() == (assets / copy.parent.name / copy.name).read_bytes(), copy.name


def test_numbers_dates_and_codes_are_written_for_people() -> None:
    school = registry()["school"]
    assert values.number(1234.5, 1, "vi") == "1.234,5"
    assert values.number(1234.5, None, "en") == "1,234.5"
    assert values.day("2026-11-21") == "21/11/2026"
    assert values.day("2026-11-21T15:00:00+00:00") == "21/11/2026 22:00"
    assert values.shown(school, "stage", {"stage": "primary"}, "vi", str) == "Tiểu học"
    assert values.shown(school, "pupils", {"pupils": None}, "vi", str) == "–"
