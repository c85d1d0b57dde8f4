"""The WSGI application mounted at /ogc: pygeoapi, our caches and errors around it.

``wsgi`` costs nothing to import; pygeoapi is configured and loaded by the first request, or by ``warm_up()``.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.registry import registry
from pygeoapi_config.build import build_config, to_yaml
from spatial.settings import data_settings, server_settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask import Flask

HERE = Path(__file__).resolve().parent
GENERATED = HERE / "generated"
CONFIG_NAME, OPENAPI_NAME = "pygeoapi.yml", "openapi.yml"
MOUNT = "/ogc"

_lock = threading.Lock()


def set_environment() -> None:
    """Fill the placeholders of the generated configuration from the settings."""
    jobs = data_settings().root / "ogc-jobs"
    jobs.mkdir(parents=True, exist_ok=True)
    os.environ["GEOIOC_OGC_URL"] = server_settings().url + MOUNT
    os.environ["GEOIOC_OGC_JOBS"] = str(jobs)
    os.environ["GEOIOC_OGC_PAGES"] = str(HERE)


def config_files() -> tuple[Path, Path]:
    """Configuration and OpenAPI file of the layers as they are.

    The committed pair when it fits; otherwise (another set of layers, GEOIOC_LAYERS) a pair made now.
    """
    wanted = to_yaml(build_config(registry()))
    committed = GENERATED / CONFIG_NAME
    if committed.is_file() and committed.read_text(encoding="utf-8") == wanted:
        return committed, GENERATED / OPENAPI_NAME
    from pygeoapi_config.openapi import build_openapi

    folder = data_settings().root / "ogc"
    folder.mkdir(parents=True, exist_ok=True)
    config, openapi = folder / CONFIG_NAME, folder / OPENAPI_NAME
    config.write_text(wanted, encoding="utf-8")
    openapi.write_text(build_openapi(config), encoding="utf-8")
    return config, openapi


@cache
def create_app() -> Flask:
    """pygeoapi's Flask application with our hooks; pygeoapi keeps it in a module, so there is one per process."""
    with _lock:
        set_environment()
        config, openapi = config_files()
        os.environ["PYGEOAPI_CONFIG"], os.environ["PYGEOAPI_OPENAPI"] = str(config), str(openapi)
        from pygeoapi import flask_app

        from pygeoapi_config import hooks, patches

        patches.apply()
        app = flask_app.APP
        hooks.install(app, flask_app.api_)
        return app


def warm_up() -> None:
    """Load pygeoapi and every plugin now, so that the first visitor does not wait for them."""
    app = create_app()
    with app.test_client() as client:
        client.get("/conformance?f=json")
        client.get("/processes?f=json")


def wsgi(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The application, for mounting at /ogc."""
    application: Any = create_app()
    _ask_for_json_results(environ)
    return application(environ, start_response)


def _ask_for_json_results(environ: WSGIEnvironment) -> None:
    """Results of a job are JSON unless a browser asks; pygeoapi answers HTML unless ``f=json`` is said."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    is_result = path.startswith("/jobs/") and path.endswith("/results")
    if is_result and "f=" not in query and "text/html" not in environ.get("HTTP_ACCEPT", ""):
        environ["QUERY_STRING"] = f"{query}&f=json" if query else "f=json"
