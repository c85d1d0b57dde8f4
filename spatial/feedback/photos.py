"""Photos: drawn anew without EXIF (place and device stay with the citizen), stored by the hash of their bytes."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import Connection, text

from spatial.errors import ReportRefused
from spatial.feedback.rules import regulation
from spatial.settings import data_settings

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 60_000_000  # what a picture may unfold to: a small file can hold a bomb
QUALITY = 82


@dataclass(frozen=True)
class Photo:
    """A photo as it is stored."""

    sha256: str
    width: int
    height: int
    data: bytes


def photo_path(sha256: str) -> Path:
    """Where a photo lies: data/photos/<sha256>.jpg."""
    return data_settings().root / "photos" / f"{sha256}.jpg"


def draw_anew(data: bytes) -> Photo:
    """The picture turned upright, made small, as JPEG without any metadata.

    :raises ReportRefused: when it is too large or no picture.
    """
    rule = regulation().photos
    if len(data) > rule.megabytes * 1_000_000:
        raise ReportRefused(f"Ảnh lớn hơn {rule.megabytes:g} MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            source = Image.open(io.BytesIO(data), formats=FORMATS)
            if source.width * source.height > MOST_PIXELS:
                raise ReportRefused(f"Ảnh quá lớn: {source.width} x {source.height} điểm ảnh.")
            upright = ImageOps.exif_transpose(source)
            flat = Image.new("RGB", upright.size, "white")  # nothing of the source's metadata comes along
            flat.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise ReportRefused("Tệp gửi kèm không phải là ảnh JPEG, PNG hoặc WebP đọc được.") from None
    flat.thumbnail((rule.pixels, rule.pixels))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Photo(hashlib.sha256(out.getvalue()).hexdigest(), flat.width, flat.height, out.getvalue())


def prepare(images: Sequence[bytes]) -> list[Photo]:
    """All photos of a report or an answer, drawn anew.

    :raises ReportRefused: when there are too many, or one cannot be taken.
    """
    most = regulation().photos.most
    if len(images) > most:
        raise ReportRefused(f"Nhiều nhất {most} ảnh.")
    return [draw_anew(image) for image in images]


def add_photos(
    conn: Connection,
    *,
    key: str,
    kind: Literal["report", "result"],
    actor: str,
    photos: Sequence[Photo],
    now: datetime,
) -> None:
    """Store photos of a case; nobody but staff sees them until one says they show no face and no number plate."""
    for photo in photos:
        _write(photo)
        conn.execute(
            text(
                "INSERT INTO core.feedback_photo (key, kind, sha256, width, height, actor, created_at)"
                " VALUES (:key, :kind, :sha256, :width, :height, :actor, :now)"
            ),
            {"key": key, "kind": kind, "sha256": photo.sha256, "width": photo.width, "height": photo.height,
             "actor": actor, "now": now},
        )  # fmt: skip


def publish_photo(conn: Connection, *, photo_id: int, public: bool) -> None:
    """Say whether a photo may be seen by everybody."""
    conn.execute(
        text("UPDATE core.feedback_photo SET public = :public WHERE id = :id"), {"public": public, "id": photo_id}
    )


def _write(photo: Photo) -> None:
    """All of the file or nothing, under its name."""
    path = photo_path(photo.sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(photo.data)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
