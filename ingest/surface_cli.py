"""``geoioc surface``: make the surfaces now, and see how well they do where a station is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, text

from ingest.jobs import run_job
from layers.model import Layer
from layers.registry import get_layer, registry
from spatial.access import OPERATOR, connect
from spatial.analysis.kriging import Variogram, fit_variogram, leave_one_out, leave_one_out_idw, root_mean_square
from spatial.analysis.places import Array, distances_km
from spatial.queries.surfaces import Panel, hourly_panel

app = typer.Typer(no_args_is_help=True, help="Surfaces between stations: make them, and check them.")
console = Console()
BAR = 0.97  # of the error of inverse distance weights
MOST_HOURS = 4000  # of a network; more are thinned evenly
FUTURE = timedelta(days=1)  # clocks run ahead


@dataclass(frozen=True)
class Score:
    """Errors of leaving one station out. ``strict``: the variogram has not seen that station either."""

    hours: int
    stations: int
    variogram: Variogram
    idw: float
    kriging: float
    strict: float


@app.command("run")
def run() -> None:
    """Make what changed: surfaces of hours and days, means and exposure of units."""
    console.print(run_job("surface"))


@app.command("check")
def check(
    without: Annotated[list[str] | None, typer.Option(help="key of a station that is no station (a model)")] = None,
) -> None:
    """Leave each station out of each hour and predict it: kriging, one variogram for all, against inverse distance."""
    table = Table(title="Root mean square error of a station left out")
    for name in (
        "province",
        "parameter",
        "stations",
        "hours",
        "nugget",
        "range km",
        "IDW",
        "kriging",
        "ratio",
        "strict",
    ):
        table.add_column(name, justify="left" if name in ("province", "parameter") else "right")
    with connect(OPERATOR) as conn:
        for layer in (layer for layer in registry().values() if layer.series and layer.series.surface):
            for place, parameter, panel in _networks(conn, layer, frozenset(without or ())):
                score = measure(panel.values, panel.positions)
                if score is not None:
                    table.add_row(place, parameter, *_cells(score))
    console.print(table)
    console.print(f"The bar is {BAR:g}. Strict: the variogram was chosen without the station that is predicted.")


def _cells(score: Score) -> list[str]:
    return [
        str(score.stations),
        str(score.hours),
        f"{score.variogram.nugget:.2f}",
        f"{score.variogram.range_km:g}",
        f"{score.idw:.2f}",
        f"{score.kriging:.2f}",
        f"{score.kriging / score.idw:.3f}",
        f"{score.strict / score.idw:.3f}",
    ]


def measure(values: Array, positions: Array) -> Score | None:
    """Errors on a network, (times, stations) and (stations, 2); None when it is too small to fit."""
    fit = fit_variogram(values, positions)
    if fit is None:
        return None
    distance = distances_km(positions, positions)
    error = leave_one_out(values, distance, fit.variogram)[0]
    strict = np.full(values.shape, np.nan)
    for station in range(values.shape[1]):
        others = np.arange(values.shape[1]) != station
        blind = fit_variogram(values[:, others], positions[others]) or fit
        strict[:, station] = leave_one_out(values, distance, blind.variogram)[0][:, station]
    return Score(
        len(values),
        values.shape[1],
        fit.variogram,
        root_mean_square(leave_one_out_idw(values, distance)),
        root_mean_square(error),
        root_mean_square(strict),
    )


def _networks(conn: Connection, layer: Layer, without: frozenset[str]) -> Iterator[tuple[str, str, Panel]]:
    """Hours with enough stations of each province and parameter."""
    assert layer.series is not None
    provinces = _provinces(conn, layer)
    first, last = datetime(1970, 1, 1, tzinfo=UTC), datetime.now(UTC) + FUTURE
    for parameter in layer.series.surface:
        panel = hourly_panel(conn, layer=layer, parameter=parameter, first=first, last=last)
        for place in sorted({provinces.get(key, "") for key in panel.keys}):
            mine = [n for n, key in enumerate(panel.keys) if provinces.get(key, "") == place and key not in without]
            values = panel.values[:, mine]
            rows = np.flatnonzero(np.isfinite(values).sum(axis=1) >= 5)
            rows = rows[:: max(1, len(rows) // MOST_HOURS)]
            seen = np.isfinite(values[rows]).any(axis=0)
            mine = [number for number, kept in zip(mine, seen, strict=True) if kept]
            if mine:
                keys = [panel.keys[number] for number in mine]
                yield (
                    place,
                    parameter,
                    Panel(
                        [panel.times[row] for row in rows],
                        keys,
                        panel.positions[mine],
                        panel.values[np.ix_(rows, mine)],
                    ),
                )


def _provinces(conn: Connection, layer: Layer) -> dict[str, str]:
    """Name of the province of each station today."""
    assert layer.series is not None
    stations = get_layer(layer.series.station_layer)
    rows = conn.execute(
        text(
            f"SELECT station.key, unit.name FROM layer.{stations.table} station JOIN core.admin_unit unit"  # noqa: S608
            " ON unit.id = ANY(station.unit_ids) AND unit.level = 'province' AND unit.valid_to IS NULL"
        )
    )
    return {row[0]: row[1] for row in rows}
