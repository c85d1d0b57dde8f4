"""Indicators that usually move together: when both do, an unusual figure is an event rather than a slip of the pen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# (one, other, +1 in the same direction or -1 in opposite ones)
_PAIRS = (
    ("grdp", "industrial_output", 1),
    ("grdp", "retail_sales", 1),
    ("industrial_output", "electricity", 1),
    ("industrial_output", "exports", 1),
    ("exports", "imports", 1),
    ("exports", "fdi", 1),
    ("investment_total", "public_investment", 1),
    ("investment_total", "fdi", 1),
    ("public_investment", "budget_spending", 1),
    ("budget_revenue", "land_revenue", 1),
    ("new_enterprises", "jobs_created", 1),
    ("new_enterprises", "closed_enterprises", -1),
    ("tourists", "tourists_foreign", 1),
    ("tourists", "tourism_revenue", 1),
    ("tourists", "room_occupancy", 1),
    ("tourism_revenue", "retail_sales", 1),
    ("dengue_cases", "medical_visits", 1),
    ("medical_visits", "bed_occupancy", 1),
    ("traffic_accidents", "traffic_deaths", 1),
    ("dossiers_received", "dossiers_on_time", -1),
    ("dossiers_on_time", "satisfaction", 1),
    ("poverty_rate", "insurance_coverage", -1),
    ("pig_herd", "rice_output", 1),
    ("feedback_received", "feedback_overdue", 1),
    ("feedback_on_time", "feedback_satisfied", 1),
    ("feedback_on_time", "feedback_median_hours", -1),
)


def _both_ways() -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for one, other, sign in _PAIRS:
        table.setdefault(one, {})[other] = sign
        table.setdefault(other, {})[one] = sign
    return table


# By indicator: those related to it, with the sign.
RELATED: Mapping[str, Mapping[str, int]] = MappingProxyType(_both_ways())
