"""Server and job worker as child processes."""

from __future__ import annotations

import sys


def server_command() -> list[str]:
    """gunicorn, configured by ``spatial/gunicorn_conf.py`` from our settings."""
    return [sys.executable, "-m", "gunicorn", "--config", "python:spatial.gunicorn_conf", "spatial.server:application"]
