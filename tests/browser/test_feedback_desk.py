"""The feedback desk as an operator, a handling unit and a colleague use it; the statistics as a leader reads them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.databases import Databases, environment
from helpers.servers import running_server
from PIL import Image
from playwright.sync_api import Page, expect

from dash_app.i18n import say
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.feedback.actions import act
from spatial.feedback.intake import NewReport, submit
from spatial.feedback.units import sync_handling_units
from spatial.queries import feedback_cases
from spatial.settings import data_settings

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
UNIT = "Sở Xây dựng"
REPORTER = "Trần Thị Người Dân"


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A busy machine may take its time; what is expected must come all the same."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def desk(databases: Databases, province_template: str) -> Iterator[str]:
    """A copy of the province with its handling units. Its URL."""
    name = databases.create("feedback_desk", province_template)
    with environment(DATABASE_URL=databases.url(name)), connect(SYSTEM) as conn:
        sync_handling_units(conn)
    yield databases.url(name)
    databases.drop(name)


@pytest.fixture(scope="module")
def server(desk: str) -> Iterator[str]:
    """A server of its own on that copy."""
    with running_server(desk, data_settings().root / "feedback_desk.log") as url:
        yield url


@pytest.fixture
def code(desk: str) -> str:
    """Tracking code of a pothole just reported, in the middle of a commune."""
    with environment(DATABASE_URL=desk), connect(SYSTEM) as conn:
        lon, lat = conn.exec_driver_sql(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) AS p FROM core.admin_unit"
            " WHERE level = 'commune' AND valid_to IS NULL AND code = '40024') AS middle"
        ).one()
    with environment(DATABASE_URL=desk), connect(OPERATOR) as conn:
        report = NewReport(
            category="infrastructure", content="Ổ gà sâu giữa đường, xe máy đi rất nguy hiểm.", lon=lon, lat=lat,
            channel="web", name=REPORTER, phone="0912345678", title="Ổ gà sâu giữa đường",
        )  # fmt: skip
        return submit(conn, report=report, now=datetime.now(UTC) - timedelta(minutes=3)).code


def stored(desk: str, code: str) -> dict[str, Any]:
    with environment(DATABASE_URL=desk), connect(SYSTEM) as conn:
        row = feedback_cases.get_case(conn, code=code, public=False)
    assert row is not None
    return row


def go(page: Page, address: str, role: str = "operator") -> None:
    page.add_init_script(f"localStorage.setItem('geoioc.desk.role', {role!r})")
    page.goto(address)
    expect(page.locator("#desk-list .alert-lines, #desk-list .state").first).to_be_attached(timeout=30_000)


def do(page: Page, deed: str, name: str = "Lê Thị Hoa", **fields: str) -> None:
    """Press a step's button, fill in its form and send it."""
    page.locator(f".evidence-actions [data-deed='{deed}']").click()
    page.fill("#deed-name", name)
    for field, value in fields.items():
        if field == "to_unit":
            page.select_option(f"#deed-{field}", value)
        else:
            page.fill(f"#deed-{field}", value)
    page.click("#deed-go")


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "#557766").save(out, "JPEG")
    return out.getvalue()


