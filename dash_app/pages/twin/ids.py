"""Ids of the comparison."""

from __future__ import annotations

from enum import StrEnum


class TwinId(StrEnum):
    """One member per component."""

    UNIT_A = "twin-unit-a"
    UNIT_B = "twin-unit-b"
    MONTH_A = "twin-month-a"
    MONTH_B = "twin-month-b"
    SWAP = "twin-swap"
    DOMAIN = "twin-domain"
    CODE = "twin-code"
    HEAD = "twin-head"
    ALIGN = "twin-align"
    RESULT = "twin-result"
    ADDRESS = "twin-address"
