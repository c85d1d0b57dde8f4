"""From the figures of a briefing to its words, tables and drawing."""

from __future__ import annotations

from typing import Any

from dash_app import formats
from dash_app.i18n import say
from dash_app.leader_services import Card, Ranking, domain_of, last_day
from dash_app.reports.briefing.changes_view import change_lines
from dash_app.reports.briefing.content import AirPart, Briefing, DomainFigures
from dash_app.reports.briefing.facts import changes, facts_of
from dash_app.reports.briefing.items import Item
from dash_app.services import Row
from layers.domains import DOMAINS
from layers.model import Indicator
from layers.registry import get_layer, registry
from spatial import periods
from spatial.analysis.kpi import Kpi
from spatial.analysis.outlook_words import NO_SKILL, REASONS
from spatial.settings import LOCAL_ZONE

ITEMS_SHOWN = 10
CHANGES_SHOWN = 14
RANKED_SHOWN = 6
OUTLOOKS_SHOWN = 10
STATIONS_SHOWN = 6
OVER_SHOWN = 4
SEVERITY_MARKS = {"extreme": "▲▲", "severe": "▲", "moderate": "◆", "minor": "●"}


def context(briefing: Briefing, language: str) -> dict[str, Any]:
    """All the template needs, the map included."""
    unit, wanted = briefing.wanted.unit, briefing.wanted
    title = formats.unit_name(unit, language)
    return {
        "language": language,
        "briefing": briefing,
        "heading": f"{say('briefing.title', language)} - {title} - {formats.moment(briefing.made_at)}",
        "unit": title,
        "office": say("briefing.office", language, name=_office(briefing, language)),
        "cycle": say(f"briefing.cycle.{briefing.cycle}", language),
        "made": say("briefing.made", language, at=formats.moment(briefing.made_at)),
        "scope": _scope(briefing, language),
        "clocks": _clocks(briefing, language),
        "items": [_item(number, item, language) for number, item in enumerate(briefing.attention[:ITEMS_SHOWN], 1)],
        "more_items": max(0, len(briefing.attention) - ITEMS_SHOWN),
        "changes": _changes(briefing, language),
        "domains": [_domain(figures, language) for figures in briefing.figures],
        "map": _map(briefing, language),
        "ranking": _ranking(briefing.map.ranking, language) if briefing.map else None,
        "feedback": _feedback(briefing, language),
        "air": [_air(part, language) for part in briefing.air],
        **_outlook(briefing, language),
        "year": briefing.month.year,
        "sources": _sources(briefing, language),
        "at": wanted.at,
    }


def _office(briefing: Briefing, language: str) -> str:
    name = formats.unit_name(briefing.wanted.unit, language)
    return name[0].lower() + name[1:] if language == "vi" else name


def _scope(briefing: Briefing, language: str) -> str:
    wanted = briefing.wanted
    parts = [say("briefing.of_month", language, month=formats.month(wanted.at))] if wanted.at else []
    if wanted.domain:
        parts.append(say("briefing.only_domain", language, name=DOMAINS[wanted.domain].title[language]))
    return " · ".join(parts)


def _clocks(briefing: Briefing, language: str) -> list[tuple[str, str]]:
    """How far the data of each part reach."""
    none = say("briefing.no_data", language)
    periods = [card.kpi.period for card in briefing.all_cards]
    months = briefing.feedback.months
    air = [part.stations[0]["time"] for part in briefing.air if part.stations]
    times = [row["time"] for part in briefing.air for row in part.stations if row["time"] is not None]
    found = [
        ("figures", formats.month(max(periods)) if periods else none),
        ("feedback", formats.moment(months[0]["until"]) if months else none),
        ("air", formats.moment(max(times)) if air and times else none),
        ("attention", formats.moment(briefing.attention_at) if briefing.attention_at else none),
        ("all", formats.moment(briefing.data_until) if briefing.data_until else none),
    ]
    return [(say(f"briefing.clock.{name}", language), value) for name, value in found]


# ---------------------------------------------------------------- attention and changes


def _item(number: int, item: Item, language: str) -> dict[str, Any]:
    return {
        "number": number,
        "severity": item.severity,
        "mark": SEVERITY_MARKS[item.severity],
        "level": say(f"briefing.severity.{item.severity}", language),
        "what": item.text[language],
        "place": item.place[language],
        "since": item.since[language],
        "who": item.who[language],
        "url": item.url,
    }


