"""Answers that count or sum: feedback, facilities, land, alerts, rain."""

from __future__ import annotations

from datetime import timedelta

from dash_app import formats
from dash_app.assistant.asked import Answer, Asked, Line, Row, moment
from layers.code_lists import LAND_CODES
from spatial.queries import alerts, answers, screens

LAND_GROUPS = {"LUA": ("LUA", "LUC", "LUK", "LUN"), "OTC": ("OTC", "ONT", "ODT")}
LAND_TITLES = {code.value: code.title for code in LAND_CODES}


def of_feedback(asked: Asked) -> Answer:
    """Reports received, open or overdue in a period, in one unit or by unit."""
    filters = dict(asked.query.measure.filters)
    field = "overdue" if "overdue" in filters else "open" if "open" in filters else "received"
    period, places = asked.query.period, asked.places()
    rows = answers.feedback_counts(
        asked.conn, layer=asked.layer, unit_ids=list(places), first=moment(period.first),
        last=moment(period.last + timedelta(days=1)), now=asked.services.now(), category=filters.get("category"),
    )  # fmt: skip
    return _counted(asked, {row["unit_id"]: row[field] for row in rows}, places, asked.word(f"feedback.{field}"))


def of_features(asked: Asked) -> Answer:
    """Features of a layer inside a unit, or by unit."""
    places, filters = asked.places(), asked.query.measure.filters
    rows = answers.feature_counts(asked.conn, layer=asked.layer, unit_ids=list(places), filters=filters)
    codes = {(c.name, code.value): code.title[asked.language] for c in asked.layer.columns for code in c.codes}
    extra = ", ".join(codes[item].lower() for item in filters if item in codes)
    what = asked.layer.title[asked.language].lower() + (f" ({extra})" if extra else "")
    return _counted(asked, {row["unit_id"]: row["n"] for row in rows}, places, what)


def _counted(asked: Asked, counts: dict[int, int], places: dict[int, Row], what: str) -> Answer:
    if asked.query.what == "rank":
        known = {number: float(n) for number, n in counts.items() if n or asked.query.ascending}
        return asked.ranked(what[:1].upper() + what[1:], known, places, 0, "", None) if known else asked.nothing(what)
    n = counts.get(asked.unit["id"], 0)
    sentence = asked.word("count", what=what, where=asked.where, n=asked.number(n, 0), when=asked.when())
    return Answer(sentence, float(n), "", (), asked.source(), formats.moment(asked.services.now()), asked.page())


def of_land(asked: Asked) -> Answer:
    """Area of parcels by land code, from the counts made ahead."""
    code, places = asked.query.measure.name, asked.places()
    wanted = LAND_GROUPS.get(code, (code,)) if code else None
    areas: dict[int, float] = {}
    for row in screens.feature_counts(asked.conn, layer_id=asked.layer.id, unit_ids=list(places)):
        if row["area_m2"] is not None and (wanted is None or row["code"] in wanted):
            areas[row["unit_id"]] = areas.get(row["unit_id"], 0.0) + row["area_m2"] / 10_000
    what = LAND_TITLES[code][asked.language] if code else asked.word("land.all")
    if not areas:
        return asked.nothing(what)
    if asked.query.what == "rank":
        return asked.ranked(what, areas, places, 1, "ha", None)
    value = areas[asked.unit["id"]]
    sentence = asked.word("land.area", what=what, where=asked.where, value=f"{asked.number(value, 1)} ha")
    return Answer(sentence, value, "ha", (), asked.source(), asked.until(), asked.page())


def of_alerts(asked: Asked) -> Answer:
    """Open alerts of a unit or station, what needs somebody first."""
    rows = alerts.list_alerts(asked.conn, states=["new", "acknowledged"], unit_id=asked.unit["id"], limit=200)
    if asked.query.place is not None and asked.query.place.kind == "station":
        rows = [row for row in rows if row["feature_key"] == asked.query.place.key]
    title = "title_en" if asked.language == "en" else "title_vi"
    lines = tuple(
        Line(f"{row[title]} - {row['station_name'] or ''}".strip(" -"), row["value"],
             formats.moment(row["started_at"]), f"/alerts/{row['id']}")
        for row in rows[: asked.query.limit]
    )  # fmt: skip
    sentence = asked.word("alerts.some" if rows else "alerts.none", n=len(rows), where=asked.where)
    now = formats.moment(asked.services.now())
    return Answer(sentence, float(len(rows)), "", lines, asked.word("alerts.source"), now, "/alerts")


def of_grid(asked: Asked) -> Answer:
    """Sum over the days of a grid by unit (rain)."""
    grid, places, period = asked.layer.grid, asked.places(), asked.query.period
    assert grid is not None
    rows = screens.zonal_values(
        asked.conn, layer=asked.layer, unit_ids=list(places), first=period.first, last=period.last
    )
    totals: dict[int, float] = {}
    for row in rows:
        if row["value"] is not None:
            totals[row["unit_id"]] = totals.get(row["unit_id"], 0.0) + row["value"]
    title = grid.title[asked.language]
    if not totals:
        return asked.nothing(title)
    if asked.query.what == "rank":
        return asked.ranked(title, totals, places, 1, grid.unit, asked.layer.id)
    value = totals[asked.unit["id"]]
    shown = f"{asked.number(value, 1)} {grid.unit}"
    sentence = asked.word("grid.sum", what=title, where=asked.where, value=shown, when=asked.when())
    newest = formats.day(max(row["period"] for row in rows))
    return Answer(sentence, value, grid.unit, (), asked.source(), newest, asked.link(asked.layer.id))
