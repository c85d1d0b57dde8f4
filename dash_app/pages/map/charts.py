"""The three linked charts of a unit: station, indicator or rain, feedback."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dash.development.base_component import Component

from dash_app import formats
from dash_app.components.charts import chart_card, empty_card
from dash_app.figures.feedback import PARTS, feedback_figure, parts_of
from dash_app.figures.indicator import indicator_figure, year_end
from dash_app.figures.outlook import mark_unusual
from dash_app.figures.rain import rain_figure
from dash_app.figures.station import station_figure
from dash_app.i18n import say
from dash_app.pages.map.view import IndicatorYears, group_history, highest_station, stations_inside
from dash_app.services import FEEDBACK_MONTHS, Services
from dash_app.state import ViewState
from dash_app.themes import Theme, parameter_theme, themes
from spatial.analysis.forecast.gates import explain
from spatial.analysis.outlook_words import REASONS

type Row = dict[str, Any]

CHART_DAYS = 7
DEFAULT_INDICATOR = "indicator.grdp"


def build_charts(services: Services, unit: Row, state: ViewState, language: str) -> list[Component]:
    """Cards in the order of the theme: what the map shows comes first."""
    station = _station_card(services, unit, state, language)
    middle = (
        _rain_card(services, unit, state.theme, language, state.look)
        if state.theme is not None and state.theme.kind == "zonal" and state.theme.step == "day"
        else _indicator_card(services, unit, state, language)
    )
    first = [station, middle] if state.theme is None or state.theme.at_stations else [middle, station]
    return [*first, _feedback_card(services, unit, language, state.look)]


def _station_card(services: Services, unit: Row, state: ViewState, language: str) -> Component:
    theme = parameter_theme(state.theme)
    parameter = theme.parameter
    assert parameter is not None
    stations = services.stations(theme.layer)
    chosen = next((s for s in stations if state.station == (theme.layer.id, s["key"])), None)
    named = chosen is not None
    if chosen is None:
        chosen = highest_station(stations_inside(stations, unit), services.latest(theme.layer), parameter.name)
    unit_name = theme.unit[language].strip()
    title = f"{theme.title[language]} ({unit_name})" if unit_name else theme.title[language]
    if chosen is None:
        return empty_card(title, say("chart.no_station", language))
    values, forecast = services.station_history(theme.layer, chosen["key"], parameter.name, CHART_DAYS)
    heading = say("chart.station", language, parameter=title, station=chosen["name"])
    note = forecast_note(forecast, language)
    if not named:
        note = f"{say('chart.highest', language).capitalize()}. {note}"
    figure = station_figure(values, forecast, parameter, language=language, look=state.look)
    return chart_card(heading, note, figure, kind="hour")


def forecast_note(forecast: list[Row], language: str) -> str:
    """When and how the forecast was made and whether it beats persistence, or why there is none."""
    if not forecast:
        return say("chart.no_forecast_yet", language)
    head = forecast[0]
    why = explain(head["reason"], language) if head["reason"] else ""
    if head["time"] is None:
        return say("chart.no_forecast", language, reason=why or say("state.empty", language))
    return f"{_issue_note(head, language)}. {why}".rstrip(". ") + "."


def _issue_note(head: Row, language: str) -> str:
    values = {"issued": formats.moment(head["issued_at"]), "model": head["model"]}
    skill = head["skill_persistence"]
    if skill is None:
        return say("chart.issued", language, **values)
    if skill <= 0:
        return say("chart.skill_worse", language, **values)
    return say("chart.skill", language, skill=formats.percent(skill, language), **values)


def _indicator_card(services: Services, unit: Row, state: ViewState, language: str) -> Component:
    theme = state.theme if state.theme is not None and state.theme.indicator else themes().get(DEFAULT_INDICATOR)
    if theme is None or theme.indicator is None:
        return empty_card(say("panel.kpi", language), say("state.empty", language))
    today = services.today()
    year = state.month.year if state.month else today.year
    title = f"{theme.title[language]} ({theme.unit[language]})"
    rows = services.indicator_history([unit["id"]], [theme], date(year - 1, 1, 1), date(year, 12, 1))
    history = group_history(rows).get(theme.indicator.code)
    if history is None:
        return empty_card(title, say("state.empty", language))
    issued = services.indicator_forecasts([unit["id"]], [theme])
    forecast = {
        row["period"].replace(day=1): row for row in issued if row["period"] is not None and row["q50"] is not None
    }
    figure = indicator_figure(
        history.values, forecast, history.plans.get(year), theme.indicator, year, language=language, look=state.look
    )
    mark_unusual(figure, services.unusual(unit["id"], theme.indicator.code, year), theme.indicator, year,
                 language=language, look=state.look)  # fmt: skip
    ahead = services.outlook(unit["id"], theme.indicator.code, year)
    note = _outlook_note(theme, ahead, language) or _year_note(theme, history, forecast, year, language)
    if not forecast and year == today.year and note is None:
        note = _no_months(unit, issued, language)
    return chart_card(title, note, figure, kind="month")


def _no_months(unit: Row, rows: list[Row], language: str) -> str:
    """Why an indicator has no months ahead."""
    reason = next((row["reason"] for row in rows if row["reason"]), None)
    if reason:
        return say("chart.no_forecast", language, reason=explain(reason, language))
    if unit["valid_to"]:
        return say("chart.no_forecast_former", language, day=formats.day(unit["valid_to"]))
    return say("chart.no_forecast_yet", language)


def _outlook_note(theme: Theme, row: Row | None, language: str) -> str | None:
    """Where the year will end, with its range and the chance to meet the plan."""
    if row is None or row["q50"] is None or row["model"] == "complete":
        return None
    low, value, high = (formats.number(row[name], theme.decimals, language) for name in ("q10", "q50", "q90"))
    said = [say("outlook.year", language, value=f"{value} {theme.unit[language]}", low=low, high=high)]
    if row["plan"] is None:
        said.append(say("outlook.no_plan", language))
    elif row["chance"] is not None:
        said.append(say("outlook.chance", language, chance=formats.percent(row["chance"], language)))
    if row["reason"]:
        said.append(REASONS[row["reason"]][language].lower())
    return "; ".join(said)


def _year_note(
    theme: Theme, history: IndicatorYears, forecast: dict[date, Row], year: int, language: str
) -> str | None:
    assert theme.indicator is not None
    expected = year_end(history.values, forecast, theme.indicator, year)
    if expected is None:
        return None
    shown = f"{formats.number(expected, theme.decimals, language)} {theme.unit[language]}"
    plan = history.plans.get(year)
    if not plan:
        return say("chart.year_end_no_plan", language, value=shown)
    key = "chart.year_end_down" if theme.indicator.direction == "down" else "chart.year_end"
    return say(key, language, value=shown, share=formats.percent(expected / plan, language))


def _rain_card(services: Services, unit: Row, theme: Theme, language: str, look: str) -> Component:
    today = services.today()
    title = f"{say('chart.rain', language, title=theme.title[language])} ({theme.unit[language]})"
    rows = services.zonal(theme, [unit["id"]], today - timedelta(days=400), today)[-30:]
    if not rows:
        return empty_card(title, say("state.empty", language))
    return chart_card(title, None, rain_figure(rows, theme, language=language, look=look), kind="day")


def _feedback_card(services: Services, unit: Row, language: str, look: str) -> Component:
    title = say("chart.feedback_months", language, n=FEEDBACK_MONTHS)
    rows = services.feedback(unit["id"])
    if not rows:
        return empty_card(title, say("state.empty", language))
    total, overdue = sum(row["received"] for row in rows), sum(row["overdue"] for row in rows)
    note = say(
        "chart.feedback_note",
        language,
        n=formats.number(total, 0, language),
        overdue=formats.number(overdue, 0, language),
    )
    present = {part for row in rows for part, n in parts_of(row).items() if n}
    key = [(say(f"chart.feedback.{part}", language), colour) for part, colour in PARTS.items() if part in present]
    return chart_card(title, note, feedback_figure(rows, language=language, look=look), kind="feedback", key=key)
