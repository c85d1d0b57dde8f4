"""Rules as JSON: what the form offers, the sentence and the trial of what is written, saving, switching."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from dash_app.alert_services import AlertServices
from dash_app.i18n import say
from dash_app.pages.alerts.routes import NAME_LENGTH
from dash_app.pages.alerts.rule_form import choices, read_form
from dash_app.pages.alerts.rule_words import rule_sentence
from spatial.alerts.errors import AlertRefused
from spatial.alerts.rules import RuleForm, check_rule
from spatial.errors import DatabaseUnavailable
from spatial.queries.alert_preview import Preview

type Answer = tuple[dict[str, Any], int]


FORM_FIELDS = (
    "id", "origin", "overridden", "layer_id", "title_vi", "title_en", "kind", "severity", "parameter", "feature_key",
    "threshold", "mean_hours", "for_hours", "channels", "signs", "quantile",
)  # fmt: skip


class WrongRequest(Exception):
    """What was sent cannot be used; the argument says why, in the reader's language."""


def build_rule_routes(alerts: AlertServices) -> Blueprint:
    """The blueprint of ``/api/alert-rules/...``."""
    routes = Blueprint("geoioc_alert_rules", __name__, url_prefix="/api/alert-rules")

    @routes.errorhandler(DatabaseUnavailable)
    def _unavailable(_: DatabaseUnavailable) -> Answer:
        return {"message": say("error.database", _language())}, 503

    @routes.errorhandler(WrongRequest)
    def _wrong(error: WrongRequest) -> Answer:
        return {"message": str(error)}, 400

    @routes.errorhandler(AlertRefused)
    def _refused(error: AlertRefused) -> Answer:
        return {"message": error.words[_language()]}, 409

    @routes.get("/choices")
    def offer() -> dict[str, Any]:
        return choices(alerts.services, _language())

    @routes.get("/<int:rule_id>")
    def show(rule_id: int) -> Answer:
        rule = alerts.rule(rule_id)
        if rule is None:
            return {"message": say("rules.unknown", _language(), id=rule_id)}, 404
        return {name: rule[name] for name in FORM_FIELDS}, 200

    @routes.post("/try")
    def attempt() -> dict[str, Any]:
        language = _language()
        try:
            form = _form(_sent())
            check_rule(form)
        except WrongRequest as error:
            return {"problem": str(error)}
        except AlertRefused as error:
            return {"problem": error.words[language]}  # somebody is still writing: no failure
        return {"sentence": rule_sentence(form.values(), language), "preview": _tried(alerts.preview(form), language)}

    @routes.post("/save")
    def save() -> dict[str, Any]:
        sent = _sent()
        name, form, rule_id = _name(sent), _form(sent), sent.get("id")
        return {"id": alerts.save_rule(form, name, rule_id if isinstance(rule_id, int) else None)}

    @routes.post("/<int:rule_id>/enabled")
    def enable(rule_id: int) -> dict[str, Any]:
        sent = _sent()
        if not isinstance(sent.get("enabled"), bool):
            raise WrongRequest(say("act.unknown", _language()))
        alerts.enable_rule(rule_id, sent["enabled"], _name(sent))
        return {"id": rule_id}

    @routes.post("/<int:rule_id>/restore")
    def restore(rule_id: int) -> dict[str, Any]:
        alerts.restore_rule(rule_id, _name(_sent()))
        return {"id": rule_id}

    return routes


def _language() -> str:
    return "en" if request.args.get("lang") == "en" else "vi"


def _sent() -> dict[str, Any]:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise WrongRequest(say("act.foreign", _language()))
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise WrongRequest(say("act.unknown", _language()))
    return sent


def _name(sent: dict[str, Any]) -> str:
    name = sent.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > NAME_LENGTH:
        raise WrongRequest(say("act.no_name", _language()))
    return name.strip()


def _form(sent: dict[str, Any]) -> RuleForm:
    try:
        return read_form(sent)
    except ValueError as error:
        raise WrongRequest(say(f"rules.wrong.{error}", _language())) from None


def _tried(preview: Preview | None, language: str) -> str:
    if preview is None:
        return say("rules.no_trial", language)
    if preview.watched == 0:
        return say("rules.trial_nothing", language)
    return say(
        "rules.trial", language, days=preview.days, n=preview.events, stations=preview.stations, watched=preview.watched
    )
