"""What projections and unusual figures are called, the same on every screen, in every report and in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from math import log10
from types import MappingProxyType

from layers.model import Text

KINDS: Mapping[str, Text] = MappingProxyType({
    "report": Text(vi="Nghi sai báo cáo", en="Likely a reporting error"),
    "event": Text(vi="Biến động thực tế", en="Real change"),
})  # fmt: skip

CAUSES: Mapping[str, Text] = MappingProxyType({
    "unit_factor": Text(vi="Số liệu có thể sai đơn vị", en="The figure may be in the wrong unit"),
    "digit": Text(vi="Số liệu có thể thiếu hoặc thừa một chữ số",
                  en="The figure may lack a digit or have one too many"),
    "cumulative": Text(vi="Số liệu có thể là lũy kế từ đầu năm, không phải của riêng kỳ này",
                       en="The figure may be the total since January, not of this period alone"),
    "repeated": Text(vi="Số liệu trùng khớp với kỳ trước, có thể chưa được cập nhật",
                     en="The figure repeats an earlier one exactly and may not have been updated"),
    "parts_differ": Text(vi="Số của tỉnh và tổng các xã, phường lệch nhau khác thường",
                         en="The province's figure and the sum of its communes differ unusually"),
    "sign": Text(vi="Số liệu có thể sai dấu âm, dương", en="The figure may have the wrong sign"),
    "zero": Text(vi="Số 0 có thể là chưa có số liệu", en="The zero may mean that there is no figure yet"),
    "together": Text(vi="Nhiều đơn vị cùng biến động theo một chiều", en="Several units moved the same way"),
    "related": Text(vi="Chỉ tiêu liên quan của đơn vị cũng biến động", en="Related indicators of the unit moved too"),
    "persists": Text(vi="Biến động kéo dài qua nhiều kỳ", en="The change lasts over several periods"),
    "sudden": Text(vi="Biến động đột ngột, chưa rõ nguyên nhân", en="A sudden change, cause not known"),
})  # fmt: skip

# Why there is no projection, or what to know of it.
REASONS: Mapping[str, Text] = MappingProxyType({
    "no_figure_this_year": Text(vi="Năm nay chưa có số liệu", en="There is no figure of this year yet"),
    "period_missing": Text(vi="Thiếu số liệu ít nhất một kỳ trong năm",
                           en="At least one period of the year is missing"),
    "no_last_year": Text(vi="Chưa đủ số liệu trọn năm trước để dự báo",
                         en="The year before is not complete, too little for a projection"),
    "estimated_history": Text(vi="Số liệu trước khi sắp xếp đơn vị là ước tính; khoảng dự báo được nới rộng",
                              en="Figures before the boundary reform are estimates; the range is widened"),
    "doubtful_figure": Text(vi="Có số liệu nghi sai trong năm; dự báo không dùng số đó",
                            en="A figure of the year is in doubt; the projection leaves it out"),
})  # fmt: skip

MODELS: Mapping[str, Text] = MappingProxyType({
    "naive": Text(vi="cùng kỳ năm trước nhân tốc độ tăng từ đầu năm", en="same months last year times growth so far"),
    "share": Text(vi="tỷ trọng thường lệ của các kỳ đã qua", en="usual share of the periods that are over"),
    "level": Text(vi="mức của các kỳ gần nhất theo mùa vụ", en="level of the last periods with the season"),
    "half": Text(vi="cùng kỳ năm trước nhân một nửa tốc độ tăng", en="same months last year times half the growth"),
    "last_year": Text(vi="như cùng kỳ năm trước", en="as the same months of last year"),
    "median": Text(vi="trung vị của năm cách tính", en="median of five methods"),
    "complete": Text(vi="đã đủ số liệu cả năm", en="the year is complete"),
})  # fmt: skip

NO_SKILL = Text(vi="Các năm trước, cách dự báo này không tốt hơn cách tính đơn giản",
                en="In past years this was no better than the simple projection")  # fmt: skip


def cause_words(cause: str, *, value: float, expected: float, language: str) -> str:
    """Sentence of a cause, with the factor where units were mixed up: «... (gấp khoảng 1.000 lần)»."""
    words = CAUSES[cause][language]
    if cause != "unit_factor" or value <= 0 or expected <= 0:
        return words
    factor = 10 ** abs(round(log10(value / expected)))
    shown = f"{factor:,}" if language == "en" else f"{factor:,}".replace(",", ".")
    if value > expected:
        return f"{words} ({'about ' + shown + ' times too high' if language == 'en' else f'gấp khoảng {shown} lần'})"
    return f"{words} ({'about ' + shown + ' times too low' if language == 'en' else f'nhỏ đi khoảng {shown} lần'})"


def skill_words(skill: float | None, language: str) -> str:
    """How much better than the naive projection in past years, also when it was worse; '' when not known."""
    if skill is None:
        return ""
    percent = f"{abs(skill) * 100:.0f}%"
    if round(skill * 100) == 0:
        return "sai số bằng cách tính đơn giản" if language == "vi" else "errors as of the simple projection"
    if language == "vi":
        return f"sai số {'nhỏ' if skill > 0 else 'lớn'} hơn cách tính đơn giản {percent}"
    return f"errors {percent} {'smaller' if skill > 0 else 'larger'} than of the simple projection"
