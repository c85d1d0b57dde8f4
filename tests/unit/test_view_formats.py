"""Numbers, dates and colours as people read them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest

from dash_app import classes, formats
from dash_app.job_words import result_words, schedule_words
from spatial.queries.search import fold


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (-0.04, 1, "0,0", "0.0"),
        (1e6, 0, "1.000.000", "1,000,000"),
        (-3.25, 2, "-3,25", "-3.25"),
    ],
)
def test_numbers_use_the_separators_of_the_language(value: float, decimals: int, vi: str, en: str) -> None:
    assert formats.number(value, decimals, "vi") == vi
    assert formats.number(value, decimals, "en") == en


def test_times_are_shown_in_the_province_s_own_time() -> None:
    assert formats.moment(datetime(2026, 6, 30, 17, 5, tzinfo=UTC)) == "01/07/2026 00:05"
    assert formats.day(date(2026, 7, 1)) == "01/07/2026"


@pytest.mark.parametrize(
    ("span", "vi"),
    [(timedelta(minutes=5), "5 phút"), (timedelta(hours=30), "30 giờ"), (timedelta(days=3, hours=4), "3 ngày")],
)
def test_an_age_has_one_unit(span: timedelta, vi: str) -> None:
    assert formats.age(span, "vi") == vi


def test_quantile_classes_hold_about_equally_many_values() -> None:
    values = [float(value) for value in range(700)]
    breaks = classes.quantile_breaks(values)
    counts = [0] * (len(breaks) + 1)
    for value in values:
        counts[classes.class_of(value, breaks)] += 1
    assert len(counts) == classes.CLASSES
    assert max(counts) - min(counts) <= 2


@pytest.mark.parametrize("values", [[], [5.0], [5.0] * 40, [0.0] * 30 + [1.0]])
def test_few_or_equal_values_give_fewer_classes_never_an_error(values: list[float]) -> None:
    breaks = classes.quantile_breaks(values)
    assert list(breaks) == sorted(set(breaks))
    assert len(classes.pick(classes.YELLOW_BLUE, len(breaks) + 1)) == len(breaks) + 1


@pytest.mark.parametrize("ramp", [classes.WARNING, classes.NEUTRAL], ids=["with limit", "without limit"])
def test_the_number_on_a_badge_contrasts_with_its_colour(ramp: tuple[str, ...]) -> None:
    for colour in ramp:
        light, dark = sorted((classes.luminance(colour), classes.luminance(classes.text_on(colour))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("spelling", ["nam dinh", "NAM ĐỊNH", unicodedata.normalize("NFD", "Nam Định")])
def test_every_spelling_of_a_name_folds_to_the_same(spelling: str) -> None:
    assert fold(spelling) == "nam dinh"


def test_a_schedule_is_said_in_words_and_a_strange_one_as_written() -> None:
    assert schedule_words("20 * * * *", "vi") == "hằng giờ, phút 20"
    assert schedule_words("40 2 * * *", "en") == "daily, 02:40"
    assert schedule_words("0 1 * * 1", "vi") == "thứ hai hằng tuần, 01:00"
    assert schedule_words("0 1 1 * *", "vi") == "0 1 1 * *"


def test_the_result_of_a_job_is_said_in_the_language_of_the_page() -> None:
    said = "5711 series, 40 values; 3 without forecast"
    assert result_words(said, "vi") == "5711 chuỗi, 40 giá trị; 3 chuỗi chưa có dự báo"
    assert result_words(said, "en") == said
