"""Schools with pupils and classes."""

from layers.model import Code, Column, Geometry, Layer, NotNull, OneOf, Overlay, Range, Source, Text

LAYER = Layer(
    id="school",
    title=Text(vi="Trường học", en="Schools"),
    description=Text(vi="Cơ sở giáo dục: cấp học, số lớp, số học sinh.", en="Schools: stage, classes, pupils."),
    agency=Text(vi="Sở Giáo dục và Đào tạo", en="Department of Education and Training"),
    licence="CC-BY-4.0",
    update_cycle=Text(vi="mỗi học kỳ", en="every term"),
    kind="feature",
    table="school",
    geometry=Geometry(type="Point", x=("lon", "KINH_DO"), y=("lat", "VI_DO")),
    columns=(
        Column(name="school_code", type="text", key=True, checks=(NotNull(),),
               title=Text(vi="Mã trường", en="School code"), source=("MA_TRUONG",)),
        Column(name="name", type="text", checks=(NotNull(),), title=Text(vi="Tên trường", en="Name"),
               source=("TEN_TRUONG",)),
        Column(name="stage", type="text", title=Text(vi="Cấp học", en="Stage"), source=("CAP_HOC",), checks=(OneOf(),),
               codes=(Code(value="kindergarten", title=Text(vi="Mầm non", en="Kindergarten"), colour="#fdb462"),
                      Code(value="primary", title=Text(vi="Tiểu học", en="Primary"), colour="#80b1d3"),
                      Code(value="lower_secondary", title=Text(vi="Trung học cơ sở", en="Lower secondary"),
                           colour="#33a02c"),
                      Code(value="upper_secondary", title=Text(vi="Trung học phổ thông", en="Upper secondary"),
                           colour="#6a3d9a"))),
        Column(name="classes", type="integer", title=Text(vi="Số lớp", en="Classes"), source=("SO_LOP",),
               checks=(Range(low=0, high=200),)),
        Column(name="pupils", type="integer", title=Text(vi="Số học sinh", en="Pupils"), source=("SO_HS",),
               checks=(Range(low=0, high=8000),)),
    ),
    source=Source(reader="excel", pattern="school*.xlsx"),
    overlay=Overlay(kind="clusters", group=Text(vi="Dịch vụ công", en="Services"), colour="#1f78b4", style_by="stage",
                    label="name", icon="🎓", order=30),
)  # fmt: skip
