"""Words of the reports, Vietnamese first."""

from __future__ import annotations

from collections.abc import Mapping

from layers.model import Text


def _(vi: str, en: str) -> Text:
    return Text(vi=vi, en=en)


TEXTS: Mapping[str, Text] = {
    "title": _("Báo cáo chất lượng môi trường", "Environment report"),
    "month": _("Tháng {month}", "{month}"),
    "partial": _("Từ {first} đến {last}, tháng chưa kết thúc", "From {first} to {last}, the month is not over"),
    "country": _("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM"),
    "motto": _("Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness"),
    "centre": _("Trung tâm điều hành thông minh", "Intelligent operations centre"),
    "as_of": _("Số liệu tính đến {until}; lập lúc {made}.", "Data until {until}; made at {made}."),
    "synthetic": _("Số liệu mẫu tổng hợp, không phải quan trắc thật.", "Synthetic sample data, no real measurements."),
    "summary": _("Tóm tắt", "Summary"),
    "no_data": _(
        "Không có số liệu quan trắc nào của phạm vi này trong tháng.",
        "There are no observations for this scope and month.",
    ),
    "stations": _("Trạm có số liệu", "Stations with data"),
    "completeness": _("Số liệu hợp lệ", "Valid data"),
    "mean_of": _("Trung bình {name}", "Mean {name}"),
    "days_over": _("Lượt ngày-trạm vượt giới hạn 24 giờ", "Station days over a 24 h limit"),
    "index_poor": _("Lượt ngày-trạm VN_AQI từ mức Kém", "Station days with VN_AQI Poor or worse"),
    "alerts_environment": _("Cảnh báo do môi trường", "Alerts from the environment"),
    "alerts_instrument": _("Cảnh báo do thiết bị", "Alerts from instruments"),
    "value": _("Trong tháng", "This month"),
    "before": _("Tháng trước", "Month before"),
    "year_before": _("Cùng kỳ năm trước", "Same month last year"),
    "same_days": _("So sánh trên cùng số ngày.", "Compared over the same number of days."),
    "daily": _("Diễn biến theo ngày", "By day"),
    "mean": _("Trung bình các trạm", "Mean of stations"),
    "highest": _("Đến trạm cao nhất", "Up to the highest station"),
    "limit": _("Giới hạn 24 giờ", "24 h limit"),
    "levels": _("Số ngày theo mức VN_AQI", "Days by class of VN_AQI"),
    "no_index": _("Không đủ số liệu", "Not enough data"),
    "by_station": _("Theo trạm", "By station"),
    "station": _("Trạm", "Station"),
    "max_day": _("Ngày cao nhất", "Highest day"),
    "max_hour": _("Giờ cao nhất", "Highest hour"),
    "min_hour": _("Giờ thấp nhất", "Lowest hour"),
    "over_days": _("Ngày vượt", "Days over"),
    "max_index": _("VN_AQI cao nhất", "Highest VN_AQI"),
    "dominant": _("Chất chính", "Dominant"),
    "reference": _("cảm biến tham khảo, không công bố VN_AQI", "reference sensor, no VN_AQI published"),
    "over": _("Vượt quy chuẩn", "Over the limits"),
    "none_over": _("Không có giá trị trung bình nào vượt giới hạn.", "No mean was over its limit."),
    "parameter": _("Thông số", "Parameter"),
    "averaging": _("Trung bình", "Mean of"),
    "hours": _("{n} giờ", "{n} h"),
    "limit_value": _("Giới hạn", "Limit"),
    "worst": _("Cao nhất", "Worst"),
    "means_over": _("Số giá trị vượt", "Means over"),
    "map": _("Bản đồ trạm", "Map of stations"),
    "map_note": _(
        "Màu: mức VN_AQI xấu nhất trong tháng; xám: không có chỉ số.",
        "Colour: worst VN_AQI class of the month; grey: no index.",
    ),
    "class_days": _("Số ngày theo mức QCVN 08:2023", "Days by class of QCVN 08:2023"),
    "wqi_days": _("Số lần lấy mẫu theo mức VN_WQI", "Samples by class of VN_WQI"),
    "alerts": _("Cảnh báo trong tháng", "Alerts of the month"),
    "no_alerts": _("Không có cảnh báo.", "No alerts."),
    "more_alerts": _("và {n} cảnh báo khác", "and {n} more"),
    "cause.environment": _("Môi trường", "Environment"),
    "cause.instrument": _("Thiết bị", "Instrument"),
    "cause.forecast": _("Dự báo", "Forecast"),
    "state.new": _("Mới", "New"),
    "state.acknowledged": _("Đã tiếp nhận", "Acknowledged"),
    "state.closed": _("Đã đóng", "Closed"),
    "what": _("Nội dung", "What"),
    "cause": _("Nguyên nhân", "Cause"),
    "from": _("Từ", "From"),
    "to": _("Đến", "To"),
    "peak": _("Cao nhất", "Peak"),
    "state": _("Tình trạng", "State"),
    "ongoing": _("đang diễn ra", "ongoing"),
    "quality": _("Kiểm soát chất lượng số liệu", "Quality control"),
    "quality_none": _("Không có giờ nào bị đánh dấu.", "No hour was marked."),
    "quality_note": _(
        "Giờ bị đánh dấu không vào giá trị trung bình và chỉ số; {n} giờ đã được cán bộ xem xét.",
        "Marked hours enter no mean and no index; people judged {n} of them.",
    ),
    "flag": _("Dấu", "Mark"),
    "flag_hours": _("Số giờ", "Hours"),
    "method": _("Phương pháp và căn cứ", "Method and legal basis"),
    "method_hours": _(
        "Giá trị giờ là trung bình các giá trị hợp lệ (thiết bị đang đo, không bị đánh dấu, hoặc được cán bộ xác nhận);"
        " nhãn giờ là cuối giờ, 00:00 thuộc ngày vừa hết.",
        "An hourly value is the mean of valid values (instrument measuring, not marked, or confirmed by staff);"
        " the label ends the hour, 00:00 belongs to the day that ended.",
    ),
    "method_day": _(
        "Trung bình ngày cần ít nhất {n} giờ hợp lệ mới so với giới hạn.",
        "A daily mean is compared with a limit when at least {n} hours are valid.",
    ),
    "unconfirmed": _("chưa xác nhận trong văn bản", "not confirmed in the text of the law"),
    "source": _("Nguồn số liệu: {agency}.", "Source of the data: {agency}."),
    "page": _("Trang", "Page"),
    "download_pdf": _("Tải PDF", "Download PDF"),
    "print": _("In", "Print"),
    "back": _("Về trang trạm", "Back to stations"),
    "choose": _("Tháng", "Month"),
    "show": _("Xem báo cáo", "Show report"),
    "province": _("Toàn tỉnh", "Whole province"),
    "bad_month": _("Tháng phải có dạng 2026-10.", "The month must be written like 2026-10."),
    "future_month": _("Tháng này chưa có số liệu.", "There are no data of this month yet."),
    "bad_scope": _("Không có đơn vị hoặc trạm này.", "There is no such unit or station."),
    "bad_format": _("Định dạng phải là html hoặc pdf.", "The format must be html or pdf."),
}


def say(key: str, language: str, **values: object) -> str:
    """A text with its placeholders filled."""
    text = TEXTS[key][language]
    return text.format(**values) if values else text
