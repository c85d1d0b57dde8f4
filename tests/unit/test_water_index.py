"""VN_WQI against its vectors, and the classes of QCVN 08:2023."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from layers.index_scales import WATER_LADDERS
from layers.indices import level_of
from spatial.analysis import water_index
from spatial.settings import REPOSITORY

VECTORS: dict[str, Any] = json.loads((REPOSITORY / "tests" / "data" / "water_test_vectors.json").read_text("utf-8"))
NAMES = {
    "pH": "ph", "T": "temperature", "DO": "do", "BOD5": "bod5", "COD": "cod", "TOC": "toc", "N-NH4": "n_nh4",
    "N-NO3": "n_no3", "N-NO2": "n_no2", "P-PO4": "p_po4", "Coliform": "coliform", "E.coli": "ecoli", "As": "arsenic",
    "Cd": "cadmium", "Pb": "lead", "Cr6": "chromium6", "Cu": "copper", "Zn": "zinc", "Hg": "mercury",
    "Aldrin": "aldrin", "BHC": "bhc", "Dieldrin": "dieldrin", "DDTs": "ddts", "Heptachlor": "heptachlor",
}  # fmt: skip


def sample(values: dict[str, float]) -> dict[str, np.ndarray]:
    return {NAMES[name]: np.array([value], dtype=float) for name, value in values.items()}


def nan(value: float | None) -> float:
    return np.nan if value is None else value


@pytest.mark.parametrize("row", VECTORS["subindex"], ids=lambda row: f"{row['parameter']}-{row['value']}")
def test_sub_index(row: dict[str, Any]) -> None:
    q = water_index.ladder_q(WATER_LADDERS[NAMES[row["parameter"]]], row["value"])
    np.testing.assert_allclose(q, row["q"], atol=5e-5)


@pytest.mark.parametrize("row", VECTORS["dissolved_oxygen"], ids=lambda row: f"{row['do_mg_l']}-{row['temperature_c']}")
def test_dissolved_oxygen(row: dict[str, Any]) -> None:
    percent = water_index.oxygen_percent(row["do_mg_l"], row["temperature_c"])
    np.testing.assert_allclose(water_index.oxygen_saturation(row["temperature_c"]), row["saturation_mg_l"], atol=5e-5)
    np.testing.assert_allclose(percent, row["percent"], atol=5e-4)
    np.testing.assert_allclose(water_index.oxygen_q(percent), row["q"], atol=5e-5)


@pytest.mark.parametrize("row", VECTORS["ph"], ids=lambda row: str(row["ph"]))
def test_acidity(row: dict[str, Any]) -> None:
    np.testing.assert_allclose(water_index.ph_q(row["ph"]), row["q"], atol=5e-5)


@pytest.mark.parametrize("row", VECTORS["total"], ids=lambda row: row["name"])
def test_index_of_a_sample(row: dict[str, Any]) -> None:
    found = water_index.wqi(sample(row["input"]))
    for group, score in row["group_scores"].items():
        np.testing.assert_allclose(found.groups[group][0], nan(score), atol=5e-5)
    np.testing.assert_allclose(found.exact[0], nan(row["wqi_exact"]), atol=5e-5)
    np.testing.assert_array_equal(found.value[0], nan(row["wqi"]))
    weighted = water_index.wqi(sample(row["input"]), weighted=True)
    np.testing.assert_array_equal(weighted.value[0], nan(row["wqi_weighted_variant"]))
    if row["level"] is not None:
        assert level_of("vn_wqi", found.exact[0]).title.vi == row["level"]


def test_the_reason_says_what_a_sample_lacks() -> None:
    rows = {row["name"]: water_index.wqi(sample(row["input"])) for row in VECTORS["total"]}
    few = {name for name, found in rows.items() if found.few_groups[0]}
    small = {name for name, found in rows.items() if found.group_iv_too_small[0]}
    assert few == {"automatic_station_only", "two_groups_only"}
    assert small == {"group_iv_too_small"}


def test_oxygen_given_in_percent_does_not_pass_through_the_saturation_again() -> None:
    parts = water_index.sub_indices({"do_percent": np.array([86.782]), "temperature": np.array([25.0])})
    np.testing.assert_allclose(parts["do"], 97.6577, atol=5e-4)


def test_oxygen_without_the_temperature_gives_no_sub_index() -> None:
    assert "do" not in water_index.sub_indices({"do": np.array([6.0])})


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [("ph", 6.5, 1), ("ph", 6.2, 2), ("ph", 8.5, 1), ("ph", 8.6, 4), ("ph", 5.9, 4), ("do", 6.0, 1), ("do", 5.0, 2),
     ("do", 4.0, 3), ("do", 3.9, 4), ("do", 1.0, 4), ("bod5", 4, 1), ("bod5", 4.1, 2), ("bod5", 10.1, 4),
     ("tss", 25, 1), ("tss", 100, 2), ("tss", 300, 3), ("cod", 15, 2), ("coliform", 7501, 4)],
)  # fmt: skip
def test_class_of_a_river(name: str, value: float, number: int) -> None:
    assert water_index.classes({name: np.array([value])})[name][0] == number


def test_a_lake_is_judged_by_its_own_table() -> None:
    values = {"tss": np.array([20.0]), "chlorophyll": np.array([20.0])}
    assert {name: part[0] for name, part in water_index.classes(values, "lake").items()} == {
        "tss": 3,
        "chlorophyll": 2,
    }
    assert {name: part[0] for name, part in water_index.classes(values, "river").items()} == {"tss": 1}


def test_a_sample_takes_the_worst_class_and_a_missing_value_is_no_class() -> None:
    parts = water_index.classes({"ph": np.array([7.0, 7.0, np.nan]), "bod5": np.array([8.0, np.nan, np.nan])})
    np.testing.assert_array_equal(water_index.worst_class(parts), [3, 1, np.nan])
