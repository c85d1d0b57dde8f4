"""``geoioc feedback``: cases, steps with them, statistics, the working calendar, forecast of the load."""

from __future__ import annotations

import getpass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, cast

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from ingest.feedback_forecast import read_series
from layers.feedback_rules import Role
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.analysis import feedback_load
from spatial.errors import GeoIOCError, UnknownCase
from spatial.feedback import actions, calendar
from spatial.feedback.rules import regulation
from spatial.queries import feedback_cases, feedback_rollup, feedback_stats
from spatial.queries.statements import Row
from spatial.settings import LOCAL_ZONE

app = typer.Typer(no_args_is_help=True, help="Citizen feedback (1022): cases, steps, statistics, calendar, forecast.")
console = Console()

Code = Annotated[str, typer.Argument(help="tracking code, as PA2611000123")]


class WrongValue(GeoIOCError):
    """What was typed cannot be read."""

    exit_code = 2


@app.command(name="list")
def list_(
    state: Annotated[str | None, typer.Option(help="only this state: received, assigned ...")] = None,
    category: Annotated[str | None, typer.Option(help="only this field")] = None,
    handling_unit: Annotated[str | None, typer.Option(help="only this handling unit, by its name")] = None,
    overdue: Annotated[bool, typer.Option(help="only open cases past their deadline")] = False,
    limit: Annotated[int, typer.Option(min=1, help="how many")] = 20,
) -> None:
    """List cases, the next deadline first."""
    with connect(OPERATOR) as conn:
        rows = feedback_cases.list_cases(
            conn, state=state, category=category, handling_unit=handling_unit, overdue=True if overdue else None,
            order="due" if overdue else "newest", limit=limit,
        )  # fmt: skip
    table = Table("code", "received", "state", "field", "handling unit", "due", "summary")
    for row in rows:
        due = f"[red]{_at(row['late_at'])} late[/red]" if row["late"] else _at(row["late_at"])
        table.add_row(
            row["tracking_code"], _at(row["received_at"]), _state(row), row["category"], row["handling_unit"], due,
            row["title"],
        )  # fmt: skip
    console.print(table)


@app.command()
def show(code: Code) -> None:
    """Show a case with its history, and what may be done with it."""
    now = datetime.now(UTC)
    with connect(OPERATOR) as conn:
        case = feedback_cases.get_case(conn, code=code, public=False)
        steps = feedback_cases.timeline(conn, code=code, public=False)
    if case is None:
        raise UnknownCase(f"Không có phản ánh mang mã «{code}».")
    table = Table(show_header=False)
    for name in ("tracking_code", "title", "content", "category", "level", "state", "handling_unit", "channel",
                 "commune_name", "pin_check", "place_text", "received_at", "first_due_at", "late_at", "closed_at",
                 "result", "rating", "duplicate_of"):  # fmt: skip
        value = case[name]
        table.add_row(name, _at(value) if isinstance(value, datetime) else str(value or ""))
    console.print(table)
    for step in steps:
        said = f" - {step['note']}" if step["note"] else ""
        console.print(f"{_at(step['happened_at'])}  {step['action'] or step['state']}  {step['actor'] or ''}{said}")
    rows = [(role, ", ".join(a.id for a in actions.allowed(case, cast(Role, role), now=now)))
            for role in ("operator", "unit", "leader", "citizen")]  # fmt: skip
    for role, names in rows:
        console.print(f"{role}: {names or 'nothing'}")


@app.command()
def act(
    code: Code,
    action: Annotated[str, typer.Argument(help="id of the action, as `geoioc feedback show CODE` lists them")],
    role: Annotated[str, typer.Option(help="operator, unit or leader")] = "operator",
    actor: Annotated[str | None, typer.Option(help="who; for role unit the name of the handling unit")] = None,
    note: Annotated[str, typer.Option(help="what is said")] = "",
    to_unit: Annotated[str | None, typer.Option(help="handling unit; default: who handles the field there")] = None,
    until: Annotated[str | None, typer.Option(help="promised time, local: 2026-11-30T17:00")] = None,
    level: Annotated[str | None, typer.Option(help="emergency, ordinary or complex")] = None,
    category: Annotated[str | None, typer.Option(help="field")] = None,
    duplicate_of: Annotated[str | None, typer.Option(help="tracking code of the original")] = None,
    result: Annotated[str | None, typer.Option(help="what everybody reads about the result")] = None,
    photo: Annotated[list[Path] | None, typer.Option(help="photo of the result; may be repeated")] = None,
) -> None:
    """Take a step with a case."""
    if role not in ("operator", "unit", "leader"):
        raise WrongValue(f"Role {role!r} cannot act here: operator, unit or leader.")
    images = [_read(path) for path in photo or []]
    with connect(OPERATOR) as conn:
        case = actions.act(
            conn, code=code, action=action, actor=actor or getpass.getuser(), role=cast(Role, role),
            now=datetime.now(UTC), note=note, to_unit=to_unit, until=_moment(until), level=level, category=category,
            duplicate_of=duplicate_of, result=result, images=images,
        )  # fmt: skip
    console.print(f"{code}: {_state(case)}, {case['handling_unit']}, due {_at(case['due_at'])}")


