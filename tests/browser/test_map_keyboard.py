"""The map by keyboard alone, and the layers that are on when it opens."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser

READY = "window.geoioc && geoioc.ready && geoioc.applied !== null"


def test_units_are_reached_and_chosen_by_keyboard_alone(page: Page) -> None:
    page.goto("/map#via=former")
    page.wait_for_function(READY, timeout=60_000)
    page.evaluate("geoioc.map.getContainer().focus()")
    for _ in range(3):  # controls of the map may come first
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "path":
            break
    expect(page.locator("path.unit-ring")).to_have_count(1)
    assert page.evaluate("document.activeElement.getAttribute('role')") == "button"
    for arrow in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"):
        page.keyboard.press(arrow)
    assert page.evaluate("document.activeElement.tagName") == "path"
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    assert page.evaluate("geoioc.units.title(geoioc.units.selected())") == name


def test_a_layer_that_is_shown_at_first_is_on_until_it_is_switched_off(page: Page) -> None:
    def declare(route: Route) -> None:
        answer = route.fetch()
        config = re.sub(r'("school": ?\{.*?"shown": ?)false', r"\1true", answer.text(), count=1, flags=re.DOTALL)
        route.fulfill(response=answer, body=config)

    page.route(re.compile(r"/map(#.*)?$"), declare)
    page.goto("/map")
    page.wait_for_function(READY, timeout=60_000)
    assert page.evaluate("geoioc.state.on") == ["school"]
    expect(page.locator('[data-layer="school"]')).to_have_attribute("aria-checked", "true")
    expect(page.locator('[data-legend="school"] .sw-point').first).to_be_attached()
    page.evaluate("geoioc.overlays.toggle('school')")
    page.wait_for_function("location.hash.includes('on=')")
    page.reload()
    page.wait_for_function(READY, timeout=60_000)
    assert page.evaluate("geoioc.state.on") == []
