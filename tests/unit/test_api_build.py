"""What `geoioc api build` generates, and the small readers of the feeds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from pygeofilter import ast

from layers.registry import registry
from pygeoapi_config.build import build_config
from pygeoapi_config.cli import generate
from pygeoapi_config.crs import CRS84, EPSG, srid_of
from pygeoapi_config.geojson import FeatureTexts, to_json
from pygeoapi_config.server import CONFIG_NAME, GENERATED, OPENAPI_NAME
from pygeoapi_config.times import read_period
from spatial.queries.cql import FilterError, parse_filter

PRIVATE = {
    column.name
    for layer in registry().values()
    for column in layer.columns
    if column.private and "_" in column.name  # «address» and «content» are also plain words
} - {column.name for layer in registry().values() for column in layer.public_columns}


def test_the_committed_files_are_what_the_layers_say(tmp_path: Path) -> None:
    generate(tmp_path)
    for name in (CONFIG_NAME, OPENAPI_NAME):
        assert (tmp_path / name).read_text() == (GENERATED / name).read_text(), f"{name}: run `geoioc api build`"


def test_the_configuration_is_valid_for_pygeoapi() -> None:
    from pygeoapi.config import validate_config

    assert validate_config(build_config(registry()))


def test_every_public_layer_is_a_collection_and_no_internal_one_is() -> None:
    collections = {k for k, v in build_config(registry())["resources"].items() if v["type"] == "collection"}
    for layer in registry().values():
        assert (layer.id in collections) == (layer.access == "public" and layer.kind != "record")
    assert collections - set(registry()) == {"admin_unit_map"}


def test_titles_and_descriptions_are_in_both_languages() -> None:
    for name, resource in build_config(registry())["resources"].items():
        if resource["type"] == "collection":
            for text in ("title", "description", "keywords"):
                assert set(resource[text]) == {"vi", "en"}, name


@pytest.mark.parametrize("name", [CONFIG_NAME, OPENAPI_NAME])
def test_generated_files_name_no_private_column_and_no_installation(name: str) -> None:
    text = (GENERATED / name).read_text()
    words = set(text.replace(":", " ").replace(",", " ").split())
    assert not words & {f"{layer.table}_private" for layer in registry().values()}
    assert not words & PRIVATE
    assert "geoioc.invalid" not in text
    assert "postgresql://" not in text
    assert "${GEOIOC_OGC_URL}" in text
    yaml.safe_load(text)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2026-11-21T07:00:00Z", "2026-11-21T07:00:00", "2026-11-21T07:00:00"),
        ("2026-11-21T07:00:00+07:00", "2026-11-21T00:00:00", "2026-11-21T00:00:00"),
        ("2026-11-21", "2026-11-20T17:00:00", "2026-11-21T16:59:59.999999"),
        ("2026-12", "2026-11-30T17:00:00", "2026-12-31T16:59:59.999999"),
        ("2026", "2025-12-31T17:00:00", "2026-12-31T16:59:59.999999"),
        ("../2026-11-21", None, "2026-11-21T16:59:59.999999"),
        ("2026-11-21/", "2026-11-20T17:00:00", None),
    ],
)
def test_a_day_without_offset_is_a_day_in_viet_nam(text: str, low: str | None, high: str | None) -> None:
    period = read_period(text)
    assert period is not None
    expected = [datetime.fromisoformat(value).replace(tzinfo=UTC) if value else None for value in (low, high)]
    assert [period.low, period.high] == expected


@pytest.mark.parametrize("text", ["yesterday", "2026-13", "2026-02-30", "2026-11-21/2026-11-20", "1/2/3", "0000"])
def test_what_is_no_time_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="datetime"):
        read_period(text)


def test_only_listed_crs_are_spoken() -> None:
    assert srid_of(CRS84) is None
    assert srid_of(f"{EPSG}5897") == 5897
    with pytest.raises(ValueError, match="5897"):
        srid_of(f"{EPSG}32648")


def test_and_binds_tighter_than_or_in_a_filter() -> None:
    node = parse_filter("a = 1 OR b = 2 AND c = 3", language="cql2-text")
    assert isinstance(node, ast.Or)
    assert isinstance(node.rhs, ast.And)


def test_not_binds_tighter_than_and_in_a_filter() -> None:
    node = parse_filter("NOT a = 1 AND b = 2", language="cql2-text")
    assert isinstance(node, ast.And)
    assert isinstance(node.lhs, ast.Not)


def test_text_and_json_filters_mean_the_same() -> None:
    body = {
        "op": "and",
        "args": [
            {"op": "=", "args": [{"property": "land_code"}, "ONT"]},
            {"op": "t_after", "args": [{"property": "registered_on"}, {"date": "2024-01-01"}]},
        ],
    }
    text = "land_code = 'ONT' AND T_AFTER(registered_on, DATE('2024-01-01'))"
    assert parse_filter(text, language="cql2-text") == parse_filter(json.dumps(body), language="cql2-json")


@pytest.mark.parametrize(
    "text", ["", "land_code", "a = ", "a = 1; DROP TABLE x", "a = 'x", "((((", "S_INTERSECTS(geometry)", "x" * 30_000]
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(FilterError):
        parse_filter(text, language="cql2-text")


def test_features_stay_text_until_somebody_looks() -> None:
    features = FeatureTexts(['{"id":"a<b"}'], matched=7, complete=True)
    content = {"type": "FeatureCollection", "features": features, "links": [{"rel": "next"}, {"rel": "self"}]}
    assert json.loads(to_json(content)) == {
        "type": "FeatureCollection",
        "features": [{"id": "a<b"}],
        "numberMatched": 7,
        "links": [{"rel": "self"}],
    }
    assert features.texts is not None
    assert features[0]["id"] == "a<b"
    assert features.texts is None
