"""How the templates become pages: texts, addresses of assets, headers that keep private links private."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dash_app import formats
from dash_app.i18n import say
from dash_app.i18n.citizen_texts import CITIZEN_TEXTS
from dash_app.services import Services
from spatial.settings import citizen_settings

FOLDER = Path(__file__).resolve().parent
ASSETS = FOLDER.parent / "assets"
STATIC = "/phan-anh/static"
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Ccircle cx='16' cy='16' r='15' fill='%23c62828' stroke='%23ffd54f' stroke-width='2'/%3E"
    "%3Ccircle cx='16' cy='14' r='5' fill='%23ffd54f'/%3E%3C/svg%3E"
)
_JS = "citizen.js."


def language_of_request() -> str:
    """Vietnamese unless the address says English."""
    return "en" if request.args.get("lang") == "en" else "vi"


def linker(language: str) -> Callable[..., str]:
    """Addresses that keep the language."""

    def link(path: str, *, plain: bool = False) -> str:
        if plain or language != "en":
            return path
        return f"{path}{'&' if '?' in path else '?'}lang=en"

    return link


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _fingerprint(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def versioned(path: Path, address: str) -> str:
    """An address that changes with the file, so that browsers may keep it for ever."""
    return f"{address}?v={_fingerprint(path, path.stat().st_mtime_ns)}"


def render(services: Services, template: str, *, status: int = 200, private: bool = False, **values: Any) -> Response:
    """A page. ``private``: it holds what only the reporter may see, so nobody keeps it and no address is passed on."""
    language = language_of_request()
    province = services.province()
    place = formats.unit_name(province, language) if province else say("app.short", language)
    query = {name: value for name, value in request.args.items() if name != "lang"} | (
        {} if language == "en" else {"lang": "en"}
    )
    html = (
        _environment()
        .get_template(f"{template}.html.jinja")
        .render(
            **{"with_map": False, "main_class": "", "config": None} | values,
            language=language,
            place=place,
            private=private,
            icon=Markup(ICON),
            synthetic=services.synthetic(),
            t=lambda key, **given: say(key, language, **given),
            link=linker(language),
            other_language=_address(request.path, query),
            asset=lambda name: versioned(ASSETS / name, f"/assets/{name}"),
            static=lambda name: versioned(FOLDER / "static" / name, f"{STATIC}/{name}"),
        )
    )
    answer = Response(html, status=status, content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store" if private else "no-cache"
    guard(answer)
    return answer


def _address(path: str, query: dict[str, str]) -> str:
    return path + (f"?{urlencode(query)}" if query else "")


def guard(answer: Response) -> None:
    """Only our own scripts, no frames of others, and no address (with its secret) passed on."""
    tiles = citizen_settings().tiles_url
    pictures = f" {_origin(tiles)}" if tiles else ""
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'self'; img-src 'self' data: blob:{pictures}; object-src 'none'; base-uri 'none';"
        " form-action 'self'; frame-ancestors 'self'"
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Permissions-Policy"] = "geolocation=(self), camera=(self)"


def _origin(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.split('/')[0].replace('{s}', '*')}"


def script_data(values: dict[str, Any]) -> Markup:
    """Settings of the page's scripts, safe inside a script element."""
    return Markup(json.dumps(values, ensure_ascii=False).replace("</", "<\\/").replace("<!--", "<\\!--"))


def map_data(services: Services, language: str) -> dict[str, Any]:
    """What map.js needs: texts, the province's box, addresses of the ground, all from this server."""
    settings, province, today = citizen_settings(), services.unit(None), services.today()
    items = "/ogc/collections/{}/items?f=json&limit=5000"
    return {
        "lang": language,
        "texts": {key.removeprefix(_JS): text[language] for key, text in CITIZEN_TEXTS.items() if key.startswith(_JS)},
        "box": [province[side] for side in ("west", "south", "east", "north")] if province else None,
        "country": versioned(ASSETS / "map" / "vietnam.json", "/assets/map/vietnam.json"),
        "communes": f"{items.format('admin_unit_map')}&level=commune&datetime={today}",
        "landmarks": [items.format("school"), items.format("clinic")],
        "tiles": settings.tiles_url,
        "tilesCredit": settings.tiles_credit,
    }
