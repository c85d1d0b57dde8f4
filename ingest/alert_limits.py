"""Legal limits hour by hour: which bound was law, and how many hours a mean needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from layers.model import Limit, Parameter
from spatial.analysis.alert_rules import Floats
from spatial.settings import quality_settings

LONGEST_MEAN = 24  # a limit for a year is a matter of reports, not of alerts


def mean_share(hours: int) -> float:
    """Share of hours a mean needs."""
    settings = quality_settings()
    return settings.completeness_8h if hours <= 8 else settings.completeness_day


def bounds_by_hour(
    days: Sequence[date], parameter: Parameter, hours: int, *, below: bool
) -> tuple[Floats, Limit | None]:
    """The bound in force in each hour (NaN: none), and the newest limit among them."""
    by_day: dict[date, Limit | None] = {}
    for day in dict.fromkeys(days):
        fitting = [limit for limit in parameter.limits_on(day) if limit.hours == hours]
        by_day[day] = next((item for item in fitting if (item.low if below else item.high) is not None), None)
    chosen = [by_day[day] for day in days]
    bounds = [np.nan if limit is None else float((limit.low if below else limit.high) or 0.0) for limit in chosen]
    return np.array(bounds), next((limit for limit in reversed(chosen) if limit is not None), None)


def said(limit: Limit) -> dict[str, Any]:
    """Where a bound comes from, for the evidence."""
    return {"basis": limit.basis.model_dump(), "confirmed": limit.confirmed}
