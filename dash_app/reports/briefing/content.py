"""What stands in a briefing: read from the same services as the screens, without words or layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dash_app.leader_services import Card, LeaderServices, Ranking, domain_codes, domain_of
from dash_app.reports.briefing.items import Item, read_items
from dash_app.reports.briefing.request import Cycle, Wanted
from dash_app.services import Row, Services
from layers.domains import DOMAINS
from layers.indices import INDICES, Index
from layers.model import Layer, Parameter
from layers.registry import registry
from spatial.access import Connection, connect
from spatial.months import add_months
from spatial.queries import briefings, feedback_stats, observations, station_index
from spatial.queries.attention import last_look
from spatial.settings import LOCAL_ZONE

HEADLINES = 3  # indicators of a domain in a briefing of all domains
AIR_DAYS = {"daily": 1, "weekly": 7, "once": 7}
FORECAST_HOURS = 24
MONTHS_SHOWN, FIELDS_SHOWN = 2, 6  # of feedback


@dataclass(frozen=True)
class DomainFigures:
    """Indicators of a domain."""

    domain: str
    cards: tuple[Card, ...]
    left_out: int  # indicators with figures that are not shown


@dataclass(frozen=True)
class MapPart:
    """What the map draws: units with a value each, the outline of the whole."""

    ranking: Ranking
    shapes: tuple[Row, ...]
    whole: Row | None


@dataclass(frozen=True)
class FeedbackPart:
    """Reporting months (the newest first) and the fields of the newest one."""

    months: tuple[Row, ...]
    fields: tuple[Row, ...]


@dataclass(frozen=True)
class AirPart:
    """Index of the stations of a network now, means over limits of the last days, forecast of the leading pollutant."""

    layer: Layer
    index: Index
    stations: tuple[Row, ...]  # newest index of each station of the unit, the worst first
    clock: datetime
    over: tuple[Row, ...]  # key, parameter, hours, days, n, last_day
    days: int
    parameter: Parameter | None
    peak: Row | None  # highest median of the next 24 hours: key, time, value


@dataclass(frozen=True)
class Briefing:
    """All of one briefing."""

    wanted: Wanted
    made_at: datetime
    data_until: datetime | None
    synthetic: bool
    month: date
    attention: tuple[Item, ...]
    attention_at: datetime | None  # when the job last looked
    figures: tuple[DomainFigures, ...]
    all_cards: tuple[Card, ...]
    map: MapPart | None
    feedback: FeedbackPart
    air: tuple[AirPart, ...]
    before: Row | None  # the briefing it is compared with
    places: dict[int, Row]  # shapes by unit id, for the marks on the map

    @property
    def cycle(self) -> Cycle:
        return self.wanted.cycle or "once"

    @property
    def empty(self) -> bool:
        """Whether nothing at all is known of the unit."""
        return not (self.attention or self.all_cards or self.feedback.months or self.air)


def build_briefing(services: Services, wanted: Wanted) -> Briefing:
    """Read all parts; ``made_at`` and the month at rest come from the services' clock."""
    leader, now, unit = LeaderServices(services), services.now(), wanted.unit
    cards = leader.kpis(unit, None, wanted.at)
    ranking = _ranking(leader, wanted, cards)
    at = wanted.at.isoformat()[:7] if wanted.at else None
    by_unit = {row["id"]: row for row in services.units()}
    with connect(services.actor) as conn:
        attention = read_items(conn, by_unit, unit_id=unit["id"], domain=wanted.domain, now=now)
        looked = last_look(conn)
        drawn = _drawn(conn, unit, ranking, attention)
        feedback = _feedback(conn, unit["id"], (wanted.at or services.today()).replace(day=1))
        before = briefings.newest_briefing(conn, unit_key=unit["key"], cycle=wanted.cycle, at=at, before=now)
    versions = services.layer_versions().values()
    newest = max((row["data_until"] for row in versions if row["data_until"]), default=None)
    by_id = {row["id"]: row for row in drawn}
    return Briefing(
        wanted=wanted,
        made_at=now,
        data_until=min(newest, now) if newest else None,
        synthetic=services.synthetic(),
        month=(wanted.at or services.today()).replace(day=1),
        attention=tuple(attention),
        attention_at=looked,
        figures=_figures(wanted.domain, cards),
        all_cards=tuple(cards),
        map=_map(unit, ranking, by_id),
        feedback=feedback,
        air=_air(services, unit, AIR_DAYS[wanted.cycle or "once"]),
        before=before,
        places=by_id,
    )


