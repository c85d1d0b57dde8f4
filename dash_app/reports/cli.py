"""``geoioc report``: reports as files, for the desk or a timer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from dash_app.report_routes import file_name
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
