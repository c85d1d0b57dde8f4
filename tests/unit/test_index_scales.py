"""The numbers of the scales equal the tables they are taken from."""

from __future__ import annotations

import csv
import itertools
import re

import pytest

from layers.index_scales import AIR_BREAKPOINTS, AIR_STEPS, QCVN08_CLASSES
from layers.indices import CONFIDENCE, INDICES, REASONS, Index, Level, level_of
from spatial.settings import REPOSITORY

NAMES = {
    "pH": "ph", "BOD5": "bod5", "COD": "cod", "TOC": "toc", "TSS": "tss", "DO": "do", "Total P": "tp", "Total N": "tn",
    "Total coliform": "coliform", "Heat-tolerant coliform": "fecal_coliform", "Chlorophyll-a": "chlorophyll",
}  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (REPOSITORY / "tests" / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", sorted(AIR_BREAKPOINTS))
def test_breakpoints_of_the_air_index(name: str) -> None:
    table = rows("air_aqi_breakpoints.csv")
    assert tuple(float(row["aqi"]) for row in table) == AIR_STEPS
    assert tuple(float(row[name]) for row in table if row[name]) == AIR_BREAKPOINTS[name]


@pytest.mark.parametrize(
    ("index_id", "file"),
    [("vn_aqi_hour", "air_aqi_levels.csv"), ("vn_aqi_day", "air_aqi_levels.csv"), ("vn_wqi", "water_wqi_levels.csv")],
)
def test_levels_have_the_words_and_colours_of_the_decision(index_id: str, file: str) -> None:
    levels = INDICES[index_id].levels
    for level, row in zip(levels, rows(file), strict=True):
        assert (level.low, level.high, level.title.vi) == (int(row["min"]), int(row["max"]), row["name_vi"])
        assert (level.title.en, level.colour) == (row["name_en_suggested"], row["hex"])
    assert levels[-1].colour == "#7E0023"
    assert [level.letter for level in levels] == list("ABCDEF")


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES.keys())
def test_levels_cover_the_scale_without_gap_or_overlap(index: Index) -> None:
    ordered = sorted(index.levels, key=lambda level: level.low)
    for one, following in itertools.pairwise(ordered):
        assert following.low == one.high + 1
    assert [level.number for level in index.levels] == list(range(1, len(index.levels) + 1))
    assert (ordered[0] is index.levels[0]) == (index.best == "low")
    assert index.rules


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("level", {level.colour: level for i in INDICES.values() for level in i.levels}.values())
def test_the_number_on_a_badge_can_be_read(level: Level) -> None:
    assert contrast(level.colour, level.text_colour) >= 4.5


@pytest.mark.parametrize(
    ("index_id", "value", "title"),
    [("vn_wqi", 9.51, "Kém"), ("vn_wqi", 9.49, "Ô nhiễm rất nặng"), ("vn_aqi_day", 50.5, "Trung bình"),
     ("vn_aqi_hour", 300, "Rất xấu"), ("vn_aqi_hour", 301, "Nguy hại"), ("qcvn08", 2, "Mức B")],
)  # fmt: skip
def test_the_level_is_that_of_the_rounded_number(index_id: str, value: float, title: str) -> None:
    assert level_of(index_id, value).title.vi == title


def test_a_value_outside_the_scale_has_no_level() -> None:
    with pytest.raises(ValueError, match="not on the scale"):
        level_of("vn_aqi_hour", 501)


def test_classes_equal_the_standard_and_say_what_was_not_seen_in_it() -> None:
    table = rows("water_qcvn08_2023_classes.csv")
    assert table
    seen = set()
    for row in table:
        body = "river" if row["water_body"].startswith("river") else "lake"
        name, letter = NAMES[row["parameter"]], row["class"]
        rule = QCVN08_CLASSES[body][name]  # type: ignore[index]
        seen.add((body, name))
        if letter == "D" or "litter" in row["condition"]:
            continue
        bound = rule.bounds["ABC".index(letter)]
        if found := re.fullmatch(r"([\d.]+)-([\d.]+)", row["condition"]):
            expected: tuple[float | None, float | None] = (float(found[1]), float(found[2]))
        elif row["condition"].startswith("<="):
            expected = (None, float(row["condition"][2:]))
        else:
            expected = (float(row["condition"].removeprefix(">=")), None)
        assert (bound.low, bound.high) == expected, row
        assert bound.confirmed == row["confidence"].startswith("confirmed"), row
    assert seen == {(body, name) for body, rules in QCVN08_CLASSES.items() for name in rules}


def test_every_unconfirmed_number_of_a_rule_is_a_setting_or_says_so() -> None:
    for index in INDICES.values():
        for rule in index.rules:
            assert rule.confidence in CONFIDENCE
            if rule.confidence == "memory" and rule.setting is None:
                assert index.id == "qcvn08"  # worst class: the only one without a number to set
    assert all(text.vi != text.en for text in REASONS.values())
