"""Administrative units as versions: province, district and commune before 1 July 2025, province and commune since."""

from layers.model import Code, Column, Geometry, Layer, NotNull, OneOf, Overlay, Pattern, Range, Source, Text

LAYER = Layer(
    id="admin_unit",
    title=Text(vi="Đơn vị hành chính", en="Administrative units"),
    description=Text(
        vi="Mỗi dòng là một phiên bản: mã, ngày bắt đầu, ngày kết thúc và ranh giới của đơn vị trong thời gian đó.",
        en="Each row is a version: code, first day, last day and boundary of the unit during that time.",
    ),
    agency=Text(vi="Sở Nội vụ", en="Department of Home Affairs"),
    legal_basis="Law 72/2025/QH15; 202/2025/QH15; Decision 19/2025/QĐ-TTg",
    licence="CC-BY-4.0",
    update_cycle=Text(vi="khi có nghị quyết", en="on resolution"),
    kind="admin_unit",
    table="admin_unit",
    geometry=Geometry(type="MultiPolygon"),
    columns=(
        Column(name="code", type="text", title=Text(vi="Mã", en="Code"), key=True,
               checks=(NotNull(), Pattern(regex=r"\d{2}|\d{3}|\d{5}"))),
        Column(name="valid_from", type="date", title=Text(vi="Có hiệu lực từ", en="Valid from"), key=True,
               checks=(NotNull(),)),
        Column(name="valid_to", type="date", title=Text(vi="Hết hiệu lực", en="Valid to")),
        Column(name="level", type="text", title=Text(vi="Cấp", en="Level"), checks=(NotNull(), OneOf()),
               codes=(Code(value="province", title=Text(vi="Tỉnh", en="Province")),
                      Code(value="district", title=Text(vi="Huyện", en="District")),
                      Code(value="commune", title=Text(vi="Xã", en="Commune")))),
        Column(name="type_vi", type="text", title=Text(vi="Loại", en="Type"), checks=(NotNull(),)),
        Column(name="name", type="text", title=Text(vi="Tên", en="Name"), checks=(NotNull(),)),
        Column(name="parent_code", type="text", title=Text(vi="Mã đơn vị cấp trên", en="Parent code")),
        Column(name="population", type="integer", title=Text(vi="Dân số", en="Population"), unit="người",
               checks=(Range(low=1, high=20_000_000, flag=True),)),
        Column(name="area_km2", type="number", title=Text(vi="Diện tích", en="Area"), unit="km2", decimals=2,
               checks=(Range(low=0.01, high=30_000, flag=True),)),
    ),
    time_column="valid_from",
    source=Source(reader="vector", pattern="admin_unit*.gpkg"),
    overlay=Overlay(kind="units", group=Text(vi="Nền", en="Base"), label="name", shown=True, order=1),
)  # fmt: skip
