"""``geoioc report``: reports as files, for the desk or a timer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from dash_app import briefing_routes
from dash_app.report_routes import file_name
from dash_app.reports.briefing.content import build_briefing
from dash_app.reports.briefing.render import to_html as briefing_html
from dash_app.reports.briefing.render import to_pdf as briefing_pdf
from dash_app.reports.briefing.request import read_wanted
from dash_app.reports.briefing.store import keep
from dash_app.reports.render import to_html, to_pdf
from dash_app.reports.request import make_report
from dash_app.services import Services
from spatial.access import SYSTEM

app = typer.Typer(help="Write reports as PDF or HTML.", no_args_is_help=True)
console = Console()


@app.callback()
def reports() -> None:
    """Write reports as PDF or HTML."""


@app.command()
def environment(
    month: Annotated[str | None, typer.Option(help="Month, for example 2026-10; default: the last whole one.")] = None,
    unit: Annotated[str | None, typer.Option(help="Key or code of a unit; default: the province.")] = None,
    station: Annotated[str | None, typer.Option(help="A station, for example air_observation:KK01.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write, .pdf or .html; default: a PDF named by scope.")
    ] = None,
    lang: Annotated[str, typer.Option(help="vi or en.")] = "vi",
) -> None:
    """The monthly environment report of the province, a unit or a station."""
    if lang not in ("vi", "en"):
        raise typer.BadParameter("the languages are vi and en", param_hint="--lang")
    if out is not None and out.suffix.lower() not in (".pdf", ".html"):
        raise typer.BadParameter("the file must end in .pdf or .html", param_hint="--out")
    query = {name: value for name, value in (("month", month), ("unit", unit), ("station", station)) if value}
    report = make_report(Services(actor=SYSTEM), query, lang)
    path = out or Path(file_name(report))
    if path.suffix.lower() == ".html":
        path.write_text(to_html(report, lang, query), "utf-8")
    else:
        path.write_bytes(to_pdf(report, lang))
    console.print(f"{path}: {report.scope.title}, {report.month.first:%m/%Y}, {len(report.sections)} networks")


@app.command()
def briefing(
    unit: Annotated[str | None, typer.Option(help="Key or code of a unit; default: the province.")] = None,
    cycle: Annotated[
        str | None, typer.Option(help="daily, weekly or once: keep it, so that the next one says what changed.")
    ] = None,
    at: Annotated[str | None, typer.Option(help="Month, for example 2026-10; default: today.")] = None,
    via: Annotated[str, typer.Option(help="today: by commune; former: by former district.")] = "today",
    domain: Annotated[str | None, typer.Option(help="Only one domain, for example health.")] = None,
    code: Annotated[str | None, typer.Option(help="Indicator on the map, for example grdp.")] = None,
    form: Annotated[str | None, typer.Option("--format", help="pdf or html; default: as the file ends.")] = None,
    out: Annotated[Path | None, typer.Option(help="File to write; default: a PDF named by unit and day.")] = None,
    lang: Annotated[str, typer.Option(help="vi or en.")] = "vi",
) -> None:
    """The briefing of the province, a former district or a commune."""
    if lang not in ("vi", "en"):
        raise typer.BadParameter("the languages are vi and en", param_hint="--lang")
    form = form or (out.suffix.lower().lstrip(".") if out else "pdf")
    if form not in ("pdf", "html"):
        raise typer.BadParameter("the formats are pdf and html", param_hint="--format")
    given = {"unit": unit, "cycle": cycle, "at": at, "via": via, "domain": domain, "code": code}
    query = {name: value for name, value in given.items() if value}
    services = Services(actor=SYSTEM)
    wanted = read_wanted(services, query, lang)
    if cycle:
        kept = keep(services, wanted, lang)
        made, pdf = kept.briefing, kept.path.read_bytes()
    else:
        made = build_briefing(services, wanted)
        pdf = briefing_pdf(made, lang) if form == "pdf" else b""
    path = out or Path(briefing_routes.file_name(made)).with_suffix(f".{form}")
    path.write_bytes(briefing_html(made, lang, query).encode() if form == "html" else pdf)
    remembered = "kept" if cycle else "not kept (no --cycle)"
    console.print(f"{path}: {made.wanted.unit['name']}, {len(made.attention)} items, {remembered}")
