"""Ids of the first page."""

from __future__ import annotations

from enum import StrEnum


class HomeId(StrEnum):
    """One member per component; assets/93_home.js uses the same words."""

    TICK = "home-tick"
    STAMP = "home-stamp"
    CHOICE = "home-choice"
    LIST = "home-list"
    SIDE = "home-side"
    TOLD = "home-told"
