"""The Dash application: one function builds it, one lazily built WSGI callable serves it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import flask
from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component
from flask_compress import Compress

from dash_app.address import read_address, site_map
from dash_app.alert_routes import build_alert_routes
from dash_app.briefing_routes import build_briefing_routes
from dash_app.citizen.routes import build_citizen_routes
from dash_app.components.states import error_state
from dash_app.i18n import bridge_texts, say
from dash_app.ids import Id
from dash_app.kiosk.routes import build_kiosk_routes
from dash_app.open311.routes import build_open311_routes
from dash_app.overlays import bridge_layers
from dash_app.overview_routes import build_overview_routes
from dash_app.pages import (
    alerts,
    ask,
    briefings,
    cameras,
    compare,
    data,
    feedback,
    feedback_statistics,
    home,
    map,
    overview,
    station,
    stations,
    twin,
)
from dash_app.pages.alerts import rules
from dash_app.pages.cameras.layout import build_camera_routes
from dash_app.report_routes import build_report_routes
from dash_app.routes import build_routes
from dash_app.services import Services
from dash_app.state import read_language
from dash_app.themes import DEFAULT_THEME, bridge_theme, themes
from spatial.errors import DatabaseUnavailable

ASSETS = Path(__file__).resolve().parent / "assets"
# Rules of werkzeug: what stands in <...> comes to the page's layout in address.parts.
PAGES = {
    "/": home,
    "/map": map,
    "/overview": overview,
    "/overview/<domain>": overview,
    "/alerts": alerts,
    "/alerts/<int:alert>": alerts,
    "/alerts/rules": rules,
    "/stations": stations,
    "/stations/compare": compare,
    "/stations/<layer>/<path:key>": station,
    "/feedback": feedback,
    "/feedback/statistics": feedback_statistics,
    "/feedback/<code>": feedback,
    "/compare": twin,
    "/ask": ask,
    "/briefings": briefings,
    "/cameras": cameras,
    "/cameras/<path:key>": cameras,
    "/data": data,
}

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Ccircle cx='16' cy='16' r='15' fill='%23c62828' stroke='%23ffd54f' stroke-width='2'/%3E"
    "%3Ccircle cx='16' cy='14' r='5' fill='%23ffd54f'/%3E%3C/svg%3E"
)

INDEX = """<!DOCTYPE html>
<html lang="{lang}" data-look="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{icon}">
{metas}{css}
<script type="application/json" id="geoioc-config">{settings}</script>
</head>
<body>
<noscript>{noscript}</noscript>
{app_entry}
<footer hidden>{config}{scripts}{renderer}</footer>
</body>
</html>"""


class GeoIOCDash(Dash):
    """Dash with an index in the language of the request and the bridge's settings in it."""

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]
        """The page around the application; ``lang`` comes from the query string."""
        language = read_language(f"?{flask.request.query_string.decode()}")
        settings = json.dumps(bridge_settings(language), ensure_ascii=False).replace("</", "<\\/")
        return INDEX.format(
            lang=language,
            title=say("app.title", language),
            noscript=say("app.noscript", language),
            settings=settings,
            icon=ICON,
            **{name: parts.get(name, "") for name in ("metas", "css", "app_entry", "config", "scripts", "renderer")},
        )


def bridge_settings(language: str) -> dict[str, Any]:
    """What the JavaScript in assets needs to know: language, texts, themes and how layers are drawn."""
    return {
        "lang": language,
        "texts": bridge_texts(language),
        "defaultTheme": DEFAULT_THEME if DEFAULT_THEME in themes() else next(iter(themes()), None),
        "themes": {theme.id: bridge_theme(theme) for theme in themes().values()},
        "layers": bridge_layers(language),
        "ogc": "/ogc",
    }


def create_app(services: Services, *, compress: bool = True) -> Dash:
    """A complete application over one set of services; every call gives an independent one."""
    app = GeoIOCDash(
        __name__,
        assets_folder=str(ASSETS),
        assets_ignore=r".*\.(txt|json)$",
        title=say("app.title", "vi"),
        update_title="",
        suppress_callback_exceptions=False,
    )
    frame = html.Div([dcc.Location(id=Id.URL, refresh=False), dcc.Store(id=Id.LOOK), html.Div(id=Id.PAGE)])
    app.layout = frame
    pages = list(dict.fromkeys(PAGES.values()))  # one page may have several addresses
    every_page: Any = html.Div([frame, *(page.validation_layout() for page in pages)])
    app.validation_layout = every_page
    _register_pages(app, services)
    # Figures the server draws are light or dark; assets/70_pages.js tells of a change.
    app.clientside_callback(
        "() => document.documentElement.dataset.look", Output(Id.LOOK, "data"), Input(Id.URL, "pathname")
    )
    for page in pages:
        page.register(app, services)
    app.server.register_blueprint(build_routes(services))
    app.server.register_blueprint(build_report_routes(services))
    app.server.register_blueprint(build_briefing_routes(services))
    app.server.register_blueprint(build_kiosk_routes(services, tuple(PAGES)))
    app.server.register_blueprint(build_alert_routes(services))
    app.server.register_blueprint(build_citizen_routes(services))
    app.server.register_blueprint(build_open311_routes(services))
    app.server.register_blueprint(build_camera_routes(services))
    app.server.register_blueprint(build_overview_routes(services))
    if compress:
        app.server.config["COMPRESS_MIMETYPES"] = [
            "text/html", "text/css", "application/javascript", "text/javascript", "application/json", "image/svg+xml",
        ]  # fmt: skip
        Compress(app.server)
    return app


def _register_pages(app: Dash, services: Services) -> None:
    site = site_map(PAGES)

    @app.callback(Output(Id.PAGE, "children"), Input(Id.URL, "pathname"), Input(Id.URL, "search"))
    def show_page(pathname: str | None, search: str | None) -> Component:
        address = read_address(site, pathname, search)
        if address is None:
            return error_state(say("error.page", read_language(search)))
        try:
            return PAGES[address.rule].layout(services, address)
        except DatabaseUnavailable:
            return error_state(say("error.database", address.language), retry=True)


@cache
def _application() -> Callable[..., Iterable[bytes]]:
    return create_app(Services()).server.wsgi_app


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI entry point; the application is built at the first request of a process."""
    return _application()(environ, start_response)