@app.command()
def stats(
    period: Annotated[str, typer.Option(help="reporting month, as 2026-11; default: the one that runs")] = "",
    unit: Annotated[str | None, typer.Option(help="key of an administrative unit, as 37.2025-07-01")] = None,
) -> None:
    """Statistics of a reporting month: in all, by field, and the handling units' league table."""
    rules = regulation()
    month = _month(period) if period else feedback_rollup.period_of(rules, datetime.now(UTC))
    first, last = feedback_rollup.period_span(rules, month)
    with connect(OPERATOR) as conn:
        unit_id = feedback_cases.unit_of_key(conn, key=unit) if unit else feedback_stats.EVERYWHERE
        total = feedback_stats.total(conn, unit_id=unit_id, period=month)
        fields = feedback_stats.period_figures(conn, unit_ids=[unit_id], first=month, last=month, by="category")
        league = feedback_stats.league(conn, by="handling_unit", period=month, unit_id=unit_id)
    console.print(f"{_at(first)} to {_at(last)}")
    if total is None:
        console.print("No reports in this month.")
        return
    table = Table("", "received", "processed", "in progress", "overdue", "on time", "median h", "rated", "satisfied")
    for row in (total, *fields):
        table.add_row(
            row["category"] or "all", *(str(row[n]) for n in ("received", "processed", "in_progress", "overdue")),
            _percent(row["on_time_rate"]), _number(row["median_hours"]), str(row["rated"]),
            _percent(row["satisfied_rate"]),
        )  # fmt: skip
    console.print(table)
    ranks = Table("rank", "handling unit", "processed", "on time", "95 % interval", "overdue")
    for row in league:
        ranks.add_row(
            str(row["rank"] or "too few"), row["handling_unit"], str(row["processed"]), _percent(row["on_time_rate"]),
            f"{_percent(row['low'])} - {_percent(row['high'])}", str(row["overdue"]),
        )  # fmt: skip
    console.print(ranks)


@app.command(name="calendar")
def calendar_(
    file: Annotated[
        Path | None, typer.Argument(help="CSV with day, working, name_vi, name_en; replaces all days")
    ] = None,
) -> None:
    """Show the days that differ from the week, or replace them by those of a file."""
    if file is not None:
        days = calendar.read_days(file)
        with connect(SYSTEM) as conn:
            count = calendar.write_days(conn, days)
        console.print(f"{count} days; deadlines set from now on follow them.")
        return
    with connect(OPERATOR) as conn:
        rows = calendar.list_days(conn)
    table = Table("day", "", "name")
    for day in rows:
        table.add_row(f"{day.day:%d/%m/%Y}", "working" if day.working else "off", f"{day.name_vi} / {day.name_en}")
    console.print(table)


@app.command()
def backtest(
    last: Annotated[str | None, typer.Option(help="last day to use, as 2019-12-31; default: yesterday")] = None,
    origins: Annotated[int, typer.Option(min=1, max=104, help="fortnights of the past to forecast")] = 52,
) -> None:
    """Forecast past fortnights as if they were ahead, and compare with the naive methods."""
    until = _day(last) if last else datetime.now(LOCAL_ZONE).date()
    with connect(OPERATOR) as conn:
        series = read_series(conn, last=until)
    if series is None or not series.names:
        console.print("No reports in the roll-up; run `geoioc jobs run feedback`.")
        return
    score = feedback_load.backtest(series.counts, series.calendar, origins=origins)
    console.print(
        f"{len(series.names)} series, {series.first:%d/%m/%Y} to {series.last:%d/%m/%Y}, {score.origins} origins, mean"
        " absolute error in reports per day"
    )
    table = Table("unit", "field", "per day", "model", "last week", "mean of 28 days", "skill", "inside 80 %")
    order = np.argsort(-series.counts.sum(axis=1))[:20]
    skill = score.skill()
    for n in order:
        unit_id, category = series.names[n]
        table.add_row(
            str(unit_id or "all"), category or "all", _number(series.counts[n].mean()),
            *(_number(score.mae[name][n]) for name in feedback_load.METHODS), _percent(skill[n]),
            _percent(score.covered[n]),
        )  # fmt: skip
    console.print(table)
    sums = {name: float(np.nansum(score.mae[name])) for name in feedback_load.METHODS}
    naive = min(sums["last_week"], sums["mean_28"])
    console.print(
        f"All series: skill {_percent(1 - sums['model'] / naive) if naive else 'unknown'} over the better naive."
    )


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(LOCAL_ZONE):%d/%m/%Y %H:%M}" if moment else ""


def _state(row: Row) -> str:
    return regulation().states[row["state"]].title.vi


def _percent(share: float | None) -> str:
    return "" if share is None or np.isnan(share) else f"{100 * share:.1f} %"


def _number(value: float | None) -> str:
    return "" if value is None or np.isnan(value) else f"{value:.2f}"


def _moment(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise WrongValue(f"{value!r} is no time; write it as 2026-11-30T17:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=LOCAL_ZONE)


def _month(value: str) -> date:
    return _day(f"{value}-01" if len(value) == 7 else value).replace(day=1)


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise WrongValue(f"{value!r} is no date; write it as 2026-11 or 2026-11-30.") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WrongValue(f"{path} cannot be read: {error.strerror}.") from None
