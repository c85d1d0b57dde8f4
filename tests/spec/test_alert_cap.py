"""CAP 1.2: valid by the schema of OASIS, in two languages, with references; what the public feed shows and what not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from helpers.alerts import found, judge, make_network, quiet_days, write
from lxml import etree
from sqlalchemy import text

from dash_app.app import create_app
from dash_app.services import Services
from layers.flags import Flag
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.alerts.rules import RuleForm
from spatial.queries import alerts

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parents[1] / "data" / "cap" / "CAP-v1.2.xsd"))
CAP = {"c": "urn:oasis:names:tc:emergency:cap:1.2", "a": "http://www.w3.org/2005/Atom"}
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
HOURS = 8 * 24


@pytest.fixture
def network(database: str) -> dict[tuple[str, str], int]:
    series = make_network()
    quiet_days(series, NOW - timedelta(hours=HOURS - 1), HOURS)
    return series


@pytest.fixture
def client(network: Any) -> FlaskClient:
    return create_app(Services(), compress=False).server.test_client()


def rule(**changed: Any) -> None:
    values: dict[str, Any] = {
        "layer_id": "air_observation", "title_vi": "Thử", "title_en": "Test", "kind": "threshold", "severity": "severe",
        "parameter": "pm25", "threshold": 15.0, "feature_key": "K1",
    }  # fmt: skip
    with connect(OPERATOR) as conn:
        alerts.save_rule(conn, form=RuleForm(**(values | changed)), actor="an")
    judge(NOW)


def message(client: FlaskClient, number: int) -> Any:
    answer = client.get(f"/alerts/{number}.cap")
    assert answer.status_code == 200
    assert answer.content_type == "application/cap+xml; charset=utf-8"
    root = etree.fromstring(answer.data)
    SCHEMA.assertValid(root)
    return root


def words(root: Any, path: str) -> list[str]:
    return [element.text for element in root.findall(path, CAP)]


def entries(client: FlaskClient) -> list[str]:
    answer = client.get("/alerts.atom")
    assert answer.status_code == 200
    feed = etree.fromstring(answer.data)
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    for needed in ("id", "title", "updated"):
        assert len(words(feed, f"a:{needed}")) == 1
    return [link.get("href") for link in feed.findall("a:entry/a:link", CAP)]


def test_the_first_message_is_an_alert_valid_by_the_schema_in_both_languages(client: FlaskClient) -> None:
    rule()
    (row,) = found()
    root = message(client, row["id"])
    assert words(root, "c:msgType") == ["Alert"]
    assert words(root, "c:references") == []
    assert words(root, "c:info/c:language") == ["vi-VN", "en-US"]
    assert words(root, "c:info/c:severity") == ["Severe", "Severe"]
    assert words(root, "c:info/c:headline") == [row["title_vi"], row["title_en"]]
    assert words(root, "c:info/c:area/c:circle")[0] == f"{row['lat']:.5f},{row['lon']:.5f} 5"
    assert words(root, "c:info/c:area/c:geocode/c:value")[0] == row["commune_code"]


def test_what_grew_worse_is_an_update_and_what_is_over_a_cancel_that_name_the_first_message(
    client: FlaskClient,
) -> None:
    rule()
    (row,) = found()
    first = message(client, row["id"])
    name = ",".join(words(first, f"c:{part}")[0] for part in ("sender", "identifier", "sent"))
    _later(row["id"])
    update = message(client, row["id"])
    assert (words(update, "c:msgType"), words(update, "c:references")) == (["Update"], [name])
    assert words(update, "c:identifier") != words(first, "c:identifier")
    with connect(OPERATOR) as conn:
        alerts.close(conn, alert_id=row["id"], actor="an", note="xong")
    cancel = message(client, row["id"])
    assert (words(cancel, "c:msgType"), words(cancel, "c:references")) == (["Cancel"], [name])
    assert words(cancel, "c:info/c:urgency") == ["Past", "Past"]


def _later(alert_id: int) -> None:
    """As if the alert had been changed a minute after it was opened."""
    with connect(SYSTEM) as conn:
        conn.execute(
            text(
                "UPDATE core.alert SET severity = 'extreme', updated_at = opened_at + interval '1 minute'"
                " WHERE id = :id"
            ),
            {"id": alert_id},
        )


def test_the_feed_lists_what_the_public_may_know_and_nothing_of_instruments(
    client: FlaskClient, network: dict[tuple[str, str], int]
) -> None:
    with connect(SYSTEM) as conn:
        stuck = [(NOW - timedelta(hours=n), 33.3, 0, int(Flag.FLAT)) for n in range(10)]
        write(conn, network, {("K2", "pm10"): stuck})
    rule()
    rule(feature_key="K3", channels=("mail",))
    by_station = {row["feature_key"]: row["id"] for row in found()}
    assert set(by_station) == {"K1", "K2", "K3"}
    assert [link.rsplit("/", 1)[-1] for link in entries(client)] == [f"{by_station['K1']}.cap"]
    for station in ("K2", "K3"):
        assert client.get(f"/alerts/{by_station[station]}.cap").status_code == 404
    assert client.get("/alerts/999999.cap").status_code == 404


def test_a_reference_sensor_does_not_speak_to_the_public(client: FlaskClient) -> None:
    with connect(SYSTEM) as conn:
        conn.execute(text("UPDATE layer.air_station SET station_class = 'reference' WHERE key = 'K1'"))
    rule()
    assert len(found()) == 1
    assert entries(client) == []


def test_messages_have_an_etag_so_that_readers_need_not_fetch_them_again(client: FlaskClient) -> None:
    rule()
    address = f"/alerts/{found()[0]['id']}.cap"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
