"""What passed a counting line. A count that did not come is missing, never zero."""

from layers.model import Layer, Overlay, Parameter, Range, Series, Source, Text

LAYER = Layer(
    id="counting_observation",
    title=Text(vi="Lưu lượng đếm bằng camera AI", en="Counts of AI cameras"),
    description=Text(
        vi="Số phương tiện và người qua vạch đếm mỗi 5 phút, cộng thành giờ; nhãn giờ là cuối khoảng.",
        en="Vehicles and people over the line every 5 minutes, added up to hours; the label ends the interval.",
    ),
    agency=Text(vi="Trung tâm IOC", en="Operations centre"),
    licence="CC-BY-4.0",
    update_cycle=Text(vi="5 phút", en="5 minutes"),
    kind="observation",
    series=Series(
        station_layer="counting_line",
        station=("MA_VACH", "line"),
        time=("THOI_GIAN", "time"),
        parameter=("LOAI", "class"),
        value=("SO_LUONG", "count"),
        parameters=(
            Parameter(name="cars", title=Text(vi="Ô tô", en="Cars"), unit="xe", decimals=0, how="sum",
                      aliases=("O_TO", "car"), checks=(Range(low=0, high=20000),),
                      breaks=(100, 300, 600, 1200, 2400)),
            Parameter(name="motorbikes", title=Text(vi="Xe máy", en="Motorbikes"), unit="xe", decimals=0, how="sum",
                      aliases=("XE_MAY", "motorbike"), checks=(Range(low=0, high=40000),),
                      breaks=(200, 600, 1200, 2400, 4800)),
            Parameter(name="people", title=Text(vi="Người đi bộ", en="Pedestrians"), unit="người", decimals=0,
                      how="sum", aliases=("NGUOI", "person"), checks=(Range(low=0, high=40000),),
                      breaks=(50, 100, 200, 400, 800)),
        ),
    ),
    source=Source(pattern="counting_observation*.csv*"),
    overlay=Overlay(kind="badges", group=Text(vi="Giám sát", en="Surveillance"), colour="#08519c", icon="⟷", order=46),
)  # fmt: skip