def test_a_case_goes_from_the_inbox_to_its_result_with_a_photo(page: Page, desk: str, code: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    go(page, "/feedback")
    page.locator(f"li[data-case='{code}'] > a").click()
    expect(page.locator(f".desk-case[data-case='{code}']")).to_be_visible()
    expect(page.locator(".desk-reporter")).to_contain_text(REPORTER)
    do(page, "assign", to_unit=UNIT)
    expect(page.locator("#deed[open]")).to_have_count(0)
    expect(page.locator(".desk-case .evidence-marks .fb-state")).to_contain_text("Đã chuyển xử lý")
    assert stored(desk, code)["handling_unit"] == UNIT

    page.select_option("#desk-who", f"unit:{UNIT}")
    expect(page.locator(".desk-reporter")).to_contain_text(say("desk.reporter.hidden", "vi")[:40])
    expect(page.locator(".desk-case [data-deed='assign']")).to_have_count(0)
    do(page, "accept")
    expect(page.locator(".desk-case .evidence-marks .fb-state")).to_contain_text("Đang xử lý")

    page.locator(".evidence-actions [data-deed='resolve']").click()
    page.click("#deed-go")
    expect(page.locator("#deed-problem")).to_have_text(say("js.deed.need.result", "vi"))
    page.fill("#deed-result", "Đã vá ổ gà, mặt đường êm thuận.")
    page.set_input_files("#deed-photo", {"name": "sau.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    page.click("#deed-go")
    expect(page.locator(".desk-case .evidence-marks .fb-state")).to_contain_text("Đã xử lý")
    expect(page.locator(".desk-photos figure")).to_have_count(1)
    case = stored(desk, code)
    assert case["state"] == "resolved"
    assert case["result"] == "Đã vá ổ gà, mặt đường êm thuận."

    page.select_option("#desk-who", "operator")
    page.locator(".desk-photos [data-photo]").click()
    expect(page.locator(".desk-photos figure.is-public")).to_have_count(1)
    with environment(DATABASE_URL=desk), connect(SYSTEM) as conn:
        assert len(feedback_cases.photos(conn, code=code, public=True)) == 1


def test_whoever_is_slower_is_told_who_was_faster(page: Page, desk: str, code: str) -> None:
    go(page, f"/feedback/{code}")
    page.locator(".evidence-actions [data-deed='assign']").click()
    with environment(DATABASE_URL=desk), connect(OPERATOR) as conn:
        act(
            conn, code=code, action="reject", actor="Phạm Văn Nhanh", role="operator", note="Không đủ thông tin",
            now=datetime.now(UTC),
        )  # fmt: skip
    page.fill("#deed-name", "Lê Thị Hoa")
    page.select_option("#deed-to_unit", UNIT)
    page.click("#deed-go")
    expect(page.locator("#deed-problem")).to_contain_text("Phạm Văn Nhanh")
    expect(page.locator("#deed-problem")).to_contain_text("Từ chối tiếp nhận")
    assert stored(desk, code)["state"] == "rejected"


def test_marked_cases_are_assigned_together_after_a_confirmation(page: Page, desk: str, code: str) -> None:
    go(page, "/feedback?q=ổ+gà+sâu")
    page.locator(f"li[data-case='{code}'] .mark").click()
    page.click("#desk-assign-marked")
    expect(page.locator("#deed[open] #act-what li")).to_have_count(1)
    assert stored(desk, code)["state"] == "received"
    page.fill("#deed-name", "Lê Thị Hoa")
    page.select_option("#deed-to_unit", UNIT)
    page.click("#deed-go")
    expect(page.locator(f"li[data-case='{code}']")).to_have_count(0)
    assert stored(desk, code)["state"] == "assigned"


def test_filters_stand_in_the_address_and_come_back_from_it(page: Page, code: str) -> None:
    go(page, "/feedback?queue=all")
    page.select_option("#desk-filter-category", "infrastructure")
    page.fill("#desk-find", "o ga sau")
    page.wait_for_url("**category=infrastructure**q=o+ga+sau**")
    expect(page.locator(f"li[data-case='{code}']")).to_have_count(1)
    page.reload()
    expect(page.locator(f"li[data-case='{code}']")).to_have_count(1)
    assert page.locator("#desk-find").input_value() == "o ga sau"
    assert page.locator("#desk-filter-category").input_value() == "infrastructure"
    page.locator(".desk-clear").click()
    page.wait_for_url(lambda address: "category" not in address and "q=" not in address)


def test_the_list_is_walked_by_keyboard(page: Page, code: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    go(page, "/feedback?queue=all")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator("#desk-list li[data-case]").first
    expect(first.locator("a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f".desk-case[data-case='{first.get_attribute('data-case')}']")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".desk-case")).to_have_count(0)


def test_a_unit_sees_its_own_cases_only(page: Page, code: str) -> None:
    go(page, f"/feedback/{code}?queue=all", role="unit:Công ty Điện lực")
    expect(page.locator(".desk-detail .state")).to_contain_text(code)
    names = page.locator("#desk-list .line-holder > span:last-child").all_inner_texts()
    assert set(names) == {"Công ty Điện lực"}


@pytest.mark.parametrize("address", ["/feedback", "/feedback/{code}", "/feedback/statistics?month={month}"])
def test_the_screens_fit_a_telephone_and_can_be_read_by_everybody(page: Page, code: str, address: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(address.format(code=code, month=f"{datetime.now(UTC):%Y-%m}"))
    page.wait_for_function("!document.querySelector('.loading') && document.querySelector('#main')", timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
