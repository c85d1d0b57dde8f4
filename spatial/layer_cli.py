"""`geoioc layers`: list, show, indicators, indices, check, new, revise, docs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import text as sql

from layers.catalogue import catalogue_file
from layers.indices import INDICES
from layers.model import Layer, Text
from layers.registry import definitions_folder, get_layer, registry
from spatial import index_text, indicator_text, layer_check, layer_migration, layer_text
from spatial.access import SYSTEM, connect
from spatial.errors import DatabaseUnavailable, LayerRefused
from spatial.migrations import runner
from spatial.queries.indicators import reporting
from spatial.settings import LOCAL_ZONE, REPOSITORY, server_settings

app = typer.Typer(no_args_is_help=True, help="The datasets the province watches: list, show, check, add, change.")
# Piped output has no width of its own; 80 columns would fold every row.
console = Console(width=None if sys.stdout.isatty() else 160)


class KindChoice(StrEnum):
    """Kinds of layer that have a table of their own."""

    feature = "feature"
    record = "record"


class GeometryChoice(StrEnum):
    """Geometry types of a feature layer."""

    point = "Point"
    line = "MultiLineString"
    area = "MultiPolygon"


class AccessChoice(StrEnum):
    """Who may read the layer."""

    public = "public"
    internal = "internal"


@app.command("list")
def list_layers() -> None:
    """All layers: id, title, kind, access, agency, table, and rows where the database answers."""
    rows = _row_counts()
    table = Table(box=None, pad_edge=False)
    for head in ("id", "title", "kind", "access", "agency", "table"):
        table.add_column(head, overflow="fold", no_wrap=head == "id")
    table.add_column("rows", justify="right")
    for layer in layer_text.ordered(registry()):
        count = rows.get(layer.id)
        shown = "" if count is None else f"{count:,}"
        table.add_row(
            layer.id, layer.title.vi, layer.kind, layer.access, layer.agency.vi, layer.table or "", shown
        )  # fmt: skip
    console.print(table)


@app.command()
def show(layer_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Everything about one layer: columns, units, accepted headers, checks, address, map."""
    layer = get_layer(layer_id)
    console.print(f"[bold]{escape(layer.title.vi)}[/] · {escape(layer.title.en)} · {layer.id}")
    console.print(f"{escape(layer.description.vi)}\n{escape(layer.description.en)}\n")
    grid = Table(box=None, show_header=False, pad_edge=False)
    for name, value in [*layer_text.facts(layer), ("file", str(definitions_folder() / f"{layer.id}.py"))]:
        grid.add_row(name, escape(value))
    grid.add_row("API", _address(layer))
    console.print(grid)
    for title, table in _tables(layer):
        console.print(f"\n[bold]{title}[/]")
        console.print(table)


def _address(layer: Layer) -> str:
    if layer.access != "public":
        return "none: the layer is internal"
    return f"{server_settings().url}/ogc/collections/{layer.id}"


def today() -> date:
    """Of the province."""
    return datetime.now(LOCAL_ZONE).date()


def _rows_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    return table


def _tables(layer: Layer) -> list[tuple[str, Table]]:
    found = []
    if layer.columns:
        rows = [
            (c.name, layer_text.both(c.title), c.type, c.unit or "", ", ".join(c.headers), layer_text.column_notes(c))
            for c in layer.columns
        ]
        found.append(("Columns", _rows_table(("name", "title", "type", "unit", "headers accepted", "rules"), rows)))
    for column in layer.columns:
        if column.codes:
            codes = [(code.value, code.title.vi, code.title.en) for code in column.codes]
            found.append((f"Codes of {column.name}", _rows_table(("code", "vi", "en"), codes)))
    if layer.series:
        measured = [
            (p.name, layer_text.both(p.title), p.unit, ", ".join(p.aliases), layer_text.parameter_notes(p))
            for p in layer.series.parameters
        ]
        found.append(("Parameters", _rows_table(("name", "title", "unit", "names in files", "rules"), measured)))
    if layer.indicators:
        listed = [
            (i.code, layer_text.both(i.title), layer_text.both(i.unit), i.how) for i in layer.indicators.indicators
        ]
        found.append(("Indicators", _rows_table(("code", "title", "unit", "combined by"), listed)))
    return found


