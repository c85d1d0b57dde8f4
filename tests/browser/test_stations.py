"""The pages of stations in a real browser: list, page of one, judging values, comparison."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from helpers.databases import Databases, environment
from helpers.servers import running_server
from playwright.sync_api import Browser, Page, expect

from ingest.jobs import run_job
from spatial.access import SYSTEM, connect
from spatial.queries.statements import select_rows
from spatial.settings import LOCAL_ZONE

pytestmark = pytest.mark.browser

DAY = f"{datetime.now(LOCAL_ZONE) - timedelta(days=10):%d/%m/%Y}"
DRAWN = "document.querySelector('#station-graph .js-plotly-plot .main-svg .trace')"


def open_station(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function(DRAWN, timeout=30_000)


def test_the_list_filters_by_network_state_and_text_and_keeps_it_in_the_address(page: Page) -> None:
    page.goto("/stations")
    rows = page.locator(".station-table tbody tr")
    expect(rows.first).to_be_visible()
    everyone = rows.count()
    page.get_by_text("Trạm quan trắc nước mặt", exact=True).click()
    expect(page.locator("#stations-table")).not_to_contain_text("KK01")
    expect(rows.first).to_contain_text("NM")
    assert 0 < rows.count() < everyone
    page.get_by_placeholder("Tên hoặc mã trạm").fill("nm01")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile(r"net=water_observation.*q=nm01"))
    page.reload()
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("NM01")


def test_a_column_sorts_both_ways_by_keyboard(page: Page) -> None:
    page.goto("/stations")
    button = page.get_by_role("button", name=re.compile("Đủ 24 giờ"))
    button.press("Enter")
    head = page.locator("th", has=page.get_by_role("button", name=re.compile("Đủ 24 giờ")))
    expect(head).to_have_attribute("aria-sort", "descending")
    button.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")


def test_the_table_can_be_downloaded_as_it_is_shown(page: Page) -> None:
    page.goto("/stations?net=air_observation")
    rows = page.locator(".station-table tbody tr")
    expect(rows.first).to_be_visible()
    shown = rows.count()
    with page.expect_download() as waiting:
        page.click("#stations-csv")
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert len(text.strip().splitlines()) == shown + 1
    assert text.startswith("Mã trạm;")


def test_a_station_opens_from_the_list_with_head_charts_and_advice(page: Page) -> None:
    page.goto("/stations")
    link = page.locator(".station-table .link", has_text="Trạm").first
    name = link.inner_text()
    link.click()
    expect(page.locator(".station-name")).to_have_text(name)
    page.wait_for_function(DRAWN, timeout=30_000)
    expect(page.locator(".tiles .tile")).to_have_count(4)


def test_the_charts_share_one_axis_of_time_and_the_range_is_in_the_address(page: Page) -> None:
    open_station(page, "/stations/air_observation/KK01?range=24h")
    axes = page.evaluate(
        "new Set(document.querySelector('#station-graph .js-plotly-plot')._fullData.map(t => t.xaxis || 'x')).size"
    )
    assert axes == 1
    page.get_by_text("30 ngày", exact=True).click()
    expect(page).to_have_url(re.compile("range=30d"))
    page.reload()
    expect(
        page.locator("#station-range input[value='30d'], #station-range label:has-text('30 ngày') input")
    ).to_be_checked()


def test_a_year_is_sent_as_days_not_as_hours(page: Page) -> None:
    open_station(page, "/stations/air_observation/KK01?range=1y")
    longest = page.evaluate(
        "Math.max(...document.querySelector('#station-graph .js-plotly-plot').data.map(t => (t.x || []).length))"
    )
    assert 0 < longest <= 800


def test_sections_below_are_loaded_when_they_come_into_view(page: Page) -> None:
    open_station(page, "/stations/air_observation/KK01")
    expect(page.locator("#station-lineage .loading")).to_have_count(1)
    page.locator("#section-lineage").scroll_into_view_if_needed()
    expect(page.locator("#station-lineage table").first).to_be_visible()
    expect(page.locator("#station-lineage")).to_contain_text("QCVN 05:2023/BTNMT")
    page.locator("#section-calendar").scroll_into_view_if_needed()
    expect(page.locator("#station-calendar .js-plotly-plot")).to_be_visible()
    expect(page.locator("#station-calendar [role=img]")).to_have_attribute(
        "aria-label", re.compile(r"\d+ ngày có giá trị")
    )


def test_a_water_station_is_set_against_its_neighbour_on_the_river(page: Page) -> None:
    open_station(page, "/stations/water_observation/NM02?range=30d")
    page.locator("#section-pair").scroll_into_view_if_needed()
    expect(page.locator("#station-pair .js-plotly-plot")).to_be_visible()
    expect(page.locator("#station-pair")).to_contain_text("Hạ lưu trừ thượng lưu")


def test_stations_side_by_side_have_one_chart_and_a_table_of_the_same(page: Page) -> None:
    page.goto("/stations/compare?s=air_observation:KK01,air_observation:KK02&p=pm25")
    expect(page.locator("#compare-result tbody tr")).to_have_count(2)
    expect(page.locator("#compare-result .js-plotly-plot .main-svg").first).to_be_visible()
    names = page.evaluate("[...document.querySelector('#compare-result .js-plotly-plot').data.map(t => t.name)]")
    assert "Trung vị mạng lưới" in names
    page.get_by_text("30 ngày", exact=True).click()
    expect(page).to_have_url(re.compile("days=30"))


def test_an_unknown_station_is_one_sentence(page: Page) -> None:
    page.goto("/stations/air_observation/NOWHERE")
    expect(page.locator(".state-error")).to_contain_text("NOWHERE")


@pytest.mark.parametrize(
    "address", ["/stations", "/stations/air_observation/KK01", "/stations/compare?s=air_observation:KK01"]
)
def test_pages_of_stations_fit_a_phone_in_english_and_in_the_dark(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_init_script("localStorage.setItem('geoioc.look', 'dark')")
    page.goto(address + ("&" if "?" in address else "?") + "lang=en")
    expect(page.locator("main h2").first).to_be_visible()
    expect(page.locator(".loading")).to_have_count(0) if address == "/stations" else None
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.documentElement.dataset.look") == "dark"


# ---------------------------------------------------------------- judging values: on a province of its own


@pytest.fixture
def desk(databases: Databases, province_template: str, browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, str]]:
    """A page on a server whose province the test may change, and the URL of its database."""
    with databases.temporary("desk", province_template) as url, running_server(url, tmp_path / "server.log") as address:
        context = browser.new_context(base_url=address, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
        yield context.new_page(), url
        context.close()


def rows_of(url: str, statement: str, **values: object) -> list[dict[str, Any]]:
    with environment(DATABASE_URL=url), connect(SYSTEM) as conn:
        return select_rows(conn, statement, **values)


def judge(page: Page, button: str, note: str, name: str | None = "Trần Thị Lan") -> None:
    page.locator("#station-quality").get_by_role("button", name=button).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.fill("#review-note", note)
    if name is not None:
        page.fill("#person", name)
    page.click("#review-save")


def test_a_verdict_needs_a_reason_and_a_name_moves_the_means_and_can_be_taken_back(desk: tuple[Page, str]) -> None:
    page, url = desk
    station = rows_of(
        url, "SELECT s.feature_key AS key FROM core.series s JOIN core.observation o ON o.series_id = s.id"
        " WHERE s.layer_id = 'air_observation' AND o.status = 0 AND o.flag <> 0 AND o.value IS NOT NULL"
        " AND o.time > now() - interval '60 days' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    )[0]["key"]  # fmt: skip
    page.goto(f"/stations/air_observation/{station}")
    page.locator("#section-quality").scroll_into_view_if_needed()
    judge(page, "Giá trị đúng", "", None)
    expect(page.get_by_role("alert")).to_contain_text("Hãy ghi tên của bạn")
    page.fill("#review-note", "đã đối chiếu với thiết bị mẫu")
    page.fill("#person", "Trần Thị Lan")
    page.click("#review-save")
    expect(page.locator("#review-message")).to_contain_text("Đã lưu")
    review = rows_of(url, "SELECT id, series_id, first, last, verdict, actor FROM core.observation_review")[0]
    assert (review["verdict"], review["actor"]) == ("good", "Trần Thị Lan")
    queued = rows_of(url, "SELECT state FROM ops.job_run WHERE job = 'rollup' ORDER BY id DESC LIMIT 1")
    assert queued[0]["state"] == "queued"
    with environment(DATABASE_URL=url):
        run_job("rollup")
    counted = (
        "SELECT count(*) AS n, count(value) AS good FROM derived.observation_hourly WHERE series_id = :series"
        " AND time BETWEEN :first AND :last AND raw IS NOT NULL AND status = 0"
    )
    span = {"series": review["series_id"], "first": review["first"], "last": review["last"]}
    found = rows_of(url, counted, **span)[0]
    assert found["n"] == found["good"] > 0
    page.reload()
    page.locator("#section-quality").scroll_into_view_if_needed()
    page.locator("#station-quality").get_by_role("button", name="Rút lại").first.click()
    expect(page.locator("#person")).to_have_value("Trần Thị Lan")
    page.click("#review-save")
    expect(page.locator("#review-message")).to_contain_text("Đã lưu")
    with environment(DATABASE_URL=url):
        run_job("rollup")
    assert rows_of(url, counted, **span)[0]["good"] == 0
    assert rows_of(url, "SELECT revoked_by FROM core.observation_review")[0]["revoked_by"] == "Trần Thị Lan"


def test_a_stretch_can_be_marked_wrong_by_hand_and_a_visit_written_into_the_log(desk: tuple[Page, str]) -> None:
    page, url = desk
    page.goto("/stations/air_observation/KK01")
    page.locator("#section-quality").scroll_into_view_if_needed()
    page.locator("#review-form summary").click()
    page.click("#review-mark")
    expect(page.locator("#review-message")).to_contain_text("dd/mm/yyyy")
    page.fill("#review-from", f"{DAY} 08:00")
    page.fill("#review-to", f"{DAY} 12:00")
    page.click("#review-mark")
    expect(page.get_by_role("dialog")).to_contain_text(f"{DAY} 08:00 - {DAY} 12:00")
    page.fill("#review-note", "xe tải nổ máy cạnh trạm")
    page.fill("#person", "Lê Văn Minh")
    page.click("#review-save")
    expect(page.locator("#review-message")).to_contain_text("Đã lưu")
    expect(page.get_by_role("dialog")).to_be_hidden()
    found = rows_of(url, "SELECT verdict, first, last, note FROM core.observation_review")
    assert [(row["verdict"], row["note"]) for row in found] == [("bad", "xe tải nổ máy cạnh trạm")]
    assert (found[0]["last"] - found[0]["first"]) == timedelta(hours=4)
    page.locator("#note-form summary").click()
    page.fill("#note-at", f"{DAY} 09:30")
    page.click("#note-save")
    page.fill("#review-note", "thay bộ lọc")
    page.click("#review-save")
    expect(page.locator("#station-log")).to_contain_text("thay bộ lọc")
    expect(page.locator("#station-log")).to_contain_text(f"{DAY} 09:30")


def test_a_dialog_closes_by_escape_and_stores_nothing(desk: tuple[Page, str]) -> None:
    page, url = desk
    page.goto("/stations/air_observation/KK01")
    page.locator("#section-quality").scroll_into_view_if_needed()
    page.locator("#note-form summary").click()
    page.fill("#note-at", f"{DAY} 09:30")
    page.click("#note-save")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("#review-note")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert rows_of(url, "SELECT 1 FROM core.station_note") == []
