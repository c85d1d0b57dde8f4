"""Job ``rollup``: daily values of stations and units, for the days that changed."""

from __future__ import annotations

from sqlalchemy import text

from layers.registry import registry
from spatial.access import SYSTEM, connect
from spatial.progress import Progress
from spatial.queries import rollup
from spatial.queries.versions import get_watermark, set_watermark, version_mark


def roll_up(progress: Progress) -> str:
    """Days touched by runs since the last time; units anew when units or stations moved. One transaction."""
    layers = [layer for layer in registry().values() if layer.series is not None]
    stations = {layer.id: registry()[layer.series.station_layer] for layer in layers if layer.series is not None}
    with connect(SYSTEM) as conn:
        until = rollup.newest_complete_run(conn)
        mark = get_watermark(conn, name="rollup.run")
        progress("changed days", 0.0)
        days = rollup.mark_touched_days(conn, since_run=None if mark is None else int(mark))
        places = version_mark(conn, layer_ids=["admin_unit", *sorted({s.id for s in stations.values()})])
        moved = places != get_watermark(conn, name="rollup.places")
        if not days and not moved:
            set_watermark(conn, name="rollup.run", value=str(until))
            return "nothing new"
        progress("stations by day", 0.2)
        rollup.roll_up_days(conn, layers=layers, everything=mark is None)
        conn.execute(text("ANALYZE derived.observation_daily"))
        rows = 0
        for number, layer in enumerate(layers):
            progress(f"units by day: {layer.title.vi}", 0.5 + 0.45 * number / len(layers))
            rows += rollup.roll_up_units(conn, layer=layer, stations=stations[layer.id], everything=moved)
        set_watermark(conn, name="rollup.run", value=str(until))
        set_watermark(conn, name="rollup.places", value=places)
    return f"{days} days of series, {rows} days of units"
