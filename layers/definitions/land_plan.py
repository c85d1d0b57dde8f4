"""Zones of the land-use plan."""

from layers.code_lists import LAND_CODES
from layers.model import Column, Geometry, Layer, NotBefore, NotNull, OneOf, Overlay, Source, Text

LAYER = Layer(
    id="land_plan",
    title=Text(vi="Quy hoạch sử dụng đất", en="Land-use plan zones"),
    description=Text(vi="Vùng quy hoạch theo loại đất và kỳ quy hoạch.", en="Planned land code by zone and plan period."),
    agency=Text(vi="Sở Nông nghiệp và Môi trường", en="Department of Agriculture and Environment"),
    legal_basis="Law on Land 31/2024/QH15",
    licence="CC-BY-4.0",
    update_cycle=Text(vi="theo kỳ quy hoạch", en="by plan period"),
    kind="feature",
    table="land_plan",
    geometry=Geometry(type="MultiPolygon"),
    columns=(
        Column(name="zone_code", type="text", key=True, checks=(NotNull(),),
               title=Text(vi="Mã vùng", en="Zone code"), source=("MA_VUNG",)),
        Column(name="planned_code", type="text", codes=LAND_CODES, checks=(NotNull(), OneOf()),
               title=Text(vi="Loại đất quy hoạch", en="Planned land code"), source=("LOAI_DAT_QH",)),
        Column(name="plan_name", type="text", title=Text(vi="Tên quy hoạch", en="Plan"), source=("TEN_QH",)),
        Column(name="plan_from", type="date", title=Text(vi="Từ ngày", en="From"), source=("TU_NGAY",)),
        Column(name="plan_to", type="date", title=Text(vi="Đến ngày", en="To"), source=("DEN_NGAY",),
               checks=(NotBefore(column="plan_from"),)),
        Column(name="decision", type="text", title=Text(vi="Quyết định", en="Decision"), source=("QUYET_DINH",)),
    ),
    time_column="plan_from",
    source=Source(reader="vector", pattern="land_plan*.gpkg"),
    overlay=Overlay(kind="tiles", group=Text(vi="Đất đai", en="Land"), colour="#8c6d31", style_by="planned_code",
                    label="zone_code", min_zoom=10, order=11),
)  # fmt: skip
