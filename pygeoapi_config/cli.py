"""``geoioc api``: generate the configuration, check it, serve it alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from layers.registry import registry
from pygeoapi_config.build import build_config, to_yaml
from pygeoapi_config.doors import Door, DoorClosed, open_doors
from pygeoapi_config.server import CONFIG_NAME, GENERATED, MOUNT, OPENAPI_NAME, create_app
from spatial.errors import GeoIOCError
from spatial.settings import server_settings

app = typer.Typer(help="The OGC feeds: build and check their configuration, serve them.", no_args_is_help=True)
console = Console()


class ApiOutOfDate(GeoIOCError):
    """The committed configuration is not what the layers say."""


def generate(folder: Path) -> tuple[Path, Path]:
    """Write configuration and OpenAPI of the layers into a folder."""
    from pygeoapi_config.openapi import build_openapi

    folder.mkdir(parents=True, exist_ok=True)
    config, openapi = folder / CONFIG_NAME, folder / OPENAPI_NAME
    config.write_text(to_yaml(build_config(registry())), encoding="utf-8")
    openapi.write_text(build_openapi(config), encoding="utf-8")
    return config, openapi


@app.command()
def build(folder: Annotated[Path, typer.Option(help="where to write")] = GENERATED) -> None:
    """Generate pygeoapi's configuration and OpenAPI from the layers."""
    for path in generate(folder):
        console.print(f"{path.name}: {path.stat().st_size // 1024} kB")


@app.command()
def check(
    url: Annotated[str | None, typer.Option(help="ask this running server instead: http://127.0.0.1:8050")] = None,
    timeout: Annotated[float, typer.Option(help="with --url: seconds to wait for one answer")] = 60.0,
) -> None:
    """Say whether the generated configuration is valid and up to date, or whether a running server answers."""
    if url is not None:
        _check_server(url, timeout)
        return
    from pygeoapi.config import validate_config

    config = build_config(registry())
    validate_config(config)
    committed = GENERATED / CONFIG_NAME
    if not committed.is_file() or committed.read_text(encoding="utf-8") != to_yaml(config):
        raise ApiOutOfDate("The generated configuration is not what the layers say: run `geoioc api build`.")
    kinds = [resource["type"] for resource in config["resources"].values()]
    console.print(f"Up to date: {kinds.count('collection')} collections, {kinds.count('process')} processes.")


def _check_server(url: str, timeout: float) -> None:
    """:raises DoorClosed: when one of the requests every client makes is not answered."""

    def tell(door: Door) -> None:
        state = "ok    " if door.fault is None else "CLOSED"
        console.print(f"{state} {door.seconds:6.2f} s  {door.name}", markup=False, highlight=False, soft_wrap=True)
        if door.fault is not None:
            console.print(f"       {door.path}: {door.fault}", markup=False, highlight=False, soft_wrap=True)

    doors = open_doors(url, timeout=timeout, tell=tell)
    shut = [door.name for door in doors if door.fault is not None]
    if shut:
        raise DoorClosed(f"{len(shut)} of {len(doors)} requests to {url} were not answered: {', '.join(shut)}.")
    console.print(f"{url} answers: {len(doors)} requests.", soft_wrap=True)


@app.command()
def serve() -> None:
    """Serve the feeds alone (development); `geoioc up` serves them with the screens."""
    from werkzeug.exceptions import NotFound
    from werkzeug.middleware.dispatcher import DispatcherMiddleware
    from werkzeug.serving import run_simple

    settings = server_settings()
    mounted = DispatcherMiddleware(NotFound(), {MOUNT: create_app()})
    console.print(f"{settings.url}{MOUNT}/")
    run_simple(settings.host, settings.port, mounted, threaded=True)
