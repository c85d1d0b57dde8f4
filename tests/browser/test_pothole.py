"""A pothole, from the phone of who saw it to the public figures: sent, seen by the right unit, answered, rated."""

from __future__ import annotations

import io
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from georeport import GeoReport
from helpers.databases import Databases, environment
from helpers.reports import EMAIL, NAME, PHONE, POTHOLE, commune_points, phone_photo
from helpers.servers import running_server
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from ingest.jobs_feedback import work_on_feedback
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.feedback.actions import act
from spatial.feedback.photos import photo_path, publish_photo
from spatial.progress import silent
from spatial.queries import feedback_cases
from spatial.settings import data_settings

pytestmark = pytest.mark.browser

UNIT = "Sở Xây dựng"
RESULT = "Đã vá ổ gà bằng bê tông nhựa, kẻ lại vạch sơn."


@pytest.fixture(scope="module")
def town(databases: Databases, province_template: str) -> Iterator[str]:
    """A copy of the province in which this module reports. Its URL."""
    name = databases.create("town", province_template)
    url = databases.url(name)
    with environment(DATABASE_URL=url):
        work_on_feedback(silent)
    yield url
    databases.drop(name)


@pytest.fixture(scope="module")
def server(town: str) -> Iterator[str]:
    """A server of its own on that copy."""
    with running_server(town, data_settings().root / "town.log", GEOIOC_CITIZEN_REPORTS_PER_HOUR="1000") as url:
        yield url


@pytest.fixture
def places(town: str) -> list[dict[str, Any]]:
    """Points inside two communes."""
    with environment(DATABASE_URL=town), connect(SYSTEM) as conn:
        return commune_points(conn)


@pytest.fixture
def phone(browser: Browser, server: str, places: list[dict[str, Any]]) -> Iterator[Page]:
    """A phone that stands in the first commune and may tell its position."""
    context = browser.new_context(
        base_url=server, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 390, "height": 844},
        device_scale_factor=2, is_mobile=True, has_touch=True, permissions=["geolocation"],
        geolocation={"longitude": places[0]["lon"], "latitude": places[0]["lat"], "accuracy": 12},
    )  # fmt: skip
    tab = context.new_page()
    errors: list[Any] = []
    tab.on("pageerror", lambda error: errors.append(error))
    tab.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    yield tab
    expect.set_options(timeout=5_000)
    context.close()
    assert errors == [], "a script threw an error"


def open_form(page: Page) -> None:
    page.goto("/phan-anh")
    ready(page)


def ready(page: Page) -> None:
    """The form listens, and the communes are there."""
    expect(page.locator("html[data-form=ready][data-ground=drawn]")).to_be_attached(timeout=20_000)


def choose_road(page: Page) -> None:
    page.fill("#category-query", "o ga")
    expect(page.locator(".category:visible")).to_have_count(1)
    page.locator(".category:visible").tap()


