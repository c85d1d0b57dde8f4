"""The briefing says what screens and database say, remembers what it said, and leaves nothing half done."""

from __future__ import annotations

import hashlib
import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from helpers.commands import geoioc
from helpers.databases import environment
from helpers.ingest import load, write_units
from helpers.receivers import mail_server
from pypdf import PdfReader
from sqlalchemy import text

from dash_app import formats
from dash_app.app import create_app
from dash_app.leader_services import LeaderServices
from dash_app.reports.briefing.content import Briefing, build_briefing
from dash_app.reports.briefing.facts import Change, changes, facts_of
from dash_app.reports.briefing.render import to_html, to_pdf
from dash_app.reports.briefing.request import read_wanted
from dash_app.reports.briefing.store import folder, keep, path_of, sweep
from dash_app.reports.request import ReportRefused
from dash_app.services import Services
from ingest.jobs import run_job
from ingest.jobs_briefing import make
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.progress import silent
from spatial.queries import briefings
from spatial.queries.attention import list_attention


def briefing_of(query: dict[str, str], actor: Any = OPERATOR) -> Briefing:
    services = Services(actor=actor)
    return build_briefing(services, read_wanted(services, query, "vi"))


@pytest.fixture(scope="module")
def briefing(province: str) -> Briefing:
    """Of the whole province, as anybody who clicks the button gets it."""
    return briefing_of({})


@pytest.fixture(scope="module")
def pdf(briefing: Briefing) -> PdfReader:
    return PdfReader(io.BytesIO(to_pdf(briefing, "vi")))


@pytest.fixture
def own_data(province_copy: str, tmp_path: Path) -> Iterator[Path]:
    """A province and a data folder to write in."""
    with environment(GEOIOC_DATA=str(tmp_path)):
        yield tmp_path


