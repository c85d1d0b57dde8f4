"""A briefing as HTML for the screen and as tagged PDF for paper: one template, one style sheet."""

from __future__ import annotations

import base64
from urllib.parse import urlencode

from markupsafe import Markup, escape

from dash_app.i18n import say
from dash_app.reports.briefing.content import Briefing
from dash_app.reports.briefing.view import context
from dash_app.reports.render import FOLDER, FONTS, _faces, _templates


def to_html(briefing: Briefing, language: str, query: dict[str, str]) -> str:
    """A page with links to the PDF; ``query`` is the address it was asked with."""
    return _page(briefing, language, query)


def to_pdf(briefing: Briefing, language: str) -> bytes:
    """The same on A4: fonts embedded, headings, tables and the drawing's words tagged for screen readers."""
    from weasyprint import HTML  # loads Pango: not before somebody asks for paper

    pdf = HTML(string=_page(briefing, language, None)).write_pdf(pdf_variant="pdf/ua-1")
    assert isinstance(pdf, bytes)
    return pdf


def _page(briefing: Briefing, language: str, query: dict[str, str] | None) -> str:
    screen = query is not None
    sheets = ("briefing.css", "briefing_screen.css") if screen else ("briefing.css",)
    style = "".join((FOLDER / name).read_text("utf-8") for name in sheets)
    style = style.replace("PAGE_WORD", say("report.page", language))
    values = context(briefing, language)
    if values["map"] is not None:
        values["map"]["picture"] = _picture(values["map"]["svg"], values["map"]["alt"])
    words = {name: say(f"report.{name}", language) for name in ("centre", "country", "motto", "synthetic", "station")}
    return (
        _templates()
        .get_template("briefing.html.jinja")
        .render(
            **values,
            **words,
            css=Markup(_faces("/assets/fonts" if screen else FONTS.as_uri()) + style),
            screen=screen,
            t=lambda key, **given: say(f"briefing.{key}", language, **given),
            links=links(query or {}, language),
        )
    )


def _picture(svg: str, alt: str) -> Markup:
    # As an image with words of its own, not as hundreds of paths in the page: a screen reader gets one sentence.
    data = base64.b64encode(svg.encode()).decode()
    return Markup(f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}">')


def links(query: dict[str, str], language: str) -> dict[str, str]:
    """Addresses of the bar above the page; they keep unit, month and the rest."""
    kept = {name: value for name, value in query.items() if name not in ("format", "lang")}
    own = {"lang": "en"} if language == "en" else {}
    other = {} if language == "en" else {"lang": "en"}
    place = {name: value for name, value in kept.items() if name == "unit"}

    def address(path: str, values: dict[str, str]) -> str:
        return path + (f"?{urlencode(values)}" if values else "")

    return {
        "pdf": address("/reports/briefing", kept | own | {"format": "pdf"}),
        "keep": address("/reports/briefing", kept | own),
        "other": address("/reports/briefing", kept | other),
        "home": address("/", place | own),
        "list": address("/briefings", place | own),
    }
