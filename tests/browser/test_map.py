"""The map in a real browser: drilling down, time, links that restore, light on the server, usable by everyone."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, Response, expect

from layers.registry import registry

pytestmark = pytest.mark.browser

READY = "window.geoioc && geoioc.ready && geoioc.applied !== null"
RESTED = "geoioc.applied === geoioc.time.index && geoioc.applied !== null"


@pytest.fixture
def open_map(page: Page) -> Callable[[str], Page]:
    """Opens the map at an address and waits for its first picture."""
    page.set_viewport_size({"width": 1366, "height": 768})

    def go(address: str = "/map") -> Page:
        page.goto(address)
        page.wait_for_function(READY, timeout=60_000)
        return page

    return go


def asking(source: str) -> Callable[[Response], bool]:
    """Picks the answers of an address that holds ``source``."""
    return lambda response: source in response.url


def chosen(page: Page) -> dict[str, Any]:
    """Level and key of the unit the map is about."""
    return page.evaluate("(({level, key}) => ({level, key}))(geoioc.units.selected())")


def click_unit(page: Page, key: str) -> None:
    """A real mouse click on a unit, at a point of it that no other element covers."""
    spot = page.evaluate(
        """key => {
          const path = geoioc.units.shown().byKey[key].getElement(), box = path.getBoundingClientRect();
          for (let i = 1; i < 12; i++) for (let j = 1; j < 12; j++) {
            const x = box.x + (box.width * i) / 12, y = box.y + (box.height * j) / 12;
            if (document.elementFromPoint(x, y) === path) return [x, y];
          }
          return null;
        }""",
        key,
    )
    assert spot is not None, f"{key} is covered everywhere"
    page.mouse.click(*spot)


def clickable_unit(page: Page) -> str:
    """A unit on the map that shows somewhere."""
    return page.evaluate(
        """() => Object.entries(geoioc.units.shown().byKey).find(([, layer]) => {
          const path = layer.getElement(), box = path.getBoundingClientRect();
          return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === path;
        })[0]"""
    )


def test_click_drills_through_a_former_district_to_a_commune_and_escape_goes_up(open_map: Callable[..., Page]) -> None:
    page = open_map("/map#theme=indicator.grdp&via=former")
    district = clickable_unit(page)
    click_unit(page, district)
    page.wait_for_function("geoioc.units.selected().level === 'district'")
    assert chosen(page)["key"] == district
    page.wait_for_function("geoioc.units.shown().level === 'commune'")
    page.evaluate("geoioc.chooseUnit(geoioc.units.list.find(u => u.former === geoioc.state.unit).key)")
    assert chosen(page)["level"] == "commune"
    assert page.locator("#breadcrumb > :not(.up)").count() == 3
    page.keyboard.press("Escape")
    assert chosen(page) == {"level": "district", "key": district}
    page.keyboard.press("Escape")
    assert chosen(page)["level"] == "province"
    page.go_back()
    page.wait_for_function("geoioc.units.selected().level === 'district'")


def test_cards_follow_the_unit(open_map: Callable[..., Page]) -> None:
    page = open_map("/map#theme=indicator.grdp")
    key = clickable_unit(page)
    click_unit(page, key)
    name = page.evaluate("key => geoioc.units.title(geoioc.units.byKey[key])", key)
    expect(page.locator("#kpi h2")).to_have_text(name)
    expect(page.locator("#breadcrumb [aria-current]")).to_contain_text(name)


@pytest.mark.parametrize("spelling", ["plain", "upper", "decomposed"])
def test_search_finds_a_commune_in_every_spelling_by_keyboard(open_map: Callable[..., Page], spelling: str) -> None:
    page = open_map()
    unit = page.evaluate("geoioc.units.list.find(u => u.level === 'commune' && !u.to)")
    plain = unicodedata.normalize("NFD", unit["name"].lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    typed = {"plain": plain, "upper": unit["name"].upper(), "decomposed": unicodedata.normalize("NFD", unit["name"])}
    page.fill("#search-box", typed[spelling])
    expect(page.locator("#search-list li").first).to_contain_text(unit["name"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_function("name => geoioc.units.selected().name === name", arg=unit["name"])


def test_search_says_when_nothing_is_found(open_map: Callable[..., Page]) -> None:
    page = open_map()
    page.fill("#search-box", "zzzz qqqq")
    expect(page.locator("#search-list")).to_contain_text("Không tìm thấy")


def test_a_fast_drag_ends_on_the_frame_of_the_slider_and_asks_the_server_nothing(open_map: Callable[..., Page]) -> None:
    page = open_map()
    page.wait_for_load_state("networkidle")
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    box = page.locator("#time-slider").bounding_box()
    assert box is not None
    page.on("request", note)
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.6, y)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(box["x"] + box["width"] * (0.6 - step / 120), y)
    page.mouse.up()
    value = int(page.input_value("#time-slider"))
    page.wait_for_function(RESTED)
    assert page.evaluate("geoioc.applied") == value
    assert page.evaluate("geoioc.stats.steps") > 10
    page.wait_for_timeout(900)  # longer than the wait after which a month at rest is told to the server
    assert asked == []


def test_the_drawn_badges_are_those_of_the_last_frame(open_map: Callable[..., Page]) -> None:
    page = open_map()
    for index in (0, 100, 200, 37):
        page.evaluate("index => geoioc.time.go(index)", index)
    expected, drawn = page.evaluate(
        """() => [geoioc.frames.values[37].filter(value => value !== null).length,
        [...document.querySelectorAll('.leaflet-stations-pane .badge')]
          .filter(badge => /\\d/.test(badge.textContent)).length]"""
    )
    assert drawn == expected


def test_playback_shows_every_frame(open_map: Callable[..., Page]) -> None:
    page = open_map()
    page.evaluate("geoioc.time.go(geoioc.frames.times.length - 31)")
    before = page.evaluate("geoioc.stats.steps")
    page.click("[data-tb=play]")
    page.wait_for_function("geoioc.lastPlay", timeout=30_000)
    assert page.evaluate("geoioc.lastPlay") == {"shown": 30, "expected": 30}
    assert page.evaluate("geoioc.stats.steps") - before == 30
    assert page.evaluate(RESTED)


def test_the_forecast_part_of_the_bar_is_called_so(open_map: Callable[..., Page]) -> None:
    page = open_map()
    page.evaluate("geoioc.time.go(geoioc.frames.now + 5)")
    expect(page.locator("#time-label")).to_contain_text("Dự báo")
    page.focus("#time-slider")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("geoioc.applied - geoioc.frames.now") == 4
    page.evaluate("geoioc.time.go(geoioc.frames.now - 5)")
    expect(page.locator("#time-label")).not_to_contain_text("Dự báo")


def test_months_before_the_reform_show_the_units_of_that_time(open_map: Callable[..., Page]) -> None:
    page = open_map("/map#theme=indicator.grdp")
    new = page.evaluate("Object.keys(geoioc.units.shown().byKey)")
    page.evaluate("geoioc.time.go(geoioc.time.find('2025-06-01'))")
    page.wait_for_function(RESTED)
    old = page.evaluate("Object.keys(geoioc.units.shown().byKey).map(key => geoioc.units.byKey[key].to)")
    assert set(old) == {"2025-07-01"}
    page.evaluate("geoioc.time.go(geoioc.time.find('2025-07-01'))")
    page.wait_for_function(RESTED)
    assert page.evaluate("Object.keys(geoioc.units.shown().byKey)") == new


def test_a_link_restores_unit_theme_time_layers_view_and_look(open_map: Callable[..., Page]) -> None:
    page = open_map("/map#theme=indicator.grdp")
    key = page.evaluate("geoioc.units.list.find(u => u.level === 'commune' && !u.to).key")
    page.evaluate("key => geoioc.chooseUnit(key)", key)
    page.evaluate("geoioc.time.go(geoioc.time.index - 3)")
    page.evaluate("geoioc.overlays.toggle('school')")
    page.click("#look-switch")
    page.wait_for_function("location.hash.includes('t=') && location.hash.includes('look=dark')")
    page.wait_for_function("location.hash.includes('v=' + geoioc.state.v)")
    words = page.evaluate("location.hash")
    state = page.evaluate("({...geoioc.state})")
    page.goto("about:blank")
    open_map(f"/{words}")
    page.wait_for_function("JSON.stringify(geoioc.state.on) === '[\"school\"]'")
    assert page.evaluate("({...geoioc.state})") == state
    assert page.locator("html").get_attribute("data-look") == "dark"


def test_the_table_has_the_numbers_of_the_map(open_map: Callable[..., Page]) -> None:
    page = open_map("/map#theme=indicator.population")
    page.click("[data-drawer=table]")
    shown = page.evaluate("geoioc.frames.sets[geoioc.frames.setOf[geoioc.applied]].keys.length")
    expect(page.locator("#table-body tbody tr")).to_have_count(shown)
    largest = page.evaluate("geoioc.number(Math.max(...geoioc.frames.values[geoioc.applied]), geoioc.frames.decimals)")
    expect(page.locator("#table-body tbody tr td").first).to_have_text(largest)
    page.click("[data-sort=name]")
    expect(page.locator("#table-body thead th").first).to_have_attribute("aria-sort", "ascending")


SWITCHED = sorted(layer.id for layer in registry().values() if layer.overlay.kind in ("clusters", "points", "tiles"))
NUMBERS = sorted(
    layer.id
    for layer in registry().values()
    if layer.kind in ("indicator", "observation", "grid") and layer.overlay.kind != "none"
)


def test_every_layer_of_the_panel_can_be_switched_on_and_its_source_answers(open_map: Callable[..., Page]) -> None:
    page = open_map()
    page.click("[data-drawer=layers]")
    page.evaluate(
        "geoioc.move(() => geoioc.map.setZoom(8, {animate: false}))"
    )  # from afar, a land layer is the summary by unit
    for name in SWITCHED:
        tiles = registry()[name].overlay.kind == "tiles"
        source = f"/api/land?layer={name}" if tiles else f"/collections/{name}/items"
        with page.expect_response(asking(source), timeout=60_000) as answer:
            page.click(f'[data-layer="{name}"]')
        assert answer.value.ok, name
        body = answer.value.json()
        assert body["units"] if tiles else body["features"], name
        expect(page.locator(f'[data-layer="{name}"]')).to_have_attribute("aria-checked", "true")
        if not tiles:
            expect(page.locator(".leaflet-marker-pane .point, .leaflet-marker-pane .cluster").first).to_be_attached()
        page.click(f'[data-layer="{name}"]')
        expect(page.locator(".leaflet-marker-pane .point, .leaflet-marker-pane .cluster")).to_have_count(0)


def test_every_layer_of_numbers_can_be_shown_as_a_theme(open_map: Callable[..., Page]) -> None:
    page = open_map()
    page.click("[data-drawer=layers]")
    for name in NUMBERS:
        page.click(f'[data-layer-row="{name}"] [data-theme]')
        page.wait_for_function(f"geoioc.frames.theme.startsWith('{name}') && {RESTED}")
        assert page.evaluate("geoioc.frames.counts.some(Boolean)"), name


def test_a_point_layer_that_fails_says_so_and_can_be_tried_again(open_map: Callable[..., Page]) -> None:
    page = open_map()
    page.context.route("**/collections/school/items**", lambda route: route.abort())
    page.click("[data-drawer=layers]")
    page.click('[data-layer="school"]')
    expect(page.locator("#map-notice")).to_contain_text("Không tải được lớp")
    page.context.unroute("**/collections/school/items**")
    page.keyboard.press("Escape")
    page.click("#map-notice button")
    expect(page.locator(".leaflet-marker-pane .point, .leaflet-marker-pane .cluster").first).to_be_attached()


def test_badges_with_a_number_do_not_cover_each_other(open_map: Callable[..., Page]) -> None:
    page = open_map()
    page.evaluate("geoioc.move(() => geoioc.map.setZoom(4, {animate: false}))")
    page.wait_for_function("document.querySelector('.badge.dot-only')")
    covered = page.evaluate(
        """() => {
          const boxes = [...document.querySelectorAll('.leaflet-stations-pane .badge:not(.dot-only)')]
            .map(badge => badge.getBoundingClientRect());
          return boxes.filter((a, i) => boxes.some((b, j) => j > i && a.left < b.right - 2 && b.left < a.right - 2
            && a.top < b.bottom - 2 && b.top < a.bottom - 2)).length;
        }"""
    )
    assert covered == 0


def test_parcels_are_tiles_up_close_and_a_click_opens_one(open_map: Callable[..., Page]) -> None:
    page = open_map("/map#on=parcel")
    feature = page.evaluate("fetch('/ogc/collections/parcel/items?f=json&limit=1').then(r => r.json())")["features"][0]
    ring = feature["geometry"]["coordinates"][0]
    ring = ring[0] if isinstance(ring[0][0], list) else ring
    lng = sum(point[0] for point in ring[:-1]) / (len(ring) - 1)
    lat = sum(point[1] for point in ring[:-1]) / (len(ring) - 1)
    with page.expect_response(lambda response: "/tiles/WebMercatorQuad/" in response.url, timeout=60_000) as tile:
        page.evaluate(
            "([lat, lng]) => geoioc.move(() => geoioc.map.setView([lat, lng], 17, {animate: false}))", [lat, lng]
        )
    assert tile.value.ok
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        "([lat, lng]) => geoioc.land.hit({latlng: {lat, lng}})", arg=[lat, lng], polling=500, timeout=30_000
    )
    expect(page.locator("#detail-body dl")).to_be_visible()
    expect(page.locator("#detail-body dl")).to_contain_text("Số tờ")


def test_a_unit_chosen_while_the_map_still_zooms_is_the_one_shown(open_map: Callable[..., Page]) -> None:
    page = open_map("/map#via=former")
    page.evaluate(
        """() => new Promise(done => {
          geoioc.move(() => geoioc.map.setZoom(geoioc.map.getZoom() - 2));
          const look = () => geoioc.map._animatingZoom ? done() : requestAnimationFrame(look);
          look();
        })"""
    )
    page.evaluate(
        "geoioc.chooseUnit(geoioc.units.province.children?.[0]?.key ?? Object.keys(geoioc.units.byKey).at(-1))"
    )
    page.wait_for_function(
        """() => {
          const [west, south, east, north] = geoioc.units.selected().box;
          const seen = geoioc.map.getBounds();
          return seen.contains([[south, west], [north, east]]) && seen.getEast() - seen.getWest() < 6 * (east - west);
        }"""
    )


def test_a_lost_server_is_a_sentence_with_a_way_to_try_again(open_map: Callable[..., Page]) -> None:
    page = open_map()
    page.context.route("**/api/frames**", lambda route: route.abort())
    page.select_option("#theme", "air_observation.no2")
    expect(page.locator("#map-notice")).to_contain_text("Mất kết nối")
    page.context.unroute("**/api/frames**")
    page.click("#map-notice button")
    page.wait_for_function("geoioc.frames.theme === 'air_observation.no2'")
    expect(page.locator("#map-notice")).to_be_hidden()


def test_the_language_switch_keeps_the_view(open_map: Callable[..., Page]) -> None:
    page = open_map("/map#theme=indicator.grdp")
    page.click("#language-switch")
    page.wait_for_function(READY)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.evaluate("geoioc.state.theme") == "indicator.grdp"
    expect(page.locator("nav.tabs")).to_contain_text("Stations")
    expect(page.locator("#legend")).to_contain_text("Gross regional product")


def test_both_archipelagos_are_on_the_map(open_map: Callable[..., Page]) -> None:
    page = open_map()
    for name in ("Hoàng Sa", "Trường Sa"):
        expect(page.locator("#inset")).to_contain_text(name)
        expect(page.locator(".island-name", has_text=name)).to_have_count(1)


@pytest.mark.parametrize("address", ["/", "/map", "/map#theme=indicator.grdp&look=dark", "/stations", "/data?lang=en"])
def test_no_serious_barrier_for_people_with_disabilities(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(address)
    page.wait_for_function(f"document.querySelector('#main') && (!document.querySelector('.map-grid') || ({READY}))")
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    serious = [
        (item["id"], [node["target"] for node in item["nodes"]][:3])
        for item in found
        if item["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_a_telephone_shows_map_cards_and_charts_in_turn(open_map: Callable[..., Page], page: Page) -> None:
    open_map()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("[data-drawer-tab=kpi]")
    expect(page.locator(".kpi").first).to_be_visible()
    page.click("[data-drawer-tab=charts]")
    expect(page.locator(".chart-card").first).to_be_visible()
    page.click("[data-drawer-tab=map]")
    expect(page.locator("#map")).to_be_visible()
    page.click("[data-drawer=layers]")
    expect(page.locator("#drawer-layers")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer-layers")).to_be_hidden()
