"""A rule in one sentence, and the law it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash_app import formats
from dash_app.i18n import say
from dash_app.pages.alerts.view import first_finding, sentence_case
from layers.indices import INDICES
from layers.model import Parameter
from spatial.alerts.words import SIGN_TITLES, parameter_of

type Row = Mapping[str, Any]


def rule_sentence(rule: Row, language: str) -> str:
    """«PM2.5, trung bình 24 giờ, trên 45 µg/m³, 3 giờ liền, ở mọi trạm.»"""
    parts = [_what(rule, language)]
    if rule["kind"] != "instrument" and rule["for_hours"] > 1:
        parts.append(say("rule.in_a_row", language, n=rule["for_hours"]))
    place = (
        say("rule.at_station", language, station=rule["feature_key"])
        if rule["feature_key"]
        else say("rule.everywhere", language)
    )
    return f"{sentence_case(', '.join([*parts, place]))}."


def _what(rule: Row, language: str) -> str:
    parameter = parameter_of(rule["layer_id"], rule["parameter"])
    name = parameter.title[language] if parameter else rule["parameter"] or ""
    unit = f" {parameter.unit}" if parameter and parameter.unit else ""
    bound = "" if rule["threshold"] is None else f"{_figure(rule['threshold'], language)}{unit}"
    mean = say("rule.mean", language, n=rule["mean_hours"]) if rule["mean_hours"] > 1 else ""
    match rule["kind"]:
        case "threshold":
            below = parameter is not None and lack_harms(parameter)
            return say(
                "rule.below" if below else "rule.above",
                language,
                name=" ".join(filter(None, [name, mean])),
                value=bound,
            )
        case "limit":
            return say("rule.limit", language, name=name or say("rule.any_parameter", language))
        case "index":
            return say("rule.index", language, level=_level(rule, language))
        case "instrument":
            return _signs(rule, name, language)
        case "forecast":
            known = say("rule.forecast", language, name=name, quantile=say(f"quantile.{rule['quantile']}", language))
            return f"{known} {bound}" if bound else f"{known} {say('rule.the_limit', language)}"
        case _:
            return say("rule.anomaly", language, name=name)


def lack_harms(parameter: Parameter) -> bool:
    """Of oxygen too little is bad: the law knows only a lower limit for it."""
    return bool(parameter.limits) and all(limit.high is None for limit in parameter.limits)


def _signs(rule: Row, name: str, language: str) -> str:
    signs = ", ".join(SIGN_TITLES[sign][language] for sign in rule["signs"]) or say("rule.any_sign", language)
    hours = say("rule.longer_than", language, n=_figure(rule["threshold"], language)) if rule["threshold"] else ""
    subject = say("rule.instrument_of", language, name=name) if name else say("rule.instrument", language)
    return " ".join(filter(None, [f"{subject}: {signs}", hours]))


def _level(rule: Row, language: str) -> str:
    """«3 (Kém)»: the level in the scale of the layer's medium."""
    number = int(rule["threshold"] or 1)
    index = INDICES["vn_aqi_hour" if rule["layer_id"].startswith("air") else "vn_wqi"]
    level = next((item for item in index.levels if item.number == number), None)
    return f"{number} ({level.title[language]})" if level else str(number)


def _figure(value: float, language: str) -> str:
    decimals = 0 if value == int(value) else 2
    return formats.number(value, decimals, language)


def basis_of(alert: dict[str, Any], language: str) -> str | None:
    """The law the alert rests on, as its finding says; marked where it was not seen in the text of the law."""
    finding = first_finding(alert)
    basis = finding.get("basis")
    if finding.get("index") in INDICES:
        return say("evidence.basis", language, basis=INDICES[finding["index"]].source[language])
    if not basis:
        return None
    words = say("evidence.basis", language, basis=basis[language])
    return words if finding.get("confirmed", True) else f"{words} ({say('evidence.unconfirmed', language)})"
