"""Does a camera answer, and with what picture: HTTP snapshot, MJPEG or RTSP.

Addresses come from the inventory and lie in the cameras' own network. Nothing but a picture is taken from them: what
does not decode as one is refused, and no redirect is followed.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

import av
from av.error import FFmpegError
from PIL import Image, UnidentifiedImageError

BIGGEST = 12 * 2**20  # bytes of a picture
WIDEST = 1280  # pixels of what is kept
SCHEMES = ("http", "https", "rtsp", "rtsps")


@dataclass(frozen=True, slots=True)
class Probe:
    """What one attempt found. ``reason`` says why no picture came; None when one did.

    Reasons: bad_address, refused, unreachable, timeout, login, http_status, not_a_picture, too_big.
    """

    reason: str | None
    latency_ms: int
    picture: bytes | None = None  # JPEG as it is kept
    digest: str | None = None  # of the picture as it came: a frozen camera repeats it

    @property
    def ok(self) -> bool:
        """A picture came."""
        return self.reason is None


class _NoPicture(Exception):
    """Carries the reason."""


def probe(address: str, *, timeout: float) -> Probe:
    """Ask a camera for one picture; never raises for what a camera or a network can do."""
    started = time.monotonic()
    try:
        raw = _fetch(address, timeout)
        picture = _as_jpeg(raw)
        reason = None
    except _NoPicture as error:
        raw, picture, reason = b"", None, str(error)
    except TimeoutError:
        raw, picture, reason = b"", None, "timeout"
    except (ConnectionError, http.client.HTTPException, ssl.SSLError, OSError) as error:
        raw, picture, reason = b"", None, "refused" if isinstance(error, ConnectionRefusedError) else "unreachable"
    took = round((time.monotonic() - started) * 1000)
    return Probe(reason, took, picture, hashlib.sha256(raw).hexdigest() if picture else None)


def _fetch(address: str, timeout: float) -> bytes:
    try:
        parts = urlsplit(address)
        known = parts.scheme in SCHEMES and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    if not known:
        raise _NoPicture("bad_address")
    return _http_picture(parts, timeout) if parts.scheme in ("http", "https") else _stream_picture(address, timeout)


def _http_picture(parts: SplitResult, timeout: float) -> bytes:
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    with closing(kind(parts.hostname or "", parts.port, timeout=timeout)) as connection:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers={"Accept": "image/*, multipart/x-mixed-replace", **_login(parts)})
        answer = connection.getresponse()
        if answer.status in (401, 403):
            raise _NoPicture("login")
        if answer.status != 200:
            raise _NoPicture("http_status")
        if answer.headers.get_content_type() == "multipart/x-mixed-replace":
            return _first_part(answer, time.monotonic() + timeout)
        return _limited(answer.read(BIGGEST + 1))


def _first_part(answer: http.client.HTTPResponse, until: float) -> bytes:
    """First JPEG of an MJPEG stream: from its start mark to its end mark."""
    data = bytearray()
    while len(data) <= BIGGEST:
        if time.monotonic() > until:
            raise TimeoutError
        chunk = answer.read1(65536)
        if not chunk:
            break
        data += chunk
        begin = data.find(b"\xff\xd8")
        end = data.find(b"\xff\xd9", begin) if begin >= 0 else -1
        if end > 0:
            return bytes(data[begin : end + 2])
    raise _NoPicture("not_a_picture")


def _login(parts: SplitResult) -> dict[str, str]:
    if parts.username is None:
        return {}
    named = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": f"Basic {b64encode(named.encode()).decode()}"}


def _stream_picture(address: str, timeout: float) -> bytes:
    """First picture of an RTSP stream, as PNG so that equal pictures have equal bytes."""
    with _stream_errors():
        options = {"rtsp_transport": "tcp", "stimeout": str(int(timeout * 1e6)), "timeout": str(int(timeout * 1e6))}
        with av.open(address, options=options, timeout=timeout) as stream:
            if not stream.streams.video:
                raise _NoPicture("not_a_picture")
            for frame in stream.decode(stream.streams.video[0]):
                out = io.BytesIO()
                frame.to_image().save(out, "PNG", compress_level=1)
                return out.getvalue()
    raise _NoPicture("not_a_picture")


@contextmanager
def _stream_errors() -> Iterator[None]:
    try:
        yield
    except (av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError):
        raise _NoPicture("login") from None
    except (av.error.HTTPError, av.error.HTTPClientError):
        raise _NoPicture("http_status") from None
    except (av.error.ExitError, av.error.TimeoutError):
        raise TimeoutError from None
    except FFmpegError as error:
        if isinstance(error, OSError):  # refused, no route, no such name: the network's own words
            raise
        raise _NoPicture("not_a_picture") from None


def _limited(data: bytes) -> bytes:
    if len(data) > BIGGEST:
        raise _NoPicture("too_big")
    return data


def _as_jpeg(data: bytes) -> bytes:
    """A picture of at most WIDEST pixels without anything but pixels; refuses what is none."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > 80_000_000:
                raise _NoPicture("too_big")
            shown = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise _NoPicture("not_a_picture") from None
    shown.thumbnail((WIDEST, WIDEST))
    out = io.BytesIO()
    shown.save(out, "JPEG", quality=82)
    return out.getvalue()
