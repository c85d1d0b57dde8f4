"""``geoioc quality``: marks of a station, verdicts of people on them, and how good the checks are on the data here."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console, Group
from rich.table import Table
from sqlalchemy import Connection, text

from ingest import quality_measure
from ingest.network_quality import network_checks
from layers.flags import FLAG_TITLES, flags_of
from layers.model import Layer
from layers.registry import get_layer
from spatial.access import OPERATOR, connect
from spatial.errors import GeoIOCError
from spatial.progress import silent
from spatial.queries import forecasts, network_marks, reviews
from spatial.settings import LOCAL_ZONE

app = typer.Typer(no_args_is_help=True, help="Quality marks: see them, judge them, measure the checks.")
console = Console(width=110) if not sys.stdout.isatty() else Console()

LayerId = Annotated[str, typer.Option("--layer", help="observation layer")]
Actor = Annotated[str, typer.Option("--actor", envvar="USER", help="who says so; kept with the review")]


class QualityRefused(GeoIOCError):
    """What was asked does not fit the data."""


@app.command("flags")
def flags(
    station: Annotated[str, typer.Option(help="key of the station")],
    days: Annotated[int, typer.Option(help="so many days back from the newest value", min=1)] = 30,
    layer: LayerId = "air_observation",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Marks of a station: contiguous values with the same marks, newest first, with what people said."""
    described = _layer(layer)
    with connect(OPERATOR) as conn:
        span = network_marks.span_of_days(conn, layer_id=described.id)
        if span is None:
            raise QualityRefused(f"Layer {layer} has no values.")
        end = datetime.combine(span[1] + timedelta(days=1), datetime.min.time(), LOCAL_ZONE)
        rows = reviews.flag_episodes(conn, layer=described, key=station, first=end - timedelta(days=days), last=end)
    if as_json:
        typer.echo(json.dumps(rows, default=str, ensure_ascii=False, indent=1))
        return
    table = Table("series", "parameter", "marks", "first", "last", "values", "from", "to", "verdict")
    for row in rows:
        marks = ", ".join(FLAG_TITLES[flag].vi for flag in flags_of(row["flag"])) or "–"
        said = f"{row['verdict']} ({row['actor']}: {row['note']})" if row["verdict"] else ""
        table.add_row(
            str(row["series_id"]), row["parameter"], marks, _local(row["first"]), _local(row["last"]), str(row["n"]),
            _number(row["minimum"]), _number(row["maximum"]), said,
        )  # fmt: skip
    console.print(table if rows else f"No marks at {station} in {days} days.")


@app.command("review")
def review(
    series: Annotated[str, typer.Argument(help="number, or STATION:PARAMETER")],
    first: Annotated[datetime, typer.Option(help="local time unless it has an offset", formats=["%Y-%m-%dT%H:%M"])],
    last: Annotated[datetime, typer.Option(formats=["%Y-%m-%dT%H:%M"])],
    note: Annotated[str, typer.Option(help="why")],
    good: Annotated[bool, typer.Option("--good/--bad", help="enters means whatever its marks, or never")],
    actor: Actor = "operator",
) -> None:
    """Judge the values of a series over a span; the next roll-up follows."""
    with connect(OPERATOR) as conn:
        number = reviews.add_review(
            conn,
            series_id=_series(conn, series),
            first=first.replace(tzinfo=LOCAL_ZONE),
            last=last.replace(tzinfo=LOCAL_ZONE),
            verdict="good" if good else "bad",
            note=note,
            actor=actor,
        )
    console.print(f"Review {number} stored. Means follow with the next roll-up: `geoioc jobs run rollup`.")


@app.command("reviews")
def list_reviews(
    layer: Annotated[str | None, typer.Option(help="only of this layer")] = None,
    station: Annotated[str | None, typer.Option(help="only of this station")] = None,
    holding: Annotated[bool, typer.Option("--holding", help="only those not taken back")] = False,
) -> None:
    """Reviews, newest first."""
    with connect(OPERATOR) as conn:
        rows = reviews.list_reviews(
            conn, layer=None if layer is None else _layer(layer), key=station, holding=holding
        )  # fmt: skip
    table = Table("no", "station", "parameter", "first", "last", "verdict", "note", "by", "on", "taken back")
    for row in rows:
        back = f"{_local(row['revoked_at'])} {row['revoked_by']}" if row["revoked_at"] else ""
        table.add_row(
            str(row["id"]), row["key"], row["parameter"], _local(row["first"]), _local(row["last"]), row["verdict"],
            row["note"], row["actor"], _local(row["created_at"]), back,
        )  # fmt: skip
    console.print(table if rows else "No reviews.")


