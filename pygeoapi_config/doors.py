"""Ask a running server what a client asks first: screens, health, every collection, a tile, a series, a process.

Uses HTTP only and goes where the server's own answers lead, so it can be pointed at any running instance, also from
another machine. An answer counts only when it holds something: a feature, bytes of a tile, values, a report.
"""

from __future__ import annotations

import json
import math
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode

from pygeoapi_config.server import MOUNT
from spatial.errors import GeoIOCError

COLLECTIONS = f"{MOUNT}/collections"
PAGES = ("/", f"{MOUNT}/", f"{MOUNT}/conformance")
TILE_FORMAT = "application/vnd.mapbox-vector-tile"
TILE_SET = "WebMercatorQuad"
WINDOW_DEGREES = 0.1


class DoorClosed(GeoIOCError):
    """A request was refused, failed, or its answer holds nothing."""


@dataclass(frozen=True)
class Door:
    """One request: what it asks for, how long the answer took (seconds), and why it did not open."""

    name: str
    path: str
    seconds: float
    fault: str | None = None


class Visitor:
    """Sends requests to one server and keeps what became of each."""

    def __init__(self, url: str, *, timeout: float = 60.0, tell: Callable[[Door], None] = lambda _door: None) -> None:
        if not url.startswith(("http://", "https://")):
            raise DoorClosed(f"{url} is no address of a server: write it as http://127.0.0.1:8050.")
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.tell = tell
        self.doors: list[Door] = []

    def open[T](self, name: str, path: str, accept: Callable[[bytes, str], T], body: Any = None) -> T | None:
        """What `accept` makes of body and media type; nothing if the door is closed."""
        started = time.monotonic()
        result, fault = None, None
        try:
            result = accept(*self._fetch(path, body))
        except DoorClosed as error:
            fault = str(error)
        door = Door(name, path, time.monotonic() - started, fault)
        self.doors.append(door)
        self.tell(door)
        return result

    def _fetch(self, path: str, body: Any) -> tuple[bytes, str]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        request = urllib.request.Request(self.url + path, data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                return answer.read(), answer.headers.get_content_type()
        except urllib.error.HTTPError as error:
            raise DoorClosed(f"status {error.code}: {_sentence(error.read())}") from None
        except urllib.error.URLError as error:
            raise DoorClosed(f"no answer: {error.reason}") from None
        except (OSError, HTTPException) as error:
            raise DoorClosed(f"no answer: {error or type(error).__name__}") from None


def open_doors(url: str, *, timeout: float = 60.0, tell: Callable[[Door], None] = lambda _door: None) -> list[Door]:
    """Knock at every door of the server at `url` (without ``/ogc``).

    :param timeout: seconds to wait for one answer
    :param tell: called after each request
    :return: all requests in order; those with a `fault` did not open
    :raises DoorClosed: when `url` is not an HTTP address
    """
    visitor = Visitor(url, timeout=timeout, tell=tell)
    visitor.open("health", "/healthz", _healthy)
    for page in PAGES:
        visitor.open(f"page {page}", page, _something)
    found = visitor.open("collections", f"{COLLECTIONS}?f=json", lambda body, _: _filled(body, "collections")) or []
    items = {collection["id"]: _open_collection(visitor, collection) for collection in found}
    for collection in found:
        item = items[collection["id"]]
        if item is not None and any(link["rel"].endswith("tilesets-vector") for link in collection["links"]):
            _open_tile(visitor, collection["id"], item)
        if item is not None and "position" in collection.get("data_queries", {}):
            _open_series(visitor, collection["id"], item)
    if found:
        _open_report(visitor)
    return visitor.doors


def _open_collection(visitor: Visitor, collection: dict[str, Any]) -> dict[str, Any] | None:
    """An item of a collection; of a grid, the values in a window in its middle (there are no items)."""
    name = collection["id"]
    if any(link["rel"].endswith("coverage") for link in collection["links"]):
        box = _middle(collection["extent"]["spatial"]["bbox"][0])
        path = f"{COLLECTIONS}/{name}/coverage?{urlencode({'f': 'json', 'bbox': box})}"
        visitor.open(f"cells of {name}", path, lambda body, _: _values(body))
        return None
    listed = visitor.open(
        f"items of {name}", f"{COLLECTIONS}/{name}/items?f=json&limit=1", lambda body, _: _filled(body, "features")[0]
    )
    if listed is None:
        return None
    key = str(listed["id"])
    path = f"{COLLECTIONS}/{name}/items/{quote(key, safe='')}?f=json"
    return visitor.open(f"item of {name}", path, lambda body, _: _same_item(body, key))


def _open_tile(visitor: Visitor, name: str, item: dict[str, Any]) -> None:
    """The tile that holds the first corner of an item, at the closest zoom there is."""
    path = f"{COLLECTIONS}/{name}/tiles/{TILE_SET}"
    described = visitor.open(f"tiles of {name}", f"{path}/metadata?f=tilejson", lambda body, _: _json(body))
    if described is None:
        return
    zoom, (x, y) = int(described["maxzoom"]), _first_position(item["geometry"]["coordinates"])
    column, row = tile_of(x, y, zoom)
    visitor.open(f"tile of {name}", f"{path}/{zoom}/{row}/{column}?f=mvt", _tile)


def _open_series(visitor: Visitor, name: str, item: dict[str, Any]) -> None:
    x, y = _first_position(item["geometry"]["coordinates"])
    query = urlencode({"f": "json", "coords": f"POINT({x} {y})"})
    visitor.open(f"EDR series of {name}", f"{COLLECTIONS}/{name}/position?{query}", lambda body, _: _values(body))


def _open_report(visitor: Visitor) -> None:
    """The report on the newest province."""
    query = "f=json&level=province&sortby=-valid_from&limit=1&skipGeometry=true"
    province = visitor.open(
        "a province", f"{COLLECTIONS}/admin_unit_map/items?{query}", lambda body, _: _filled(body, "features")[0]
    )
    if province is not None:
        code = province["properties"]["code"]
        path = f"{MOUNT}/processes/unit-report/execution"
        visitor.open("process unit-report", path, lambda body, _: _report(body, code), {"inputs": {"unit": code}})


def tile_of(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    """Column and row of the Web Mercator tile (OGC 17-083r4, WebMercatorQuad) that holds a position in degrees."""
    count = 2**zoom
    y = math.asinh(math.tan(math.radians(latitude))) / math.pi
    return int((longitude + 180) / 360 * count), int((1 - y) / 2 * count)


# ---------------------------------------------------------------- what counts as an answer


def _sentence(body: bytes) -> str:
    """What a refusal says, shortened."""
    try:
        return str(json.loads(body)["description"])[:300]
    except (ValueError, KeyError, TypeError):
        return body[:120].decode(errors="replace").strip() or "nothing said"


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise DoorClosed(f"not JSON: {body[:80].decode(errors='replace')!r}") from None


def _something(body: bytes, _kind: str) -> int:
    if not body.strip():
        raise DoorClosed("an empty answer")
    return len(body)


def _healthy(body: bytes, _kind: str) -> str:
    status = str(_json(body)["status"])
    if status not in ("ok", "degraded"):
        raise DoorClosed(f"the server calls itself {status}")
    return status


def _filled(body: bytes, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _json(body).get(key, [])
    if not found:
        raise DoorClosed(f"no {key}: the layer is empty" if key == "features" else f"no {key}")
    return found


def _same_item(body: bytes, key: str) -> dict[str, Any]:
    item: dict[str, Any] = _json(body)
    if str(item.get("id")) != key:
        raise DoorClosed(f"asked for {key}, got {item.get('id')}")
    return item


def _values(body: bytes) -> int:
    ranges = _json(body).get("ranges", {})
    known = sum(value is not None for item in ranges.values() for value in item["values"])
    if not known:
        raise DoorClosed("not one value")
    return known


def _tile(body: bytes, kind: str) -> int:
    if kind != TILE_FORMAT:
        raise DoorClosed(f"{kind} instead of a vector tile")
    return _something(body, kind)


def _report(body: bytes, code: str) -> str:
    answered = str(_json(body).get("unit", {}).get("code"))
    if answered != code:
        raise DoorClosed(f"asked about {code}, got a report on {answered}")
    return answered


def _first_position(coordinates: Any) -> tuple[float, float]:
    while isinstance(coordinates[0], list):
        coordinates = coordinates[0]
    return coordinates[0], coordinates[1]


def _middle(box: list[float]) -> str:
    """A window in the middle of a box, as a `bbox` parameter."""
    x, y, half = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, WINDOW_DEGREES / 2
    return ",".join(f"{value:.5f}" for value in (x - half, y - half, x + half, y + half))
