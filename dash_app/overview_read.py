"""What the overview's answers hold: outlines, one unit in one domain, frames of one indicator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash_app import formats
from dash_app.frames import last_districts, units_on
from dash_app.leader_services import FEWEST_CASES, LeaderServices, domain_codes, fair
from dash_app.overview_lists import missing_words, read_exceptions, read_lists
from dash_app.overview_view import card, fan, frames, projection, unusual
from layers.domains import DOMAINS
from spatial.access import connect
from spatial.months import list_months
from spatial.queries import indicators, outlook, overview, screens

type Row = dict[str, Any]

YEARS = 3
LEADING = 8  # cards of a tab before «all»


def read_shapes(leaders: LeaderServices, language: str) -> Row:
    """Province, former districts and communes of today: names, relations and outlines on one grid."""
    province = leaders.services.province()
    if province is None:
        return {"province": None, "units": []}
    units, today = leaders.services.units(), leaders.services.today()
    top = next(row for row in units if row["key"] == province["key"])
    shown = [top, *last_districts(units, today).units, *units_on(units, "commune", today)]
    with connect(leaders.services.actor) as conn:
        drawn = {row["id"]: row for row in overview.outlines(conn, unit_ids=[row["id"] for row in shown])}
    return {"province": top["key"], "units": [_shape(leaders, row, drawn[row["id"]], language) for row in shown]}


def _shape(leaders: LeaderServices, row: Row, drawn: Row, language: str) -> Row:
    trail = leaders.breadcrumb(row)
    return {
        "key": row["key"],
        "level": row["level"],
        "name": row["name"].split(" (")[0],
        "title": formats.unit_name(row, language),
        "former": trail[-2]["key"] if row["level"] == "commune" and len(trail) > 2 else None,
        "below": [unit["key"] for unit in leaders.children(row)] if row["level"] == "district" else None,
        "ended": row["valid_to"] is not None,
        "population": row["population"],
        "path": drawn["path"],
        "box": [int(drawn[side]) for side in ("left", "top", "right", "bottom")],
    }


def months_shown(leaders: LeaderServices, codes: Sequence[str]) -> list[date]:
    """Months of the time bar: three years up to the newest figure of the province."""
    newest = leaders.newest_month(codes) or leaders.services.today().replace(day=1)
    return list_months(date(newest.year - YEARS + 1, 1, 1), newest)


def read_unit(leaders: LeaderServices, unit: Row, domain_id: str, language: str, *, everything: bool) -> Row:
    """Cards, lists and exceptions of one unit in one domain."""
    domain, items = DOMAINS[domain_id], indicators.catalogue()
    every = domain_codes(domain_id)
    months = months_shown(leaders, every) if every else []
    known = _codes_with_figures(leaders, unit, every, months) if every else []
    codes = known if everything else known[:LEADING]
    content = _cards(leaders, unit, codes, months, language) if codes else []
    lacking = [items[code] for code in every if code not in known]
    return {
        "unit": unit["key"],
        "title": formats.unit_name(unit, language),
        "domain": domain_id,
        "times": [month.isoformat()[:7] for month in months],
        "cards": content,
        "more": len(known) - len(codes),
        "lacking": missing_words(
            [item.title[language] for item in lacking], [item.agency for item in lacking], language
        )
        if lacking
        else None,
        "senders": domain.senders[language],
        "lists": read_lists(leaders, domain, unit, language),
        "exceptions": read_exceptions(leaders, domain, unit, language),
    }


def _codes_with_figures(leaders: LeaderServices, unit: Row, codes: Sequence[str], months: Sequence[date]) -> list[str]:
    with connect(leaders.services.actor) as conn:
        found = indicators.history(conn, unit_ids=[unit["id"]], codes=codes, first=months[0], last=months[-1])
    known = {value.code for value in found if value.state != "plan"}
    return [code for code in codes if code in known]


def _cards(
    leaders: LeaderServices, unit: Row, codes: Sequence[str], months: Sequence[date], language: str
) -> list[Row]:
    ids, items = [unit["id"]], indicators.catalogue()
    span: dict[str, Any] = {"first": months[0], "last": months[-1]}
    with connect(leaders.services.actor) as conn:
        lines = indicators.kpi_months(conn, unit_ids=ids, codes=codes, months=months, pace=False)
        values = indicators.history(conn, unit_ids=ids, codes=codes, **span)
        forecasts = screens.indicator_forecasts(conn, unit_ids=ids, indicators=codes)
        outlooks = outlook.outlooks(conn, unit_ids=ids, codes=codes, year=months[-1].year)
        anomalies = outlook.anomalies(conn, unit_ids=ids, codes=codes, **span)
    found = []
    for code in codes:
        own = {month: fair(line, unit) for (_, other, month), line in lines.items() if other == code}
        if not own:
            continue
        newest = max(line.period for line in own.values())
        ahead = [row for row in forecasts if row["indicator"] == code and row["period"] and row["period"] > newest]
        content = card(items[code], own, [value for value in values if value.code == code], months, language)
        found.append(
            content
            | {
                "forecast": fan(ahead),
                "outlook": next((projection(row) for row in outlooks if row["code"] == code), None),
                "unusual": [unusual(row) for row in anomalies if row["code"] == code],
            }
        )
    return found


def read_frames(leaders: LeaderServices, code: str, language: str) -> Row:
    """One indicator for all communes of today and all former districts over the months of the time bar."""
    item = indicators.catalogue()[code]
    units, today = leaders.services.units(), leaders.services.today()
    shown = [*last_districts(units, today).units, *units_on(units, "commune", today)]
    months = months_shown(leaders, [code])
    ids = [row["id"] for row in shown]
    with connect(leaders.services.actor) as conn:
        found = indicators.kpi_months(conn, unit_ids=ids, codes=[code], months=months, pace=False)
        counted = overview.case_counts(conn, unit_ids=ids, codes=[code], first=months[0], last=months[-1])
    by_id = {row["id"]: row for row in shown}
    lines = {key: fair(line, by_id[key[0]]) for key, line in found.items()}
    cases = {(row["unit_id"], row["period"]): row["n"] for row in counted}
    return frames(item, lines, shown, months, cases, language) | {"fewest": FEWEST_CASES if cases else None}
