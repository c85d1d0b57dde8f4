"""Public alerts as OASIS CAP 1.2 messages, and the Atom index of them. XML of alerts' rows, nothing read here.

Each change of an alert is a message of its own, identified by the alert's number and the time of the change: the first
is an Alert, later ones are Updates, and what is over or closed is a Cancel; both refer to the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

from layers.indices import INDICES
from layers.model import Text
from spatial.alerts.words import medium, parameter_of, say_finding
from spatial.settings import LOCAL_ZONE

type Row = Mapping[str, Any]

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
ATOM = "http://www.w3.org/2005/Atom"
MIME = "application/cap+xml"
RADIUS_KM = 5.0  # round a station: what it speaks for, roughly, in a town
VALID = timedelta(hours=24)  # unless it is said again
HEADLINE = 160  # characters, as the standard asks
LANGUAGES = {"vi": "vi-VN", "en": "en-US"}
ADVICE = {
    "air_observation": Text(
        vi="Giảm hoạt động mạnh ngoài trời; trẻ em, người già, người bệnh hô hấp và tim mạch nên ở trong nhà.",
        en="Less hard exercise outdoors; children, the elderly and people with lung or heart disease stay indoors.",
    ),
    "water_observation": Text(
        vi="Không dùng nước sông cho sinh hoạt khi chưa xử lý; cơ sở lấy nước kiểm tra chất lượng đầu vào.",
        en="Do not use river water untreated; water works check their intake.",
    ),
}


@dataclass(frozen=True)
class Issuer:
    """Who publishes: sender, its name, URL of the platform, and the status (Actual; Test for made-up data)."""

    sender: str
    name: str
    address: str
    status: str = "Actual"


def identifier(alert: Row, sent: datetime, issuer: Issuer) -> str:
    """Of one message; without blanks, commas, < and &, as the standard asks."""
    return f"{issuer.sender}.{alert['id']}.{int(sent.timestamp())}"


def message_type(alert: Row) -> str:
    """Alert the first time, then Update, and Cancel when it is over."""
    if alert["state"] == "closed" or alert["ended_at"] is not None:
        return "Cancel"
    return "Alert" if _second(alert["updated_at"]) == _second(alert["opened_at"]) else "Update"


def build_cap(alert: Row, issuer: Issuer) -> bytes:
    """The newest message about an alert (a row of ``spatial.queries.alerts``), UTF-8."""
    root = ET.Element("alert", {"xmlns": NAMESPACE})
    kind = message_type(alert)
    _add(root, "identifier", identifier(alert, alert["updated_at"], issuer))
    _add(root, "sender", issuer.sender)
    _add(root, "sent", _stamp(alert["updated_at"]))
    _add(root, "status", issuer.status)
    _add(root, "msgType", kind)
    _add(root, "source", "GeoIOC")
    _add(root, "scope", "Public")
    if kind != "Alert":
        first = alert["opened_at"]
        _add(root, "references", f"{issuer.sender},{identifier(alert, first, issuer)},{_stamp(first)}")
    if alert["episode"]:
        _add(root, "incidents", alert["episode"])
    for language in LANGUAGES:
        _add_info(root, alert, issuer, kind, language)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_info(root: ET.Element, alert: Row, issuer: Issuer, kind: str, language: str) -> None:
    info = ET.SubElement(root, "info")
    noun = medium(alert["layer_id"])[language]
    event = f"Ô nhiễm {noun.lower()}" if language == "vi" else f"{noun} pollution"
    onset = _onset(alert)
    _add(info, "language", LANGUAGES[language])
    _add(info, "category", "Env")
    _add(info, "event", event)
    _add(info, "responseType", "AllClear" if kind == "Cancel" else "Monitor")
    _add(info, "urgency", _urgency(alert, kind))
    _add(info, "severity", alert["severity"].capitalize())
    _add(info, "certainty", "Likely" if alert["cause"] == "forecast" else "Observed")
    _add(info, "effective", _stamp(alert["updated_at"]))
    _add(info, "onset", _stamp(onset))
    _add(info, "expires", _stamp(alert["updated_at"] + VALID))
    _add(info, "senderName", issuer.name)
    _add(info, "headline", _headline(alert, kind, language))
    _add(info, "description", _description(alert, language))
    if kind != "Cancel":
        _add(info, "instruction", _instruction(alert, language))
    _add(info, "web", f"{issuer.address}/alerts/{alert['id']}")
    for name, value in _parameters(alert):
        pair = ET.SubElement(info, "parameter")
        _add(pair, "valueName", name)
        _add(pair, "value", value)
    _add_area(info, alert, language)


def _add_area(info: ET.Element, alert: Row, language: str) -> None:
    area = ET.SubElement(info, "area")
    words = "Khu vực quanh" if language == "vi" else "Area around"
    _add(area, "areaDesc", f"{words} {alert['station_name'] or alert['feature_key']}")
    if alert["lon"] is not None:
        _add(area, "circle", f"{alert['lat']:.5f},{alert['lon']:.5f} {RADIUS_KM:g}")
    if alert["commune_code"]:
        code = ET.SubElement(area, "geocode")
        _add(code, "valueName", "GSO-VN")  # code of the commune in the list of the General Statistics Office
        _add(code, "value", alert["commune_code"])


def _urgency(alert: Row, kind: str) -> str:
    if kind == "Cancel":
        return "Past"
    return "Future" if alert["cause"] == "forecast" else "Immediate"


def _onset(alert: Row) -> datetime:
    findings = alert["evidence"].get("findings", [])
    expected = findings[0].get("expected_from") if findings and alert["cause"] == "forecast" else None
    return datetime.fromisoformat(expected) if expected else alert["started_at"]


def _headline(alert: Row, kind: str, language: str) -> str:
    over = {"vi": "Đã kết thúc: ", "en": "Over: "}[language] if kind == "Cancel" else ""
    words = f"{over}{alert[f'title_{language}']}"
    return words if len(words) <= HEADLINE else words[: HEADLINE - 1].rstrip() + "…"


def _description(alert: Row, language: str) -> str:
    lines = [alert[f"title_{language}"]]
    lines += [
        say_finding(alert["layer_id"], finding, language) for finding in alert["evidence"].get("findings", [])[1:]
    ]
    return ". ".join(lines) + "."


def _instruction(alert: Row, language: str) -> str:
    """The advice of the index's worst level, where the alert is about an index; else that of the medium."""
    for finding in alert["evidence"].get("findings", []):
        if finding["kind"] == "index" and finding["index"] in INDICES:
            level = INDICES[finding["index"]].level(finding["level"])
            advice = [level.advice[language]]
            if level.advice_sensitive is not None and level.advice_sensitive != level.advice:
                group = "Nhóm nhạy cảm: " if language == "vi" else "Sensitive people: "
                advice.append(group + level.advice_sensitive[language])
            return ". ".join(advice) + "."
    general = ADVICE.get(alert["layer_id"])
    return general[language] if general else {"vi": "Theo dõi thông báo.", "en": "Follow the news."}[language]


