"""Severity, cause and state of an alert: always a shape and a word, never a colour alone."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dash_app.components.attributes import extra
from dash_app.pages.alerts.view import Row, cause_of, icon_of
from spatial.alerts.words import SEVERITY_TITLES, STATE_TITLES


def severity_mark(severity: str, language: str) -> Component:
    """Shape and word of a severity."""
    shape = html.Span(className="sev-shape", **extra({"aria-hidden": "true"}))
    return html.Span([shape, SEVERITY_TITLES[severity][language]], className=f"sev sev-{severity}")


def cause_chip(row: Row, language: str) -> Component:
    """Picture and word: is it the air (water), the instrument, or a forecast."""
    icon = html.Span(className=f"icon icon-{icon_of(row)}", **extra({"aria-hidden": "true"}))
    return html.Span([icon, cause_of(row, language)], className=f"chip cause cause-{row['cause']}")


def state_mark(state: str, language: str) -> Component:
    """State of the work."""
    return html.Span(STATE_TITLES[state][language], className=f"chip work-{state}")
