"""Pictures for the sample's cameras, with the time in them and plainly synthetic; mounted below /sample-camera."""

from __future__ import annotations

import io
import re
from datetime import datetime

from PIL import Image, ImageDraw, ImageFont
from werkzeug.wrappers import Request, Response

from spatial.settings import LOCAL_ZONE

FROZEN, AWAY = "CAM0005", "CAM0009"  # one repeats a picture, one does not answer
SIZE = (640, 360)


@Request.application
def application(request: Request) -> Response:
    """``/<code>.jpg``: what the camera sees now; 404 for anything else."""
    found = re.fullmatch(r"/(CAM\d{4})\.jpg", request.path)
    if found is None:
        return Response("Sample cameras: /CAM0001.jpg\n", status=200 if request.path == "/" else 404)
    if found[1] == AWAY:
        return Response("The sample camera is away on purpose.\n", status=503)
    now = datetime(2026, 1, 1, 7, tzinfo=LOCAL_ZONE) if found[1] == FROZEN else datetime.now(LOCAL_ZONE)
    return Response(draw(found[1], now), mimetype="image/jpeg", headers={"Cache-Control": "no-store"})


def draw(code: str, now: datetime) -> bytes:
    """A street with cars whose place depends on the second; JPEG."""
    night = now.hour < 6 or now.hour >= 18
    picture = Image.new("RGB", SIZE, (24, 30, 46) if night else (150, 185, 215))
    pen = ImageDraw.Draw(picture)
    pen.polygon([(0, 360), (640, 360), (400, 150), (240, 150)], fill=(60, 62, 66))
    for step in range(6):
        pen.line([(320, 360 - step * 38), (320, 340 - step * 38)], fill=(235, 235, 220), width=max(1, 6 - step))
    seconds = now.second + 60 * now.minute
    for car in range(5):
        depth = ((seconds * (3 + car) + 71 * car) % 200) / 200
        width, y = 16 + 60 * depth, 160 + 180 * depth
        x = 320 + (1 if car % 2 else -1) * (25 + 130 * depth)
        pen.rectangle([x - width / 2, y - width / 3, x + width / 2, y], fill=(170, 40 + 30 * car, 50))
    words = ImageFont.load_default(size=18)
    pen.text((12, 10), f"{code}  {now:%d/%m/%Y %H:%M:%S}", fill="white", font=words)
    pen.text((12, 332), "MAU TONG HOP - SYNTHETIC", fill=(255, 214, 0), font=words)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
