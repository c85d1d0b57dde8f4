"""Charts of the evidence: the index by level, and what was measured beside the stations around."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.alert_services import Evidence
from dash_app.figures.alert import alert_figure, index_figure
from dash_app.i18n import say
from dash_app.pages.alerts.view import Row, began, first_finding, index_shown, parameter_shown
from layers.indices import INDICES
from layers.model import Layer, Parameter

COMPARED = ("threshold", "limit", "forecast")  # kinds of rules whose threshold is in the unit of the chart


def charts(alert: Row, layer: Layer, evidence: Evidence, language: str, look: str) -> list[Component]:
    """A chart of the index where the alert is about one, then one of the parameter."""
    parameter = _parameter(layer, evidence.parameter)
    cards = [_index_card(alert, evidence, language, look)] if evidence.index else []
    if parameter is None or not (evidence.hours or evidence.forecast):
        nothing = html.P(say("evidence.no_values", language), className="chart-note empty")
        return [*cards, html.Section([html.H3(say("evidence.chart", language)), nothing], className="card")]
    return [*cards, _parameter_card(alert, evidence, parameter, language, look)]


def _parameter(layer: Layer, name: str | None) -> Parameter | None:
    assert layer.series is not None
    return next((item for item in layer.series.parameters if item.name == name), None)


def _event(alert: Row) -> tuple[Any, Any]:
    return began(alert), alert["ended_at"] or alert["last_at"]


def _card(title: str, name: str, figure: Any, notes: list[Component]) -> Component:
    graph = dcc.Graph(
        figure=figure,
        config={"displayModeBar": False, "responsive": True},
        className="graph",
        style={"height": figure.layout.height},
    )
    head = html.Div([html.H3(title), html.Span(name, className="muted")], className="chart-title")
    return html.Section([head, graph, *notes], className="card chart-card")


def _index_card(alert: Row, evidence: Evidence, language: str, look: str) -> Component:
    index = INDICES[index_shown(alert) or ""]
    span = (evidence.first, evidence.last)
    figure = index_figure(evidence.index, index, event=_event(alert), span=span, language=language, look=look)
    return _card(index.title[language], index.source[language], figure, [])


def _parameter_card(alert: Row, evidence: Evidence, parameter: Parameter, language: str, look: str) -> Component:
    finding = first_finding(alert)
    own = parameter == parameter_shown(alert) and alert["kind"] in COMPARED
    figure = alert_figure(
        evidence.hours, evidence.around, evidence.forecast, parameter,
        event=_event(alert), span=(evidence.first, evidence.last), threshold=alert["threshold"] if own else None,
        mean_hours=int(finding.get("hours") or 1) if own else 1,
        capped=alert["cause"] != "instrument", language=language, look=look,
    )  # fmt: skip
    name = f"{parameter.title[language]} ({parameter.unit})" if parameter.unit else parameter.title[language]
    note = html.P(comparison(alert, evidence, parameter, language), className="chart-note")
    return _card(say("evidence.chart", language), name, figure, [note])


def comparison(alert: Row, evidence: Evidence, parameter: Parameter, language: str) -> str:
    """The station beside its neighbours at the hour of the event that tells most, in figures."""
    if not evidence.around:
        return say("evidence.no_neighbours", language)
    medians = {row["time"]: row for row in evidence.around}
    first, last = _event(alert)
    during = [row for row in evidence.hours if first <= row["time"] <= last and row["time"] in medians]
    instrument = alert["cause"] == "instrument"
    column = "raw" if instrument else "value"  # what is doubtful says nothing of the air
    measured = [row for row in during if row[column] is not None]
    if not measured:
        return say("evidence.not_compared", language)

    def telling(row: Row) -> float:
        """How much an hour tells: the farthest from the others of an instrument, the highest of the air."""
        return abs(row[column] - medians[row["time"]]["value"]) if instrument else float(row[column])

    worst = max(measured, key=telling)
    there = medians[worst["time"]]

    def figure(value: float) -> str:
        return f"{formats.number(value, parameter.decimals, language)} {parameter.unit}".rstrip()

    return say(
        "evidence.compared", language, time=formats.moment(worst["time"]), own=figure(worst[column]),
        median=figure(there["value"]), n=there["stations"],
    )  # fmt: skip
