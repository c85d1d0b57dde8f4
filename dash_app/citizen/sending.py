"""What the form sends: the check of a place while it is filled in, and the report itself. Answers are JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request
from werkzeug.exceptions import RequestEntityTooLarge

from dash_app import formats
from dash_app.citizen import guards, view, words
from dash_app.citizen.pages import language_of_request, linker
from dash_app.citizen.services import CitizenServices
from dash_app.i18n import say
from spatial.errors import ReportRefused
from spatial.feedback.intake import NewReport, PlaceCheck
from spatial.feedback.rules import regulation
from spatial.feedback.sending import LEAST_KEY, MOST_KEY, Limits, TooManyReports
from spatial.settings import citizen_settings

type Answer = tuple[dict[str, Any], int]

FIELD_LENGTH, WORDS_CHECKED, CHECK_BYTES = 200, 5000, 64_000
MEGABYTE = 1_000_000


class Faulty(Exception):
    """A report that is not complete: the sentence, and the part of the form it is about."""

    def __init__(self, words: str, part: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.part = part


def add_sending(routes: Blueprint, citizens: CitizenServices) -> None:
    """Add ``/phan-anh/kiem-tra`` and ``/phan-anh/gui``."""

    @routes.post("/kiem-tra")
    def check() -> Answer:
        language = language_of_request()
        if guards.from_another_site():
            return {"message": say("citizen.refused.foreign", language)}, 403
        request.max_content_length = CHECK_BYTES
        asked = request.get_json(silent=True)
        if not isinstance(asked, dict):
            return {"message": say("citizen.refused.form", language)}, 400
        try:
            lon, lat = _degrees(asked.get("lon"), asked.get("lat"), language)
        except Faulty as fault:
            return {"message": fault.words, "field": fault.part}, 400
        text = _clean(asked.get("text"))[:WORDS_CHECKED]
        category = asked.get("category")
        found = citizens.check(lon, lat, text, category if category in regulation().categories else None)
        return _told(found, citizens, language), 200

    @routes.post("/gui")
    def send() -> Answer:
        language = language_of_request()
        if guards.from_another_site():
            return {"message": say("citizen.refused.foreign", language)}, 403
        settings = citizen_settings()
        request.max_content_length = settings.megabytes * MEGABYTE
        try:
            if guards.is_trapped():
                raise Faulty(say("citizen.refused.form", language))
            key, report = _report(request.form, _photos(language), language)
        except RequestEntityTooLarge:
            return {"message": say("citizen.refused.big", language, n=settings.megabytes), "field": "photos"}, 413
        except Faulty as fault:
            return {"message": fault.words, "field": fault.part}, 400
        return _store(citizens, key, report, language)


def _store(citizens: CitizenServices, key: str, report: NewReport, language: str) -> Answer:
    settings = citizen_settings()
    assert report.lon is not None
    assert report.lat is not None
    found = citizens.check(report.lon, report.lat, f"{report.place_text}\n{report.content}", report.category)
    if not found.inside or (found.disagrees and request.form.get("agreed") != "yes"):
        told = _told(found, citizens, language)
        return {"message": told["question"] or told["said"], "field": "place", "check": told}, 400
    try:
        limits = Limits(settings.reports_per_hour, settings.reports_per_day)
        sent, case = citizens.send(report, key, guards.sender(), limits)
    except TooManyReports as error:
        wait = formats.age(error.wait, language)
        return {"message": say("citizen.refused.many", language, n=error.sent, wait=wait)}, 429
    except ReportRefused as error:
        return {"message": str(error), "field": "photos" if "nh" in str(error)[:3] else ""}, 400
    frame = view.Frame(regulation(), citizens.now(), language)
    link = linker(language)(f"/phan-anh/{sent.code}?s={sent.secret}")
    return {
        "code": sent.code,
        "link": link,
        "title": case["title"],
        "again": sent.again,
        "facts": view.receipt(case, frame, len(report.photos)),
    }, 200 if sent.again else 201


# ---------------------------------------------------------------- reading what was sent


def _report(form: Mapping[str, str], photos: list[bytes], language: str) -> tuple[str, NewReport]:
    rules = regulation()
    key = form.get("key", "").strip()
    if not (LEAST_KEY <= len(key) <= MOST_KEY and key.isascii() and key.isalnum()):
        raise Faulty(say("citizen.refused.key", language))
    lon, lat = _degrees(form.get("lon"), form.get("lat"), language)
    if form.get("category") not in rules.categories:
        raise Faulty(say("citizen.refused.category", language), "category")
    content = _clean(form.get("content")).strip()
    if len(content) < rules.text.least:
        raise Faulty(say("citizen.refused.short", language, n=rules.text.least), "content")
    if len(content) > rules.text.most:
        raise Faulty(say("citizen.refused.long", language, n=rules.text.most), "content")
    person = {name: _clean(form.get(name)).strip() for name in ("name", "phone", "email")}
    place_text = _clean(form.get("place_text")).strip()
    if any(len(value) > FIELD_LENGTH for value in (*person.values(), place_text)):
        raise Faulty(say("citizen.refused.field_long", language, n=FIELD_LENGTH))
    if any(person.values()) and form.get("consent") != "yes":
        raise Faulty(say("citizen.refused.consent", language), "person")
    report = NewReport(
        category=form["category"], content=content, lon=lon, lat=lat, place_text=place_text, channel="web",
        photos=photos, **person,
    )  # fmt: skip
    return key, report


def _photos(language: str) -> list[bytes]:
    most = min(citizen_settings().photos, regulation().photos.most)
    files = [file for file in request.files.getlist("photos") if file.filename]
    if len(files) > most:
        raise Faulty(say("citizen.refused.photos", language, n=most), "photos")
    return [file.read() for file in files]


def _degrees(lon: object, lat: object, language: str) -> tuple[float, float]:
    try:
        # Anything may come in JSON; what is no number raises.
        found = float(lon), float(lat)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise Faulty(say("citizen.refused.place", language), "place") from None
    if not all(map(math.isfinite, found)) or not (-180 <= found[0] <= 180 and -90 <= found[1] <= 90):
        raise Faulty(say("citizen.refused.place", language), "place")
    return found


def _clean(value: object) -> str:
    """Text without signs that nobody can see and PostgreSQL cannot store."""
    words = value if isinstance(value, str) else ""
    return "".join(
        sign for sign in words if sign in "\n\t" or (sign.isprintable() and not 0xD800 <= ord(sign) < 0xE000)
    )


def _told(found: PlaceCheck, citizens: CitizenServices, language: str) -> dict[str, Any]:
    """What the form says of a place."""
    rules, link = regulation(), linker(language)
    province = citizens.services.province()
    unit = found.unit["full_name"] if found.unit else ""
    return {
        "inside": found.inside,
        "disagrees": found.disagrees,
        "unit": unit,
        "said": say("citizen.check.inside", language, unit=unit)
        if found.inside
        else say("citizen.check.outside", language, province=formats.unit_name(province, language) if province else ""),
        "question": say("citizen.check.disagrees", language, named=found.named[0]["full_name"], unit=unit)
        if found.disagrees
        else "",
        "named": [{"name": row["full_name"], "point": _middle(row, citizens)} for row in found.named[:3]],
        "near": [
            {
                "code": row["tracking_code"],
                "title": row["title"],
                "url": link(f"/phan-anh/{row['tracking_code']}"),
                "note": words.near_note(row, rules, citizens.now(), language),
            }
            for row in found.near[:5]
        ],
    }


def _middle(named: Mapping[str, Any], citizens: CitizenServices) -> list[float] | None:
    unit = next((row for row in citizens.services.units() if row["key"] == named["key"]), None)
    return [(unit["south"] + unit["north"]) / 2, (unit["west"] + unit["east"]) / 2] if unit else None
