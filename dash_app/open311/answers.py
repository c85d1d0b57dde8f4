"""Answers of GeoReport v2 as XML and JSON. Pure: rows in, bytes out; names and order are those of the specification."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from spatial.settings import LOCAL_ZONE

type Format = Literal["json", "xml"]
type Record = Mapping[str, Any]

MIMES: dict[Format, str] = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-22T00:00:00+07:00"  # of this description of the interface
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Refused(Exception):
    """A request that cannot be answered, with the status the specification gives it."""

    status: int
    description: str


@dataclass(frozen=True)
class Shape:
    """How a list is written in XML: the element around it, and the one of each record."""

    root: str
    item: str


SERVICES = Shape("services", "service")
REQUESTS = Shape("service_requests", "request")
ERRORS = Shape("errors", "error")


def w3c(moment: datetime | None) -> str | None:
    """«2026-11-22T08:30:00+07:00»; None stays None."""
    return None if moment is None else moment.astimezone(LOCAL_ZONE).isoformat(timespec="seconds")


def list_answer(shape: Shape, records: Sequence[Record], form: Format) -> bytes:
    """A list of records. In JSON it is an array, in XML ``<root><item>...``."""
    if form == "json":
        return _json(records)
    root = ET.Element(shape.root)
    for record in records:
        _fill(ET.SubElement(root, shape.item), record)
    return _xml(root)


def definition_answer(service_code: str, form: Format) -> bytes:
    """Attributes of a service: none of ours asks for any."""
    if form == "json":
        return _json({"service_code": service_code, "attributes": []})
    root = ET.Element("service_definition")
    _fill(root, {"service_code": service_code})
    ET.SubElement(root, "attributes")
    return _xml(root)


def discovery_answer(url: str, contact: str, kind: str, form: Format) -> bytes:
    """Where the interface is and whom to ask."""
    formats = ["text/xml", "application/json"]
    head = {
        "changeset": CHANGESET,
        "contact": contact,
        "key_service": f"{url.removesuffix('/open311/v2')}/phan-anh",
    }
    endpoint = {"specification": SPECIFICATION, "url": url, "changeset": CHANGESET, "type": kind}
    if form == "json":
        return _json({**head, "endpoints": [{**endpoint, "formats": formats}]})
    root = ET.Element("discovery")
    _fill(root, head)
    one = ET.SubElement(ET.SubElement(root, "endpoints"), "endpoint")
    _fill(one, endpoint)
    names = ET.SubElement(one, "formats")
    for name in formats:
        ET.SubElement(names, "format").text = name
    return _xml(root)


def error_answer(errors: Sequence[Refused], form: Format) -> bytes:
    """Errors with code and description."""
    return list_answer(ERRORS, [{"code": item.status, "description": item.description} for item in errors], form)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _fill(element: ET.Element, record: Record) -> None:
    for name, value in record.items():
        child = ET.SubElement(element, name)
        if isinstance(value, Mapping):
            _fill(child, value)
        elif isinstance(value, bool):
            child.text = "true" if value else "false"
        elif value is not None:
            child.text = _NOT_XML.sub("", str(value))


def _xml(root: ET.Element) -> bytes:
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)
