"""Files of a reporting month, and the cells of its heat map."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, Response, abort, request
from openpyxl import Workbook

from dash_app.i18n import say
from dash_app.pages.feedback_statistics.files import MIME_EXCEL, Sheet, sheets
from dash_app.statistics_services import StatisticsServices
from spatial.errors import DatabaseUnavailable


def build_statistics_routes(reads: StatisticsServices) -> Blueprint:
    """The blueprint of ``/api/feedback/statistics.csv``, ``.xlsx`` and ``/api/feedback/density``."""
    routes = Blueprint("geoioc_feedback_statistics", __name__, url_prefix="/api/feedback")

    @routes.errorhandler(DatabaseUnavailable)
    def _unavailable(_: DatabaseUnavailable) -> tuple[dict[str, str], int]:
        return {"message": say("error.database", _language())}, 503

    def tables() -> tuple[str, list[Sheet]]:
        asked = reads.read(request.args)
        if asked is None:
            abort(404)
        return f"phan-anh-{asked.unit['code']}-{asked.period:%Y-%m}", sheets(reads.month(asked), _language())

    @routes.get("/statistics.csv")
    def as_csv() -> Response:
        name, found = tables()
        return _file(csv_bytes(found, _language()), "text/csv; charset=utf-8", f"{name}.csv")

    @routes.get("/statistics.xlsx")
    def as_excel() -> Response:
        name, found = tables()
        return _file(excel_bytes(found), MIME_EXCEL, f"{name}.xlsx")

    @routes.get("/density")
    def density() -> dict[str, Any]:
        asked = reads.read(request.args)
        if asked is None:
            abort(404)
        rows = reads.density(asked)
        categories = sorted({row["category"] for row in rows})
        units = sorted({row["handling_unit"] for row in rows})
        at, by = ({value: i for i, value in enumerate(values)} for values in (categories, units))
        return {
            "categories": categories,
            "units": units,
            "cells": [
                [row["lon"], row["lat"], at[row["category"]], by[row["handling_unit"]], row["n"]] for row in rows
            ],
        }

    return routes


def _language() -> str:
    return "en" if request.args.get("lang") == "en" else "vi"


def _file(body: bytes, kind: str, name: str) -> Response:
    return Response(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def csv_bytes(found: list[Sheet], language: str) -> bytes:
    """All tables one below the other, for a spreadsheet of that language: byte order mark, its own separators."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter="," if language == "en" else ";", lineterminator="\r\n")
    for sheet in found:
        writer.writerow([sheet.title])
        writer.writerow(sheet.heads)
        writer.writerows([[_plain(cell, language) for cell in row] for row in sheet.rows])
        writer.writerow([])
    return ("\ufeff" + buffer.getvalue()).encode()


def _plain(cell: str | float | None, language: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        text = f"{cell:g}" if cell == int(cell) else f"{cell:.4f}".rstrip("0")
        return text if language == "en" else text.replace(".", ",")
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@" else str(cell)


def excel_bytes(found: list[Sheet]) -> bytes:
    """A workbook with a sheet per table; figures are numbers."""
    book = Workbook(write_only=True)
    for sheet in found:
        page = book.create_sheet(sheet.title[:31].replace("/", "-"))
        page.append(list(sheet.heads))
        for row in sheet.rows:
            page.append([f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@" else cell for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
