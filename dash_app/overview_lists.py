"""Lists beside the indicators of a tab: facilities, cameras, stations, alerts, ways to other pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dash_app import formats
from dash_app.attention_words import Words, words_of
from dash_app.i18n import say
from dash_app.leader_services import LeaderServices
from layers.domains import Domain, TabList
from layers.indices import INDICES
from layers.registry import get_layer, registry
from spatial.access import connect
from spatial.alerts.words import SEVERITY_TITLES
from spatial.queries import alerts, attention, screens, station_index

type Row = dict[str, Any]

AIR_INDEX = "vn_aqi_hour"
WORST_SHOWN = 5
ALERTS_SHOWN = 6
EXCEPTIONS_SHOWN = 8


def read_lists(leaders: LeaderServices, domain: Domain, unit: Row, language: str) -> list[Row]:
    """The lists of a tab for one unit, each ``{kind, title, link, sentence, rows}``; rows are label, value, colour."""
    readers = {"features": _features, "cameras": _features, "stations": _stations, "alerts": _alerts}
    found: list[Row] = []
    for item in domain.lists:
        reader = readers.get(item.kind)
        content: Row = reader(leaders, item, unit, language) if reader else {}
        found.append({"kind": item.kind, "title": item.title[language], "link": item.link, "rows": []} | content)
    if domain.questions:
        found[-1]["rows"] = [{"label": question[language]} for question in domain.questions]
    return found


def read_exceptions(leaders: LeaderServices, domain: Domain, unit: Row, language: str) -> list[Row]:
    """What needs somebody in this domain and unit: the first ones of the home page's list."""
    with connect(leaders.services.actor) as conn:
        rows = attention.list_attention(conn, unit_id=unit["id"], domain=domain.id, limit=EXCEPTIONS_SHOWN)
    units, now = {row["id"]: row for row in leaders.services.units()}, leaders.services.now()
    return [_exception(row, words_of(row, units, now, language), language) for row in rows]


def _exception(row: Row, words: Words, language: str) -> Row:
    return {
        "words": words.title,
        "place": words.place,
        "since": words.since,
        "who": words.who,
        "severity": row["severity"],
        "severityWord": SEVERITY_TITLES[row["severity"]][language],
        "url": row["url"],
    }


def _features(leaders: LeaderServices, item: TabList, unit: Row, language: str) -> Row:
    """Objects of a layer by class, and by unit below."""
    layer = registry().get(item.layer or "")
    if layer is None:
        return {}
    below = leaders.children(unit)
    with connect(leaders.services.actor) as conn:
        rows = screens.feature_counts(conn, layer_id=layer.id, unit_ids=[unit["id"], *(row["id"] for row in below)])
    own = [row for row in rows if row["unit_id"] == unit["id"]]
    codes = {
        code.value: code for column in layer.columns if column.name == layer.overlay.style_by for code in column.codes
    }
    titles = {value: code.title[language] for value, code in codes.items()}
    colours = {value: code.colour for value, code in codes.items()}
    totals: Counter[int] = Counter()
    for row in rows:
        totals[row["unit_id"]] += row["n"]
    return {
        "total": totals[unit["id"]],
        "rows": [
            {
                "label": titles.get(row["code"]) or row["code"] or say("overview.no_class", language),
                "value": row["n"],
                "colour": colours.get(row["code"]),
            }
            for row in own
        ],
        "units": [
            {"key": row["key"], "label": formats.unit_name(row, language), "value": totals[row["id"]]}
            for row in sorted(below, key=lambda row: (-totals[row["id"]], row["name"]))
        ],
        "sentence": None
        if own
        else say("overview.no_layer", language, layer=layer.title[language], agency=layer.agency[language]),
    }


def _stations(leaders: LeaderServices, item: TabList, unit: Row, language: str) -> Row:
    """Stations of the unit by level of the index now, the worst by name."""
    layer = get_layer(item.layer or "")
    inside = {row["key"] for row in leaders.services.stations(layer) if unit["id"] in row["unit_ids"]}
    with connect(leaders.services.actor) as conn:
        rows = [
            row for row in station_index.latest_index(conn, layer=layer, index_id=AIR_INDEX) if row["key"] in inside
        ]
    index = INDICES[AIR_INDEX]
    known = sorted((row for row in rows if row["level"]), key=lambda row: -row["value"])
    return {
        "rows": [_station(row, index.level(row["level"]), language) for row in known[:WORST_SHOWN]],
        "total": len(rows),
        "sentence": None if rows else say("overview.no_station", language),
        "note": say("overview.stations_note", language, n=len(known), total=len(rows)) if rows else None,
    }


def _station(row: Row, level: Any, language: str) -> Row:
    return {
        "label": row["name"],
        "value": row["value"],
        "letter": level.letter,
        "colour": level.colour,
        "ink": level.text_colour,
        "note": f"{level.title[language]}, {formats.moment(row['time'])}",
        "url": f"/stations/air_observation/{row['key']}",
    }


def _alerts(leaders: LeaderServices, item: TabList, unit: Row, language: str) -> Row:
    """Open alerts of the unit, the first to look at first."""
    with connect(leaders.services.actor) as conn:
        rows = alerts.list_alerts(conn, states=["new", "acknowledged"], unit_id=unit["id"], limit=ALERTS_SHOWN)
    return {
        "rows": [
            {
                "label": row[f"title_{language}"],
                "note": formats.moment(row["started_at"]),
                "severity": row["severity"],
                "url": f"/alerts/{row['id']}",
            }
            for row in rows
        ],
        "sentence": None if rows else say("overview.no_alerts", language),
    }


def missing_words(titles: Sequence[str], agencies: Sequence[str], language: str) -> str:
    """Which figures are lacking, and who sends them."""
    return say("overview.lacking", language, titles="; ".join(titles), agencies=", ".join(dict.fromkeys(agencies)))
