"""Frame of the comparison: two coloured clocks, the choices, and the place of the result."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.address import Address
from dash_app.attention_words import unit_title
from dash_app.components.attributes import dropdown_labels, extra
from dash_app.components.page import framed
from dash_app.components.states import empty_state
from dash_app.i18n import say
from dash_app.leader_services import LeaderServices, domain_codes
from dash_app.pages.twin.ids import TwinId
from dash_app.pages.twin.view import Choice, Side, complete, months_back, read_choice
from dash_app.services import Services
from dash_app.words import fold
from layers.domains import DOMAINS
from spatial.queries import indicators


def layout(services: Services, address: Address) -> Component:
    """The choice as the address says; the result comes by callback."""
    language = address.language
    province = services.province()
    choice = read_choice(address.query)
    newest = LeaderServices(services).newest_month(domain_codes(choice.domain)) if province else None
    if province is None or newest is None:
        body: Component = html.Main(empty_state(say("state.no_province", language)), id="main", className="page-stack")
        return framed(services, address, body, active="/overview")
    units = services.units()
    a, b = complete(choice, province["key"], newest, {row["key"] for row in units})
    body = _body(choice, a, b, unit_options(units, language), [months_back(newest), language])
    return framed(services, address, body, active="/overview", screen="screen-twin")


def validation_layout() -> Component:
    """All ids of the page."""
    return _body(Choice(), Side(), Side(), [], [[], "vi"])


def unit_options(units: list[dict[str, Any]], language: str) -> list[dict[str, str]]:
    """Units of today before those of before, each found without marks: «nam dinh» finds Nam Định."""
    order = {"province": 0, "district": 1, "commune": 2}
    ordered = sorted(units, key=lambda row: (row["valid_to"] is not None, order[row["level"]], fold(row["name"])))
    return [
        {"label": title, "value": row["key"], "search": f"{title} {fold(title)} {row['code']}"}
        for row in ordered
        for title in [unit_title(row, language)]
    ]


def _body(choice: Choice, a: Side, b: Side, units: list[dict[str, str]], rest: list[Any]) -> Component:
    months, language = rest
    month_options = [{"label": formats.month(month), "value": f"{month:%Y-%m}"} for month in months]
    return html.Main(
        [
            dcc.Store(id=TwinId.ADDRESS),
            html.Section(
                [
                    html.Div([html.H2(say("twin.title", language))], className="page-head"),
                    html.Div(
                        [
                            _side("a", a, units, month_options, language),
                            html.Button(
                                "⇄",
                                id=TwinId.SWAP,
                                className="tool twin-swap",
                                title=say("twin.swap", language),
                                **extra({"aria-label": say("twin.swap", language)}),
                            ),
                            _side("b", b, units, month_options, language),
                        ],
                        className="twin-sides",
                    ),
                    _choices(choice, language),
                ],
                className="card twin-head",
            ),
            html.Div(
                html.P(say("state.loading", language), className="loading"),
                id=TwinId.RESULT,
                className="twin-result",
                **extra({"aria-live": "polite"}),
            ),
        ],
        id="main",
        className="page-stack twin",
    )


def _side(name: str, side: Side, units: list[dict[str, str]], months: list[dict[str, str]], language: str) -> Component:
    unit_id, month_id = (TwinId.UNIT_A, TwinId.MONTH_A) if name == "a" else (TwinId.UNIT_B, TwinId.MONTH_B)
    shown = f"{side.month:%Y-%m}" if side.month else None
    if shown and shown not in {option["value"] for option in months}:
        months = [*months, {"label": f"{shown[5:]}/{shown[:4]}", "value": shown}]
    return html.Fieldset(
        [
            html.Legend(say(f"twin.side_{name}", language)),
            html.Div(
                [
                    html.Label(say("twin.unit", language), htmlFor=str(unit_id)),
                    dcc.Dropdown(
                        id=unit_id, options=units, value=side.unit, clearable=False, maxHeight=360,
                        placeholder=say("twin.search", language), labels=dropdown_labels(language),
                    ),
                ],
                className="form-field twin-unit",
            ),
            html.Div(
                [
                    html.Label(say("twin.month", language), htmlFor=str(month_id)),
                    dcc.Dropdown(
                        id=month_id, options=months, value=shown, clearable=False, maxHeight=360,
                        labels=dropdown_labels(language),
                    ),
                ],
                className="form-field twin-month",
            ),
        ],
        className=f"twin-side twin-side-{name}",
    )  # fmt: skip


def _choices(choice: Choice, language: str) -> Component:
    domains = [
        {"label": domain.title[language], "value": name} for name, domain in DOMAINS.items() if name in _filled()
    ]
    heads = [
        {"label": say("twin.head_off", language), "value": "0"},
        {"label": say("twin.head", language), "value": "1"},
    ]
    aligns = [{"label": say(f"twin.align_{name}", language), "value": name} for name in ("calendar", "since")]
    return html.Div(
        [
            html.Div(
                [
                    html.Label(say("twin.domain", language), htmlFor=str(TwinId.DOMAIN)),
                    dcc.Dropdown(
                        id=TwinId.DOMAIN, options=domains, value=choice.domain, clearable=False,
                        labels=dropdown_labels(language),
                    ),
                ],
                className="form-field",
            ),
            html.Div(
                [
                    html.Label(say("twin.indicator", language), htmlFor=str(TwinId.CODE)),
                    dcc.Dropdown(
                        id=TwinId.CODE, options=[], value=choice.code, clearable=False, maxHeight=360,
                        labels=dropdown_labels(language),
                    ),
                ],
                className="form-field twin-code",
            ),
            _radio("twin.head_label", TwinId.HEAD, heads, "1" if choice.head else "0", language),
            _radio("twin.align", TwinId.ALIGN, aligns, choice.align, language),
        ],
        className="filter-row twin-choices",
    )  # fmt: skip


def _filled() -> set[str]:
    """Domains that have indicators at all."""
    return {item.domain for item in indicators.catalogue().values()}


def _radio(label: str, name: TwinId, options: Any, value: str, language: str) -> Component:
    radio = dcc.RadioItems(id=name, options=options, value=value, inline=True, className="choice pills")
    return html.Div([html.Span(say(label, language)), radio], className="field")