def _figures(domain: str | None, cards: Sequence[Card]) -> tuple[DomainFigures, ...]:
    """All of one domain; of all domains the leading ones of each."""
    by_domain: dict[str, list[Card]] = {}
    for card in cards:
        by_domain.setdefault(domain_of(card.kpi.indicator), []).append(card)
    found = []
    for name in [domain] if domain else DOMAINS:
        order = {code: place for place, code in enumerate(domain_codes(name))}
        own = sorted(by_domain.get(name, []), key=lambda card: order.get(card.kpi.indicator.code, len(order)))
        shown = own if domain else own[:HEADLINES]
        if shown:
            found.append(DomainFigures(name, tuple(shown), len(own) - len(shown)))
    return tuple(found)


def _ranking(leader: LeaderServices, wanted: Wanted, cards: Sequence[Card]) -> Ranking | None:
    """Of the indicator on the map: the one asked for, else the first leading one of which units below have figures."""
    own = {card.kpi.indicator.code: card.kpi for card in cards}
    names = [wanted.code] if wanted.code else [*domain_codes(wanted.domain or "socio_economic"), *own]
    for code in [name for name in names if name in own][:6]:
        found = leader.ranking(wanted.unit, code, wanted.at or own[code].period, wanted.via)
        if found.rows:
            return found
    return None


def _drawn(conn: Connection, unit: Row, ranking: Ranking | None, attention: Sequence[Item]) -> list[Row]:
    ids = {unit["id"], *(item.unit_id for item in attention)}
    if ranking is not None:
        ids |= {row.unit["id"] for row in ranking.rows} | {row["id"] for row in ranking.missing}
    return briefings.shapes(conn, unit_ids=sorted(ids))


def _map(unit: Row, ranking: Ranking | None, by_id: dict[int, Row]) -> MapPart | None:
    if ranking is None:
        return None
    ids = [*(row.unit["id"] for row in ranking.rows), *(row["id"] for row in ranking.missing)]
    return MapPart(ranking, tuple(by_id[number] for number in ids if number in by_id), by_id.get(unit["id"]))


def _feedback(conn: Connection, unit_id: int, month: date) -> FeedbackPart:
    # Reporting months run from the 25th: in the last days of a month the next one is under way.
    last = add_months(month, 1)
    found = feedback_stats.period_figures(conn, unit_ids=[unit_id], first=add_months(month, -2), last=last)
    months = found[: -MONTHS_SHOWN - 1 : -1]
    if not months:
        return FeedbackPart((), ())
    newest = months[0]["period"]
    fields = feedback_stats.period_figures(conn, unit_ids=[unit_id], first=newest, last=newest, by="category")
    return FeedbackPart(tuple(months), tuple(row for row in fields if row["received"])[:FIELDS_SHOWN])


def _air(services: Services, unit: Row, days: int) -> tuple[AirPart, ...]:
    found = []
    for layer in registry().values():
        index = next((INDICES[name] for name in (layer.series.indices if layer.series else ()) if _hourly(name)), None)
        if index is None:
            continue
        inside = {row["key"]: row for row in services.stations(layer) if unit["id"] in (row["unit_ids"] or ())}
        if inside:
            found.append(_network(services, layer, index, inside, days))
    return tuple(found)


def _hourly(name: str) -> bool:
    return INDICES[name].period == "hour"


def _network(services: Services, layer: Layer, index: Index, inside: dict[str, Row], days: int) -> AirPart:
    assert layer.series is not None
    clock = services.clock(layer)
    last = (clock.astimezone(LOCAL_ZONE) - timedelta(hours=1)).date()
    parameter = layer.series.parameters[0]
    with connect(services.actor) as conn:
        now = station_index.latest_index(conn, layer=layer, index_id=index.id, at=clock)
        over = station_index.exceedance_totals(conn, layer=layer, first=last - timedelta(days=days), last=last)
        future = observations.parameter_forecasts(
            conn, layer=layer, parameter=parameter.name, first=clock, last=clock + timedelta(hours=FORECAST_HOURS)
        )
    peak: Any = max((row for row in future if row["key"] in inside), key=lambda row: row["value"], default=None)
    stations = sorted(
        (row for row in now if row["key"] in inside), key=lambda row: (-(row["value"] or -1), row["name"])
    )
    return AirPart(
        layer, index, tuple(stations), clock, tuple(row for row in over if row["key"] in inside), days, parameter, peak
    )
