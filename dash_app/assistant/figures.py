"""Answers about socio-economic indicators: figures, comparisons, plans, year end, rankings."""

from __future__ import annotations

from datetime import date

from dash_app import formats
from dash_app.assistant.asked import Answer, Asked
from spatial.queries import indicators, screens


def of_indicator(asked: Asked) -> Answer:
    if asked.query.what == "rank":
        return _indicator_rank(asked)
    day = min(asked.query.period.last, asked.services.today())
    code = asked.query.measure.name
    found = indicators.kpi(asked.conn, unit_id=asked.unit["id"], as_of=day, codes=[code])
    title = indicators.catalogue()[code].title[asked.language]
    wanted = asked.query.period
    if not found or (wanted.grain in ("month", "year", "quarter") and found[0].period < wanted.first):
        return asked.nothing(title)
    fact = found[0]
    item = fact.indicator
    unit = item.unit[asked.language]
    if asked.query.what == "forecast":
        return _year_end(asked, fact)
    single = wanted.grain == "month" or item.how == "last" or item.period == "year" or fact.cumulative is None
    value = fact.value if single else fact.cumulative
    assert value is not None
    shown = f"{asked.number(value, item.decimals)} {unit}"
    month = formats.month(fact.period) if item.period == "month" else fact.label(asked.language)
    sentence = asked.word(
        "indicator.month" if single else "indicator.year",
        what=title,
        where=asked.where,
        value=shown,
        month=_when(asked, fact),
    )
    compared = _comparison(asked, fact, single)
    sentence = f"{sentence} ({asked.word(f'state.{fact.state}')}){f'; {compared}' if compared else ''}."
    return Answer(sentence, value, unit, (), asked.source(), month, asked.link(f"{asked.layer.id}.{code}"))


def _when(asked: Asked, fact: indicators.Kpi) -> str:
    """The period within a sentence: «tháng 10/2026», «quý III/2026», «năm học 2025-2026»."""
    if fact.indicator.period == "month":
        shown = formats.month(fact.period)
        return shown if asked.language == "en" else f"tháng {shown}"
    label = fact.label(asked.language)
    return label if asked.language == "en" else label[0].lower() + label[1:]


def _comparison(asked: Asked, fact: indicators.Kpi, single: bool) -> str:
    """What was asked to be compared with; without a wish the same period and the plan."""
    points = asked.word("points") if fact.rate else "%"
    said = []
    compare = asked.query.compare
    if compare in ("none", "same_period"):
        change = fact.on_same_period if single else fact.cumulative_on_same_period
        name = "on_same_period" if single else "cumulative_on_same_period"
        if change is not None:
            said.append(asked.word("on_same_period", change=_signed(asked, change), unit=points))
        elif compare == "same_period":
            said.append(asked.word("no_comparison", why=fact.reasons[name][asked.language]))
    if compare == "previous":
        if fact.on_previous is not None:
            said.append(asked.word("on_previous", change=_signed(asked, fact.on_previous), unit=points))
        else:
            said.append(asked.word("no_comparison", why=asked.word("no_previous")))
    if compare in ("none", "plan"):
        if fact.plan_percent is not None:
            said.append(asked.word("on_plan", percent=asked.number(fact.plan_percent, 1)))
        elif compare == "plan":
            said.append(asked.word("no_comparison", why=fact.reasons["plan_percent"][asked.language]))
    return "; ".join(said)


def _signed(asked: Asked, value: float) -> str:
    return f"{'+' if value > 0 else ''}{asked.number(value, 1)}"


def _year_end(asked: Asked, fact: indicators.Kpi) -> Answer:
    item = fact.indicator
    title = item.title[asked.language]
    rows = screens.indicator_forecasts(asked.conn, unit_ids=[asked.unit["id"]], indicators=[item.code])
    rest = [
        r
        for r in rows
        if r["period"] and r["q50"] is not None and fact.period < r["period"] <= date(fact.period.year, 12, 1)
    ]
    if fact.period.month < 12 and len(rest) < 12 - fact.period.month:
        return asked.nothing(asked.word("forecast_of", what=title))
    if item.how == "sum":
        if fact.cumulative is None:
            return asked.nothing(asked.word("forecast_of", what=title))
        value = fact.cumulative + sum(row["q50"] for row in rest)
    else:
        value = rest[-1]["q50"] if rest else fact.value
    shown = f"{asked.number(value, item.decimals)} {item.unit[asked.language]}"
    sentence = asked.word("indicator.forecast", what=title, where=asked.where, value=shown, year=fact.period.year)
    if fact.plan and item.direction != "down":
        percent = asked.number(value / fact.plan * 100, 1)
        sentence = f"{sentence.removesuffix('.')}; {asked.word('on_plan', percent=percent)}."
    return Answer(sentence, value, item.unit[asked.language], (), asked.source(), formats.month(fact.period),
                  asked.link(f"{asked.layer.id}.{item.code}"))  # fmt: skip


def _indicator_rank(asked: Asked) -> Answer:
    item = indicators.catalogue()[asked.query.measure.name]
    units = {row["id"]: row for row in asked.units_of(asked.query.by or "commune")}
    last = min(asked.query.period.last, asked.services.today())
    first = asked.query.period.first if asked.query.period.grain != "now" else date(last.year, 1, 1)
    values = indicators.history(
        asked.conn, unit_ids=list(units), codes=[item.code], first=first.replace(day=1), last=last
    )
    actual = [value for value in values if value.state != "plan"]
    title = item.title[asked.language]
    if not actual:
        return asked.nothing(title)
    newest = max(value.period for value in actual)
    totals: dict[int, float] = {}
    for value in actual:
        if item.how == "sum" and asked.query.period.grain != "month":
            totals[value.unit_id] = totals.get(value.unit_id, 0.0) + value.value
        elif value.period == newest:
            totals[value.unit_id] = value.value
    summed = item.how == "sum" and asked.query.period.grain != "month"
    when = None if summed else asked.word("when.month", month=formats.month(newest))
    theme, unit = f"{asked.layer.id}.{item.code}", item.unit[asked.language]
    return asked.ranked(title, totals, units, item.decimals, unit, theme, when)
