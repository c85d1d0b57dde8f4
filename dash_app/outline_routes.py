"""``/api/outlines``: outlines of the units of a level for small maps; they change only when units do."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from math import cos, radians
from typing import Any

from flask import Blueprint, Response, request

from dash_app.attention_words import unit_title
from dash_app.frames import last_districts, unit_set, units_on
from dash_app.i18n import say
from dash_app.services import Row, Services
from spatial.access import connect
from spatial.errors import DatabaseUnavailable
from spatial.queries.outlines import unit_outlines

LEVELS = ("commune", "district")
KEPT = 16


def build_outline_routes(services: Services) -> Blueprint:
    """The blueprint over one set of services."""
    routes = Blueprint("geoioc_outlines", __name__, url_prefix="/api")
    kept: dict[str, bytes] = {}

    @routes.errorhandler(DatabaseUnavailable)
    def _unavailable(_: DatabaseUnavailable) -> tuple[dict[str, str], int]:
        return {"message": say("error.database", _language())}, 503

    @routes.get("/outlines")
    def outlines() -> Response | tuple[dict[str, str], int]:
        level, language = request.args.get("level", "commune"), _language()
        if level not in LEVELS:
            return {"message": say("error.layer", language)}, 404
        day = _day(request.args.get("at")) or services.today()
        tag = f"{services.units_mark()}/{level}/{day}/{language}"
        if tag not in kept:
            answer = draw_outlines(services, level, day, language)
            while len(kept) >= KEPT:
                kept.pop(next(iter(kept)))
            kept[tag] = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
        response = Response(kept[tag], mimetype="application/json")
        response.set_etag(hashlib.sha256(tag.encode()).hexdigest()[:20])
        response.headers["Cache-Control"] = "no-cache"
        response.make_conditional(request)
        return response

    return routes


def _language() -> str:
    return "en" if request.args.get("lang") == "en" else "vi"


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None


def units_drawn(services: Services, level: str, day: date) -> list[Row]:
    """Communes of a day; of a day before there were any of them, and for districts, the districts."""
    units = services.units()
    if level == "district":
        return list(last_districts(units, day).units)
    return list(unit_set(units, "today", day).units) or list(units_on(units, "district", day))


def draw_outlines(services: Services, level: str, day: date, language: str) -> dict[str, Any]:
    """``box`` [x, y, width, height] of the drawing and a line per unit: key, title, path, label, inside which units."""
    drawn = {row["key"]: row for row in units_drawn(services, level, day)}
    if not drawn:
        return {"box": [0, 0, 1, 1], "units": []}
    middle = sum(row["south"] + row["north"] for row in drawn.values()) / 2 / len(drawn)
    ids = [row["id"] for row in drawn.values()]
    with connect(services.actor) as conn:
        rows = unit_outlines(conn, unit_ids=ids, squeeze=cos(radians(middle)))
    west, top = min(row["west"] for row in rows), min(row["top"] for row in rows)
    width, height = max(row["east"] for row in rows) - west, max(row["bottom"] for row in rows) - top
    return {
        "box": [round(number, 4) for number in (west, top, width, height)],
        "units": [
            {
                "key": row["key"],
                "title": unit_title(drawn[row["key"]], language),
                "name": drawn[row["key"]]["name"],
                "path": row["path"],
                "at": [round(row["x"], 4), round(row["y"], 4)],
                "box": [round(row[name], 4) for name in ("west", "top", "east", "bottom")],
                "former": drawn[row["key"]]["former_key"],
                "parent": drawn[row["key"]]["parent_key"],
            }
            for row in rows
        ],
    }
