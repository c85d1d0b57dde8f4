"""Addresses of GeoReport v2, all below ``/open311/v2``; the ending of an address, or Accept, chooses XML or JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from dash_app.citizen import guards
from dash_app.citizen.services import CitizenServices
from dash_app.i18n.citizen_texts import CATEGORY_WORDS
from dash_app.open311 import answers
from dash_app.open311.answers import Format, Refused
from dash_app.open311.posting import check_channels, read_posted
from dash_app.open311.query import read_wanted
from dash_app.open311.records import request_record, service
from dash_app.services import Services
from spatial.errors import DatabaseUnavailable, ReportRefused
from spatial.feedback.rules import regulation
from spatial.feedback.sending import Limits, TooManyReports
from spatial.settings import citizen_settings, open311_settings, server_settings

MEGABYTE = 1_000_000
NOTICE = "Theo dõi, trả lời và đánh giá tại {url}"
PREFIX = "/open311/v2"


def build_open311_routes(services: Services) -> Blueprint:
    """The blueprint of ``/open311/v2/...`` over one set of services."""
    routes = Blueprint("geoioc_open311", __name__, url_prefix=PREFIX)
    citizens = CitizenServices(services)
    check_channels()

    def both(rule: str, **options: Any) -> Callable[[Callable[..., bytes]], Callable[..., bytes]]:
        """Register a resource under its name, ``.json`` and ``.xml``; it gives the body of the answer."""

        def register(build: Callable[..., bytes]) -> Callable[..., bytes]:
            def plain(**parts: Any) -> Response:
                return _answer(build(form=_accepted(), **parts))

            def ending(form: Format, **parts: Any) -> Response:
                return _answer(build(form=form, **parts))

            method = options.get("methods", ["GET"])[0]
            routes.add_url_rule(rule, f"{build.__name__}_{method}", plain, **options)
            routes.add_url_rule(f"{rule}.<any('json','xml'):form>", f"{build.__name__}_{method}_as", ending, **options)
            return build

        return register

    @both("/discovery")
    def discovery(form: Format) -> bytes:
        kind = "test" if services.synthetic() else "production"
        return answers.discovery_answer(server_settings().url + PREFIX, open311_settings().contact, kind, form)

    @both("/services")
    def list_services(form: Format) -> bytes:
        _check_jurisdiction()
        found = [service(category, _keywords(category.id)) for category in regulation().category]
        return answers.list_answer(answers.SERVICES, found, form)

    @both("/services/<code>")
    def definition(code: str, form: Format) -> bytes:
        _check_jurisdiction()
        if code not in regulation().categories:
            raise Refused(404, "service_code was not found.")
        return answers.definition_answer(code, form)

    @both("/requests")
    def list_requests(form: Format) -> bytes:
        _check_jurisdiction()
        wanted = read_wanted(request.args, regulation().categories, citizens.now())
        if wanted.ids:
            rows = [case.row for code in wanted.ids if (case := citizens.case(_code(code), own=False)) is not None]
        else:
            rows = citizens.requests(
                categories=wanted.services, statuses=wanted.statuses, first=wanted.first, last=wanted.last,
                limit=wanted.limit, offset=wanted.offset,
            )  # fmt: skip
        return _records(rows, form)

    @both("/requests/<code>")
    def one_request(code: str, form: Format) -> bytes:
        _check_jurisdiction()
        case = citizens.case(_code(code), own=False)
        if case is None:
            raise Refused(404, "service_request_id was not found.")
        return _records([case.row], form)

    @both("/tokens/<token>")
    def token(token: str, form: Format) -> bytes:
        """Tracking codes come at once, so a token is the code itself."""
        _check_jurisdiction()
        case = citizens.case(_code(token), own=False)
        if case is None:
            raise Refused(404, "token was not found.")
        found = {"service_request_id": case.row["tracking_code"], "token": case.row["tracking_code"]}
        return answers.list_answer(answers.REQUESTS, [found], form)

    @both("/requests", methods=["POST"])
    def post_request(form: Format) -> bytes:
        request.max_content_length = citizen_settings().megabytes * MEGABYTE
        photos = [file.read() for file in request.files.getlist("media") if file.filename]
        _check_jurisdiction(request.form.get("jurisdiction_id") or request.args.get("jurisdiction_id"))
        posted = read_posted(request.form, photos, regulation())
        settings = citizen_settings()
        limits = None if posted.trusted else Limits(settings.reports_per_hour, settings.reports_per_day)
        sent, _ = citizens.send(posted.report, posted.key, guards.sender(), limits)
        url = f"{server_settings().url}/phan-anh/{sent.code}?s={sent.secret}"
        record = {
            "service_request_id": sent.code,
            "service_notice": NOTICE.format(url=url),
            "account_id": request.form.get("account_id", "")[:100] or None,
        }
        return answers.list_answer(answers.REQUESTS, [record], form)

    def _records(rows: Sequence[dict[str, Any]], form: Format) -> bytes:
        rules = regulation()
        photos = citizens.public_photos([row["tracking_code"] for row in rows if row["public"]])
        base = f"{server_settings().url}/phan-anh/anh"
        found = [
            request_record(
                row, rules, f"{base}/{photos[row['tracking_code']]}.jpg" if row["tracking_code"] in photos else None
            )
            for row in rows
        ]
        return answers.list_answer(answers.REQUESTS, found, form)

    @routes.errorhandler(Refused)
    def _refused(error: Refused) -> Response:
        return _failed(error.status, error.description)

    @routes.errorhandler(ReportRefused)
    def _report_refused(error: ReportRefused) -> Response:
        return _failed(400, str(error))

    @routes.errorhandler(TooManyReports)
    def _too_many(error: TooManyReports) -> Response:
        answer = _failed(429, f"{error.sent} reports were sent from this address; the limit is reached.")
        answer.headers["Retry-After"] = str(max(1, int(error.wait.total_seconds())))
        return answer

    @routes.errorhandler(DatabaseUnavailable)
    def _unavailable(_: DatabaseUnavailable) -> Response:
        return _failed(503, "The database does not answer.")

    @routes.errorhandler(RequestEntityTooLarge)
    def _large(_: RequestEntityTooLarge) -> Response:
        return _failed(413, f"A report may have {citizen_settings().megabytes} MB in all.")

    @routes.errorhandler(HTTPException)
    def _other(error: HTTPException) -> Response:
        return _failed(error.code or 400, error.description or error.name)

    @routes.route("/", defaults={"rest": ""})
    @routes.route("/<path:rest>")
    def nothing(rest: str) -> Response:
        """Not the pages of the operations centre: a client gets an error it can read."""
        return _failed(404, f"There is no resource {rest or '/'} here; see discovery.")

    return routes


def _accepted() -> Format:
    best = request.accept_mimetypes.best_match(["application/json", "text/xml", "application/xml"], "text/xml")
    return "json" if best == "application/json" and request.headers.get("Accept", "*/*") != "*/*" else "xml"


def _form_of_request() -> Format:
    ending = request.path.rpartition(".")[2]
    return "json" if ending == "json" else "xml" if ending == "xml" else _accepted()


def _answer(body: bytes) -> Response:
    status = 201 if request.method == "POST" else 200
    answer = Response(body, status=status, content_type=answers.MIMES[_form_of_request()])
    answer.headers["Cache-Control"] = "no-store" if request.method == "POST" else "no-cache"
    answer.headers["Access-Control-Allow-Origin"] = "*"  # public data, no cookies
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _failed(status: int, description: str) -> Response:
    form = _form_of_request()
    body = answers.error_answer([Refused(status, description)], form)
    answer = Response(body, status=status, content_type=answers.MIMES[form])
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _check_jurisdiction(given: str | None = None) -> None:
    """jurisdiction_id may be left out; one that is not ours is not found."""
    own, given = open311_settings().jurisdiction, given or request.args.get("jurisdiction_id")
    if own and given and given != own:
        raise Refused(404, "jurisdiction_id was not found.")


def _code(code: str) -> str:
    return code.replace("\x00", "")[:60]


def _keywords(category: str) -> str:
    return CATEGORY_WORDS.get(category, "").replace(", ", ",")
