"""The page of data and jobs in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from layers.registry import registry

pytestmark = pytest.mark.browser


def test_every_layer_is_in_the_catalogue_and_runs_and_jobs_are_listed(page: Page) -> None:
    page.goto("/data")
    for layer in registry().values():
        expect(page.locator(".page-stack")).to_contain_text(layer.title.vi)
    expect(page.locator("#data-jobs tbody tr").first).to_be_visible()
    expect(page.locator("#data-runs tbody tr").first).to_be_visible()
