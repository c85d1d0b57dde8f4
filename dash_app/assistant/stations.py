"""Answers about what stations measure: values, means, extremes, rankings, forecasts, indices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from dash_app import formats
from dash_app.assistant.asked import Answer, Asked, Line, Row, moment
from layers.indices import INDICES
from layers.model import Parameter
from spatial.queries import answers, observations, station_index

FRESH_HOURS = 24  # «now» is the newest value of so many hours


def _stations(asked: Asked) -> list[Row]:
    rows = observations.list_stations(asked.conn, layer=asked.layer)
    place = asked.query.place
    if place is not None and place.kind == "station":
        return [row for row in rows if row["key"] == place.key]
    return [row for row in rows if asked.unit["id"] in (row["unit_ids"] or ())]


def _parameter(asked: Asked) -> Parameter:
    assert asked.layer.series is not None
    return next(p for p in asked.layer.series.parameters if p.name == asked.query.measure.name)


def of_parameter(asked: Asked) -> Answer:
    parameter, stations = _parameter(asked), _stations(asked)
    title = parameter.title[asked.language]
    if asked.query.what == "forecast":
        return _forecast_of(asked, parameter, stations)
    names = {row["key"]: row["name"] for row in stations}
    rows = _measured(asked, parameter, list(names))
    if not rows:
        return asked.nothing(title)
    theme = f"{asked.layer.id}.{parameter.name}"
    newest = max((row["newest"] for row in rows if row.get("newest")), default=None)
    until = formats.moment(newest) if newest else formats.day(min(asked.query.period.last, asked.services.today()))
    field = {"max": "highest", "min": "lowest"}.get(
        asked.query.what, "value" if asked.query.period.grain == "now" else "mean"
    )
    ordered = sorted(rows, key=lambda row: row[field], reverse=not (asked.query.ascending or asked.query.what == "min"))
    lines = tuple(
        Line(names[row["key"]], row[field], f"{asked.number(row[field], parameter.decimals)} {parameter.unit}",
             asked.link(theme, f"{asked.layer.id}:{row['key']}"))
        for row in ordered
    )  # fmt: skip
    if asked.query.what in ("rank", "max", "min") or len(rows) == 1:
        key = "station.rank" if len(rows) > 1 else "station.one"
        top = lines[0]
        sentence = asked.word(
            key, what=title, where=top.name, value=top.shown, when=asked.when(), how=_how(asked, field)
        )
        shown = lines[: asked.query.limit] if asked.query.what == "rank" else lines[:1]
        return Answer(
            sentence, top.value, parameter.unit, shown if len(rows) > 1 else (), asked.source(), until, top.link
        )
    mean = sum(row[field] for row in rows) / len(rows)
    value = f"{asked.number(mean, parameter.decimals)} {parameter.unit}"
    sentence = asked.word("station.mean", what=title, where=asked.where, value=value, n=len(rows), when=asked.when())
    return Answer(sentence, mean, parameter.unit, lines[: asked.query.limit], asked.source(), until, asked.link(theme))


def _how(asked: Asked, field: str) -> str:
    return asked.word(f"how.{field}")


def _measured(asked: Asked, parameter: Parameter, keys: list[str]) -> list[Row]:
    period = asked.query.period
    if period.grain in ("now", "hours"):
        clock = asked.services.clock(asked.layer)
        hours = period.hours or FRESH_HOURS
        return answers.station_hours(
            asked.conn,
            layer=asked.layer,
            parameter=parameter.name,
            keys=keys,
            first=clock - timedelta(hours=hours),
            last=clock,
        )
    return answers.station_days(
        asked.conn, layer=asked.layer, parameter=parameter.name, keys=keys, first=period.first, last=period.last
    )


def _forecast_of(asked: Asked, parameter: Parameter, stations: Sequence[Row]) -> Answer:
    clock = asked.services.clock(asked.layer)
    rows = observations.parameter_forecasts(
        asked.conn, layer=asked.layer, parameter=parameter.name, first=clock, last=clock + timedelta(hours=72)
    )
    keys = {row["key"] for row in stations}
    rows = [row for row in rows if row["key"] in keys]
    title = parameter.title[asked.language]
    if not rows:
        return asked.nothing(asked.word("forecast_of", what=title))
    top = max(rows, key=lambda row: row["value"])
    name = next(row["name"] for row in stations if row["key"] == top["key"])
    value = f"{asked.number(top['value'], parameter.decimals)} {parameter.unit}"
    sentence = asked.word("station.forecast", what=title, where=name, value=value, when=formats.moment(top["time"]))
    link = asked.link(f"{asked.layer.id}.{parameter.name}", f"{asked.layer.id}:{top['key']}")
    return Answer(sentence, top["value"], parameter.unit, (), asked.source(), formats.moment(top["issued_at"]), link)


def of_index(asked: Asked) -> Answer:
    hourly = asked.query.measure.name
    now = asked.query.period.grain in ("now", "hours")
    daily = "vn_aqi_day" if hourly == "vn_aqi_hour" else hourly
    index = INDICES[hourly if now else daily]
    stations = {row["key"]: row["name"] for row in _stations(asked)}
    if now:
        rows = station_index.latest_index(asked.conn, layer=asked.layer, index_id=index.id)
    else:
        first, last = moment(asked.query.period.first), moment(asked.query.period.last + timedelta(days=1))
        rows = station_index.index_values(
            asked.conn, layer=asked.layer, index_id=index.id, first=first + timedelta(microseconds=1), last=last
        )
    found: dict[str, Row] = {}
    for row in rows:
        if row["key"] in stations and row["value"] is not None:
            kept = found.get(row["key"])
            if (
                kept is None
                or row["level"] > kept["level"]
                or (row["level"] == kept["level"] and row["value"] > kept["value"])
            ):
                found[row["key"]] = row
    title = index.title[asked.language]
    if not found:
        return asked.nothing(title)
    best_first = asked.query.ascending or asked.query.what == "min"
    ordered = sorted(found.values(), key=lambda row: (row["level"], row["value"]), reverse=not best_first)
    theme = f"{asked.layer.id}.{hourly}"

    def shown(row: Row) -> str:
        level = index.level(row["level"])
        return (
            f"{row['value']} ({level.title[asked.language]})" if index.id != "qcvn08" else level.title[asked.language]
        )

    lines = tuple(
        Line(stations[row["key"]], row["value"], shown(row), asked.link(theme, f"{asked.layer.id}:{row['key']}"))
        for row in ordered
    )
    top = ordered[0]
    key = "index.one" if len(found) == 1 else "index.best" if best_first else "index.worst"
    advice = index.level(top["level"]).advice[asked.language]
    sentence = asked.word(
        key, what=title, where=lines[0].name, value=lines[0].shown, n=len(found), when=asked.when(), area=asked.where
    )
    return Answer(
        f"{sentence} {advice}.", top["value"], "", lines[: asked.query.limit] if len(found) > 1 else (),
        f"{index.source[asked.language]}; {asked.source()}", formats.moment(top["time"]), lines[0].link,
    )  # fmt: skip
