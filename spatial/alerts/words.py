"""Sentences of an alert in both languages, made from its evidence; each begins with the air (water) or instrument."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.numbers import format_decimal

from layers.model import Parameter, Text
from layers.registry import registry

SEVERITY_TITLES: Mapping[str, Text] = {
    "minor": Text(vi="Nhẹ", en="Minor"),
    "moderate": Text(vi="Trung bình", en="Moderate"),
    "severe": Text(vi="Nghiêm trọng", en="Severe"),
    "extreme": Text(vi="Đặc biệt nghiêm trọng", en="Extreme"),
}
STATE_TITLES: Mapping[str, Text] = {
    "new": Text(vi="Mới", en="New"),
    "acknowledged": Text(vi="Đã tiếp nhận", en="Acknowledged"),
    "closed": Text(vi="Đã đóng", en="Closed"),
}
CAUSE_TITLES: Mapping[str, Text] = {
    "environment": Text(vi="Môi trường", en="Environment"),
    "forecast": Text(vi="Dự báo", en="Forecast"),
    "instrument": Text(vi="Thiết bị", en="Instrument"),
}
# What a layer watches; another layer is called by its own title.
MEDIA: Mapping[str, Text] = {
    "air_observation": Text(vi="Không khí", en="Air"),
    "water_observation": Text(vi="Nước mặt", en="Surface water"),
}
SIGN_TITLES: Mapping[str, Text] = {
    "silent": Text(vi="không gửi số liệu", en="sends nothing"),
    "stuck": Text(vi="giá trị đứng yên", en="stuck value"),
    "calibration": Text(vi="để ở chế độ hiệu chuẩn quá lâu", en="left on calibration"),
    "fault": Text(vi="báo lỗi thiết bị", en="reports a device fault"),
    "drift": Text(vi="trôi dần so với mạng trạm", en="drifts away from the network"),
    "clock": Text(vi="sai đồng hồ", en="wrong clock"),
    "jumps": Text(vi="giá trị nhảy vọt hoặc ngoài khoảng đo", en="jumps or impossible values"),
    "alone": Text(vi="lệch khỏi các trạm lân cận", en="disagrees with the stations around it"),
    "doubtful": Text(vi="nhiều giá trị bị gắn cờ", en="many doubtful values"),
}


def medium(layer_id: str) -> Text:
    """What the layer watches, as a noun at the start of a sentence."""
    if layer_id in MEDIA:
        return MEDIA[layer_id]
    layer = registry().get(layer_id)
    return layer.title if layer else Text(vi=layer_id, en=layer_id)


def parameter_of(layer_id: str, name: str | None) -> Parameter | None:
    """The parameter's declaration; None for the station as a whole, or when the layer no longer has it."""
    layer = registry().get(layer_id)
    if layer is None or layer.series is None:
        return None
    return next((parameter for parameter in layer.series.parameters if parameter.name == name), None)


def say_number(value: float, decimals: int, language: str) -> str:
    """A figure the way the language writes it: 1.234,5 or 1,234.5."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale="en" if language == "en" else "vi"))


def title(alert: Mapping[str, Any]) -> Text:
    """One line: whose fault, what, how much against what, where. ``alert`` is a row of ``spatial.queries.alerts``."""
    return Text(vi=_line(alert, "vi"), en=_line(alert, "en"))


def _line(alert: Mapping[str, Any], language: str) -> str:
    findings = alert["evidence"].get("findings", [])
    place = alert.get("station_name") or alert["feature_key"] or ("toàn mạng" if language == "vi" else "whole network")
    subject = cause_words(alert["layer_id"], alert["cause"])[language]
    what = say_finding(alert["layer_id"], findings[0], language) if findings else alert["cause"]
    return f"{subject}: {what} – {place}"


def cause_words(layer_id: str, cause: str) -> Text:
    """«Không khí», «Dự báo không khí», «Thiết bị»."""
    noun = medium(layer_id)
    if cause == "instrument":
        return CAUSE_TITLES["instrument"]
    if cause == "forecast":
        return Text(vi=f"Dự báo {noun.vi.lower()}", en=f"{noun.en} forecast")
    return noun


def say_finding(layer_id: str, finding: Mapping[str, Any], language: str) -> str:
    """One finding of the evidence as a phrase: «PM2.5 trung bình 24 giờ 78,1 µg/m³, vượt 45 (QCVN 05:2023/BTNMT)»."""
    kind = finding["kind"]
    if kind == "index":
        return _say_index(finding, language)
    parameter = parameter_of(layer_id, finding.get("parameter"))
    name = parameter.title[language] if parameter else finding.get("parameter") or ""
    if finding.get("sign"):
        return _say_sign(finding, name, language)
    unit = f" {parameter.unit}" if parameter and parameter.unit else ""
    decimals = parameter.decimals if parameter else 1
    value = f"{say_number(finding['peak'], decimals, language)}{unit}"
    if kind == "anomaly":
        usual = say_number(finding["threshold"], decimals, language)
        if language == "vi":
            return f"{name} {value}, bất thường so với mức quen thuộc {usual}{unit} của giờ này"
        return f"{name} {value}, unusual: about {usual}{unit} is normal for this hour"
    return _say_exceedance(finding, f"{name}", value, decimals, language)


def _say_exceedance(finding: Mapping[str, Any], name: str, value: str, decimals: int, language: str) -> str:
    threshold = finding["threshold"]
    bound = say_number(threshold, 0 if threshold == int(threshold) else max(decimals, 1), language)
    hours = finding.get("hours", 1)
    source = _say_basis(finding, language)
    below = finding.get("below", False)
    if language == "vi":
        mean = f" trung bình {hours} giờ" if hours > 1 else ""
        verb = "dưới" if below else "vượt"
        hint = " trong 24 giờ tới" if finding["kind"] == "forecast" else ""
        return f"{name}{mean}{' dự kiến' if hint else ''} {value}{hint}, {verb} {bound}{source}"
    mean = f" {hours} h mean" if hours > 1 else ""
    verb = "below" if below else "over"
    hint = " within 24 h" if finding["kind"] == "forecast" else ""
    return f"{name}{mean}{' expected at' if hint else ''} {value}{hint}, {verb} {bound}{source}"


def _say_basis(finding: Mapping[str, Any], language: str) -> str:
    """Name of the standard in brackets; that nobody has seen it in the text of the law is said too."""
    basis = finding.get("basis")
    if not basis:
        return ""
    name = basis[language].split(",")[0].split("(")[0].strip()
    unconfirmed = {"vi": ", chưa xác nhận", "en": ", unconfirmed"}[language]
    return f" ({name}{'' if finding.get('confirmed', True) else unconfirmed})"


def _say_index(finding: Mapping[str, Any], language: str) -> str:
    index, level = finding.get("index_title") or {}, finding.get("level_title") or {}
    name, words = index.get(language, finding.get("index", "")), level.get(language)
    return f"{name} {finding['peak']:.0f}" + (f" ({words})" if words else "")


def _say_sign(finding: Mapping[str, Any], name: str, language: str) -> str:
    sign = SIGN_TITLES[finding["sign"]][language]
    hours = finding.get("peak")
    told = ""
    if finding["sign"] in ("silent", "calibration", "stuck", "fault") and hours:
        told = f" {hours:.0f} giờ" if language == "vi" else f" for {hours:.0f} h"
    elif finding["sign"] == "doubtful" and hours:
        told = f" ({hours:.0f} % trong 24 giờ)" if language == "vi" else f" ({hours:.0f} % of 24 h)"
    return f"{name} {sign}{told}".strip()
