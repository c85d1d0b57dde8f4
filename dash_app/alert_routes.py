"""Alerts for the public: an Atom feed and a CAP 1.2 message for each. Instrument alerts never stand here."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, request

from dash_app.services import Services
from spatial.access import connect
from spatial.alerts import cap
from spatial.errors import DatabaseUnavailable
from spatial.queries import alerts
from spatial.settings import alert_settings, server_settings

SHOWN = timedelta(days=7)  # what changed since then stays in the feed, cancellations too


def build_alert_routes(services: Services) -> Blueprint:
    """The blueprint of ``/alerts.atom`` and ``/alerts/<number>.cap``."""
    routes = Blueprint("geoioc_cap", __name__)

    def issuer() -> cap.Issuer:
        settings = alert_settings()
        status = "Test" if services.synthetic() else "Actual"  # made-up air must call nobody
        return cap.Issuer(settings.cap_sender, settings.sender_name, server_settings().url, status)

    def public() -> list[dict[str, Any]]:
        with connect(services.actor) as conn:
            return alerts.public_alerts(conn, since=services.now() - SHOWN)

    @routes.errorhandler(DatabaseUnavailable)
    def _unavailable(_: DatabaseUnavailable) -> tuple[str, int]:
        return "", 503

    @routes.get("/alerts.atom")
    def feed() -> Response:
        rows = public()
        updated = max((row["updated_at"] for row in rows), default=services.now().replace(minute=0, second=0))
        return _answer(cap.build_feed(rows, issuer(), updated=updated), "application/atom+xml")

    @routes.get("/alerts/<int:alert_id>.cap")
    def message(alert_id: int) -> Response:
        with connect(services.actor) as conn:
            row = alerts.public_alert(conn, alert_id=alert_id)
        if row is None:
            abort(404)
        return _answer(cap.build_cap(row, issuer()), cap.MIME)

    return routes


def _answer(body: bytes, kind: str) -> Response:
    answer = Response(body, content_type=f"{kind}; charset=utf-8")
    answer.set_etag(hashlib.sha256(body).hexdigest()[:20])
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer
