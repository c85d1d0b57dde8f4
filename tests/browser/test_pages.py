"""The stations page and the page of data and jobs in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from layers.registry import registry

pytestmark = pytest.mark.browser


def test_a_station_opens_its_chart_and_leads_to_the_map(page: Page) -> None:
    page.goto("/stations")
    button = page.locator(".station-list .link").first
    name = button.inner_text()
    button.click()
    expect(page.locator("#station-detail h2")).to_have_text(name)
    expect(page.locator("#station-detail .js-plotly-plot")).to_be_visible()
    page.click("#station-detail .tool")
    page.wait_for_function("window.geoioc && geoioc.ready && geoioc.state.station")
    expect(page.locator(".badge.chosen")).to_have_count(1)


def test_every_layer_is_in_the_catalogue_and_runs_and_jobs_are_listed(page: Page) -> None:
    page.goto("/data")
    for layer in registry().values():
        expect(page.locator(".page-stack")).to_contain_text(layer.title.vi)
    expect(page.locator("#data-jobs tbody tr").first).to_be_visible()
    expect(page.locator("#data-runs tbody tr").first).to_be_visible()
