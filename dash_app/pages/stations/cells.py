"""What stands in the cells of the list, as words and as components; the file for download says the same words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from dash import html
from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.index_badge import index_badge, index_words
from dash_app.i18n import say
from dash_app.pages.stations.view import StationStatus, index_of
from layers.flags import FLAG_TITLES, flags_of
from layers.indices import INDICES, REASONS
from layers.model import Parameter

AIR = "air_observation"  # whose reference sensors publish no index


def station_href(layer: str, key: str, language: str) -> str:
    """Address of a station's page."""
    return f"/stations/{layer}/{key}" + ("?lang=en" if language == "en" else "")


def state_words(status: StationStatus, language: str) -> str:
    """«Hoạt động», «Đang hiệu chuẩn PM2.5», «Mất tín hiệu 3 ngày»."""
    age = formats.age(status.age, language) if status.age else ""
    assert status.layer.series is not None
    if status.layer.series.sampled and status.state in ("online", "late"):
        return say(f"station.sample_{status.state}", language, age=age)
    if status.busy:
        words = [
            say(
                "station.calibrating_of" if code == 1 else "station.faulty_of",
                language,
                names=", ".join(p.title[language] for p, state in status.busy if state == code),
            )
            for code in (2, 1)
            if any(state == code for _, state in status.busy)
        ]
        return "; ".join(words)
    return say(f"station.{status.state}", language, age=age)


def doubt_words(status: StationStatus, language: str) -> str:
    """«Nghi ngờ PM2.5: đứng giá trị»; empty when every newest value counts."""
    return "; ".join(
        say("station.doubtful", language, name=parameter.title[language], marks=flag_words(mask, language))
        for parameter, mask in status.doubtful
    )


def state_chip(status: StationStatus, language: str) -> Component:
    """State as a word with its own shape and colour, and what is doubtful of a station that sends."""
    state = html.Span(state_words(status, language), className=f"chip station-{status.state}")
    doubt = doubt_words(status, language)
    marks: list[Any] = [" ", html.Span(doubt, className="chip station-doubtful")] if doubt else []
    return html.Span([state, *marks])


def leading(status: StationStatus) -> Parameter | None:
    """Parameter of the value the list shows."""
    assert status.layer.series is not None
    if status.last is None:
        return None
    return next((p for p in status.layer.series.parameters if p.name == status.last["parameter"]), None)


def last_words(status: StationStatus, language: str) -> str:
    """«PM2.5 34,5 µg/m³», with the marks of a doubtful value in words."""
    parameter, last = leading(status), status.last
    if parameter is None or last is None:
        return say("state.empty", language)
    name = parameter.title[language]
    if last["status"] and not last["reviewed"]:  # what an instrument says while it does not measure is no value
        return f"{name}: {say('chart.calibrating' if last['status'] == 1 else 'chart.fault', language)}"
    value = last["value"] if last["value"] is not None else last["raw"]
    shown = say("state.empty", language) if value is None else formats.number(value, parameter.decimals, language)
    words = f"{name} {shown}" + (f" {parameter.unit}" if value is not None and parameter.unit else "")
    marks = flag_words(last["flag"], language)
    return f"{words} - {marks}" if last["value"] is None and marks else words


def flag_words(mask: int, language: str) -> str:
    """«nhảy vọt, đứng giá trị»; empty for a good value."""
    return ", ".join(FLAG_TITLES[flag][language].lower().replace("pm", "PM") for flag in flags_of(mask))


def last_cell(status: StationStatus, language: str) -> list[Component | str]:
    """Value, and below it when."""
    time = [html.Span(formats.moment(status.last["time"]), className="small-text muted")] if status.last else []
    return [last_words(status, language), *time]


def index_cell(status: StationStatus, period: str, language: str) -> list[Component | str]:
    """Badge of the newest index of the hour or day; the class of QCVN 08 with its name."""
    row = index_of(status, period)
    if row is None:
        why = REASONS["reference_station"][language] if status.reference and status.layer.id == AIR else ""
        return [html.Span(why, className="index-none")]
    badge = index_badge(row, language, now=status.now, old_after=old_after(status))
    if row["index_id"] in ("vn_wqi", "qcvn08") and row["value"] is not None:
        return [html.Span(INDICES[row["index_id"]].short[language], className="small-text muted"), badge]
    return [badge]


def index_text(status: StationStatus, period: str, language: str) -> str:
    """The same in words, for the file."""
    row = index_of(status, period)
    if row is None:
        return REASONS["reference_station"][language] if status.reference and status.layer.id == AIR else ""
    if row["value"] is None or row["level"] is None:
        return REASONS[row["reason"]][language] if row["reason"] in REASONS else ""
    return index_words(row, INDICES[row["index_id"]].level(row["level"]), language)


def old_after(status: StationStatus) -> timedelta | None:
    """After which an index counts as old; None: as is usual for its period."""
    series = status.layer.series
    return timedelta(hours=series.late_after_hours) if series is not None and series.sampled else None


def share_cell(share: float | None, language: str) -> list[Component | str]:
    """Per cent with a bar; the bar of less than three quarters says so by its colour as well."""
    if share is None:
        return [html.Span(say("stations.samples", language), className="muted")]
    bar = html.Span(
        html.Span(style={"width": f"{share * 100:.0f}%"}), className=f"plan-bar{' is-low' if share < 0.75 else ''}"
    )
    return [formats.percent(share, language), bar]


def _percent(share: float | None, language: str) -> str:
    return "" if share is None else formats.percent(share, language)


def csv_rows(statuses: Sequence[StationStatus], language: str) -> list[list[str]]:
    """The table as text: head and a row per station; numbers written as on screen."""
    head = [
        "stations.code",
        "stations.station",
        "stations.kind",
        "stations.state",
        "stations.last",
        "stations.time",
        "stations.index_now",
        "stations.index_day",
        "stations.full_24h",
        "stations.full_30d",
        "stations.over",
        "stations.alerts",
        "stations.lon",
        "stations.lat",
    ]
    rows = [[say(key, language) for key in head]]
    for status in statuses:
        rows.append(
            [
                status.key,
                status.name,
                status.layer.title[language],
                "; ".join(part for part in (state_words(status, language), doubt_words(status, language)) if part),
                last_words(status, language),
                formats.moment(status.last["time"]) if status.last else "",
                index_text(status, "hour", language),
                index_text(status, "day", language),
                _percent(status.complete, language),
                _percent(status.complete_month, language),
                "" if status.over_days is None else str(status.over_days),
                str(status.alerts),
                formats.number(status.lon, 5, language),
                formats.number(status.lat, 5, language),
            ]
        )
    return rows
