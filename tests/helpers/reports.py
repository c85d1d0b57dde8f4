"""What tests of citizen feedback send: a photo as a phone takes it, places inside the mini province, whole reports."""

from __future__ import annotations

import io
import secrets
from typing import Any

from PIL import Image
from sqlalchemy import Connection, text

# A deep pothole; the words name no place, so that only the pin says where.
POTHOLE = "Ổ gà rất sâu giữa đường, trời mưa không thấy, xe máy dễ ngã."
NAME, PHONE, EMAIL = "Nguyễn Văn Bình", "0912345678", "binh@example.vn"


def phone_photo(size: tuple[int, int] = (2400, 1800)) -> bytes:
    """A JPEG with the place and the device in its EXIF, as phones write it."""
    picture = Image.new("RGB", size, "#777")
    picture.paste("#222", (size[0] // 3, size[1] // 3, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[0x010F] = "TESTPHONE"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def commune_points(conn: Connection, *, n: int = 2) -> list[dict[str, Any]]:
    """A point well inside each of some communes of today: lon, lat, key, name, full_name."""
    rows = conn.execute(
        text(
            "SELECT key, name, core.unit_name(type_vi, name) AS full_name, ST_X(point) AS lon, ST_Y(point) AS lat"
            " FROM (SELECT *, ST_PointOnSurface(geom) AS point FROM core.admin_unit WHERE level = 'commune'"
            " AND valid_to IS NULL) AS unit ORDER BY key LIMIT :n"
        ),
        {"n": n},
    )
    # Some metres off: the very middle of a unit is what a map shows when nobody moved the pin.
    return [dict(row) | {"lon": row["lon"] + 0.002, "lat": row["lat"] + 0.001} for row in rows.mappings()]


def form(place: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Fields of the public form, filled in."""
    values = {
        "key": secrets.token_hex(24), "lon": str(place["lon"]), "lat": str(place["lat"]), "category": "infrastructure",
        "content": POTHOLE, "place_text": "", "name": "", "phone": "", "email": "", "consent": "", "agreed": "",
        "website": "",
    }  # fmt: skip
    return values | changes
