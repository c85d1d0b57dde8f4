"""Features, records and administrative units: rows that become rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from sqlalchemy import text

from ingest.checks import Finding, check_column, read_codes
from ingest.feedback_load import fill_deadlines, make_cases, note_touched, snap_positions
from ingest.geometry import (
    Area,
    Placed,
    geometries_from_wkt,
    label_points,
    place,
    points_from_columns,
    refuse_wrong_crs,
)
from ingest.keys import KeyIndex, build_keys
from ingest.load import Counts, Staging, cut_unit_parts, existing_keys, hex_wkb, layer_facts
from ingest.parsing import Mask, parse_column, to_mask
from ingest.rows import NamedRows, filter_batch, name_columns, require
from ingest.run import Run
from ingest.units import VersionIndex, split_full_names, tidy_names
from layers.model import Column, Layer
from layers.registry import get_layer
from spatial.errors import SourceUnreadable
from spatial.queries.versions import bump_version

BAD_TYPE = {
    "integer": ("not_an_integer", "không phải là số nguyên"),
    "number": ("not_a_number", "không phải là số"),
    "boolean": ("not_a_boolean", "không phải là có/không"),
    "date": ("not_a_date", "không phải là ngày hợp lệ"),
    "datetime": ("not_a_datetime", "không phải là thời điểm hợp lệ"),
}


@dataclass
class Prepared:
    """Rows of a batch as they go to staging, and what was found."""

    columns: dict[str, pa.Array]
    keys: pa.Array
    placed: Placed | None
    findings: list[Finding]


@dataclass
class TableLoad:
    """The load of one file into a table; holds what must be known across batches."""

    run: Run
    keys: KeyIndex = field(default_factory=KeyIndex)
    staging: Staging | None = None

    def __post_init__(self) -> None:
        layer, options = self.run.layer, self.run.options
        self.wanted = {column.name: column.headers for column in layer.columns}
        if layer.kind == "admin_unit":
            self.wanted["full_name"] = ("full_name",)
        geometry = layer.geometry
        if geometry is not None and not options.update:
            self.wanted |= {"x": geometry.x, "y": geometry.y, "wkt": geometry.wkt}
        self.area = self._area()
        self.versions = VersionIndex.read(self.run.connection) if layer.kind == "admin_unit" else None
        self.first = True

    def _area(self) -> Area | None:
        layer, options = self.run.layer, self.run.options
        if layer.geometry is None or options.inside == "none" or options.update:
            return None
        if options.inside == "vietnam" or layer.kind == "admin_unit":
            return Area(None)
        shapes = self.run.connection.execute(
            text(
                "SELECT ST_AsBinary(geom) FROM core.admin_unit WHERE level = (SELECT level FROM core.admin_unit"
                " ORDER BY array_position(ARRAY['province', 'district', 'commune'], level) LIMIT 1)"
            )
        ).scalars()
        units = shapely.from_wkb([bytes(shape) for shape in shapes])
        return Area(shapely.union_all(shapely.make_valid(units)) if len(units) else None)

    def execute(self) -> None:
        """Read, check and stage every batch, then merge."""
        run = self.run
        for batch in run.batches():
            named = name_columns(filter_batch(batch, run.options.feature_filter), self.wanted, run.options)
            run.report.rows_read -= len(batch.lines) - len(named.lines)
            prepared = self.prepare(named)
            rejected = run.quarantine.add_findings(prepared.findings, named.lines, named.raw)
            self._stage(named, prepared, ~rejected)
        if self.staging is None:
            return
        run.progress(f"{run.layer.id}: merge", 0.9)
        if run.layer.id == "feedback" and self.staging.geometry:
            snap_positions(run.connection, table=self.staging.name)
        counts = self.staging.update() if run.options.update else self.staging.merge()
        self.staging.drop()
        self._finish(counts)

    def _finish(self, counts: Counts) -> None:
        run = self.run
        run.report.inserted, run.report.updated, run.report.unchanged = (
            counts.inserted, counts.updated, counts.unchanged,
        )  # fmt: skip
        if not run.report.changed:
            return
        if run.layer.kind == "admin_unit" and not run.options.update:
            cut_unit_parts(run.connection, run_id=run.id)
        if run.layer.id in ("feedback", "feedback_event"):
            if run.layer.id == "feedback":
                make_cases(run.connection, run_id=run.id)
            note_touched(run.connection, run_id=run.id)
        features, newest = layer_facts(run.connection, run.layer)
        bump_version(run.connection, layer_id=run.layer.id, features=features, data_until=newest)

    # ------------------------------------------------------------ one batch

    def prepare(self, named: NamedRows) -> Prepared:
        """Parse and check the rows of a batch."""
        layer = self.run.layer
        if layer.kind == "admin_unit":
            named = replace(named, columns=split_full_names(dict(named.columns)))
        self._require(named)
        columns: dict[str, pa.Array] = {}
        findings: list[Finding] = []
        for column in layer.columns:
            source = named.get(column.name)
            if source is not None:
                values, found = self._parse(column, source)
                columns[column.name] = values
                findings += found
        if layer.kind == "admin_unit":
            tidy_names(columns)
        for column in layer.columns:
            if column.name in columns:
                columns[column.name], found = check_column(column, columns[column.name], columns)
                findings += found
        keys = build_keys([columns[column.name] for column in layer.key_columns])
        findings += self.keys.check(keys, named.lines)
        placed = self._place(named, findings) if layer.geometry is not None and not self.run.options.update else None
        findings += self._check_references(columns, keys)
        if layer.id == "feedback" and not self.run.options.update:
            fill_deadlines(self.run.connection, columns, keys)
        if self.versions is not None and not self.run.options.update:
            findings += self.versions.check(columns, keys)
        self.first = False
        return Prepared(columns, keys, placed, findings)

    def _require(self, named: NamedRows) -> None:
        layer, report = self.run.layer, self.run.report
        needed = [column.name for column in layer.key_columns]
        if not self.run.options.update:
            needed += [c.name for c in layer.columns if c.required or any(k.kind == "not_null" for k in c.checks)]
        require(named, self.wanted, dict.fromkeys(needed), self.run.path.name)
        report.headers |= {target: " + ".join(parts) for target, parts in named.headers.items()}

    def _parse(self, column: Column, source: pa.Array) -> tuple[pa.Array, list[Finding]]:
        parsed = parse_column(source, column.type, self.run.notation)
        values = read_codes(parsed.values, column) if column.codes and column.type == "text" else parsed.values
        if not parsed.bad.any():
            return values, []
        reason, complaint = BAD_TYPE[column.type]

        def describe(row: int) -> str:
            return f"«{column.title.vi}»: «{source[row].as_py()}» {complaint}."

        return values, [Finding(reason, column.name, parsed.bad, describe)]

    def _place(self, named: NamedRows, findings: list[Finding]) -> Placed:
        declared = self.run.layer.geometry
        assert declared is not None
        raw = named.batch.geometry
        crs = self.run.options.crs or (named.batch.crs if raw is not None else None) or declared.crs
        if raw is None:
            raw, found = self._positions(named)
            findings += found
        placed = place(declared, raw, crs, repair=bool(self.run.options.repair))
        # A row whose coordinates cannot be read was named above; it is not also «without position».
        unreadable: Mask = np.zeros(len(named.lines), dtype=bool)
        for finding in findings:
            if finding.reason == "not_a_coordinate" or (finding.reason == "invalid_geometry" and finding.field is None):
                unreadable |= finding.rows
        found = [
            replace(one, rows=one.rows & ~unreadable) if one.reason == "geometry_missing" else one
            for one in placed.findings
        ]
        if self.area is not None:
            if self.first:
                refuse_wrong_crs(self.run.path.name, raw, placed.points, crs, self.area)
            found += self.area.check(placed.points)
        findings += [one for one in found if one.rows.any()]
        return placed

    def _positions(self, named: NamedRows) -> tuple[np.ndarray, list[Finding]]:
        x, y, wkt = named.get("x"), named.get("y"), named.get("wkt")
        if x is not None and y is not None:
            return points_from_columns(x, y, self.run.notation)
        if wkt is not None:
            return geometries_from_wkt(wkt)
        declared = self.run.layer.geometry
        assert declared is not None
        if not declared.required:
            return np.full(len(named.lines), None, dtype=object), []
        looked = ", ".join((*declared.x, *declared.y, *declared.wkt)) or "a geometry column"
        raise SourceUnreadable(
            f"{self.run.path.name} has no geometry and no columns of coordinates (looked for: {looked}); "
            f"its columns are: {', '.join(named.batch.table.column_names)}."
        )

    def _check_references(self, columns: dict[str, pa.Array], keys: pa.Array) -> list[Finding]:
        run = self.run
        if run.options.update:
            target = f"{'core' if run.layer.kind == 'admin_unit' else 'layer'}.{run.layer.table}"
            missing = to_mask(pc.is_valid(keys)) & ~existing_keys(run.connection, target, keys)
            return _found("unknown_key", missing, lambda row: f"Không có đối tượng nào mang khóa «{keys[row]}».")
        if run.layer.kind != "record" or run.layer.parent is None:
            return []
        parent = get_layer(run.layer.parent)
        theirs = build_keys([columns[column.name] for column in parent.key_columns])
        missing = to_mask(pc.is_valid(theirs)) & ~existing_keys(run.connection, f"layer.{parent.table}", theirs)
        name = parent.title.vi
        return _found("unknown_parent", missing, lambda row: f"«{name}» không có khóa «{theirs[row]}».")

    # ------------------------------------------------------------ staging

    def _stage(self, named: NamedRows, prepared: Prepared, keep: Mask) -> None:
        table = {"id": pa.array(named.lines, pa.int64()), "key": prepared.keys}
        if prepared.placed is not None:
            shapes = prepared.placed.geometry[keep]
        columns = tuple(prepared.columns)
        if self.staging is None or set(columns) != set(self.staging.columns):
            self._open_staging(columns, geometry=prepared.placed is not None)
        assert self.staging is not None
        data = pa.table(table | prepared.columns).filter(pa.array(keep))
        if prepared.placed is not None:
            data = data.append_column("geom", hex_wkb(shapes))
            if self.run.layer.kind == "admin_unit":
                data = data.append_column("label_point", hex_wkb(label_points(shapes)))
        self.staging.copy(data)

    def _open_staging(self, columns: tuple[str, ...], *, geometry: bool) -> None:
        if self.staging is not None:
            raise SourceUnreadable(
                f"The layers of {self.run.path.name} have different columns; name one with the option sheet."
            )
        self.staging = Staging(self.run.connection, self.run.layer, self.run.id, columns, geometry)
        self.staging.create()


def _found(reason: str, rows: Mask, describe: object) -> list[Finding]:
    return [Finding(reason, None, rows, describe)] if rows.any() else []  # type: ignore[arg-type]


def load_table(run: Run) -> None:
    """Load one file of a feature, record or administrative unit layer."""
    TableLoad(run).execute()


def target_columns(layer: Layer) -> Iterator[str]:
    """Names a recipe may map to for a table layer."""
    yield from (column.name for column in layer.columns)
