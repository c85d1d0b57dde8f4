"""Texts of the first page and of the sentences of what needs attention."""

from __future__ import annotations

from layers.model import Text


def _(vi: str, en: str) -> Text:
    return Text(vi=vi, en=en)


HOME_TEXTS: dict[str, Text] = {
    "nav.home": _("Hôm nay", "Today"),
    "nav.overview": _("Lĩnh vực", "Domains"),
    "nav.feedback": _("Phản ánh", "Feedback"),
    "nav.cameras": _("Camera", "Cameras"),
    "home.title": _("Việc cần chú ý", "Needs attention"),
    "home.nothing": _("Không có việc nào cần chú ý.", "Nothing needs attention."),
    "home.nothing_here": _("Không có việc nào cần chú ý ở {unit}.", "Nothing needs attention in {unit}."),
    "home.nothing_domain": _(
        "Không có việc nào cần chú ý thuộc lĩnh vực này.", "Nothing needs attention in this domain."
    ),
    "home.checked": _(
        "Đã rà soát lúc {time}: cảnh báo, tiến độ kế hoạch, số liệu bất thường, phản ánh của người dân, camera, "
        "cơ quan chậm gửi số liệu.",
        "Looked at {time}: alerts, progress against plan, unusual figures, citizen feedback, cameras, late agencies.",
    ),
    "home.never": _(
        "Chưa rà soát lần nào: tác vụ «Việc cần chú ý» chưa chạy.",
        "Nothing was looked at yet: the job «What needs attention» has not run.",
    ),
    "home.stale": _(
        "Lần rà soát gần nhất đã {age} trước, danh sách có thể cũ.", "The last look was {age} ago; this may be old."
    ),
    "home.first": _("Xem trước tiên", "First of all"),
    "home.rest": _("Các việc khác theo lĩnh vực", "The rest, by domain"),
    "home.count": _("{n} việc, {severe} việc nghiêm trọng", "{n} matters, {severe} of them severe"),
    "home.all": _("Tất cả", "All"),
    "home.domains": _("Lĩnh vực", "Domain"),
    "home.more": _("Còn {n} việc", "{n} more"),
    "home.evidence": _("Xem bằng chứng", "See the evidence"),
    "home.why": _("Vì sao xếp ở đây", "Why it stands here"),
    "home.why_first": _("Vì sao đứng đầu", "Why it comes first"),
    "home.where": _("Nơi có việc", "Where"),
    "home.where_none": _("Không có việc ở đơn vị nào bên dưới.", "No unit below has anything."),
    "home.map": _("Bản đồ nơi có việc cần chú ý", "Map of where something needs attention"),
    "home.legend_none": _("không có việc", "nothing"),
    "home.legend_some": _("có việc", "something"),
    "home.legend_severe": _("1-2 việc nghiêm trọng", "1-2 severe"),
    "home.legend_many": _("từ 3 việc nghiêm trọng", "3 severe or more"),
    "home.unit": _("Đơn vị", "Unit"),
    "home.number": _("Số việc", "Matters"),
    "home.severe": _("Nghiêm trọng", "Severe"),
    "home.via_today": _("Xã, phường", "Communes"),
    "home.via_former": _("Huyện cũ", "Former districts"),
    "home.via": _("Xem theo", "See by"),
    "home.briefing": _("Báo cáo nhanh", "Briefing"),
    "home.compare": _("So sánh", "Compare"),
    "home.on_map": _("Bản đồ", "Map"),
    "home.overview": _("Lĩnh vực", "Domains"),
    "home.data": _("Số liệu đến lúc nào", "How fresh the data are"),
    "home.data_none": _("Chưa có số liệu", "No data yet"),
    "home.data_late": _("trễ {age}", "{age} late"),
    "home.data_ok": _("đúng hạn", "on time"),
    "home.data_layer": _("Nguồn", "Source"),
    "home.data_state": _("Tình trạng", "State"),
    "home.data_until": _("Số liệu đến", "Data until"),
    "home.new": _("Mới", "New"),
    "home.refreshed": _("Danh sách đã được cập nhật.", "The list was updated."),
    "home.breadcrumb": _("Đơn vị đang xem", "Unit shown"),
    "home.keys": _("J, K: việc sau, trước · Enter: mở bằng chứng", "J, K: next, previous · Enter: open the evidence"),
    # where, since, who
    "need.former": _("{unit} (cũ)", "{unit} (former)"),
    "need.places": _("{first} và {n} nơi khác", "{first} and {n} more"),
    "need.in_units": _("{n} nơi: {names}", "{n} places: {names}"),
    "need.since": _("từ {time}", "since {time}"),
    "need.found": _("phát hiện {time}", "found {time}"),
    "need.known": _("số liệu đến {period}", "figures until {period}"),
    "need.below_too": _("cả ở {n} xã, phường", "in {n} communes too"),
    "need.late": _("trễ {age}", "{age} late"),
    "need.oldest": _("lâu nhất trễ {age}", "the oldest {age} late"),
    "need.ahead": _("dự kiến từ {time}", "expected from {time}"),
    "need.lasting": _("đã {age}", "for {age}"),
    "need.by": _("hạn {day}", "due {day}"),
    "need.nobody": _("Chưa ai nhận", "Nobody has it"),
    "need.nobody_of": _("Chưa ai nhận · {who}", "Nobody has it · {who}"),
    "need.taken_by": _("{who} đang xử lý", "{who} is on it"),
    "need.no_agency": _("Chưa rõ đơn vị phụ trách", "Not known who is in charge"),
    "need.committees": _("{n} UBND xã, phường", "{n} commune committees"),
    # why
    "why.severity": _("mức {level}", "{level}"),
    "why.people": _("{n} người liên quan", "{n} people concerned"),
    "why.lasting": _("kéo dài {age}", "lasting {age}"),
    "why.worse": _("đang nặng thêm", "getting worse"),
    "why.steady": _("chưa giảm", "not getting better"),
    "why.deadline": _("sắp đến hoặc đã quá hạn", "due soon or past"),
    "why.nobody": _("chưa ai nhận", "nobody has it"),
    # sentences
    "need.event_many": _(
        "{medium}: {n} trạm vượt ngưỡng, nặng nhất {finding}", "{medium}: {n} stations over the limit, worst {finding}"
    ),
    "need.event_one": _("{medium}: {finding} tại {station}", "{medium}: {finding} at {station}"),
    "need.forecast_many": _(
        "Dự báo {medium}: {n} trạm sẽ vượt ngưỡng, nặng nhất {finding}",
        "{medium} forecast: {n} stations will be over the limit, worst {finding}",
    ),
    "need.forecast_one": _("Dự báo {medium}: {finding} tại {station}", "{medium} forecast: {finding} at {station}"),
    "need.instrument_many": _(
        "Thiết bị quan trắc {medium}: {n} trạm cần kiểm tra ({signs})",
        "{medium} instruments: {n} stations to be checked ({signs})",
    ),
    "need.instrument_one": _(
        "Thiết bị quan trắc {medium}: {finding}, {station}", "{medium} instrument: {finding}, {station}"
    ),
    "need.sign": _("{n} {sign}", "{n} {sign}"),
    "need.plan": _(
        "{title}: dự kiến cả năm {value} {unit}, bằng {percent} kế hoạch; khả năng đạt {chance}",
        "{title}: {value} {unit} expected for the year, {percent} of the plan; chance to meet it {chance}",
    ),
    "need.plan_below": _(
        "{title}: {n} nơi khó đạt kế hoạch năm, thấp nhất {name} (khả năng {chance})",
        "{title}: {n} places will hardly meet the plan, the lowest {name} (chance {chance})",
    ),
    "need.pace": _(
        "{title}: mới đạt {percent} kế hoạch năm, trong khi đã qua {elapsed} thời gian",
        "{title}: {percent} of the year's plan, with {elapsed} of the time gone",
    ),
    "need.pace_whole": _(
        "{title}: {value} {unit}, bằng {percent} kế hoạch năm", "{title}: {value} {unit}, {percent} of the year's plan"
    ),
    "need.figure": _(
        "{title} {period}: {value} {unit}, bất thường so với khoảng quen thuộc {low} – {high}",
        "{title} {period}: {value} {unit}, unusual: {low} – {high} is expected",
    ),
    "need.figure_many": _(
        "{title} {period} bất thường ở {n} nơi, rõ nhất {name}: {value} {unit} (quen thuộc {low} – {high})",
        "{title} {period} unusual in {n} places, most in {name}: {value} {unit} ({low} – {high} is expected)",
    ),
    "need.report": _(
        "Số liệu cần kiểm tra: {n} giá trị kỳ {period} do {agency} gửi ({codes})",
        "Figures to be checked: {n} values for {period} sent by {agency} ({codes})",
    ),
    "need.late_figures": _(
        "{agency} chưa gửi {n} chỉ tiêu kỳ {period}: {codes}", "{agency} has not sent {n} figures for {period}: {codes}"
    ),
    "need.late_layer": _("{layer}: cả mạng không có số liệu mới", "{layer}: nothing new from the whole network"),
    "need.overdue": _("{n} phản ánh quá hạn xử lý", "{n} reports past their deadline"),
    "need.overdue_committees": _(
        "{n} phản ánh quá hạn tại {m} UBND xã, phường, nhiều nhất {most} ({k})",
        "{n} reports past their deadline at {m} commune committees, most at {most} ({k})",
    ),
    "need.emergency": _(", trong đó {n} khẩn cấp", ", {n} of them emergencies"),
    "need.waiting": _(
        "{n} phản ánh chưa được chuyển xử lý sau {minutes} phút", "{n} reports not forwarded within {minutes} minutes"
    ),
    "need.rise": _(
        "Phản ánh về {category} tăng đột biến: {recent} trong {days} ngày, thường khoảng {expected}",
        "Sudden rise of reports on {category}: {recent} in {days} days, about {expected} is usual",
    ),
    "need.reopened": _(
        "{percent} kết quả bị người dân phản ánh lại ({n} trên {of}), kỳ {period}",
        "Citizens came back on {percent} of the results ({n} of {of}), {period}",
    ),
    "need.camera_one": _("Camera {name} mất hình", "Camera {name} shows nothing"),
    "need.camera_many": _("{n} camera gần nhau mất hình", "{n} cameras near each other show nothing"),
    "need.camera_storm": _(
        "{n} trên {of} camera mất hình: kiểm tra đường truyền chung",
        "{n} of {of} cameras show nothing: check the line they share",
    ),
    "need.and_more": _("{names} và {n} mục khác", "{names} and {n} more"),
}
