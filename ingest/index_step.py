"""Indices and exceedances of the days that changed. A step of the job ``rollup``, after hours and days."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from ingest import index_judge
from ingest.detection_limits import restate_limits
from ingest.index_blocks import Block, read_block, split
from ingest.index_judge import Terms
from ingest.index_store import write_exceedances, write_index
from layers.index_scales import WaterBody
from layers.indices import INDICES
from layers.limits import YEAR
from layers.model import Layer, Parameter, Series
from layers.registry import registry
from spatial.progress import Progress, part
from spatial.queries.versions import bump_version, get_watermark, set_watermark
from spatial.settings import LOCAL_ZONE, index_settings, quality_settings

RULES = 3  # counted up when the arithmetic changes: everything is then computed anew
WATERMARK = "index.rules"
REFERENCE = "reference"  # station_class of sensors that may not publish an index


def compute_indices(conn: Connection, progress: Progress) -> int:
    """Write derived.station_index and derived.exceedance for the days in ``touched`` (series_id, day).

    The day after a touched one is computed too: NowCast and 8 h means look back over midnight. All days are computed
    when the rules changed: scales, limits, settings, classes of stations. Returns the number of rows written.
    """
    progress("indices", 0.0)
    layers = [layer for layer in registry().values() if layer.series is not None and _judged(layer.series)]
    rules = rules_mark(conn, layers)
    everything = rules != get_watermark(conn, name=WATERMARK)
    if everything:  # new values are rolled up, and then judged, by the next run
        restate_limits(conn, factor=index_settings().below_detection_factor)
    _find_days(conn, layers, everything)
    _remove(conn, everything)
    rows = 0
    for number, layer in enumerate(layers):
        rows += _compute_layer(conn, layer, part(progress, number / len(layers), (number + 1) / len(layers)))
    if everything:
        conn.execute(text("ANALYZE derived.station_index, derived.exceedance"))
        for layer in layers:
            bump_version(conn, layer_id=layer.id)
    set_watermark(conn, name=WATERMARK, value=rules)
    return rows


def rules_changed(conn: Connection) -> bool:
    """Whether indices have to be computed anew though no value changed."""
    layers = [layer for layer in registry().values() if layer.series is not None and _judged(layer.series)]
    return rules_mark(conn, layers) != get_watermark(conn, name=WATERMARK)


def rules_mark(conn: Connection, layers: Sequence[Layer]) -> str:
    """What the indices of all days depend on beside the values, as a short text."""
    quality, index = quality_settings(), index_settings()
    said: list[Any] = [
        RULES,
        quality.completeness_day,
        quality.completeness_8h,
        index.wqi_weighted,
        index.below_detection,
    ]
    for layer in layers:
        series = _series(layer)
        limits = [limit.model_dump_json() for p in series.parameters for limit in p.limits]
        scales = [INDICES[index_id].scale_version for index_id in series.indices]
        said.append([layer.id, series.sampled, scales, limits, sorted(_station_facts(conn, layer).items())])
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _judged(series: Series) -> bool:
    return bool(series.indices) or any(parameter.limits for parameter in series.parameters)


def _series(layer: Layer) -> Series:
    assert layer.series is not None
    return layer.series


def _station_facts(conn: Connection, layer: Layer) -> dict[str, tuple[str | None, str | None]]:
    """(class, kind of water) of each station, where its layer has the columns."""
    stations = registry()[_series(layer).station_layer]
    known = {column.name for column in stations.columns}
    columns = ", ".join(name if name in known else "NULL" for name in ("station_class", "water_body"))
    rows = conn.execute(text(f"SELECT key, {columns} FROM layer.{stations.table}"))  # noqa: S608
    return {row[0]: (row[1], row[2]) for row in rows}


# ---------------------------------------------------------------- which days


def _find_days(conn: Connection, layers: Sequence[Layer], everything: bool) -> None:
    """The station-days to be computed, as the temporary table ``index_day``."""
    conn.execute(text("DROP TABLE IF EXISTS index_day"))
    conn.execute(
        text(
            "CREATE TEMPORARY TABLE index_day (layer_id text, feature_key text, day date,"
            " PRIMARY KEY (layer_id, feature_key, day)) ON COMMIT DROP"
        )
    )
    source = "derived.observation_daily" if everything else "touched"
    statement = (
        "INSERT INTO index_day SELECT DISTINCT s.layer_id, s.feature_key, t.day + shift"  # noqa: S608 - one of two
        f" FROM {source} t JOIN core.series s ON s.id = t.series_id CROSS JOIN generate_series(0, 1) AS shift"
        " WHERE s.layer_id = ANY(:layers)"
    )
    conn.execute(text(statement), {"layers": [layer.id for layer in layers]})
    conn.execute(text("ANALYZE index_day"))


def _remove(conn: Connection, everything: bool) -> None:
    """Take away what is stored for these days; all of it when everything is computed anew."""
    if everything:
        conn.execute(text("DELETE FROM derived.station_index"))
        conn.execute(text("DELETE FROM derived.exceedance"))
        return
    conn.execute(
        text(
            "DELETE FROM derived.station_index i USING index_day d CROSS JOIN unnest(CAST(:ids AS text[])) AS w (id)"
            " WHERE i.layer_id = d.layer_id AND i.feature_key = d.feature_key AND i.index_id = w.id"
            " AND i.time > CAST(d.day AS timestamp) AT TIME ZONE :zone"
            " AND i.time <= CAST(d.day + 1 AS timestamp) AT TIME ZONE :zone"
        ),
        {"ids": list(INDICES), "zone": LOCAL_ZONE.key},
    )
    conn.execute(
        text(
            "DELETE FROM derived.exceedance e USING index_day d JOIN core.series s"
            " ON s.layer_id = d.layer_id AND s.feature_key = d.feature_key WHERE e.series_id = s.id AND e.day = d.day"
        )
    )


# ---------------------------------------------------------------- one layer


def _compute_layer(conn: Connection, layer: Layer, progress: Progress) -> int:
    series = _series(layer)
    facts = _station_facts(conn, layer)
    terms = _terms(series, facts)
    limited = [p for p in series.parameters if any(limit.hours != YEAR for limit in p.limits)]
    names = _parameters_needed(series, limited)
    ids = _series_ids(conn, layer.id, names)
    wanted = [
        (row.day, row.feature_key)
        for row in conn.execute(
            text("SELECT day, feature_key FROM index_day WHERE layer_id = :layer ORDER BY day, feature_key"),
            {"layer": layer.id},
        )
    ]
    done, rows = 0, 0
    for portion in split(wanted, len(names)):
        progress(f"indices: {layer.title.vi}", done / len(wanted))
        block = read_block(conn, portion, ids, names)
        rows += write_exceedances(conn, index_judge.over_limits(block, limited, terms))
        # What a laboratory found in a sample says nothing of the sensor that stands there.
        silent = frozenset() if series.sampled else _references(facts)
        rows += _write_indices(conn, layer, block.without(silent), terms)
        done += len(portion)
    return rows


def _write_indices(conn: Connection, layer: Layer, block: Block, terms: Terms) -> int:
    rows = 0
    for index_id in _series(layer).indices:
        index = INDICES[index_id]
        scale = index.scale_version + ("/weighted" if index_id == "vn_wqi" and terms.weighted else "")
        times = block.hour_times() if index.period == "hour" else block.day_times()
        judged = index_judge.JUDGES[index_id](block, terms)
        rows += write_index(
            conn, layer_id=layer.id, index=index, scale=scale, keys=list(block.keys), times=times, judged=judged
        )
    return rows


def _references(facts: Mapping[str, tuple[str | None, str | None]]) -> frozenset[str]:
    """Stations that publish no index. One without a stated class counts as a standard station."""
    return frozenset(key for key, (station_class, _) in facts.items() if station_class == REFERENCE)


def _terms(series: Series, facts: Mapping[str, tuple[str | None, str | None]]) -> Terms:
    quality = quality_settings()
    bodies: dict[str, WaterBody] = {key: "lake" for key, (_, body) in facts.items() if body == "lake"}
    return Terms.of(
        day=quality.completeness_day, eight=quality.completeness_8h, weighted=index_settings().wqi_weighted,
        sampled=series.sampled, bodies=bodies,
    )  # fmt: skip


def _parameters_needed(series: Series, limited: Sequence[Parameter]) -> list[str]:
    needed = {name for index_id in series.indices for name in INDICES[index_id].parameters}
    needed |= {parameter.name for parameter in limited}
    return [parameter.name for parameter in series.parameters if parameter.name in needed]


def _series_ids(conn: Connection, layer_id: str, names: Sequence[str]) -> dict[tuple[str, str], int]:
    rows = conn.execute(
        text("SELECT id, feature_key, parameter FROM core.series WHERE layer_id = :layer AND parameter = ANY(:names)"),
        {"layer": layer_id, "names": list(names)},
    )
    return {(row.feature_key, row.parameter): row.id for row in rows}
