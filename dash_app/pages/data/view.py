"""Pure half of the data page: rows -> tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.attributes import extra
from dash_app.components.states import empty_state
from dash_app.components.table import data_table
from dash_app.i18n import say
from dash_app.i18n.texts import TEXTS
from dash_app.job_words import result_words, schedule_words
from layers.model import Layer
from layers.reasons import REASONS

type Row = dict[str, Any]


def layers_table(layers: Sequence[Layer], versions: Mapping[str, Row], language: str) -> Component:
    """The catalogue: who answers for a layer, under which licence, how fresh it is, and its feed."""
    heads = [
        say(key, language)
        for key in (
            "data.layer",
            "layer.agency",
            "data.features",
            "layer.updated",
            "data.cycle",
            "layer.licence",
            "data.basis",
            "data.feed",
        )
    ]
    rows = [_layer_row(layer, versions.get(layer.id), language) for layer in layers]
    return data_table(say("data.layers", language), heads, rows, numbers=(2,))


def _layer_row(layer: Layer, version: Row | None, language: str) -> list[Component | str]:
    never = html.Span(say("layer.never", language), className="muted")
    title = layer.title[language]
    feed: Component = html.Span(say("data.internal", language), className="chip")
    if layer.access == "public":
        feed = html.A(
            "OGC",
            href=f"/ogc/collections/{layer.id}",
            **extra({"aria-label": say("data.open_feed", language, name=title)}),
        )
    return [
        html.Span([title, html.Span(layer.description[language], className="muted small-text")]),
        layer.agency[language],
        formats.number(version["features"], 0, language) if version else never,
        formats.data_time(layer, version["data_until"], version["changed_at"]) if version else never,
        layer.update_cycle[language],
        layer.licence,
        layer.legal_basis or "",
        feed,
    ]


def _when(time: datetime | None, language: str) -> str:
    return formats.moment(time) if time else say("state.empty", language)


def state_chip(state: str | None, language: str) -> Component:
    """State of a run as a word."""
    name = state or "never"
    return html.Span(say(f"run.{name}", language), className=f"chip run-{name}")


def runs_table(runs: Sequence[Row], titles: Mapping[str, str], language: str) -> Component:
    """Newest ingest runs with their counts."""
    if not runs:
        return empty_state(say("data.no_runs", language))
    heads = [
        say(key, language)
        for key in (
            "data.layer",
            "data.source",
            "data.started",
            "data.state",
            "data.read",
            "data.new",
            "data.changed",
            "data.rejected",
            "data.flagged",
        )
    ]
    counts = ("rows_read", "rows_inserted", "rows_updated", "rows_rejected", "values_flagged")
    rows: list[list[Component | str]] = [
        [
            titles.get(run["layer_id"], run["layer_id"]),
            html.Span(str(run["source"]).rsplit("/", 1)[-1], title=run["source"]),
            formats.moment(run["started_at"]),
            html.Span(
                [
                    state_chip(run["state"], language),
                    *([html.Span(run["message"], className="muted small-text")] if run["message"] else []),
                ]
            ),
            *(formats.number(run[name], 0, language) for name in counts),
        ]
        for run in runs
    ]
    return data_table(say("data.runs", language), heads, rows, numbers=(4, 5, 6, 7, 8))


def quarantine_table(rows: Sequence[Row], titles: Mapping[str, str], language: str) -> Component:
    """Why rows were rejected."""
    if not rows:
        return empty_state(say("data.no_quarantine", language))
    heads = [say(key, language) for key in ("data.layer", "data.reason", "data.rows", "data.example")]
    cells: list[list[Component | str]] = [
        [
            titles.get(row["layer_id"], row["layer_id"]),
            html.Span(_reason(row["reason"], language), title=row["reason"]),
            formats.number(row["n"], 0, language),
            html.Span(row["example"], lang="vi"),
        ]
        for row in rows
    ]
    return data_table(say("data.quarantine", language), heads, cells, numbers=(2,))


def _reason(reason: str, language: str) -> str:
    words = REASONS[reason][language] if reason in REASONS else reason
    return words[:1].upper() + words[1:]


def jobs_table(jobs: Sequence[Row], language: str) -> Component:
    """Every job with its schedule and newest run; a running one shows its progress."""
    if not jobs:
        return empty_state(say("data.no_jobs", language))
    heads = [
        say(key, language)
        for key in ("data.job", "data.cron", "data.state", "data.progress", "data.finished", "data.message")
    ]
    cells: list[list[Component | str]] = [
        [
            _job_name(job["name"], language),
            html.Span(schedule_words(job["cron"], language), title=job["cron"]),
            state_chip(job["state"], language),
            _progress(job, language),
            _when(job["finished_at"], language) if job["finished_at"] else "",
            result_words(job["message"] or "", language),
        ]
        for job in jobs
    ]
    return data_table(say("data.jobs", language), heads, cells)


def _job_name(name: str, language: str) -> Component:
    known = f"job.{name}"
    title = [html.Span(say(known, language))] if known in TEXTS else []
    return html.Span([*title, html.Code(name, className="muted small-text" if title else "")])


def _progress(job: Row, language: str) -> Component | str:
    if job["state"] is None:
        return ""
    share = float(job["progress"] or 0)
    bar = html.Span(html.Span(style={"width": f"{share * 100:.0f}%"}), className="plan-bar")
    return html.Span([formats.percent(share, language), bar])
