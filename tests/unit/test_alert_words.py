"""Sentences, quiet hours, signatures and the e-mail: pure functions."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from spatial.alerts import mail, webhook
from spatial.alerts.quiet import not_before
from spatial.alerts.words import title

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OPENED = datetime(2026, 3, 10, 1, tzinfo=UTC)


def alert(cause: str = "environment", **finding: Any) -> dict[str, Any]:
    """A row of an alert with one finding."""
    part = {
        "rule": "air_observation.over_limit", "kind": "limit", "severity": "minor", "parameter": "pm25", "sign": None,
        "hours": 24, "below": False, "n": 3, "value": 70.0, "peak": 78.123, "threshold": 45.0, "excess": 1.7,
        "first": OPENED.isoformat(), "last": OPENED.isoformat(), "confirmed": True,
        "basis": {"vi": "QCVN 05:2023/BTNMT, trung bình 24 giờ", "en": "QCVN 05:2023/BTNMT, 24 h mean"},
    } | finding  # fmt: skip
    row = {
        "id": 4, "layer_id": "air_observation", "feature_key": "KK01", "station_name": "Trạm Lạc Vân", "cause": cause,
        "parameter": part["parameter"], "severity": part["severity"], "state": "new", "value": part["value"],
        "peak": part["peak"], "threshold": part["threshold"], "started_at": OPENED, "last_at": OPENED, "ended_at": None,
        "opened_at": OPENED, "updated_at": OPENED, "lon": 106.0, "lat": 20.3, "commune_code": "40006",
        "evidence": {"findings": [part]}, "episode": None, "rule_name": part["rule"], "kind": part["kind"],
        "occasion": "opened", "notification_id": 9,
    }  # fmt: skip
    words = title(row)
    return row | {"title_vi": words.vi, "title_en": words.en}


@pytest.mark.parametrize(
    ("row", "vietnamese", "english"),
    [
        (
            alert(),
            "Không khí: PM2.5 trung bình 24 giờ 78,1 µg/m³, vượt 45 (QCVN 05:2023/BTNMT) – Trạm Lạc Vân",
            "Air: PM2.5 24 h mean 78.1 µg/m³, over 45 (QCVN 05:2023/BTNMT) – Trạm Lạc Vân",
        ),
        (
            alert("forecast", kind="forecast", hours=1, basis=None),
            "Dự báo không khí: PM2.5 dự kiến 78,1 µg/m³ trong 24 giờ tới, vượt 45 – Trạm Lạc Vân",
            "Air forecast: PM2.5 expected at 78.1 µg/m³ within 24 h, over 45 – Trạm Lạc Vân",
        ),
        (
            alert("instrument", kind="instrument", sign="stuck", peak=30.0),
            "Thiết bị: PM2.5 giá trị đứng yên 30 giờ – Trạm Lạc Vân",
            "Instrument: PM2.5 stuck value for 30 h – Trạm Lạc Vân",
        ),
        (
            alert("instrument", kind="instrument", sign="silent", parameter=None, peak=9.0),
            "Thiết bị: không gửi số liệu 9 giờ – Trạm Lạc Vân",
            "Instrument: sends nothing for 9 h – Trạm Lạc Vân",
        ),
        (
            alert(kind="index", parameter=None, peak=215.0, index="vn_aqi_hour",
                  index_title={"vi": "VN_AQI giờ", "en": "VN_AQI, hourly"},
                  level_title={"vi": "Rất xấu", "en": "Very bad"}),
            "Không khí: VN_AQI giờ 215 (Rất xấu) – Trạm Lạc Vân",
            "Air: VN_AQI, hourly 215 (Very bad) – Trạm Lạc Vân",
        ),
        (
            alert(peak=1234.5, confirmed=False),
            "Không khí: PM2.5 trung bình 24 giờ 1.234,5 µg/m³, vượt 45 (QCVN 05:2023/BTNMT, chưa xác nhận)"
            " – Trạm Lạc Vân",
            "Air: PM2.5 24 h mean 1,234.5 µg/m³, over 45 (QCVN 05:2023/BTNMT, unconfirmed) – Trạm Lạc Vân",
        ),
    ],
)  # fmt: skip
def test_a_title_begins_with_the_air_or_the_instrument(row: dict[str, Any], vietnamese: str, english: str) -> None:
    assert (row["title_vi"], row["title_en"]) == (vietnamese, english)


def test_a_finding_of_the_whole_network_has_no_station() -> None:
    row = alert("instrument", kind="instrument", sign="silent", parameter=None, peak=9.0)
    assert title(row | {"station_name": None, "feature_key": ""}).vi.endswith("– toàn mạng")


@pytest.mark.parametrize(
    ("clock", "severity", "quiet", "expected"),
    [
        ("21:59", "minor", ("22:00", "06:00"), "21:59"),
        ("22:00", "minor", ("22:00", "06:00"), "06:00+1"),
        ("03:00", "moderate", ("22:00", "06:00"), "06:00"),
        ("06:00", "minor", ("22:00", "06:00"), "06:00"),
        ("23:00", "severe", ("22:00", "06:00"), "23:00"),
        ("12:30", "minor", ("12:00", "13:00"), "13:00"),
        ("03:00", "minor", ("06:00", "06:00"), "03:00"),
    ],
)
def test_light_news_waits_for_the_end_of_the_quiet_hours(
    clock: str, severity: str, quiet: tuple[str, str], expected: str
) -> None:
    def moment(words: str) -> datetime:
        day = datetime(2026, 3, 11 if words.endswith("+1") else 10, tzinfo=ZONE)
        return datetime.combine(day, time.fromisoformat(words.removesuffix("+1")), tzinfo=ZONE)

    found = not_before(
        moment(clock),
        severity=severity,
        quiet_from=time.fromisoformat(quiet[0]),
        quiet_to=time.fromisoformat(quiet[1]),
        broken_by=frozenset({"severe", "extreme"}),
        zone=ZONE,
    )
    assert found == moment(expected)


def test_one_alert_is_the_subject_of_its_mail_and_many_are_counted() -> None:
    one = alert()
    assert mail.subject([one]) == f"[GeoIOC] {one['title_vi']}"
    many = [alert(), alert(severity="severe"), alert("instrument", kind="instrument", sign="stuck")]
    ordered = sorted(many, key=lambda item: item["severity"] != "severe")
    assert mail.subject(ordered) == "[GeoIOC] 3 cảnh báo (2 môi trường, 1 thiết bị; nặng nhất: nghiêm trọng)"


def test_a_mail_has_text_and_html_and_escapes_what_stations_are_called() -> None:
    row = alert() | {"title_vi": "Không khí: <b>PM2.5</b> & co"}
    message = mail.build_mail([row], sender="ioc@tinh.vn", receivers=["a@tinh.vn", "b@tinh.vn"], address="https://ioc",
                              number="n1")  # fmt: skip
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "&lt;b&gt;PM2.5&lt;/b&gt; &amp; co" in html
    assert "https://ioc/alerts/4" in text
    assert "Alerts from GeoIOC" in text
    assert message["Message-ID"] == "<n1@tinh.vn>"


def test_a_title_with_a_line_break_cannot_add_a_header() -> None:
    row = alert() | {"title_vi": "Không khí\nBcc: somebody@else"}
    message = mail.build_mail([row], sender="ioc@tinh.vn", receivers=["a@tinh.vn"], address="https://ioc", number="n1")
    assert message["Bcc"] is None
    assert message["Subject"] == "[GeoIOC] Không khí Bcc: somebody@else"


def test_the_webhook_is_signed_over_time_and_body() -> None:
    body = webhook.build_body([alert()], address="https://ioc", sender="ioc@tinh.vn", sent_at=OPENED, number="n1")
    headers = webhook.build_headers(body, secret="khóa", timestamp=1700000000, number="n1")
    expected = hmac.new("khóa".encode(), b"1700000000." + body, hashlib.sha256).hexdigest()
    assert headers["X-GeoIOC-Signature"] == f"sha256={expected}"
    content = json.loads(body)
    assert content["alerts"][0]["url"] == "https://ioc/alerts/4"
    assert content["alerts"][0]["started_at"] == OPENED.isoformat()
    assert datetime.fromisoformat(content["sent_at"]) - OPENED == timedelta(0)


def test_without_a_secret_nothing_pretends_to_be_signed() -> None:
    assert "X-GeoIOC-Signature" not in webhook.build_headers(b"{}", secret=None, timestamp=1, number="n")
