"""Open311 GeoReport v2 on a real database: what the specification asks for, in JSON and in XML."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from helpers.databases import Databases, environment
from helpers.reports import EMAIL, NAME, PHONE, POTHOLE, commune_points
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dash_app.app import create_app
from dash_app.services import Services
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.feedback.actions import act
from spatial.queries import feedback_cases

FIELDS = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible",
    "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode",
    "lat", "long", "media_url",
}  # fmt: skip
PRIVATE = {"email", "phone", "first_name", "last_name", "device_id", "account_id"}
W3C = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$")
BASE = "/open311/v2"


@pytest.fixture(scope="module")
def town(databases: Databases, province_template: str) -> Iterator[str]:
    name = databases.create("open311", province_template)
    with environment(DATABASE_URL=databases.url(name), GEOIOC_CITIZEN_REPORTS_PER_HOUR="100000",
                     GEOIOC_CITIZEN_REPORTS_PER_DAY="100000", GEOIOC_OPEN311_KEYS="sesame:hotline"):  # fmt: skip
        yield databases.url(name)
    databases.drop(name)


@pytest.fixture(scope="module")
def client(town: str) -> FlaskClient:
    return create_app(Services(), compress=False).server.test_client()


@pytest.fixture(scope="module")
def place(town: str) -> dict[str, Any]:
    with connect(SYSTEM) as conn:
        return commune_points(conn)[0]


@pytest.fixture(scope="module")
def newest(town: str) -> dict[str, Any]:
    """The newest published report of the sample."""
    with connect(OPERATOR) as conn:
        return feedback_cases.list_cases(conn, public=True, limit=1)[0]


def get(client: FlaskClient, path: str, **query: str) -> Any:
    answer = client.get(f"{BASE}/{path}?{urlencode(query)}")
    assert answer.status_code == 200, answer.data
    return json.loads(answer.data)


def fields(place: dict[str, Any], **changes: str) -> dict[str, str]:
    values = {
        "service_code": "infrastructure", "lat": str(place["lat"]), "long": str(place["lon"]), "description": POTHOLE,
        "last_name": NAME, "phone": PHONE, "email": EMAIL, "device_id": "d1", "account_id": "a1",
    }  # fmt: skip
    return values | changes


def test_discovery_names_the_address_and_both_formats(client: FlaskClient) -> None:
    found = get(client, "discovery.json")
    assert found["endpoints"][0]["url"].endswith(BASE)
    root = ET.fromstring(client.get(f"{BASE}/discovery.xml").data)
    assert {item.text for item in root.iter("format")} == {"text/xml", "application/json"}


def test_every_field_of_the_regulation_is_a_service(client: FlaskClient) -> None:
    services = get(client, "services.json")
    assert {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"} == set(services[0])
    root = ET.fromstring(client.get(f"{BASE}/services.xml").data)
    assert root.tag == "services"
    assert [item.findtext("service_code") for item in root.iter("service")] == [one["service_code"] for one in services]
    assert get(client, "services/lighting.json") == {"service_code": "lighting", "attributes": []}


def test_a_request_has_exactly_the_fields_of_the_specification_in_both_formats(
    client: FlaskClient, newest: dict[str, Any]
) -> None:
    [record] = get(client, f"requests/{newest['tracking_code']}.json")
    assert set(record) == FIELDS
    assert record["status"] in ("open", "closed")
    assert all(W3C.match(record[name]) for name in ("requested_datetime", "updated_datetime", "expected_datetime"))
    answer = client.get(f"{BASE}/requests/{newest['tracking_code']}.xml")
    assert answer.content_type == "text/xml; charset=utf-8"
    root = ET.fromstring(answer.data)
    assert (root.tag, root[0].tag) == ("service_requests", "request")
    assert {child.tag: child.text for child in root[0]} == {
        name: None if value is None else str(value) for name, value in record.items()
    }


def test_a_list_without_dates_reaches_back_ninety_days_and_no_further(client: FlaskClient) -> None:
    with connect(OPERATOR) as conn:  # other tests may have sent reports meanwhile
        newest = feedback_cases.list_cases(conn, public=True, limit=1)[0]
    listed = get(client, "requests.json", page_size="500")
    moments = [datetime.fromisoformat(one["requested_datetime"]) for one in listed]
    assert moments == sorted(moments, reverse=True)
    assert newest["tracking_code"] == listed[0]["service_request_id"]
    oldest = min(moments)
    with connect(OPERATOR) as conn:
        total = feedback_cases.count_cases(conn, public=True)
        within = feedback_cases.count_cases(
            conn, public=True, received_from=datetime.now(oldest.tzinfo) - timedelta(days=90)
        )
    assert len(listed) == within < total


def test_filters_and_pages_choose_among_the_published(client: FlaskClient) -> None:
    every = get(client, "requests.json", page_size="500")
    for status in ("open", "closed"):
        chosen = get(client, "requests.json", status=status, page_size="500")
        assert [one["service_request_id"] for one in chosen] == [
            one["service_request_id"] for one in every if one["status"] == status
        ]
    codes = {one["service_code"] for one in every[:3]}
    chosen = get(client, "requests.json", service_code=",".join(codes), page_size="500")
    assert len(chosen) == sum(one["service_code"] in codes for one in every)
    pages = [one for page in "12" for one in get(client, "requests.json", page=page, page_size="5")]
    assert pages == every[:10]
    start, end = every[9]["requested_datetime"], every[0]["requested_datetime"]
    between = get(client, "requests.json", start_date=start, end_date=end, page_size="500")
    assert every[9] in between
    assert len(between) in (9, 10)
    ids = [one["service_request_id"] for one in every[3:6]]
    found = get(client, "requests.json", service_request_id=",".join(ids), status="open")
    assert [one["service_request_id"] for one in found] == ids, "ids override every other filter"


def test_a_sent_report_is_stored_with_the_person_and_never_gives_the_person_back(
    client: FlaskClient, place: dict[str, Any]
) -> None:
    answer = client.post(f"{BASE}/requests.json", data=fields(place))
    assert answer.status_code == 201
    [record] = json.loads(answer.data)
    code = record["service_request_id"]
    with connect(OPERATOR) as conn:
        case = feedback_cases.get_case(conn, code=code, public=False)
        assert case is not None
        assert (case["reporter_name"], case["reporter_phone"], case["reporter_email"]) == (NAME, PHONE, EMAIL)
        [own] = get(client, f"requests/{code}.json")
        assert (own["status"], own["description"], own["lat"], own["address"]) == ("open", None, None, None)
        act(conn, code=code, action="assign", actor="Trung tâm IOC", role="operator", now=datetime.now().astimezone())
    for ending in ("json", "xml"):
        said = client.get(f"{BASE}/requests/{code}.{ending}").data.decode()
        assert not [secret for secret in (NAME, PHONE, EMAIL, POTHOLE, *PRIVATE) if secret in said]
    assert get(client, f"tokens/{code}.json") == [{"service_request_id": code, "token": code}]


def test_the_same_report_sent_again_under_its_key_is_one_report(client: FlaskClient, place: dict[str, Any]) -> None:
    def post(key: str) -> Any:
        answer = client.post(f"{BASE}/requests.json", data=fields(place), headers={"Idempotency-Key": key})
        return json.loads(answer.data)[0]

    first = post("channel-42-message-0001")
    assert post("channel-42-message-0001") == first
    assert post("channel-42-message-0002")["service_request_id"] != first["service_request_id"]


def test_a_key_of_ours_names_the_channel_and_an_unknown_one_is_refused(
    client: FlaskClient, place: dict[str, Any]
) -> None:
    [record] = json.loads(client.post(f"{BASE}/requests.json", data=fields(place, api_key="sesame")).data)
    with connect(OPERATOR) as conn:
        case = feedback_cases.get_case(conn, code=record["service_request_id"], public=False)
    assert case is not None
    assert case["channel"] == "hotline"
    assert client.post(f"{BASE}/requests.json", data=fields(place, api_key="guess")).status_code == 403


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"service_code": ""}, 400), ({"service_code": "no_such"}, 404), ({"description": "x"}, 400),
        ({"description": "y" * 5000}, 400), ({"lat": ""}, 400), ({"lat": "north"}, 400), ({"lat": "nan"}, 400),
        ({"lat": "16.05", "long": "108.2"}, 400), ({"phone": "123"}, 400), ({"media_url": "file:///etc/passwd"}, 400),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_an_error_with_code_and_description(
    client: FlaskClient, place: dict[str, Any], changes: dict[str, str], status: int
) -> None:
    answer = client.post(f"{BASE}/requests.json", data=fields(place, **changes))
    assert answer.status_code == status
    [error] = json.loads(answer.data)
    assert error["code"] == status
    assert error["description"]
    answer = client.post(f"{BASE}/requests.xml", data=fields(place, **changes))
    root = ET.fromstring(answer.data)
    assert (root.tag, root[0].tag, root[0].findtext("code")) == ("errors", "error", str(status))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("requests/NO.json", 404), ("services/no.xml", 404), ("tokens/no.json", 404), ("nothing.json", 404), ("", 404),
        ("requests.json?status=maybe", 400), ("requests.json?start_date=yesterday", 400),
        ("requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400),
        ("requests.json?service_code=no", 404), ("requests.json?page=0", 400), ("requests.json?page_size=9999", 400),
    ],
)  # fmt: skip
def test_a_wrong_question_gets_the_error_of_the_specification(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(f"{BASE}/{path}")
    assert answer.status_code == status
    said = answer.data.decode()
    assert str(status) in said


def test_without_a_key_an_address_may_send_so_many_and_is_told_when_to_come_back(
    client: FlaskClient, place: dict[str, Any], town: str
) -> None:
    with environment(DATABASE_URL=town, GEOIOC_CITIZEN_REPORTS_PER_HOUR="2", GEOIOC_OPEN311_KEYS="sesame:hotline"):
        own = {"REMOTE_ADDR": "203.0.113.9"}
        codes = [
            client.post(f"{BASE}/requests.json", data=fields(place), environ_base=own).status_code for _ in range(3)
        ]
        assert codes == [201, 201, 429]
        other = client.post(f"{BASE}/requests.json", data=fields(place), environ_base={"REMOTE_ADDR": "203.0.113.10"})
        trusted = client.post(f"{BASE}/requests.json", data=fields(place, api_key="sesame"), environ_base=own)
        assert (other.status_code, trusted.status_code) == (201, 201)


TEXT = st.text(max_size=60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(
    st.sampled_from(["service_request_id", "service_code", "status", "start_date", "end_date", "page", "page_size",
                     "jurisdiction_id", "extensions"]), TEXT), st.sampled_from(["json", "xml"]))  # fmt: skip
def test_no_question_makes_the_server_fail(client: FlaskClient, query: dict[str, str], form: str) -> None:
    encoded = urlencode({name: value.encode("utf-8", "replace") for name, value in query.items()})
    answer = client.get(f"{BASE}/requests.{form}?{encoded}")
    assert answer.status_code in (200, 400, 404)
    json.loads(answer.data) if form == "json" else ET.fromstring(answer.data)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["description", "lat", "long", "address_string", "first_name", "phone", "email",
                                        "media_url", "api_key", "account_id", "service_code"]), TEXT),
       st.sampled_from(["json", "xml"]))  # fmt: skip
def test_no_report_makes_the_server_fail(
    client: FlaskClient, place: dict[str, Any], changes: dict[str, str], form: str
) -> None:
    sent = {name: value.encode("utf-8", "replace").decode() for name, value in changes.items()}
    answer = client.post(f"{BASE}/requests.{form}", data=fields(place, **sent))
    assert answer.status_code in (201, 400, 403, 404)
    json.loads(answer.data) if form == "json" else ET.fromstring(answer.data)
