"""Road junctions and level crossings: where accidents happen, and what cameras should see."""

from layers.model import Code, Column, Geometry, Layer, NotNull, OneOf, Overlay, Source, Text

LAYER = Layer(
    id="crossing",
    title=Text(vi="Nút giao, đường ngang", en="Junctions, level crossings"),
    description=Text(
        vi="Nút giao thông chính và đường ngang đường sắt cần được camera quan sát.",
        en="Main road junctions and level crossings that cameras should see.",
    ),
    agency=Text(vi="Sở Xây dựng", en="Department of Construction"),
    licence="CC-BY-4.0",
    update_cycle=Text(vi="hằng năm", en="yearly"),
    kind="feature",
    table="crossing",
    geometry=Geometry(type="Point", x=("lon", "KINH_DO"), y=("lat", "VI_DO")),
    columns=(
        Column(name="crossing_code", type="text", key=True, checks=(NotNull(),),
               title=Text(vi="Mã nút", en="Crossing code"), source=("MA_NUT",)),
        Column(name="name", type="text", checks=(NotNull(),), title=Text(vi="Tên nút", en="Name"), source=("TEN_NUT",)),
        Column(name="kind", type="text", title=Text(vi="Loại", en="Kind"), source=("LOAI",), checks=(OneOf(),),
               codes=(Code(value="junction", title=Text(vi="Nút giao", en="Junction"), colour="#525252"),
                      Code(value="level_crossing", title=Text(vi="Đường ngang đường sắt", en="Level crossing"),
                           colour="#b2182b"))),
    ),
    source=Source(pattern="crossing*.csv"),
    overlay=Overlay(kind="clusters", group=Text(vi="Giám sát", en="Surveillance"), colour="#525252", style_by="kind",
                    label="name", icon="✛", order=42),
)  # fmt: skip