@app.command()
def indices() -> None:
    """VN_AQI, VN_WQI and classes: levels, rules, how sure each rule is, and what the settings are set to here."""
    for index in INDICES.values():
        console.print(f"\n[bold]{escape(index_text.both(index.title))}[/] · {index.id} · {index.scale_version}")
        console.print(f"{escape(index_text.both(index.source))}\n")
        console.print(_rows_table(index_text.LEVEL_HEAD, index_text.level_rows(index)))
        console.print()
        console.print(_rows_table(index_text.RULE_HEAD, index_text.rule_rows(index, values=True)))


@app.command()
def indicators(
    domain: Annotated[str | None, typer.Option(help="of this tab: socio_economic, health ...")] = None,
    agency: Annotated[str | None, typer.Option(help="whose name holds this")] = None,
    period: Annotated[str | None, typer.Option(help="month, quarter or year")] = None,
    find: Annotated[str | None, typer.Option(help="whose code or title holds this; accents do not matter")] = None,
    owed: Annotated[bool, typer.Option("--owed", help="who has reported until when, and who is late")] = False,
) -> None:
    """The catalogue of indicators, or with --owed which agency owes which figures."""
    chosen = indicator_text.choose(domain=domain, agency=agency, period=period, find=find)
    if not chosen:
        console.print("No indicator of the catalogue is like that.")
        raise typer.Exit(1)
    if not owed:
        console.print(_rows_table(indicator_text.HEAD, indicator_text.rows(chosen)))
        console.print(f"{len(chosen)} indicators; {catalogue_file()}")
        return
    with connect(SYSTEM) as connection:
        found = reporting(connection, as_of=today())
    console.print(_rows_table(indicator_text.OWED_HEAD, indicator_text.owed_rows(chosen, found, today())))


@app.command()
def check() -> None:
    """Do the definitions load, have both languages, and equal the tables? Exit code 1 when not."""
    findings = layer_check.text_findings(registry())
    try:
        with connect(SYSTEM) as connection:
            current, head = runner.current(connection), runner.head()
            if current != head:
                findings.append(f"the database is at migration {current or 'none'}, the newest is {head}")
            findings += layer_check.difference_findings(runner.differences(connection))
    except DatabaseUnavailable:
        console.print("The database does not answer: the tables were not compared.")
    for finding in findings:
        console.print(f"- {escape(finding)}", soft_wrap=True)
    if findings:
        console.print(f"{len(findings)} findings in {len(registry())} layers.")
    else:
        console.print(f"{len(registry())} layers are in order.")
    raise typer.Exit(layer_check.exit_code(findings))


