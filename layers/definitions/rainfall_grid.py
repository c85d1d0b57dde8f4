"""Daily rainfall on a grid."""

from layers.model import Grid, Layer, Overlay, Source, Text

LAYER = Layer(
    id="rainfall_grid",
    title=Text(vi="Lưới mưa ngày", en="Daily rainfall grid"),
    description=Text(vi="Lượng mưa ngày theo ô lưới.", en="Daily rainfall by grid cell."),
    agency=Text(vi="Đài Khí tượng Thủy văn", en="Hydrometeorological station"),
    licence="CC-BY-4.0",
    update_cycle=Text(vi="hằng ngày", en="daily"),
    kind="grid",
    grid=Grid(variable="rain", title=Text(vi="Lượng mưa", en="Rainfall"), unit="mm", zonal="mean", time="day", low=0,
              high=1500),
    source=Source(reader="netcdf", pattern="rainfall*.nc"),
    overlay=Overlay(kind="grid", group=Text(vi="Lưới", en="Grids"), colour="#2171b5", order=61),
)  # fmt: skip
