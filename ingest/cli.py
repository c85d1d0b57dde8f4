"""``geoioc ingest``: load files, see what was loaded and what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from ingest import runs as run_records
from ingest.options import SourceOptions
from ingest.pipeline import run_file
from ingest.quarantine import read_quarantine, write_csv
from ingest.recipe import load_recipe, read_recipe
from ingest.report import RunReport
from layers.reasons import REASONS
from layers.registry import get_layer
from spatial.access import SYSTEM, connect

app = typer.Typer(help="Load source files into layers; see runs and rejected rows.", no_args_is_help=True)
console = Console()

LayerId = Annotated[str, typer.Argument(metavar="LAYER", help="Id of the layer, as in `geoioc layers list`.")]
Encoding = Annotated[str | None, typer.Option(help="Encoding of a text file, for example windows-1258.")]
Crs = Annotated[int | None, typer.Option(help="EPSG code of the coordinates, for example 9209.")]
Sheet = Annotated[str | None, typer.Option(help="Sheet of a workbook, or layer of a vector file.")]
Decimal = Annotated[str | None, typer.Option(help="Decimal mark of numbers: . or ,")]
ReaderOption = Annotated[
    str, typer.Option("--reader", help="csv, excel, vector, geoparquet, geotiff, netcdf, logger or auto.")
]
Inside = Annotated[str, typer.Option(help="Where features must lie: province, vietnam or none.")]
Repair = Annotated[bool | None, typer.Option(help="Make invalid polygons valid instead of rejecting them.")]


def _options(**given: object) -> SourceOptions:
    said = {name: value for name, value in given.items() if value is not None}
    try:
        return SourceOptions.model_validate(said)
    except ValueError as error:
        raise typer.BadParameter(str(error).splitlines()[2].strip()) from None


def print_reports(reports: list[RunReport]) -> None:
    """A paragraph per file: what was read and stored, what was rejected by reason, what was marked by kind."""
    for report in reports:
        name = Path(report.source).name
        console.print(f"[bold]{name}[/] -> {report.layer_id}: {report.state}, {report.seconds:.1f} s", highlight=False)
        things = "values" if get_layer(report.layer_id).kind in ("observation", "indicator") else "rows"
        lines = [
            f"{report.rows_read:,} rows read; {report.accepted:,} {things} accepted ({report.inserted:,} new,"
            f" {report.updated:,} changed, {report.unchanged:,} same); {report.rows_rejected:,} rows rejected"
        ]
        if report.rejected:
            lines.append(f"rejected: {_counts(report.rejected)}")
        if report.flagged:
            lines.append(f"stored, but marked: {_counts(report.flagged)}")
        if report.state == "unchanged":
            lines = [report.message or ""]
        for line in lines:
            console.print(f"  {line}", highlight=False)
    if len(reports) > 1:
        read, rejected = sum(one.rows_read for one in reports), sum(one.rows_rejected for one in reports)
        seconds = sum(one.seconds for one in reports)
        console.print(
            f"[bold]{len(reports)} files[/]: {read:,} rows read, {rejected:,} rejected, {seconds:.0f} s."
            " `geoioc ingest quarantine LAYER` shows the rejected rows.",
            highlight=False,
        )


def _follow_up(reports: list[RunReport]) -> None:
    """Queue the jobs that use what was loaded, and say so."""
    from ingest.follow_up import ask_for_jobs  # brings the forecast models, which `check` and `runs` need not wait for

    if names := ask_for_jobs(reports):
        console.print(
            f"Queued: {', '.join(names)}. A worker runs them now; where none runs (`geoioc status`):"
            f" geoioc jobs run {' '.join(names)}",
            highlight=False, soft_wrap=True,
        )  # fmt: skip


def _counts(found: Mapping[str, int]) -> str:
    return "; ".join(f"{count:,} {REASONS[name].en if name in REASONS else name}" for name, count in found.items())


@app.command("run")
def run_command(
    layer: LayerId,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files to load; a folder of logger files.")],
    force: Annotated[bool, typer.Option("--force", help="Read files again that were loaded before.")] = False,
    encoding: Encoding = None,
    crs: Crs = None,
    sheet: Sheet = None,
    decimal: Decimal = None,
    reader: ReaderOption = "auto",
    inside: Inside = "province",
    repair: Repair = None,
) -> None:
    """Load files into a layer. The same file twice changes nothing."""
    chosen = get_layer(layer)
    options = _options(
        encoding=encoding, crs=crs, sheet=sheet, decimal=decimal, reader=reader, inside=inside, repair=repair
    )
    reports = []
    for file in files:
        with console.status(f"{file.name} ...") as status:
            report = run_file(
                chosen, file, actor=SYSTEM, options=options, force=force, progress=lambda said, _: status.update(said)
            )
        reports.append(report)
    print_reports(reports)
    _follow_up(reports)


@app.command("check")
def check_command(
    layer: LayerId,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to try.")],
    encoding: Encoding = None,
    crs: Crs = None,
    sheet: Sheet = None,
    decimal: Decimal = None,
    reader: ReaderOption = "auto",
    inside: Inside = "province",
    repair: Repair = None,
) -> None:
    """Try a file: read and check everything, store nothing. Ends with 1 when rows would be rejected."""
    options = _options(
        encoding=encoding, crs=crs, sheet=sheet, decimal=decimal, reader=reader, inside=inside, repair=repair
    )
    report = run_file(get_layer(layer), file, actor=SYSTEM, options=options, dry_run=True)
    print_reports([report])
    for target, header in report.headers.items():
        console.print(f"  {target} <- {header}", highlight=False)
    if report.rows_rejected:
        raise typer.Exit(1)


@app.command("recipe")
def recipe_command(
    recipe: Annotated[Path, typer.Argument(metavar="FILE", help="Recipe, for example data/recipes/real.toml.")],
    root: Annotated[Path, typer.Option("--root", help="Folder that holds the recipe's files.")],
    force: Annotated[bool, typer.Option("--force", help="Read files again that were loaded before.")] = False,
) -> None:
    """Load every file of a recipe, in its order."""
    with console.status("...") as status:
        chosen = read_recipe(recipe)
        reports = load_recipe(chosen, root, actor=SYSTEM, force=force, progress=lambda said, _: status.update(said))
    print_reports(reports)
    _follow_up(reports)
    for entry in chosen.skipped:
        console.print(f"not loaded: {entry.path} - {entry.reason.en}", highlight=False)


@app.command("runs")
def runs_command(
    layer: Annotated[str | None, typer.Option("--layer", help="Only this layer.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", help="How many, newest first.")] = 20,
) -> None:
    """Show the last runs."""
    if layer is not None:
        get_layer(layer)
    with connect(SYSTEM) as connection:
        run_records.mark_interrupted(connection)
        rows = connection.execute(
            text(
                "SELECT * FROM ops.ingest_run WHERE layer_id = coalesce(:layer, layer_id) ORDER BY id DESC LIMIT :limit"
            ),
            {"layer": layer, "limit": limit},
        ).all()
    table = Table(box=None, pad_edge=False)
    for heading in ("run", "when", "layer", "file", "state", "read", "new", "changed", "rejected", "message"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        counts = (row.rows_read, row.rows_inserted, row.rows_updated, row.rows_rejected)
        table.add_row(
            str(row.id), f"{row.started_at:%Y-%m-%d %H:%M}", row.layer_id, Path(row.source).name, row.state,
            *(f"{count:,}" for count in counts), row.message or "",
        )  # fmt: skip
    console.print(table)


@app.command("quarantine")
def quarantine_command(
    layer: LayerId,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write all of them to this file, for the sender.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", help="How many to show.")] = 50,
) -> None:
    """Show rejected rows: file, line, field, reason."""
    get_layer(layer)
    with connect(SYSTEM) as connection:
        rows = read_quarantine(connection, layer_id=layer, limit=None if csv else limit)
    if csv is not None:
        console.print(f"{write_csv(rows, csv):,} rows written to {csv}.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("file", "line", "field", "reason", "message", "kept"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(
            Path(row["source"]).name, str(row["line"] or ""), row["field"] or "", row["reason"], row["message"],
            "yes" if row["kept"] else "",
        )  # fmt: skip
    console.print(table)
