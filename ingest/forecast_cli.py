"""``geoioc forecast``: issue forecasts now, read one in the terminal, and see how good the methods are on real data."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ingest.jobs import run_job
from spatial.access import OPERATOR, connect
from spatial.analysis.forecast.gates import explain
from spatial.errors import GeoIOCError
from spatial.queries import forecasts
from spatial.settings import LOCAL_ZONE

app = typer.Typer(no_args_is_help=True, help="Forecasts: issue, show, and test them on past data.")
console = Console()


class UnknownSeries(GeoIOCError):
    """There is no series of that name."""


class AirSet(StrEnum):
    """Real hourly data sets the back-test knows how to read."""

    hanoi = "hanoi"
    hcmc = "hcmc"


@app.command("run")
def run() -> None:
    """Issue what is due now: stations when their data moved, indicators when their layer changed."""
    with Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console) as bars:
        bar = bars.add_task("forecast", total=1.0)
        message = run_job("forecast", lambda text, part: bars.update(bar, completed=part, description=text))
        bars.update(bar, completed=1.0, description="forecast")
    console.print(message)


@app.command("show")
def show(
    series: Annotated[str, typer.Argument(help="number, or STATION:PARAMETER, or UNIT_KEY:INDICATOR")],
    every: Annotated[int, typer.Option(help="print every n-th step", min=1)] = 3,
) -> None:
    """Print the newest forecast of a series."""
    with connect(OPERATOR) as conn:
        found = forecasts.find_series(conn, name=series)
        if not found:
            raise UnknownSeries(f"There is no series {series!r}. Name it as STATION:PARAMETER, for instance KK01:pm25.")
        rows = forecasts.latest(conn, series_ids=[found[0]["id"]])
    item = found[0]
    console.print(f"[bold]{item['feature_key']} {item['parameter']}[/bold] ({item['layer_id']}, series {item['id']})")
    if not rows:
        console.print("Never forecast yet: run `geoioc forecast run`.")
        return
    _print_issue(rows, monthly=item["layer_id"] == "indicator", every=every)


def _print_issue(rows: list[forecasts.Row], *, monthly: bool, every: int) -> None:
    first = rows[0]
    until = first["input_until"]
    console.print(
        f"issued {_when(first['issued_at'])}, input until {_when(until) if until else 'none'},"
        f" model {first['model'] or 'none'}, skill against persistence {_percent(first['skill_persistence'])},"
        f" yesterday's hour {_percent(first['skill_seasonal'])}, climatology {_percent(first['skill_climatology'])}"
    )
    if first["reason"]:
        console.print(f"[yellow]{explain(first['reason'], 'vi')}[/yellow] {explain(first['reason'], 'en')}")
    if first["target"] is None:
        return
    table = Table("month" if monthly else "hour", "2.5 %", "10 %", "50 %", "90 %", "97.5 %", "")
    steps = rows if monthly else rows[::every]
    top = max(row["q90"] for row in steps)
    for row in steps:
        day = row["target"].astimezone(LOCAL_ZONE)
        table.add_row(
            f"{day:%m/%Y}" if monthly else f"{day:%d/%m %H:%M}",
            *(f"{row[name]:,.4g}" for name in ("q025", "q10", "q50", "q90", "q975")),
            _bar(row["q10"], row["q50"], row["q90"], top),
        )
    console.print(table)


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL_ZONE):%d/%m/%Y %H:%M}"


def _percent(value: float | None) -> str:
    return "unknown" if value is None else f"{100 * value:+.0f} %"


def _bar(low: float, middle: float, high: float, top: float, width: int = 30) -> str:
    """The 80 % range as a line with a dot at the median."""
    if top <= 0:
        return ""
    at = [min(width, max(0, round(width * value / top))) for value in (low, middle, high)]
    return " " * at[0] + "─" * (at[1] - at[0]) + "●" + "─" * (at[2] - at[1])


@app.command("backtest")
def backtest(
    root: Annotated[
        Path | None, typer.Option(help="folder with air/*.csv.gz; without it, the database's indicators")
    ] = None,
    city: Annotated[list[AirSet] | None, typer.Option("--set", help="only this set; may be given twice")] = None,
    parameter: Annotated[list[str] | None, typer.Option(help="pm25, pm10, no2, o3 ...; may be given twice")] = None,
    every: Annotated[int, typer.Option(help="hours between origins", min=1)] = 173,
    days: Annotated[int, typer.Option(help="test the last so many days; 0 = all that can be tested", min=0)] = 365,
    weather: Annotated[Path | None, typer.Option(help="hourly weather: CSV of Open-Meteo, or NetCDF")] = None,
    noise: Annotated[float, typer.Option(help="errors added to the weather, in its own deviations", min=0.0)] = 0.0,
    station: Annotated[str | None, typer.Option(help="test this station only; all are trained on")] = None,
    indicators: Annotated[bool, typer.Option("--indicators", help="the indicators of the database")] = False,
) -> None:
    """Forecast the past as if it were now, and print errors, coverage and skill against the simple methods.

    Hourly: 28-day windows, origins every 173 h, models trained on earlier data only.
    """
    from ingest import forecast_backtest  # heavy

    if root is None or indicators:
        console.print(forecast_backtest.indicators())
        return
    options = forecast_backtest.Options(every, days or None, weather, noise, station)
    for name in city or list(AirSet):
        for quantity in parameter or ["pm25", "no2", "o3"]:
            for table in forecast_backtest.air(root, name.value, quantity, options):
                console.print(table)


@app.command("outlook")
def outlook(
    unit: Annotated[
        str | None, typer.Option(help="key of a unit, for instance 37.2025-07-01; default: the province")
    ] = None,
    year: Annotated[int | None, typer.Option(help="default: this year")] = None,
    backtest: Annotated[bool, typer.Option("--backtest", help="project past years, from earlier figures only")] = False,
) -> None:
    """Where the indicators of a unit will end the year, or how good such projections were in the past."""
    from ingest import outlook_show  # heavy with --backtest

    for table in outlook_show.backtest() if backtest else [outlook_show.outlook_table(unit, year)]:
        console.print(table)


@app.command("bench")
def bench(
    series: Annotated[int, typer.Option(help="station parameters, four to a station", min=4)] = 500,
    days: Annotated[int, typer.Option(help="history to train on", min=60)] = 395,
) -> None:
    """Train and issue 72 hours for synthetic series in memory; prints CPU seconds of one core."""
    from ingest import forecast_bench  # heavy

    console.print(forecast_bench.run(series, days))
