"""Texts of surfaces, means of units and people exposed on the map."""

from __future__ import annotations

from layers.model import Text


def _(vi: str, en: str) -> Text:
    return Text(vi=vi, en=en)


SURFACE_TEXTS: dict[str, Text] = {
    "map.show": _("Cách hiển thị", "Shown as"),
    "map.show_stations": _("Trạm", "Stations"),
    "map.show_surface": _("Trạm + bề mặt", "Stations + surface"),
    "map.show_units": _("Theo đơn vị", "Means of units"),
    "exposure.title": _("Người sống nơi {parameter} vượt giới hạn", "People where {parameter} is above the limit"),
    "exposure.people": _("người", "people"),
    "exposure.note": _("Ngày {day}: trung bình 24 giờ trên {limit} {unit}", "{day}: 24 h mean above {limit} {unit}"),
    "exposure.covered": _(
        "{share} dân số nằm trong vùng ước tính được", "{share} of the people live where an estimate is possible"
    ),
    "exposure.mean": _("trung bình theo dân số {value} {unit}", "mean weighted by people {value} {unit}"),
    "exposure.none": _(
        "Ngày {day}: trạm quá thưa để ước tính cho đơn vị này", "{day}: too few stations to say anything of this unit"
    ),
    "exposure.spark": _("Tỷ lệ dân số vượt giới hạn, 30 ngày", "Share of the people above it, 30 days"),
    "exposure.days": _("{n} ngày vượt trong 30 ngày", "{n} of 30 days with people above it"),
    "js.state.i": _("Nội suy giữa các trạm", "Interpolated between stations"),
    "js.state.g": _("Dự báo, nội suy giữa các trạm", "Forecast, interpolated between stations"),
    "js.state.r": _("Cảm biến tham khảo, không có AQI", "Reference sensor, no AQI"),
    "js.reference": _("cảm biến tham khảo", "reference sensor"),
    "js.meansOfUnits": _(
        "Trung bình các trạm trong đơn vị; nơi không có trạm: bề mặt nội suy theo dân số",
        "Mean of the stations in the unit; without one: the surface, weighted by people",
    ),
    "js.surface": _("Bề mặt giữa các trạm (kriging)", "Surface between stations (kriging)"),
    "js.surface.sure": _("độ lệch dưới 20 %", "deviation below 20 %"),
    "js.surface.unsure": _("nhạt dần: độ lệch 20–40 %", "fading: deviation 20–40 %"),
    "js.surface.doubtful": _("gạch chéo: độ lệch trên 40 %", "hatched: deviation above 40 %"),
    "js.surface.nothing": _(
        "Không tô: xa trạm quá {reach} km hoặc độ lệch trên 60 % mức chung",
        "Not painted: more than {reach} km from a station, or deviation above 60 % of the level",
    ),
    "js.surface.error": _(
        "Bỏ từng trạm rồi đoán lại: sai số {rmse} {unit} (nghịch đảo khoảng cách: {idw})",
        "Leaving each station out: error {rmse} {unit} (inverse distance: {idw})",
    ),
    "js.surface.ahead": _(
        "Giờ dự báo: từ trung vị dự báo của các trạm; độ lệch chưa gồm sai số dự báo",
        "Forecast hours: from the medians of the stations; the deviation leaves out the error of the forecast",
    ),
    "js.surface.of": _("{n} trạm trong giờ này", "{n} stations in this hour"),
    "js.surface.few": _(
        "Giờ này không có bề mặt: cần ít nhất 5 trạm có số liệu tốt",
        "No surface in this hour: it takes 5 stations with good values",
    ),
    "js.surface.vague": _(
        "Giờ này không có bề mặt: độ lệch quá lớn so với giá trị",
        "No surface in this hour: the deviation is too large for the values",
    ),
    "js.surface.here": _("Tại điểm này: {value} ± {deviation} {unit}", "Here: {value} ± {deviation} {unit}"),
    "js.surface.notHere": _("Tại điểm này: không đủ căn cứ để ước tính", "Here: the data do not carry an estimate"),
    "js.exposed": _(
        "Ngày {day}: {people} người sống nơi vượt giới hạn {limit} (ước tính được cho {covered}% dân số)",
        "{day}: {people} people live above the limit of {limit} ({covered}% of the people are covered)",
    ),
    "js.exposedMean": _("trung bình 24 giờ theo dân số: {mean} {unit}", "24 h mean weighted by people: {mean} {unit}"),
    "js.peopleAbove": _("Người nơi trên {limit} ngày {day}", "People above {limit} on {day}"),
    "js.covered": _("Dân số ước tính được", "People covered"),
}
