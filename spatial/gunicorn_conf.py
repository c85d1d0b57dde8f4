"""gunicorn reads this module: ``--config python:spatial.gunicorn_conf``."""

from __future__ import annotations

from gunicorn.arbiter import Arbiter

from spatial.engine import dispose_engines
from spatial.server import warm_up
from spatial.settings import data_settings, server_settings

_server = server_settings()
_log = data_settings().root / "log"
_log.mkdir(parents=True, exist_ok=True)

bind = f"{_server.host}:{_server.port}"
workers = _server.workers
threads = _server.threads
worker_class = "gthread"
preload_app = False
timeout = 120  # a process over the whole province may take its time
graceful_timeout = 10
accesslog = str(_log / "access.log")
# Without the query: private links of citizens and keys of channels stand in it.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s %(L)s "%(a)s"'
errorlog = "-"
loglevel = "warning"
proc_name = "geoioc"
control_socket_disable = True


def on_starting(_arbiter: Arbiter) -> None:
    """Import and build the applications once, before the workers are forked: half the time and half the memory.

    No connection crosses the fork; engines are a process's own.
    """
    warm_up()
    dispose_engines()
