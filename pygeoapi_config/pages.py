"""The HTML pages of the feeds: our templates over pygeoapi's, in Vietnamese and English.

Replaces ``pygeoapi.util.render_j2_template`` (see ``patches``), which compiles every template anew for every page,
knows neither the layers nor whether the province is a sample, and renders EDR and coverage pages in the first language
only.
Pages load nothing from elsewhere: styles, Leaflet and letters lie in ``static``.
"""

from __future__ import annotations

import hashlib
import json
import time
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import has_request_context, request
from jinja2 import Environment, FileSystemLoader
from pygeoapi import l10n, util

from layers.model import Layer
from layers.registry import registry
from pygeoapi_config import get_data, values
from pygeoapi_config.build import LANGUAGES, UNIT_TILES
from spatial.access import PUBLIC, connect
from spatial.queries.feature_sources import sources
from spatial.queries.health import is_synthetic
from spatial.settings import server_settings

HERE = Path(__file__).resolve().parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
CATALOGUE = HERE / "locale" / "vi" / "LC_MESSAGES" / "messages.po"
MACHINE_KEYS = ("uid", "key", "parent_key", "unit_key", "label_x", "label_y")
SYNTHETIC_SECONDS = 60.0
LANGUAGE_COOKIE = "lang"


def render(
    config: dict[str, Any], _templates: dict[str, Any], template: str | Path, data: Any, _locale: Any = None
) -> str:
    """A page in the language asked for; the signature is that of pygeoapi's ``render_j2_template``."""
    language = asked_language()
    locale = "vi-VN" if language == "vi" else "en-US"
    page = _environment(language).get_template(str(template))
    return page.render(
        config=l10n.translate_struct(config, l10n.str2locale(locale), True),
        data=data,
        locale=locale,
        version=version("pygeoapi"),
        synthetic=_SYNTHETIC.now(),
        screens=server_settings().url,
        switch=switch_links(),
    )


def asked_language() -> str:
    """«vi» or «en»: ``lang`` of the request, else that of the page before, else what the browser prefers."""
    if not has_request_context():
        return "vi"
    kept = request.cookies.get(LANGUAGE_COOKIE)
    named = request.args.get("lang") or (kept if kept in ("vi", "en") else None)
    wanted = [named] if named else list(request.accept_languages.values())
    return str(l10n.best_match(wanted, list(LANGUAGES)).language)


def switch_links() -> dict[str, str]:
    """The page at hand in each language."""
    if not has_request_context():
        return {}
    query = {name: value for name, value in request.args.items() if name != "lang"}
    return {language: "?" + urlencode({**query, "lang": language}) for language in ("vi", "en")}


def translations(language: str) -> NullTranslations:
    """Words of the pages; English is what the templates say."""
    if language != "vi":
        return NullTranslations()
    with CATALOGUE.open("rb") as text:
        catalogue = read_po(text, locale="vi")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, util.TEMPLATESDIR]), extensions=["jinja2.ext.i18n"], autoescape=True
    )
    words = translations(language)
    environment.install_gettext_translations(words)  # type: ignore[attr-defined]
    for name in ("to_json", "format_datetime", "format_duration", "human_size", "get_path_basename",
                 "get_breadcrumbs", "filter_dict_by_key_value"):  # fmt: skip
        environment.filters[name] = getattr(util, name)
    environment.filters["number"] = lambda value, decimals=0: values.number(value, decimals, language)
    environment.filters["day"] = values.day
    environment.filters["zip"] = zip
    environment.globals.update(
        language=language,
        layer_of=layer_of,
        fields_of=lambda collection: fields_of(collection, language),
        shown=lambda collection, name, row: values.shown(
            layer_of(item_layer(collection)), name, row, language, words.gettext
        ),
        has_fields=lambda collection: item_layer(collection) in sources(),
        label_of=label_of,
        title_of=title_of,
        map_data=map_data,
        recipes=get_data.recipes,
        read_openapi=read_openapi,
        unit_layer=UNIT_TILES,
    )
    return environment


@cache
def pages_mark() -> str:
    """Changes with templates and words, so that an update of the program reaches browsers that keep a page."""
    digest = hashlib.blake2b(digest_size=8)
    for file in sorted([CATALOGUE, *TEMPLATES.rglob("*.html")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def layer_of(collection: str) -> Layer:
    """The layer behind a collection."""
    return registry()[collection.removesuffix("_map")]


def item_layer(collection: str) -> str:
    """Whose features the items of a collection are: the stations of a series, else its own."""
    series = layer_of(collection).series
    return series.station_layer if series is not None else collection


def fields_of(collection: str, language: str) -> list[dict[str, Any]]:
    """Name, title and unit of the properties in their order, keys for programs last."""
    found = sorted(sources()[item_layer(collection)].properties.values(), key=lambda item: item.name in MACHINE_KEYS)
    return [
        {
            "name": item.name,
            "title": item.title[language],
            "unit": (item.unit or "").replace("m2", "m²"),
            "type": item.type,
        }
        for item in found
    ]


def label_of(collection: str) -> str:
    """The property people call a feature by."""
    layer = layer_of(item_layer(collection))
    return layer.overlay.label or ("unit_name" if layer.kind == "indicator" else "name")


def title_of(collection: str, feature: dict[str, Any]) -> str:
    """What people call a feature: its label on the map, else its key."""
    properties = feature.get("properties") or {}
    return next((str(properties[name]) for name in (label_of(collection), "name") if properties.get(name)),
                str(feature["id"]))  # fmt: skip


def map_data(collection: str, features: list[dict[str, Any]], address: str) -> dict[str, Any]:
    """What the map of a page draws: geometry, name and address of each feature."""
    drawn = [
        {
            "type": "Feature",
            "geometry": item["geometry"],
            "properties": {"title": title_of(collection, item), "href": f"{address}/{item['id']}"},
        }
        for item in features
        if item.get("geometry")
    ]
    return {"type": "FeatureCollection", "features": drawn}


def read_openapi() -> dict[str, Any]:
    """The OpenAPI document this server gives out."""
    from pygeoapi import flask_app

    document = flask_app.OPENAPI
    return document if isinstance(document, dict) else dict(json.loads(document))


class _Synthetic:
    """Whether the province is the sample, asked at most once a minute."""

    def __init__(self) -> None:
        self._known, self._read_at = False, float("-inf")

    def now(self) -> bool:
        if time.monotonic() - self._read_at > SYNTHETIC_SECONDS:
            with connect(PUBLIC) as conn:
                self._known = is_synthetic(conn)
            self._read_at = time.monotonic()
        return self._known


_SYNTHETIC = _Synthetic()