def _changes(briefing: Briefing, language: str) -> dict[str, Any]:
    before = briefing.before
    if before is None:
        return {"lead": say("briefing.changes.first", language), "lines": [], "more": 0, "none": False}
    lines = change_lines(changes(before["facts"], facts_of(briefing)), language)
    name = say(f"briefing.cycle.{before['cycle']}", language)
    lead = say(
        "briefing.changes.since", language, name=name[0].lower() + name[1:], at=formats.moment(before["made_at"])
    )
    more = max(0, len(lines) - CHANGES_SHOWN)
    return {"lead": lead, "lines": lines[:CHANGES_SHOWN], "more": more, "none": not lines}


# ---------------------------------------------------------------- figures


def _domain(figures: DomainFigures, language: str) -> dict[str, Any]:
    return {
        "title": DOMAINS[figures.domain].title[language],
        "rows": [figure_row(card, language) for card in figures.cards],
        "more": figures.left_out,
    }


def figure_row(card: Card, language: str) -> dict[str, Any]:
    """One line of the table, in the words of the screen's card."""
    line, item = card.kpi, card.kpi.indicator
    marks = [say(f"kpi.{line.state}", language)]
    if line.method != "exact" or (line.base_method or "exact") != "exact":
        marks.append(say("briefing.converted", language))
    if card.anomaly is not None:
        marks.append(say("briefing.unusual", language))
    return {
        "code": item.code,
        "name": f"{item.title[language]} ({item.unit[language]})",
        "period": line.label(language),
        "value": formats.number(line.value, item.decimals, language),
        "change": _change(card, language),
        "tone": line.judgement,
        "cumulative": _optional(line.cumulative, item, language)
        if item.how == "sum" and item.period != "year" and line.period.month > 1
        else "",
        "plan": _plan(card, language),
        "planTone": line.on_plan,
        "planWhy": line.plan_percent is None,
        "changeWhy": line.on_same_period is None,
        "state": ", ".join(marks),
    }


def _adds_up(line: Kpi) -> bool:
    """Whether the cumulative value says more than the figure itself."""
    item = line.indicator
    return item.how == "sum" and item.period != "year" and line.period.month > 1


def _change(card: Card, language: str) -> str:
    line = card.kpi
    if line.on_same_period is None:
        return line.reasons["on_same_period"][language]
    arrow = "▲" if line.on_same_period > 0 else "▼" if line.on_same_period < 0 else "="
    amount = change_words(line.on_same_period, rate=line.rate, decimals=line.indicator.decimals, language=language)
    return f"{arrow} {amount}"


def change_words(change: float, *, rate: bool, decimals: int, language: str) -> str:
    """«+6,4%», «-0,25 điểm %»."""
    if not rate:
        return formats.percent(change / 100, language, signed=True)
    sign = "+" if change > 0 else ""
    return say("kpi.points", language, n=f"{sign}{formats.number(change, max(1, decimals), language)}")


def _plan(card: Card, language: str) -> str:
    line = card.kpi
    if line.plan_percent is None and line.plan_used is not None:  # a ceiling: how much of it is used up
        return say("briefing.ceiling", language, share=formats.percent(line.plan_used / 100, language))
    if line.plan_percent is None:
        return line.reasons["plan_percent"][language]
    return formats.percent(line.plan_percent / 100, language)


def _optional(value: float | None, item: Indicator, language: str) -> str:
    return "" if value is None else formats.number(value, item.decimals, language)


# ---------------------------------------------------------------- map and ranking


def _map(briefing: Briefing, language: str) -> dict[str, str] | None:
    from dash_app.reports.briefing import drawing  # matplotlib: not needed until somebody asks for a briefing

    part = briefing.map
    if part is None:
        return None
    item = part.ranking.indicator
    rows = part.ranking.rows
    marks = _marks(briefing)
    level = say(f"briefing.level.{rows[0].unit['level']}", language)
    words = drawing.MapWords(
        _wrapped(item.title[language]), item.unit[language], say("briefing.no_data", language),
        _wrapped(say("briefing.map.mark", language)), say("briefing.map.north", language),
    )  # fmt: skip
    units = [*(row.unit for row in rows), *part.ranking.missing]
    svg = drawing.value_map(
        part.shapes, part.whole, {row.unit["id"]: row.value for row in rows},
        {unit["id"]: str(unit["name"]).split(" (")[0] for unit in units}, marks, words,
        decimals=item.decimals, worse_up=item.direction == "down", language=language,
    )  # fmt: skip
    ordered = sorted(rows, key=lambda row: row.value)
    alt = say("briefing.map.alt", language, name=item.title[language], level=level, n=len(rows),
              top=formats.unit_name(ordered[-1].unit, language), low=formats.unit_name(ordered[0].unit, language),
              marks=len(marks))  # fmt: skip
    caption = say("briefing.map.caption", language, name=item.title[language], unit=item.unit[language],
                  period=formats.month(part.ranking.at), level=level)  # fmt: skip
    return {"svg": svg, "alt": alt, "caption": caption, "title": item.title[language]}


