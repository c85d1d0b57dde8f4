"""Reads of the comparison: figures of both sides, the series of one indicator, values of the maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dash_app.leader_services import LeaderServices, Trend, domain_codes, last_day
from dash_app.outline_routes import units_drawn
from dash_app.pages.twin.view import Choice, Compared, Row, lines_of
from layers.model import Indicator
from spatial.access import connect
from spatial.queries import indicators
from spatial.queries.indicators import IndicatorValue


@dataclass(frozen=True)
class Picture:
    """One map: the units of a day with the value of a month."""

    day: date
    month: date
    units: Sequence[Row]
    values: Mapping[int, IndicatorValue]


@dataclass(frozen=True)
class Twin:
    """Everything the page shows."""

    choice: Choice
    unit_a: Row
    unit_b: Row
    lines: Sequence[Compared]
    indicator: Indicator
    trend_a: Trend
    trend_b: Trend
    map_a: Picture
    map_b: Picture


def read_twin(leader: LeaderServices, choice: Choice) -> Twin | None:
    """None when neither side has any figure in the domain, or there is no province."""
    unit_a, unit_b = leader.unit(choice.a.unit), leader.unit(choice.b.unit)
    month_a, month_b, code = choice.a.month, choice.b.month, choice.code
    if unit_a is None or unit_b is None or month_a is None or month_b is None or code is None:
        return None
    kpis_a = {card.kpi.indicator.code: card.kpi for card in leader.kpis(unit_a, choice.domain, month_a)}
    kpis_b = {card.kpi.indicator.code: card.kpi for card in leader.kpis(unit_b, choice.domain, month_b)}
    lines = lines_of(kpis_a, kpis_b, domain_codes(choice.domain), unit_a, unit_b, head=choice.head)
    if not lines:
        return None
    return Twin(
        choice,
        unit_a,
        unit_b,
        lines,
        indicators.catalogue()[code],
        leader.series(unit_a, code, month_a),
        leader.series(unit_b, code, month_b),
        read_map(leader, code, month_a),
        read_map(leader, code, month_b),
    )


def read_map(leader: LeaderServices, code: str, month: date) -> Picture:
    """Values of a month for the units of its last day: communes, before the reform the districts that report."""
    services = leader.services
    day = min(last_day(month), services.today())
    units = units_drawn(services, "commune", day)
    ids = [row["id"] for row in units]
    with connect(services.actor) as conn:
        found = indicators.history(conn, unit_ids=ids, codes=[code], first=month, last=month)
    values = {value.unit_id: value for value in found if value.state != "plan"}
    return Picture(day, month, units, values)
