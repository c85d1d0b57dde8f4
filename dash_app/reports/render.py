"""A report as HTML for the screen and as PDF for paper: one template, one style sheet."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dash_app.reports.content import Report
from dash_app.reports.texts import word
from dash_app.reports.view import context

FOLDER = Path(__file__).resolve().parent / "templates"
FONTS = Path(__file__).resolve().parents[1] / "assets" / "fonts"
# A family of its own for each file: WeasyPrint mixes up the letters of two files of one family and weight.
SUBSETS = {"latin": "Be Vietnam Pro", "vietnamese": "Be Vietnam Pro VN"}
WEIGHTS = (400, 500, 600, 700)

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table it cuts


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _faces(base: str) -> str:
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight};'
        f' src: url("{base}/be-vietnam-pro-{subset}-{weight}-normal.woff2") format("woff2"); }}\n'
        for weight in WEIGHTS
        for subset, family in SUBSETS.items()
    )


def _page(report: Report, language: str, *, screen: bool, query: dict[str, str]) -> str:
    style = (FOLDER / "report.css").read_text("utf-8").replace("PAGE_WORD", word("page", language))
    base = "/assets/fonts" if screen else FONTS.as_uri()
    values = context(report, language)
    for section in values["sections"]:
        section["daily"], section["levels"] = (
            Markup(text) if text else None for text in (section["daily"], section["levels"])
        )
    values["map"] = Markup(values["map"]) if values["map"] else None
    return (
        _templates()
        .get_template("environment.html.jinja")
        .render(
            **values,
            css=Markup(_faces(base) + style),
            screen=screen,
            month_value=f"{report.month.first:%Y-%m}",
            scope_query={name: value for name, value in query.items() if name not in ("month", "format")},
            t=lambda key, **given: word(key, language, **given),
            pdf_link=f"/reports/environment?{urlencode(query | {'format': 'pdf'})}",
            stations_link="/stations" + ("?lang=en" if language == "en" else ""),
        )
    )


def to_html(report: Report, language: str, query: dict[str, str]) -> str:
    """A page with links to the PDF; ``query`` is the address it was asked with."""
    return _page(report, language, screen=True, query=query)


def to_pdf(report: Report, language: str) -> bytes:
    """The same on A4, fonts embedded."""
    from weasyprint import HTML  # loads Pango: not before somebody asks for paper

    pdf = HTML(string=_page(report, language, screen=False, query={})).write_pdf()
    assert isinstance(pdf, bytes)
    return pdf
