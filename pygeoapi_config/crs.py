"""The coordinate reference systems the feeds speak, as the URIs clients send."""

from __future__ import annotations

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"

# WGS 84 with latitude first, then VN-2000: geographic, UTM 48N and 49N, and every TM-3 meridian a province uses
# (west to east). Datum shift: EPSG:6960, pinned in the database.
EPSG_CODES = (
    4326, 4756, 3405, 3406, 9205, 9206, 9207, 9208, 5897, 9209, 9210, 9211, 9212, 9213, 9214, 9215, 9216, 5899, 5898,
    9217, 9218, 3857,
)  # fmt: skip

URIS = (CRS84, *(f"{EPSG}{code}" for code in EPSG_CODES))


def srid_of(uri: str | None) -> int | None:
    """EPSG code of a CRS; None for CRS84, the default.

    :raises ValueError: naming the ones offered.
    """
    if uri is None or uri == CRS84:
        return None
    if uri not in URIS:
        codes = ", ".join(str(code) for code in EPSG_CODES)
        raise ValueError(f"CRS {uri!r} is not offered here; offered are {CRS84} and {EPSG} with: {codes}.")
    return int(uri.rsplit("/", 1)[1])
