"""What a job says of itself, in words for people: its schedule, and its result in Vietnamese."""

from __future__ import annotations

import re

from dash_app.i18n import say

# Results are written in English by the jobs; one that is not known here is shown as it is.
RESULTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"nothing new", "không có gì mới"),
        (r"(\d+) lines, (\d+) new, (\d+) gone", "{0} việc, {1} việc mới, {2} việc đã hết"),
        (r"(\d+) values by unit", "{0} giá trị theo đơn vị"),
        (r"(\d+) figures put together anew", "tổng hợp lại {0} số liệu"),
        (r"(\d+) days of series, (\d+) days of units", "{0} ngày theo chuỗi, {1} ngày theo đơn vị"),
        (r"(\d+) new values", "{0} giá trị mới"),
        (r"(\d+) layers counted", "đã đếm {0} lớp"),
        (r"(\d+) entries", "{0} mục"),
        (r"(\d+) units, (\d+) links", "{0} đơn vị, {1} liên kết"),
        (r"(\d+) features moved to other units", "{0} đối tượng chuyển sang đơn vị khác"),
        (r"(\d+) old job runs removed, (\d+) dead loads closed", "xóa {0} lượt chạy cũ, đóng {1} lượt nạp dở dang"),
        (r"(\d+) made(?:, \d+ leftovers removed)?", "đã lập {0} bản tin"),
        (r"(\d+) made; sent to (\d+) by e-mail", "đã lập {0} bản tin, gửi thư cho {1} địa chỉ"),
        (r"(\d+) series, (\d+) values; (\d+) without forecast", "{0} chuỗi, {1} giá trị; {2} chuỗi chưa có dự báo"),
    )
)


def schedule_words(cron: str, language: str) -> str:
    """«hằng giờ, phút 20» for «20 * * * *», «hằng ngày, 02:40» for «40 2 * * *», Mondays; any other as written."""
    hourly = re.fullmatch(r"(\d{1,2}) \* \* \* \*", cron)
    if hourly:
        return say("cron.hourly", language, minute=hourly[1])
    daily = re.fullmatch(r"(\d{1,2}) (\d{1,2}) \* \* \*", cron)
    if daily:
        return say("cron.daily", language, time=f"{int(daily[2]):02}:{int(daily[1]):02}")
    monday = re.fullmatch(r"(\d{1,2}) (\d{1,2}) \* \* 1", cron)
    return say("cron.monday", language, time=f"{int(monday[2]):02}:{int(monday[1]):02}") if monday else cron


def result_words(message: str, language: str) -> str:
    """The result of a run in the language of the page."""
    if language == "en":
        return message
    for pattern, words in RESULTS:
        found = pattern.fullmatch(message)
        if found:
            return words.format(*found.groups())
    return message
