"""The one WSGI application: everything that entry points mount, and /healthz."""

from __future__ import annotations

import json
import logging
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from spatial.health import read_health

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

GROUP = "geoioc.wsgi"
ROOT = "root"
log = logging.getLogger(__name__)


@Request.application
def healthz(_request: Request) -> Response:
    """Health as JSON; 503 when the database is down."""
    status, body = read_health()
    text = json.dumps(body, ensure_ascii=False, indent=1)
    return Response(text, status=status, mimetype="application/json", headers={"Cache-Control": "no-store"})


def _load(point: EntryPoint) -> WSGIApplication:
    try:
        application: WSGIApplication = point.load()
    except ModuleNotFoundError as error:
        if error.name is None or not f"{point.module}.".startswith(f"{error.name}."):
            raise
        log.error("nothing is served below /%s: %s is not installed", point.name, point.module)
        return Response(f"{point.module} is not installed.\n", status=503, mimetype="text/plain")
    return application


@cache
def mounted() -> WSGIApplication:
    """The applications by prefix, built once per process."""
    found = {point.name: _load(point) for point in entry_points(group=GROUP)}
    root = found.pop(ROOT)
    prefixes = {f"/{name}": application for name, application in found.items()}
    return DispatcherMiddleware(root, {**prefixes, "/healthz": healthz})


def warm_up() -> None:
    """Ask every mounted application for its front page, so that what it builds at its first request is built."""
    client = Client(mounted())
    for point in entry_points(group=GROUP):
        client.get("/" if point.name == ROOT else f"/{point.name}/")


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """What gunicorn serves."""
    return mounted()(environ, start_response)
