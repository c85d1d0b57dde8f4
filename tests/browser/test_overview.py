"""The overview in the browser: figures of the database, drill-down and back, time, table, keyboard, phone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, expect

pytestmark = pytest.mark.browser
SETTLED = "window.geoioc && geoioc.overview && geoioc.overview.settled > 0"


def open_overview(page: Page, address: str = "/overview") -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(address)
    page.wait_for_function(SETTLED, timeout=60_000)


def settle(page: Page, act: str | None = None) -> None:
    """Wait for the next finished view, after a script if one is given."""
    before = page.evaluate("geoioc.overview.settled")
    if act:
        page.evaluate(act)
    page.wait_for_function(f"geoioc.overview.settled > {before}")


def view(page: Page, expression: str) -> Any:
    return page.evaluate(f"(() => {{ const O = geoioc.overview; return {expression}; }})()")


@contextmanager
def requests(page: Page) -> Iterator[list[str]]:
    seen: list[str] = []

    def keep(request: Request) -> None:
        if "/api/" in request.url and "/api/alerts" not in request.url:
            seen.append(request.url)

    page.on("request", keep)
    yield seen
    page.remove_listener("request", keep)


@pytest.fixture
def figures(province: str) -> Iterator[psycopg.Connection]:
    """The database the mini province's server has a copy of."""
    with psycopg.connect(province.replace("+psycopg", "")) as connection:
        yield connection


def test_a_card_shows_the_figure_of_the_database(page: Page, figures: psycopg.Connection) -> None:
    open_overview(page)
    row = figures.execute(
        "SELECT v.period, v.value FROM core.indicator_value v JOIN core.series s ON s.id = v.series_id"
        " JOIN core.admin_unit u ON u.id = s.unit_id WHERE s.parameter = 'grdp' AND u.level = 'province'"
        " AND u.valid_to IS NULL AND v.state <> 'plan' ORDER BY v.period DESC LIMIT 1"
    ).fetchone()
    assert row is not None
    words = f"{row[1]:,.1f}".translate(str.maketrans(",.", ".,"))
    card = page.locator('.ov-card[data-code="grdp"]')
    expect(card.locator(".ov-value")).to_have_text(words)
    expect(card.locator(".ov-foot")).to_contain_text(f"{row[0]:%m/%Y}")
    before = figures.execute(
        "SELECT v.value FROM core.indicator_value v JOIN core.series s ON s.id = v.series_id"
        " JOIN core.admin_unit u ON u.id = s.unit_id WHERE s.parameter = 'grdp' AND u.level = 'province'"
        " AND u.valid_to IS NULL AND v.state <> 'plan' AND v.period = %s - interval '1 year'"
        " ORDER BY array_position(ARRAY['estimate', 'preliminary', 'official'], v.state) DESC LIMIT 1",
        [row[0]],
    ).fetchone()
    assert before is not None
    change = (row[1] / before[0] - 1) * 100
    sign = "▲ +" if change > 0 else "▼ "
    expect(card.locator(".ov-change")).to_contain_text(f"{sign}{change:,.1f}".replace(".", ","))
    expect(card.locator(".ov-plan")).to_contain_text("kế hoạch")


def test_drilling_down_is_in_the_address_and_back_returns(page: Page) -> None:
    open_overview(page, "/overview?via=former")
    province = page.locator("#ov-path").inner_text()
    key = view(page, "O.view().units[0].key")
    name = view(page, "O.view().units[0].title")
    settle(
        page,
        f"document.querySelector('.ov-area[data-key=\"{key}\"]')"
        ".dispatchEvent(new MouseEvent('click', {bubbles: true}))",
    )
    assert f"unit={key}" in page.url
    expect(page.locator("#ov-path")).to_contain_text(name)
    communes = view(page, "O.view().units.map((unit) => unit.level)")
    assert set(communes) == {"commune"}
    settle(page, "O = geoioc.overview; O.choose(O.view().units[0].key)")
    assert page.locator("#ov-path > *").count() == 3
    for _ in range(2):
        before = page.evaluate("geoioc.overview.settled")
        page.go_back()
        page.wait_for_function(f"geoioc.overview.settled > {before}")
    expect(page.locator("#ov-path")).to_have_text(province.strip())
    assert "unit=" not in page.url


def test_an_address_restores_unit_time_indicator_and_way_to_look(page: Page) -> None:
    open_overview(page)
    key = view(page, "O.view().units[1].key")
    open_overview(page, f"/overview/socio_economic?unit={key}&at=2026-02&code=budget_revenue&by=change")
    assert view(page, "O.applied") == "2026-02"
    assert view(page, "O.here_().key") == key
    assert view(page, "O.card.code") == "budget_revenue"
    expect(page.locator("#ov-by [aria-pressed=true]")).to_have_text("So cùng kỳ")
    expect(page.locator("#ov-time-label")).to_have_text("Tháng 02/2026")


