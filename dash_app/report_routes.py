"""Reports over HTTP: ``/reports/environment?unit=|station=&month=2026-10&format=html|pdf``."""

from __future__ import annotations

import unicodedata

from flask import Blueprint, Response, request

from dash_app.i18n import say
from dash_app.reports.content import Report
from dash_app.reports.render import to_html, to_pdf
from dash_app.reports.request import ReportRefused, make_report
from dash_app.reports.texts import word
from dash_app.services import Services
from dash_app.state import read_language
from spatial.errors import DatabaseUnavailable


def build_report_routes(services: Services) -> Blueprint:
    """The blueprint of ``/reports/...`` over one set of services."""
    routes = Blueprint("geoioc_reports", __name__, url_prefix="/reports")

    @routes.get("/environment")
    def environment() -> Response:
        language = read_language(f"?{request.query_string.decode()}")
        wanted = request.args.get("format", "html")
        if wanted not in ("html", "pdf"):
            return _refused(word("bad_format", language), 400)
        try:
            report = make_report(services, request.args, language)
        except ReportRefused as error:
            return _refused(str(error), 400)
        except DatabaseUnavailable:
            return _refused(say("error.database", language), 503)
        if wanted == "html":
            return Response(to_html(report, language, request.args.to_dict()), mimetype="text/html")
        answer = Response(to_pdf(report, language), mimetype="application/pdf")
        answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(report)}"'
        return answer

    return routes


def _refused(sentence: str, status: int) -> Response:
    return Response(sentence + "\n", status=status, mimetype="text/plain")


def file_name(report: Report) -> str:
    """«bao-cao-moi-truong_2026-10_song-ha.pdf»: letters every system can keep."""
    plain = unicodedata.normalize("NFD", report.scope.title.replace("Đ", "D").replace("đ", "d"))
    words = "".join(c if c.isascii() and c.isalnum() else "-" for c in plain if not unicodedata.combining(c))
    place = "-".join(part for part in words.lower().split("-") if part)
    return f"bao-cao-moi-truong_{report.month.first:%Y-%m}_{place}.pdf"
