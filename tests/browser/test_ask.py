"""Questions in the browser: typed, answered with source and link, asked back."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def test_a_question_is_typed_answered_and_can_be_shown_on_the_map(page: Page) -> None:
    page.goto("/ask")
    page.fill("#question", "AQI hiện nay")
    page.keyboard.press("Enter")
    expect(page.locator(".ask-sentence")).to_contain_text("VN_AQI giờ")
    assert "/ask?q=AQI" in page.url
    expect(page.locator(".ask-evidence")).to_contain_text("Nguồn")
    page.click(".ask-evidence a")
    page.wait_for_function("window.geoioc && geoioc.ready && geoioc.state.theme === 'air_observation.vn_aqi_hour'")


def test_what_is_not_understood_is_asked_back_with_examples(page: Page) -> None:
    page.goto("/ask?q=giá vàng hôm nay")
    expect(page.locator(".ask-sentence")).to_contain_text("giá vàng hôm nay")
    page.locator(".ask-examples a").first.click()
    expect(page.locator(".ask-evidence")).to_be_visible()


def test_the_page_is_usable_by_everyone_and_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/ask?q=top 3 xã hộ nghèo thấp nhất")
    expect(page.locator(".ask-table tbody tr")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page).response["violations"]
    assert [item["id"] for item in found if item["impact"] in ("serious", "critical")] == []
