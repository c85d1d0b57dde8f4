"""A rule as it is written down, and what makes sense in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, get_args

from layers.model import AlertRule, Layer, Sign, Text
from layers.registry import registry
from spatial.alerts.errors import AlertRefused

KINDS = ("threshold", "limit", "index", "instrument", "forecast", "anomaly")
SEVERITIES = ("minor", "moderate", "severe", "extreme")
CHANNELS = ("mail", "webhook", "cap")
QUANTILES = ("q10", "q50", "q90", "q975")
SIGNS: tuple[str, ...] = get_args(Sign.__value__)
MOST_HOURS = 72  # longer means and durations would not be of today


@dataclass(frozen=True)
class RuleForm:
    """What staff fill in, or a layer file says. ``feature_key`` None: every station of the layer."""

    layer_id: str
    title_vi: str
    title_en: str
    kind: str
    severity: str
    parameter: str | None = None
    feature_key: str | None = None
    threshold: float | None = None
    mean_hours: int = 1
    for_hours: int = 1
    channels: tuple[str, ...] = CHANNELS
    signs: tuple[str, ...] = ()
    quantile: str = "q50"
    name: str = ""

    @staticmethod
    def of(layer: Layer) -> Callable[[AlertRule], RuleForm]:
        """A function that turns the layer's declared rules into forms named «layer.rule»."""

        def form(rule: AlertRule) -> RuleForm:
            return RuleForm(
                layer.id, rule.title.vi, rule.title.en, rule.kind, rule.severity, rule.parameter, None, rule.threshold,
                rule.mean_hours, rule.for_hours, rule.channels, rule.signs, rule.quantile, f"{layer.id}.{rule.name}",
            )  # fmt: skip

        return form

    def values(self) -> dict[str, Any]:
        """As columns of core.alert_rule."""
        return asdict(self) | {"channels": list(self.channels), "signs": list(self.signs)}


def check_rule(form: RuleForm) -> None:
    """Whether the rule can ever be true and is understood.

    :raises AlertRefused: with the first reason why not.
    """
    layer = registry().get(form.layer_id)
    if layer is None or layer.series is None:
        raise _no("Lớp này không có số liệu quan trắc.", "This layer holds no observations.")
    parameters = {parameter.name: parameter for parameter in layer.series.parameters}
    if not form.title_vi.strip() or not form.title_en.strip():
        raise _no(
            "Hãy đặt tên quy tắc bằng tiếng Việt và tiếng Anh.", "Please name the rule in Vietnamese and English."
        )
    for value, known in ((form.kind, KINDS), (form.severity, SEVERITIES), (form.quantile, QUANTILES)):
        if value not in known:
            raise _no(f"Giá trị {value!r} không hợp lệ.", f"{value!r} is not one of: {', '.join(known)}.")
    if not set(form.channels) <= set(CHANNELS) or not set(form.signs) <= set(SIGNS):
        raise _no("Kênh gửi hoặc dấu hiệu không hợp lệ.", "There is an unknown channel or sign.")
    if form.parameter is not None and form.parameter not in parameters:
        raise _no(f"Lớp không có thông số {form.parameter!r}.", f"The layer has no parameter {form.parameter!r}.")
    if not (1 <= form.mean_hours <= MOST_HOURS and 1 <= form.for_hours <= MOST_HOURS):
        raise _no(f"Số giờ phải từ 1 đến {MOST_HOURS}.", f"Hours must be between 1 and {MOST_HOURS}.")
    _check_kind(form)
    if form.kind == "limit" and form.parameter and not parameters[form.parameter].limits:
        raise _no("Thông số này không có giới hạn pháp lý.", "There is no legal limit for this parameter.")


def _check_kind(form: RuleForm) -> None:
    if form.kind == "threshold" and (form.parameter is None or form.threshold is None):
        raise _no("Quy tắc ngưỡng cần thông số và ngưỡng.", "A threshold rule needs a parameter and a threshold.")
    if form.kind == "index" and (form.threshold is None or form.threshold < 1 or form.threshold != int(form.threshold)):
        raise _no("Quy tắc chỉ số cần mức (số nguyên từ 1).", "An index rule needs a level, a whole number from 1.")
    if form.kind == "anomaly" and form.parameter is None:
        raise _no("Quy tắc bất thường cần thông số.", "An anomaly rule needs a parameter.")
    if form.kind in ("instrument", "anomaly") and form.threshold is not None and form.threshold <= 0:
        raise _no("Ngưỡng phải lớn hơn 0.", "The threshold must be more than 0.")
    if form.kind == "forecast" and form.parameter is None:
        raise _no("Quy tắc dự báo cần thông số.", "A forecast rule needs a parameter.")


def _no(vi: str, en: str) -> AlertRefused:
    return AlertRefused(Text(vi=vi, en=en))