def words_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def rows_of(page: str) -> dict[str, list[str]]:
    """Cells of the indicator table by code."""
    found = re.findall(r'<tr data-code="(\w+)">(.*?)</tr>', page, re.S)
    return {code: [re.sub("<.*?>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for code, row in found}


# ---------------------------------------------------------------- the same numbers everywhere


def test_every_figure_is_the_one_of_the_screens_cards(briefing: Briefing, pdf: PdfReader) -> None:
    services = LeaderServices(Services(actor=OPERATOR))
    province = services.unit(None)
    assert province is not None
    screen = {card.kpi.indicator.code: card.kpi for card in services.kpis(province, None)}
    rows, words = rows_of(to_html(briefing, "vi", {})), words_of(pdf)
    assert len(rows) >= 8
    for code, (_, period, value, *_) in rows.items():
        line = screen[code]
        assert period == line.label("vi")
        assert value == formats.number(line.value, line.indicator.decimals, "vi")
        assert f"{period} {value}" in words, f"{code} stands in the PDF with another number"


def test_reported_figures_are_those_of_the_database(briefing: Briefing) -> None:
    rows = rows_of(to_html(briefing, "vi", {}))
    with connect(SYSTEM) as conn:
        stored = conn.execute(
            text(
                "SELECT DISTINCT ON (s.parameter) s.parameter, v.period, v.value FROM core.indicator_value v"
                " JOIN core.series s ON s.id = v.series_id WHERE s.unit_id = :unit AND s.parameter = ANY(:codes)"
                " ORDER BY s.parameter, v.period DESC,"
                " array_position(ARRAY['official', 'preliminary', 'estimate'], v.state)"
            ),
            {"unit": briefing.wanted.unit["id"], "codes": list(rows)},
        ).all()
    kpis = {card.kpi.indicator.code: card.kpi for card in briefing.all_cards}
    same = [row for row in stored if kpis[row.parameter].period == row.period]
    assert len(same) >= 5
    for code, _, value in same:
        assert rows[code][2] == formats.number(value, kpis[code].indicator.decimals, "vi")


def test_exceptions_come_in_the_order_and_words_of_the_first_page(briefing: Briefing, pdf: PdfReader) -> None:
    with connect(OPERATOR) as conn:
        lines = list_attention(conn, unit_id=briefing.wanted.unit["id"], limit=60)
    assert [item.key for item in briefing.attention] == [f"{row['subject']}:{row['key']}" for row in lines]
    words = words_of(pdf)
    for item in briefing.attention[:5]:
        assert item.text.vi in words


def test_the_ranking_is_that_of_the_screen_for_the_chosen_indicator(province: str) -> None:
    services = Services(actor=OPERATOR)
    one = briefing_of({"code": "budget_revenue"})
    assert one.map is not None
    screen = LeaderServices(services).ranking(one.wanted.unit, "budget_revenue", one.map.ranking.at, "today")
    assert [(row.unit["key"], row.value) for row in one.map.ranking.rows] == [
        (row.unit["key"], row.value) for row in screen.rows
    ]
    words = words_of(PdfReader(io.BytesIO(to_pdf(one, "vi"))))
    best = screen.rows[0]
    assert f"{formats.unit_name(best.unit, 'vi')} {formats.number(best.value, 1, 'vi')}" in words


def test_a_month_of_the_past_gives_the_figures_of_that_month(province: str) -> None:
    newest = max(card.kpi.period for card in briefing_of({}).all_cards if card.kpi.indicator.period == "month")
    earlier = date(newest.year - 1, newest.month, 1)
    past = briefing_of({"at": f"{earlier:%Y-%m}"})
    assert max(card.kpi.period for card in past.all_cards) <= earlier
    assert f"Xem tại tháng {earlier:%m/%Y}" in to_html(past, "vi", {})


def test_a_domain_narrows_figures_and_exceptions(province: str) -> None:
    health = briefing_of({"domain": "health"})
    assert {figures.domain for figures in health.figures} == {"health"}
    assert {card.kpi.indicator.domain for figures in health.figures for card in figures.cards} == {"health"}


# ---------------------------------------------------------------- paper


def test_the_pdf_is_tagged_short_and_holds_its_fonts(pdf: PdfReader) -> None:
    assert 2 <= len(pdf.pages) <= 4
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "vi"
    fonts = {name: font.get_object() for page in pdf.pages for name, font in page["/Resources"]["/Font"].items()}
    for font in fonts.values():
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        descriptor = inner["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), f"{font['/BaseFont']} is not embedded"


def test_every_page_has_its_number_and_the_map_its_sentence(briefing: Briefing, pdf: PdfReader) -> None:
    for number, page in enumerate(pdf.pages, 1):
        assert f"Trang {number}/{len(pdf.pages)}" in page.extract_text()
    assert re.search(r'<img src="data:image/svg\+xml[^>]*alt="Bản đồ [^"]+cao nhất', to_html(briefing, "vi", {}))


def test_english_is_complete(province: str) -> None:
    page = to_html(briefing_of({}), "en", {"lang": "en"})
    assert "Needs attention" in page
    visible = re.sub(r"<style.*?</style>|<img.*?>", "", page, flags=re.S)
    for word in ("Việc cần chú ý", "Chưa có số liệu", "Phản ánh của người dân", "ước tính"):
        assert word not in visible


# ---------------------------------------------------------------- addresses and command


def test_addresses_give_html_and_pdf_and_refuse_what_they_do_not_understand(province: str) -> None:
    client = create_app(Services()).server.test_client()
    page = client.get("/reports/briefing")
    assert page.status_code == 200
    assert 'id="download-pdf"' in page.text
    paper = client.get("/reports/briefing?format=pdf")
    assert paper.data.startswith(b"%PDF")
    assert "ban-tin_" in paper.headers["Content-Disposition"]
    for query in ("unit=9999", "at=2026-13", "at=2099-01", "domain=x", "code=x", "cycle=hourly", "format=doc"):
        refused = client.get(f"/reports/briefing?{query}")
        assert refused.status_code == 400, query
        assert refused.text.strip().endswith(".")


def test_the_command_writes_either_kind_of_file(province: str, tmp_path: Path) -> None:
    done = geoioc("report", "briefing", "--out", str(tmp_path / "a.html"), "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "Briefing" in (tmp_path / "a.html").read_text("utf-8")


# ---------------------------------------------------------------- what changed since the last one


def test_the_second_briefing_says_what_changed_since_the_first(own_data: Path) -> None:
    services = Services(actor=OPERATOR)
    wanted = read_wanted(services, {"cycle": "daily"}, "vi")
    first = keep(services, wanted, "vi")
    assert first.briefing.before is None
    assert "bản tin đầu tiên" in words_of(PdfReader(path_of_row(first.id)))
    gone = first.briefing.attention[0]
    revised = next(card.kpi for card in first.briefing.all_cards if card.kpi.indicator.code == "grdp")
    with connect(SYSTEM) as conn:
        subject, _, key = gone.key.partition(":")
        conn.execute(text("DELETE FROM derived.attention WHERE subject = :s AND key = :k"), {"s": subject, "k": key})
        conn.execute(
            text(
                "UPDATE core.indicator_value SET value = value + 100 WHERE period = :period AND series_id ="
                " (SELECT id FROM core.series WHERE parameter = 'grdp' AND unit_id = :unit)"
            ),
            {"period": revised.period, "unit": wanted.unit["id"]},
        )
    second = keep(services, wanted, "vi")
    found = changes(facts_of(first.briefing), facts_of(second.briefing))
    assert {(change.kind, change.name) for change in found} >= {("gone", gone.key), ("revised", "grdp")}
    words = words_of(PdfReader(path_of_row(second.id)))
    old, new = (formats.number(value, 1, "vi") for value in (revised.value, revised.value + 100))
    assert f"{old} → {new}" in words
    assert f"Đã hết: {gone.text.vi}" in words
    third = keep(services, wanted, "vi")
    assert changes(facts_of(second.briefing), facts_of(third.briefing)) == []


def path_of_row(number: int) -> Path:
    with connect(OPERATOR) as conn:
        row = briefings.get_briefing(conn, briefing_id=number)
    assert row is not None
    path = path_of(row["sha256"])
    assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]
    return path


def test_a_briefing_is_compared_with_the_last_of_its_own_unit_and_cycle(own_data: Path) -> None:
    services = Services(actor=OPERATOR)
    commune = next(row for row in services.units() if row["level"] == "commune" and row["valid_to"] is None)
    daily = keep(services, read_wanted(services, {"cycle": "daily"}, "vi"), "vi")
    weekly = build_briefing(services, read_wanted(services, {"cycle": "weekly"}, "vi"))
    elsewhere = build_briefing(services, read_wanted(services, {"cycle": "daily", "unit": commune["key"]}, "vi"))
    again = build_briefing(services, read_wanted(services, {"cycle": "daily"}, "vi"))
    assert weekly.before is None
    assert elsewhere.before is None
    assert again.before is not None
    assert again.before["id"] == daily.id


FIGURE = {"period": "2026-10-01", "value": 10.0, "state": "estimate", "plan": 100.0}
SILENT: dict[str, Any] = {"domain": None, "attention": {}, "figures": {}, "air": {}, "feedback": None}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"value": 11.0}, "revised"),
        ({"state": "official"}, "state"),
        ({"plan": 120.0}, "plan"),
        ({"period": "2026-11-01"}, "arrived"),
    ],
)
def test_each_difference_of_a_figure_is_named_once(change: dict[str, Any], kind: str) -> None:
    old, new = SILENT | {"figures": {"grdp": FIGURE}}, SILENT | {"figures": {"grdp": FIGURE | change}}
    assert changes(old, new) == [Change(kind, "grdp", FIGURE, FIGURE | change)]  # type: ignore[arg-type]
    assert changes(old, old) == []