@app.command("revoke")
def revoke(review_id: Annotated[int, typer.Argument()], actor: Actor = "operator") -> None:
    """Take a review back; the marks decide again after the next roll-up."""
    with connect(OPERATOR) as conn:
        reviews.revoke_review(conn, review_id=review_id, actor=actor)
    console.print(f"Review {review_id} taken back.")


@app.command("measure")
def measure(
    layer: LayerId = "air_observation",
    parameter: Annotated[list[str] | None, typer.Option(help="may be given more than once")] = None,
    since: Annotated[datetime | None, typer.Option(help="first local day", formats=["%Y-%m-%d"])] = None,
    until: Annotated[datetime | None, typer.Option(help="last local day", formats=["%Y-%m-%d"])] = None,
    station: Annotated[str | None, typer.Option(help="only stations whose key begins so")] = None,
    seed: Annotated[int, typer.Option(help="another seed, other faults")] = 1,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Inject labelled faults into good series of this database, in memory, and count which the checks find."""
    described = _layer(layer)
    names = parameter or [name for name in network_checks(described) if name in ("pm25", "pm10")]
    known = {item.name for item in described.series.parameters} if described.series else set()
    if not names or set(names) - known:
        raise QualityRefused(f"Name parameters of {layer} with --parameter: {', '.join(sorted(known))}.")
    with connect(OPERATOR) as conn:
        span = network_marks.span_of_days(conn, layer_id=described.id)
        if span is None:
            raise QualityRefused(f"Layer {layer} has no values.")
        first, last = max(span[0], _day(since, span[0])), min(span[1], _day(until, span[1]))
        if first > last:
            raise QualityRefused(f"Layer {layer} has values from {span[0]} to {span[1]} only.")
        scores = quality_measure.measure(
            conn, layer=described, parameters=names, first=first, last=last, seed=seed, progress=silent, prefix=station
        )
    if as_json:
        typer.echo(json.dumps([score.as_json() for score in scores], ensure_ascii=False, indent=1))
        return
    for score in scores:
        console.print(_table(score, first, last))


@app.command("indicators")
def indicators(
    seed: Annotated[int, typer.Option(help="another seed, other faults")] = 1,
) -> None:
    """Put slips of the report and events into the indicators here, in memory, and count which are found."""
    from ingest import outlook_injection  # reads all figures

    for table in outlook_injection.tables(seed):
        console.print(table)


def _table(score: quality_measure.Score, first: date, last: date) -> Group:
    head = (
        f"[bold]{score.parameter}[/bold], {first:%d/%m/%Y} to {last:%d/%m/%Y}: {score.stations} stations,"
        f" {score.station_years:.1f} station-years, {score.values:,} values"
    )
    table = Table("fault", "injected", "found", "share")
    for kind, (found, injected) in sorted(score.found.items()):
        unit = "episodes" if kind in ("drift", "clock") else "values"
        table.add_row(kind, f"{injected:,} {unit}", f"{found:,}", f"{found / injected:.3f}" if injected else "–")
    marked = ", ".join(f"{name} {count:,}" for name, count in score.marked.items()) or "nothing"
    lines = [
        f"As they are, marked: {marked}.",
        f"«No value» said by a number: {score.sentinels:,}. Impossible values and pairs: {score.certain:,}."
        f" Approved hours with an impossible value: {score.impossible_hours:,}.",
        f"Possible values marked: {score.false_series:.3%} by tests of one series, {score.false_network:.3%} by the"
        " network (bounds of false marks from above: which of them are real faults is not known).",
    ]
    if score.drift_years:
        rate = score.drift_false / score.drift_years
        late = "" if score.delay_days is None else f"; injected ones are seen after {score.delay_days:.0f} days"
        lines.append(f"Drift episodes as they are: {score.drift_false} in {score.drift_years:.1f} station-years"
                     f" that can be judged ({rate:.2f} a year){late}.")  # fmt: skip
    return Group(head, table, *lines, "")


def _layer(layer_id: str) -> Layer:
    layer = get_layer(layer_id)
    if layer.series is None:
        raise QualityRefused(f"{layer_id} is no observation layer.")
    return layer


def _series(conn: Connection, name: str) -> int:
    found: Iterable[int] = [int(row["id"]) for row in forecasts.find_series(conn, name=name)]
    for number in found:
        if (
            conn.execute(text("SELECT layer_id FROM core.series WHERE id = :id"), {"id": number}).scalar()
            != "indicator"
        ):
            return number
    raise QualityRefused(f"There is no series {name!r}. Name it as STATION:PARAMETER, for instance KK01:pm25.")


def _day(given: datetime | None, otherwise: date) -> date:
    return otherwise if given is None else given.date()


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL_ZONE):%d/%m/%Y %H:%M}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"
