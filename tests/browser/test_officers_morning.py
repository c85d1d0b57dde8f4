"""An environment officer's morning on the sample: three things need attention, one is looked into and taken on."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from helpers.databases import Databases, environment
from helpers.servers import running_server
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from spatial.access import SYSTEM, connect
from spatial.queries import alerts
from spatial.settings import data_settings

pytestmark = pytest.mark.browser

OFFICER = "Nguyễn Thị Mai"
NOTE = "Thiết bị, không phải không khí: đã báo tổ kỹ thuật kiểm tra trong sáng nay."


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A busy machine may take its time; what is expected must come all the same."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def morning(databases: Databases, province_template: str) -> Iterator[str]:
    """The province as the night left it: stations broken in the sample, and smoke over one area. Its URL."""
    name = databases.create("morning", province_template)
    yield databases.url(name)
    databases.drop(name)


@pytest.fixture(scope="module")
def server(morning: str) -> Iterator[str]:
    """The server the officer works with."""
    with running_server(morning, data_settings().root / "morning.log") as url:
        yield url


def test_an_environment_officers_morning(page: Page, morning: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})

    # Open: the map says at once what needs attention, the gravest first.
    page.goto("/map")
    things = page.locator(".attention-lines a")
    expect(things).to_have_count(3, timeout=60_000)
    expect(things.first).to_contain_text("Đợt ô nhiễm")
    expect(things.first.locator(".cause")).to_have_text("Không khí")
    broken = things.filter(has=page.locator(".cause-instrument")).first
    expect(broken.locator(".cause")).to_have_text("Thiết bị")
    alert_id = int((broken.get_attribute("href") or "").rsplit("/", 1)[1])

    # Look into one: what was measured, beside the stations around, and by which rule.
    broken.click()
    evidence = page.locator(f'.evidence[data-alert="{alert_id}"]')
    expect(evidence.locator("h2")).to_be_visible(timeout=30_000)
    expect(evidence.locator(".js-plotly-plot").first).to_be_visible()
    expect(evidence.locator(".reasons li").first).not_to_be_empty()
    expect(evidence.locator(".cause")).to_have_text("Thiết bị")

    # Acknowledge it with a note; the list and the history say who has it.
    page.keyboard.press("a")
    page.fill("#act-name", OFFICER)
    page.fill("#act-note", NOTE)
    page.click("#act-go")
    expect(page.locator("dialog#act")).to_be_hidden()
    expect(evidence.locator(".timeline .said", has_text=NOTE)).to_be_visible()
    expect(page.locator(f'#alerts-list li[data-alert="{alert_id}"]')).to_contain_text(f"{OFFICER} đang giữ")
    with environment(DATABASE_URL=morning), connect(SYSTEM) as conn:
        stored = alerts.get_alert(conn, alert_id=alert_id)
    assert stored is not None
    assert stored["state"] == "acknowledged"
    assert (stored["events"][-1]["actor"], stored["events"][-1]["note"]) == (OFFICER, NOTE)

    # Download the report of the month, in which the alert stands as taken on.
    page.get_by_role("link", name="Báo cáo tháng").click()
    expect(page.locator("#download-pdf")).to_be_visible(timeout=30_000)
    with page.expect_download(timeout=60_000) as download:
        page.click("#download-pdf")
    assert download.value.suggested_filename.endswith(".pdf")
    content = download.value.path().read_bytes()
    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) >= 2
    assert "môi trường" in pages[0].extract_text().lower()