def test_a_step_of_the_time_bar_asks_the_server_nothing_and_everything_follows(page: Page) -> None:
    open_overview(page)
    first = page.locator('.ov-card[data-code="grdp"] .ov-value').inner_text()
    ranking = page.locator("#ov-rank").inner_text()
    dot = page.locator(".ov-spark-dot").first.get_attribute("cx")
    page.wait_for_load_state("networkidle")
    with requests(page) as seen:
        page.focus("#ov-slider")
        for _ in range(5):
            page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(400)
    assert seen == []
    month = view(page, "O.applied")
    assert month == view(page, "O.at[O.at.length - 6]")
    assert page.locator('.ov-card[data-code="grdp"] .ov-value').inner_text() != first
    assert page.locator("#ov-rank").inner_text() != ranking
    assert page.locator(".ov-spark-dot").first.get_attribute("cx") != dot
    assert f"at={month}" in page.url
    shown = view(page, "O.cell(O.view().units[0].key, 'value').value")
    cell = view(
        page, "O.frames.matrix.value[O.frames.times.indexOf(O.applied)][O.frames.keys.indexOf(O.view().units[0].key)]"
    )
    assert shown == cell


def test_the_table_says_what_the_map_shows(page: Page) -> None:
    open_overview(page)
    page.click("#ov-map-panel .panel-switch")
    expect(page.locator("#ov-map-panel .panel-body")).to_be_hidden()
    rows = page.evaluate(
        "[...document.querySelectorAll('#ov-map-twin tbody tr')]"
        ".map((row) => [row.dataset.key, row.cells[2].textContent])"
    )
    drawn = view(page, "O.view().units.map((unit) => [unit.key, O.number(O.cell(unit.key, 'value').value, 'value')])")
    assert sorted(map(tuple, rows)) == sorted(map(tuple, drawn))
    assert len(rows) == page.locator(".ov-area").count()
    page.click("#ov-map-panel .panel-switch")
    expect(page.locator("#ov-map")).to_be_visible()


def test_every_tab_opens_without_loading_the_page_and_says_what_is_missing(page: Page) -> None:
    open_overview(page)
    page.evaluate("window.stayed = true")
    for tab in page.locator(".ov-tab").all():
        domain = tab.get_attribute("data-domain")
        if domain != "socio_economic":
            before = page.evaluate("geoioc.overview.settled")
            tab.click()
            page.wait_for_function(f"geoioc.overview.settled > {before}")
        assert f"/overview/{domain}" in page.url or domain == "socio_economic"
        assert page.locator(".ov-card").count() or page.locator("#ov-cards .state-words").inner_text()
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), domain
    assert page.evaluate("window.stayed")
    expect(page.locator("#ov-question")).to_be_visible()  # the last tab asks


def test_facilities_are_counted_by_unit(page: Page, figures: psycopg.Connection) -> None:
    open_overview(page, "/overview/education")
    row = figures.execute("SELECT count(*) FROM layer.school").fetchone()
    assert row is not None
    expect(page.locator('.ov-list-panel[data-kind="features"]')).to_contain_text(f"Tổng số: {row[0]}")


def test_the_map_is_used_by_keyboard(page: Page) -> None:
    open_overview(page)
    page.focus('.ov-area[tabindex="0"]')
    first = page.evaluate("document.activeElement.dataset.key")
    moved = False
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        moved = moved or page.evaluate("document.activeElement.dataset.key") != first
    assert moved
    chosen = page.evaluate("document.activeElement.dataset.key")
    before = page.evaluate("geoioc.overview.settled")
    page.keyboard.press("Enter")
    page.wait_for_function(f"geoioc.overview.settled > {before}")
    assert f"unit={chosen}" in page.url
    before = page.evaluate("geoioc.overview.settled")
    page.keyboard.press("Escape")
    page.wait_for_function(f"geoioc.overview.settled > {before}")
    assert f"unit={chosen}" not in page.url


def test_a_failing_server_is_said_and_not_hidden(page: Page) -> None:
    open_overview(page)
    page.route("**/api/overview/unit**", lambda route: route.fulfill(status=503, body="{}"))
    page.evaluate("geoioc.overview.go({unit: geoioc.overview.view().units[0].key}).catch(() => {})")
    expect(page.locator("#ov-notice")).to_contain_text("Mất kết nối")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_everybody_can_use_it(page: Page, look: str) -> None:
    page.add_init_script(f"localStorage.setItem('geoioc.look', '{look}')")
    for address in ("/overview", "/overview/environment", "/overview/assistant?lang=en"):
        open_overview(page, address)
        found = Axe().run(page).response["violations"]
        serious = [
            (item["id"], item["nodes"][0]["html"]) for item in found if item["impact"] in ("serious", "critical")
        ]
        assert serious == [], address


def test_on_a_phone_it_is_one_column_with_a_menu(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/overview")
    page.wait_for_function(SETTLED, timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".header .tabs")).to_be_hidden()
    page.click(".menu-button")
    expect(page.locator(".header .tab", has_text="Bản đồ")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".header .tabs")).to_be_hidden()
    expect(page.locator("#ov-time")).to_be_in_viewport()


def test_the_header_fits_on_a_desk_and_figures_are_large_on_the_wall(page: Page) -> None:
    open_overview(page)
    boxes = page.evaluate(
        "[...document.querySelectorAll('.header .brand-text, .header .tab, .header .clocks > *')].map((item) => {"
        "const box = item.getBoundingClientRect(); return [box.left, box.right]; }).filter((box) => box[1] > box[0])"
    )
    ordered = sorted(boxes)
    assert all(one[1] <= other[0] + 1 for one, other in pairwise(ordered)), "parts overlap"
    assert ordered[-1][1] <= 1366
    page.set_viewport_size({"width": 3840, "height": 2160})
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.ov-value')).fontSize)")
    assert size >= 48
