"""From figures to the words, tables and drawings of the environment report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dash_app import formats
from dash_app.reports.content import HOURS, Report, Section, StationLine
from dash_app.reports.texts import word
from layers.flags import FLAG_TITLES
from layers.indices import CONFIDENCE, INDICES, Index
from layers.model import Layer, Limit, Parameter

NONE = "–"
ALERTS_SHOWN = 40
POOR = 3  # VN_AQI: Kém and worse
GREY = "#9aa5b1"


def index_of(layer: Layer) -> Index | None:
    """The index by day of a layer, the leading one."""
    assert layer.series is not None
    for name in layer.series.indices:
        if INDICES[name].period == "day":
            return INDICES[name]
    return None


def context(report: Report, language: str) -> dict[str, Any]:
    """All the template needs, drawings included."""
    month = report.month
    shown = (
        word("partial", language, first=formats.day(month.first), last=formats.day(month.last))
        if not month.complete
        else ""
    )
    heading = f"{word('title', language)} {formats.month(month.first)} - {report.scope.title}"
    until = formats.moment(report.data_until) if report.data_until else NONE
    alerts = report.alerts
    return {
        "language": language,
        "report": report,
        "heading": heading,
        "month_name": formats.month(month.first),
        "partial": shown,
        "as_of": word("as_of", language, until=until, made=formats.moment(report.made_at)),
        "agency": report.sections[0].layer.agency[language] if report.sections else "",
        "sections": [_section(section, report, language) for section in report.sections],
        "map": _map(report, language),
        "alert_heads": [word(key, language) for key in ("what", "station", "cause", "from", "to", "peak", "state")],
        "alerts": [_alert(report, row, language) for row in alerts[:ALERTS_SHOWN]],
        "more_alerts": max(0, len(alerts) - ALERTS_SHOWN),
        "method": list(_method(report, language)),
    }


def _section(section: Section, report: Report, language: str) -> dict[str, Any]:
    from dash_app.reports import drawings  # matplotlib: not needed until somebody asks for a report

    month = report.month
    days = [month.first + timedelta(days=offset) for offset in range(month.days)]
    index = index_of(section.layer)
    names = {name: word(name, language) for name in ("highest", "mean", "year_before", "limit")}
    continuous = section.layer.series is not None and section.layer.series.step_hours <= HOURS
    with_index = any(line.levels for line in section.lines)
    levels = [(level.number, level.title[language], level.colour) for level in index.levels] if index else []
    heads, rows = _station_table(section, index, language)
    over_heads, over = _over_table(section, language)
    return {
        "title": section.layer.title[language],
        "leading": section.leading.title[language],
        "facts": _facts(section, index, language),
        "daily": drawings.daily_chart(section, _day_limit(section.leading, month.last), names, language, days)
        if continuous and section.days
        else None,
        "levels": drawings.level_chart(section, levels, word("no_index", language)) if with_index else None,
        "levels_title": _levels_title(index, language),
        "heads": heads,
        "rows": rows,
        "footnote": f"* {word('reference', language)}" if any(line.reference for line in section.lines) else None,
        "over_heads": over_heads,
        "over": over,
        "marks": [
            (FLAG_TITLES[flag][language], formats.number(hours, 0, language))
            for flag, hours in sorted(section.marks.items(), key=lambda item: -item[1])
        ],
        "marks_note": word("quality_note", language, n=formats.number(section.reviewed, 0, language)),
    }


def _levels_title(index: Index | None, language: str) -> str:
    keys = {"vn_aqi_day": "levels", "qcvn08": "class_days", "vn_wqi": "wqi_days"}
    return word(keys[index.id], language) if index else ""


def _day_limit(parameter: Parameter, day: date) -> Limit | None:
    return next((limit for limit in parameter.limits_on(day) if limit.hours == HOURS), None)


def _number(value: float | None, decimals: int, language: str) -> str:
    return NONE if value is None else formats.number(value, decimals, language)


def _percent(value: float | None, language: str) -> str:
    return NONE if value is None else formats.percent(value, language)


def _facts(section: Section, index: Index | None, language: str) -> list[list[str]]:
    spans = (section, section.before, section.year_before)
    leading = section.leading
    shown = f"{word('mean_of', language, name=leading.title[language])} ({leading.unit})"
    rows = [
        [word("stations", language), *(_count(span, _stations_with_data) for span in spans)],
        [
            word("completeness", language),
            *(_percent((span.completeness or None) if span else None, language) for span in spans),
        ],
        [shown, *(_number(span.mean if span else None, leading.decimals, language) for span in spans)],
    ]
    if any(limit.hours == HOURS for parameter in section.limited for limit in parameter.limits):
        rows.append([word("days_over", language), *(_count(span, Section.days_over) for span in spans)])
    if index is not None and index.id == "vn_aqi_day":
        rows.append([word("index_poor", language), *(_count(span, _poor_days) for span in spans)])
    for cause in ("environment", "instrument"):
        counts = [_count(span, lambda s, cause=cause: sum(a["cause"] == cause for a in s.alerts)) for span in spans]
        rows.append([word(f"alerts_{cause}", language), *counts])
    return rows


def _stations_with_data(section: Section) -> int:
    return sum(bool(line.completeness) for line in section.lines)


def _poor_days(section: Section) -> int:
    return sum(days for level, days in section.levels().items() if level >= POOR)


def _count(section: Section | None, count: Any) -> str:
    """A count; a span in which nothing was measured has none."""
    if section is None or not section.completeness:
        return NONE
    return str(count(section))


def _station_table(section: Section, index: Index | None, language: str) -> tuple[list[str], list[list[str]]]:
    shown = [
        p
        for p in section.limited
        if any(p.name in line.values and line.values[p.name]["good"] for line in section.lines)
    ][:6]
    air = index is not None and index.id == "vn_aqi_day"
    heads = [word("station", language), word("completeness", language)]
    heads += [f"{p.title[language]}{f' ({p.unit})' if p.unit else ''}" for p in shown]
    if air:
        heads += [word("max_index", language), word("dominant", language)]
    rows = []
    titles = {p.name: p.title[language] for p in section.layer.series.parameters} if section.layer.series else {}
    for line in section.lines:
        row = [line.name + (" *" if line.reference else ""), _percent(line.completeness, language)]
        row += [
            _number(line.values[p.name]["mean"] if p.name in line.values else None, p.decimals, language) for p in shown
        ]
        if air:
            row += [
                NONE if line.highest_index is None else str(line.highest_index),
                titles.get(line.dominant or "", NONE),
            ]
        rows.append(row)
    return heads, rows


def _over_table(section: Section, language: str) -> tuple[list[str], list[list[str]]]:
    keys = ("station", "parameter", "averaging", "over_days", "means_over", "worst", "limit_value")
    assert section.layer.series is not None
    known = {p.name: p for p in section.layer.series.parameters}
    rows = [
        [line.name, known[name].title[language], word("hours", language, n=hours), str(row["days"]), str(row["means"]),
         _number(row["worst"], known[name].decimals, language),
         f"{_number(row['limit_value'], known[name].decimals, language)} {known[name].unit}".strip()]
        for line in section.lines for (name, hours), row in line.over.items() if name in known
    ]  # fmt: skip
    return [word(key, language) for key in keys], rows


def _alert(report: Report, row: Mapping[str, Any], language: str) -> list[str]:
    names: dict[str, StationLine] = {line.key: line for section in report.sections for line in section.lines}
    station = names.get(row["key"])
    end = formats.moment(row["ended_at"]) if row["ended_at"] else word("ongoing", language)
    who = row["closed_by"] or row["taken_by"]
    state = word(f"state.{row['state']}", language)
    return [
        row["title_en"] if language == "en" else row["title_vi"],
        station.name if station else row["key"],
        word(f"cause.{row['cause']}", language),
        formats.moment(row["started_at"]),
        end,
        _number(row["peak"], 1, language),
        f"{state} ({who})" if who else state,
    ]


def _map(report: Report, language: str) -> str | None:
    from dash_app.reports import drawings

    points = [
        (line.lon, line.lat, line.name, _colour(section, line)) for section in report.sections for line in section.lines
    ]
    if not points:
        return None
    return drawings.station_map(report.outlines, points, word("no_data", language))


def _colour(section: Section, line: StationLine) -> str:
    index = index_of(section.layer)
    if index is None or not line.levels:
        return GREY
    return index.level(max(line.levels)).colour


def _method(report: Report, language: str) -> Iterable[str]:
    yield word("method_hours", language)
    yield word("method_day", language, n=18)
    told: set[str] = set()
    for section in report.sections:
        assert section.layer.series is not None
        for name in section.layer.series.indices:
            index = INDICES[name]
            if index.source[language] not in told:
                told.add(index.source[language])
                yield f"{index.title[language]}: {index.source[language]} ({index.scale_version})."
            for rule in index.rules:
                if rule.confidence in ("memory", "project") and rule.text[language] not in told:
                    told.add(rule.text[language])
                    yield f"{index.title[language]}: {rule.text[language]} ({CONFIDENCE[rule.confidence][language]})."
        for basis, unsure in _bases(section.limited, report.month.last, language):
            if basis not in told:
                told.add(basis)
                yield f"{basis}{f' ({word("unconfirmed", language)})' if unsure else ''}."
        source = word("source", language, agency=section.layer.agency[language])
        if source not in told:
            told.add(source)
            yield source


def _bases(parameters: Sequence[Parameter], day: date, language: str) -> list[tuple[str, bool]]:
    return [(limit.basis[language], not limit.confirmed) for p in parameters for limit in p.limits_on(day)]
