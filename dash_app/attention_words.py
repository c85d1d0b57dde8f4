"""Sentences of what needs attention, from the facts of ``derived.attention``: for home, wall and briefing alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dash_app import formats
from dash_app.i18n import say
from layers.code_lists import FEEDBACK_CATEGORIES
from layers.registry import registry
from spatial.alerts.words import SEVERITY_TITLES, SIGN_TITLES, medium, say_finding
from spatial.queries.indicators import catalogue
from spatial.settings import LOCAL_ZONE

type Row = dict[str, Any]
type Units = Mapping[int, Row]  # units of the screens by id

CATEGORIES = {code.value: code.title for code in FEEDBACK_CATEGORIES}
NAMED = 3  # things a sentence names before it counts the rest


@dataclass(frozen=True)
class Words:
    """One line in words. ``since`` is never relative to the minute: the page may stand for hours without a reload."""

    title: str
    place: str
    since: str
    who: str
    why: str


def words_of(row: Row, units: Units, now: datetime, language: str) -> Words:
    """The line of a row; ``units`` by id as ``Services.units`` lists them."""
    return Words(
        title=title_of(row, units, language),
        place=place_of(row, units, language),
        since=since_of(row, now, language),
        who=who_of(row, language),
        why=why_of(row, now, language),
    )


def title_of(row: Row, units: Units, language: str) -> str:
    """What it is, with its numbers."""
    return _capital(_TITLES[row["facts"]["kind"]](row["facts"], units, language))


def _capital(sentence: str) -> str:
    return sentence if sentence[1:2].isupper() else sentence[:1].upper() + sentence[1:]


# ---------------------------------------------------------------- where, since, who, why


def unit_title(unit: Row | None, language: str) -> str:
    """«Xã Bình An», «Huyện Giao Thủy (cũ)»."""
    if unit is None:
        return ""
    name = formats.unit_name(unit, language)
    return say("need.former", language, unit=name) if unit.get("valid_to") else name


def place_of(row: Row, units: Units, language: str) -> str:
    """The unit of the line; of a line over several units, the first of them as well."""
    facts = row["facts"]
    unit = units.get(row["unit_id"]) or {"type_vi": row["type_vi"], "name": row["unit_name"]}
    name = unit_title(unit, language)
    if row["subject"] == "plan" and not facts["below"]:
        return f"{name} · {say('need.below_too', language, n=facts['communes'])}" if facts["communes"] else name
    below = [unit_title(units.get(number), language) for number in facts["places"]]
    named = [title for title in below if title][:2]
    if facts["units"] > 1 and named:
        rest = facts["communes"] - len(named)
        shown = ", ".join(named)
        if rest > 0:
            shown = say("need.and_more", language, names=shown, n=rest)
        return f"{name}: {shown}"
    return name


def moment_near(at: datetime, now: datetime, language: str) -> str:
    """«05:00 hôm nay», «22:00 hôm qua», «05:00 ngày 19/11», with the year when it is another one."""
    local, today = at.astimezone(LOCAL_ZONE), now.astimezone(LOCAL_ZONE).date()
    if local.date() == today:
        return say("alerts.today", language, time=f"{local:%H:%M}")
    if local.date() == today - timedelta(days=1):
        return say("alerts.yesterday", language, time=f"{local:%H:%M}")
    return f"{local:%d/%m/%Y}" if local.year != today.year else f"{local:%H:%M %d/%m}"


def since_of(row: Row, now: datetime, language: str) -> str:
    """How long, how late, or by when."""
    facts = row["facts"]
    kind = facts["kind"]
    span = now - row["since"]
    if kind == "overdue":
        oldest = say("need.oldest" if facts["n"] > 1 else "need.late", language, age=formats.age(span, language))
        return oldest
    if kind in ("waiting", "late_figures", "late_layer"):
        return say("need.late", language, age=formats.age(span, language))
    if kind == "forecast" and row["until"] is not None:
        return say("need.ahead", language, time=moment_near(row["until"], now, language))
    if kind in ("plan", "pace") and row["until"] is not None:
        end = (row["until"] - timedelta(days=1)).astimezone(LOCAL_ZONE).date()
        known = say("need.known", language, period=_period(facts["known_until"], language))
        return f"{say('need.by', language, day=formats.day(end))} · {known}"
    word = "need.found" if row["subject"] in ("anomaly",) or kind == "report" else "need.since"
    return say(word, language, time=moment_near(row["since"], now, language))


def who_of(row: Row, language: str) -> str:
    """The person or agency on it, or that nobody is."""
    facts, who = row["facts"], row["who"]
    if facts["kind"] == "overdue" and not who and facts.get("handlers", 1) > 1:
        return say("need.committees", language, n=facts["handlers"])
    if facts["nobody"]:
        return say("need.nobody_of", language, who=who) if who else say("need.nobody", language)
    if facts.get("state") == "acknowledged" and who:
        return say("need.taken_by", language, who=who)
    return who or say("need.no_agency", language)


def why_of(row: Row, now: datetime, language: str) -> str:
    """What its place in the order rests on, the severity first."""
    facts = row["facts"]
    parts = [say("why.severity", language, level=SEVERITY_TITLES[row["severity"]][language].lower())]
    points: dict[str, float] = dict(facts["why"])
    if "people" in points and row["subject"] != "feedback" and facts["people"] > 0:
        parts.append(say("why.people", language, n=formats.number(facts["people"], 0, language)))
    if now - row["since"] >= timedelta(hours=1):
        parts.append(say("why.lasting", language, age=formats.age(now - row["since"], language)))
    trend = points.get("trend", 0)
    if trend > 100:
        parts.append(say("why.worse", language))
    elif trend and len(facts["course"]) > 1:
        parts.append(say("why.steady", language))
    if points.get("deadline"):
        parts.append(say("why.deadline", language))
    if "nobody" in points:
        parts.append(say("why.nobody", language))
    return "; ".join(parts)


# ---------------------------------------------------------------- sentences by kind


def _list(names: Sequence[str], language: str) -> str:
    shown = ", ".join(names[:NAMED])
    rest = len(names) - NAMED
    return say("need.and_more", language, names=shown, n=rest) if rest > 0 else shown


def _period(value: str, language: str) -> str:
    return formats.month(date.fromisoformat(value[:10]))


def _indicator(code: str, language: str) -> tuple[str, str, int]:
    """Title, unit and decimals; a code the catalogue no longer has speaks for itself."""
    item = catalogue().get(code)
    return (item.title[language], item.unit[language], item.decimals) if item else (code, "", 1)


def _lower(title: str) -> str:
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _finding(facts: Row, language: str) -> str:
    if facts["finding"]:
        return say_finding(facts["layer"], facts["finding"], language)
    words: str = facts["rule"][language]
    return words


def _station(name: str, language: str) -> str:
    """«trạm Cầu Vàng»; most names say themselves that they are stations."""
    if name.lower().startswith(("trạm", "station")):
        return name
    return f"trạm {name}" if language == "vi" else f"station {name}"


def _alert(kind: str) -> Callable[[Row, Units, str], str]:
    def sentence(facts: Row, units: Units, language: str) -> str:
        stations = facts["stations"]
        name = medium(facts["layer"])[language]
        values = {"medium": name.lower() if kind != "event" and language == "vi" else name}
        if len(stations) == 1:
            return say(
                f"need.{kind}_one",
                language,
                finding=_finding(facts, language),
                station=_station(stations[0], language),
                **values,
            )
        if kind == "instrument":
            signs = [
                say("need.sign", language, n=n, sign=SIGN_TITLES[sign][language])
                for sign, n in sorted(facts["signs"].items(), key=lambda pair: -pair[1])
            ]
            return say("need.instrument_many", language, n=len(stations), signs=_list(signs, language), **values)
        return say(f"need.{kind}_many", language, n=len(stations), finding=_finding(facts, language), **values)

    return sentence


def _plan(facts: Row, units: Units, language: str) -> str:
    title, unit, decimals = _indicator(facts["code"], language)
    chance = formats.percent(facts["chance"], language)
    if facts["below"]:
        name = unit_title(units.get(facts["lead_unit"]), language)
        return say("need.plan_below", language, title=title, n=facts["units"], name=name, chance=chance)
    share = facts["q50"] / facts["plan"] if facts["plan"] else 0.0
    return say(
        "need.plan", language, title=title, value=formats.number(facts["q50"], decimals, language), unit=unit,
        percent=formats.percent(share, language), chance=chance,
    )  # fmt: skip


def _pace(facts: Row, units: Units, language: str) -> str:
    title, unit, decimals = _indicator(facts["code"], language)
    percent = formats.percent(facts["percent"] / 100, language)
    if facts["elapsed"] >= 100:
        value = formats.number(facts["actual"], decimals, language)
        return say("need.pace_whole", language, title=title, value=value, unit=unit, percent=percent)
    elapsed = formats.percent(facts["elapsed"] / 100, language)
    return say("need.pace", language, title=title, percent=percent, elapsed=elapsed)


def _figure(facts: Row, units: Units, language: str) -> str:
    title, unit, decimals = _indicator(facts["code"], language)
    numbers = {name: formats.number(facts[name], decimals, language) for name in ("value", "low", "high")}
    values = numbers | {"title": title, "unit": unit, "period": _period(facts["period"], language)}
    if facts["units"] > 1:
        name = unit_title(units.get(facts["lead_unit"]), language)
        return say("need.figure_many", language, n=facts["units"], name=name, **values)
    return say("need.figure", language, **values)


def _report(facts: Row, units: Units, language: str) -> str:
    codes = [_lower(_indicator(code, language)[0]) for code in facts["codes"]]
    item = catalogue().get(facts["code"])
    return say(
        "need.report", language, n=facts["count"], period=_period(facts["period"], language),
        agency=item.agency if item else "", codes=_list(codes, language),
    )  # fmt: skip


def _late_figures(facts: Row, units: Units, language: str) -> str:
    codes = [_lower(_indicator(code, language)[0]) for code in facts["codes"]]
    item = catalogue().get(facts["code"])
    return say(
        "need.late_figures", language, agency=item.agency if item else "", n=len(codes),
        period=_period(facts["missing"], language), codes=_list(codes, language),
    )  # fmt: skip


def _late_layer(facts: Row, units: Units, language: str) -> str:
    layer = registry().get(facts["layer"])
    return say("need.late_layer", language, layer=layer.title[language] if layer else facts["layer"])


def _overdue(facts: Row, units: Units, language: str) -> str:
    number = formats.number(facts["n"], 0, language)
    if facts["handlers"] > 1:
        most, count = facts["most"]
        words = say("need.overdue_committees", language, n=number, m=facts["handlers"], most=most, k=count)
    else:
        words = say("need.overdue", language, n=number)
    if facts["emergency"]:
        words += say("need.emergency", language, n=facts["emergency"])
    return words


def _waiting(facts: Row, units: Units, language: str) -> str:
    return say("need.waiting", language, n=formats.number(facts["n"], 0, language), minutes=facts["minutes"])


def _rise(facts: Row, units: Units, language: str) -> str:
    category = CATEGORIES.get(facts["category"])
    return say(
        "need.rise", language, category=_lower(category[language]) if category else facts["category"],
        recent=facts["recent"], days=facts["days"], expected=formats.number(facts["expected"], 1, language),
    )  # fmt: skip


def _reopened(facts: Row, units: Units, language: str) -> str:
    share = formats.percent(facts["reopened"] / facts["processed"], language)
    period = _period(facts["period"], language)
    return say("need.reopened", language, percent=share, n=facts["reopened"], of=facts["processed"], period=period)


def _camera(facts: Row, units: Units, language: str) -> str:
    if facts["storm"]:
        return say("need.camera_storm", language, n=facts["count"], of=facts["probed"])
    if facts["count"] > 1:
        return say("need.camera_many", language, n=facts["count"])
    return say("need.camera_one", language, name=facts["name"] or facts["key"])


_TITLES: Mapping[str, Callable[[Row, Units, str], str]] = {
    "event": _alert("event"),
    "forecast": _alert("forecast"),
    "instrument": _alert("instrument"),
    "plan": _plan,
    "pace": _pace,
    "figure": _figure,
    "report": _report,
    "late_figures": _late_figures,
    "late_layer": _late_layer,
    "overdue": _overdue,
    "waiting": _waiting,
    "rise": _rise,
    "reopened": _reopened,
    "camera": _camera,
}