def fill_in(page: Page, place: dict[str, Any]) -> None:
    """Everything of the form: pin by position, field by a word, text, photo, contact."""
    open_form(page)
    page.tap("#locate")
    expect(page.locator("#pin-said")).to_contain_text(place["name"])
    choose_road(page)
    page.fill("#content", POTHOLE)
    page.set_input_files("#photo-files input", {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": phone_photo()})
    expect(page.locator("#photos img")).to_have_count(1)
    page.fill("#name", NAME)
    page.fill("#phone", PHONE)
    page.check("#consent")


def receipt(page: Page) -> tuple[str, str]:
    """Tracking code and private link after sending."""
    expect(page.locator("#receipt")).to_be_visible()
    link = page.locator("#receipt-open").get_attribute("href")
    assert link is not None
    return page.locator("#receipt-code").inner_text(), link


def by_the_unit(town: str, code: str) -> None:
    """What the centre and the unit do: sent on, accepted, repaired with a photo that shows nobody."""
    with environment(DATABASE_URL=town), connect(OPERATOR) as conn:
        assert code in [row["tracking_code"] for row in feedback_cases.list_cases(conn, state="received")]
        deed: dict[str, Any] = {"conn": conn, "code": code, "now": datetime.now(UTC)}
        act(action="assign", actor="Trung tâm IOC", role="operator", title="Ổ gà giữa đường", **deed)
        inbox = feedback_cases.list_cases(conn, handling_unit=UNIT, state="assigned")
        assert code in [row["tracking_code"] for row in inbox], "the unit that mends roads has it"
        act(action="accept", actor=UNIT, role="unit", **deed)
        act(action="resolve", actor=UNIT, role="unit", result=RESULT, images=[phone_photo((640, 480))], **deed)
        for photo in feedback_cases.photos(conn, code=code, public=False):
            publish_photo(conn, photo_id=photo["id"], public=True)


def at_the_desk(desk: Page, code: str) -> None:
    """The same on the screen of the staff: the centre sends it on, the unit finds it and mends the road."""
    desk.set_viewport_size({"width": 1366, "height": 768})
    desk.goto("/feedback")
    desk.locator(f"li[data-case='{code}'] > a").click()
    expect(desk.locator(".desk-reporter")).to_contain_text(NAME)
    step(desk, "assign", to_unit=UNIT)
    expect(desk.locator(".desk-case .fb-state").first).to_contain_text("Đã chuyển xử lý")
    desk.select_option("#desk-who", f"unit:{UNIT}")
    expect(desk.locator(".desk-reporter")).not_to_contain_text(NAME)
    step(desk, "accept")
    expect(desk.locator(".desk-case .fb-state").first).to_contain_text("Đang xử lý")
    after = {"name": "sau.jpg", "mimeType": "image/jpeg", "buffer": phone_photo((640, 480))}
    step(desk, "resolve", photo=after, result=RESULT)
    expect(desk.locator(".desk-case .fb-state").first).to_contain_text("Đã xử lý")
    desk.select_option("#desk-who", "operator")
    for n in (1, 2):
        desk.locator(".desk-photos figure:not(.is-public) [data-photo]").first.click()
        expect(desk.locator(".desk-photos figure.is-public")).to_have_count(n)


def step(desk: Page, deed: str, *, photo: Any = None, **fields: str) -> None:
    """Press a step's button, fill in its form and send it."""
    desk.locator(f".evidence-actions [data-deed='{deed}']").click()
    desk.fill("#deed-name", "Lê Thị Hoa")
    for field, value in fields.items():
        if field == "to_unit":
            desk.select_option(f"#deed-{field}", value)
        else:
            desk.fill(f"#deed-{field}", value)
    if photo is not None:
        desk.set_input_files("#deed-photo", photo)
    desk.click("#deed-go")
    expect(desk.locator("#deed[open]")).to_have_count(0)


def figures(page: Page) -> dict[str, str]:
    page.goto("/phan-anh/danh-sach")
    return {
        name: page.locator(f"#figure-{name} b").inner_text()
        for name in ("received", "processed", "satisfied")
        if page.locator(f"#figure-{name}").count()
    }


def rated(page: Page) -> int:
    page.goto("/phan-anh/danh-sach")
    note = page.locator("#figure-satisfied small")
    found = re.search(r"\d+", note.inner_text()) if note.count() else None
    return int(found[0]) if found else 0


def roll_up(town: str) -> None:
    with environment(DATABASE_URL=town):
        work_on_feedback(silent)


def test_a_pothole_goes_from_the_phone_to_the_public_figures(
    phone: Page, page: Page, town: str, places: list[dict[str, Any]]
) -> None:
    roll_up(town)  # what other tests sent counts before, not now
    before, rated_before = figures(phone), rated(phone)

    fill_in(phone, places[0])
    phone.tap("#send")
    code, link = receipt(phone)
    assert (
        "thứ" in phone.locator("#receipt-facts").inner_text()
        or "Chủ nhật" in phone.locator("#receipt-facts").inner_text()
    )

    phone.goto(link)
    expect(phone.locator(".case-sentence")).to_have_text("Đã tiếp nhận, đang chờ kiểm tra.")
    expect(phone.locator("main")).to_contain_text(POTHOLE)

    at_the_desk(page, code)
    phone.reload()
    expect(phone.locator(".case-sentence")).to_have_text(f"{UNIT} đã xử lý.")
    expect(phone.locator(".result")).to_contain_text(RESULT)
    expect(phone.locator(".photo-strip img")).to_have_count(2)

    phone.locator(".stars label").nth(4).tap()
    phone.locator(".yes-no label").first.tap()
    phone.locator("form[action*='danh-gia'] button").tap()
    expect(phone.locator(".box-good")).to_contain_text("Cảm ơn")
    expect(phone.locator(".result")).to_contain_text("5/5")

    roll_up(town)
    after = figures(phone)
    number = lambda shown: int(shown.replace(".", ""))  # noqa: E731
    assert number(after["received"]) == number(before.get("received", "0")) + 1
    assert number(after["processed"]) == number(before.get("processed", "0")) + 1
    assert rated(phone) == rated_before + 1
    expect(phone.locator(f".cases a[href='/phan-anh/{code}']")).to_contain_text("Hạ tầng đô thị")


def test_nobody_else_sees_who_reported_what_in_which_words_and_where_the_phone_was(
    phone: Page, town: str, server: str, places: list[dict[str, Any]]
) -> None:
    fill_in(phone, places[0])
    phone.fill("#email", EMAIL)
    phone.tap("#send")
    code, _ = receipt(phone)
    by_the_unit(town, code)

    public = [f"/phan-anh/{code}", "/phan-anh/danh-sach", f"/open311/v2/requests/{code}.json",
              f"/open311/v2/requests/{code}.xml", "/phan-anh/diem.json"]  # fmt: skip
    for address in public:
        with urllib.request.urlopen(server + address) as answer:
            said = answer.read().decode()
        assert code in said
        for secret in (NAME, PHONE, EMAIL, POTHOLE):
            assert secret not in said, address

    with environment(DATABASE_URL=town), connect(OPERATOR) as conn:
        stored = feedback_cases.photos(conn, code=code, public=False)
    for photo in stored:
        picture = Image.open(io.BytesIO(photo_path(photo["sha256"]).read_bytes()))
        assert not picture.getexif(), "nothing of what the camera wrote is left"
        assert max(picture.size) <= 1600


def test_the_same_through_open311(phone: Page, town: str, server: str, places: list[dict[str, Any]]) -> None:
    """Written as the specification says (the client library only reads), read by a client that is not ours."""
    roll_up(town)  # what other tests sent counts before, not now
    before, rated_before = figures(phone), rated(phone)
    fields = {
        "service_code": "infrastructure", "lat": places[0]["lat"], "long": places[0]["lon"], "description": POTHOLE,
        "first_name": "Bình", "last_name": "Nguyễn Văn", "phone": PHONE, "email": EMAIL,
    }  # fmt: skip
    body = urllib.parse.urlencode(fields).encode()
    with urllib.request.urlopen(f"{server}/open311/v2/requests.json", data=body) as answer:
        [record] = json.load(answer)
    code = record["service_request_id"]
    link = re.search(r"\S+\?s=\S+", record["service_notice"])
    assert link

    client = GeoReport(f"{server}/open311/v2")
    assert "infrastructure" in [service["service_code"] for service in client.get_service_list()]
    assert client.get_service_request(code)["status"] == "open"
    assert code not in [one["service_request_id"] for one in client.get_service_requests()], "nobody has looked at it"

    by_the_unit(town, code)
    told = client.get_service_request(code)
    assert (told["status"], told["status_notes"], told["agency_responsible"]) == ("closed", RESULT, UNIT)
    with urllib.request.urlopen(server + urllib.parse.urlsplit(told["media_url"]).path) as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"
    assert code in [one["service_request_id"] for one in client.get_service_requests(status="closed")]
    as_xml = GeoReport(f"{server}/open311/v2", output_format="xml").get_service_request(code)
    assert {name: as_xml[name] for name in ("service_request_id", "status", "status_notes")} == {
        name: told[name] for name in ("service_request_id", "status", "status_notes")
    }

    address = urllib.parse.urlsplit(link[0])
    phone.goto(f"{address.path}?{address.query}")
    phone.locator(".stars label").nth(3).tap()
    phone.locator(".yes-no label").first.tap()
    phone.locator("form[action*='danh-gia'] button").tap()
    expect(phone.locator(".result")).to_contain_text("4/5")

    roll_up(town)
    number = lambda shown: int(shown.replace(".", ""))  # noqa: E731
    assert number(figures(phone)["received"]) == number(before.get("received", "0")) + 1
    assert rated(phone) == rated_before + 1


def test_a_lost_network_loses_nothing_and_sending_again_makes_one_report(
    phone: Page, town: str, places: list[dict[str, Any]]
) -> None:
    fill_in(phone, places[0])
    # The report arrives, but its answer is lost on the way.
    phone.route("**/phan-anh/gui*", lambda route: (route.fetch(), route.abort()))
    phone.tap("#send")
    expect(phone.locator("#problem")).to_contain_text("vẫn còn đây")
    expect(phone.locator("#send")).to_have_text("Gửi lại")
    phone.unroute("**/phan-anh/gui*")

    phone.wait_for_timeout(500)
    phone.reload()
    ready(phone)
    expect(phone.locator("#content")).to_have_value(POTHOLE)
    expect(phone.locator("#photos img")).to_have_count(1)
    expect(phone.locator("#pin-said")).to_contain_text(places[0]["name"])

    with environment(DATABASE_URL=town), connect(OPERATOR) as conn:
        there = feedback_cases.count_cases(conn)
    phone.tap("#send")
    code, link = receipt(phone)
    with environment(DATABASE_URL=town), connect(OPERATOR) as conn:
        assert feedback_cases.count_cases(conn) == there, "it had arrived the first time"
    phone.goto(link)
    expect(phone.locator("main")).to_contain_text(POTHOLE)
    expect(phone.locator(".case-code")).to_have_text(code)


def test_a_pin_outside_the_province_is_said_at_once_and_not_sent(phone: Page) -> None:
    phone.context.set_geolocation({"longitude": 108.2, "latitude": 16.05, "accuracy": 10})
    open_form(phone)
    phone.tap("#locate")
    expect(phone.locator("#pin-said")).to_contain_text("ngoài")
    choose_road(phone)
    phone.fill("#content", POTHOLE)
    phone.tap("#send")
    expect(phone.locator("#problem-place")).to_contain_text("ngoài")
    expect(phone.locator("#receipt")).to_be_hidden()


def test_words_that_name_another_commune_are_asked_back_before_sending(
    phone: Page, places: list[dict[str, Any]]
) -> None:
    open_form(phone)
    phone.tap("#locate")
    phone.fill("#place-text", f"cổng chợ {places[1]['full_name']}")
    choose_road(phone)
    phone.fill("#content", f"{POTHOLE} Chỗ này ở {places[1]['full_name']}.")
    phone.locator("#content").blur()
    question = phone.locator("#check .is-warn")
    expect(question).to_contain_text(places[1]["full_name"])
    expect(question).to_contain_text(places[0]["full_name"])
    phone.tap("#send")
    expect(phone.locator("#problem-place")).to_contain_text("trả lời câu hỏi")
    question.get_by_role("button").first.tap()
    expect(question).to_have_count(0)
    phone.tap("#send")
    receipt(phone)


def test_a_report_like_it_nearby_is_shown_before_sending(phone: Page, town: str, places: list[dict[str, Any]]) -> None:
    fill_in(phone, places[0])
    phone.tap("#send")
    code, _ = receipt(phone)
    with environment(DATABASE_URL=town), connect(OPERATOR) as conn:
        act(conn, code=code, action="assign", actor="Trung tâm IOC", role="operator", now=datetime.now(UTC))
    open_form(phone)
    phone.tap("#locate")
    choose_road(phone)
    phone.fill("#content", POTHOLE)
    phone.locator("#content").blur()
    expect(phone.locator(f"#check a[href='/phan-anh/{code}']")).to_be_visible()


def test_the_form_can_be_sent_with_the_keyboard_alone(page: Page, places: list[dict[str, Any]]) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.set_default_timeout(20_000)
    open_form(page)
    page.locator("#place-query").focus()
    page.keyboard.type(places[0]["name"])
    expect(page.locator("#place-found [role=option]").first).to_be_visible(timeout=20_000)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#pin-centre")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#pin-said")).to_contain_text("Ghim ở")
    page.locator(".pin").focus()
    before = page.evaluate("JSON.stringify(document.querySelector('.pin')._leaflet_pos)")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("JSON.stringify(document.querySelector('.pin')._leaflet_pos)") != before
    page.locator("#category-query").focus()
    page.keyboard.type("pothole")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("input[name=category]:checked")).to_have_value("infrastructure")
    page.locator("#content").focus()
    page.keyboard.type(POTHOLE)
    page.locator("#send").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#receipt")).to_be_focused(timeout=20_000)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_public_pages_keep_the_accessibility_rules_and_fit_a_phone(page: Page, town: str, look: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_init_script(f"localStorage.setItem('geoioc.look', '{look}')")
    with environment(DATABASE_URL=town), connect(OPERATOR) as conn:
        code = feedback_cases.list_cases(conn, public=True, limit=1)[0]["tracking_code"]
    for address in ("/phan-anh", "/phan-anh?lang=en", "/phan-anh/danh-sach", f"/phan-anh/{code}", "/phan-anh/tra-cuu"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_the_form_is_light_enough_for_a_slow_phone(page: Page, tmp_path: Path) -> None:
    """Everything before the first touch, map and letters included, in compressed bytes."""
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    open_form(page)
    page.wait_for_load_state("networkidle")
    assert sum(sizes) < 400_000
