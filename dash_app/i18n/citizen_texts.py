"""Texts of the pages for citizens: the form, one report, the public list."""

from __future__ import annotations

from layers.model import Text


def _(vi: str, en: str) -> Text:
    return Text(vi=vi, en=en)


CITIZEN_TEXTS: dict[str, Text] = {
    "citizen.title": _("Phản ánh hiện trường", "Report a problem"),
    "citizen.service": _("Phản ánh hiện trường · 1022", "Report a problem · 1022"),
    "citizen.description": _(
        "Gửi phản ánh hiện trường kèm ảnh và vị trí, theo dõi kết quả xử lý.",
        "Report a problem with photo and place, and follow how it is handled.",
    ),
    "citizen.nav.form": _("Gửi phản ánh", "Report"),
    "citizen.nav.list": _("Đã công khai", "Published"),
    "citizen.nav.find": _("Tra cứu", "Look up"),
    "citizen.emergency": _("Khẩn cấp, nguy hiểm đến tính mạng:", "Danger to life:"),
    "citizen.emergency.113": _("công an", "police"),
    "citizen.emergency.114": _("cứu hỏa, cứu nạn", "fire, rescue"),
    "citizen.emergency.115": _("cấp cứu", "ambulance"),
    "citizen.privacy": _(
        "Tên, điện thoại, thư điện tử của người phản ánh không bao giờ công khai.",
        "Name, phone and e-mail of who reports are never published.",
    ),
    "citizen.open_data": _("Kết nối mở (Open311)", "Open interface (Open311)"),
    "citizen.noscript": _(
        "Trình duyệt của bạn tắt JavaScript nên không ghim được vị trí. Hãy gọi tổng đài 1022 để phản ánh.",
        "Your browser has JavaScript switched off, so the place cannot be marked. Please call 1022.",
    ),
    # ---- form
    "citizen.form.title": _("Gửi phản ánh hiện trường", "Report a problem"),
    "citizen.form.lead": _(
        "Ghim đúng chỗ, kể ngắn gọn, thêm ảnh nếu có. Mất khoảng 2 phút, không cần tài khoản.",
        "Mark the place, say it briefly, add a photo. About 2 minutes, no account needed.",
    ),
    "citizen.mine": _("Phản ánh đã gửi từ máy này", "Sent from this device"),
    "citizen.mine.forget": _("Xóa danh sách khỏi máy này", "Remove the list from this device"),
    "citizen.optional": _("(không bắt buộc)", "(optional)"),
    "citizen.step.place": _("Ở đâu?", "Where?"),
    "citizen.step.category": _("Việc gì?", "What about?"),
    "citizen.step.content": _("Nội dung và ảnh", "Words and photos"),
    "citizen.step.person": _("Liên hệ với bạn", "How to reach you"),
    "citizen.locate": _("Vị trí của tôi", "My position"),
    "citizen.search": _("Tìm xã, phường, trường, trạm y tế", "Search commune, school, clinic"),
    "citizen.map.label": _(
        "Bản đồ để ghim vị trí. Phím mũi tên để di chuyển, + và - để phóng to, thu nhỏ.",
        "Map to mark the place. Arrow keys move it, + and - zoom.",
    ),
    "citizen.pin.centre": _("Ghim ở giữa bản đồ", "Pin the centre of the map"),
    "citizen.pin.help": _(
        "Chạm vào bản đồ để đặt ghim, kéo ghim đến đúng chỗ.",
        "Tap the map to set the pin, drag it to the exact place.",
    ),
    "citizen.pin.none": _("Chưa ghim vị trí.", "No place marked yet."),
    "citizen.place_text": _("Vị trí bằng lời", "The place in words"),
    "citizen.place_text.example": _("Ví dụ: trước cổng chợ, cạnh cột điện số 12", "For example: at the market gate"),
    "citizen.category.search": _(
        "Tìm: ổ gà, rác, đèn đường, mất nước ...", "Search: pothole, rubbish, street light ..."
    ),
    "citizen.category.none": _(
        "Không có lĩnh vực nào khớp. Chọn «Lĩnh vực khác» nếu không chắc.",
        "No field matches. Choose «Other» when in doubt.",
    ),
    "citizen.category.more": _("Xem tất cả {n} lĩnh vực", "Show all {n} fields"),
    "citizen.content": _("Có chuyện gì?", "What is wrong?"),
    "citizen.content.example": _(
        "Ví dụ: Ổ gà sâu giữa đường, xe máy dễ ngã khi trời mưa.",
        "For example: deep pothole in the road, motorbikes fall when it rains.",
    ),
    "citizen.photos": _("Ảnh đã thêm", "Photos added"),
    "citizen.photo.take": _("Chụp ảnh", "Take a photo"),
    "citizen.photo.choose": _("Chọn ảnh", "Choose photos"),
    "citizen.photo.hint": _(
        "Tối đa {n} ảnh. Tránh chụp mặt người, biển số xe. Ảnh chỉ công khai sau khi được xem lại.",
        "At most {n} photos. Avoid faces and number plates. A photo is published only after review.",
    ),
    "citizen.person.hint": _(
        "Để cán bộ hỏi thêm khi cần. Chỉ trung tâm điều hành thấy, không công khai.",
        "So that staff can ask back. Only the operations centre sees it; it is never published.",
    ),
    "citizen.name": _("Họ và tên", "Name"),
    "citizen.phone": _("Số điện thoại", "Phone"),
    "citizen.email": _("Thư điện tử", "E-mail"),
    "citizen.consent": _(
        "Tôi đồng ý để cơ quan nhà nước lưu và dùng thông tin liên hệ này chỉ để giải quyết phản ánh của tôi.",
        "I agree that the authorities keep and use these contact details only to handle my report.",
    ),
    "citizen.trap": _("Để trống ô này", "Leave this empty"),
    "citizen.send": _("Gửi phản ánh", "Send"),
    "citizen.sent": _("Đã nhận phản ánh của bạn", "We have your report"),
    "citizen.code": _("Mã tra cứu", "Tracking code"),
    "citizen.link.why": _(
        "Giữ liên kết riêng dưới đây: chỉ ai có nó mới trả lời, đánh giá hoặc phản ánh lại được.",
        "Keep the private link below: only who has it can answer, rate or reopen.",
    ),
    "citizen.follow": _("Theo dõi phản ánh", "Follow the report"),
    "citizen.copy": _("Chép mã và liên kết", "Copy code and link"),
    "citizen.share": _("Gửi cho chính mình", "Send to myself"),
    "citizen.another": _("Gửi phản ánh khác", "Report something else"),
    "citizen.fact.field": _("Lĩnh vực", "Field"),
    "citizen.fact.place": _("Nơi phản ánh", "Place"),
    "citizen.fact.first": _("Trả lời lần đầu trước", "First answer before"),
    "citizen.fact.due": _("Có kết quả trước", "Result before"),
    "citizen.fact.photos": _("Ảnh", "Photos"),
    "citizen.due.words": _("{time} ({day})", "{time} ({day})"),
    "citizen.weekday.0": _("thứ Hai", "Monday"),
    "citizen.weekday.1": _("thứ Ba", "Tuesday"),
    "citizen.weekday.2": _("thứ Tư", "Wednesday"),
    "citizen.weekday.3": _("thứ Năm", "Thursday"),
    "citizen.weekday.4": _("thứ Sáu", "Friday"),
    "citizen.weekday.5": _("thứ Bảy", "Saturday"),
    "citizen.weekday.6": _("Chủ nhật", "Sunday"),
    # ---- answers of the check and refusals
    "citizen.check.inside": _("Ghim nằm ở {unit}.", "The pin lies in {unit}."),
    "citizen.check.outside": _(
        "Ghim nằm ngoài {province}. Chúng tôi chỉ nhận phản ánh trong địa bàn; hãy dời ghim vào trong.",
        "The pin lies outside {province}. We only take reports from inside; please move it.",
    ),
    "citizen.check.disagrees": _(
        "Bạn viết “{named}” nhưng ghim ở {unit} - đúng chưa?",
        "You wrote “{named}” but the pin is in {unit} - is that right?",
    ),
    "citizen.near.note": _("cách {m} m · {state} · {age} trước", "{m} m away · {state} · {age} ago"),
    "citizen.refused.foreign": _("Yêu cầu đến từ trang khác.", "The request came from another site."),
    "citizen.refused.form": _("Biểu mẫu không hợp lệ, hãy tải lại trang.", "The form is not valid; reload the page."),
    "citizen.refused.place": _("Chưa ghim vị trí.", "No place is marked."),
    "citizen.refused.category": _("Hãy chọn một lĩnh vực.", "Choose a field."),
    "citizen.refused.short": _("Nội dung cần ít nhất {n} ký tự.", "The text needs at least {n} characters."),
    "citizen.refused.long": _("Nội dung dài quá {n} ký tự.", "The text is longer than {n} characters."),
    "citizen.refused.field_long": _("Một ô nhập dài quá {n} ký tự.", "A field is longer than {n} characters."),
    "citizen.refused.consent": _(
        "Cần bạn đồng ý để lưu thông tin liên hệ, hoặc để trống các ô đó.",
        "We need your consent to keep contact details, or leave those fields empty.",
    ),
    "citizen.refused.photos": _("Tối đa {n} ảnh.", "At most {n} photos."),
    "citizen.refused.photo": _(
        "Một ảnh không đọc được. Hãy dùng ảnh JPEG hoặc PNG.", "A photo cannot be read. Use JPEG or PNG."
    ),
    "citizen.refused.big": _("Ảnh quá nặng: cả phản ánh tối đa {n} MB.", "Too large: a report may have {n} MB in all."),
    "citizen.refused.many": _(
        "Máy hoặc mạng này đã gửi {n} phản ánh trong thời gian ngắn. Nội dung của bạn vẫn còn đây;"
        " hãy gửi lại sau {wait}, hoặc gọi 1022.",
        "This device or network has sent {n} reports in a short time. What you wrote is kept;"
        " try again in {wait}, or call 1022.",
    ),
    "citizen.refused.key": _(
        "Thiếu khóa của phản ánh, hãy tải lại trang.", "The key of the report is missing; reload the page."
    ),
    "citizen.refused.secret": _("Liên kết riêng không đúng.", "The private link is not right."),
    "citizen.refused.moment": _("Không làm được ở bước này: {why}", "Not possible at this step: {why}"),
    "citizen.refused.answer": _("Hãy viết câu trả lời.", "Write your answer."),
    "citizen.refused.stars": _("Hãy chọn từ 1 đến 5 sao.", "Choose 1 to 5 stars."),
    "citizen.refused.solved": _("Hãy cho biết việc đã xong chưa.", "Say whether it is solved."),
    "citizen.refused.reason": _("Hãy cho biết còn gì chưa xong.", "Say what is still wrong."),
    "citizen.refused.tries": _("Thử quá nhiều lần, hãy đợi ít phút.", "Too many attempts; wait a few minutes."),
    # ---- one report
    "citizen.case.title": _("Phản ánh {code}", "Report {code}"),
    "citizen.case.unknown": _(
        "Không có phản ánh công khai nào mang mã {code}.", "No published report has the code {code}."
    ),
    "citizen.case.unknown.why": _(
        "Kiểm tra lại mã. Phản ánh vừa gửi chưa công khai cho đến khi được xem; hãy mở bằng liên kết riêng.",
        "Check the code. A new report is not public before it was looked at; open it by its private link.",
    ),
    "citizen.case.checking": _(
        "Phản ánh đang được kiểm tra, chưa công khai.", "The report is being checked and is not public yet."
    ),
    "citizen.case.field": _("Lĩnh vực", "Field"),
    "citizen.case.place": _("Địa bàn", "Place"),
    "citizen.case.unit": _("Đơn vị xử lý", "Handling unit"),
    "citizen.case.no_unit": _("Chưa phân công", "Not assigned yet"),
    "citizen.case.received": _("Tiếp nhận lúc", "Received"),
    "citizen.case.due": _("Hạn xử lý", "Due"),
    "citizen.case.no_due": _("Chưa có hạn", "No deadline yet"),
    "citizen.case.closed": _("Có kết quả lúc", "Result given"),
    "citizen.case.channel": _("Kênh", "Channel"),
    "citizen.case.late": _("Trễ {age}", "{age} late"),
    "citizen.case.left": _("Còn {age}", "{age} left"),
    "citizen.case.on_time": _("Đúng hạn", "On time"),
    "citizen.case.closed_late": _("Xong sau hạn", "Done after the deadline"),
    "citizen.case.paused": _("Tạm dừng tính giờ, chờ người dân bổ sung", "Clock stopped, waiting for the citizen"),
    "citizen.case.timeline": _("Diễn biến", "What happened"),
    "citizen.case.timeline.empty": _("Chưa có diễn biến công khai.", "Nothing public has happened yet."),
    "citizen.case.result": _("Kết quả xử lý", "Result"),
    "citizen.case.map": _("Vị trí", "Place"),
    "citizen.case.snapped": _(
        "Vị trí công khai được làm tròn để giữ riêng tư.", "The published place is rounded for privacy."
    ),
    "citizen.case.photos": _("Ảnh", "Photos"),
    "citizen.case.photo.report": _("Ảnh phản ánh", "Photo of the report"),
    "citizen.case.photo.result": _("Ảnh kết quả", "Photo of the result"),
    "citizen.case.photo.private": _("chỉ bạn thấy", "only you see it"),
    "citizen.case.your_text": _("Nội dung bạn đã gửi", "What you wrote"),
    "citizen.case.only_you": _("Chỉ hiện với liên kết riêng của bạn.", "Shown only with your private link."),
    "citizen.case.duplicate": _(
        "Trùng với phản ánh {code}; theo dõi kết quả ở đó.", "Same as report {code}; follow it there."
    ),
    "citizen.case.rated": _("Người dân đánh giá {stars}/5", "Rated {stars}/5 by the citizen"),
    "citizen.case.solved": _("Người dân xác nhận đã xong", "The citizen says it is solved"),
    "citizen.case.unsolved": _("Người dân cho biết chưa xong", "The citizen says it is not solved"),
    "citizen.case.yours": _("Phần của bạn", "Your part"),
    "citizen.case.answer": _("Bổ sung thông tin", "Add information"),
    "citizen.case.question": _("Cán bộ hỏi:", "Staff ask:"),
    "citizen.case.answer.label": _("Trả lời của bạn", "Your answer"),
    "citizen.case.more.label": _("Bạn muốn cho biết thêm gì?", "What would you like to add?"),
    "citizen.case.answer.send": _("Gửi trả lời", "Send answer"),
    "citizen.case.rate": _("Đánh giá kết quả", "Rate the result"),
    "citizen.case.rate.stars": _("Bạn hài lòng đến mức nào?", "How satisfied are you?"),
    "citizen.case.rate.solved": _("Việc đã xong chưa?", "Is it solved?"),
    "citizen.case.rate.comment": _("Ý kiến thêm", "Comment"),
    "citizen.case.rate.send": _("Gửi đánh giá", "Send rating"),
    "citizen.case.rate.until": _("Đánh giá được đến {time}.", "You can rate until {time}."),
    "citizen.case.reopen": _("Phản ánh lại", "Report again"),
    "citizen.case.reopen.why": _(
        "Nếu việc chưa xong, hãy nói còn gì phải làm.", "If it is not solved, say what is left."
    ),
    "citizen.case.reopen.label": _("Còn gì chưa xong?", "What is still wrong?"),
    "citizen.case.reopen.send": _("Gửi phản ánh lại", "Report again"),
    "citizen.case.done.citizen_answers": _("Đã gửi trả lời của bạn.", "Your answer was sent."),
    "citizen.case.done.rate": _("Cảm ơn bạn đã đánh giá.", "Thank you for the rating."),
    "citizen.case.done.reopen": _("Đã mở lại phản ánh.", "The report was reopened."),
    "citizen.case.keep_link": _(
        "Bạn đang mở bằng liên kết riêng. Đừng chia sẻ địa chỉ này.",
        "This is your private link. Do not share this address.",
    ),
    "citizen.yes": _("Đã xong", "Solved"),
    "citizen.no": _("Chưa xong", "Not solved"),
    "citizen.star.1": _("rất tệ", "very bad"),
    "citizen.star.2": _("tệ", "bad"),
    "citizen.star.3": _("tạm được", "fair"),
    "citizen.star.4": _("tốt", "good"),
    "citizen.star.5": _("rất tốt", "very good"),
    "citizen.step.received": _("Tiếp nhận", "Received"),
    "citizen.step.assigned": _("Chuyển xử lý", "Assigned"),
    "citizen.step.working": _("Đang xử lý", "In progress"),
    "citizen.step.done": _("Có kết quả", "Result"),
    "citizen.step.reached": _("đã qua", "done"),
    "citizen.step.now": _("hiện tại", "now"),
    "citizen.sentence.received": _("Đã tiếp nhận, đang chờ kiểm tra.", "Received, waiting to be checked."),
    "citizen.sentence.rejected": _("Không tiếp nhận.", "Not accepted."),
    "citizen.sentence.assigned": _("Đã chuyển {unit}.", "Sent to {unit}."),
    "citizen.sentence.returned": _("Đang chuyển lại đúng đơn vị.", "Being sent to the right unit."),
    "citizen.sentence.in_progress": _("{unit} đang xử lý.", "{unit} is working on it."),
    "citizen.sentence.extended": _("{unit} xin thêm thời gian.", "{unit} asked for more time."),
    "citizen.sentence.resolved": _("{unit} đã xử lý.", "{unit} says it is done."),
    "citizen.sentence.reopened": _(
        "Người dân báo chưa xong, đang xử lý lại.", "Reopened: the citizen says it is not done."
    ),
    "citizen.sentence.closed": _("Đã xong và đóng lại.", "Done and closed."),
    "citizen.sentence.duplicate": _("Trùng với một phản ánh khác.", "Same as another report."),
    "citizen.some_unit": _("Đơn vị có trách nhiệm", "the unit in charge"),
    "citizen.waiting": _("Cán bộ đang chờ bạn trả lời.", "Staff are waiting for your answer."),
    # ---- list
    "citizen.list.title": _("Phản ánh đã công khai", "Published reports"),
    "citizen.list.lead": _(
        "Không có thông tin cá nhân; vị trí của lĩnh vực nhạy cảm được làm tròn.",
        "No personal data; places of sensitive fields are rounded.",
    ),
    "citizen.list.month": _("Kỳ {month}", "Period {month}"),
    "citizen.list.month.span": _("từ {first} đến {last}", "from {first} to {last}"),
    "citizen.list.month.running": _("từ {first}, tính đến {last}", "from {first}, so far until {last}"),
    "citizen.list.month.before": _("Kỳ trước", "Previous"),
    "citizen.list.month.after": _("Kỳ sau", "Next"),
    "citizen.list.no_month": _("Chưa có số liệu của kỳ {month}.", "No figures for the period {month} yet."),
    "citizen.figure.received": _("Tiếp nhận", "Received"),
    "citizen.figure.received.note": _(
        "không tính {duplicates} trùng, {rejected} từ chối", "without {duplicates} duplicates, {rejected} rejected"
    ),
    "citizen.figure.processed": _("Đã xử lý", "Processed"),
    "citizen.figure.of": _("trên {n} tiếp nhận", "of {n} received"),
    "citizen.figure.on_time": _("Đúng hạn", "On time"),
    "citizen.figure.of_processed": _("của {n} đã xử lý", "of {n} processed"),
    "citizen.figure.overdue": _("Quá hạn", "Overdue"),
    "citizen.figure.overdue.note": _("gồm đang mở và xong sau hạn", "open or done after the deadline"),
    "citizen.figure.satisfied": _("Hài lòng", "Satisfied"),
    "citizen.figure.of_rated": _("của {n} đánh giá", "of {n} ratings"),
    "citizen.figure.none": _("Chưa có số liệu", "No data yet"),
    "citizen.filter.field": _("Lĩnh vực", "Field"),
    "citizen.filter.state": _("Tình trạng", "State"),
    "citizen.filter.unit": _("Xã, phường", "Commune"),
    "citizen.filter.period": _("Thời gian", "Period"),
    "citizen.filter.words": _("Từ trong tiêu đề", "Words of the title"),
    "citizen.filter.all": _("Tất cả", "All"),
    "citizen.filter.province": _("Toàn tỉnh", "Whole province"),
    "citizen.filter.go": _("Lọc", "Filter"),
    "citizen.filter.clear": _("Bỏ lọc", "Clear"),
    "citizen.filter.period.30": _("30 ngày qua", "Last 30 days"),
    "citizen.filter.period.90": _("90 ngày qua", "Last 90 days"),
    "citizen.filter.period.365": _("12 tháng qua", "Last 12 months"),
    "citizen.filter.period.all": _("Từ trước đến nay", "All time"),
    "citizen.group.open": _("Đang xử lý", "In progress"),
    "citizen.group.late": _("Trễ hạn", "Overdue"),
    "citizen.group.done": _("Đã xử lý", "Processed"),
    "citizen.list.count": _("{n} phản ánh", "{n} reports"),
    "citizen.list.none": _(
        "Không có phản ánh nào khớp bộ lọc. Bỏ bớt điều kiện hoặc chọn thời gian dài hơn.",
        "No report matches. Drop a condition or choose a longer period.",
    ),
    "citizen.list.map": _("Bản đồ phản ánh", "Map of reports"),
    "citizen.list.map.some": _(
        "Bản đồ hiện {n} phản ánh mới nhất trên {all}.", "The map shows the newest {n} of {all}."
    ),
    "citizen.list.page": _("Trang {page} / {pages}", "Page {page} of {pages}"),
    "citizen.list.next": _("Trang sau", "Next page"),
    "citizen.list.previous": _("Trang trước", "Previous page"),
    "citizen.list.updated": _("Số liệu lúc {time}", "As of {time}"),
    # ---- look up
    "citizen.find.title": _("Tra cứu phản ánh", "Look up a report"),
    "citizen.find.lead": _(
        "Nhập mã đã nhận khi gửi, ví dụ PA2611000123.", "Type the code you got, for example PA2611000123."
    ),
    "citizen.find.go": _("Tra cứu", "Look up"),
    "citizen.find.none": _("Hãy nhập mã tra cứu.", "Type a tracking code."),
    # ---- texts of the scripts
    "citizen.js.zoomIn": _("Phóng to", "Zoom in"),
    "citizen.js.zoomOut": _("Thu nhỏ", "Zoom out"),
    "citizen.js.pin": _("Vị trí phản ánh", "Place of the report"),
    "citizen.js.pin.keys": _("Ghim vị trí phản ánh; phím mũi tên để dời", "Pin of the report; arrow keys move it"),
    "citizen.js.pin.none": _("Chưa ghim vị trí.", "No place marked yet."),
    "citizen.js.pin.set": _("Đã ghim.", "Pin set."),
    "citizen.js.pin.in": _("✓ Ghim ở {unit}.", "✓ The pin is in {unit}."),
    "citizen.js.pin.coarse": _("Hãy phóng to để ghim đúng chỗ hơn.", "Zoom in to mark the exact place."),
    "citizen.js.pin.outside": _(
        "Ghim nằm ngoài địa bàn tỉnh, không gửi được. Hãy dời ghim vào trong.",
        "The pin is outside the province and cannot be sent. Please move it inside.",
    ),
    "citizen.js.locate.none": _(
        "Máy này không cho biết vị trí. Hãy chạm vào bản đồ.", "This device gives no position. Tap the map."
    ),
    "citizen.js.locate.waiting": _("Đang tìm vị trí của bạn ...", "Finding your position ..."),
    "citizen.js.locate.refused": _(
        "Bạn chưa cho phép dùng vị trí. Hãy tìm xã, phường rồi chạm vào bản đồ.",
        "Position is not allowed. Search the commune and tap the map.",
    ),
    "citizen.js.locate.failed": _("Chưa tìm được vị trí. Hãy chạm vào bản đồ.", "No position found. Tap the map."),
    "citizen.js.locate.coarse": _(
        "Vị trí chỉ chính xác đến {m} m. Hãy kéo ghim đến đúng chỗ.",
        "The position is only good to {m} m. Drag the pin to the exact place.",
    ),
    "citizen.js.search.none": _("Không tìm thấy nơi nào.", "No place found."),
    "citizen.js.search.went": _(
        "Bản đồ ở {place}. Chạm vào đúng chỗ để đặt ghim.", "The map is at {place}. Tap the exact place."
    ),
    "citizen.js.offline.search": _("Mất mạng, chưa tìm được.", "No network, cannot search."),
    "citizen.js.disagree.right": _("Đúng, giữ ghim", "Right, keep the pin"),
    "citizen.js.disagree.move": _("Sai, dời ghim", "Wrong, move the pin"),
    "citizen.js.near.title": _("Đã có phản ánh tương tự gần đây:", "Similar reports nearby:"),
    "citizen.js.near.hint": _(
        "Nếu cùng một việc, hãy theo dõi phản ánh đó; nếu khác, cứ gửi tiếp.",
        "If it is the same, follow that one; if not, go on.",
    ),
    "citizen.js.count.short": _("cần thêm {n} ký tự", "{n} more characters needed"),
    "citizen.js.count": _("{n}/{most} ký tự", "{n}/{most} characters"),
    "citizen.js.photo.many": _("Tối đa {n} ảnh.", "At most {n} photos."),
    "citizen.js.photo.bad": _(
        "Không đọc được ảnh «{name}». Hãy chọn ảnh JPEG hoặc PNG.", "Photo «{name}» cannot be read. Choose JPEG or PNG."
    ),
    "citizen.js.photo.n": _("Ảnh {n}", "Photo {n}"),
    "citizen.js.photo.remove": _("Bỏ ảnh {n}", "Remove photo {n}"),
    "citizen.js.draft.kept": _(
        "Bản nháp được giữ trên máy này cho đến khi gửi.", "The draft is kept on this device until it is sent."
    ),
    "citizen.js.draft.back": _("Đã khôi phục bản nháp lần trước.", "Your last draft is back."),
    "citizen.js.need.place": _("Hãy ghim vị trí trên bản đồ.", "Mark the place on the map."),
    "citizen.js.need.agree": _("Hãy trả lời câu hỏi về vị trí ở dưới.", "Answer the question about the place below."),
    "citizen.js.need.category": _("Hãy chọn một lĩnh vực.", "Choose a field."),
    "citizen.js.need.content": _("Hãy viết ít nhất {n} ký tự.", "Write at least {n} characters."),
    "citizen.js.need.contact": _(
        "Quy chế của tỉnh cần số điện thoại hoặc thư điện tử.", "The regulation asks for a phone number or e-mail."
    ),
    "citizen.js.need.consent": _(
        "Hãy đồng ý cho lưu thông tin liên hệ, hoặc để trống.",
        "Agree to keep the contact details, or leave them empty.",
    ),
    "citizen.js.send": _("Gửi phản ánh", "Send"),
    "citizen.js.sending": _("Đang gửi ...", "Sending ..."),
    "citizen.js.retry": _("Gửi lại", "Try again"),
    "citizen.js.offline.send": _(
        "Mất mạng. Mọi thứ bạn nhập vẫn còn đây; bấm «Gửi lại» khi có mạng.",
        "No network. Everything is kept; press «Try again» when it is back.",
    ),
    "citizen.js.failed.send": _(
        "Chưa gửi được. Mọi thứ bạn nhập vẫn còn đây; bấm «Gửi lại».",
        "Not sent. Everything is kept; press «Try again».",
    ),
    "citizen.js.online": _("Đã có mạng. Bấm «Gửi lại».", "The network is back. Press «Try again»."),
    "citizen.js.copied": _("Đã chép.", "Copied."),
    "citizen.js.copy.by_hand": _("Hãy chép liên kết đã được chọn.", "Copy the selected link."),
}

