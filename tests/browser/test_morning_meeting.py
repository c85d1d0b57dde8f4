"""The province's morning meeting, in Vietnamese: exception, district, commune, evidence, comparison, briefing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A busy machine may take its time; what is expected must come all the same."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


def open_home(page: Page, address: str = "/") -> Locator:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(address)
    lines = page.locator("[data-need]")
    expect(lines.first).to_be_visible(timeout=60_000)
    return lines


def unit_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("unit", [""])[0]


def plain(words: str) -> str:
    """Text without line breaks, which a table cell of the PDF has elsewhere than the screen."""
    return re.sub(r"\s+", "", words)


def test_the_morning_meeting(page: Page) -> None:
    # Home: only exceptions; the first says why it comes first, where, since when and who is on it.
    lines = open_home(page)
    first = page.locator(".need-large .need").first
    expect(first.locator(".need-why")).to_contain_text("Vì sao đứng đầu")
    expect(first.locator(".need-place")).not_to_be_empty()
    expect(first.locator(".need-since")).not_to_be_empty()
    expect(first.locator(".need-who")).not_to_be_empty()
    everything = lines.count()
    assert f"{everything} việc" in page.locator("#need-count").inner_text()

    # By former district: into one that has something.
    page.locator(".home-via a", has_text="Huyện cũ").click()
    expect(page.locator(".home-via a[aria-current]")).to_have_text("Huyện cũ")
    district = page.locator(".home-where tbody a").first
    name = district.inner_text()
    assert name.endswith("(cũ)")
    district.click()
    expect(page.locator(".home-path [aria-current]")).to_have_text(name)
    assert unit_of(page)

    # Into a commune of it; back and forward keep the way.
    commune = page.locator(".home-where tbody a").first
    commune_name = commune.inner_text()
    commune.click()
    expect(page.locator(".home-path [aria-current]")).to_have_text(commune_name)
    expect(page.locator(".home-path a")).to_have_count(2)
    page.go_back()
    expect(page.locator(".home-path [aria-current]")).to_have_text(name)
    page.go_forward()
    expect(page.locator(".home-path [aria-current]")).to_have_text(commune_name)
    key = unit_of(page)

    # One click to the evidence: an alert with its hours, and back.
    sentences = [line.inner_text() for line in page.locator(".need-title").all()]
    assert sentences
    alert = page.locator('.need-title[href^="/alerts/"]').first
    alert.click()
    expect(page.locator(".evidence .js-plotly-plot").first).to_be_visible(timeout=30_000)
    expect(page.locator(".evidence")).to_contain_text(commune_name)
    page.go_back()
    expect(page.locator(".home-path [aria-current]")).to_have_text(commune_name)

    # Compare: the commune now and a year before; the maps share one scale and one movement.
    page.locator(".head-tools a", has_text="So sánh").click()
    table = page.locator("#twin-table tbody tr")
    expect(table.first).to_be_visible(timeout=30_000)
    shown = {
        row.locator("th").inner_text().split("\n")[0]: row.locator("td").first.inner_text().split("\n")[0].strip(" ≈")
        for row in table.all()
    }
    assert "Tổng sản phẩm trên địa bàn (GRDP)" in shown
    month = parse_qs(urlsplit(page.url).query)["a"][0].partition("@")[2]
    expect(page.locator(".twin-map .place")).not_to_have_count(0)
    boxes = page.locator(".twin-map svg")
    expect(boxes).to_have_count(2)
    before = boxes.nth(1).get_attribute("viewBox")
    boxes.nth(0).press("+")
    expect(boxes.nth(0)).to_have_attribute("viewBox", boxes.nth(1).get_attribute("viewBox") or "")
    assert boxes.nth(1).get_attribute("viewBox") != before

    # Briefing of the commune: what stood on both screens, number by number.
    answer = page.request.get(f"/reports/briefing?unit={key}&at={month}&format=pdf", timeout=120_000)
    assert answer.ok
    text = plain(" ".join(part.extract_text() for part in PdfReader(io.BytesIO(answer.body())).pages))
    for sentence in sentences:
        assert plain(sentence) in text, sentence
    period = f"{month[5:]}/{month[:4]}"
    printed = [title for title in shown if re.search(re.escape(plain(title)) + r"\([^)]*\)" + period, text)]
    assert "Tổng sản phẩm trên địa bàn (GRDP)" in printed
    for title in printed:
        row = re.escape(plain(title)) + r"\([^)]*\)" + period + re.escape(plain(shown[title]))
        assert re.search(row, text), (title, shown[title])


def test_lines_that_came_since_the_last_visit_are_marked(page: Page) -> None:
    lines = open_home(page)
    expect(page.locator(".need-new:visible")).to_have_count(0)  # a first visit has no «before»
    number = lines.first.get_attribute("data-need")
    page.evaluate(
        """(id) => {
            const stored = JSON.parse(localStorage.getItem("geoioc.attention"));
            stored.seen = stored.seen.filter((one) => one !== id);
            stored.at -= 3600e3;
            localStorage.setItem("geoioc.attention", JSON.stringify(stored));
        }""",
        number,
    )
    page.reload()
    expect(page.locator(".need-new:visible")).to_have_count(1)
    expect(page.locator(f'[data-need="{number}"] .need-new')).to_be_visible()


def test_nothing_flickers_when_nothing_changed(page: Page) -> None:
    open_home(page)
    page.evaluate("document.querySelector('[data-need]').kept = true")
    with page.expect_response(lambda answer: "home-list.children" in (answer.request.post_data or "")) as renewed:
        page.evaluate("dash_clientside.set_props('home-tick', { n_intervals: 1 })")
    assert renewed.value.status == 204
    assert page.evaluate("document.querySelector('[data-need]').kept")


def test_the_keyboard_walks_the_list_and_opens_the_map(page: Page) -> None:
    open_home(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator(".need-title").nth(1).inner_text()
    assert page.evaluate("document.activeElement.innerText") == second
    place = page.locator(".home-where .place[tabindex='0']").first
    place.focus()
    place.press("Enter")
    expect(page.locator(".home-path a")).not_to_have_count(0)


@pytest.mark.parametrize("address", ["/", "/compare"])
def test_the_pages_fit_every_screen_and_pass_the_rules_of_accessibility(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(address)
    expect(page.locator("#twin-maps .place, .home-where .place").first).to_be_attached(timeout=60_000)
    found = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []
    for width, height in ((390, 844), (1366, 768), (3840, 2160)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(f"innerWidth === {width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
