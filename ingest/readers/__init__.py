"""One module per family of file formats; ``choose_reader`` says which."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ingest.options import ReaderName
from ingest.readers.base import Reader
from ingest.readers.excel import read_excel
from ingest.readers.logger import holds_logger_files, is_logger_file, read_logger
from ingest.readers.text import read_text
from ingest.readers.vector import read_geoparquet, read_vector
from spatial.errors import SourceUnreadable

TABLE_READERS: dict[str, Reader] = {
    "csv": read_text,
    "excel": read_excel,
    "vector": read_vector,
    "geoparquet": read_geoparquet,
    "logger": read_logger,
}
PACKED = (".gz", ".bz2", ".xz")
TEXT = (".csv", ".tsv", ".txt", ".tab")
WORKBOOK = (".xlsx", ".xls", ".xlsb", ".xlsm", ".ods")
RASTER = (".tif", ".tiff")
NETCDF = (".nc", ".nc4", ".cdf")


def _suffix(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def detect_reader(path: Path) -> ReaderName:
    """The reader that fits a file, from its first bytes and then its name.

    :raises SourceUnreadable: when the file is missing or empty.
    """
    if path.is_dir():
        return "logger" if holds_logger_files(path) else "vector"
    try:
        with path.open("rb") as file:
            magic = file.read(8)
    except OSError as error:
        raise SourceUnreadable(f"{path} cannot be read: {error.strerror}.") from None
    if not magic:
        raise SourceUnreadable(f"{path.name} is empty.")
    if is_logger_file(path):
        return "logger"
    suffix = _suffix(path)
    if magic.startswith(b"PAR1"):
        return "geoparquet"
    if magic[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+") or suffix in RASTER:
        return "geotiff"
    if suffix in NETCDF or magic.startswith((b"CDF\x01", b"CDF\x02", b"CDF\x05")):
        return "netcdf"
    if suffix in WORKBOOK:
        return "excel"
    if suffix in TEXT:
        return "csv"
    if suffix == ".zip" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
        return "csv" if len(names) == 1 and _suffix(Path(names[0])) in TEXT else "vector"
    return "vector"


def choose_reader(path: Path, asked: ReaderName) -> ReaderName:
    """The reader asked for, else the one that fits. The layer's own ``reader`` is what its agency usually sends, so a
    file that plainly is something else is read as what it is.

    :raises SourceUnreadable: when the file is missing or empty.
    """
    found = detect_reader(path)
    return found if asked == "auto" else asked
