"""Views people choose from when they set up a wall, and what a view is called on it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from dash_app import formats
from dash_app.i18n import say
from dash_app.services import Row
from dash_app.themes import get_theme
from layers.domains import DOMAINS
from spatial.queries.indicators import catalogue

PAGES = {
    "/": "nav.home",
    "/map": "nav.map",
    "/overview": "nav.overview",
    "/alerts": "nav.alerts",
    "/stations": "nav.stations",
    "/feedback/statistics": "kiosk.page.feedback",
    "/cameras": "nav.cameras",
}
# Indicators worth a map on a wall; those the catalogue lacks are skipped.
ON_MAP = ("grdp", "industrial_output", "budget_revenue", "public_investment", "dossiers_on_time")


def presets(language: str) -> list[dict[str, str]]:
    """Choices: ``title``, ``path``, ``hash``, and where a unit goes in the address (``unitIn``)."""
    found = [_preset(say(text, language), path) for path, text in PAGES.items()]
    for domain in DOMAINS.values():
        found.append(_preset(f"{say('nav.overview', language)}: {domain.title[language]}", f"/overview/{domain.id}"))
    names = [code for code in ON_MAP if code in catalogue()]
    for theme in (
        get_theme(name) for name in ("air_observation.vn_aqi_hour", *(f"indicator.{name}" for name in names))
    ):
        if theme is not None:
            title = f"{say('nav.map', language)}: {theme.title[language]}"
            found.append(_preset(title, "/map", hash_part=f"theme={theme.id}"))
    return found


def _preset(title: str, path: str, hash_part: str = "") -> dict[str, str]:
    return {"title": title, "path": path, "hash": hash_part, "unitIn": "hash" if path == "/map" else "query"}


def title_of(address: str, units: Sequence[Row], language: str) -> str:
    """What a view is called: its page, the domain or theme, and the unit when it names one."""
    parts = urlsplit(address)
    query, hash_part = parse_qs(parts.query), parse_qs(parts.fragment)
    path = parts.path.rstrip("/") or "/"
    title = say(PAGES[path], language) if path in PAGES else path
    if path.startswith("/overview/") and path.removeprefix("/overview/") in DOMAINS:
        title = DOMAINS[path.removeprefix("/overview/")].title[language]
    theme = get_theme(hash_part.get("theme", [""])[0])
    if path == "/map" and theme is not None:
        title = theme.title[language]
    if path not in PAGES and title == path:
        base = next((name for name in sorted(PAGES, reverse=True) if name != "/" and path.startswith(name)), None)
        title = say(PAGES[base], language) if base else path
    key = (query.get("unit") or hash_part.get("unit") or [""])[0]
    unit = next((row for row in units if row["key"] == key), None)
    return f"{title} - {formats.unit_name(unit, language)}" if unit else title