def _wrapped(text: str, width: int = 24) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _marks(briefing: Briefing) -> list[Any]:
    """Numbers of the listed items by place; what concerns the whole unit has no place on its map."""
    from dash_app.reports.briefing.drawing import Mark

    found: dict[tuple[float, float], list[int]] = {}
    for number, item in enumerate(briefing.attention[:ITEMS_SHOWN], 1):
        row = briefing.places.get(item.unit_id) if item.unit_id != briefing.wanted.unit["id"] else None
        if row is not None:
            found.setdefault((row["lon"], row["lat"]), []).append(number)
    return [Mark(lon, lat, tuple(numbers)) for (lon, lat), numbers in found.items()]


def _ranking(ranking: Ranking, language: str) -> dict[str, Any]:
    rows = [row for row in ranking.rows if row.rank is not None]
    split = len(rows) > 2 * RANKED_SHOWN
    first, last = (rows[:RANKED_SHOWN], rows[-RANKED_SHOWN:]) if split else (rows, [])
    notes = [
        say(f"briefing.rank.by.{ranking.indicator.direction}", language),
        say("briefing.rank.note", language, n=len(ranking.rows), missing=len(ranking.missing)),
    ]
    if ranking.fewest is not None:
        notes.append(say("briefing.rank.fewest", language, n=ranking.fewest))
    tables = [(say("briefing.rank.first" if split else "briefing.rank.all", language, n=len(first)), first)]
    if last:
        tables.append((say("briefing.rank.last", language, n=len(last)), last))
    return {
        "tables": [
            {"title": title, "rows": [_ranked(row, ranking.indicator, language) for row in shown]}
            for title, shown in tables
        ],
        "note": " ".join(notes),
    }


def _ranked(row: Any, item: Indicator, language: str) -> dict[str, str]:
    change = row.kpi.on_same_period
    return {
        "rank": f"{row.rank}{'=' if row.tied else ''}",
        "unit": formats.unit_name(row.unit, language),
        "value": formats.number(row.value, item.decimals, language),
        "change": ""
        if change is None
        else change_words(change, rate=row.kpi.rate, decimals=item.decimals, language=language),
    }


# ---------------------------------------------------------------- feedback, environment, outlook


def _feedback(briefing: Briefing, language: str) -> dict[str, Any] | None:
    months = briefing.feedback.months
    if not months:
        return None
    categories = {code.value: code.title[language] for column in get_layer("feedback").columns
                  if column.name == "category" for code in column.codes}  # fmt: skip
    names = ("received", "processed", "on_time", "in_progress", "overdue", "satisfied", "median")
    newest = months[0]
    return {
        "title": say("briefing.feedback.month", language, period=formats.month(newest["period"]),
                     until=formats.moment(newest["until"])),
        "before": say("briefing.feedback.before", language, period=formats.month(months[1]["period"]))
        if len(months) > 1 else "",
        "rows": [
            [say(f"briefing.feedback.{name}", language), *(_feedback_cell(name, row, language) for row in months)]
            for name in names
        ],
        "fields": [
            [categories.get(row["category"], row["category"]), formats.number(row["received"], 0, language),
             _share(row["on_time"], row["processed"], language), formats.number(row["overdue"], 0, language)]
            for row in briefing.feedback.fields
        ],
    }  # fmt: skip


def _feedback_cell(name: str, row: Row, language: str) -> str:
    if name == "on_time":
        return _share(row["on_time"], row["processed"], language)
    if name == "satisfied":
        return _share(row["satisfied"], row["rated"], language)
    if name == "median":
        hours = row["median_hours"]
        if hours is None:
            return say("briefing.no_data", language)
        return say("briefing.feedback.hours", language, n=formats.number(hours, 1, language))
    return formats.number(row[name], 0, language)


def _share(part: int, whole: int, language: str) -> str:
    if not whole:
        return say("briefing.no_data", language)
    return say("briefing.feedback.of", language, share=formats.percent(part / whole, language),
               n=formats.number(part, 0, language), of=formats.number(whole, 0, language))  # fmt: skip


def _air(part: AirPart, language: str) -> dict[str, Any]:
    assert part.layer.series is not None
    parameters = {item.name: item for item in part.layer.series.parameters}
    names = {row["key"]: row["name"] for row in part.stations}
    return {
        "title": say("briefing.air.now", language, index=part.index.title[language], at=formats.moment(part.clock)),
        "rows": [_station(part, row, parameters, language) for row in part.stations[:STATIONS_SHOWN]],
        "over": _over(part, parameters, names, language),
        "peak": _peak(part, names, language),
    }


