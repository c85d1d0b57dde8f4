"""``geoioc quality measure`` on the sample: what is injected is found, and the figures are the same every time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from helpers.commands import geoioc

pytestmark = pytest.mark.usefixtures("province")


def measured(*options: str) -> dict[str, Any]:
    done = geoioc("quality", "measure", "--json", *options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)[0]


def test_stuck_zero_impossible_and_missing_values_are_all_found():
    score = measured("--parameter", "pm10")
    assert set(score["recall"]) >= {"stuck", "zeros", "range", "sentinel", "spike", "burst"}
    for kind in ("stuck", "zeros", "range", "sentinel"):
        assert score["recall"][kind] >= 0.98, kind
    assert score["recall"]["spike"] >= 0.88
    assert score["false_series"] <= 0.002
    assert score["impossible_hours"] == 0


def test_the_same_seed_injects_the_same_faults_and_another_one_others():
    first = measured("--parameter", "pm25", "--seed", "3")
    assert measured("--parameter", "pm25", "--seed", "3") == first
    assert measured("--parameter", "pm25", "--seed", "4")["found"] != first["found"]


def test_a_parameter_the_layer_does_not_have_is_refused_with_those_it_has():
    done = geoioc("quality", "measure", "--parameter", "radon")
    assert done.returncode != 0
    assert "pm25" in done.stderr