# Words people use for a field, so that «ổ gà» finds it; a field without any is found by its name.
CATEGORY_WORDS: dict[str, str] = {
    "administration": "thủ tục, hồ sơ, giấy tờ, một cửa, sổ đỏ, cán bộ, procedure, papers, office",
    "infrastructure": "ổ gà, đường hỏng, sụt lún, nắp cống, hố ga, vỉa hè, cầu, pothole, road, manhole, bridge",
    "noise": "ồn ào, karaoke, loa kẹo kéo, công trường, noise, loud music",
    "bus": "xe buýt, trạm chờ, tài xế, bus stop, driver",
    "urban_order": "lấn chiếm vỉa hè, xây trái phép, bán hàng rong, quảng cáo, illegal building, street vendor",
    "traffic": "kẹt xe, tắc đường, đèn tín hiệu, biển báo, đỗ xe, tai nạn, traffic jam, light, sign, parking, accident",
    "water_supply_drainage": "mất nước, nước bẩn, vỡ ống, cống tắc, nước thải, water pipe, drain, sewage",
    "trees": "cây đổ, cành gãy, tỉa cây, tree, branch",
    "lighting": "đèn đường, hỏng đèn, tối, street light, lamp, dark",
    "power": "mất điện, cột điện, dây điện, chập điện, electricity, cable",
    "telecom": "mạng internet, sóng điện thoại, cáp viễn thông, internet, phone",
    "public_transport": "xe khách, taxi, xe hợp đồng, coach",
    "environment": "rác thải, mùi hôi, khói bụi, ô nhiễm, rubbish, waste, smell, smoke, pollution",
    "health": "bệnh viện, trạm y tế, an toàn thực phẩm, dịch bệnh, hospital, clinic, food",
    "tourism": "khách sạn, chặt chém, di tích, hotel, tourist",
    "to_leaders": "lãnh đạo, chủ tịch, kiến nghị, leader, chairman",
    "other": "khác, other",
    "flooding": "ngập úng, lụt, triều cường, flood",
}
