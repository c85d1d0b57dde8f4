"""What people do about alerts, as JSON: the browser must know whether it was stored, which a callback cannot say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request

from dash_app.alert_services import AlertServices, Conflict
from dash_app.i18n import say
from dash_app.pages.alerts.view import moment_near
from spatial.alerts.errors import AlertRefused
from spatial.errors import DatabaseUnavailable

type Answer = tuple[dict[str, Any], int]

ACTIONS = ("acknowledge", "note", "close", "reopen")
NAME_LENGTH, NOTE_LENGTH, MOST_AT_ONCE = 100, 2000, 500


def build_alert_routes(alerts: AlertServices) -> Blueprint:
    """The blueprint of ``/api/alerts/...``."""
    routes = Blueprint("geoioc_alerts", __name__, url_prefix="/api/alerts")

    @routes.errorhandler(DatabaseUnavailable)
    def _unavailable(_: DatabaseUnavailable) -> Answer:
        return {"message": say("error.database", _language())}, 503

    @routes.get("/count")
    def count() -> dict[str, Any]:
        return alerts.open_counts()

    @routes.post("/act")
    def act() -> Answer:
        language = _language()
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return {"message": say("act.foreign", language)}, 403
        deed = request.get_json(silent=True)
        wrong = _wrong(deed, language)
        if wrong:
            return {"message": wrong}, 400
        assert isinstance(deed, dict)
        return _carry_out(alerts, deed, language)

    return routes


def _language() -> str:
    return "en" if request.args.get("lang") == "en" else "vi"


def _wrong(deed: Any, language: str) -> str | None:
    """What is wrong with a request, in words; None when it can be carried out."""
    if not isinstance(deed, dict) or deed.get("action") not in ACTIONS:
        return say("act.unknown", language)
    subjects = deed.get("alerts")
    if not isinstance(subjects, dict) or not 0 < len(subjects) <= MOST_AT_ONCE:
        return say("act.unknown", language)
    if not all(key.isdigit() and isinstance(seen, int) for key, seen in subjects.items()):
        return say("act.unknown", language)
    name, note = deed.get("name"), deed.get("note", "")
    if not isinstance(name, str) or not isinstance(note, str):
        return say("act.unknown", language)
    if not name.strip():
        return say("act.no_name", language)
    if len(name) > NAME_LENGTH or len(note) > NOTE_LENGTH:
        return say("act.too_long", language, name=NAME_LENGTH, note=NOTE_LENGTH)
    if deed["action"] != "acknowledge" and not note.strip():
        return say("act.no_note", language)
    return None


def _carry_out(alerts: AlertServices, deed: Mapping[str, Any], language: str) -> Answer:
    """Each alert by itself: what a colleague did to one does not stop the others."""
    done: list[int] = []
    refused: list[dict[str, Any]] = []
    for key, seen in deed["alerts"].items():
        try:
            conflict = alerts.act(deed["action"], int(key), seen, deed["name"].strip(), deed.get("note", "").strip())
        except AlertRefused as error:
            refused.append({"id": int(key), "message": error.words[language], "state": None})
            continue
        if conflict is None:
            done.append(int(key))
        else:
            refused.append({"id": int(key), **_conflict(alerts, conflict, language)})
    return {"done": done, "refused": refused}, 409 if refused else 200


def _conflict(alerts: AlertServices, conflict: Conflict, language: str) -> dict[str, Any]:
    newest = conflict.events[-1]
    told = next((event for event in reversed(conflict.events) if event["actor"] != "system"), newest)
    words = say(
        f"act.conflict.{told['action']}", language, name=told["actor"], note=told["note"] or "",
        time=moment_near(told["at"], alerts.services.now(), language),
    )  # fmt: skip
    return {"message": words, "seen": newest["id"], "state": conflict.state}
