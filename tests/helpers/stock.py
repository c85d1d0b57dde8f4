"""pygeoapi as it comes, with its own PostgreSQL provider on our table: what we compare ourselves with."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from helpers.servers import free_port

LIMIT_SECONDS = 90


def stock_config(base: str, url: str, *, columns: list[str]) -> dict[str, Any]:
    """A configuration as pygeoapi's documentation writes it: one collection, ``parcel``."""
    texts = {"title": "stock", "description": "stock", "keywords": ["stock"], "keywords_type": "theme"}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": int(base.rsplit(":", 1)[1])},
            "url": base,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "limits": {"default_items": 100, "max_items": 5000},
            "map": {"url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png", "attribution": "-"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {**texts, "terms_of_service": "-", "url": base},
            "license": {"name": "-", "url": base},
            "provider": {"name": "-", "url": base},
            "contact": {"name": "-"},
        },
        "resources": {
            "parcel": {
                "type": "collection",
                "title": "parcel",
                "description": "parcel",
                "keywords": ["parcel"],
                "links": [],
                "extents": {
                    "spatial": {"bbox": [102, 8, 118, 24], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
                },
                "providers": [
                    {
                        "type": "feature",
                        "name": "PostgreSQL",
                        "data": url.replace("postgresql://", "postgresql+psycopg://"),
                        "options": {"search_path": ["layer", "public"]},
                        "id_field": "key",
                        "table": "parcel",
                        "geom_field": "geom",
                        "properties": columns,
                    }
                ],
            }
        },
    }


@contextmanager
def stock_server(url: str, folder: Path, *, columns: list[str]) -> Iterator[str]:
    """pygeoapi's own Flask application under the gunicorn settings of ours. Its base URL."""
    base = f"http://127.0.0.1:{free_port()}"
    folder.mkdir(exist_ok=True)
    config, openapi, log = folder / "config.yml", folder / "openapi.yml", folder / "stock.log"
    config.write_text(yaml.safe_dump(stock_config(base, url, columns=columns)), encoding="utf-8")
    own = os.environ | {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    pygeoapi = str(Path(sys.executable).with_name("pygeoapi"))
    generate = [pygeoapi, "openapi", "generate", str(config), "--output-file", str(openapi)]
    made = subprocess.run(generate, env=own, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    command = [sys.executable, "-m", "gunicorn", "--bind", base.removeprefix("http://"), "--worker-class", "gthread",
               "--threads", "4", "--log-level", "warning", "pygeoapi.flask_app:APP"]  # fmt: skip
    with open(log, "wb") as output:
        process = subprocess.Popen(command, env=own, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(f"{base}/collections/parcel/items?limit=1&f=json", process, log)
            yield base
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=30):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    raise AssertionError(f"stock pygeoapi does not answer; it said:\n{log.read_text()[-3000:]}")
