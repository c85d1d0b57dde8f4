"""Teaching copy of a layer definition: `geoioc layers new ID` starts from it. Files that begin with _ are not layers.

A definition holds literals only: no functions, loops, conditions, SQL or secrets. Unknown keys are refused at import.
After the file comes `geoioc db migrate` (the table, from the migration that `layers new` wrote), then
`geoioc ingest run ID FILE`; the OGC collection and the map overlay follow from this file alone.
"""

from layers.model import Code, Column, Geometry, Layer, NotNull, OneOf, Overlay, Range, Source, Text

LAYER = Layer(
    id="_template",  # = file name; also the id of the OGC collection
    title=Text(vi="Lớp dữ liệu mẫu", en="Example layer"),
    description=Text(vi="Mỗi dòng là một điểm.", en="One row per point."),
    agency=Text(vi="Sở Xây dựng", en="Department of Construction"),
    licence="CC-BY-4.0",
    update_cycle=Text(vi="hằng tháng", en="monthly"),
    access="public",  # "internal" is never served by the public feed
    kind="feature",
    table="template",
    # Tables without a geometry column name their easting/longitude and northing/latitude columns here.
    geometry=Geometry(type="Point", x=("lon", "Kinh độ"), y=("lat", "Vĩ độ"), crs=4326),
    columns=(
        Column(name="code", type="text", title=Text(vi="Mã", en="Code"), source=("MA",), key=True,
               checks=(NotNull(),)),
        Column(name="name", type="text", title=Text(vi="Tên", en="Name"), source=("TEN",)),
        Column(name="state", type="text", title=Text(vi="Trạng thái", en="State"), checks=(OneOf(),),
               codes=(Code(value="on", title=Text(vi="Đang hoạt động", en="Working"), colour="#1b9e77"),
                      Code(value="off", title=Text(vi="Ngừng", en="Out of service"), colour="#7f7f7f"))),
        Column(name="capacity", type="integer", title=Text(vi="Công suất", en="Capacity"), unit="m3/d",
               checks=(Range(low=0, high=1_000_000),)),
        # private=True moves a column to <table>_private, which the public role cannot read.
    ),
    source=Source(pattern="example*.csv"),
    overlay=Overlay(kind="points", group=Text(vi="Khác", en="Other"), style_by="state", label="name"),
)  # fmt: skip
