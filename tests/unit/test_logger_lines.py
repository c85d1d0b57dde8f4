"""Lines of automatic stations: every vector of the sheet, every order of fields, and anything else without a crash."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.headers import fold_header
from ingest.measure_units import canonical_unit, factor_between
from ingest.readers.logger_line import UNKNOWN_STATUS, BadLine, LoggerLine, parse_line
from layers.registry import registry

VECTORS = json.loads((Path(__file__).parent.parent / "data" / "monitoring_parse_vectors.json").read_text("utf-8"))
ALIASES = {"PM2,5": "PM2.5", "Nhiệt độ": "Temp"}  # the canonical name is the layer's business, not the line's
BY_STATUS = {"00": "OK", "01": "CALIB", "02": "DEVICE_ERROR", UNKNOWN_STATUS: "STATUS_UNKNOWN"}
CHECKED_LATER = {"NEGATIVE", "RANGE"}  # by the checks of the parameter; the line is read as it is
KNOWN = frozenset(
    fold_header(name)
    for layer in registry().values()
    if layer.series
    for parameter in layer.series.parameters
    for name in (parameter.name, *parameter.aliases)
)


def vectors() -> list[Any]:
    return [pytest.param(vector["line"], vector["expect"], id=vector["name"]) for vector in VECTORS["vectors"]]


@pytest.mark.parametrize(("line", "expect"), vectors())
def test_every_vector_of_the_sheet(line: str, expect: dict[str, Any]) -> None:
    if "error" in expect:
        with pytest.raises(BadLine):
            parse_line(line)
        return
    found = parse_line(line)
    said = {
        "parameter": ALIASES.get(found.parameter, found.parameter),
        "value": None if found.value is None else float(found.value),
        "unit": found.unit if found.unit is None else (canonical_unit(found.unit) or found.unit),
        "time_local": found.time,
        "time_utc": f"{datetime.fromisoformat(found.time) - timedelta(hours=7):%Y-%m-%dT%H:%M:%SZ}",
        "status": found.status,
        "flag": BY_STATUS[found.status],
    }
    wanted = {name: value for name, value in expect.items() if name in said}
    if wanted.get("flag") in CHECKED_LATER:
        del wanted["flag"]
    if wanted.get("unit"):
        wanted["unit"] = canonical_unit(wanted["unit"])
    assert {name: said[name] for name in wanted} == wanted


def test_a_name_with_a_comma_is_put_together_when_it_is_known() -> None:
    line = parse_line("PM2,5,31.4,ug/m3,20260325000500,00", KNOWN)
    assert (line.parameter, line.value, line.status) == ("PM2,5", "31.4", "00")
    assert parse_line("20260325000500,PM2,5,31.4,ug/m3", KNOWN).parameter == "PM2,5"


NAMES = st.sampled_from(["CO", "PM10", "Nhiệt độ", "Vinyl chloride", "pH", "NO3-N"])
NUMBERS = st.floats(-999, 9999, allow_nan=False).map(lambda value: f"{value:.3f}")
UNITS = st.sampled_from(["ug/m3", "mg/L", "oC", ""])
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)).map(lambda moment: f"{moment:%Y%m%d%H%M%S}")
STATES = st.sampled_from(["00", "01", "02"])
SEPARATORS = st.sampled_from(["\t", ","])


@given(NAMES, NUMBERS, UNITS, MOMENTS, STATES, SEPARATORS)
def test_the_four_orders_say_the_same(
    name: str, number: str, unit: str, moment: str, status: str, separator: str
) -> None:
    orders = {
        (name, number, unit, moment, status): (unit or None, status),
        (name, number, unit, moment): (unit or None, UNKNOWN_STATUS),
        (moment, name, number, unit): (unit or None, UNKNOWN_STATUS),
        (moment, name, number): (None, UNKNOWN_STATUS),
        (name, number, moment, status): (None, status),
    }
    for fields, (known_unit, known_status) in orders.items():
        found = parse_line(separator.join(fields) + "\r\n")
        written = datetime.strptime(moment, "%Y%m%d%H%M%S")
        assert found == LoggerLine(name, number, known_unit, f"{written:%Y-%m-%dT%H:%M:%S}+07:00", known_status)


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        line = parse_line(text, KNOWN)
    except BadLine:
        return
    assert line.parameter
    assert datetime.fromisoformat(line.time).utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize(
    ("written", "kept", "parameter", "factor"),
    [
        ("mg/m3", "µg/m³", "co", 1000),
        ("ug/m3", "µg/m³", "co", 1),
        ("UG/M3", "µg/m³", "pm25", 1),
        ("ppb", "µg/m³", "no2", 1.8805),
        ("ppm", "µg/m³", "co", 1144.9),
        ("oC", "°C", "temperature", 1),
        ("km/h", "m/s", "wind_speed", 1 / 3.6),
        ("mg/l", "mg/L", "cod", 1),
        ("", "", "ph", 1),
        (None, "µg/m³", "co", 1),
        ("ppb", "µg/m³", "pm25", None),  # dust has no molar mass
        ("mg/Nm3", "µg/m³", "co", None),  # at other pressure and temperature
        ("furlong", "µg/m³", "co", None),
    ],
)
def test_units_are_converted_where_a_factor_is_known(
    written: str | None, kept: str, parameter: str, factor: float | None
) -> None:
    found = factor_between(written, kept, parameter)
    assert found is None if factor is None else found == pytest.approx(factor)
