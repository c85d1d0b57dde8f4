"""Frame of the map page; numbers come later through callbacks, geometry never passes here."""

from __future__ import annotations

import dash_leaflet as dl
from dash import dcc, html
from dash.development.base_component import Component

from dash_app.address import Address
from dash_app.components.attributes import extra
from dash_app.components.header import header
from dash_app.components.layer_panel import layer_panel
from dash_app.components.states import empty_state
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.map.attention import attention_panel
from dash_app.services import Services
from dash_app.themes import themes

SHOWN_AS = ("stations", "surface", "units")  # ways to see a parameter; the bridge offers those a theme has
HOME = [20.3, 106.1]  # until the bridge fits the province's own box


def layout(services: Services, address: Address) -> Component:
    """The page in one language."""
    language = address.language
    province = services.province()
    versions = services.layer_versions()
    newest = max((row["data_until"] for row in versions.values() if row["data_until"]), default=None)
    now = services.now()
    top = header(
        language,
        active="/map",
        province=province,
        synthetic=services.synthetic(),
        newest=min(newest, now) if newest else None,
        now=now,
    )
    if province is None:
        return html.Div(
            [top, html.Main(empty_state(say("state.no_province", language)), id="main")], className="screen"
        )
    box = next(unit for unit in services.units() if unit["id"] == province["id"])
    centre = [(box["south"] + box["north"]) / 2, (box["west"] + box["east"]) / 2]
    return html.Div([top, _body(language, centre, layer_panel(versions, language))], className="screen screen-map")


def validation_layout() -> Component:
    """All ids of the page without asking the database."""
    return _body("vi", HOME, html.Div())


def _body(language: str, centre: list[float], panel: Component) -> Component:
    return html.Main(
        [
            dcc.Store(id=Id.STATE),
            dcc.Store(id=Id.LAYERS),
            _drawer_tabs(language),
            html.Aside(
                [
                    attention_panel(language),
                    html.Div(id=Id.KPI, className="kpi-list", **extra({"aria-live": "polite"})),
                ],
                className="panel panel-left",
                id="panel-kpi",
                tabIndex=0,
                **extra({"aria-label": say("panel.kpi", language)}),
            ),
            _map(language, centre),
            html.Aside(
                html.Div(id=Id.CHARTS, className="charts"),
                className="panel panel-right",
                id="panel-charts",
                tabIndex=0,
                **extra({"aria-label": say("panel.charts", language)}),
            ),
            html.Section(id="timebar", className="timebar", **extra({"aria-label": say("panel.time", language)})),
            _drawer("layers", say("panel.layers", language), panel, language),
            _drawer(
                "table", say("panel.table", language), html.Div(id="table-body", className="drawer-body"), language
            ),
            _drawer(
                "detail", say("panel.detail", language), html.Div(id="detail-body", className="drawer-body"), language
            ),
        ],
        id="main",
        className="map-grid",
    )


def _drawer_tabs(language: str) -> Component:
    """At phone width the side panels are drawers behind these buttons."""
    names = (("map", "nav.map"), ("kpi", "panel.kpi"), ("charts", "panel.charts"))
    return html.Div(
        [
            html.Button(
                say(text, language), className="drawer-tab", **extra({"data-drawer-tab": name, "aria-pressed": "false"})
            )
            for name, text in names
        ],
        className="drawer-tabs",
    )


def _map(language: str, centre: list[float]) -> Component:
    # minZoom and maxZoom on the map itself: a tile layer with a minimum zoom would otherwise raise the whole map's.
    return html.Section(
        [
            _toolbar(language),
            dl.MapContainer(
                [dl.LayerGroup(id=Id.POINTS)],
                id=Id.MAP,
                center=centre,
                zoom=9,
                trackViewport=False,
                minZoom=4,
                maxZoom=18,
                zoomSnap=0.25,
                zoomControl=False,
                attributionControl=False,
                keyboard=True,
                className="leaflet-map",
                style={},
            ),
            html.Div(id="map-notice", className="map-notice", role="status", hidden=True),
            html.Div(id="inset", className="inset"),
            html.Section(id="legend", className="legend", **extra({"aria-label": say("panel.legend", language)})),
        ],
        className="map-area",
        **extra({"aria-label": say("map.label", language)}),
    )


def _toolbar(language: str) -> Component:
    return html.Div(
        [
            html.Div(
                [
                    html.Nav(
                        id="breadcrumb",
                        className="breadcrumb",
                        **extra({"aria-label": say("map.breadcrumb", language)}),
                    ),
                    html.Div(
                        id="search", className="search", **extra({"data-placeholder": say("map.search", language)})
                    ),
                ],
                className="toolbar-row",
            ),
            html.Div(
                [
                    html.Label(
                        [html.Span(say("map.theme", language)), _theme_select(language)], className="field field-theme"
                    ),
                    html.Label(
                        [
                            html.Span(say("map.show", language)),
                            html.Select(
                                [html.Option(say(f"map.show_{name}", language), value=name) for name in SHOWN_AS],
                                id="show",
                            ),
                        ],
                        className="field field-show",
                    ),
                    html.Label(
                        [
                            html.Span(say("map.via", language)),
                            html.Select(
                                [
                                    html.Option(say("map.via_today", language), value="today"),
                                    html.Option(say("map.via_former", language), value="former"),
                                ],
                                id=Id.VIA,
                            ),
                        ],
                        className="field",
                    ),
                    html.Button(
                        say("panel.layers", language),
                        className="tool",
                        **extra({"data-drawer": "layers", "aria-expanded": "false"}),
                    ),
                    html.Button(
                        say("panel.table", language),
                        className="tool",
                        **extra({"data-drawer": "table", "aria-expanded": "false"}),
                    ),
                    # assets/93_home.js adds unit, month and indicator on screen
                    html.A(
                        say("map.compare", language),
                        href="/compare" + ("?lang=en" if language == "en" else ""),
                        className="tool",
                        id="map-compare",
                    ),
                ],
                className="toolbar-row",
            ),
        ],
        className="toolbar",
    )


def _theme_select(language: str) -> Component:
    groups: dict[str, list[Component]] = {}
    for theme in (theme for theme in themes().values() if theme.mapped):
        unit = theme.unit[language].strip()
        label = f"{theme.title[language]} ({unit})" if unit else theme.title[language]
        groups.setdefault(theme.group[language], []).append(html.Option(label, value=theme.id))
    return html.Select([html.Optgroup(options, label=name) for name, options in groups.items()], id=Id.THEME)


def _drawer(name: str, title: str, body: Component, language: str) -> Component:
    return html.Section(
        [
            html.Div(
                [
                    html.H2(title),
                    html.Button(
                        "×",
                        className="close",
                        **extra({"data-drawer-close": name, "aria-label": say("panel.close", language)}),
                    ),
                ],
                className="drawer-head",
            ),
            body,
        ],
        id=f"drawer-{name}",
        className="drawer",
        hidden=True,
        **extra({"aria-label": title}),
    )
