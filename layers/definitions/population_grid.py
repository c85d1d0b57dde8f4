"""People per cell."""

from layers.model import Grid, Layer, Overlay, Source, Text

LAYER = Layer(
    id="population_grid",
    title=Text(vi="Lưới dân số", en="Population grid"),
    description=Text(vi="Số người trong mỗi ô khoảng 1 km.", en="People per cell of about 1 km."),
    agency=Text(vi="Cục Thống kê", en="Statistics Office"),
    licence="CC-BY-4.0",
    update_cycle=Text(vi="hằng năm", en="yearly"),
    kind="grid",
    grid=Grid(variable="population", title=Text(vi="Dân số", en="People"), unit="người/ô", zonal="sum", time="year", low=0),
    source=Source(reader="geotiff", pattern="population*.tif"),
    overlay=Overlay(kind="grid", group=Text(vi="Lưới", en="Grids"), colour="#cb181d", order=60),
)  # fmt: skip