def test_a_graver_exception_is_told_apart_from_a_lighter_and_from_a_new_one() -> None:
    def item(severity: str) -> dict[str, str]:
        return {"severity": severity, "vi": "a", "en": "a", "place_vi": "b", "place_en": "b"}

    old = SILENT | {"attention": {"x": item("minor"), "y": item("severe")}}
    new = SILENT | {"attention": {"x": item("severe"), "y": item("minor"), "z": item("minor")}}
    assert [(change.kind, change.name) for change in changes(old, new)] == [
        ("new", "z"), ("worse", "x"), ("better", "y"),
    ]  # fmt: skip
    assert changes(old, new | {"domain": "health"}) == [], "other subjects were asked about: nothing is gone"


# ---------------------------------------------------------------- units without data, jobs, killed jobs, e-mail


def test_a_unit_without_data_says_so(database: str, tmp_path: Path) -> None:
    load("admin_unit", write_units(tmp_path))
    page = to_html(briefing_of({}), "vi", {})
    assert "Hệ thống chưa có số liệu nào của đơn vị này." in page
    assert "Chưa có số liệu chỉ tiêu của đơn vị này." in page
    assert "Chưa có số liệu phản ánh của đơn vị này." in page
    assert to_pdf(briefing_of({}), "vi").startswith(b"%PDF")


