"""`geoioc sample`: make the synthetic province, or go on with its hourly values."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from ingest.sample.build import DEFAULT_SEED, LOCAL, extend_sample, make_sample
from ingest.sample.scale import SCALES

app = typer.Typer(name="sample", help="The sample province (synthetic data).", no_args_is_help=True)
console = Console(stderr=True)
FOLDER = Path("data/sample")


def _moment(text: str | None) -> datetime:
    """A moment given as ISO 8601 (local time unless it says otherwise), or this hour."""
    if text is None:
        return datetime.now(LOCAL).replace(minute=0, second=0, microsecond=0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date and time such as 2026-11-20T00:00+07:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)


@app.command()
def make(
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = FOLDER,
    scale: Annotated[str, typer.Option(help="mini (a few units, for tests) or full (the province).")] = "full",
    parcels: Annotated[int | None, typer.Option(min=1, max=2_000_000, help="Number of parcels; full: 100000.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same province.")] = DEFAULT_SEED,
    until: Annotated[str | None, typer.Option(help="Last hour of the series, ISO 8601; default: now.")] = None,
) -> None:
    """Write the source files of the sample province."""
    name = next((known for known in SCALES if known == scale), None)
    if name is None:
        raise typer.BadParameter(f"there is no scale {scale!r}; use mini or full", param_hint="--scale")
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn(),
        console=console,
    )  # fmt: skip
    try:
        with bar:
            task = bar.add_task("sample", total=1.0)
            make_sample(
                out, scale=name, parcels=parcels, until=_moment(until), seed=seed,
                progress=lambda text, done: bar.update(task, description=text, completed=done),
            )  # fmt: skip
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    console.print(f"The sample province (synthetic) is in {out}.")


@app.command()
def extend(
    since: Annotated[str, typer.Option(help="Last hour that is already there, ISO 8601.")],
    until: Annotated[str | None, typer.Option(help="Last hour to write; default: now.")] = None,
    folder: Annotated[Path, typer.Option("--in", help="Folder of the sample.")] = FOLDER,
) -> None:
    """Write the next hours of all stations; times end up as UTC in the database, local in the files."""
    start, end = _moment(since).astimezone(UTC), _moment(until).astimezone(UTC)
    for path in extend_sample(folder, since=start, until=end):
        console.print(str(path))
