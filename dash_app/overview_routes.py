"""JSON answers of the overview: computed once for each state of the data, kept compressed, with an ETag."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from flask import Blueprint, Response, request

from dash_app.i18n import say
from dash_app.leader_services import LeaderServices
from dash_app.overview_read import read_frames, read_shapes, read_unit
from dash_app.services import Services
from layers.domains import DOMAINS
from spatial.access import connect
from spatial.errors import DatabaseUnavailable
from spatial.queries import indicators, overview

KEPT = 300  # answers of some 10 kB each


def build_overview_routes(services: Services) -> Blueprint:
    """The blueprint of ``/api/overview/...`` over one set of services."""
    routes = Blueprint("geoioc_overview", __name__, url_prefix="/api/overview")
    leaders = LeaderServices(services)
    kept = _Kept()

    def answered(name: str, build: Callable[[], Any]) -> Response:
        with connect(services.actor) as conn:
            mark = overview.mark(conn)
        etag = hashlib.sha256(f"{name}/{mark}/{services.units_mark()}/{services.today()}".encode()).hexdigest()[:20]
        if request.if_none_match.contains(etag):
            return _with_tag(Response(status=304), etag)
        body = kept.get(etag, build)
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return _with_tag(Response(gzip.decompress(body), mimetype="application/json"), etag)
        answer = Response(body, mimetype="application/json", headers={"Content-Encoding": "gzip"})
        return _with_tag(answer, etag)

    @routes.errorhandler(DatabaseUnavailable)
    def _unavailable(_: DatabaseUnavailable) -> tuple[dict[str, str], int]:
        return {"message": say("error.database", _language())}, 503

    @routes.get("/shapes")
    def shapes() -> Response:
        language = _language()
        return answered(f"shapes/{language}", lambda: read_shapes(leaders, language))

    @routes.get("/unit")
    def unit() -> Response | tuple[dict[str, str], int]:
        language, domain = _language(), request.args.get("domain", "")
        row = leaders.unit(request.args.get("unit"))
        if domain not in DOMAINS or row is None:
            return {"message": say("error.page" if row else "state.no_province", language)}, 404
        everything = request.args.get("all") == "1"
        return answered(
            f"unit/{row['key']}/{domain}/{language}/{everything}/{services.now():%H%M}"[:-1],  # exceptions: ten minutes
            lambda: read_unit(leaders, row, domain, language, everything=everything),
        )

    @routes.get("/frames")
    def frames() -> Response | tuple[dict[str, str], int]:
        language, code = _language(), request.args.get("code", "")
        if code not in indicators.catalogue():
            return {"message": say("error.theme", language)}, 404
        return answered(f"frames/{code}/{language}", lambda: read_frames(leaders, code, language))

    return routes


class _Kept:
    """Compressed answers by tag. Who asks for one that is being computed waits for it: twenty leaders, one query."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._running: dict[str, Lock] = {}
        self._lock = Lock()

    def get(self, tag: str, build: Callable[[], Any]) -> bytes:
        """The answer of that tag, computed when it is not there."""
        with self._lock:
            running = self._running.setdefault(tag, Lock())
        with running:
            with self._lock:
                if tag in self._answers:
                    self._answers.move_to_end(tag)
                    return self._answers[tag]
            text = json.dumps(build(), ensure_ascii=False, separators=(",", ":"))
            answer = gzip.compress(text.encode(), 5, mtime=0)
            with self._lock:
                self._answers[tag] = answer
                while len(self._answers) > KEPT:
                    gone, _ = self._answers.popitem(last=False)
                    self._running.pop(gone, None)
        return answer


def _with_tag(answer: Response, etag: str) -> Response:
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


def _language() -> str:
    return "en" if request.args.get("lang") == "en" else "vi"
