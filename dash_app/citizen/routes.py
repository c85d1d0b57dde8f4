"""Addresses of the public pages, all below ``/phan-anh``."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, send_file

from dash_app.citizen import guards, view
from dash_app.citizen.listing import add_listing
from dash_app.citizen.pages import FOLDER, guard, language_of_request, linker, map_data, render, script_data
from dash_app.citizen.sending import add_sending
from dash_app.citizen.services import Case, CitizenServices, Deed
from dash_app.i18n import say
from dash_app.services import Services
from spatial.errors import DatabaseUnavailable, FeedbackRefused
from spatial.feedback.actions import allowed
from spatial.feedback.photos import photo_path
from spatial.feedback.rules import regulation
from spatial.settings import citizen_settings

YEAR = 365 * 86_400
NOTE_LENGTH = 2000
SHA256 = re.compile(r"^[0-9a-f]{64}$")
CODE = re.compile(r"^[A-Za-z0-9_.-]{1,40}$")
DEEDS: dict[str, Deed] = {"tra-loi": "citizen_answers", "danh-gia": "rate", "phan-anh-lai": "reopen"}


def build_citizen_routes(services: Services) -> Blueprint:
    """The blueprint of ``/phan-anh/...`` over one set of services."""
    routes = Blueprint("geoioc_citizen", __name__, url_prefix="/phan-anh")
    citizens = CitizenServices(services)
    tries = guards.Tries()
    add_sending(routes, citizens)
    add_listing(routes, citizens)

    @routes.errorhandler(DatabaseUnavailable)
    def _unavailable(_: DatabaseUnavailable) -> tuple[dict[str, str], int]:
        return {"message": say("error.database", language_of_request())}, 503

    @routes.get("", strict_slashes=False)
    def form() -> Response:
        language, rules, settings = language_of_request(), regulation(), citizen_settings()
        link = linker(language)
        frame = view.Frame(rules, citizens.now(), language)
        photos = min(settings.photos, rules.photos.most)
        config = map_data(services, language) | {
            "check": link("/phan-anh/kiem-tra"),
            "search": f"/api/search?lang={language}",
            "photos": photos,
            "photoSide": settings.photo_side,
            "contactRequired": False,
        }
        return render(
            services, "form", here="form", with_map=True, config=script_data(config),
            categories=view.categories(frame), contact_required=False,
            limits={"least": rules.text.least, "most": rules.text.most, "photos": photos},
        )  # fmt: skip

    @routes.get("/tra-cuu")
    def find() -> Response:
        code = request.args.get("ma", "").strip()
        if not code:
            return render(services, "find", here="find", code="", problem=None, why=None)
        found = _code(code)
        if found is not None and citizens.case(found, own=False) is not None:
            # werkzeug types its redirect as its own Response, Flask's is a kind of it.
            return redirect(linker(language_of_request())(f"/phan-anh/{found}"), code=302)  # type: ignore[return-value]
        return unknown(code)

    def unknown(code: str) -> Response:
        language = language_of_request()
        return render(
            services, "find", status=404, here="find", code=code[:40],
            problem=say("citizen.case.unknown", language, code=code[:40]),
            why=say("citizen.case.unknown.why", language),
        )  # fmt: skip

    def opened(code: str, secret: str) -> bool:
        """Whether a private link opens a report; guessing is bounded by address.

        :raises werkzeug.exceptions.TooManyRequests: after too many wrong ones.
        """
        if not secret:
            return False
        now = citizens.now()
        if tries.too_many(guards.sender(), now):
            abort(429, say("citizen.refused.tries", language_of_request()))
        if citizens.knows(code, secret[:100].replace("\x00", "")):
            return True
        tries.wrong(guards.sender(), now)
        return False

    def show(code: str, secret: str, *, status: int = 200, problem: str | None = None) -> Response:
        language, rules, now = language_of_request(), regulation(), citizens.now()
        own = opened(code, secret)
        case = citizens.case(code, own=own)
        if case is None:
            return unknown(code)
        frame = view.Frame(rules, now, language, citizens.handling_units(), citizens.centre())
        done = request.args.get("ok", "")
        notice: dict[str, Any] | None = None
        if problem is not None:
            notice = {"words": problem, "bad": True}
        elif secret and not own:
            notice = {"words": say("citizen.refused.secret", language), "bad": True}
        elif own and done in DEEDS.values():
            notice = {"words": say(f"citizen.case.done.{done}", language), "bad": False}
        page = view.page(case, frame)
        round_m = rules.privacy.grid_degrees * 111_000 if page["snapped"] and not own else None
        return render(
            services, "case", status=status, private=bool(secret), here="case", with_map=bool(page["point"]),
            case=page, notice=notice, secret=secret if own else "",
            deeds=view.deeds(case, frame, _may(case, now)) if own else None,
            photo_link=lambda photo: _photo_link(case, photo, secret),
            config=script_data(map_data(services, language) | {"point": page["point"], "round": round_m}),
        )  # fmt: skip

    @routes.get("/<code>")
    def case(code: str) -> Response:
        found = _code(code)
        return show(found, request.args.get("s", "").strip()) if found else unknown(code)

    @routes.post("/<code>/<any('tra-loi','danh-gia','phan-anh-lai'):deed>")
    def act(code: str, deed: str) -> Response:
        if guards.from_another_site():
            abort(403, say("citizen.refused.foreign", language_of_request()))
        request.max_content_length = 64_000
        found, secret = _code(code), request.form.get("s", "").strip()
        if found is None or citizens.case(found, own=False) is None:
            return unknown(code)
        if not opened(found, secret):
            return show(found, secret, status=403)
        try:
            citizens.act(found, DEEDS[deed], **_given(DEEDS[deed], language_of_request()))
        except FeedbackRefused as error:
            return show(found, secret, status=409, problem=str(error))
        except _Wanting as wanting:
            return show(found, secret, status=400, problem=str(wanting))
        address = linker(language_of_request())(f"/phan-anh/{found}?s={secret}&ok={DEEDS[deed]}")
        # The secret was checked above. The type: as in find().
        return redirect(address, code=303)  # type: ignore[return-value]

    @routes.get("/anh/<sha256>.jpg")
    def photo(sha256: str) -> Response:
        """A photo everybody may see."""
        if not SHA256.match(sha256) or not citizens.photo_is_public(sha256):
            abort(404)
        return _photo(sha256, private=False)

    @routes.get("/<code>/anh/<sha256>.jpg")
    def own_photo(code: str, sha256: str) -> Response:
        """A photo of a report for who has its private link."""
        found, secret = _code(code), request.args.get("s", "")
        if found is None or not SHA256.match(sha256) or not opened(found, secret):
            abort(404)
        case = citizens.case(found, own=True)
        if case is None or sha256 not in {row["sha256"] for row in case.photos}:
            abort(404)
        return _photo(sha256, private=True)

    @routes.get("/static/<path:name>")
    def static(name: str) -> Response:
        path = (FOLDER / "static" / name).resolve()
        if path.parent != FOLDER / "static" or not path.is_file():
            abort(404)
        answer = send_file(path, conditional=True, max_age=YEAR if request.args.get("v") else 0)
        if request.args.get("v"):
            answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        return answer

    return routes


class _Wanting(Exception):
    """Something the citizen has to add; the message says what."""


def _given(deed: Deed, language: str) -> dict[str, Any]:
    """What was filled in for a deed.

    :raises _Wanting: when it is not enough.
    """
    note = "".join(sign for sign in request.form.get("note", "") if sign.isprintable() or sign == "\n").strip()
    if len(note) > NOTE_LENGTH:
        raise _Wanting(say("citizen.refused.field_long", language, n=NOTE_LENGTH))
    if deed == "rate":
        rating, solved = request.form.get("rating", ""), request.form.get("solved")
        if rating not in ("1", "2", "3", "4", "5"):
            raise _Wanting(say("citizen.refused.stars", language))
        if solved not in ("yes", "no"):
            raise _Wanting(say("citizen.refused.solved", language))
        return {"rating": int(rating), "solved": solved == "yes", "note": note}
    if not note:
        raise _Wanting(say("citizen.refused.reason" if deed == "reopen" else "citizen.refused.answer", language))
    return {"note": note}


def _code(code: str) -> str | None:
    """A tracking code as it is stored; people type small letters and blanks."""
    plain = code.replace(" ", "").strip()
    if not CODE.match(plain):
        return None
    return plain.upper() if plain[:1].isalpha() else plain


def _may(case: Case, now: datetime) -> list[str]:
    """Ids of what the reporter may do now."""
    return [action.id for action in allowed(case.row, "citizen", now=now)]


def _photo_link(case: Case, photo: dict[str, Any], secret: str) -> str:
    if photo["private"] and case.own:
        return f"/phan-anh/{case.row['tracking_code']}/anh/{photo['sha256']}.jpg?s={secret}"
    return f"/phan-anh/anh/{photo['sha256']}.jpg"


def _photo(sha256: str, *, private: bool) -> Response:
    path = photo_path(sha256)
    if not path.is_file():
        abort(404)
    answer = send_file(path, mimetype="image/jpeg", conditional=True)
    # A photo may be taken back, so nobody keeps it for long.
    answer.headers["Cache-Control"] = "private, no-store" if private else "public, max-age=300"
    guard(answer)
    return answer
