"""Marks of a station as episodes with their verdicts, and the dialog before a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.table import data_table
from dash_app.i18n import say
from dash_app.ids import review_button
from dash_app.pages.stations.cells import flag_words
from layers.model import Parameter

type Row = dict[str, Any]

SHOWN = 60
NUMBERS = (3,)


def episode_table(rows: Sequence[Row], parameters: Mapping[str, Parameter], language: str) -> Component:
    """Newest first, with buttons to confirm, overrule or take back."""
    if not rows:
        return html.P(say("quality.none", language), className="chart-note empty")
    heads = [
        say(f"quality.column_{name}", language) for name in ("what", "mark", "when", "hours", "range", "verdict", "act")
    ]
    table = data_table(
        say("quality.title", language), heads, [_cells(row, parameters, language) for row in rows[:SHOWN]], NUMBERS
    )
    more = (
        [html.P(say("quality.more", language, n=SHOWN, total=len(rows)), className="chart-note")]
        if len(rows) > SHOWN
        else []
    )
    return html.Div([table, *more])


def _cells(row: Row, parameters: Mapping[str, Parameter], language: str) -> list[Any]:
    parameter = parameters.get(row["parameter"])
    name = parameter.title[language] if parameter else row["parameter"]
    marks = flag_words(row["flag"], language) or say("quality.by_hand", language)
    return [
        name,
        html.Span(marks, className="mark-words"),
        span_words(row["first"], row["last"]),
        str(row["n"]),
        _values(row, parameter, language),
        _verdict(row, language),
        html.Div(_buttons(row, name, language), className="row-tools"),
    ]


def span_words(first: datetime, last: datetime) -> str:
    """«12/11/2026 08:00 - 14/11/2026 09:00»; one time when it is one hour."""
    return formats.moment(first) if first == last else f"{formats.moment(first)} - {formats.moment(last)}"


def _values(row: Row, parameter: Parameter | None, language: str) -> str:
    if row["minimum"] is None:
        return say("quality.no_value", language)
    decimals, unit = (parameter.decimals, parameter.unit) if parameter else (1, "")
    low, high = (formats.number(row[name], decimals, language) for name in ("minimum", "maximum"))
    return f"{low if low == high else f'{low} - {high}'} {unit}".rstrip()


def _verdict(row: Row, language: str) -> Component:
    if row["verdict"] is None:
        return html.Span(say("quality.unjudged", language), className="muted")
    said = html.Span(say(f"quality.is_{row['verdict']}", language), className=f"chip verdict-{row['verdict']}")
    by = f"{row['actor']}, {formats.moment(row['created_at'])}: {row['note']}"
    return html.Div([said, html.Span(by, className="small-text muted")])


def _buttons(row: Row, name: str, language: str) -> list[Component]:
    first, last = row["first"].isoformat(), row["last"].isoformat()

    def button(action: str, review: int | str = "") -> Component:
        words = say(f"quality.{action}", language)
        return html.Button(
            words,
            id=review_button(action, row["series_id"], first, last, review),
            className="tool small",
            title=f"{words}: {name}, {span_words(row['first'], row['last'])}",
        )

    if row["verdict"] is not None:
        return [button("revoke", row["review_id"])]
    return [button("confirm"), button("overrule")]


def history_table(rows: Sequence[Row], parameters: Mapping[str, Parameter], language: str) -> Component | None:
    """Verdicts that were taken back: they stay in the history."""
    gone = [row for row in rows if row["revoked_at"] is not None]
    if not gone:
        return None
    heads = [say(f"quality.column_{name}", language) for name in ("what", "when", "verdict", "revoked")]
    cells = [
        [
            parameters[row["parameter"]].title[language] if row["parameter"] in parameters else row["parameter"],
            span_words(row["first"], row["last"]),
            f"{say('quality.is_' + row['verdict'], language)} - {row['actor']}: {row['note']}",
            f"{row['revoked_by']}, {formats.moment(row['revoked_at'])}",
        ]
        for row in gone
    ]
    table = data_table(say("quality.taken_back", language), heads, cells)
    return html.Details([html.Summary(say("quality.taken_back_n", language, n=len(gone))), table], className="more")


# ---------------------------------------------------------------- the dialog


def dialog_words(asked: Mapping[str, Any], language: str) -> list[Component]:
    """What will be stored, before it is."""
    title = html.H3(say(f"review.title_{asked['action']}", language), id="review-title")
    if asked["action"] == "note":
        line = say("review.of_note", language, at=asked["at"], kind=say(f"note.{asked['kind']}", language))
        return [title, html.P(line)]
    first, last = datetime.fromisoformat(asked["first"]), datetime.fromisoformat(asked["last"])
    lines = [html.P([html.B(asked["name"]), f": {span_words(first, last)}"])]
    lines.append(html.P(say(f"review.effect_{asked['action']}", language), className="muted"))
    return [title, *lines]