def test_without_a_province_the_request_is_refused_and_the_job_has_nothing_to_do(database: str) -> None:
    with pytest.raises(ReportRefused, match="Chưa có đơn vị"):
        briefing_of({})
    assert "nothing made" in make("daily", silent)


def test_the_job_keeps_the_province_and_the_units_of_the_settings(own_data: Path) -> None:
    commune = next(r for r in Services().units() if r["level"] == "commune" and r["valid_to"] is None)
    with environment(GEOIOC_BRIEFING_ALSO=commune["code"]):
        assert run_job("briefing_daily") == "2 made"
    with connect(OPERATOR) as conn:
        rows = briefings.list_briefings(conn)
    assert {row["unit_key"] for row in rows} == {commune["key"], Services().province()["key"]}  # type: ignore[index]
    assert {row["cycle"] for row in rows} == {"daily"}
    assert len(list(folder().iterdir())) == 2


def test_the_briefings_leave_by_e_mail_when_somebody_is_to_get_them(own_data: Path) -> None:
    with (
        mail_server() as box,
        environment(
            GEOIOC_ALERT_SMTP_HOST="127.0.0.1", GEOIOC_ALERT_SMTP_PORT=str(box.port),
            GEOIOC_ALERT_SMTP_SECURITY="none", GEOIOC_ALERT_MAIL_FROM="ioc@tinh.vn",
            GEOIOC_BRIEFING_MAIL_TO="chu.tich@tinh.vn",
        ),
    ):  # fmt: skip
        assert make("weekly", silent) == "1 made; sent to 1 by e-mail"
        box.answer = "451 try later"
        assert "e-mail not sent" in make("weekly", silent)
    (mail,) = box.mails
    attached = next(mail.iter_attachments()).get_content()
    assert hashlib.sha256(attached).hexdigest() in {path.stem for path in folder().iterdir()}


# Makes a briefing in a process of its own that stops for good at one step, so that it can be killed there.
CHILD = """
import sys, time
from pathlib import Path
import dash_app.reports.briefing.store as store
from dash_app.reports.briefing.scheduled import make_scheduled
from spatial.progress import silent

def wait_here(*args, **kwargs):
    print("here", flush=True)
    time.sleep(600)

if sys.argv[1] == "replace":
    Path.replace = wait_here
else:
    store.briefings.put_briefing = wait_here
make_scheduled("daily", silent)
"""


@pytest.mark.parametrize("step", ["replace", "put_briefing"])
def test_a_job_killed_at_any_step_leaves_no_row_and_the_next_one_sweeps_its_files(own_data: Path, step: str) -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD, step], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "here"
    child.send_signal(signal.SIGKILL)
    child.wait(timeout=20)
    with connect(OPERATOR) as conn:
        assert briefings.list_briefings(conn) == []
    (left,) = folder().iterdir()
    assert sweep(Services()) == 0, "a file of this minute may belong to somebody who is still at work"
    os.utime(left, (time.time() - 7200,) * 2)
    assert make("daily", silent) == "1 made, 1 leftovers removed"
    with connect(OPERATOR) as conn:
        (row,) = briefings.list_briefings(conn)
    assert [path.name for path in folder().iterdir()] == [f"{row['sha256']}.pdf"]
