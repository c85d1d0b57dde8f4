"""Small JSON answers the map bridge asks for: frames, units, search, land classes."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from dash_app import formats
from dash_app.environment import freshness, read_exposure, read_surfaces
from dash_app.frames import canonical_day, unit_set
from dash_app.i18n import say
from dash_app.services import Services
from dash_app.state import Via
from dash_app.surface_pack import pack_surfaces
from dash_app.theme_frames import Show, build_frames
from dash_app.themes import get_theme
from layers.registry import registry
from spatial.errors import DatabaseUnavailable

FRAMES_KEPT = 24


def build_routes(services: Services) -> Blueprint:
    """The blueprint of ``/api/...`` over one set of services."""
    routes = Blueprint("geoioc_api", __name__, url_prefix="/api")
    kept: OrderedDict[str, bytes] = OrderedDict()

    def cached(tag: str, build: Callable[[], Any]) -> Response:
        """A JSON answer with an ETag, computed once per tag and process."""
        return answered(
            tag, lambda: json.dumps(build(), ensure_ascii=False, separators=(",", ":")).encode(), "application/json"
        )

    def cached_bytes(tag: str, build: Callable[[], bytes]) -> Response:
        """The same for bytes, compressed before they are kept."""
        answer = answered(tag, lambda: gzip.compress(build(), 6, mtime=0), "application/octet-stream")
        answer.headers["Content-Encoding"] = "gzip"
        return answer

    def answered(tag: str, build: Callable[[], bytes], mimetype: str) -> Response:
        etag = hashlib.sha256(tag.encode()).hexdigest()[:20]
        if etag not in kept:
            kept[etag] = build()
            while len(kept) > FRAMES_KEPT:
                kept.popitem(last=False)
        answer = Response(kept[etag], mimetype=mimetype)
        answer.set_etag(etag)
        answer.headers["Cache-Control"] = "no-cache"
        answer.make_conditional(request)
        return answer

    @routes.errorhandler(DatabaseUnavailable)
    def _unavailable(_: DatabaseUnavailable) -> tuple[dict[str, str], int]:
        return {"message": say("error.database", _language())}, 503

    @routes.get("/frames")
    def frames() -> Response | tuple[dict[str, str], int]:
        theme, language, via = get_theme(request.args.get("theme")), _language(), _via()
        if theme is None:
            return {"message": say("error.theme", language)}, 404
        show: Show = "units" if request.args.get("show") == "units" else "stations"
        version = freshness(services, theme.layer) if theme.at_stations else services.freshness(theme.layer)
        tag = f"frames/{version}/{theme.id}/{via}/{language}/{show}"
        return cached(tag, lambda: build_frames(theme, services, via, language, show))

    @routes.get("/surface")
    def surface() -> Response | tuple[dict[str, str], int]:
        theme = get_theme(request.args.get("theme"))
        if theme is None or not theme.has_surface:
            return {"message": say("error.theme", _language())}, 404

        def build() -> bytes:
            span, found, facts = read_surfaces(services, theme)
            return pack_surfaces(span.times, found, facts)

        return cached_bytes(f"surface/{freshness(services, theme.layer)}/{theme.id}", build)

    @routes.get("/exposure")
    def exposure() -> Response | tuple[dict[str, str], int]:
        theme, via = get_theme(request.args.get("theme")), _via()
        if theme is None or theme.parameter is None or not theme.has_surface:
            return {"message": say("error.theme", _language())}, 404
        parameter = theme.parameter.name

        def build() -> dict[str, Any]:
            return pack_exposure(services.units(), read_exposure(services, theme.layer, parameter))

        return cached(f"exposure/{freshness(services, theme.layer)}/{theme.id}/{via}", build)

    @routes.get("/units")
    def units() -> Response:
        language, province, rows = _language(), services.province(), services.units()
        tag = f"units/{services.units_mark()}/{language}"
        return cached(
            tag,
            lambda: {
                "province": province["key"] if province else None,
                "units": [_unit(row, language) for row in rows],
            },
        )

    @routes.get("/search")
    def find() -> list[dict[str, Any]]:
        language = _language()
        return [_place(row, language) for row in services.find(request.args.get("q", "")[:100])]

    @routes.get("/land")
    def land() -> Response | tuple[dict[str, str], int]:
        layer = registry().get(request.args.get("layer", ""))
        if layer is None or layer.overlay.kind != "tiles":
            return {"message": say("error.layer", _language())}, 404
        via = _via()
        tag = f"land/{services.freshness(layer)}/{layer.id}/{via}"

        def build() -> dict[str, Any]:
            shown = unit_set(services.units(), via, services.today())
            keys = {unit["id"]: unit["key"] for unit in shown.units}
            found: dict[str, list[tuple[str, int, float | None]]] = {}
            for row in services.feature_counts(layer, list(keys)):
                found.setdefault(keys[row["unit_id"]], []).append((row["code"], row["n"], row["area_m2"]))
            return {"level": shown.level, "asOf": canonical_day(services.units(), shown).isoformat(), "units": found}

        return cached(tag, build)

    return routes


def pack_exposure(units: list[dict[str, Any]], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """People by unit and day: ``days``, the ``limits`` of the days, and by unit key a list of
    [people, covered, above, mean] or null in the order of the days."""
    days = sorted({row["day"] for row in rows})
    number = {day: index for index, day in enumerate(days)}
    limits = {row["day"]: row["limit_value"] for row in rows}
    keys = {unit["id"]: unit["key"] for unit in units}
    found: dict[str, list[list[float | None] | None]] = {}
    for row in rows:
        if row["unit_id"] in keys:
            line = found.setdefault(keys[row["unit_id"]], [None] * len(days))
            mean = None if row["mean"] is None else round(row["mean"], 1)
            line[number[row["day"]]] = [round(row["people"]), round(row["covered"]), round(row["above"]), mean]
    return {"days": [day.isoformat() for day in days], "limits": [limits[day] for day in days], "units": found}


def _language() -> str:
    return "en" if request.args.get("lang") == "en" else "vi"


def _via() -> Via:
    return "former" if request.args.get("via") == "former" else "today"


def _unit(row: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "id": row["id"],
        "key": row["key"],
        "code": row["code"],
        "level": row["level"],
        "name": row["name"],
        "title": formats.unit_name(row, language),
        "parent": row["parent_key"],
        "former": row["former_key"],
        "from": row["valid_from"].isoformat(),
        "to": row["valid_to"].isoformat() if row["valid_to"] else None,
        "box": [row["west"], row["south"], row["east"], row["north"]],
    }


def _place(row: dict[str, Any], language: str) -> dict[str, Any]:
    layer = registry()[row["layer_id"]]
    ended = row["valid_to"]
    kind = say(f"level.{row['level']}", language) if row["level"] else layer.title[language]
    notes = [kind, row["part_of"], say("search.until", language, day=f"{ended:%d/%m/%Y}") if ended else None]
    return {
        "layer": layer.id,
        "key": row["key"],
        "title": row["title"],
        "note": " · ".join(note for note in notes if note),
        "point": [row["lat"], row["lon"]],
    }
