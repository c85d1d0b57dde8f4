"""Pure half of the page: rows of cameras -> words, tables, shapes on the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.address import Address
from dash_app.camera_services import CONDITIONS, Coverage
from dash_app.components.attributes import extra
from dash_app.components.table import data_table
from dash_app.i18n import say
from layers.registry import get_layer
from spatial.settings import CameraSettings

type Row = dict[str, Any]

GAPS_SHOWN = 60


def camera_link(key: str, address: Address) -> str:
    """Page of a camera; the unit and the language stay."""
    kept = {name: address.query[name] for name in ("unit", "lang") if name in address.query}
    return Address(f"/cameras/{quote(key, safe='')}", "", query=kept).link()


def condition_mark(row: Mapping[str, Any], language: str) -> Component:
    """A coloured dot with the condition in words."""
    words = say(f"cameras.{row['condition']}", language)
    return html.Span([html.Span(className="dot", style={"background": CONDITIONS[row["condition"]]}), words])


def condition_tabs(rows: Sequence[Row], address: Address) -> Component:
    """Numbers by condition, each a filter."""
    language, chosen = address.language, address.query.get("condition")
    counts = Counter(row["condition"] for row in rows)
    base = Address("/cameras", "/cameras", query=address.query)
    shown: list[tuple[str | None, int]] = [(None, len(rows)), *((name, counts[name]) for name in CONDITIONS)]
    return html.Nav(
        [
            html.A(
                [
                    html.Span(formats.number(count, 0, language), className="cameras-count"),
                    html.Span(
                        [
                            *([html.Span(className="dot", style={"background": CONDITIONS[name]})] if name else []),
                            say(f"cameras.{name or 'all'}", language),
                        ]
                    ),
                ],
                href=base.link(condition=name),
                className="cameras-tab",
                **extra({"aria-current": "true"} if name == chosen else {}),
            )
            for name, count in shown
            if count or name in (None, "online", "offline", chosen)
        ],
        className="cameras-tabs",
        **extra({"aria-label": say("cameras.condition", language)}),
    )


def camera_table(rows: Sequence[Row], address: Address, now: datetime) -> Component:
    """The list, those that need somebody first."""
    language = address.language
    if not rows:
        return html.P(say("cameras.none", language), className="muted")
    sectors = {code.value: code.title for code in get_layer("camera").columns[2].codes}
    heads = [say(f"cameras.{name}", language) for name in ("name", "sector", "condition", "last")]
    lines: list[list[Component | str]] = [
        [
            html.A(row["name"] or row["key"], href=camera_link(row["key"], address)),
            sectors[row["sector"]][language] if row["sector"] in sectors else "",
            html.Span([condition_mark(row, language), *_down(row, now, language)]),
            seen_last(row, now, language),
        ]
        for row in rows
    ]
    return data_table(say("cameras.list", language), heads, lines)


def _down(row: Row, now: datetime, language: str) -> list[Component]:
    words = []
    if row["reason"]:
        words.append(say(f"camera.reason.{row['reason']}", language))
    if row["down_since"]:
        age = formats.age(now - row["down_since"], language)
        words.append(say("cameras.since", language, time=formats.moment(row["down_since"]), age=age))
    return [html.Span(" · ".join(words), className="small-text muted")] if words else []


def seen_last(row: Row, now: datetime, language: str) -> str:
    """When the last picture came, by the probe or else by the inventory."""
    last = row["frame_at"] or row["last_seen"]
    if last is None:
        return say("cameras.never", language)
    return f"{formats.moment(last)} ({formats.age(now - last, language)})"


def gap_section(found: Coverage, address: Address) -> Component:
    """Places of one layer nobody sees, the farthest from any camera first."""
    language = address.language
    share = formats.number(100 * found.seen / found.places if found.places else 0, 0, language)
    words = say(
        "cameras.gaps_of", language, layer=found.layer.title[language],
        seen=formats.number(found.seen, 0, language), places=formats.number(found.places, 0, language), share=share,
        maybe=formats.number(found.maybe, 0, language),
    )  # fmt: skip
    if not found.gaps:
        return html.Div([html.H4(words), html.P(say("cameras.gaps_none", language), className="muted")])
    lines: list[list[Component | str]] = [
        [
            html.A(
                row["name"] or row["key"],
                href="#camera-map",
                **extra({"data-lon": str(row["lon"]), "data-lat": str(row["lat"])}),
            ),
            say("cameras.metres", language, n=formats.number(row["distance_m"], 0, language))
            if row["distance_m"] is not None
            else say("cameras.never", language),
        ]
        for row in found.gaps[:GAPS_SHOWN]
    ]
    heads = [say("cameras.place", language), say("cameras.distance", language)]
    rest = len(found.gaps) - GAPS_SHOWN
    more = [html.P(say("cameras.more", language, n=rest), className="muted")] if rest > 0 else []
    return html.Div([html.H4(words), data_table(words, heads, lines, numbers=(1,)), *more], className="cameras-gaps")


def map_shapes(rows: Sequence[Row], coverage: Sequence[Coverage], rules: CameraSettings, language: str) -> Row:
    """What the browser draws: cameras with their sectors (degrees clockwise from north, metres), and gaps."""
    return {
        "cameras": [
            {
                "key": row["key"],
                "name": row["name"] or row["key"],
                "at": [row["lat"], row["lon"]],
                "heading": row["heading"],
                "angle": row["field_of_view"] or rules.field_of_view,
                "reach": row["reach"] or rules.reach,
                "colour": CONDITIONS[row["condition"]],
                "words": say(f"cameras.{row['condition']}", language),
            }
            for row in rows
        ],
        "gaps": [
            {"name": row["name"] or row["key"], "at": [row["lat"], row["lon"]], "layer": found.layer.title[language]}
            for found in coverage
            for row in found.gaps
        ],
    }
