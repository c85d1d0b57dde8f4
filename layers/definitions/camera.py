"""Cameras with heading and state; stream addresses are private."""

from layers.model import Code, Column, Geometry, Layer, NotNull, OneOf, Overlay, Range, Source, Text

LAYER = Layer(
    id="camera",
    title=Text(vi="Camera giám sát", en="Cameras"),
    description=Text(
        vi="Vị trí, hướng nhìn, lĩnh vực và trạng thái của camera.", en="Position, heading, sector and state of cameras."
    ),
    agency=Text(vi="Trung tâm IOC", en="Operations centre"),
    licence="CC-BY-4.0",
    update_cycle=Text(vi="hằng ngày", en="daily"),
    kind="feature",
    table="camera",
    geometry=Geometry(type="Point", x=("lon", "longitude", "KINH_DO"), y=("lat", "latitude", "VI_DO")),
    columns=(
        Column(name="camera_code", type="text", key=True, checks=(NotNull(),),
               title=Text(vi="Mã camera", en="Camera code"), source=("MA_CAMERA", "code")),
        Column(name="name", type="text", title=Text(vi="Tên", en="Name"), source=("TEN",)),
        Column(name="sector", type="text", title=Text(vi="Lĩnh vực", en="Sector"), source=("LINH_VUC",),
               checks=(OneOf(),),
               codes=(Code(value="traffic", title=Text(vi="Giao thông", en="Traffic"), colour="#ff7f00"),
                      Code(value="order", title=Text(vi="An ninh trật tự", en="Public order"), colour="#6a3d9a"),
                      Code(value="environment", title=Text(vi="Môi trường", en="Environment"), colour="#33a02c"),
                      Code(value="services", title=Text(vi="Dịch vụ công", en="Public services"), colour="#1f78b4"))),
        Column(name="heading", type="number", unit="°", title=Text(vi="Hướng nhìn", en="Heading"), source=("HUONG",),
               checks=(Range(low=0, high=360),)),
        Column(name="field_of_view", type="number", unit="°", title=Text(vi="Góc mở", en="Field of view"),
               source=("GOC_MO",), checks=(Range(low=1, high=360),)),
        Column(name="reach", type="number", unit="m", title=Text(vi="Tầm nhìn", en="Reach"), source=("TAM_NHIN",),
               checks=(Range(low=1, high=5000),)),
        Column(name="state", type="text", title=Text(vi="Trạng thái", en="State"),
               source=("TRANG_THAI", "last_poll_status"), checks=(OneOf(),),
               codes=(Code(value="online", title=Text(vi="Đang hoạt động", en="Online"), colour="#1b9e77"),
                      Code(value="offline", title=Text(vi="Mất kết nối", en="Offline"), colour="#d95f02"))),
        Column(name="last_seen", type="datetime", title=Text(vi="Hình cuối lúc", en="Last frame"),
               source=("LAN_CUOI", "updated_at")),
        Column(name="stream_url", type="text", private=True, title=Text(vi="Địa chỉ luồng", en="Stream address"),
               source=("URL",)),
    ),
    source=Source(pattern="camera*.csv"),
    overlay=Overlay(kind="clusters", group=Text(vi="Giám sát", en="Surveillance"), colour="#ff7f00", style_by="state",
                    label="name", icon="◉", order=40),
)  # fmt: skip
