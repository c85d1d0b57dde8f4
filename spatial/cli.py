"""Root command ``geoioc``. All sub-commands are found by entry point and imported when they are called."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

from spatial.console import err
from spatial.errors import CommandMissing

GROUP = "geoioc.commands"

# Said by `geoioc --help`, in this order, without importing the packages, which takes seconds.
HELP = {
    "up": "Start everything: database, sample province (if empty), jobs, web server. Ctrl-C stops it.",
    "down": "Stop what `up` or `db start` started.",
    "status": "Database, layers with the age of their data, jobs, server.",
    "db": "The database: start, stop, migrate, look into it.",
    "layers": "What is watched: list, show, check, and add a layer.",
    "ingest": "Load files into layers, by hand or by recipe; runs and rejected rows.",
    "jobs": "Roll-ups, statistics, forecasts: list, run now, work through what is due.",
    "forecast": "Forecasts: compute, show, and how well they did.",
    "alerts": "Alerts: see, acknowledge, close; rules; judge now; try the channels.",
    "feedback": "Citizen feedback (1022): cases, steps, statistics, working calendar.",
    "quality": "Quality marks: see them, judge them, measure the checks.",
    "surface": "Surfaces between stations: make them, and check them against simpler ones.",
    "report": "Reports as PDF or HTML: the briefing, the monthly environment report.",
    "ask": "Answer a question in Vietnamese about the province's data.",
    "api": "OGC APIs: write their configuration, check it.",
    "sample": "Write the synthetic sample province's source files.",
}


class Root(TyperGroup):
    """Lists every sub-command; imports the one that is called."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.found: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=GROUP)}
        for name in (*(name for name in HELP if name in self.found), *sorted(set(self.found) - set(HELP))):
            self.add_command(TyperCommand(name, help=HELP.get(name), callback=None), name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """:raises CommandMissing: when the sub-command's package cannot be imported."""
        if args and args[0] in self.found:
            self.add_command(_load(self.found.pop(args[0])), args[0])
        return super().resolve_command(ctx, args)


def _load(point: EntryPoint) -> Any:
    try:
        found = point.load()
    except ModuleNotFoundError as error:
        if error.name != point.module and not point.module.startswith(f"{error.name}."):
            raise  # something the module needs is missing: a fault, not a missing command
        raise CommandMissing(f"`geoioc {point.name}` is not there: {point.module} is not installed.") from None
    holder = typer.Typer(add_completion=False)
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=point.name)
        return cast(TyperGroup, typer.main.get_command(holder)).commands[point.name]
    holder.command(point.name)(found)
    return typer.main.get_command(holder)


app = typer.Typer(
    cls=Root,
    help="GeoIOC: the spatial monitoring platform of a province's operations centre.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _root() -> None:
    """Nothing is common to all commands."""


def main() -> None:
    """Run the command. What the user can act on is one sentence and an exit code; a fault keeps its traceback."""
    try:
        app(prog_name="geoioc")
    except Exception as error:
        explain = import_module("spatial.failures").explain  # knows the database's errors: slow to import
        known = explain(error)
        if known is None:
            raise
        err.print(f"[bold red]geoioc:[/] {str(known).replace('[', r'\[')}")
        sys.exit(known.exit_code)
