"""Ids of the components of the statistics of feedback."""

from __future__ import annotations

from enum import StrEnum


class StatId(StrEnum):
    """One member per component."""

    QUERY = "stat-query"  # the address's query: unit, via, month, min
    PANELS = "stat-panels"
