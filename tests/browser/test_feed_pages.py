"""The HTML pages of the OGC feeds in a real browser (`page` fails a test that asks a foreign host)."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, expect

pytestmark = pytest.mark.browser

PAGES = {
    "landing": "/ogc/?f=html",
    "collections": "/ogc/collections?f=html",
    "a collection of polygons": "/ogc/collections/admin_unit?f=html",
    "a collection of points": "/ogc/collections/school?f=html",
    "items with polygons": "/ogc/collections/admin_unit_map/items?f=html&level=commune",
    "items with points": "/ogc/collections/school/items?f=html&limit=20",
    "items of indicators": "/ogc/collections/indicator/items?f=html&limit=10",
    "vector tiles": "/ogc/collections/parcel/tiles?f=html",
    "a series collection": "/ogc/collections/air_observation?f=html",
    "stations of a series": "/ogc/collections/air_observation/locations?f=html",
    "a grid collection": "/ogc/collections/population_grid?f=html",
    "a grid": "/ogc/collections/population_grid/coverage?f=html",
    "queryables": "/ogc/collections/school/queryables?f=html",
    "schema": "/ogc/collections/school/schema?f=html",
    "processes": "/ogc/processes?f=html",
    "a process": "/ogc/processes/zonal-statistics?f=html",
    "conformance": "/ogc/conformance?f=html",
    "API definition": "/ogc/openapi?f=html",
    "jobs": "/ogc/jobs?f=html",
    "tile matrix sets": "/ogc/TileMatrixSets?f=html",
}


def open_page(page: Page, address: str) -> list[str]:
    """Go there and wait for its map; what the console said that is not information."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(f"{message.type}: {message.text}")

    page.on("console", listen)
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok
    for drawn in page.locator("[data-map]").all():
        expect(drawn).to_have_attribute("data-ready", "true")
    return said


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_accessible_and_says_the_data_are_synthetic(page: Page, name: str) -> None:
    assert open_page(page, PAGES[name]) == []
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator(".synthetic")).to_have_text("Dữ liệu mẫu tổng hợp")
    found = Axe().run(page).response["violations"]
    grave = [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found
             if rule["impact"] in ("serious", "critical")]  # fmt: skip
    assert grave == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_telephone(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, PAGES[name])
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_the_language_switch_leads_to_the_same_page_and_links_keep_it(page: Page) -> None:
    open_page(page, PAGES["a collection of points"])
    page.click(".switch")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Schools")
    page.click("text=Browse items")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.click(".switch")
    expect(page.locator("h1")).to_have_text("Trường học")


def test_the_map_shows_both_archipelagos_and_a_point_leads_to_its_item(page: Page) -> None:
    open_page(page, PAGES["items with points"])
    for name in ("Hoàng Sa", "Trường Sa"):
        expect(page.locator(".inset")).to_contain_text(name)
    page.locator("#items-map path.leaflet-interactive").last.dispatch_event("click")
    link = page.locator(".leaflet-popup-content a")
    name = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(name)


def test_every_feature_of_the_page_is_on_the_map_over_the_units_of_our_own_feed(page: Page) -> None:
    open_page(page, PAGES["items with points"])
    rows = page.locator("main tbody tr").count()
    expect(page.locator("#items-map .leaflet-overlay-pane path")).to_have_count(rows)
    assert page.locator("#items-map .leaflet-units-pane path").count() > 1


def test_a_button_copies_its_line(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, PAGES["a collection of points"])
    page.click("details:has(code[data-tool=ogr2ogr]) > summary")
    line = page.locator("code[data-tool=ogr2ogr]").inner_text()
    page.locator(".copy:has(code[data-tool=ogr2ogr]) button").click()
    expect(page.locator(".copy:has(code[data-tool=ogr2ogr]) button")).to_have_text("Đã sao chép")
    assert page.evaluate("navigator.clipboard.readText()") == line


def test_a_station_shows_its_series_as_a_chart(page: Page) -> None:
    open_page(page, PAGES["stations of a series"])
    page.locator("main tbody a").first.click()
    expect(page.locator(".chart svg path").first).to_be_attached()
    expect(page.locator("figcaption").first).to_contain_text("PM2.5")


def test_the_grid_is_coloured_and_explained(page: Page) -> None:
    open_page(page, PAGES["a grid"])
    assert page.locator("#grid-legend span").count() > 2
    expect(page.locator("#grid-map canvas").first).to_be_attached()
