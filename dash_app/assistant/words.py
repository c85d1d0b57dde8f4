"""Words of the assistant, Vietnamese first."""

from __future__ import annotations

from collections.abc import Mapping

from layers.model import Text


def _(vi: str, en: str) -> Text:
    return Text(vi=vi, en=en)


TEXTS: Mapping[str, Text] = {
    "no_province": _("Chưa nạp dữ liệu của tỉnh.", "No province is loaded yet."),
    "nothing": _("Chưa có số liệu {what} ở {where} ({when}).", "There are no data on {what} in {where} ({when})."),
    "when.now": _("mới nhất", "newest"),
    "when.hours": _("{n} giờ qua", "last {n} hours"),
    "when.day": _("ngày {day}", "{day}"),
    "when.month": _("tháng {month}", "{month}"),
    "when.quarter": _("quý {n}/{year}", "quarter {n}/{year}"),
    "when.year": _("năm {year}", "{year}"),
    "when.cumulative": _("lũy kế từ đầu năm đến tháng {month}", "January to {month}"),
    "when.span": _("từ {first} đến {last}", "{first} to {last}"),
    "how.value": _("giá trị mới nhất", "newest value"),
    "how.mean": _("trung bình", "mean"),
    "how.highest": _("giờ cao nhất", "highest hour"),
    "how.lowest": _("giờ thấp nhất", "lowest hour"),
    "station.one": _("{what} tại {where}: {value} ({how}, {when}).", "{what} at {where}: {value} ({how}, {when})."),
    "station.rank": _("{what} đứng đầu là {where}: {value} ({how}, {when}).",
                      "{what}: {where} comes first with {value} ({how}, {when})."),
    "station.mean": _("{what} ở {where}: {value}, trung bình {n} trạm ({when}).",
                      "{what} in {where}: {value}, mean of {n} stations ({when})."),
    "station.forecast": _("Dự báo 72 giờ tới: {what} cao nhất tại {where}, {value} lúc {when} (trung vị).",
                          "Next 72 hours: {what} highest at {where}, {value} at {when} (median)."),
    "forecast_of": _("dự báo {what}", "a forecast of {what}"),
    "index.one": _("{what} tại {where}: {value} ({when}).", "{what} at {where}: {value} ({when})."),
    "index.worst": _("{what} ở {area}: xấu nhất tại {where}, {value}, trong {n} trạm ({when}).",
                     "{what} in {area}: worst at {where}, {value}, of {n} stations ({when})."),
    "index.best": _("{what} ở {area}: tốt nhất tại {where}, {value}, trong {n} trạm ({when}).",
                    "{what} in {area}: best at {where}, {value}, of {n} stations ({when})."),
    "indicator.month": _("{what} của {where} tháng {month}: {value}", "{what} of {where} in {month}: {value}"),
    "indicator.year": _("{what} của {where} lũy kế đến tháng {month}: {value}",
                        "{what} of {where}, January to {month}: {value}"),
    "indicator.forecast": _("{what} của {where} ước cả năm {year}: {value} (trung vị dự báo).",
                            "{what} of {where} by the end of {year}: {value} (median forecast)."),
    "on_same_period": _("so cùng kỳ {change} {unit}", "{change} {unit} on the same period"),
    "on_previous": _("so kỳ trước {change} {unit}", "{change} {unit} on the period before"),
    "on_plan": _("đạt {percent}% kế hoạch năm", "{percent}% of the year's plan"),
    "no_comparison": _("không so sánh được: {why}", "cannot be compared: {why}"),
    "no_previous": _("không có số liệu kỳ trước", "no figure of the period before"),
    "points": _("điểm %", "points"),
    "state.official": _("chính thức", "official"),
    "state.preliminary": _("sơ bộ", "preliminary"),
    "state.estimate": _("ước tính", "estimate"),
    "rank.most": _("{what}, nhiều nhất: {where}, {value} (trong {n} đơn vị, {when}).",
                   "{what}, most: {where}, {value} (of {n} units, {when})."),
    "rank.least": _("{what}, ít nhất: {where}, {value} (trong {n} đơn vị, {when}).",
                    "{what}, least: {where}, {value} (of {n} units, {when})."),
    "count": _("{where} có {n} {what} ({when}).", "{where} has {n} {what} ({when})."),
    "feedback.received": _("phản ánh đã tiếp nhận", "reports received"),
    "feedback.open": _("phản ánh chưa xử lý xong", "reports still open"),
    "feedback.overdue": _("phản ánh trễ hạn", "reports overdue"),
    "land.all": _("Diện tích các thửa đất", "Area of the parcels"),
    "land.area": _("{what} ở {where}: {value}.", "{what} in {where}: {value}."),
    "alerts.some": _("{where} có {n} cảnh báo đang mở.", "{where} has {n} open alerts."),
    "alerts.none": _("{where} không có cảnh báo nào đang mở.", "{where} has no open alert."),
    "alerts.source": _("Cảnh báo của hệ thống", "Alerts of the system"),
    "grid.sum": _("{what} ở {where}: {value} ({when}).", "{what} in {where}: {value} ({when})."),
    "unclear.empty": _("Hãy nhập câu hỏi.", "Please type a question."),
    "unclear.no_measure": _(
        "Tôi chưa hiểu «{words}» hỏi về số liệu nào. Thử nêu tên chỉ tiêu, thông số hoặc lớp dữ liệu.",
        "I do not see which figure «{words}» asks for. Try the name of an indicator, a parameter or a layer.",
    ),
    "unclear.several_measures": _("Ý bạn là số liệu nào?", "Which figure do you mean?"),
    "unclear.several_places": _("Có nhiều nơi cùng tên. Bạn hỏi nơi nào?", "Several places have this name. Which one?"),
    "unclear.unknown_place": _("Không có nơi nào tên «{words}» trong dữ liệu của tỉnh.",
                               "There is no place «{words}» in the province's data."),
    "unclear.not_held": _("Hệ thống chưa có số liệu này.", "The system does not hold these data."),
    "unclear.future": _("Thời gian này chưa tới; thêm chữ «dự báo» nếu muốn xem dự báo.",
                        "That time has not come yet; add «forecast» to see one."),
    "guessed": _("Hiểu là: {what}.", "Understood as: {what}."),
    "title": _("Hỏi đáp số liệu", "Ask the data"),
    "placeholder": _("Ví dụ: xã nào trễ hạn phản ánh nhiều nhất tháng này",
                     "Questions are read in Vietnamese: PM2.5 Phủ Lý 7 ngày qua"),
    "ask": _("Hỏi", "Ask"),
    "examples": _("Ví dụ", "Examples"),
    "source": _("Nguồn", "Source"),
    "until": _("Số liệu đến", "Data until"),
    "on_map": _("Xem trên bản đồ", "Show on the map"),
    "open": _("Mở", "Open"),
    "read_as": _("Đã hiểu", "Read as"),
    "rank_where": _("Nơi", "Place"),
    "rank_value": _("Giá trị", "Value"),
    "tab": _("Hỏi đáp", "Ask"),
}  # fmt: skip


def say(key: str, language: str, **values: object) -> str:
    """A text with its placeholders filled."""
    text = TEXTS[key][language]
    return text.format(**values) if values else text
