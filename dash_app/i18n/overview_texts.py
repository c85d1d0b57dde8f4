"""Texts of the overview and of the panels of the leaders' pages; ``js.ov.`` ones belong to assets/90_overview.js."""

from __future__ import annotations

from layers.model import Text


def _(vi: str, en: str) -> Text:
    return Text(vi=vi, en=en)


OVERVIEW_TEXTS: dict[str, Text] = {
    "panel.time_at": _("Theo thời điểm đang chọn", "Follows the chosen instant"),
    "panel.time_range": _("Theo khoảng thời gian đang chọn", "Follows the chosen range"),
    "panel.time_none": _("Không phụ thuộc thời điểm đang chọn", "Does not follow the chosen instant"),
    "panel.as_table": _("Xem dạng bảng", "Show as a table"),
}
