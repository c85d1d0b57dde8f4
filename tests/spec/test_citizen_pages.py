"""What the public pages take, refuse and show, on a real database."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from helpers.databases import Databases, environment
from helpers.reports import EMAIL, NAME, PHONE, POTHOLE, commune_points, form, phone_photo
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dash_app.app import create_app
from dash_app.i18n import say
from dash_app.services import Services
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.feedback.actions import act
from spatial.feedback.photos import publish_photo
from spatial.feedback.sending import hash_address
from spatial.queries import feedback_cases
from spatial.settings import data_settings

WRONG_LINK = "AAAAAAAAAA"


@pytest.fixture(scope="module")
def town(databases: Databases, province_template: str) -> Iterator[str]:
    name = databases.create("citizens", province_template)
    with environment(DATABASE_URL=databases.url(name), GEOIOC_CITIZEN_REPORTS_PER_HOUR="100000",
                     GEOIOC_CITIZEN_REPORTS_PER_DAY="100000", GEOIOC_CITIZEN_MEGABYTES="2"):  # fmt: skip
        yield databases.url(name)
    databases.drop(name)


@pytest.fixture(scope="module")
def client(town: str) -> FlaskClient:
    return create_app(Services(), compress=False).server.test_client()


@pytest.fixture(scope="module")
def places(town: str) -> list[dict[str, Any]]:
    with connect(SYSTEM) as conn:
        return commune_points(conn)


def send(client: FlaskClient, values: dict[str, Any], *photos: bytes, **environ: str) -> tuple[int, dict[str, Any]]:
    files = [(io.BytesIO(photo), f"{index}.jpg") for index, photo in enumerate(photos)]
    answer = client.post("/phan-anh/gui", data=values | ({"photos": files} if files else {}), environ_base=environ)
    return answer.status_code, json.loads(answer.data)


def staff(code: str, *steps: dict[str, Any]) -> None:
    with connect(OPERATOR) as conn:
        for step in steps:
            act(conn, code=code, now=datetime.now(UTC), **step)


ASSIGN = {"action": "assign", "actor": "Trung tâm IOC", "role": "operator"}
ASK = {"action": "ask_citizen", "actor": "Sở Xây dựng", "role": "unit", "note": "Số nhà nào gần nhất?"}
RESOLVE = {"action": "resolve", "actor": "Sở Xây dựng", "role": "unit", "result": "Đã vá."}


def test_a_report_gets_a_code_a_private_link_and_deadlines(client: FlaskClient, places: list[dict[str, Any]]) -> None:
    status, told = send(client, form(places[0]), phone_photo((900, 600)))
    assert status == 201
    assert dict(told["facts"])["Nơi phản ánh"] == places[0]["full_name"]
    page = client.get(told["link"]).data.decode()
    assert POTHOLE in page
    assert "anh/" in page
    assert POTHOLE not in client.get(f"/phan-anh/{told['code']}").data.decode()


def test_the_same_key_gives_the_same_report_and_the_same_link(
    client: FlaskClient, places: list[dict[str, Any]]
) -> None:
    values = form(places[0])
    first, second = send(client, values), send(client, values | {"content": POTHOLE + " Lần hai."})
    assert (first[0], second[0]) == (201, 200)
    assert (first[1]["code"], first[1]["link"]) == (second[1]["code"], second[1]["link"])


def test_a_refused_report_leaves_its_key_free(client: FlaskClient, places: list[dict[str, Any]]) -> None:
    values = form(places[0])
    assert send(client, values, b"this is no photo")[0] == 400
    assert send(client, values, phone_photo((300, 200)))[0] == 201


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"lon": "", "lat": ""}, "place"), ({"lon": "nan"}, "place"), ({"lon": "108.2", "lat": "16.05"}, "place"),
        ({"category": "no_such"}, "category"), ({"content": "ngắn"}, "content"), ({"content": "x" * 5000}, "content"),
        ({"phone": PHONE}, "person"), ({"key": "short"}, ""), ({"website": "http://spam"}, ""),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_beside_its_part_of_the_form(
    client: FlaskClient, places: list[dict[str, Any]], changes: dict[str, str], part: str
) -> None:
    status, told = send(client, form(places[0], **changes))
    assert (status, told.get("field", "")) == (400, part)
    assert told["message"]


def test_a_text_that_names_another_place_needs_the_citizens_word(
    client: FlaskClient, places: list[dict[str, Any]]
) -> None:
    values = form(places[0], place_text=places[1]["full_name"])
    status, told = send(client, values)
    assert status == 400
    assert told["check"]["disagrees"]
    assert places[1]["full_name"] in told["message"]
    assert send(client, values | {"agreed": "yes"})[0] == 201


def test_too_many_photos_and_too_many_bytes_are_refused(client: FlaskClient, places: list[dict[str, Any]]) -> None:
    assert send(client, form(places[0]), *[phone_photo((200, 100))] * 4)[0] == 400
    assert send(client, form(places[0]), os.urandom(3_000_000))[0] == 413


def test_another_site_cannot_send_in_the_name_of_a_visitor(client: FlaskClient, places: list[dict[str, Any]]) -> None:
    for site, status in (("cross-site", 403), ("same-origin", 201)):
        answer = client.post("/phan-anh/gui", data=form(places[0]), headers={"Sec-Fetch-Site": site})
        assert answer.status_code == status


def test_an_address_has_a_limit_and_is_stored_under_no_name_of_its_own(
    client: FlaskClient, places: list[dict[str, Any]], town: str
) -> None:
    with environment(DATABASE_URL=town, GEOIOC_CITIZEN_REPORTS_PER_HOUR="2"):
        sent = [send(client, form(places[0]), REMOTE_ADDR="198.51.100.7") for _ in range(3)]
        assert [status for status, _ in sent] == [201, 201, 429]
        assert "2 phản ánh" in sent[2][1]["message"]
        assert send(client, form(places[0]), REMOTE_ADDR="198.51.100.8")[0] == 201
    with connect(SYSTEM) as conn:
        rows = conn.exec_driver_sql("SELECT DISTINCT address_hash FROM ops.feedback_intake").scalars().all()
    assert not [row for row in rows if "198.51" in row]


def test_neighbours_in_one_ipv6_network_share_a_limit_and_days_do_not_share_a_name(town: str) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert hash_address("2001:db8::1", now) == hash_address("2001:db8::ffff", now)
    assert hash_address("2001:db8::1", now) != hash_address("2001:db8:0:1::1", now)
    assert hash_address("192.0.2.1", now) != hash_address("192.0.2.1", now + timedelta(days=1))
    assert (data_settings().root / "citizen.key").stat().st_mode & 0o077 == 0


def test_only_the_private_link_opens_answering_rating_and_reopening(
    client: FlaskClient, places: list[dict[str, Any]]
) -> None:
    _, told = send(client, form(places[0]))
    code, secret = told["code"], told["link"].partition("?s=")[2]
    staff(code, ASSIGN, RESOLVE)
    rating = {"rating": "2", "solved": "no", "note": "Gọi tôi 0987654321", "s": WRONG_LINK}
    assert client.post(f"/phan-anh/{code}/danh-gia", data=rating).status_code == 403
    assert client.post(f"/phan-anh/{code}/danh-gia", data=rating | {"s": secret, "rating": "9"}).status_code == 400
    reopened = client.post(f"/phan-anh/{code}/phan-anh-lai", data={"note": "Vẫn còn, gọi 0987654321", "s": secret})
    assert reopened.status_code == 303
    with connect(OPERATOR) as conn:
        case = feedback_cases.get_case(conn, code=code, public=False)
    assert case is not None
    assert case["state"] == "reopened"
    assert "0987654321" not in client.get(f"/phan-anh/{code}").data.decode(), "nobody has read it over yet"
    assert "0987654321" in client.get(f"{told['link']}").data.decode()
    assert client.post(f"/phan-anh/{code}/danh-gia", data=rating | {"s": secret}).status_code == 409


def test_the_citizen_answers_a_question_and_the_clock_runs_again(
    client: FlaskClient, places: list[dict[str, Any]]
) -> None:
    _, told = send(client, form(places[0]))
    secret = told["link"].partition("?s=")[2]
    staff(told["code"], ASSIGN, ASK)
    assert "Số nhà nào gần nhất?" in client.get(told["link"]).data.decode()
    answer = client.post(
        f"/phan-anh/{told['code']}/tra-loi", data={"note": "Số 12", "s": secret}, follow_redirects=True
    )
    assert "Đã gửi trả lời" in answer.data.decode()
    with connect(OPERATOR) as conn:
        case = feedback_cases.get_case(conn, code=told["code"], public=False)
    assert case is not None
    assert case["paused_since"] is None


def test_a_photo_is_for_its_reporter_until_somebody_lets_it_out(
    client: FlaskClient, places: list[dict[str, Any]]
) -> None:
    _, told = send(client, form(places[0]), phone_photo((512, 300)))
    code, secret = told["code"], told["link"].partition("?s=")[2]
    staff(code, ASSIGN)
    with connect(OPERATOR) as conn:
        [photo] = feedback_cases.photos(conn, code=code, public=False)
    public, own = f"/phan-anh/anh/{photo['sha256']}.jpg", f"/phan-anh/{code}/anh/{photo['sha256']}.jpg"
    assert (
        client.get(public).status_code
        == client.get(own).status_code
        == client.get(f"{own}?s={WRONG_LINK}").status_code
        == 404
    )
    assert client.get(f"{own}?s={secret}").data[:2] == b"\xff\xd8"
    with connect(OPERATOR) as conn:
        publish_photo(conn, photo_id=photo["id"], public=True)
    assert client.get(public).data[:2] == b"\xff\xd8"
    assert b"TESTPHONE" not in client.get(public).data


def test_guessing_private_links_ends_soon(client: FlaskClient, places: list[dict[str, Any]], town: str) -> None:
    _, told = send(client, form(places[0]))
    with environment(DATABASE_URL=town, GEOIOC_CITIZEN_TRIES_PER_HOUR="3"):
        address = {"REMOTE_ADDR": "198.51.100.99"}
        link = f"/phan-anh/{told['code']}?s={WRONG_LINK}"
        assert [client.get(link, environ_base=address).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_pages_with_a_private_link_are_kept_nowhere(client: FlaskClient, places: list[dict[str, Any]]) -> None:
    _, told = send(client, form(places[0], name=NAME, email=EMAIL, consent="yes"))
    answer = client.get(told["link"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_filters_of_the_public_list_count_what_they_show(client: FlaskClient) -> None:
    with connect(OPERATOR) as conn:
        total = feedback_cases.count_cases(conn, public=True)
        late = feedback_cases.count_cases(conn, public=True, overdue=True)
    for query, n in (("ngay=all", total), ("ngay=all&tinh-trang=late", late)):
        points = json.loads(client.get(f"/phan-anh/diem.json?{query}").data)["points"]
        assert len(points) == n
        assert f"<strong>{n} phản ánh" in client.get(f"/phan-anh/danh-sach?{query}").data.decode()


def test_points_that_did_not_change_are_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/phan-anh/diem.json?ngay=all")
    again = client.get("/phan-anh/diem.json?ngay=all", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code in (200, 304)  # 200 only when the minute turned between the two
    if again.headers["ETag"] == first.headers["ETag"]:
        assert again.status_code == 304


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", ["/phan-anh", "/phan-anh/danh-sach", "/phan-anh/tra-cuu", "/phan-anh/khong-co"])
def test_every_page_speaks_both_languages(client: FlaskClient, path: str, language: str) -> None:
    page = client.get(f"{path}?lang={language}").data.decode()
    assert f'<html lang="{language}"' in page
    assert say("citizen.nav.list", language) in page


TEXT = st.text(max_size=80)
FIELDS = ["key", "lon", "lat", "category", "content", "place_text", "name", "phone", "email", "consent", "agreed"]
SENT = st.dictionaries(st.sampled_from(FIELDS), TEXT)
ASKED = st.recursive(
    st.none() | st.booleans() | st.floats() | TEXT,
    lambda inner: (
        st.dictionaries(st.sampled_from(["lon", "lat", "text", "category"]), inner) | st.lists(inner, max_size=3)
    ),
    max_leaves=6,
)
FREE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FREE
@given(SENT)
def test_no_form_makes_the_server_fail(
    client: FlaskClient, places: list[dict[str, Any]], changes: dict[str, str]
) -> None:
    clean = {name: value.encode("utf-8", "replace").decode() for name, value in changes.items()}
    status, told = send(client, form(places[0], **clean))
    assert status in (200, 201, 400)
    assert status != 400 or told["message"]


@FREE
@given(ASKED)
def test_no_question_about_a_place_makes_the_server_fail(client: FlaskClient, asked: Any) -> None:
    body = json.dumps(asked).encode("utf-8", "replace")
    answer = client.post("/phan-anh/kiem-tra", data=body, content_type="application/json")
    assert answer.status_code in (200, 400)


@FREE
@given(st.dictionaries(st.sampled_from(["linh-vuc", "tinh-trang", "xa", "ngay", "q", "trang", "ky"]), TEXT), TEXT)
def test_no_address_makes_the_server_fail(client: FlaskClient, query: dict[str, str], code: str) -> None:
    clean = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    assert client.get("/phan-anh/danh-sach", query_string=clean).status_code == 200
    assert client.get("/phan-anh/diem.json", query_string=clean).status_code == 200
    found = client.get("/phan-anh/tra-cuu", query_string={"ma": code.encode("utf-8", "replace").decode()})
    assert found.status_code in (200, 302, 404)
