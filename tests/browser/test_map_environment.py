"""The environment on the map in a real browser: indices by the law, broken stations, surfaces, units, people."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from layers.indices import INDICES

pytestmark = pytest.mark.browser

READY = "window.geoioc && geoioc.ready && geoioc.applied !== null"
PM = "theme=air_observation.pm25"
PAINTED = (
    "document.querySelector('canvas.surface') && Number(document.querySelector('canvas.surface').dataset.slot) >= 0"
)
# Index of a frame whose hour has a surface, counted back from now; -1 = none.
WITH_SURFACE = """async () => {
  const bytes = await (await fetch('/api/surface?theme=air_observation.pm25')).arrayBuffer();
  const size = new DataView(bytes).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, size)));
  for (let at = geoioc.frames.now; at >= 0; at -= 1)
    if (head.slots[at] >= 0 && !head.empty.includes(head.slots[at])) return at;
  return -1;
}"""


@pytest.fixture
def open_map(page: Page) -> Callable[[str], Page]:
    """Opens the map at an address and waits for its first picture."""
    page.set_viewport_size({"width": 1366, "height": 768})

    def go(address: str = "/map") -> Page:
        page.goto(address)
        page.wait_for_function(READY, timeout=60_000)
        return page

    return go


def go_to(page: Page, index: int) -> None:
    page.evaluate("index => geoioc.time.go(index)", index)
    page.wait_for_function("index => geoioc.applied === index", arg=index)


def letter_at_now(page: Page, letters: str) -> dict[str, Any] | None:
    """A station and frame in one of the states, the newest first."""
    return page.evaluate(
        """letters => {
          for (let row = geoioc.frames.now; row >= 0; row -= 1)
            for (let column = 0; column < geoioc.frames.stations.length; column += 1)
              if (letters.includes(geoioc.frames.states[row][column])) return { row, column };
          return null;
        }""",
        letters,
    )


def badge(page: Page, column: int) -> Any:
    return page.locator(".leaflet-stations-pane .badge-holder").nth(column).locator(".badge")


# ---------------------------------------------------------------- indices


def test_the_map_opens_with_the_index_in_the_colours_of_the_decision(open_map: Callable[..., Page]) -> None:
    page = open_map()
    assert page.evaluate("geoioc.frames.theme") == "air_observation.vn_aqi_hour"
    expect(page.locator("#legend")).to_contain_text("Quyết định 1459")
    seen = page.evaluate(
        """() => geoioc.frames.stations.map((_, column) => {
          const value = geoioc.frames.values[geoioc.applied][column];
          const element = document.querySelectorAll('.leaflet-stations-pane .badge-holder')[column].firstChild;
          return [value, element.textContent, getComputedStyle(element).backgroundColor];
        }).filter(([value]) => value !== null)"""
    )
    assert seen
    for value, words, colour in seen:
        level = next(level for level in INDICES["vn_aqi_hour"].levels if level.low <= value <= level.high)
        assert words == f"{value}{level.letter}"
        rgb = tuple(int(level.colour[at : at + 2], 16) for at in (1, 3, 5))
        assert colour == f"rgb{rgb}"


def test_a_reference_sensor_has_no_index_but_has_values(open_map: Callable[..., Page]) -> None:
    page = open_map()
    column = page.evaluate("geoioc.frames.stations.findIndex(station => station.reference)")
    expect(badge(page, column)).to_have_class(re.compile("st-r"))
    expect(page.locator("#legend")).to_contain_text("Cảm biến tham khảo")
    page.select_option("#theme", "air_observation.pm25")
    page.wait_for_function("geoioc.frames.theme === 'air_observation.pm25' && geoioc.applied !== null")
    assert page.evaluate("column => geoioc.frames.values.some(row => row[column] !== null)", column)


def test_the_index_goes_on_into_the_forecast(open_map: Callable[..., Page]) -> None:
    page = open_map()
    page.evaluate("geoioc.time.go(geoioc.frames.now + 24)")
    page.wait_for_function("geoioc.applied === geoioc.frames.now + 24")
    assert page.evaluate("geoioc.frames.states[geoioc.applied].includes('f')")
    expect(page.locator(".leaflet-stations-pane .badge.st-f").first).to_be_attached()


def test_the_dominant_pollutant_and_the_parts_are_told_at_the_badge(open_map: Callable[..., Page]) -> None:
    page = open_map()
    found = letter_at_now(page, ".")
    assert found is not None
    go_to(page, found["row"])
    page.evaluate("column => geoioc.stations.at(column).openTooltip()", found["column"])
    expect(page.locator(".unit-tip").first).to_contain_text("◂")
    expect(page.locator(".unit-tip").first).to_contain_text("VN_AQI giờ")


def test_water_shows_the_class_of_its_standard(open_map: Callable[..., Page]) -> None:
    page = open_map("/map#theme=water_observation.qcvn08")
    assert page.evaluate("geoioc.frames.step") == "day"
    expect(page.locator("#legend")).to_contain_text("Mức B")
    words = page.locator(".leaflet-stations-pane .badge.st-ok").all_inner_texts()
    assert words
    assert set(words) <= set("ABCD")


# ---------------------------------------------------------------- broken stations


def test_a_doubtful_value_is_struck_out_without_a_class_and_says_why(open_map: Callable[..., Page]) -> None:
    page = open_map(f"/map#{PM}")
    found = letter_at_now(page, "!")
    assert found is not None, "the sample has broken stations"
    go_to(page, found["row"])
    mark = badge(page, found["column"])
    expect(mark).to_have_class(re.compile("st-suspect"))
    expect(mark.locator("s")).to_have_count(1)
    assert mark.evaluate("element => element.style.background") == ""
    page.evaluate("column => geoioc.stations.at(column).openTooltip()", found["column"])
    note = page.evaluate(
        "([row, column]) => geoioc.stations.note(geoioc.frames, row, column)", list(found.values())[:2]
    )
    assert note
    expect(page.locator(".unit-tip").first).to_contain_text(note)


@pytest.mark.parametrize(("letter", "word"), [("c", "HC"), ("x", "×")])
def test_calibration_and_fault_are_drawn_as_such(open_map: Callable[..., Page], letter: str, word: str) -> None:
    page = open_map(f"/map#{PM}")
    found = letter_at_now(page, letter)
    assert found is not None
    go_to(page, found["row"])
    expect(badge(page, found["column"])).to_have_text(word)


# ---------------------------------------------------------------- surface


def test_the_surface_follows_the_slider_and_asks_the_server_nothing(open_map: Callable[..., Page]) -> None:
    page = open_map(f"/map#{PM}")
    page.select_option("#show", "surface")
    index = page.evaluate(WITH_SURFACE)
    assert index > 0
    go_to(page, index)
    page.wait_for_function(PAINTED)
    expect(page.locator("#legend")).to_contain_text("Bề mặt giữa các trạm")
    assert "show=surface" in page.url
    page.wait_for_load_state("networkidle")
    asked: list[str] = []

    def note(request: Request) -> None:
        if re.search(r"/api/(frames|surface|exposure|units)|/ogc/", request.url):  # charts may still be on their way
            asked.append(request.url)

    page.on("request", note)
    slots = []
    for step in range(1, 25):
        go_to(page, index - step)
        slots.append(page.evaluate("Number(document.querySelector('canvas.surface').dataset.slot)"))
    assert len(set(slots)) > 10
    page.wait_for_timeout(900)
    assert asked == []


def test_the_surface_stays_inside_the_province_and_fades_where_little_is_known(open_map: Callable[..., Page]) -> None:
    page = open_map(f"/map#{PM}&show=surface")
    go_to(page, page.evaluate(WITH_SURFACE))
    page.wait_for_function(PAINTED)
    shares = page.evaluate(
        """() => {
          const canvas = document.querySelector('canvas.surface');
          const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          const seen = new Set();
          let painted = 0;
          for (let i = 3; i < data.length; i += 4) { if (data[i]) painted += 1; seen.add(data[i]); }
          return { painted: painted / (canvas.width * canvas.height), corner: data[3], alphas: seen.size };
        }"""
    )
    assert 0.05 < shares["painted"] < 0.95
    assert shares["corner"] == 0
    assert shares["alphas"] > 3


def test_the_point_under_the_mouse_tells_value_and_deviation(open_map: Callable[..., Page]) -> None:
    page = open_map(f"/map#{PM}&show=surface")
    go_to(page, page.evaluate(WITH_SURFACE))
    page.wait_for_function(PAINTED)
    spot = page.evaluate(
        """() => {
          const box = document.querySelector('#map').getBoundingClientRect();
          for (let y = 20; y < box.height - 20; y += 9) for (let x = 20; x < box.width - 20; x += 9) {
            const over = document.elementFromPoint(box.x + x, box.y + y);
            const at = geoioc.map.containerPointToLatLng([x, y]);
            if (over && over.tagName === 'path' && geoioc.surface.at(at, geoioc.applied)) return [box.x + x, box.y + y];
          }
          return null;
        }"""
    )
    assert spot is not None
    page.mouse.move(spot[0] - 3, spot[1])
    page.mouse.move(*spot)
    expect(page.locator(".unit-tip")).to_contain_text("Tại điểm này")
    expect(page.locator(".unit-tip")).to_contain_text("±")
    expect(page.locator(".unit-tip")).to_contain_text("người sống nơi vượt giới hạn")


def test_an_hour_without_stations_enough_says_so(open_map: Callable[..., Page]) -> None:
    page = open_map(f"/map#{PM}&show=surface")
    empty = page.evaluate(
        """async () => {
          const bytes = await (await fetch('/api/surface?theme=air_observation.pm25')).arrayBuffer();
          const size = new DataView(bytes).getUint32(0, true);
          const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, size)));
          return head.slots.slice(0, geoioc.frames.now + 1).lastIndexOf(-1);
        }"""
    )
    assert empty >= 0, "so many stations of the sample are broken at its end that no surface can be made"
    go_to(page, empty)
    expect(page.locator("#surface-now")).to_contain_text("cần ít nhất 5 trạm")
    assert page.evaluate("Number(document.querySelector('canvas.surface').dataset.slot)") == -1


def test_a_theme_without_a_surface_falls_back_to_its_stations(open_map: Callable[..., Page]) -> None:
    page = open_map(f"/map#{PM}&show=surface")
    page.select_option("#theme", "water_observation.tss")
    page.wait_for_function("geoioc.frames.theme === 'water_observation.tss'")
    expect(page.locator("canvas.surface")).to_have_count(0)
    expect(page.locator('#show option[value="surface"]')).to_be_disabled()
    expect(page.locator("#show")).to_have_value("stations")


def test_a_surface_that_does_not_come_says_so_and_can_be_asked_for_again(open_map: Callable[..., Page]) -> None:
    page = open_map(f"/map#{PM}")
    page.context.route("**/api/surface**", lambda route: route.abort())
    page.select_option("#show", "surface")
    expect(page.locator("#map-notice")).to_contain_text("Mất kết nối")
    page.context.unroute("**/api/surface**")
    page.click("#map-notice button")
    expect(page.locator("canvas.surface")).to_have_count(1)


# ---------------------------------------------------------------- units and people


def test_units_are_coloured_by_their_stations_or_marked_as_interpolated(open_map: Callable[..., Page]) -> None:
    page = open_map(f"/map#{PM}&show=units")
    assert page.evaluate("geoioc.frames.kind") == "units"
    row = page.evaluate("geoioc.frames.states.findIndex(states => states.includes('i') && states.includes('.'))")
    assert row >= 0
    go_to(page, row)
    fills = page.evaluate(
        """() => {
          const keys = geoioc.frames.sets[0].keys, states = geoioc.frames.states[geoioc.applied];
          return keys.map((key, column) => [states[column], geoioc.units.shown().byKey[key].options.fillColor]);
        }"""
    )
    for letter, fill in fills:
        assert ("fill-i" in fill) == (letter == "i")
        assert ("fill-missing" in fill) == (letter == "m")
    expect(page.locator("#legend")).to_contain_text("Nội suy giữa các trạm")


def test_the_table_has_the_people_above_the_limit_by_unit(open_map: Callable[..., Page]) -> None:
    page = open_map(f"/map#{PM}&show=units")
    page.wait_for_load_state("networkidle")
    page.click("[data-drawer=table]")
    expect(page.locator("#table-body thead")).to_contain_text("Người nơi trên")
    expect(page.locator("#table-body tbody tr").first.locator("td")).to_have_count(4)


def test_the_card_of_the_unit_tells_how_many_people_live_above_the_limit(open_map: Callable[..., Page]) -> None:
    page = open_map()
    card = page.locator(".kpi-exposure")
    expect(card).to_contain_text("vượt giới hạn")
    expect(card).to_contain_text("dân số nằm trong vùng ước tính được")
    page.select_option("#theme", "indicator.grdp")
    expect(page.locator(".kpi-exposure")).to_have_count(0)


def test_a_link_restores_the_way_of_showing(open_map: Callable[..., Page]) -> None:
    page = open_map(f"/map#{PM}&show=units")
    words = page.evaluate("location.hash")
    page.goto("about:blank")
    page = open_map(f"/{words}")
    assert page.evaluate("[geoioc.state.show, geoioc.frames.kind]") == ["units", "units"]
    expect(page.locator("#show")).to_have_value("units")