def _station(part: AirPart, row: Row, parameters: dict[str, Any], language: str) -> list[str]:
    from layers.indices import REASONS

    if row["value"] is None:
        reason = REASONS.get(row["reason"])
        return [row["name"], reason[language] if reason else say("briefing.no_data", language)]
    dominant = ", ".join(parameters[name].title[language] for name in row["dominant"] if name in parameters)
    return [
        row["name"],
        str(row["value"]),
        part.index.level(row["level"]).title[language],
        dominant,
        row["time"].astimezone(LOCAL_ZONE).strftime("%d/%m %H:%M"),
    ]


def _over(part: AirPart, parameters: dict[str, Any], names: dict[str, str], language: str) -> str:
    rows = [row for row in part.over if row["parameter"] in parameters]
    if not rows:
        return say("briefing.air.not_over", language, days=part.days)
    rows.sort(key=lambda row: -row["n"])
    shown = [
        say("briefing.air.over_at", language, station=names.get(row["key"], row["key"]),
            parameter=parameters[row["parameter"]].title[language], hours=row["hours"], n=row["n"])
        for row in rows[:OVER_SHOWN]
    ]  # fmt: skip
    where = "; ".join(shown) + ("…" if len(rows) > OVER_SHOWN else "")
    total = sum(row["n"] for row in rows)
    return say("briefing.air.over", language, n=formats.number(total, 0, language), days=part.days, where=where)


def _peak(part: AirPart, names: dict[str, str], language: str) -> str:
    if part.peak is None or part.parameter is None:
        return say("briefing.air.no_peak", language)
    return say("briefing.air.peak", language, parameter=part.parameter.title[language],
               value=formats.number(part.peak["value"], part.parameter.decimals, language), unit=part.parameter.unit,
               station=names.get(part.peak["key"], part.peak["key"]), at=formats.moment(part.peak["time"]))  # fmt: skip


def _outlook(briefing: Briefing, language: str) -> dict[str, Any]:
    """Where years will end, what is least likely to meet its plan first."""
    rows = [card for card in briefing.all_cards if card.outlook and card.outlook["q50"] is not None]
    if briefing.wanted.domain:
        rows = [card for card in rows if domain_of(card.kpi.indicator) == briefing.wanted.domain]
    rows.sort(key=_chance)
    shown_rows = [_outlook_row(card, card.outlook or {}, language) for card in rows[:OUTLOOKS_SHOWN]]
    remarks = list(dict.fromkeys(remark for row in shown_rows for remark in row["said"]))
    for row in shown_rows:
        row["remarks"] = [remarks.index(remark) + 1 for remark in row["said"]]
    return {"outlook": shown_rows, "remarks": remarks, "more_outlooks": max(0, len(rows) - OUTLOOKS_SHOWN)}


def _chance(card: Card) -> float:
    chance = (card.outlook or {}).get("chance")
    return 2.0 if chance is None else float(chance)


def _outlook_row(card: Card, row: Row, language: str) -> dict[str, Any]:
    item = card.kpi.indicator

    def shown(value: float | None) -> str:
        return say("briefing.no_data", language) if value is None else formats.number(value, item.decimals, language)

    share = ""
    if row["plan"]:
        share = formats.percent(row["q50"] / row["plan"], language)
    return {
        "name": f"{item.title[language]} ({item.unit[language]})",
        "actual": f"{shown(row['actual'])} ({periods.label(item, row['known_until'], language)})",
        "year": shown(row["q50"]),
        "range": f"({shown(row['q10'])} – {shown(row['q90'])})",
        "plan": say("kpi.no_plan", language) if row["plan"] is None else shown(row["plan"]),
        "share": share,
        "chance": "" if row["chance"] is None else formats.percent(row["chance"], language).replace(",0%", "%"),
        "said": _remarks(row, language),
    }


def _remarks(row: Row, language: str) -> list[str]:
    """What to know of a projection before one believes it."""
    found = [NO_SKILL[language]] if row["skill"] is not None and row["skill"] < 0 else []
    reason = REASONS.get(row["reason"] or "")
    return [*found, *([reason[language]] if reason else [])]


# ---------------------------------------------------------------- sources


def _sources(briefing: Briefing, language: str) -> list[str]:
    used = [layer for layer in registry().values() if layer.kind == "indicator"]
    used += [get_layer("feedback"), *(part.layer for part in briefing.air)]
    lines = [
        say("briefing.source", language, title=layer.title[language], agency=layer.agency[language],
            licence=layer.licence)
        for layer in used
    ]  # fmt: skip
    day = last_day(briefing.month)
    lines.append(
        say("briefing.boundaries", language, day=formats.day(min(day, briefing.made_at.astimezone(LOCAL_ZONE).date())))
    )
    lines.append(say("briefing.same_numbers", language))
    return lines
