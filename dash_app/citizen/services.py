"""What the public pages and Open311 ask of the database, each call in its own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from dash_app.services import Services
from spatial.access import Actor, connect
from spatial.engine import Login
from spatial.errors import ReportRefused
from spatial.feedback.actions import act
from spatial.feedback.intake import NewReport, PlaceCheck, check_place
from spatial.feedback.rules import regulation
from spatial.feedback.secrets import verify_secret
from spatial.feedback.sending import Limits, Sent, send_once
from spatial.feedback.units import centre
from spatial.queries import feedback_cases, feedback_public
from spatial.queries.screens import freshness

type Row = dict[str, Any]
type Deed = Literal["citizen_answers", "rate", "reopen"]

CITIZEN = Actor("citizen", Login.APP)
CITIZEN_NAME = "Người dân"


@dataclass(frozen=True)
class Filters:
    """What of the published reports is shown; ``group``: open, late, done."""

    category: str | None = None
    group: str | None = None
    unit_id: int | None = None
    words: str | None = None
    first: datetime | None = None


@dataclass(frozen=True)
class Case:
    """A report with all that may be shown of it: to everybody, or to its reporter when ``own``."""

    row: Row
    timeline: list[Row]
    photos: list[Row]
    own: bool


@dataclass
class CitizenServices:
    """Reads and writes for citizens; ``actor`` names them in the log of the database."""

    services: Services
    actor: Actor = field(default=CITIZEN)

    def now(self) -> datetime:
        return self.services.now()

    # ---------------------------------------------------------------- sending

    def check(self, lon: float, lat: float, words: str, category: str | None) -> PlaceCheck:
        """What is known of a place; of the cases near it only those everybody may see."""
        with connect(self.actor) as conn:
            found = check_place(conn, lon=lon, lat=lat, text=words, category=category, now=self.now())
        found.near[:] = [row for row in found.near if row["public"]]
        return found

    def send(self, report: NewReport, key: str, address: str, limits: Limits | None) -> tuple[Sent, Row]:
        """Store a report once. Also gives the case as its reporter sees it.

        :raises ReportRefused: when it cannot be taken.
        :raises TooManyReports: when the address has used up its limits.
        """
        with connect(self.actor) as conn:
            sent = send_once(conn, report=report, key=key, address=address, limits=limits, now=self.now())
            row = feedback_cases.get_case(conn, code=sent.code, public=False, now=self.now())
        if row is None:
            raise ReportRefused("Phản ánh đã gửi trước đây không còn trong hệ thống.")
        return sent, row

    # ---------------------------------------------------------------- one report

    def knows(self, code: str, secret: str) -> bool:
        """Whether a private link is right."""
        with connect(self.actor) as conn:
            return verify_secret(conn, code=code, secret=secret)

    def case(self, code: str, *, own: bool) -> Case | None:
        """A report; ``own`` after its private link was checked. Steps among staff are never in it."""
        with connect(self.actor) as conn:
            row = feedback_cases.get_case(conn, code=code, public=not own, now=self.now())
            if row is None:
                return None
            steps = feedback_cases.timeline(conn, code=code, public=not own)
            photos = feedback_cases.photos(conn, code=code, public=not own)
        return Case(row, [step for step in steps if not step["internal"]], photos, own)

    def act(self, code: str, deed: Deed, **given: Any) -> None:
        """What a citizen does with a report.

        :raises FeedbackRefused: when the regulation does not allow it now.
        """
        with connect(self.actor) as conn:
            act(conn, code=code, action=deed, actor=CITIZEN_NAME, role="citizen", now=self.now(), **given)

    def handling_units(self) -> frozenset[str]:
        """Names of all handling units."""
        with connect(self.actor) as conn:
            return frozenset(row["name"] for row in feedback_cases.handling_units(conn)) | set(regulation().agencies)

    def centre(self) -> str:
        """Name of the centre that takes reports in."""
        return centre()

    # ---------------------------------------------------------------- all reports

    def page(self, filters: Filters, *, limit: int, offset: int) -> tuple[int, list[Row]]:
        """How many published reports there are, and some of them, newest first."""
        with connect(self.actor) as conn:
            wanted = _conditions(filters)
            n = feedback_cases.count_cases(conn, public=True, now=self.now(), **wanted)
            rows = feedback_cases.list_cases(
                conn, public=True, order="newest", limit=limit, offset=offset, now=self.now(), **wanted
            )
        return n, rows

    def points(self, filters: Filters, *, limit: int) -> list[Row]:
        """The newest published reports as points."""
        return self.page(filters, limit=limit, offset=0)[1]

    def period(self, period: date) -> Row | None:
        """Figures of a reporting month over the whole province; None when there are none."""
        province = self.services.province()
        if province is None:
            return None
        with connect(self.actor) as conn:
            return feedback_public.period(conn, unit_id=province["id"], period=period)

    def mark(self) -> str:
        """Changes whenever a report does."""
        with connect(self.actor) as conn:
            return freshness(conn, layers=["feedback", "admin_unit"])

    def requests(self, **wanted: Any) -> list[Row]:
        """Reports as Open311 lists them."""
        with connect(self.actor) as conn:
            return feedback_public.requests(conn, now=self.now(), **wanted)

    def public_photos(self, codes: Sequence[str]) -> dict[str, str]:
        """Hash of the first public photo by tracking code."""
        with connect(self.actor) as conn:
            return feedback_public.first_photos(conn, codes=codes)

    def photo_is_public(self, sha256: str) -> bool:
        """Whether everybody may see a photo."""
        with connect(self.actor) as conn:
            return feedback_public.photo_is_public(conn, sha256=sha256)


def _conditions(filters: Filters) -> dict[str, Any]:
    from_group: dict[str | None, dict[str, Any]] = {
        "late": {"overdue": True},
        "open": {"state": feedback_public.states_counting("backlog", "open")},
        "done": {"state": feedback_public.states_counting("processed")},
    }
    return {
        "category": filters.category, "unit_id": filters.unit_id, "query": filters.words,
        "received_from": filters.first, **from_group.get(filters.group, {}),
    }  # fmt: skip
