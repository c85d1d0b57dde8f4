"""What people do on a station's page: judge values, take a verdict back, write into the log. Always with a name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dash import ALL, Dash, Input, Output, Patch, State, ctx, html, no_update
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.states import error_state
from dash_app.components.table import data_table
from dash_app.entry import read_moment
from dash_app.i18n import say
from dash_app.ids import Id
from dash_app.pages.station.layout import find_layer
from dash_app.pages.station.quality import dialog_words
from dash_app.pages.station.view import measured
from dash_app.state import read_language
from dash_app.station_services import StationServices
from spatial.errors import DatabaseUnavailable
from spatial.queries.reviews import ReviewRefused
from spatial.queries.station_notes import NoteRefused
from spatial.settings import LOCAL_ZONE

VERDICTS = {"confirm": "bad", "overrule": "good", "mark": "bad"}
BUTTONS = {"type": "review", "action": ALL, "series": ALL, "first": ALL, "last": ALL, "review": ALL}
STATE = {"station": State(Id.STATION, "data"), "search": State(Id.URL, "search")}


def register(app: Dash, reads: StationServices) -> None:
    """The callbacks of the actions."""

    # Two callbacks, for the buttons of the table come and go: an answer under way is dropped when its inputs change.
    @app.callback(
        output=Output(Id.REVIEW_ASKED, "data", allow_duplicate=True),
        inputs={"_clicks": Input(BUTTONS, "n_clicks")},
        state=dict(STATE),
        prevent_initial_call=True,
    )
    def ask_about_episode(_clicks: list[int | None], station: dict[str, str], search: str | None) -> Any:
        """Open the dialog about an episode of the table."""
        if not ctx.triggered or not ctx.triggered[0]["value"] or not isinstance(ctx.triggered_id, dict):
            return no_update
        asked = {name: ctx.triggered_id[name] for name in ("action", "series", "first", "last", "review")}
        return asked | {"name": series_name(reads, station, asked["series"], read_language(search))}

    @app.callback(
        output={
            "asked": Output(Id.REVIEW_ASKED, "data"),
            "message": Output(Id.REVIEW_MESSAGE, "children"),
            "note_message": Output(Id.NOTE_MESSAGE, "children"),
        },
        inputs={
            "_mark": Input(Id.REVIEW_MARK, "n_clicks"),
            "_note": Input(Id.NOTE_SAVE, "n_clicks"),
            "_cancel": Input(Id.REVIEW_CANCEL, "n_clicks"),
        },
        state=dict(STATE)
        | {
            "series": State(Id.REVIEW_PARAMETER, "value"),
            "first": State(Id.REVIEW_FROM, "value"),
            "last": State(Id.REVIEW_TO, "value"),
            "at": State(Id.NOTE_AT, "value"),
            "kind": State(Id.NOTE_KIND, "value"),
        },
        prevent_initial_call=True,
    )
    def ask_about_form(_mark: Any, _note: Any, _cancel: Any, **fields: Any) -> dict[str, Any]:
        """Open the dialog about the span or the entry of a form, or say what is missing for it."""
        language = read_language(fields["search"])
        nothing = {"asked": no_update, "message": no_update, "note_message": no_update}
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return nothing
        if ctx.triggered_id == Id.REVIEW_CANCEL:
            return nothing | {"asked": None}
        if ctx.triggered_id == Id.NOTE_SAVE:
            at = read_moment(fields["at"])
            if at is None or at > reads.services.now() + timedelta(hours=1):
                return nothing | {"note_message": say("note.when", language)}
            asked = {"action": "note", "at": formats.moment(at), "kind": fields["kind"]}
            return nothing | {"asked": asked, "note_message": ""}
        first, last = read_moment(fields["first"]), read_moment(fields["last"])
        if first is None or last is None or first > last or fields["series"] is None:
            return nothing | {"message": say("quality.when", language)}
        asked = {
            "action": "mark",
            "series": fields["series"],
            "first": first.isoformat(),
            "last": last.isoformat(),
            "review": "",
            "name": series_name(reads, fields["station"], fields["series"], language),
        }
        return nothing | {"asked": asked, "message": ""}

    @app.callback(
        output={
            "words": Output(Id.REVIEW_DIALOG, "children"),
            "hidden": Output(Id.REVIEW_BACK, "hidden"),
            "note": Output(Id.REVIEW_NOTE, "value"),
        },
        inputs={"asked": Input(Id.REVIEW_ASKED, "data")},
        state={"search": State(Id.URL, "search")},
        prevent_initial_call=True,
    )
    def open_dialog(asked: dict[str, Any] | None, search: str | None) -> dict[str, Any]:
        if asked is None:
            return {"words": [], "hidden": True, "note": ""}
        return {"words": dialog_words(asked, read_language(search)), "hidden": False, "note": ""}

    @app.callback(
        output={
            "asked": Output(Id.REVIEW_ASKED, "data", allow_duplicate=True),
            "words": Output(Id.REVIEW_DIALOG, "children", allow_duplicate=True),
            "message": Output(Id.REVIEW_MESSAGE, "children", allow_duplicate=True),
            "note_message": Output(Id.NOTE_MESSAGE, "children", allow_duplicate=True),
            "done": Output(Id.REVIEW_DONE, "data"),
            "waiting": Output(Id.REVIEW_TICK, "disabled"),
        },
        inputs={"_clicks": Input(Id.REVIEW_SAVE, "n_clicks")},
        state=STATE
        | {
            "asked": State(Id.REVIEW_ASKED, "data"),
            "note": State(Id.REVIEW_NOTE, "value"),
            "person": State(Id.PERSON, "value"),
            "done": State(Id.REVIEW_DONE, "data"),
        },
        prevent_initial_call=True,
    )
    def save(
        _clicks: Any,
        asked: dict[str, Any] | None,
        note: str | None,
        person: str | None,
        done: int,
        station: Any,
        search: str | None,
    ) -> dict[str, Any]:
        language = read_language(search)
        same = dict.fromkeys(("asked", "words", "message", "note_message", "done", "waiting"), no_update)
        if not _clicks or asked is None:
            return same
        needed = [("person.missing", person)] + ([] if asked["action"] == "revoke" else [("review.no_note", note)])
        missing = [say(key, language) for key, value in needed if not (value or "").strip()]
        if missing:
            return same | {"words": with_error(asked, " ".join(missing), language)}
        try:
            store(reads, station, asked, note or "", person or "")
        except (ReviewRefused, NoteRefused) as error:
            return same | {"words": with_error(asked, say("review.refused", language, why=str(error)), language)}
        except DatabaseUnavailable:
            return same | {"words": with_error(asked, say("error.database", language), language)}
        if asked["action"] == "note":
            return same | {"asked": None, "note_message": say("note.saved", language), "done": (done or 0) + 1}
        return same | {
            "asked": None,
            "message": say("quality.saved", language),
            "done": (done or 0) + 1,
            "waiting": False,
        }

    @app.callback(
        output={
            "message": Output(Id.REVIEW_MESSAGE, "children", allow_duplicate=True),
            "waiting": Output(Id.REVIEW_TICK, "disabled", allow_duplicate=True),
            "done": Output(Id.REVIEW_DONE, "data", allow_duplicate=True),
        },
        inputs={"_n": Input(Id.REVIEW_TICK, "n_intervals")},
        state={"done": State(Id.REVIEW_DONE, "data"), "search": State(Id.URL, "search")},
        prevent_initial_call=True,
    )
    def wait_for_rollup(_n: int, done: int, search: str | None) -> dict[str, Any]:
        """Ask how far the roll-up is; when it is done the page reads its numbers again."""
        language = read_language(search)
        run = reads.rollup_run()
        if run is None or run.state in ("queued", "running"):
            return {"message": say("quality.waiting", language), "waiting": False, "done": no_update}
        text = "quality.rolled_up" if run.state == "done" else "quality.failed"
        return {"message": say(text, language), "waiting": True, "done": (done or 0) + 1}

    @app.callback(
        output={"first": Output(Id.REVIEW_FROM, "value"), "last": Output(Id.REVIEW_TO, "value")},
        inputs={"selected": Input(Id.STATION_GRAPH, "selectedData")},
        prevent_initial_call=True,
    )
    def take_selection(selected: dict[str, Any] | None) -> dict[str, Any]:
        span = ((selected or {}).get("range") or {}).get("x")
        if not span:
            return {"first": no_update, "last": no_update}
        first, last = (_shown_moment(text) for text in sorted(map(str, span)))
        return {"first": first, "last": last}

    @app.callback(
        output=Output(Id.STATION_GRAPH, "figure", allow_duplicate=True),
        inputs={"clicks": Input(Id.REVIEW_SELECT, "n_clicks")},
        prevent_initial_call=True,
    )
    def select_in_chart(clicks: int | None) -> Any:
        figure = Patch()
        figure["layout"]["dragmode"] = "select"
        return figure

    @app.callback(
        output=Output(Id.STATION_LOG, "children"),
        inputs={"seen": Input(Id.STATION_SEEN, "data"), "_done": Input(Id.REVIEW_DONE, "data")},
        state=dict(STATE),
        prevent_initial_call=True,
    )
    def show_log(seen: list[str], _done: int, station: Any, search: str | None) -> Any:
        language = read_language(search)
        if "log" not in seen:
            return no_update
        layer = find_layer(station["layer"])
        assert layer is not None
        try:
            return log_table(reads.notes(layer, station["key"]), language)
        except DatabaseUnavailable:
            return error_state(say("error.database", language))


def series_name(reads: StationServices, station: dict[str, str], number: str, language: str) -> str:
    """Title of the parameter of a series of the station."""
    layer = find_layer(station["layer"])
    assert layer is not None
    rows = measured(layer, reads.series(layer, station["key"]))
    return next((parameter.title[language] for parameter, one in rows if str(one) == number), number)


def store(reads: StationServices, station: dict[str, str], asked: dict[str, Any], note: str, person: str) -> None:
    """Do what the dialog asked for.

    :raises ReviewRefused, NoteRefused: as the queries say.
    """
    if asked["action"] == "note":
        layer, at = find_layer(station["layer"]), read_moment(asked["at"])
        if layer is None or at is None:
            raise NoteRefused("The entry has no time.")
        reads.add_note(layer, station["key"], at, asked["kind"], note, person)
    elif asked["action"] == "revoke":
        reads.take_back(int(asked["review"]), person)
    else:
        first, last = datetime.fromisoformat(asked["first"]), datetime.fromisoformat(asked["last"])
        verdict: Any = VERDICTS[asked["action"]]
        reads.judge(int(asked["series"]), first, last, verdict, note, person)


def with_error(asked: dict[str, Any], sentence: str, language: str) -> list[Component]:
    """The dialog as it was, with what stands in the way."""
    return [*dialog_words(asked, language), html.P(sentence, className="form-error", role="alert")]


def _shown_moment(text: str) -> str:
    """Plotly's «2026-11-21 07:00:12.3» as the field shows it."""
    moment = datetime.fromisoformat(text[:19].strip()).replace(tzinfo=LOCAL_ZONE)
    return formats.moment(moment)


def log_table(rows: list[dict[str, Any]], language: str) -> Component:
    """Entries, newest event first."""
    if not rows:
        return html.P(say("note.none", language), className="chart-note empty")
    heads = [say(f"note.column_{name}", language) for name in ("at", "kind", "text", "by")]
    cells = [
        [
            formats.moment(row["happened_at"]),
            say(f"note.{row['kind']}", language),
            row["note"],
            html.Div([row["actor"], html.Span(formats.moment(row["created_at"]), className="small-text muted")]),
        ]
        for row in rows
    ]
    return data_table(say("note.title", language), heads, cells)
