"""``POST requests``: what a client sends, read and checked."""

from __future__ import annotations

import hmac
import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from dash_app.open311.answers import Refused
from layers.feedback_rules import Regulation
from layers.registry import get_layer
from spatial.feedback.intake import NewReport
from spatial.feedback.sending import LEAST_KEY, MOST_KEY
from spatial.settings import open311_settings

MOST_DESCRIPTION, MOST_FIELD, MOST_URL = 4000, 200, 500  # 4,000 characters: of the specification
IDEMPOTENCY = "Idempotency-Key"
DEFAULT_CHANNEL = "app"


@dataclass(frozen=True)
class Posted:
    """A report of a client; ``trusted``: it has a key of ours, so no limit holds."""

    report: NewReport
    key: str
    trusted: bool


def read_posted(form: Mapping[str, str], photos: list[bytes], rules: Regulation) -> Posted:
    """The report in a form-encoded request.

    :raises Refused: 400 for what is missing or wrong, 403 for a key that is not known, 404 for an unknown service.
    """
    channel = _channel(form.get("api_key", ""))
    code = form.get("service_code", "").strip()
    if not code:
        raise Refused(400, "service_code was not provided.")
    if code not in rules.categories:
        raise Refused(404, "service_code was not found.")
    description = _field(form, "description", MOST_DESCRIPTION)
    if len(description) < rules.text.least:
        raise Refused(400, f"description needs at least {rules.text.least} characters.")
    lat, lon = _place(form)
    media = _field(form, "media_url", MOST_URL)
    if media and not media.startswith(("http://", "https://")):
        raise Refused(400, "media_url must be an http or https address.")
    if len(photos) > rules.photos.most:
        raise Refused(400, f"At most {rules.photos.most} photos.")
    # An address on somebody else's server is not fetched from here; staff open it.
    content = f"{description}\n{media}" if media else description
    if len(content) > rules.text.most:
        raise Refused(400, f"description is longer than {rules.text.most} characters.")
    name = " ".join(part for part in (_field(form, "last_name"), _field(form, "first_name")) if part)
    report = NewReport(
        category=code, content=content, lon=lon, lat=lat, place_text=_field(form, "address_string"),
        channel=channel or DEFAULT_CHANNEL, name=name, phone=_field(form, "phone", 30), email=_field(form, "email"),
        photos=photos,
    )  # fmt: skip
    return Posted(report, _key(), channel is not None)


def _channel(given: str) -> str | None:
    """Channel of a trusted sender; None for who sends without a key, where that is allowed."""
    settings = open311_settings()
    if given:
        for key, channel in settings.channels.items():
            if hmac.compare_digest(key.encode(), given.encode()):
                return channel
        raise Refused(403, "api_key is not known.")
    if not settings.without_key:
        raise Refused(403, "api_key was not provided.")
    return None


def check_channels() -> None:
    """Refuse a setting that names a channel that is not there.

    :raises ValueError: naming it.
    """
    column = next(column for column in get_layer("feedback").columns if column.name == "channel")
    known = {code.value for code in column.codes}
    if unknown := sorted(set(open311_settings().channels.values()) - known):
        raise ValueError(f"GEOIOC_OPEN311_KEYS names channels that are not there: {', '.join(unknown)}")


def _place(form: Mapping[str, str]) -> tuple[float, float]:
    lat, lon = form.get("lat", "").strip(), form.get("long", "").strip()
    if not (lat and lon):
        raise Refused(400, "lat and long were not provided; an address alone is not enough here.")
    try:
        found = float(lat), float(lon)
    except ValueError:
        raise Refused(400, "lat and long must be numbers (WGS 84).") from None
    if not all(map(math.isfinite, found)) or abs(found[0]) > 90 or abs(found[1]) > 180:
        raise Refused(400, "lat and long must be degrees (WGS 84).")
    return found


def _field(form: Mapping[str, str], name: str, most: int = MOST_FIELD) -> str:
    words = "".join(sign for sign in form.get(name, "") if sign in "\n\t" or sign.isprintable()).strip()
    if len(words) > most:
        raise Refused(400, f"{name} is longer than {most} characters.")
    return words


def _key() -> str:
    """The client's own key for this report, so that sending it again is safe; without one every call is a report."""
    given = request.headers.get(IDEMPOTENCY, "").strip()
    if not given:
        return uuid.uuid4().hex
    if not LEAST_KEY <= len(given) <= MOST_KEY:
        raise Refused(400, f"{IDEMPOTENCY} needs {LEAST_KEY} to {MOST_KEY} characters.")
    return f"open311 {request.form.get('api_key', '')} {given}"
