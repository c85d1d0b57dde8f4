"""Layers in words: what `geoioc layers show` prints and what docs/reference holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from layers.model import Check, Column, Indicator, Layer, Limit, Parameter, Text

TYPES: Mapping[str, Text] = {
    "text": Text(vi="chữ", en="text"),
    "integer": Text(vi="số nguyên", en="whole number"),
    "number": Text(vi="số", en="number"),
    "boolean": Text(vi="đúng/sai", en="true or false"),
    "date": Text(vi="ngày", en="date"),
    "datetime": Text(vi="ngày giờ", en="date and time"),
}
KINDS: Mapping[str, Text] = {
    "admin_unit": Text(vi="đơn vị hành chính", en="administrative units, versions in time"),
    "feature": Text(vi="đối tượng trên bản đồ", en="features on the map"),
    "record": Text(vi="bản ghi của lớp khác", en="records of another layer"),
    "observation": Text(vi="chuỗi quan trắc", en="observations at stations"),
    "indicator": Text(vi="chỉ tiêu theo đơn vị và kỳ", en="indicators by unit and period"),
    "grid": Text(vi="lưới (raster)", en="grid (raster)"),
}


def _number(value: float) -> str:
    return f"{value:,.15g}"


def check_words(check: Check, unit: str | None = None) -> str:
    """One sentence of what a check does to a value that fails it."""
    measure = f" {unit}" if unit else ""
    if check.kind == "not_null":
        return "must be present, else the row is quarantined"
    if check.kind == "range":
        low = None if check.low is None else f"at least {_number(check.low)}"
        high = None if check.high is None else f"at most {_number(check.high)}"
        bounds = " and ".join(part for part in (low, high) if part)
        return f"{bounds}{measure}, else the {'value is flagged' if check.flag else 'row is quarantined'}"
    if check.kind == "sentinel":
        return f"{', '.join(_number(value) for value in check.values)} means «no value»"
    if check.kind == "one_of":
        return "one of the codes below, else the row is quarantined"
    if check.kind == "pattern":
        return f"written like {check.regex}, else the row is quarantined"
    if check.kind == "not_before":
        return f"not earlier than {check.column}, else the row is quarantined"
    if check.kind == "step":
        return f"changes by at most {_number(check.max_change)}{measure} between two values, else flagged"
    if check.kind == "neighbours":
        return (
            f"at most {_number(check.ratio)} times the median of {check.least} or more stations within"
            f" {_number(check.radius_km)} km, or its fraction, else flagged"
        )
    if check.kind == "drift":
        return (
            f"keeps its ratio to the network within {_number(check.log_ratio)} (ln) in {check.days} days, else flagged"
        )
    if check.kind == "clock":
        return (
            f"its daily course fits that of {check.least} or more stations within {_number(check.radius_km)} km"
            f" no better some hours later ({check.days} days), else the whole station is flagged"
        )
    if check.kind == "spike":
        surely = "" if check.surely is None else f", or by {_number(check.surely)}{measure}"
        return (
            f"no peak or dip of up to {check.hours} hours by a factor of {_number(check.ratio)} and"
            f" {_number(check.difference)}{measure}{surely} from both sides, else flagged"
        )
    if check.kind == "at_most":
        return (
            f"at most {check.parameter}, with {_number(100 * check.share)} % + {_number(check.difference)}{measure} of"
            " tolerance, else both are flagged"
        )
    return f"not unchanged (within {_number(check.tolerance)}{measure}) for {check.hours} hours, else flagged"


def both(text: Text) -> str:
    """Vietnamese and English in one line."""
    return text.vi if text.vi == text.en else f"{text.vi} / {text.en}"


def column_notes(column: Column) -> str:
    """Key, privacy and checks of a column in words."""
    notes = []
    if column.key:
        notes.append("key")
    if column.private:
        notes.append("private: public roles cannot read it")
    if column.required:
        notes.append("the file must have this column")
    notes += [check_words(check, column.unit) for check in column.checks]
    return "; ".join(notes)


def facts(layer: Layer) -> list[tuple[str, str]]:
    """Name and value of what holds for the layer as a whole."""
    found: list[tuple[str, str]] = [
        ("kind", KINDS[layer.kind].en),
        ("access", "public: anyone may read it" if layer.access == "public" else "internal: never in the public feed"),
        ("agency", both(layer.agency)),
        ("update cycle", both(layer.update_cycle)),
        ("licence", layer.licence),
    ]
    if layer.legal_basis:
        found.append(("legal basis", layer.legal_basis))
    if layer.table:
        found.append(("table", f"{'core' if layer.kind == 'admin_unit' else 'layer'}.{layer.table}"))
    if layer.parent:
        found.append(("belongs to", layer.parent))
    if layer.time_column:
        found.append(("time", layer.time_column))
    found += _shape(layer)
    found.append(("source", _source(layer)))
    overlay = layer.overlay
    drawn = "not drawn" if overlay.kind == "none" else f"{overlay.kind} in group «{both(overlay.group)}»"
    coloured = f", coloured by {overlay.style_by}" if overlay.style_by else ""
    found.append(("map", drawn + coloured))
    return found


def _shape(layer: Layer) -> list[tuple[str, str]]:
    found = []
    if layer.geometry:
        geometry = layer.geometry
        places = [
            f"{axis} from {', '.join(headers)}"
            for axis, headers in (("x", geometry.x), ("y", geometry.y), ("shape", geometry.wkt))
            if headers
        ]
        found.append(("geometry", "; ".join([f"{geometry.type}, files in EPSG:{geometry.crs}", *places])))
    if layer.series:
        series = layer.series
        found.append(("stations", series.station_layer))
        if series.indices:
            found.append(("indices", ", ".join(series.indices)))
        found.append(
            ("step", f"{series.step_hours} h; late after {series.late_after_hours:g} h; time = {series.hour_label}")
        )
        headers = (("station", series.station), ("time", series.time), ("parameter", series.parameter))
        for name, names in (*headers, ("value", series.value), ("status", series.status)):
            if names:
                found.append((f"{name} header", ", ".join(names)))
    if layer.indicators:
        table = layer.indicators
        for name in ("unit_code", "unit_valid_from", "indicator", "period", "value", "state", "published_on",
                     "cumulative", "issued_on", "document", "units"):  # fmt: skip
            found.append((f"{name} header", ", ".join(getattr(table, name))))
    if layer.grid:
        grid = layer.grid
        found.append(("variable", f"{grid.variable} ({both(grid.title)}), {grid.unit}, by {grid.time}"))
        found.append(("by unit", f"{grid.zonal} over the cells of a unit"))
    return found


def _source(layer: Layer) -> str:
    source = layer.source
    parts = [f"{source.pattern} ({source.reader})"]
    if source.reader == "csv":
        parts.append(source.encoding)
    if source.datetime_format:
        parts.append(f"dates like {source.datetime_format}")
    if source.decimal == ",":
        parts.append("decimal comma")
    return ", ".join(parts)


def parameter_notes(parameter: Parameter) -> str:
    """Checks and limit of a measured quantity in words."""
    notes = [check_words(check, parameter.unit) for check in parameter.checks]
    for limit in parameter.limits:
        bounds = [f"at least {_number(limit.low)}"] if limit.low is not None else []
        bounds += [f"at most {_number(limit.high)}"] if limit.high is not None else []
        notes.append(f"limit {' and '.join(bounds)} {parameter.unit} ({limit.basis.en}{_span_words(limit)})")
    return "; ".join(notes)


def _span_words(limit: Limit) -> str:
    since = f"; from {limit.valid_from}" if limit.valid_from else ""
    return since + (f"; until {limit.valid_to}" if limit.valid_to else "")


# ---------------------------------------------------------------- reference pages


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def markdown_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Lines of a Markdown table, with an empty one after it."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return [*lines, ""]


def page(layer: Layer) -> str:
    """The reference page of one layer, in Markdown."""
    lines = [f"# {layer.title.vi}", "", f"**{layer.title.en}** · `{layer.id}`", ""]
    lines += [layer.description.vi, "", layer.description.en, ""]
    lines += markdown_table(("", ""), ((name, value) for name, value in facts(layer)))
    if layer.columns:
        lines += ["## Columns", ""]
        rows = (
            (
                f"`{c.name}`",
                both(c.title),
                TYPES[c.type].en,
                c.unit or "",
                ", ".join(f"`{h}`" for h in c.headers),
                column_notes(c),
            )
            for c in layer.columns
        )
        lines += markdown_table(("Column", "Tên / title", "Type", "Unit", "Headers accepted", "Rules"), rows)
    for column in layer.columns:
        if column.codes:
            lines += [f"### Codes of `{column.name}`", ""]
            lines += markdown_table(
                ("Code", "Tiếng Việt", "English"), ((f"`{c.value}`", *_pair(c.title)) for c in column.codes)
            )
    if layer.series:
        lines += ["## Parameters", ""]
        parameters = (
            (f"`{p.name}`", both(p.title), p.unit, ", ".join(f"`{a}`" for a in p.aliases), p.how, parameter_notes(p))
            for p in layer.series.parameters
        )
        lines += markdown_table(
            ("Parameter", "Tên / title", "Unit", "Names in files", "Rolled up by", "Rules"), parameters
        )
    if layer.indicators:
        lines += ["## Indicators", ""]
        indicators = (
            (f"`{i.code}`", both(i.title), both(i.unit), i.domain, i.group, period_words(i), ", ".join(i.levels),
             f"{i.how}; {i.across}", i.direction, i.agency, i.legal_basis or "", i.confidence)
            for i in layer.indicators.indicators
        )  # fmt: skip
        lines += markdown_table(INDICATOR_HEAD, indicators)
    return "\n".join(lines).rstrip() + "\n"


INDICATOR_HEAD = ("Indicator", "Tên / title", "Unit", "Domain", "Group", "Period", "Levels", "Over time; over units",
                  "Good", "Agency", "Legal basis", "Confidence")  # fmt: skip


def period_words(item: Indicator) -> str:
    """month, quarter, year, or school year; computed ones say so."""
    period = "school year" if item.year_from == 9 else item.period
    return f"{period}, computed" if item.computed else period


def _pair(text: Text) -> tuple[str, str]:
    return text.vi, text.en


def index(layers: Mapping[str, Layer]) -> str:
    """The reference's first page."""
    lines = [
        "# Layers",
        "",
        "Written by `geoioc layers docs` from `layers/definitions`; do not edit by hand.",
        "",
    ]
    rows = (
        (f"[`{layer.id}`]({layer.id}.md)", both(layer.title), layer.kind, layer.access, both(layer.agency))
        for layer in ordered(layers)
    )
    lines += markdown_table(("Layer", "Tên / title", "Kind", "Access", "Agency"), rows)
    return "\n".join(lines).rstrip() + "\n"


def ordered(layers: Mapping[str, Layer]) -> list[Layer]:
    """Layers in the order of the map's panel."""
    return sorted(layers.values(), key=lambda layer: (layer.overlay.order, layer.id))


def pages(layers: Mapping[str, Layer]) -> dict[str, str]:
    """File name -> text of every page of the reference."""
    return {"README.md": index(layers)} | {f"{layer.id}.md": page(layer) for layer in layers.values()}
