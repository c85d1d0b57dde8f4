"""``/phan-anh/danh-sach``: published reports with filters, their map, and figures of a reporting month."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from dash_app import formats
from dash_app.citizen import view
from dash_app.citizen.pages import language_of_request, linker, map_data, render, script_data
from dash_app.citizen.services import CitizenServices, Filters
from dash_app.i18n import say
from spatial.feedback.rules import regulation
from spatial.months import add_months
from spatial.queries.feedback_rollup import period_of, period_span

ADDRESS = "/phan-anh/danh-sach"
PAGE_SIZE, MOST_POINTS, MOST_PAGES = 20, 2000, 100_000
DAYS = {"30": 30, "90": 90, "365": 365, "all": None}
GROUPS = ("open", "late", "done")
MONTH = re.compile(r"^(20\d\d)-(0[1-9]|1[0-2])$")


def add_listing(routes: Blueprint, citizens: CitizenServices) -> None:
    """Add the list and ``/phan-anh/diem.json``, the points of its map."""

    @routes.get("/danh-sach")
    def listing() -> Response:
        language, rules, now = language_of_request(), regulation(), citizens.now()
        frame = view.Frame(rules, now, language)
        communes = _communes(citizens, language)
        chosen = _chosen(request.args, communes)
        filters = _filters(chosen, communes, citizens)
        number = _page(request.args.get("trang"))
        count, rows = citizens.page(filters, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
        pages = max(1, -(-count // PAGE_SIZE))
        link = linker(language)
        query = _query(chosen)
        period = _period(request.args.get("ky"), citizens)

        def address(**changes: str) -> str:
            merged = {name: value for name, value in (query | changes).items() if value}
            return link(ADDRESS + (f"?{urlencode(merged)}" if merged else ""))

        return render(
            citizens.services, "list", here="list", with_map=True,
            month=_month(period, citizens, frame, address), figures=view.figures(citizens.period(period), frame),
            choices={"fields": view.categories(frame), "units": list(communes.values())},
            chosen=chosen | {"any": any(value for name, value in query.items() if name != "ky")},
            count=formats.number(count, 0, language), now=formats.moment(now),
            cases=[view.line(row, frame) for row in rows], page=number, pages=pages,
            previous=address(trang=str(min(number - 1, pages))) if number > 1 else None,
            next=address(trang=str(number + 1)) if number < pages else None,
            some=say("citizen.list.map.some", language, n=formats.number(MOST_POINTS, 0, language),
                     all=formats.number(count, 0, language)) if count > MOST_POINTS else None,
            config=script_data(map_data(citizens.services, language) | {
                "points": link(f"/phan-anh/diem.json?{urlencode(query)}"), "link": link("/phan-anh/CODE"),
                "fit": bool(chosen["unit"]),
            }),
        )  # fmt: skip

    @routes.get("/diem.json")
    def points() -> Response:
        language, rules, now = language_of_request(), regulation(), citizens.now()
        frame = view.Frame(rules, now, language)
        communes = _communes(citizens, language)
        chosen = _chosen(request.args, communes)
        tag = f"{citizens.mark()}/{now:%Y%m%d%H%M}/{language}/{sorted(_query(chosen).items())}"
        etag = hashlib.sha256(tag.encode()).hexdigest()[:20]
        answer = Response(mimetype="application/json")
        answer.set_etag(etag)
        answer.headers["Cache-Control"] = "no-cache"
        if etag in request.if_none_match:
            answer.status_code = 304
            return answer
        rows = citizens.points(_filters(chosen, communes, citizens), limit=MOST_POINTS)
        found = []
        for row in rows:
            one = view.line(row, frame)
            if row["lat"] is not None:
                found.append([round(row["lat"], 5), round(row["lon"], 5), one["group"], one["code"], one["title"],
                              one["late"] or one["state"]])  # fmt: skip
        answer.data = json.dumps({"points": found}, ensure_ascii=False, separators=(",", ":")).encode()
        return answer


def _communes(citizens: CitizenServices, language: str) -> dict[str, dict[str, Any]]:
    """Communes of today by key, by name."""
    today = citizens.services.today()
    found = [
        {"key": row["key"], "id": row["id"], "title": formats.unit_name(row, language), "name": row["name"]}
        for row in citizens.services.units()
        if row["level"] == "commune"
        and row["valid_from"] <= today
        and not (row["valid_to"] and row["valid_to"] <= today)
    ]
    return {unit["key"]: unit for unit in sorted(found, key=lambda unit: str(unit["title"]))}


def _chosen(args: Mapping[str, str], communes: Mapping[str, Any]) -> dict[str, Any]:
    """Filters of an address; what is not understood is no filter."""
    field, group, unit = args.get("linh-vuc", ""), args.get("tinh-trang", ""), args.get("xa", "")
    days = args.get("ngay", "90")
    return {
        "field": field if field in regulation().categories else "",
        "group": group if group in GROUPS else "",
        "unit": unit if unit in communes else "",
        "days": days if days in DAYS else "90",
        "words": "".join(sign for sign in args.get("q", "") if sign.isprintable())[:80].strip(),
    }


def _query(chosen: Mapping[str, Any]) -> dict[str, str]:
    """The filters as an address has them; what is as usual stays out."""
    values = {
        "linh-vuc": chosen["field"], "tinh-trang": chosen["group"], "xa": chosen["unit"],
        "ngay": "" if chosen["days"] == "90" else chosen["days"], "q": chosen["words"],
        "ky": request.args.get("ky", "") if MONTH.match(request.args.get("ky", "")) else "",
    }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def _filters(chosen: Mapping[str, Any], communes: Mapping[str, Any], citizens: CitizenServices) -> Filters:
    days = DAYS[chosen["days"]]
    return Filters(
        category=chosen["field"] or None,
        group=chosen["group"] or None,
        unit_id=communes[chosen["unit"]]["id"] if chosen["unit"] else None,
        words=chosen["words"] or None,
        first=citizens.now() - timedelta(days=days) if days else None,
    )


def _page(value: str | None) -> int:
    number = int(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else 1
    return min(max(number, 1), MOST_PAGES)


def _period(value: str | None, citizens: CitizenServices) -> date:
    """The month asked for, at most the running one."""
    running = period_of(regulation(), citizens.now())
    match = MONTH.match(value or "")
    return min(date(int(match[1]), int(match[2]), 1), running) if match else running


def _month(period: date, citizens: CitizenServices, frame: view.Frame, address: Any) -> dict[str, Any]:
    first, last = period_span(frame.rules, period)
    running = period_of(frame.rules, citizens.now())
    over = last <= citizens.now()
    span = "citizen.list.month.span" if over else "citizen.list.month.running"
    after = add_months(period, 1)
    return {
        "name": formats.month(period),
        "title": frame.say("citizen.list.month", month=formats.month(period)),
        "span": frame.say(span, first=formats.moment(first), last=formats.moment(min(last, citizens.now()))),
        "before": address(ky=f"{add_months(period, -1):%Y-%m}"),
        "after": address(ky=f"{after:%Y-%m}") if after <= running else None,
    }
