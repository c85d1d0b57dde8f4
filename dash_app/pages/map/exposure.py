"""Card of the people who live where the 24 h mean is above the limit, beside a map of the environment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.attributes import extra
from dash_app.environment import EXPOSURE_DAYS, read_exposure
from dash_app.figures.spark import spark_uri
from dash_app.figures.style import ACCENT
from dash_app.i18n import say
from dash_app.services import Services
from dash_app.themes import Theme, parameter_theme

type Row = dict[str, Any]


def exposure_card(services: Services, unit: Row, theme: Theme | None, *, language: str, look: str) -> Component | None:
    """The newest day of the unit and how often it happened in 30 days; None where no surface is made of the theme."""
    if theme is None or not theme.at_stations:
        return None
    shown = parameter_theme(theme)
    if not shown.has_surface or shown.parameter is None:
        return None
    rows = read_exposure(services, shown.layer, shown.parameter.name, [unit["id"]])
    return _card(rows, shown, language, look) if rows else None


def _card(rows: Sequence[Row], theme: Theme, language: str, look: str) -> Component:
    newest = rows[-1]
    unit = theme.unit[language].strip()
    day, limit = formats.day(newest["day"]), formats.number(newest["limit_value"], 0, language)
    name = say("exposure.title", language, parameter=theme.title[language])
    covered = newest["covered"] / newest["people"]
    if newest["covered"] <= 0:
        lines = [html.Span(say("exposure.none", language, day=day), className="kpi-asof")]
    else:
        people = formats.number(newest["above"], 0, language)
        lines = [
            html.Span(
                [
                    html.Span(
                        [
                            html.Span(people, className="kpi-value"),
                            html.Span(say("exposure.people", language), className="kpi-unit-name"),
                        ],
                        className="kpi-figure",
                    ),
                    _spark(rows, language, look),
                ],
                className="kpi-line",
            ),
            html.Span(say("exposure.note", language, day=day, limit=limit, unit=unit), className="kpi-asof"),
            html.Span(
                say("exposure.mean", language, value=formats.number(newest["mean"], 1, language), unit=unit),
                className="kpi-asof",
            ),
            html.Span(
                say("exposure.covered", language, share=formats.percent(covered, language)), className="kpi-asof"
            ),
            html.Span(say("exposure.days", language, n=sum(row["above"] >= 1 for row in rows)), className="kpi-asof"),
        ]
    return html.Div(
        [html.Span(name, className="kpi-name"), *lines],
        className="kpi kpi-exposure",
        role="group",
        **extra({"aria-label": name}),
    )


def _spark(rows: Sequence[Row], language: str, look: str) -> Component:
    """Share of the covered people above the limit, by day."""
    shares = [row["above"] / row["covered"] if row["covered"] else None for row in rows[-EXPOSURE_DAYS:]]
    uri = spark_uri(shares, ACCENT[look])
    return html.Img(src=uri, alt=say("exposure.spark", language), className="kpi-spark") if uri else html.Span()
