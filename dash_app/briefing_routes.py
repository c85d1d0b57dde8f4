"""Briefings over HTTP: ``/reports/briefing?unit=KEY&at=2026-10&via=former&domain=health&format=html|pdf``.

GET makes one and forgets it; POST keeps it, so that the next one can say what changed. ``/reports/briefings/7.pdf`` is
one that was kept.
"""

from __future__ import annotations

import unicodedata
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from dash_app import formats
from dash_app.i18n import say
from dash_app.reports.briefing.content import Briefing, build_briefing
from dash_app.reports.briefing.render import to_html, to_pdf
from dash_app.reports.briefing.request import read_wanted
from dash_app.reports.briefing.store import keep, stored_file
from dash_app.reports.request import ReportRefused
from dash_app.services import Services
from dash_app.state import read_language
from spatial.access import connect
from spatial.errors import DatabaseUnavailable
from spatial.queries import briefings
from spatial.settings import LOCAL_ZONE


def build_briefing_routes(services: Services) -> Blueprint:
    """The blueprint of briefings over one set of services."""
    routes = Blueprint("geoioc_briefings", __name__, url_prefix="/reports")

    @routes.errorhandler(ReportRefused)
    def _refused(error: ReportRefused) -> Response:
        return _sentence(str(error), 400)

    @routes.errorhandler(DatabaseUnavailable)
    def _unavailable(_: DatabaseUnavailable) -> Response:
        return _sentence(say("error.database", _language()), 503)

    @routes.get("/briefing")
    def show() -> Response:
        language, wanted = _language(), request.args.get("format", "html")
        if wanted not in ("html", "pdf"):
            return _sentence(say("report.bad_format", language), 400)
        briefing = build_briefing(services, read_wanted(services, request.args, language))
        if wanted == "html":
            return Response(to_html(briefing, language, request.args.to_dict()), mimetype="text/html")
        answer = Response(to_pdf(briefing, language), mimetype="application/pdf")
        answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(briefing)}"'
        return answer

    @routes.post("/briefing")
    def keep_one() -> AnyResponse:
        language = _language()
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return _sentence(say("briefing.foreign", language), 403)
        kept = keep(services, read_wanted(services, request.args, language), language)
        query = {"unit": kept.briefing.wanted.unit["key"]} | ({"lang": "en"} if language == "en" else {})
        return redirect(f"/briefings?{urlencode(query)}", 303)

    @routes.get("/briefings/<int:number>.pdf")
    def kept_file(number: int) -> Response:
        with connect(services.actor) as conn:
            row = briefings.get_briefing(conn, briefing_id=number)
        path = stored_file(row) if row else None
        if row is None or path is None:
            return _sentence(say("briefing.no_file", _language()), 404)
        name = f"ban-tin_{row['unit_key']}_{row['made_at'].astimezone(LOCAL_ZONE):%Y-%m-%d_%H%M}.pdf"
        return send_file(path, mimetype="application/pdf", download_name=name, as_attachment="download" in request.args)

    return routes


def file_name(briefing: Briefing) -> str:
    """«ban-tin_tinh-song-ha_2026-11-22.pdf»: letters every system can keep."""
    title = formats.unit_name(briefing.wanted.unit, "vi").replace("Đ", "D").replace("đ", "d")
    plain = unicodedata.normalize("NFD", title)
    words = "".join(c if c.isascii() and c.isalnum() else "-" for c in plain if not unicodedata.combining(c))
    place = "-".join(part for part in words.lower().split("-") if part)
    return f"ban-tin_{place}_{briefing.made_at.astimezone(LOCAL_ZONE):%Y-%m-%d}.pdf"


def _language() -> str:
    return read_language(f"?{request.query_string.decode()}")


def _sentence(text: str, status: int) -> Response:
    return Response(text + "\n", status=status, mimetype="text/plain")
