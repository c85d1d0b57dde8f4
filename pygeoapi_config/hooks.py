"""Around every request: errors as JSON, ETag and Cache-Control from layer versions, compression, extents."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, request
from flask_compress import Compress
from pygeoapi.api import API, validate_bbox
from shapely.errors import ShapelyError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.datastructures import Headers

from layers.registry import registry
from pygeoapi_config.build import COUNTRY
from pygeoapi_config.pages import LANGUAGE_COOKIE, asked_language, pages_mark
from pygeoapi_config.versions import VERSIONS
from spatial.access import PUBLIC, connect
from spatial.errors import DatabaseUnavailable
from spatial.queries.feature_sources import sources
from spatial.queries.features import Extent, province_extent, source_extent

LOG = logging.getLogger(__name__)
EXTENT_SECONDS = 60.0
COMPRESSED = [
    "application/json", "application/geo+json", "application/vnd.cov+json", "application/prs.coverage+json",
    "application/vnd.mapbox-vector-tile", "application/schema+json", "application/ld+json",
    "application/vnd.oai.openapi+json;version=3.0", "application/vnd.oai.openapi+json", "text/html", "text/css",
    "text/csv", "application/javascript", "text/javascript", "image/svg+xml",
]  # fmt: skip
SERVER_ERROR = HTTPStatus.INTERNAL_SERVER_ERROR


def install(app: Flask, api: API) -> None:
    """Add the hooks to pygeoapi's application."""
    app.config.update(
        COMPRESS_MIMETYPES=COMPRESSED,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_LEVEL=1,
        COMPRESS_BR_LEVEL=4,
        COMPRESS_MIN_SIZE=500,
    )
    for name in ("pygeoapi.api", "pygeoapi.process.manager.base"):
        logging.getLogger(name).addFilter(_OnlyFailures())
    Compress(app)  # before our own hook is registered: Flask runs after_request hooks last to first
    extents = _Extents(api)

    @app.before_request
    def _before() -> Response | None:
        if not request.path.startswith("/collections"):
            return _refuse_callback()
        VERSIONS.all()  # pygeoapi would answer 500 for a collection it cannot describe; a dead database is 503
        extents.refresh()
        if (refused := _refuse_box() or _no_items()) is not None:
            return refused
        g.etag = _etag()
        if g.etag is not None and request.if_none_match.contains_weak(g.etag):
            return _cached(Response(status=HTTPStatus.NOT_MODIFIED))
        return None

    @app.after_request
    def _after(response: Response) -> Response:
        response.headers = Headers(response.headers)  # pygeoapi puts a plain dict there, which minds upper case
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
        response.headers.setdefault("Vary", "Accept, Accept-Language, Accept-Encoding, Cookie")
        _keep_language(response)
        if _is_tile() and response.status_code == HTTPStatus.OK and not response.get_data():
            response.status_code = HTTPStatus.NO_CONTENT
        if response.status_code in (HTTPStatus.OK, HTTPStatus.NO_CONTENT):
            return _cached(response)
        if response.status_code >= SERVER_ERROR:
            LOG.error("%s %s was answered with %s", request.method, request.full_path, response.status_code)
        return response

    @app.errorhandler(DatabaseUnavailable)
    def _unavailable(_: DatabaseUnavailable) -> Response:
        return _problem(HTTPStatus.SERVICE_UNAVAILABLE, "ServiceUnavailable", "The database does not answer.")

    @app.errorhandler(DBAPIError)
    def _database(error: DBAPIError) -> Response:
        if isinstance(error, OperationalError) or error.connection_invalidated:
            return _problem(HTTPStatus.SERVICE_UNAVAILABLE, "ServiceUnavailable", "The database does not answer.")
        LOG.error("A query of the feed failed: %s", request.url, exc_info=error)
        return _problem(SERVER_ERROR, "NoApplicableCode", "The server failed; the operators see why in its log.")


class _OnlyFailures(logging.Filter):
    """pygeoapi logs every 4xx and every empty tile as an error; only what it failed at is one."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if error is None or isinstance(error, ValueError | ShapelyError):
            return False
        return bool(getattr(error, "http_status_code", SERVER_ERROR) >= SERVER_ERROR)


class _Extents:
    """Keeps the bounding box of each collection that of its features; of units, indicators and grids the province's."""

    def __init__(self, api: API) -> None:
        self._boxes = {
            name: resource["extents"]["spatial"]
            for name, resource in api.config["resources"].items()
            if resource["type"] == "collection"
        }
        self._own: dict[str, tuple[int, Extent | None]] = {}  # version of the layer, and what it had then
        self._read_at = float("-inf")

    def refresh(self) -> None:
        now = time.monotonic()
        if now - self._read_at < EXTENT_SECONDS:
            return
        with connect(PUBLIC) as conn:
            province = province_extent(conn)
            own = {name: self._of_features(conn, name) for name in self._boxes}
        for name, spatial in self._boxes.items():
            spatial["bbox"] = [round(value, 6) for value in own[name] or province or COUNTRY]
        self._read_at = now if province else float("-inf")

    def _of_features(self, conn: Connection, collection: str) -> Extent | None:
        """Read again only when the layer changed: it looks at every feature."""
        layer = registry()[collection.removesuffix("_map")]
        place = layer.series.station_layer if layer.series is not None else layer.id
        version = VERSIONS.of(place)
        if registry()[place].kind != "feature" or version is None:
            return None
        known = self._own.get(place)
        if known is None or known[0] != version:
            known = self._own[place] = (version, source_extent(conn, source=sources()[place]))
        return known[1]


def _keep_language(response: Response) -> None:
    """A page asked for in a language says so to the pages after it."""
    if response.mimetype == "text/html" and request.args.get("lang"):
        response.set_cookie(LANGUAGE_COOKIE, asked_language(), path="/ogc", samesite="Lax", httponly=True)


def _is_tile() -> bool:
    return "/tiles/" in request.path and request.path.count("/") >= 7


def _etag() -> str | None:
    """Weak tag of a GET below /collections/<id>: version of the layers behind it and the whole request."""
    if request.method not in ("GET", "HEAD"):
        return None
    parts = request.path.split("/")
    if len(parts) < 4:
        return None
    versions = VERSIONS.all()
    layers = _layers_behind(parts[2])
    if not layers or any(layer not in versions for layer in layers):
        return None
    asked = "|".join(
        [
            *(f"{layer}={versions[layer]}" for layer in layers),
            pages_mark(),
            request.full_path,
            request.headers.get("Accept", ""),
            request.headers.get("Accept-Language", ""),
            request.cookies.get(LANGUAGE_COOKIE, ""),
        ]
    )
    return hashlib.blake2b(asked.encode(), digest_size=12).hexdigest()


def _layers_behind(collection: str) -> tuple[str, ...]:
    layer = registry().get(collection.removesuffix("_map"))
    if layer is None:
        return ()
    return (layer.id, layer.series.station_layer) if layer.series is not None else (layer.id,)


def _cached(response: Response) -> Response:
    etag = g.get("etag")
    if etag is None:
        response.headers.setdefault("Cache-Control", "no-cache")
        return response
    response.set_etag(etag, weak=True)
    named = request.args.get("v")
    parts = request.path.split("/")
    if named is not None and named == str(VERSIONS.all().get(parts[2])):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "public, max-age=60" if _is_tile() else "no-cache"
    return response


def _refuse_box() -> Response | None:
    """pygeoapi answers 500 to a bounding box of a coverage that is none."""
    if not request.path.endswith("/coverage") or "bbox" not in request.args:
        return None
    try:
        validate_bbox(request.args["bbox"])
    except ValueError as error:
        return _problem(HTTPStatus.BAD_REQUEST, "InvalidParameterValue", f"{error}.")
    return None


def _no_items() -> Response | None:
    """A grid has no items: 404, where pygeoapi answers 400 (GDAL asks every collection for ten)."""
    parts = request.path.strip("/").split("/")
    layer = registry().get(parts[1]) if len(parts) > 2 and parts[2] == "items" else None
    if layer is None or layer.access != "public" or layer.kind != "grid":
        return None
    return _problem(HTTPStatus.NOT_FOUND, "NotFound", f"{layer.id} is a grid and has no items: ask for its coverage.")


def _refuse_callback() -> Response | None:
    """A process must not make this server call an address a visitor chose."""
    if request.method == "POST" and request.path.endswith("/execution"):
        body = request.get_json(silent=True)
        if body is not None and not isinstance(body, dict):
            return _problem(HTTPStatus.BAD_REQUEST, "InvalidParameterValue", "The body is not a JSON object.")
        if isinstance(body, dict) and "subscriber" in body:
            return _problem(HTTPStatus.BAD_REQUEST, "InvalidParameterValue", "subscriber is not offered.")
    return None


def _problem(status: HTTPStatus, code: str, sentence: str) -> Response:
    body: dict[str, Any] = {"code": code, "type": code, "description": sentence}
    return Response(json.dumps(body), status=status, mimetype="application/json")