def _parameters(alert: Row) -> list[tuple[str, str]]:
    parameter = parameter_of(alert["layer_id"], alert["parameter"])
    pairs = [("station", alert["feature_key"]), ("rule", alert["rule_name"])]
    if parameter is not None:
        pairs += [("parameter", parameter.name), ("unit", parameter.unit)]
    pairs += [(name, f"{alert[name]:g}") for name in ("value", "peak", "threshold") if alert[name] is not None]
    return [(name, value) for name, value in pairs if value]


def build_feed(alerts: Sequence[Row], issuer: Issuer, *, updated: datetime) -> bytes:
    """Atom index of the messages, the newest first; each entry links the CAP message of one alert."""
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "vi"})
    _add(feed, "id", f"{issuer.address}/alerts.atom")
    _add(feed, "title", f"Cảnh báo môi trường – {issuer.name}")
    _add(feed, "updated", _stamp(updated))
    ET.SubElement(feed, "link", {"rel": "self", "href": f"{issuer.address}/alerts.atom"})
    author = ET.SubElement(feed, "author")
    _add(author, "name", issuer.name)
    for alert in sorted(alerts, key=lambda item: item["updated_at"], reverse=True):
        entry = ET.SubElement(feed, "entry")
        link = f"{issuer.address}/alerts/{alert['id']}.cap"
        _add(entry, "id", f"urn:geoioc:{identifier(alert, alert['updated_at'], issuer)}")
        _add(entry, "title", _headline(alert, message_type(alert), "vi"))
        _add(entry, "updated", _stamp(alert["updated_at"]))
        _add(entry, "published", _stamp(alert["opened_at"]))
        _add(entry, "summary", _headline(alert, message_type(alert), "en"))
        ET.SubElement(entry, "category", {"term": alert["severity"].capitalize()})
        ET.SubElement(entry, "link", {"rel": "alternate", "type": MIME, "href": link})
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _stamp(moment: datetime) -> str:
    """Local time with its offset and without fractions: the only form CAP allows."""
    return moment.astimezone(LOCAL_ZONE).isoformat(timespec="seconds")


def _second(moment: datetime) -> int:
    return int(moment.timestamp())
