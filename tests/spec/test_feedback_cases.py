"""The way of a report: taken in, checked, handled, answered, rated; who sees what; two at once; a killed process."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from helpers.databases import Databases
from helpers.ingest import load, query, scalar
from PIL import Image
from sqlalchemy import text

from ingest.jobs import run_job
from spatial.access import OPERATOR, PUBLIC, connect
from spatial.errors import CaseChanged, ReportRefused, StepNotAllowed, UnknownCase
from spatial.feedback.actions import act, allowed
from spatial.feedback.intake import NewReport, Receipt, check_place, near_cases, submit
from spatial.feedback.photos import photo_path, publish_photo
from spatial.feedback.rules import regulation
from spatial.feedback.secrets import verify_secret
from spatial.queries import feedback_cases
from spatial.queries.statements import Row

pytestmark = pytest.mark.usefixtures("province")
NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def province(databases: Databases, province_template: str) -> Iterator[str]:
    """The mini province to write in, one for all of these tests: each sends reports of its own."""
    with databases.temporary("feedback", province_template) as url:
        yield url


def commune(number: int = 0) -> Row:
    rows = query(
        "SELECT id, code, name, core.unit_name(type_vi, name) AS full_name, ST_X(label_point) AS lon,"
        " ST_Y(label_point) AS lat FROM core.admin_unit WHERE level = 'commune' AND valid_to IS NULL ORDER BY code"
    )
    return dict(rows[number]._mapping)


def report(place: Row, content: str = "Mặt đường có ổ gà rất sâu", **given: Any) -> NewReport:
    values: dict[str, Any] = {"category": "infrastructure", "lon": place["lon"] + 0.0007, "lat": place["lat"]}
    return NewReport(content=content, **(values | given))


def send(one: NewReport, now: datetime = NOW) -> Receipt:
    with connect(OPERATOR) as conn:
        return submit(conn, report=one, now=now)


def do(
    code: str, action: str, role: Any = "operator", actor: str = "Trực ban", now: datetime = NOW, **given: Any
) -> Row:
    with connect(OPERATOR) as conn:
        return act(conn, code=code, action=action, actor=actor, role=role, now=now, **given)


def case_of(code: str, public: bool = False) -> Row:
    with connect(OPERATOR) as conn:
        found = feedback_cases.get_case(conn, code=code, public=public)
    assert found is not None
    return found


def picture(size: tuple[int, int] = (2400, 1200)) -> bytes:
    """A JPEG with a position and a camera in its EXIF."""
    image, out = Image.new("RGB", size, "grey"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "A telephone"
    exif[0x8825] = {1: "N", 2: (20.0, 17.0, 5.0)}
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


# ---------------------------------------------------------------- the whole way


def test_a_report_goes_from_the_citizen_to_the_unit_and_back() -> None:
    place = commune()
    receipt = send(report(place, phone="0912 345 678", photos=[picture()]))
    assert receipt.check.inside
    assert receipt.check.unit is not None
    assert receipt.check.unit["code"] == place["code"]
    do(receipt.code, "assign", title="Ổ gà trước chợ")
    unit = case_of(receipt.code)["handling_unit"]
    assert unit == "Sở Xây dựng"
    do(receipt.code, "accept", "unit", f"{unit} / Nguyễn Văn A")
    do(receipt.code, "resolve", "unit", unit, result="Đã vá", images=[picture()], now=NOW + timedelta(hours=3))
    after = do(
        receipt.code, "rate", "citizen", "Người dân", rating=5, solved=True, note="Cảm ơn", now=NOW + timedelta(days=1)
    )
    assert (after["state"], after["rating"], after["solved"], after["late"]) == ("closed", 5, True, False)
    assert after["reporter_phone"] == "0912345678"
    with connect(OPERATOR) as conn:
        steps = feedback_cases.timeline(conn, code=receipt.code, public=True)
        assert verify_secret(conn, code=receipt.code, secret=receipt.secret.lower())
        assert not verify_secret(conn, code=receipt.code, secret="A" * 10)
        assert not verify_secret(conn, code="PA0000", secret=receipt.secret)
    assert [s["action"] for s in steps] == ["submit", "assign", "accept", "resolve", "rate"]
    run_job("feedback")
    received = scalar(
        "SELECT received FROM derived.feedback_period WHERE unit_id = :id AND period = '2026-11-01'"
        " AND category = 'infrastructure' AND handling_unit = 'Sở Xây dựng'",
        id=place["id"],
    )
    assert received >= 1


def test_codes_of_a_month_run_on_and_nobody_gets_the_same() -> None:
    place, codes = commune(), list[str]()

    def one() -> None:
        codes.append(send(report(place)).code)

    several = [threading.Thread(target=one) for _ in range(6)]
    for thread in several:
        thread.start()
    for thread in several:
        thread.join()
    numbers = sorted(int(code.removeprefix("PA2611")) for code in codes)
    assert numbers == list(range(numbers[0], numbers[0] + 6))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"lon": 100.0}, "ngoài địa bàn"),
        ({"content": "Hỏng"}, "quá ngắn"),
        ({"content": "x" * 5000}, "quá dài"),
        ({"category": "weather"}, "lĩnh vực"),
        ({"phone": "12-ab"}, "Số điện thoại"),
        ({"email": "không"}, "thư điện tử"),
        ({"lon": None, "lat": None}, "đặt ghim"),
        ({"photos": [b"no picture"]}, "không phải là ảnh"),
        ({"photos": [picture((8, 8))] * 5}, "Nhiều nhất 4 ảnh"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ReportRefused, match=said):
        send(report(commune(), **given))


def test_words_of_danger_make_a_report_an_emergency() -> None:
    receipt = send(report(commune(), "Cây đổ chắn ngang đường, rất nguy hiểm"))
    assert receipt.due_at - NOW == timedelta(hours=24)
    assert send(report(commune(), "Phường đang chạy thử trạm bơm")).due_at - NOW > timedelta(days=5)


# ---------------------------------------------------------------- place


def test_a_pin_elsewhere_than_the_words_say_is_marked() -> None:
    here, there = commune(0), commune(1)
    said = send(report(here, f"Đường hỏng ở {there['full_name']}"))
    assert case_of(said.code)["pin_check"] == "disagrees"
    assert case_of(said.code)["text_unit_name"] == there["full_name"]
    assert case_of(send(report(here, f"Đường hỏng ở {here['full_name'].upper()}")).code)["pin_check"] == "agrees"


def test_the_old_name_of_a_place_agrees_with_a_pin_on_its_ground() -> None:
    old = query(
        "SELECT core.unit_name(type_vi, name) AS full_name, ST_X(label_point) AS lon, ST_Y(label_point) AS lat"
        " FROM core.admin_unit old WHERE level = 'commune' AND valid_to = '2025-07-01' AND NOT EXISTS (SELECT FROM"
        " core.admin_unit u WHERE u.name = old.name AND u.id <> old.id) ORDER BY code LIMIT 1"
    )[0]
    with connect(OPERATOR) as conn:
        check = check_place(conn, lon=old.lon, lat=old.lat, text=f"gần trụ sở cũ {old.full_name}", now=NOW)
    assert [unit["full_name"] for unit in check.named] == [old.full_name]
    assert (check.inside, check.disagrees) == (True, False)


def test_a_report_without_a_pin_lies_in_the_middle_of_the_commune_it_names() -> None:
    place = commune()
    case = case_of(send(report(place, f"Mất nước ở {place['full_name']}", lon=None, lat=None)).code)
    assert (case["pin_check"], case["commune_code"]) == ("no_pin", place["code"])


def test_reports_of_a_field_within_a_hundred_metres_are_shown_to_each_other() -> None:
    place = commune()
    first = send(report(place, category="flooding"))
    second = send(report(place, category="flooding", lon=place["lon"] + 0.0012))  # 52 m east
    send(report(place, category="flooding", lon=place["lon"] + 0.0030))  # 240 m
    send(report(place, category="lighting"))
    assert [near["tracking_code"] for near in second.check.near] == [first.code]
    assert second.check.near[0]["distance_m"] == pytest.approx(52, abs=2)
    with connect(OPERATOR) as conn:
        late = near_cases(conn, lon=place["lon"], lat=place["lat"], category="flooding", now=NOW + timedelta(60))
    assert late == []


def test_a_personal_field_is_published_on_a_grid_in_its_own_commune() -> None:
    grid = regulation().privacy.grid_degrees
    for number in range(4):
        place = commune(number)
        case = case_of(send(report(place, category="noise")).code)
        assert (case["lon"], case["lat"]) != (case["exact_lon"], case["exact_lat"])
        assert case["lon"] / grid == pytest.approx(round(case["lon"] / grid), abs=1e-6)
        assert case["commune_code"] == place["code"]
    before = query("SELECT key, unit_ids FROM layer.feedback ORDER BY key")
    run_job("place")
    assert query("SELECT key, unit_ids FROM layer.feedback ORDER BY key") == before
    moved = do(case["tracking_code"], "set_category", category="infrastructure")
    assert (moved["lon"], moved["lat"]) == (moved["exact_lon"], moved["exact_lat"])


# ---------------------------------------------------------------- who sees what


def test_nobody_outside_sees_a_report_before_it_was_checked() -> None:
    place = commune()
    receipt = send(report(place, "Ông Nguyễn Văn B nợ tôi, số 0912345678", name="Trần Thị C", phone="0912345678"))
    shown = case_of(receipt.code, public=True)
    assert {shown[name] for name in ("title", "content", "lon", "result") if name in shown} == {None}
    assert shown["state"] == "received"
    with connect(PUBLIC) as conn:
        assert (
            conn.execute(text("SELECT count(*) FROM layer.feedback WHERE key = :k"), {"k": receipt.code}).scalar() == 0
        )
    do(receipt.code, "assign")
    with connect(PUBLIC) as conn:
        row = conn.execute(text("SELECT * FROM layer.feedback WHERE key = :k"), {"k": receipt.code}).one()
    assert "Trần Thị C" not in str(row)
    assert "0912345678" not in str(row) + str(case_of(receipt.code, public=True))


@pytest.mark.parametrize(("action", "shown"), [("reject", "result"), ("mark_duplicate", "duplicate_of")])
def test_of_a_refused_report_only_the_reason_is_public(action: str, shown: str) -> None:
    first, second = send(report(commune())), send(report(commune()))
    do(second.code, action, note="Không thuộc phạm vi", duplicate_of=first.code)
    case = case_of(second.code, public=True)
    assert case[shown] in ("Không thuộc phạm vi", first.code)
    assert case["title"] is None
    with connect(PUBLIC) as conn:
        assert (
            conn.execute(text("SELECT count(*) FROM layer.feedback WHERE key = :k"), {"k": second.code}).scalar() == 0
        )


def test_internal_steps_stay_inside() -> None:
    code = send(report(commune())).code
    do(code, "assign")
    do(code, "note", note="Gọi lại ông B")
    with connect(OPERATOR) as conn:
        public = feedback_cases.timeline(conn, code=code, public=True)
        staff = feedback_cases.timeline(conn, code=code, public=False)
    assert "Gọi lại ông B" not in str(public)
    assert "Gọi lại ông B" in str(staff)


def test_a_photo_loses_where_and_with_what_it_was_taken_and_waits_for_someone_to_look() -> None:
    code = send(report(commune(), photos=[picture()])).code
    do(code, "assign")
    with connect(OPERATOR) as conn:
        (photo,) = feedback_cases.photos(conn, code=code, public=False)
        assert feedback_cases.photos(conn, code=code, public=True) == []
        publish_photo(conn, photo_id=photo["id"], public=True)
        assert len(feedback_cases.photos(conn, code=code, public=True)) == 1
    with Image.open(photo_path(photo["sha256"])) as stored:
        assert dict(stored.getexif()) == {}
        assert stored.size == (photo["width"], photo["height"]) == (1600, 800)


# ---------------------------------------------------------------- steps


def test_a_duplicate_points_to_a_case_that_stands_for_itself() -> None:
    first, second, third = (send(report(commune())).code for _ in range(3))
    do(second, "mark_duplicate", duplicate_of=first)
    with pytest.raises(StepNotAllowed, match=first):
        do(third, "mark_duplicate", duplicate_of=second)
    with pytest.raises(StepNotAllowed, match="chính nó"):
        do(third, "mark_duplicate", duplicate_of=third)
    with pytest.raises(UnknownCase):
        do("PA9999", "note", note="x")


def test_a_refused_step_leaves_nothing_behind() -> None:
    code = send(report(commune())).code
    before = query("SELECT count(*) FROM layer.feedback_event")
    with pytest.raises(StepNotAllowed):
        do(code, "assign", to_unit="Sở Không Có")
    assert query("SELECT count(*) FROM layer.feedback_event") == before
    assert case_of(code)["state"] == "received"


def test_what_a_field_of_the_commune_needs_goes_to_its_committee() -> None:
    place = commune(2)
    code = send(report(place, category="urban_order")).code
    assert do(code, "assign")["handling_unit"] == f"UBND {place['full_name']}"


def test_of_two_who_act_at_once_the_second_is_told() -> None:
    code = send(report(commune())).code
    start, told = threading.Barrier(2), list[str]()

    def reject(note: str) -> None:
        start.wait()
        try:
            do(code, "reject", note=note)
            told.append("done")
        except CaseChanged as error:
            told.append(str(error))

    both = [threading.Thread(target=reject, args=(note,)) for note in ("trống", "ngoài phạm vi")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert told.count("done") == 1
    assert any("tải lại trang" in said for said in told)
    assert (
        scalar("SELECT count(*) FROM layer.feedback_event WHERE tracking_code = :c AND action = 'reject'", c=code) == 1
    )


DYING = """
import sys, time
from datetime import UTC, datetime
from spatial.access import OPERATOR, connect
from spatial.feedback.actions import act
with connect(OPERATOR) as conn:
    act(conn, code=sys.argv[1], action="reject", actor="Trực ban", role="operator", now=datetime.now(UTC), note="x")
    print("written", flush=True)
    time.sleep(600)
