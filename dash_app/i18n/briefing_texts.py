"""Texts of the briefing. Part of the catalogue in ``texts``."""

from __future__ import annotations

from layers.model import Text


def _(vi: str, en: str) -> Text:
    return Text(vi=vi, en=en)


BRIEFING_TEXTS: dict[str, Text] = {
    # requests
    "briefing.bad_unit": _("Không có đơn vị hành chính «{name}».", "There is no administrative unit “{name}”."),
    "briefing.bad_domain": _("Không có lĩnh vực «{name}».", "There is no domain “{name}”."),
    "briefing.bad_code": _("Không có chỉ tiêu «{name}».", "There is no indicator “{name}”."),
    "briefing.bad_cycle": _("Kỳ bản tin là daily, weekly hoặc once.", "The cycle is daily, weekly or once."),
    "briefing.bad_month": _("Tháng được viết dạng 2026-10.", "A month is written as 2026-10."),
    # head
    "briefing.title": _("Bản tin điều hành", "Briefing"),
    "briefing.cycle.daily": _("Bản tin ngày", "Daily briefing"),
    "briefing.cycle.weekly": _("Bản tin tuần", "Weekly briefing"),
    "briefing.cycle.once": _("Bản tin theo yêu cầu", "Briefing on request"),
    "briefing.office": _("Ủy ban nhân dân {name}", "People's Committee of {name}"),
    "briefing.made": _("Lập lúc {at}", "Made at {at}"),
    "briefing.month": _("Số liệu đến tháng {month}", "Figures up to {month}"),
    "briefing.of_month": _("Xem tại tháng {month}", "As of {month}"),
    "briefing.clock": _("Số liệu đến", "Data until"),
    "briefing.clock.figures": _("Chỉ tiêu", "Indicators"),
    "briefing.clock.feedback": _("Phản ánh", "Feedback"),
    "briefing.clock.air": _("Không khí", "Air"),
    "briefing.clock.attention": _("Việc cần chú ý", "Attention"),
    "briefing.clock.all": _("Toàn hệ thống", "Whole system"),
    "briefing.only_domain": _("Lĩnh vực: {name}", "Domain: {name}"),
    # attention
    "briefing.attention": _("Việc cần chú ý", "Needs attention"),
    "briefing.attention.none": _(
        "Không có việc nào cần chú ý tại thời điểm lập bản tin.",
        "Nothing needed attention when this briefing was made.",
    ),
    "briefing.attention.more": _("và {n} việc khác, xem trên hệ thống", "and {n} more, see the system"),
    "briefing.col.number": _("Số", "No."),
    "briefing.col.severity": _("Mức", "Level"),
    "briefing.col.what": _("Nội dung", "What"),
    "briefing.col.place": _("Nơi", "Where"),
    "briefing.col.since": _("Từ", "Since"),
    "briefing.col.who": _("Phụ trách", "On it"),
    "briefing.severity.extreme": _("Rất nghiêm trọng", "Extreme"),
    "briefing.severity.severe": _("Nghiêm trọng", "Severe"),
    "briefing.severity.moderate": _("Trung bình", "Moderate"),
    "briefing.severity.minor": _("Nhẹ", "Minor"),
    # changes
    "briefing.changes": _("Thay đổi so với bản tin trước", "What changed since the last briefing"),
    "briefing.changes.since": _("So với {name} lập lúc {at}.", "Against the {name} made at {at}."),
    "briefing.changes.first": _(
        "Đây là bản tin đầu tiên của đơn vị này, chưa có bản trước để so sánh.",
        "This is the first briefing of this unit; there is none to compare it with.",
    ),
    "briefing.changes.none": _("Không có thay đổi.", "Nothing changed."),
    "briefing.changes.more": _("và {n} thay đổi khác", "and {n} more changes"),
    "briefing.change.new": _("Mới", "New"),
    "briefing.change.gone": _("Đã hết", "Over"),
    "briefing.change.worse": _("Nặng hơn", "Worse"),
    "briefing.change.better": _("Giảm nhẹ", "Better"),
    "briefing.change.arrived": _("Số mới", "New figure"),
    "briefing.change.revised": _("Sửa số", "Revised"),
    "briefing.change.state": _("Đổi tình trạng", "State"),
    "briefing.change.plan": _("Đổi kế hoạch", "Plan"),
    "briefing.change.air": _("Không khí", "Air"),
    "briefing.change.feedback_overdue": _("Phản ánh", "Feedback"),
    "briefing.said.item": _("{text} ({place})", "{text} ({place})"),
    "briefing.said.severity": _("{text} ({place}): {old} → {new}", "{text} ({place}): {old} → {new}"),
    "briefing.said.arrived": _("{name}, {period}: {value} {unit}", "{name}, {period}: {value} {unit}"),
    "briefing.said.revised": _("{name}, {period}: {old} → {value} {unit}", "{name}, {period}: {old} → {value} {unit}"),
    "briefing.said.state": _("{name}, {period}: {old} → {new}", "{name}, {period}: {old} → {new}"),
    "briefing.said.plan": _(
        "{name}: kế hoạch năm {year} {old} → {new} {unit}", "{name}: plan of {year} {old} → {new} {unit}"
    ),
    "briefing.said.no_plan": _("chưa giao", "none"),
    "briefing.said.air": _(
        "{name}: {index} cao nhất {old} ({oldlevel}) → {new} ({level}, {station})",
        "{name}: highest {index} {old} ({oldlevel}) → {new} ({level}, {station})",
    ),
    "briefing.said.overdue": _(
        "Quá hạn trong tháng báo cáo {period}: {old} → {new} phản ánh",
        "Overdue in the reporting month {period}: {old} → {new} reports",
    ),
    # figures
    "briefing.figures": _("Chỉ tiêu", "Indicators"),
    "briefing.figures.none": _(
        "Chưa có số liệu chỉ tiêu của đơn vị này.", "There are no indicator figures of this unit yet."
    ),
    "briefing.figures.more": _("{n} chỉ tiêu khác xem trên hệ thống", "{n} more indicators in the system"),
    "briefing.col.indicator": _("Chỉ tiêu (đơn vị tính)", "Indicator (unit)"),
    "briefing.col.period": _("Kỳ", "Period"),
    "briefing.col.value": _("Thực hiện", "Value"),
    "briefing.col.change": _("So cùng kỳ", "Same period"),
    "briefing.col.cumulative": _("Luỹ kế", "Cumulative"),
    "briefing.col.plan": _("Kế hoạch", "Plan"),
    "briefing.col.state": _("Tình trạng", "State"),
    "briefing.ceiling": _("{share} mức trần cả năm", "{share} of the year's ceiling"),
    "briefing.unusual": _("bất thường", "unusual"),
    "briefing.converted": _("quy đổi", "converted"),
    "briefing.figures.note": _(
        "So cùng kỳ: tháng này năm trước; tỷ lệ so bằng điểm phần trăm. Kế hoạch: phần trăm luỹ kế so với kế hoạch năm"
        " (với chỉ tiêu càng thấp càng tốt: kế hoạch so với thực hiện). Quy đổi: cộng lại theo địa giới hiện nay.",
        "Same period: this month of last year; rates by percentage points. Plan: cumulative in per cent of the year's"
        " plan (lower is better: plan by figure). Converted: put together on today's boundaries.",
    ),
    # map and ranking
    "briefing.map": _("Bản đồ và xếp hạng: {name}", "Map and ranking: {name}"),
    "briefing.map.caption": _("{name} ({unit}), {period}, theo {level}", "{name} ({unit}), {period}, by {level}"),
    "briefing.map.alt": _(
        "Bản đồ {name} theo {level}: {n} đơn vị có số liệu, cao nhất {top}, thấp nhất {low}; {marks} nơi cần chú ý",
        "Map of {name} by {level}: {n} units with figures, highest {top}, lowest {low}; {marks} places need attention",
    ),
    "briefing.map.mark": _("Nơi có việc cần chú ý (số thứ tự ở mục 1)", "Needs attention (number in part 1)"),
    "briefing.map.north": _("B", "N"),
    "briefing.map.none": _(
        "Chưa có số liệu theo đơn vị cấp dưới để vẽ bản đồ và xếp hạng.",
        "There are no figures of units below to draw and rank.",
    ),
    "briefing.level.commune": _("xã, phường", "commune"),
    "briefing.level.district": _("huyện cũ", "former district"),
    "briefing.rank.first": _("{n} đơn vị dẫn đầu", "First {n}"),
    "briefing.rank.last": _("{n} đơn vị cuối", "Last {n}"),
    "briefing.rank.all": _("Xếp hạng", "Ranking"),
    "briefing.rank.note": _(
        "{n} đơn vị có số liệu, {missing} đơn vị chưa có.", "{n} units with figures, {missing} without."
    ),
    "briefing.rank.by.up": _("Cao hơn là tốt hơn.", "Higher is better."),
    "briefing.rank.by.down": _("Thấp hơn là tốt hơn.", "Lower is better."),
    "briefing.rank.by.neutral": _("Xếp từ lớn đến nhỏ, không có hướng tốt xấu.", "Largest first; neither way is good."),
    "briefing.rank.fewest": _(
        "Đơn vị có dưới {n} trường hợp không xếp hạng.", "Units with fewer than {n} cases are not ranked."
    ),
    "briefing.col.rank": _("Hạng", "Rank"),
    "briefing.col.unit": _("Đơn vị", "Unit"),
    # feedback
    "briefing.feedback": _("Phản ánh của người dân", "Citizen feedback"),
    "briefing.feedback.none": _(
        "Chưa có số liệu phản ánh của đơn vị này.", "There are no figures on feedback of this unit yet."
    ),
    "briefing.feedback.month": _("Tháng báo cáo {period}, tính đến {until}", "Reporting month {period}, until {until}"),
    "briefing.feedback.before": _("Tháng trước ({period})", "Month before ({period})"),
    "briefing.feedback.received": _("Tiếp nhận", "Received"),
    "briefing.feedback.processed": _("Đã có kết quả", "Processed"),
    "briefing.feedback.on_time": _("Đúng hạn", "On time"),
    "briefing.feedback.in_progress": _("Đang xử lý", "In progress"),
    "briefing.feedback.overdue": _("Quá hạn", "Overdue"),
    "briefing.feedback.satisfied": _("Hài lòng", "Satisfied"),
    "briefing.feedback.median": _("Thời gian xử lý trung vị", "Median time to result"),
    "briefing.feedback.hours": _("{n} giờ", "{n} h"),
    "briefing.feedback.field": _("Lĩnh vực", "Field"),
    "briefing.feedback.of": _("{share} ({n}/{of})", "{share} ({n}/{of})"),
    # environment
    "briefing.air": _("Môi trường", "Environment"),
    "briefing.air.none": _("Không có trạm quan trắc nào trong đơn vị này.", "There is no station in this unit."),
    "briefing.air.now": _("{index} lúc {at}", "{index} at {at}"),
    "briefing.air.index": _("Chỉ số", "Index"),
    "briefing.air.level": _("Mức", "Level"),
    "briefing.air.dominant": _("Chất chính", "Dominant"),
    "briefing.air.hour": _("Giờ", "Hour"),
    "briefing.air.over": _(
        "{n} lần trung bình vượt giới hạn trong {days} ngày qua: {where}.",
        "{n} means over a legal limit in the last {days} days: {where}.",
    ),
    "briefing.air.over_at": _("{station} {parameter} {hours} giờ ({n})", "{station} {parameter} {hours} h ({n})"),
    "briefing.air.not_over": _(
        "Không có trung bình nào vượt giới hạn trong {days} ngày qua.",
        "No mean was over a legal limit in the last {days} days.",
    ),
    "briefing.air.peak": _(
        "Dự báo 24 giờ tới: {parameter} cao nhất {value} {unit} tại {station} lúc {at} (trung vị).",
        "Next 24 hours: highest {parameter} {value} {unit} at {station}, {at} (median).",
    ),
    "briefing.air.no_peak": _("Chưa có dự báo cho 24 giờ tới.", "There is no forecast for the next 24 hours."),
    # outlook
    "briefing.outlook": _("Ước cả năm {year} so với kế hoạch", "Year-end {year} against plan"),
    "briefing.outlook.none": _(
        "Chưa có ước cả năm cho các chỉ tiêu của đơn vị này.",
        "There is no year-end projection for the indicators of this unit yet.",
    ),
    "briefing.outlook.actual": _("Luỹ kế (đến)", "So far (until)"),
    "briefing.outlook.year": _("Ước cả năm (80%)", "Year end (80%)"),
    "briefing.outlook.plan": _("Kế hoạch", "Plan"),
    "briefing.outlook.share": _("% kế hoạch", "% of plan"),
    "briefing.outlook.chance": _("Khả năng đạt", "Chance"),
    "briefing.outlook.least": _(
        "Ít khả năng đạt kế hoạch nhất đứng trước; còn {n} chỉ tiêu khác xem trên hệ thống.",
        "Least likely to meet the plan first; {n} more indicators in the system.",
    ),
    "briefing.outlook.note": _(
        "Ước cả năm: trung vị và khoảng 80%; khả năng đạt kế hoạch tính từ cùng dự báo.",
        "Year end: median and 80% interval; the chance to meet the plan comes from the same forecast.",
    ),
    # sources
    "briefing.sources": _("Nguồn, giấy phép, cách tính", "Sources, licences, methods"),
    "briefing.source": _("{title}: {agency}, giấy phép {licence}.", "{title}: {agency}, licence {licence}."),
    "briefing.boundaries": _(
        "Địa giới theo ngày {day}. Bản đồ dùng ranh giới khái quát, không dùng để xác định địa giới.",
        "Boundaries of {day}. The map's are generalised and settle no boundary.",
    ),
    "briefing.same_numbers": _(
        "Các số trong bản tin lấy từ cùng truy vấn với màn hình tại thời điểm lập.",
        "Figures come from the same queries as the screens at the time of making.",
    ),
    "briefing.no_data": _("Chưa có số liệu", "No data yet"),
    "briefing.empty": _("Hệ thống chưa có số liệu nào của đơn vị này.", "The system holds no data of this unit yet."),
    "briefing.foreign": _("Yêu cầu này đến từ một trang khác.", "This request comes from another site."),
    "briefing.no_file": _("Không có bản tin này.", "There is no such briefing."),
    "cron.monday": _("thứ hai hằng tuần, {time}", "Mondays, {time}"),
    # page around it
    "briefing.keep": _("Lưu bản này", "Keep this one"),
    "briefing.all": _("Các bản tin đã lập", "Briefings made"),
    "briefing.back": _("Về trang đầu", "First page"),
    "briefing.print": _("In", "Print"),
    "briefing.pdf": _("Tải PDF", "Download PDF"),
    "briefing.english": _("English", "Tiếng Việt"),
}
