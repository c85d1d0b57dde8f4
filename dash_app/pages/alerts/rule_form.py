"""What the browser's form of a rule may offer, and what it sends back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash_app.i18n import say
from dash_app.pages.alerts.rule_words import rule_sentence
from dash_app.services import Services, observation_layers
from layers.indices import INDICES
from layers.model import Layer
from spatial.alerts.rules import CHANNELS, KINDS, QUANTILES, SIGNS, RuleForm
from spatial.alerts.words import SEVERITY_TITLES, SIGN_TITLES

type Row = dict[str, Any]


def choices(services: Services, language: str) -> Row:
    """Everything a form offers, in words."""
    return {
        "layers": [_layer(services, layer, language) for layer in observation_layers()],
        "kinds": [[name, say(f"kind.{name}", language)] for name in KINDS],
        "severities": [[name, title[language]] for name, title in SEVERITY_TITLES.items()],
        "channels": [[name, say(f"channel.{name}", language)] for name in CHANNELS],
        "signs": [[name, SIGN_TITLES[name][language]] for name in SIGNS],
        "quantiles": [[name, say(f"quantile.{name}", language)] for name in QUANTILES],
    }


def _layer(services: Services, layer: Layer, language: str) -> Row:
    assert layer.series is not None
    names = [name for name in layer.series.indices if name in INDICES]
    hourly = next((name for name in names if INDICES[name].period == "hour"), names[0] if names else None)
    return {
        "id": layer.id,
        "title": layer.title[language],
        "parameters": [
            {"name": item.name, "title": item.title[language], "unit": item.unit, "limits": bool(item.limits)}
            for item in layer.series.parameters
        ],
        "levels": [[level.number, f"{level.number} · {level.title[language]}"] for level in INDICES[hourly].levels]
        if hourly
        else [],
        "stations": [[row["key"], row["name"]] for row in services.stations(layer)],
    }


def read_form(sent: Mapping[str, Any]) -> RuleForm:
    """The form as sent; a rule without a name is called by its own sentence in each language.

    :raises ValueError: when a field has the wrong type, with the name of the field.
    """
    form = RuleForm(
        layer_id=_text(sent, "layer_id"),
        title_vi=_text(sent, "title_vi"),
        title_en=_text(sent, "title_en"),
        kind=_text(sent, "kind"),
        severity=_text(sent, "severity"),
        parameter=_text(sent, "parameter") or None,
        feature_key=_text(sent, "feature_key") or None,
        threshold=_number(sent, "threshold"),
        mean_hours=_hours(sent, "mean_hours"),
        for_hours=_hours(sent, "for_hours"),
        channels=_words(sent, "channels"),
        signs=_words(sent, "signs"),
        quantile=_text(sent, "quantile") or "q50",
    )
    if form.kind not in KINDS:
        return form
    named_vi, named_en = form.title_vi or _called(form, "vi"), form.title_en or _called(form, "en")
    return replace(form, title_vi=named_vi, title_en=named_en)


def _called(form: RuleForm, language: str) -> str:
    return rule_sentence(form.values(), language).rstrip(".")


def _text(sent: Mapping[str, Any], name: str) -> str:
    value = sent.get(name) or ""
    if not isinstance(value, str) or len(value) > 200:
        raise ValueError(name)
    return value.strip()


def _number(sent: Mapping[str, Any], name: str) -> float | None:
    """A figure as people write it: 45,5 or 45.5; None when nothing is written."""
    value = sent.get(name)
    if value is None or value == "":
        return None
    try:
        figure = float(str(value).strip().replace(",", "."))
    except ValueError:
        raise ValueError(name) from None
    if not abs(figure) < 1e9:  # nan and infinity are no thresholds
        raise ValueError(name)
    return figure


def _hours(sent: Mapping[str, Any], name: str) -> int:
    figure = _number(sent, name)
    if figure is None:
        return 1
    if figure != int(figure):
        raise ValueError(name)
    return int(figure)


def _words(sent: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = sent.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(name)
    return tuple(value)
