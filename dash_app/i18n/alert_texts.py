"""Texts of the alerts: inbox, evidence, rules, the panel on the map. Part of the catalogue in ``texts``."""

from __future__ import annotations

from layers.model import Text


def _(vi: str, en: str) -> Text:
    return Text(vi=vi, en=en)


ALERT_TEXTS: dict[str, Text] = {
    "nav.alerts": _("Cảnh báo", "Alerts"),
    "alert.state.open": _("Cần xử lý", "To do"),
    # inbox
    "alerts.title": _("Việc cần chú ý", "What needs attention"),
    "alerts.list": _("Danh sách cảnh báo", "List of alerts"),
    "alerts.tabs": _("Tình trạng xử lý", "State of work"),
    "alerts.filters": _("Lọc", "Filters"),
    "alerts.cause": _("Nguyên nhân", "Cause"),
    "alerts.severity": _("Mức độ", "Severity"),
    "alerts.unit": _("Đơn vị", "Unit"),
    "alerts.station": _("Trạm", "Station"),
    "alerts.days": _("Thời gian", "Time"),
    "alerts.any_cause": _("Mọi nguyên nhân", "Every cause"),
    "alerts.any_severity": _("Mọi mức độ", "Every severity"),
    "alerts.any_unit": _("Toàn tỉnh", "Whole province"),
    "alerts.any_station": _("Mọi trạm", "Every station"),
    "alerts.any_time": _("Mọi lúc", "Any time"),
    "alerts.last_days": _("{n} ngày gần nhất", "Last {n} days"),
    "alerts.last_day": _("24 giờ gần nhất", "Last 24 hours"),
    "alerts.units_former": _("Huyện (cũ)", "Former districts"),
    "alerts.units_today": _("Xã, phường", "Communes"),
    "alerts.clear": _("Bỏ lọc", "Clear filters"),
    "alerts.rules": _("Quy tắc", "Rules"),
    "alerts.none": _("Không có việc cần chú ý.", "Nothing needs attention."),
    "alerts.none_filtered": _("Không có cảnh báo nào khớp bộ lọc.", "No alert matches the filters."),
    "alerts.none_closed": _("Chưa có cảnh báo nào được đóng.", "No alert has been closed yet."),
    "alerts.refreshed": _("Cập nhật {time}", "Refreshed {time}"),
    "alerts.network": _("Toàn mạng trạm", "Whole network"),
    "alerts.more": _(
        "Chỉ hiện {n} việc đầu tiên; hãy lọc để xem việc khác.", "Only the first {n}; filter to see others."
    ),
    "alerts.stale": _(
        "Chưa làm mới được: máy chủ dữ liệu không trả lời. Danh sách dưới đây là của lần cập nhật trước.",
        "Could not refresh: the database does not answer. The list below is that of the last refresh.",
    ),
    "alerts.key.move": _("xuống, lên", "down, up"),
    "alerts.key.open": _("mở", "open"),
    "alerts.key.mark": _("đánh dấu", "mark"),
    "alerts.key.acknowledge": _("tiếp nhận", "acknowledge"),
    "alerts.key.note": _("ghi chú", "note"),
    "alerts.key.back": _("về danh sách", "back to the list"),
    "alerts.select": _("Đánh dấu: {name}", "Mark: {name}"),
    "alerts.select_all": _("Đánh dấu tất cả", "Mark all"),
    "alerts.acknowledge_marked": _("Tiếp nhận", "Acknowledge"),
    "alerts.episode": _("Đợt ô nhiễm: {n} trạm", "Episode: {n} stations"),
    "alerts.episode_instrument": _("Sự cố thiết bị: {n} trạm", "Instrument trouble: {n} stations"),
    "alerts.episode_forecast": _("Dự báo vượt ngưỡng: {n} trạm", "Forecast over the threshold: {n} stations"),
    "alerts.held_by": _("{name} đang giữ", "with {name}"),
    "alerts.closed_by": _("{name} đóng", "closed by {name}"),
    "alerts.nobody": _("chưa ai nhận", "nobody yet"),
    "alerts.since": _("từ {time}", "since {time}"),
    "alerts.lasted": _("{age}", "{age}"),
    "alerts.over": _("đã hết {time}", "over {time}"),
    "alerts.ahead": _("dự kiến {time}", "expected {time}"),
    "alerts.today": _("{time} hôm nay", "{time} today"),
    "alerts.yesterday": _("{time} hôm qua", "{time} yesterday"),
    "alerts.back": _("Danh sách", "List"),
    "alerts.pick": _(
        "Chọn một việc để xem bằng chứng: biểu đồ, các trạm lân cận, ai đã làm gì.",
        "Pick an alert to see the evidence: chart, stations around it, who did what.",
    ),
    "alerts.not_found": _("Không có cảnh báo số {id}.", "There is no alert number {id}."),
    "alerts.quiet_now": _("Không còn việc nào mới.", "Nothing new is left."),
    # values
    "alert.against": _("{value} / {threshold}", "{value} / {threshold}"),
    "alert.value": _("Giá trị cuối", "Newest value"),
    "alert.peak": _("Cao nhất", "Peak"),
    "alert.threshold": _("Ngưỡng", "Threshold"),
    "alert.duration": _("Kéo dài", "Duration"),
    "alert.started": _("Bắt đầu", "Started"),
    "alert.place": _("Nơi", "Place"),
    "alert.holder": _("Người giữ", "With"),
    "alert.silent_hours": _("{n} giờ không có số liệu", "no data for {n} h"),
    "alert.hours": _("{n} giờ", "{n} h"),
    "alert.level": _("mức {number} ({name})", "level {number} ({name})"),
    # evidence
    "evidence.chart": _("Diễn biến quanh sự kiện", "The hours around the event"),
    "evidence.measured": _("Số liệu đã duyệt", "Approved values"),
    "evidence.doubtful": _("Nghi ngờ, không tính", "Doubtful, left out"),
    "evidence.neighbours": _("Trung vị {n} trạm lân cận", "Median of {n} stations around"),
    "evidence.mean": _("Trung bình {n} giờ", "{n} h mean"),
    "evidence.event": _("Sự kiện", "Event"),
    "evidence.threshold": _("Ngưỡng {value}", "Threshold {value}"),
    "evidence.no_values": _("Không có số liệu nào trong khoảng này.", "There are no values in this period."),
    "evidence.no_neighbours": _(
        "Không có trạm lân cận nào đo thông số này để so sánh.", "No station around measures this to compare with."
    ),
    "evidence.not_compared": _(
        "Trong sự kiện trạm không có số liệu để so với các trạm lân cận.",
        "The station has no values in the event to compare with the stations around.",
    ),
    "evidence.compared": _(
        "Lúc {time}: trạm {own}, trung vị {n} trạm lân cận {median}.",
        "At {time}: station {own}, median of {n} stations around {median}.",
    ),
    "evidence.rule": _("Quy tắc", "Rule"),
    "evidence.basis": _("Căn cứ: {basis}", "Basis: {basis}"),
    "evidence.unconfirmed": _("chưa đối chiếu văn bản gốc", "not checked against the text of the law"),
    "evidence.timeline": _("Diễn biến xử lý", "What happened"),
    "evidence.sent": _("Thông báo đã gửi", "Notifications"),
    "evidence.nothing_sent": _("Chưa gửi thông báo nào.", "Nothing has been sent."),
    "evidence.related": _("Cùng đợt", "Same episode"),
    "evidence.station_page": _("Trang trạm", "Station page"),
    "evidence.map": _("Bản đồ lúc đó", "Map at that hour"),
    "evidence.report": _("Báo cáo tháng", "Monthly report"),
    "evidence.others": _("Bằng chứng khác", "Other evidence"),
    "evidence.findings": _("Vì sao", "Why"),
    # rules in words
    "rule.above": _("{name} trên {value}", "{name} above {value}"),
    "rule.limit": _("{name} vượt giới hạn pháp lý đang có hiệu lực", "{name} above the legal limit in force"),
    "rule.any_parameter": _("Thông số bất kỳ", "Any parameter"),
    "rule.index": _("Chỉ số từ mức {level} trở lên", "Index at level {level} or worse"),
    "rule.instrument": _("Thiết bị", "Instrument"),
    "rule.instrument_of": _("Thiết bị đo {name}", "Instrument of {name}"),
    "rule.any_sign": _("mọi dấu hiệu hỏng", "any sign of trouble"),
    "rule.longer_than": _("từ {n} giờ", "for {n} h or more"),
    "rule.forecast": _("Dự báo {name} ({quantile}) vượt", "Forecast of {name} ({quantile}) above"),
    "rule.the_limit": _("giới hạn pháp lý", "the legal limit"),
    "rule.anomaly": _("{name} bất thường so với mức quen thuộc", "{name} unlike what is usual"),
    "rule.mean": _("trung bình {n} giờ", "{n} h mean"),
    "rule.in_a_row": _("{n} giờ liền", "{n} h in a row"),
    "rule.everywhere": _("ở mọi trạm", "at every station"),
    "rule.at_station": _("ở trạm {station}", "at station {station}"),
    "quantile.q10": _("chắc chắn đến 90%", "90% certain"),
    "quantile.q50": _("mức giữa", "median"),
    "quantile.q90": _("có thể, 10%", "possible, 10%"),
    "quantile.q975": _("có thể, 2,5%", "possible, 2.5%"),
    "event.opened": _("Hệ thống mở cảnh báo", "Opened by the system"),
    "event.worsened": _("Nặng thêm", "Worsened"),
    "event.acknowledged": _("Tiếp nhận", "Acknowledged"),
    "event.closed": _("Đóng", "Closed"),
    "event.reopened": _("Mở lại", "Reopened"),
    "event.ended": _("Sự kiện đã hết", "The event is over"),
    "event.note": _("Ghi chú", "Note"),
    "event.system": _("Hệ thống", "System"),
    "notification.queued": _("chờ gửi", "waiting"),
    "notification.sent": _("đã gửi", "sent"),
    "notification.failed": _("gửi lỗi", "failed"),
    "notification.waiting_until": _("chờ gửi đến {time}", "waiting until {time}"),
    "notification.attempts": _("{n} lần thử", "{n} attempts"),
    "channel.mail": _("Thư điện tử", "E-mail"),
    "channel.webhook": _("Webhook", "Webhook"),
    "channel.cap": _("Kênh CAP", "CAP feed"),
    # actions
    "act.acknowledge": _("Tiếp nhận", "Acknowledge"),
    "act.note": _("Ghi chú", "Add a note"),
    "act.close": _("Đóng", "Close"),
    "act.reopen": _("Mở lại", "Reopen"),
    "act.conflict.acknowledged": _(
        "Chưa lưu: cảnh báo đã được {name} tiếp nhận lúc {time}.", "Not saved: {name} acknowledged it at {time}."
    ),
    "act.conflict.closed": _(
        "Chưa lưu: cảnh báo đã được {name} đóng lúc {time}.", "Not saved: {name} closed it at {time}."
    ),
    "act.conflict.reopened": _(
        "Chưa lưu: cảnh báo đã được {name} mở lại lúc {time}.", "Not saved: {name} reopened it at {time}."
    ),
    "act.conflict.note": _(
        "Chưa lưu: {name} vừa ghi chú lúc {time}: «{note}».", "Not saved: {name} has just noted at {time}: “{note}”."
    ),
    "act.conflict.worsened": _(
        "Chưa lưu: sự kiện đã nặng thêm lúc {time}.", "Not saved: the event worsened at {time}."
    ),
    "act.conflict.ended": _("Chưa lưu: sự kiện đã hết lúc {time}.", "Not saved: the event ended at {time}."),
    "act.conflict.state": _(
        "Không làm được: cảnh báo đang ở tình trạng «{state}».", "Not possible: the alert is “{state}” now."
    ),
    "act.no_name": _("Hãy ghi tên của bạn.", "Please give your name."),
    "act.no_note": _("Hãy ghi lý do.", "Please say why."),
    "act.unknown": _("Yêu cầu không hợp lệ.", "The request is not valid."),
    "act.too_long": _(
        "Tên dài nhất {name} ký tự, ghi chú dài nhất {note} ký tự.", "A name has at most {name} letters, a note {note}."
    ),
    "act.gone": _("Không còn cảnh báo số {id}.", "Alert number {id} is gone."),
    "act.foreign": _("Yêu cầu đến từ trang khác nên bị từ chối.", "The request came from another site and is refused."),
    # map
    "attention.title": _("Cần chú ý", "Attention"),
    "attention.all": _("Tất cả ({n})", "All ({n})"),
    "attention.none": _("Không có việc cần chú ý.", "Nothing needs attention."),
    # bridge
    "js.act.acknowledge": _("Tiếp nhận", "Acknowledge"),
    "js.act.note": _("Ghi chú", "Add a note"),
    "js.act.close": _("Đóng cảnh báo", "Close the alert"),
    "js.act.reopen": _("Mở lại", "Reopen"),
    "js.act.many": _("{action}: {n} cảnh báo", "{action}: {n} alerts"),
    "js.act.name": _("Tên của bạn", "Your name"),
    "js.act.notes": _("Ghi chú", "Note"),
    "js.act.optional": _("không bắt buộc", "optional"),
    "js.act.reason": _("Lý do đóng", "Reason for closing"),
    "js.act.needName": _("Hãy ghi tên của bạn.", "Please give your name."),
    "js.act.needNote": _("Hãy ghi lý do.", "Please say why."),
    "js.act.cancel": _("Thôi", "Cancel"),
    "js.act.saving": _("Đang lưu…", "Saving…"),
    "js.act.failed": _(
        "Chưa lưu được: máy chủ không trả lời. Ghi chú vẫn còn ở đây, hãy thử lại.",
        "Not saved: the server does not answer. Your note is still here, please try again.",
    ),
    "js.act.again": _(
        "Ghi chú của bạn vẫn còn ở đây; bấm lần nữa nếu vẫn muốn.",
        "Your note is still here; press again if you still want it.",
    ),
    "js.act.done.acknowledge": _("Đã tiếp nhận {n} cảnh báo.", "{n} acknowledged."),
    "js.act.done.note": _("Đã ghi chú.", "Note saved."),
    "js.act.done.close": _("Đã đóng {n} cảnh báo.", "{n} closed."),
    "js.act.done.reopen": _("Đã mở lại {n} cảnh báo.", "{n} reopened."),
    "js.alerts.marked": _("{n} đã đánh dấu", "{n} marked"),
    "js.alerts.offline": _(
        "Mất kết nối máy chủ từ {time}. Danh sách là của lúc đó.",
        "No connection to the server since {time}. The list is of that time.",
    ),
    "js.alerts.badge": _("{n} cảnh báo đang mở, {fresh} mới", "{n} open alerts, {fresh} new"),
}
