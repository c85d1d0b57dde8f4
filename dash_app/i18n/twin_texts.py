"""Texts of the comparison of two units or two times."""

from __future__ import annotations

from layers.model import Text


def _(vi: str, en: str) -> Text:
    return Text(vi=vi, en=en)


TWIN_TEXTS: dict[str, Text] = {
    "twin.title": _("So sánh", "Compare"),
    "twin.side_a": _("Bên A", "Side A"),
    "twin.side_b": _("Bên B", "Side B"),
    "twin.unit": _("Đơn vị", "Unit"),
    "twin.month": _("Tháng", "Month"),
    "twin.search": _("Gõ tên xã, phường, huyện, tỉnh", "Type the name of a unit"),
    "twin.swap": _("Đổi bên A và B", "Swap A and B"),
    "twin.domain": _("Lĩnh vực", "Domain"),
    "twin.indicator": _("Chỉ tiêu trên biểu đồ và bản đồ", "Indicator of chart and maps"),
    "twin.head": _("Tính theo 1.000 dân", "Per 1,000 people"),
    "twin.head_off": _("Tổng số", "Totals"),
    "twin.head_label": _("Cách tính các tổng", "Sums as"),
    "twin.align": _("Trục thời gian", "Axis of time"),
    "twin.align_calendar": _("Theo lịch", "Calendar"),
    "twin.align_since": _("Số tháng trước mốc", "Months before the clock"),
    "twin.table": _("Chỉ tiêu của hai bên", "Figures of both sides"),
    "twin.col_indicator": _("Chỉ tiêu", "Indicator"),
    "twin.col_plan": _("% kế hoạch", "% of plan"),
    "twin.col_difference": _("A so với B", "A against B"),
    "twin.col_better": _("Tốt hơn", "Better"),
    "twin.better_a": _("A", "A"),
    "twin.better_b": _("B", "B"),
    "twin.better_none": _("Ngang nhau", "Equal"),
    "twin.better_neutral": _("Không xếp tốt, xấu", "Neither is good or bad"),
    "twin.no_figure": _("Chưa có số liệu", "No figure yet"),
    "twin.no_plan": _("chưa giao kế hoạch", "no plan assigned"),
    "twin.no_difference": _("Không so sánh được", "Not comparable"),
    "twin.points": _("{value} điểm %", "{value} points"),
    "twin.period": _("kỳ {period}", "{period}"),
    "twin.by_people": _("ước tính theo dân số qua sắp xếp đơn vị", "estimated by people across the reform"),
    "twin.by_area": _("ước tính theo diện tích qua sắp xếp đơn vị", "estimated by area across the reform"),
    "twin.summed": _("cộng lại từ các đơn vị cũ", "summed from the old units"),
    "twin.mark": _("≈ số được cộng lại hoặc ước tính qua sắp xếp đơn vị", "≈ summed or estimated across the reform"),
    "twin.chart": _("Diễn biến của hai bên", "Both sides over time"),
    "twin.clock_a": _("mốc A", "clock A"),
    "twin.clock_b": _("mốc B", "clock B"),
    "twin.months_before": _("Số tháng so với mốc của mỗi bên", "Months from each side's clock"),
    "twin.map": _("{title}, {period}", "{title}, {period}"),
    "twin.maps": _("Hai bản đồ cùng thang màu", "Two maps, one scale"),
    "twin.maps_hint": _(
        "Kéo hoặc phóng một bản đồ, bản đồ kia theo cùng. Phím mũi tên, +, -, 0.",
        "Move or zoom one map and the other follows. Arrow keys, +, -, 0.",
    ),
    "twin.zoom_in": _("Phóng to", "Zoom in"),
    "twin.zoom_out": _("Thu nhỏ", "Zoom out"),
    "twin.zoom_home": _("Toàn tỉnh", "Whole province"),
    "twin.map_table": _("Giá trị trên hai bản đồ", "Values of both maps"),
    "twin.ranked": _("khoảng giá trị chung của hai bản đồ", "one range for both maps"),
    "twin.nothing": _(
        "Lĩnh vực này chưa có số liệu của hai bên. Chọn lĩnh vực hoặc tháng khác.",
        "No figures of both sides in this domain. Choose another domain or month.",
    ),
    "twin.same": _(
        "Hai bên giống hệt nhau: chọn đơn vị hoặc tháng khác cho bên B.",
        "Both sides are the same: choose another unit or month for B.",
    ),
    "twin.per_thousand": _("{unit}/1.000 dân", "{unit} per 1,000 people"),
    "map.compare": _("So sánh", "Compare"),
}
