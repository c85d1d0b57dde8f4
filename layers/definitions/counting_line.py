"""Lines in the picture of a camera at which software counts what passes."""

from layers.model import Column, Geometry, Layer, NotNull, Overlay, Range, Source, Text

LAYER = Layer(
    id="counting_line",
    title=Text(vi="Vạch đếm của camera AI", en="Counting lines of AI cameras"),
    description=Text(
        vi="Nơi phần mềm đếm phương tiện và người qua hình của camera.",
        en="Where software counts vehicles and people in the picture of a camera.",
    ),
    agency=Text(vi="Trung tâm IOC", en="Operations centre"),
    licence="CC-BY-4.0",
    update_cycle=Text(vi="khi thay đổi", en="on change"),
    kind="feature",
    table="counting_line",
    geometry=Geometry(type="Point", x=("lon", "KINH_DO"), y=("lat", "VI_DO")),
    columns=(
        Column(name="line_code", type="text", key=True, checks=(NotNull(),),
               title=Text(vi="Mã vạch đếm", en="Line code"), source=("MA_VACH",)),
        Column(name="name", type="text", checks=(NotNull(),), title=Text(vi="Tên", en="Name"), source=("TEN_VACH",)),
        Column(name="camera_code", type="text", title=Text(vi="Camera", en="Camera"), source=("MA_CAMERA",)),
        Column(name="heading", type="number", unit="°", title=Text(vi="Hướng đếm", en="Counted direction"),
               source=("HUONG",), checks=(Range(low=0, high=360),)),
    ),
    source=Source(pattern="counting_line*.csv"),
    overlay=Overlay(kind="none", group=Text(vi="Giám sát", en="Surveillance"), colour="#08519c", label="name", icon="⟷",
                    order=44),
)  # fmt: skip
