"""Lines people copy to get a collection into QGIS, a shell, Python or R; the ones for a shell are run by a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil, floor

from layers.model import Layer, Text
from layers.registry import registry
from spatial.settings import LOCAL_ZONE

PAGE = 1000  # features in one file fetched with curl
DAYS_BACK = 2  # how far back the example of a series begins
SIDES = (floor, floor, ceil, ceil)  # west, south, east, north


@dataclass(frozen=True)
class Recipe:
    """One way: for which tool, what it does, steps in words, and the lines."""

    tool: str
    title: Text
    lines: str
    steps: tuple[Text, ...] = field(default=())


def recipes(collection: str, base: str, box: Sequence[float], tiled: bool = False) -> list[Recipe]:
    """Ways to get a collection. ``base``: address of the feeds; ``box``: west, south, east, north (CRS84)."""
    layer = registry()[collection.removesuffix("_map")]
    match layer.kind:
        case "observation":
            return _series(layer, collection, base, box)
        case "grid":
            return _grid(layer, collection, base)
        case _:
            return [*_features(collection, base), *([_tiles(collection, base)] if tiled else [])]


def _features(collection: str, base: str) -> list[Recipe]:
    items = f"{base}/collections/{collection}/items"
    return [
        Recipe(
            "QGIS",
            Text(vi="QGIS", en="QGIS"),
            f"{base}/",
            (
                Text(vi="Chọn Lớp › Thêm lớp › Thêm lớp WFS / OGC API - Features, bấm Mới.",
                     en="Choose Layer › Add Layer › Add WFS / OGC API - Features Layer, press New."),
                Text(vi="Đặt tên GeoIOC, dán địa chỉ dưới đây vào ô URL, chọn phiên bản OGC API - Features, bấm OK.",
                     en="Name it GeoIOC, paste the address below as URL, choose version OGC API - Features, press OK."),
                Text(vi="Bấm Kết nối, chọn bộ dữ liệu trong danh sách, bấm Thêm.",
                     en="Press Connect, choose the collection in the list, press Add."),
            ),
        ),
        Recipe("curl", Text(vi="Tải một trang GeoJSON", en="One page as GeoJSON"),
               f'curl -f -o {collection}.geojson "{items}?f=json&limit={PAGE}"'),
        Recipe("curl", Text(vi="Tải một trang CSV (mở bằng Excel)", en="One page as CSV (for spreadsheets)"),
               f'curl -f -o {collection}.csv "{items}?f=csv&limit={PAGE}"'),
        Recipe("ogr2ogr", Text(vi="Cả bộ vào tệp GeoPackage (GDAL)", en="All of it into a GeoPackage (GDAL)"),
               f"ogr2ogr -f GPKG {collection}.gpkg OAPIF:{base} {collection}"),
        Recipe("Python", Text(vi="Python: GeoPandas", en="Python: GeoPandas"),
               f'import geopandas\n\n{collection} = geopandas.read_file("OAPIF:{base}", layer="{collection}")'),
        Recipe("Python", Text(vi="Python: OWSLib", en="Python: OWSLib"),
               "from owslib.ogcapi.features import Features\n\n"
               f'feeds = Features("{base}/")\npage = feeds.collection_items("{collection}", limit={PAGE})'),
        Recipe("R", Text(vi="R: sf", en="R: sf"),
               f'library(sf)\n\n{collection} <- st_read("OAPIF:{base}", layer = "{collection}")'),
    ]  # fmt: skip


def _tiles(collection: str, base: str) -> Recipe:
    return Recipe(
        "QGIS",
        Text(vi="QGIS: ô véc-tơ, cho bộ dữ liệu lớn", en="QGIS: vector tiles, for large collections"),
        f"{base}/collections/{collection}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}?f=mvt",
        (
            Text(vi="Chọn Lớp › Thêm lớp › Thêm lớp ô véc-tơ › Mới › Kết nối chung mới, dán địa chỉ dưới đây.",
                 en="Choose Layer › Add Layer › Add Vector Tile Layer › New › New Generic Connection, paste this address."),  # noqa: E501
        ),
    )  # fmt: skip


def _series(layer: Layer, collection: str, base: str, box: Sequence[float]) -> list[Recipe]:
    assert layer.series is not None
    parameter = layer.series.parameters[0]
    # Of samples taken once a month the last one may be late, and the one before it is what there is.
    back = timedelta(hours=2 * layer.series.late_after_hours) if layer.series.sampled else timedelta(days=DAYS_BACK)
    since = (datetime.now(LOCAL_ZONE) - back).date().isoformat()
    path = f"{base}/collections/{collection}"
    # Rounded outwards: the outermost stations stand on the box.
    corners = ",".join(f"{side(value * 1000) / 1000:.7g}" for side, value in zip(SIDES, box, strict=True))
    table = f"{path}/cube?f=csv&parameter-name={parameter.name}&datetime={since}/..&bbox={corners}"
    title = Text(
        vi=f"{parameter.title.vi}, mọi trạm, từ {since[8:]}/{since[5:7]}/{since[:4]}",
        en=f"{parameter.title.en}, all stations, since {since[8:]}/{since[5:7]}/{since[:4]}",
    )
    return [
        Recipe("QGIS", Text(vi="QGIS: vị trí các trạm", en="QGIS: where the stations are"), f"{base}/", (
            Text(vi="Thêm kết nối OGC API - Features bằng địa chỉ dưới đây, chọn lớp các trạm, bấm Thêm.",
                 en="Add an OGC API - Features connection with the address below, choose the stations, press Add."),
            Text(vi="Số liệu đo: tải CSV theo dòng curl bên dưới rồi kéo tệp vào QGIS.",
                 en="Measurements: fetch the CSV with the curl line below and drag the file into QGIS."),
        )),
        Recipe("curl", title, f'curl -f -o {collection}.csv "{table}"'),
        Recipe("curl", Text(vi="Danh sách trạm (GeoJSON)", en="List of stations (GeoJSON)"),
               f'curl -f -o {layer.series.station_layer}.geojson "{path}/locations?f=json"'),
        Recipe("ogr2ogr", Text(vi="Các trạm vào tệp GeoPackage (GDAL)", en="Stations into a GeoPackage (GDAL)"),
               f'ogr2ogr -f GPKG {layer.series.station_layer}.gpkg "{path}/locations?f=json"'),
        Recipe("Python", Text(vi="Python: pandas", en="Python: pandas"),
               f'import pandas\n\n{collection} = pandas.read_csv("{table}")'),
        Recipe("R", Text(vi="R", en="R"), f'{collection} <- read.csv("{table}")'),
    ]  # fmt: skip


def _grid(layer: Layer, collection: str, base: str) -> list[Recipe]:
    assert layer.grid is not None
    since = (datetime.now(LOCAL_ZONE) - timedelta(days=DAYS_BACK * 4)).date().isoformat()
    when = f"&datetime={since}/.." if layer.grid.time == "day" else ""
    address = f"{base}/collections/{collection}/coverage"
    return [
        Recipe("QGIS", Text(vi="QGIS", en="QGIS"), f"{address}?f=GTiff{when}", (
            Text(vi="Mở địa chỉ dưới đây trong trình duyệt để tải tệp GeoTIFF.",
                 en="Open the address below in a browser to fetch the GeoTIFF."),
            Text(vi="Kéo tệp vào cửa sổ QGIS; mỗi ngày là một kênh.",
                 en="Drag the file into the QGIS window; each day is a band."),
        )),
        Recipe("curl", Text(vi="GeoTIFF", en="GeoTIFF"), f'curl -f -o {collection}.tif "{address}?f=GTiff{when}"'),
        Recipe("curl", Text(vi="CoverageJSON", en="CoverageJSON"),
               f'curl -f -o {collection}.covjson "{address}?f=json{when}"'),
        Recipe("Python", Text(vi="Python: rasterio, sau khi tải GeoTIFF", en="Python: rasterio, after fetching the GeoTIFF"),  # noqa: E501
               f'import rasterio\n\nwith rasterio.open("{collection}.tif") as grid:\n    values = grid.read(masked=True)'),  # noqa: E501
        Recipe("R", Text(vi="R: terra, sau khi tải GeoTIFF", en="R: terra, after fetching the GeoTIFF"),
               f'library(terra)\n\n{collection} <- rast("{collection}.tif")'),
    ]  # fmt: skip
