"""Water monitoring stations."""

from layers.model import Code, Column, Geometry, Layer, NotNull, OneOf, Overlay, Source, Text

LAYER = Layer(
    id="water_station",
    title=Text(vi="Trạm quan trắc nước mặt", en="Water monitoring stations"),
    description=Text(vi="Trạm tự động đo nước mặt, theo sông và thứ tự từ thượng lưu.", en="Automatic surface water stations, by river and order from upstream."),
    agency=Text(vi="Sở Nông nghiệp và Môi trường", en="Department of Agriculture and Environment"),
    legal_basis="TT 10/2021/TT-BTNMT",
    licence="CC-BY-4.0",
    update_cycle=Text(vi="khi thay đổi", en="on change"),
    kind="feature",
    table="water_station",
    geometry=Geometry(type="Point", x=("lon", "longitude", "KINH_DO"), y=("lat", "latitude", "VI_DO")),
    columns=(
        Column(name="station_code", type="text", key=True, checks=(NotNull(),),
               title=Text(vi="Mã trạm", en="Station code"), source=("MA_TRAM", "station_id", "id")),
        Column(name="name", type="text", title=Text(vi="Tên trạm", en="Name"), source=("TEN_TRAM", "station_name")),
        Column(name="station_class", type="text", title=Text(vi="Loại trạm", en="Class"), source=("LOAI_TRAM", "type"),
               checks=(OneOf(),),
               codes=(Code(value="standard", title=Text(vi="Trạm chuẩn", en="Standard"), colour="#1b7837"),
                      Code(value="reference", title=Text(vi="Cảm biến tham khảo", en="Reference only"),
                           colour="#9970ab"))),
        Column(name="river", type="text", title=Text(vi="Sông, hồ", en="River or lake"), source=("SONG",)),
        Column(name="water_body", type="text", title=Text(vi="Loại thủy vực", en="Water body"), source=("THUY_VUC",),
               checks=(OneOf(),),
               codes=(Code(value="river", title=Text(vi="Sông, suối, kênh, rạch", en="River, stream, canal")),
                      Code(value="lake", title=Text(vi="Hồ, ao, đầm", en="Lake, pond, lagoon")))),
        Column(name="river_order", type="integer", title=Text(vi="Thứ tự từ thượng lưu", en="Order from upstream"),
               source=("THU_TU",)),
        Column(name="operator", type="text", title=Text(vi="Đơn vị vận hành", en="Operator"), source=("VAN_HANH",)),
        Column(name="installed_on", type="date", title=Text(vi="Ngày lắp đặt", en="Installed on"),
               source=("NGAY_LAP",)),
    ),
    source=Source(pattern="water_station*.csv"),
    overlay=Overlay(kind="points", group=Text(vi="Môi trường", en="Environment"), colour="#2c7fb8",
                    style_by="station_class", label="name", icon="▲", order=22),
)  # fmt: skip
