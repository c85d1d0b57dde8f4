"""Frames of any theme, in the way the user wants to see it."""

from __future__ import annotations

from typing import Literal

from dash_app.frames import Row, build_station_frames, build_unit_frames
from dash_app.index_frames import build_index_frames
from dash_app.services import Services
from dash_app.state import Via
from dash_app.themes import Theme
from dash_app.unit_means import build_unit_means

type Show = Literal["stations", "units"]  # of a parameter: badges, or means of units


def build_frames(theme: Theme, services: Services, via: Via, language: str, show: Show = "stations") -> Row:
    """Times, values and states of a theme, and how to draw them."""
    if theme.kind == "index":
        return build_index_frames(theme, services, language)
    if theme.kind == "station":
        units = show == "units"
        return (
            build_unit_means(theme, services, via, language)
            if units
            else build_station_frames(theme, services, language)
        )
    return build_unit_frames(theme, services, via, language)
