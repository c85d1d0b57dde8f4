"""What staff do about cases, as JSON: the browser must know whether it was stored, which a callback cannot say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, request, send_file

from dash_app.desk_filters import Desk, read_desk
from dash_app.desk_services import Conflict, Deed, DeskServices
from dash_app.i18n import say
from dash_app.pages.feedback.view import moment_near, state_title
from spatial.errors import DatabaseUnavailable, GeoIOCError

type Answer = tuple[dict[str, Any], int]

NAME_LENGTH, NOTE_LENGTH, MOST_AT_ONCE, MOST_MEGABYTES = 80, 4000, 200, 60
WORDS = ("note", "to_unit", "level", "category", "duplicate_of", "result", "title")


def build_desk_routes(desk: DeskServices) -> Blueprint:
    """The blueprint of ``/api/feedback/...``."""
    routes = Blueprint("geoioc_desk", __name__, url_prefix="/api/feedback")

    @routes.errorhandler(DatabaseUnavailable)
    def _unavailable(_: DatabaseUnavailable) -> Answer:
        return {"message": say("error.database", _language())}, 503

    @routes.post("/act")
    def act() -> Answer:
        language = _language()
        if _foreign():
            return {"message": say("deed.foreign", language)}, 403
        if (request.content_length or 0) > MOST_MEGABYTES * 2**20:
            return {"message": say("deed.too_big", language, n=MOST_MEGABYTES)}, 413
        asked = _parsed(request.form.get("deed"))
        deed = _deed(asked)
        if deed is None:
            return {"message": say("deed.unknown", language)}, 400
        if not deed.name:
            return {"message": say("deed.no_name", language)}, 400
        photos = [file.read() for file in request.files.getlist("photo") if file.filename]
        return _carry_out(desk, deed, photos, read_desk(asked.get("role")), language)

    @routes.get("/photo/<int:photo_id>")
    def photo(photo_id: int) -> Response:
        path = desk.photo_path(photo_id)
        if path is None or not path.is_file():
            abort(404)
        answer = send_file(path, mimetype="image/jpeg", conditional=True)
        answer.headers["Cache-Control"] = "private, max-age=3600"
        return answer

    @routes.post("/photo/<int:photo_id>")
    def publish(photo_id: int) -> Answer:
        language = _language()
        asked = request.get_json(silent=True)
        if _foreign():
            return {"message": say("deed.foreign", language)}, 403
        if not isinstance(asked, dict) or not isinstance(asked.get("public"), bool):
            return {"message": say("deed.unknown", language)}, 400
        if read_desk(asked.get("role")).role != "operator":
            return {"message": say("deed.not_allowed", language)}, 403
        name = str(asked.get("name") or "").strip()[:NAME_LENGTH] or "operator"
        if not desk.publish(photo_id, asked["public"], name):
            return {"message": say("deed.unknown", language)}, 404
        return {"message": say("desk.photo.published" if asked["public"] else "desk.photo.hidden", language)}, 200

    return routes


def _language() -> str:
    return "en" if request.args.get("lang") == "en" else "vi"


def _foreign() -> bool:
    """Whether another site's page sends this."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def _parsed(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _deed(asked: Mapping[str, Any]) -> Deed | None:
    """What was asked for; None when it cannot be understood."""
    cases, action = asked.get("cases"), asked.get("action")
    if not isinstance(action, str) or not isinstance(cases, dict) or not 0 < len(cases) <= MOST_AT_ONCE:
        return None
    if not all(isinstance(seen, int) for seen in cases.values()):
        return None
    words = {name: asked.get(name) or "" for name in WORDS}
    if not all(isinstance(value, str) and len(value) <= NOTE_LENGTH for value in words.values()):
        return None
    try:
        until = datetime.fromisoformat(asked["until"]) if asked.get("until") else None
    except (TypeError, ValueError):
        return None
    if until is not None and until.tzinfo is None:
        return None
    given = {name: value.strip() or None for name, value in words.items()}
    return Deed(action, dict(cases), str(asked.get("name") or "").strip()[:NAME_LENGTH], until=until, **given)


def _carry_out(desk: DeskServices, deed: Deed, photos: list[bytes], who: Desk, language: str) -> Answer:
    """Each case by itself: what a colleague did to one does not stop the others."""
    done: list[str] = []
    refused: list[dict[str, Any]] = []
    for code, seen in deed.cases.items():
        try:
            conflict = desk.act(deed, code, seen, photos, who)
        except DatabaseUnavailable:
            raise
        except GeoIOCError as error:
            refused.append({"code": code, "message": _words(error, language)})
            continue
        if conflict is None:
            done.append(code)
        else:
            refused.append({"code": code, **_conflict(desk, conflict, language)})
    return {"done": done, "refused": refused}, 409 if refused else 200


def _words(error: GeoIOCError, language: str) -> str:
    """The error's sentence in the language asked for, where it has both."""
    words = getattr(error, "words", None)
    return str(words[language]) if words is not None else str(error)


def _conflict(desk: DeskServices, conflict: Conflict, language: str) -> dict[str, Any]:
    newest = conflict.events[-1]
    words = say(
        "deed.conflict",
        language,
        actor=newest["actor"] or "…",
        time=moment_near(newest["happened_at"], desk.services.now(), language),
        what=state_title(newest["state"], language),
    )
    return {"message": words, "seen": conflict.seen, "state": conflict.state}
