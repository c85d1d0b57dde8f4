"""What somebody asks a report for, checked: unit or station, and month."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from dash_app import formats
from dash_app.reports.content import Month, Report, Scope, build_report, report_layers
from dash_app.reports.texts import word
from dash_app.reports.view import index_of
from dash_app.services import Services
from layers.model import Layer
from layers.registry import registry
from spatial.access import connect
from spatial.errors import GeoIOCError
from spatial.queries import observations
from spatial.settings import LOCAL_ZONE


class ReportRefused(GeoIOCError):
    """The request cannot be answered; the sentence says what is wrong with it."""


def make_report(services: Services, query: Mapping[str, str], language: str) -> Report:
    """The report of ``month`` (2026-10; default: the month before the data clock) for ``unit`` or ``station``.

    :raises ReportRefused: when month, unit or station cannot be understood.
    """
    until = data_until(services)
    day = until.astimezone(LOCAL_ZONE).date() if until else services.today()
    month = read_month(query.get("month"), day, language)
    scope = read_scope(services, query, language)
    with connect(services.actor) as conn:
        return build_report(
            conn,
            scope=scope,
            month=month,
            now=services.now(),
            data_until=until,
            synthetic=services.synthetic(),
            index_of=_index_id,
        )


def _index_id(layer: Layer) -> str | None:
    index = index_of(layer)
    return index.id if index else None


def data_until(services: Services) -> datetime | None:
    """Data clock of the networks in the report, never in the future."""
    with connect(services.actor) as conn:
        newest = observations.newest_time(conn, layers=[layer.id for layer in report_layers()])
    return min(newest, services.now()) if newest else None


def read_month(said: str | None, day: date, language: str) -> Month:
    """:raises ReportRefused: when it is no month, or one of the future."""
    if not said:
        return Month.of(day.replace(day=1) - timedelta(days=1))
    found = re.fullmatch(r"(\d{4})-(\d{1,2})", said.strip())
    if found is None or not 1 <= int(found[2]) <= 12 or not 1900 <= int(found[1]) <= 9998:
        raise ReportRefused(word("bad_month", language))
    first = date(int(found[1]), int(found[2]), 1)
    if first > day:
        raise ReportRefused(word("future_month", language))
    return Month.of(first, day)


def read_scope(services: Services, query: Mapping[str, str], language: str) -> Scope:
    """:raises ReportRefused: when there is no such unit or station."""
    province = services.province()
    if wanted := query.get("station"):
        name, _, station_key = wanted.partition(":")
        layer = registry().get(name)
        if layer is None or layer.series is None:
            raise ReportRefused(word("bad_scope", language))
        station = next((row for row in services.stations(layer) if row["key"] == station_key), None)
        if station is None:
            raise ReportRefused(word("bad_scope", language))
        return Scope("station", station["name"], province, (layer.id, station_key))
    if province is None:
        raise ReportRefused(word("bad_scope", language))
    unit = province
    if key := query.get("unit"):
        found = next((row for row in services.units() if key in (row["key"], row["code"])), None)
        if found is None and key not in (province["key"], province["code"]):
            raise ReportRefused(word("bad_scope", language))
        unit = found or province
    return Scope("unit", formats.unit_name(unit, language), unit)