@app.command()
def new(
    layer_id: Annotated[str, typer.Argument(metavar="ID", help="lower-case letters, digits and _; also the table")],
    source: Annotated[
        Path | None, typer.Option("--from", help="propose the columns from this CSV, Excel, GeoPackage ... file")
    ] = None,
    title_vi: Annotated[str | None, typer.Option(help="Vietnamese title")] = None,
    title_en: Annotated[str | None, typer.Option(help="English title")] = None,
    agency_vi: Annotated[str | None, typer.Option(help="agency that supplies the data, Vietnamese")] = None,
    agency_en: Annotated[str | None, typer.Option(help="the same in English")] = None,
    kind: Annotated[KindChoice | None, typer.Option(help="record = rows that belong to features of --parent")] = None,
    geometry: Annotated[GeometryChoice | None, typer.Option(help="default: Point, or what the file holds")] = None,
    access: Annotated[AccessChoice, typer.Option(help="internal = never in the public feed")] = AccessChoice.public,
    parent: Annotated[str | None, typer.Option(help="record layers: the layer their rows belong to")] = None,
    key: Annotated[list[str] | None, typer.Option(help="column that identifies a row (may be repeated)")] = None,
    crs: Annotated[int | None, typer.Option(help="EPSG code of the file's coordinates, e.g. 5897")] = None,
    encoding: Annotated[str, typer.Option(help="encoding of a text file")] = "utf-8",
) -> None:
    """Write layers/definitions/ID.py and the migration that makes its table."""
    from spatial import layer_new  # brings pandas and GDAL: a second that the other commands need not wait

    wish = layer_new.Wish(
        id=layer_id,
        kind=None if kind is None else kind.value,
        geometry=None if geometry is None else geometry.value,
        title=_pair(title_vi, title_en, "title"),
        agency=_pair(agency_vi, agency_en, "agency"),
        access=access.value,
        parent=parent,
        file=source,
        crs=crs,
        key=tuple(key or ()),
        encoding=encoding,
    )
    with connect(SYSTEM) as connection:
        layer_migration.require_head(connection)
    written = layer_new.write_definition(wish)
    try:
        migration = layer_migration.revise_in_new_process(layer_id)
    except LayerRefused:
        written.definition.unlink()
        raise
    console.print(f"Written: {written.definition}", soft_wrap=True)
    console.print(migration, soft_wrap=True)
    for remark in written.remarks:
        console.print(f"- {escape(remark)}", soft_wrap=True)
    console.print(_next_steps(layer_id, source), soft_wrap=True)


def _pair(vi: str | None, en: str | None, name: str) -> Text | None:
    if vi is None and en is None:
        return None
    if not vi or not en:
        raise LayerRefused(f"Give the {name} in both languages: --{name}-vi and --{name}-en.")
    return Text(vi=vi, en=en)


def _next_steps(layer_id: str, source: Path | None) -> str:
    return (
        "Next:\n"
        f"  1. read the definition; `geoioc layers check` names what is to be filled in or translated\n"
        f"     (after changing columns: `geoioc layers revise {layer_id}`)\n"
        "  2. geoioc db migrate\n"
        f"  3. geoioc ingest run {layer_id} {source or 'FILE'}\n"
        "  4. start the server again: the layer is then in the API and on the map"
    )


@app.command()
def revise(layer_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Write the migration for columns added to or taken out of a definition."""
    with connect(SYSTEM) as connection:
        path = layer_migration.revise(connection, get_layer(layer_id).id)
    if path is None:
        console.print(f"Layer {layer_id}: the database equals the definition, there is nothing to migrate.")
        return
    console.print(f"Migration: {path}", soft_wrap=True)
    if "drop_column" in path.read_text("utf-8").split("def downgrade")[0]:
        console.print("It drops columns with their data; read it before `geoioc db migrate`.", soft_wrap=True)


@app.command()
def docs(
    folder: Annotated[Path, typer.Option(help="where the pages go")] = REPOSITORY / "docs" / "reference",
) -> None:
    """Write the reference pages of all layers."""
    pages = layer_text.pages(registry()) | {"indices.md": index_text.page(registry())}
    folder.mkdir(parents=True, exist_ok=True)
    for stale in set(folder.glob("*.md")) - {folder / name for name in pages}:
        stale.unlink()
    for name, content in pages.items():
        (folder / name).write_text(content, "utf-8")
    console.print(f"{len(pages)} pages written to {folder}", soft_wrap=True)


def _row_counts() -> dict[str, int]:
    """Rows by layer, as the last load counted them; empty when the database does not answer."""
    try:
        with connect(SYSTEM) as connection:
            if connection.scalar(sql("SELECT to_regclass('ops.layer_version')")) is None:
                return {}
            found = connection.execute(sql("SELECT layer_id, features FROM ops.layer_version"))
            return {row.layer_id: row.features for row in found}
    except DatabaseUnavailable:
        console.print("The database does not answer: no row counts.")
        return {}
