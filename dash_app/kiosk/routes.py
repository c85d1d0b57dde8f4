"""The wall over HTTP: ``/kiosk``, ``/kiosk/setup``, ``/api/heartbeat``, ``/api/kiosk-beat?name=``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template_string, request

from dash_app import formats
from dash_app.address import read_address, site_map
from dash_app.i18n import say
from dash_app.kiosk import beats
from dash_app.kiosk.heartbeat import read_heartbeat, running_version
from dash_app.kiosk.playlist import PlaylistRefused, View, named_playlists, playlist_file, read_playlist
from dash_app.kiosk.presets import presets, title_of
from dash_app.services import Row, Services
from dash_app.state import read_language
from spatial.errors import DatabaseUnavailable

FOLDER = Path(__file__).resolve().parent
SILENT_SECONDS, LEAST_SILENT, MOST_SILENT = 20, 6, 600
WALL_TEXTS = (
    "data_at", "no_data", "late", "frozen", "old_picture", "reason.server", "reason.database", "reason.view",
    "reason.views", "again", "paused", "keys", "skipped", "age.seconds", *(f"weekday.{day}" for day in range(7)),
)  # fmt: skip
SETUP_TEXTS = (
    "setup.up",
    "setup.down",
    "setup.remove",
    "setup.copied",
    "setup.seconds",
    "setup.shown",
    "setup.address",
)


def build_kiosk_routes(services: Services, pages: tuple[str, ...]) -> Blueprint:
    """The blueprint of the wall; ``pages``: rules of the pages it may show."""
    running_version()  # before the server forks: all its processes say the same
    routes = Blueprint("geoioc_kiosk", __name__, static_folder="static", static_url_path="/kiosk/static")
    site = site_map(pages)

    def known(path: str) -> bool:
        return read_address(site, path, "") is not None

    @routes.get("/kiosk")
    def wall() -> Response:
        language = _language()
        try:
            views = read_playlist(request.args, request.args.getlist("view"), known, language)
        except PlaylistRefused as error:
            return Response(f"{error}\n", status=400, mimetype="text/plain")
        return _page("wall", _wall(services, views, language), language)

    @routes.get("/kiosk/setup")
    def setup() -> Response:
        language = _language()
        return _page("setup", _setup(services, known, language), language)

    @routes.get("/api/heartbeat")
    def heartbeat() -> Response:
        try:
            body, status = read_heartbeat(services), 200
        except DatabaseUnavailable as error:
            body, status = {"reason": "database", "message": str(error), "version": running_version()}, 503
        return _json(body, status)

    @routes.post("/api/kiosk-beat")
    def beat() -> Response:
        said = request.get_json(silent=True)
        if not isinstance(said, dict) or request.content_length is None or request.content_length > 4000:
            return _json({"message": "a JSON object is expected"}, 400)
        wall = beats.Wall(
            name=request.args.get("name", ""),
            at=services.now(),
            state="ok" if said.get("state") == "ok" else "alarm",
            view=str(said.get("view", ""))[:200],
            reason=str(said.get("reason", ""))[:200],
        )
        return _json({"ok": True}, 200) if beats.note_beat(wall) else _json({"message": "name not accepted"}, 400)

    @routes.get("/api/kiosk-walls")
    def walls() -> Response:
        now = services.now()
        found = beats.list_walls(now)
        return _json(
            {"walls": [vars(wall) | {"at": wall.at.isoformat(), "silent": wall.silent(now)} for wall in found]}, 200
        )

    return routes


def _wall(services: Services, views: list[View], language: str) -> dict[str, Any]:
    """What the wall's page and script need; without a database the wall opens too, and says so itself."""
    look = "light" if request.args.get("look") == "light" else "dark"
    try:
        province, units = services.province(), services.units()
    except DatabaseUnavailable:
        province, units = None, []
    silent = request.args.get("silent", type=int) or SILENT_SECONDS
    return {
        "look": look,
        "province": formats.unit_name(province, language) if province else say("app.short", language),
        "config": {
            "name": request.args.get("name", ""),
            "look": look,
            "silent": min(max(silent, LEAST_SILENT), MOST_SILENT),
            "version": running_version(),
            "lang": language,
            "texts": _texts(WALL_TEXTS, language) | {
                f"age.{name}": say(f"age.{name}", language) for name in ("minutes", "hours", "days")
            },
            "views": [
                {
                    "address": view.address,
                    "src": view.framed(language, look),
                    "seconds": view.seconds,
                    "title": view.title or title_of(view.address, units, language),
                }
                for view in views
            ],
        },
    }  # fmt: skip


def _setup(services: Services, known: Callable[[str], bool], language: str) -> dict[str, Any]:
    now = services.now()
    try:
        province, units = services.province(), services.units()
    except DatabaseUnavailable:
        province, units = None, []
    try:
        named, problem = named_playlists(language), ""
    except PlaylistRefused as error:
        named, problem = {}, str(error)
    return {
        "province": formats.unit_name(province, language) if province else say("app.short", language),
        "named": {name: len(views) for name, views in named.items()},
        "problem": problem,
        "file": str(playlist_file()),
        "walls": [_wall_row(wall, now, language) for wall in beats.list_walls(now)],
        "units": _units(units, province, language),
        "presets": [item for item in presets(language) if known(item["path"])],
        "config": {
            "lang": language,
            "texts": _texts(SETUP_TEXTS, language),
            "presets": [item for item in presets(language) if known(item["path"])],
        },
    }


def _wall_row(wall: beats.Wall, now: Any, language: str) -> dict[str, str]:
    if wall.silent(now):
        state, tone = say("kiosk.walls.silent", language, age=formats.age(now - wall.at, language)), "bad"
    elif wall.state != "ok":
        state, tone = f"{say('kiosk.walls.alarm', language)}: {wall.reason}", "bad"
    else:
        state, tone = say("kiosk.walls.ok", language), "good"
    return {"name": wall.name, "seen": formats.moment(wall.at), "state": state, "tone": tone, "view": wall.view}


def _units(units: list[Row], province: Row | None, language: str) -> list[tuple[str, str]]:
    """Former districts, then communes of today, for a drop-down."""
    if province is None:
        return []
    last = [row for row in units if row["level"] == "district"]
    today = [row for row in units if row["level"] == "commune" and row["valid_to"] is None]
    return [
        (row["key"], formats.unit_name(row, language)) for row in [*last, *sorted(today, key=lambda row: row["name"])]
    ]


def _texts(names: tuple[str, ...], language: str) -> dict[str, str]:
    return {name: say(f"kiosk.{name}", language) for name in names}


def _page(name: str, values: dict[str, Any], language: str) -> Response:
    source = (FOLDER / "templates" / f"{name}.html.jinja").read_text("utf-8")
    config = json.dumps(values.pop("config"), ensure_ascii=False).replace("</", "<\\/")
    page = render_template_string(
        source, **values, config=config, language=language, version=running_version(),
        t=lambda key, **given: say(f"kiosk.{key}", language, **given), centre=say("app.centre", language),
        synthetic=say("app.synthetic", language),
    )  # fmt: skip
    return Response(page, mimetype="text/html", headers={"Cache-Control": "no-store"})


def _json(body: Any, status: int) -> Response:
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status=status, mimetype="application/json", headers={"Cache-Control": "no-store"})


def _language() -> str:
    return read_language(f"?{request.query_string.decode()}")
