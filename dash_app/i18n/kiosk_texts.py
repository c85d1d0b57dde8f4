"""Texts of the control-room wall and of the list of briefings. Part of the catalogue in ``texts``."""

from __future__ import annotations

from layers.model import Text


def _(vi: str, en: str) -> Text:
    return Text(vi=vi, en=en)


KIOSK_TEXTS: dict[str, Text] = {
    # playlists
    "kiosk.bad_playlist": _(
        "Không có danh sách trình chiếu «{name}» trong {file}.", "There is no playlist “{name}” in {file}."
    ),
    "kiosk.bad_file": _("Không đọc được {file}: {reason}.", "{file} cannot be read: {reason}."),
    "kiosk.no_views": _("Danh sách trình chiếu không có màn hình nào.", "The playlist has no views."),
    "kiosk.many_views": _("Danh sách trình chiếu có nhiều nhất {n} màn hình.", "A playlist has at most {n} views."),
    "kiosk.bad_view": _(
        "«{view}» không phải một trang của hệ thống; viết dạng /map#theme=indicator.grdp.",
        "“{view}” is no page of this system; write it as /map#theme=indicator.grdp.",
    ),
    "kiosk.bad_seconds": _(
        "«{view}»: thời gian «{seconds}» phải là số giây từ {low} đến {high}.",
        "“{view}”: the duration “{seconds}” must be seconds from {low} to {high}.",
    ),
    "kiosk.page.feedback": _("Thống kê phản ánh", "Feedback statistics"),
    # the wall
    "kiosk.title": _("Màn hình điều hành", "Control room"),
    "kiosk.data_at": _("dữ liệu lúc", "data at"),
    "kiosk.no_data": _("Chưa có số liệu", "No data yet"),
    "kiosk.late": _("trễ {age}", "{age} late"),
    "kiosk.frozen": _("MÀN HÌNH KHÔNG CẬP NHẬT từ {at} ({age})", "SCREEN NOT UPDATED since {at} ({age})"),
    "kiosk.frozen_plain": _("MÀN HÌNH NGỪNG HOẠT ĐỘNG từ", "SCREEN STOPPED at"),
    "kiosk.old_picture": _("Hình đang thấy là hình cũ", "What you see is an old picture"),
    "kiosk.reason.server": _("Máy chủ không trả lời.", "The server does not answer."),
    "kiosk.reason.database": _("Cơ sở dữ liệu không trả lời.", "The database does not answer."),
    "kiosk.reason.view": _("Trang đang chiếu không phản hồi.", "The view on screen does not respond."),
    "kiosk.reason.views": _("Không trang nào mở được.", "No view can be opened."),
    "kiosk.again": _("Đang tự thử lại.", "Trying again by itself."),
    "kiosk.paused": _("Tạm dừng", "Paused"),
    "kiosk.keys": _("Phím cách: dừng, chạy · ← →: màn hình trước, sau", "Space: pause · ← →: previous, next view"),
    "kiosk.skipped": _("Chưa mở được: {view}", "Cannot be opened: {view}"),
    "kiosk.noscript": _("Màn hình này cần JavaScript.", "This wall needs JavaScript."),
    "kiosk.weekday.0": _("Thứ hai", "Monday"),
    "kiosk.weekday.1": _("Thứ ba", "Tuesday"),
    "kiosk.weekday.2": _("Thứ tư", "Wednesday"),
    "kiosk.weekday.3": _("Thứ năm", "Thursday"),
    "kiosk.weekday.4": _("Thứ sáu", "Friday"),
    "kiosk.weekday.5": _("Thứ bảy", "Saturday"),
    "kiosk.weekday.6": _("Chủ nhật", "Sunday"),
    "kiosk.age.seconds": _("{n} giây", "{n} s"),
    # setting one up
    "kiosk.setup": _("Thiết lập màn hình phòng điều hành", "Set up a control-room wall"),
    "kiosk.setup.lead": _(
        "Chọn các màn hình và thời gian chiếu, rồi mở địa chỉ bên dưới trên máy của màn hình lớn.",
        "Choose views and durations, then open the address below on the computer of the wall.",
    ),
    "kiosk.setup.views": _("Danh sách trình chiếu", "Playlist"),
    "kiosk.setup.add": _("Thêm màn hình", "Add a view"),
    "kiosk.setup.preset": _("Trang", "Page"),
    "kiosk.setup.unit": _("Đơn vị", "Unit"),
    "kiosk.setup.whole": _("Toàn tỉnh", "Whole province"),
    "kiosk.setup.address": _(
        "Địa chỉ (dán từ thanh địa chỉ cũng được)", "Address (may be pasted from the address bar)"
    ),
    "kiosk.setup.seconds": _("Giây", "Seconds"),
    "kiosk.setup.shown": _("Tên trên tường (không bắt buộc)", "Title on the wall (optional)"),
    "kiosk.setup.up": _("Lên", "Up"),
    "kiosk.setup.down": _("Xuống", "Down"),
    "kiosk.setup.remove": _("Bỏ", "Remove"),
    "kiosk.setup.name": _("Tên màn hình (để biết màn hình nào ngừng)", "Name of the wall (to know which one stopped)"),
    "kiosk.setup.look": _("Giao diện", "Look"),
    "kiosk.setup.dark": _("Tối", "Dark"),
    "kiosk.setup.light": _("Sáng", "Light"),
    "kiosk.setup.language": _("Ngôn ngữ", "Language"),
    "kiosk.setup.result": _("Địa chỉ của màn hình", "Address of the wall"),
    "kiosk.setup.copy": _("Sao chép", "Copy"),
    "kiosk.setup.copied": _("Đã sao chép", "Copied"),
    "kiosk.setup.open": _("Mở", "Open"),
    "kiosk.setup.file": _("Danh sách có tên trong {file}", "Named playlists in {file}"),
    "kiosk.setup.no_file": _(
        "Chưa có tệp {file}. Tệp này giữ các danh sách có tên, mở bằng /kiosk?playlist=tên.",
        "There is no file {file}. It holds named playlists, opened by /kiosk?playlist=name.",
    ),
    "kiosk.setup.walls": _("Màn hình đang chạy", "Walls"),
    "kiosk.setup.no_walls": _("Chưa có màn hình nào báo tín hiệu.", "No wall has given a sign of life yet."),
    "kiosk.walls.name": _("Màn hình", "Wall"),
    "kiosk.walls.seen": _("Tín hiệu cuối", "Last heard"),
    "kiosk.walls.state": _("Tình trạng", "State"),
    "kiosk.walls.view": _("Đang chiếu", "Showing"),
    "kiosk.walls.ok": _("Đang chạy", "Running"),
    "kiosk.walls.alarm": _("Đang báo không cập nhật", "Says it is not updated"),
    "kiosk.walls.silent": _("IM LẶNG {age}", "SILENT for {age}"),
    # list of briefings
    "briefings.title": _("Các bản tin đã lập", "Briefings made"),
    "briefings.lead": _(
        "Bản tin ngày lập lúc 06:30, bản tin tuần lập sáng thứ hai. Bản «theo yêu cầu» do người dùng lưu.",
        "The daily one is made at 06:30, the weekly one on Monday morning; those on request were kept by somebody.",
    ),
    "briefings.now": _("Lập bản tin bây giờ", "Make a briefing now"),
    "briefings.none": _("Chưa có bản tin nào được lưu cho {name}.", "No briefing of {name} has been kept yet."),
    "briefings.made": _("Lập lúc", "Made at"),
    "briefings.unit": _("Đơn vị", "Unit"),
    "briefings.cycle": _("Loại", "Kind"),
    "briefings.as_of": _("Số liệu đến", "Data until"),
    "briefings.changes": _("Thay đổi", "Changes"),
    "briefings.by": _("Người lập", "By"),
    "briefings.by_system": _("tự động", "by the clock"),
    "briefings.open": _("Mở PDF", "Open PDF"),
    "briefings.download": _("Tải về", "Download"),
    "briefings.gone": _("Tệp không còn", "The file is gone"),
    "briefings.everywhere": _("tất cả đơn vị", "all units"),
    "briefings.show_all": _("Xem bản tin của mọi đơn vị", "Show those of all units"),
}
