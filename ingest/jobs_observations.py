"""Job ``rollup``: approved hours and days of stations, means of units and indices, for the days that changed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from ingest.index_step import compute_indices, rules_changed
from ingest.network_quality import mark_network, network_checks
from layers.model import Layer
from layers.registry import registry
from spatial.access import SYSTEM, connect
from spatial.progress import Progress, part
from spatial.queries import retention, rollup
from spatial.queries.versions import bump_version, get_watermark, set_watermark, version_mark
from spatial.settings import QualitySettings, quality_settings

RULES = 1  # counted up when the statements of the roll-up change what they give: everything is then computed anew
CLOCK_AHEAD = timedelta(hours=1)  # a station's clock may run ahead; later hours do not move the window of unit hours


def roll_up(progress: Progress) -> str:
    """Days that loads and reviews touched since the last time; everything when rules, units or stations changed.

    One transaction: readers see what was before until it ends, and a roll-up that is killed leaves nothing behind.
    """
    with connect(SYSTEM) as conn:
        return roll_up_changes(conn, progress)


def roll_up_changes(conn: Connection, progress: Progress) -> str:
    """The same inside the caller's transaction; what this has written counts."""
    layers = [layer for layer in registry().values() if layer.series is not None]
    settings = quality_settings()
    rules = _rules(layers, settings)
    everything = rules != get_watermark(conn, name="rollup.rules")
    progress("changed days", 0.0)
    first_day = retention.first_day(conn)
    days = (rollup.touch_everything if everything else rollup.take_touched)(conn, first_day=first_day)
    places = version_mark(conn, layer_ids=["admin_unit", *sorted({_stations(layer).id for layer in layers})])
    moved = everything or places != get_watermark(conn, name="rollup.places")
    judged_anew = rules_changed(conn)
    if not days and not moved and not judged_anew:
        return "nothing new"
    if moved:
        conn.execute(text("SET LOCAL work_mem = '192MB'"))  # millions of hours grouped at once
    hours = 0
    if days:
        mark_network(conn, part(progress, 0.02, 0.15))
        progress("hours of stations", 0.15)
        hours = rollup.roll_up_hours(conn, layers=layers, settings=settings, everything=everything, first_day=first_day)
        progress("days of stations", 0.45)
        rollup.roll_up_days(conn, layers=layers, everything=everything, first_day=first_day)
    units = _roll_up_units(conn, layers, settings, moved, part(progress, 0.55, 0.85))
    if days or judged_anew:
        compute_indices(conn, part(progress, 0.85, 1.0))
    _count_up(conn)
    set_watermark(conn, name="rollup.rules", value=rules)
    set_watermark(conn, name="rollup.places", value=places)
    return f"{days} days of series: {hours} hours changed, {units} values of units"


def _rules(layers: list[Layer], settings: QualitySettings) -> str:
    """What the roll-ups of all days depend on beside the values: another text, and all are computed again."""
    hows = sorted((layer.id, p.name, p.how) for layer in layers if layer.series for p in layer.series.parameters)
    marks = {layer.id: {p: [c.model_dump() for c in checks] for p, checks in network_checks(layer).items()}
             for layer in layers}  # fmt: skip
    said = [RULES, hows, settings.completeness_hour, settings.unit_hourly_days, marks]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _stations(layer: Layer) -> Layer:
    assert layer.series is not None
    return registry()[layer.series.station_layer]


def _roll_up_units(
    conn: Connection, layers: list[Layer], settings: QualitySettings, everything: bool, progress: Progress
) -> int:
    rows = 0
    for number, layer in enumerate(layers):
        progress(f"units: {layer.title.vi}", number / len(layers))
        rows += rollup.roll_up_units(conn, layer=layer, stations=_stations(layer), everything=everything)
        rows += _roll_up_unit_hours(conn, layer, settings, everything)
    if everything:
        conn.execute(text("ANALYZE derived.unit_daily, derived.unit_hourly"))
    return rows


def _roll_up_unit_hours(conn: Connection, layer: Layer, settings: QualitySettings, everything: bool) -> int:
    """The last days of the layer's own time; the window moves on at local midnight of its newest hour."""
    name = f"rollup.unit_hours.{layer.id}"
    newest = rollup.newest_hour(conn, layer=layer, now=datetime.now(UTC) + CLOCK_AHEAD)
    if newest is None:
        return rollup.drop_unit_hours(conn, layer=layer, first=None)
    first = rollup.first_unit_hour(newest, days=settings.unit_hourly_days)
    before = get_watermark(conn, name=name)
    set_watermark(conn, name=name, value=first.isoformat())
    back = before is None or first < datetime.fromisoformat(before)  # the newest values were taken away
    rows = rollup.roll_up_unit_hours(
        conn, layer=layer, stations=_stations(layer), first=first, everything=everything or back
    )
    if not everything and before is not None and first > datetime.fromisoformat(before):
        rollup.drop_unit_hours(conn, layer=layer, first=first)
    return rows


def _count_up(conn: Connection) -> None:
    """New versions of the layers whose days were written: caches and ETags follow the roll-up, not the load alone."""
    changed = conn.execute(
        text("SELECT DISTINCT s.layer_id FROM touched t JOIN core.series s ON s.id = t.series_id ORDER BY 1")
    )
    for layer_id in changed.scalars().all():
        bump_version(conn, layer_id=layer_id)