"""


def test_a_process_killed_in_the_middle_of_a_step_leaves_the_case_as_it_was() -> None:
    code = send(report(commune())).code
    with subprocess.Popen([sys.executable, "-c", DYING, code], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "written\n"
        worker.kill()
    assert case_of(code)["state"] == "received"
    assert do(code, "assign")["state"] == "assigned"


def test_a_case_nobody_rates_closes_when_the_window_has_passed() -> None:
    code = send(report(commune()), now=NOW - timedelta(days=30)).code
    do(code, "assign", now=NOW - timedelta(days=30))
    do(code, "resolve", result="Đã vá", now=datetime.now(UTC) - timedelta(days=8))
    run_job("feedback")
    assert case_of(code)["state"] == "closed"
    with connect(OPERATOR) as conn:
        assert feedback_cases.timeline(conn, code=code, public=True)[-1]["action"] == "close"
        assert allowed(case_of(code), "citizen", now=datetime.now(UTC)) == []


# ---------------------------------------------------------------- lists


def test_lists_and_counts_say_the_same_for_every_filter() -> None:
    place = commune()
    code = send(report(place, "Đường lầy lội ở bến đò"), now=NOW - timedelta(days=20)).code
    send(report(place, category="trees"))
    asked: list[dict[str, Any]] = [
        {}, {"state": "received"}, {"category": "trees"}, {"unit_id": place["id"]}, {"overdue": True},
        {"overdue": False}, {"query": "lay loi"}, {"query": code[-4:]}, {"public": True}, {"handling_unit": "Sở Y tế"},
        {"level": "ordinary", "received_from": NOW},
    ]  # fmt: skip
    with connect(OPERATOR) as conn:
        for filters in asked:
            rows = feedback_cases.list_cases(conn, limit=10_000, now=NOW, **filters)
            assert len(rows) == feedback_cases.count_cases(conn, now=NOW, **filters), filters
        assert [row["tracking_code"] for row in feedback_cases.list_cases(conn, query="lầy lội")] == [code]
        assert feedback_cases.list_cases(conn, query="lầy lội", public=True) == []
        late = feedback_cases.list_cases(conn, overdue=True, order="due", now=NOW, limit=10_000)
    assert code in [row["tracking_code"] for row in late]
    assert all(row["late"] for row in late)


# ---------------------------------------------------------------- files of the hotline


def hotline(tmp_path: Any, *rows: str) -> Any:
    file = tmp_path / "feedback.csv"
    head = "MA_PA,LINH_VUC,TIEU_DE,TRANG_THAI,DON_VI,KENH,TIEP_NHAN,longitude,latitude,NOI_DUNG"
    file.write_text("\n".join([head, *rows]), "utf-8")
    return file


def test_a_file_of_the_hotline_gets_deadlines_cases_and_checks(tmp_path: Any) -> None:
    here, there = commune(0), commune(1)
    at = f"{here['lon']},{here['lat']}"
    file = hotline(
        tmp_path,
        f"HL-1,infrastructure,Hỏng tại {there['full_name']},assigned,Sở Xây dựng,hotline,2026-11-16 09:00:00,{at},a",
        f"HL-2,noise,Hát karaoke,received,Trung tâm IOC,hotline,2026-11-20 20:00:00,{at},b",
    )
    assert load("feedback", file).inserted == 2
    first, second = case_of("HL-1"), case_of("HL-2")
    assert first["due_at"] == datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert first["first_due_at"] == datetime(2026, 11, 17, 2, tzinfo=UTC)
    assert (first["level"], first["pin_check"]) == ("ordinary", "disagrees")
    assert second["due_at"] == datetime(2026, 11, 27, 10, tzinfo=UTC)  # begun on Monday morning: ends on Friday evening
    assert (second["exact_lon"], second["exact_lat"]) == pytest.approx((here["lon"], here["lat"]), abs=1e-6)
    assert second["lon"] != second["exact_lon"]
    again = load("feedback", file, force=True)
    assert (again.inserted, again.updated) == (0, 0)


def test_a_file_does_not_undo_the_level_and_deadline_the_centre_has_set(tmp_path: Any) -> None:
    here = commune()
    row = f"HL-3,trees,Cây nghiêng,{{}},Sở Xây dựng,hotline,2026-11-16 09:00:00,{here['lon']},{here['lat']},a"
    load("feedback", hotline(tmp_path, row.format("assigned")))
    due = do("HL-3", "set_level", level="emergency")["due_at"]
    load("feedback", hotline(tmp_path, row.format("in_progress")))
    after = case_of("HL-3")
    assert (after["state"], after["level"], after["due_at"]) == ("in_progress", "emergency", due)
