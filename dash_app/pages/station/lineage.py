"""Where the numbers on a station's page come from: files and runs, rules of the roll-up, scales, limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.table import data_table
from dash_app.figures.linked import limit_words
from dash_app.i18n import say
from layers.indices import CONFIDENCE, INDICES
from layers.model import Layer, Parameter
from spatial.settings import quality_settings

type Row = dict[str, Any]


def lineage_block(layer: Layer, parameters: Sequence[Parameter], sources: Sequence[Row], language: str) -> Component:
    """The chain from file to figure, in the order in which it happens."""
    return html.Div(
        [
            _sources(layer, sources, language),
            _rollup(language),
            *_indices(layer, language),
            _limits(parameters, language),
        ]
    )


def _sources(layer: Layer, rows: Sequence[Row], language: str) -> Component:
    agency = f"{layer.agency[language]} · {layer.licence} · {layer.legal_basis or ''}".rstrip(" ·")
    if not rows:
        return html.Div([html.P(agency), html.P(say("lineage.no_runs", language), className="chart-note empty")])
    heads = [
        say(f"lineage.column_{name}", language) for name in ("source", "agency", "covers", "hours", "flagged", "loaded")
    ]
    cells = [
        [
            html.Div(
                [
                    html.Span(_file(row["source"])),
                    html.Span(
                        f"#{row['run_id']} · sha256 {str(row['sha256'] or '')[:12]}", className="small-text muted"
                    ),
                ]
            ),
            row["agency"] or layer.agency[language],
            f"{formats.moment(row['first'])} - {formats.moment(row['last'])}",
            formats.number(row["n"], 0, language),
            formats.number(row["values_flagged"] or 0, 0, language),
            formats.moment(row["finished_at"]) if row["finished_at"] else say("state.empty", language),
        ]
        for row in rows
    ]
    return html.Div([html.P(agency), data_table(say("lineage.title", language), heads, cells, (3, 4))])


def _file(source: str | None) -> str:
    return (source or "?").rsplit("/", 1)[-1]


def _rollup(language: str) -> Component:
    share = formats.number(quality_settings().completeness_hour * 100, 0, language)
    day = formats.number(quality_settings().completeness_day * 100, 0, language)
    return html.Div(
        [html.H3(say("lineage.rollup", language)), html.P(say("lineage.rollup_rule", language, share=share, day=day))],
        className="lineage-part",
    )


def _indices(layer: Layer, language: str) -> list[Component]:
    assert layer.series is not None
    shown = []
    for name in layer.series.indices:
        index = INDICES[name]
        rules = [
            html.Li(
                [
                    rule.text[language],
                    html.Span(f" {rule.source} - {CONFIDENCE[rule.confidence][language]}", className="muted"),
                ]
            )
            for rule in index.rules
        ]
        summary = html.Summary(f"{index.title[language]}: {index.source[language]} ({index.scale_version})")
        shown.append(html.Details([summary, html.Ul(rules, className="plain-list")], className="more"))
    return [html.Div([html.H3(say("lineage.indices", language)), *shown], className="lineage-part")] if shown else []


def _limits(parameters: Sequence[Parameter], language: str) -> Component:
    heads = [say(f"lineage.column_{name}", language) for name in ("parameter", "limit", "from", "until", "basis")]
    cells = []
    for parameter in parameters:
        for limit in parameter.limits:
            cells.append(
                [
                    parameter.title[language],
                    limit_words(limit, parameter, language),
                    formats.day(limit.valid_from) if limit.valid_from else "",
                    formats.day(limit.valid_to) if limit.valid_to else "",
                    limit.basis[language],
                ]
            )
    title = html.H3(say("lineage.limits", language))
    if not cells:
        return html.Div(
            [title, html.P(say("lineage.no_limits", language), className="muted")], className="lineage-part"
        )
    return html.Div([title, data_table(say("lineage.limits", language), heads, cells)], className="lineage-part")
