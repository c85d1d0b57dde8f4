"""Questions are read as people mean them; what is not understood is asked back, never guessed."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from helpers.assistant_places import PLACES, TODAY
from hypothesis import given, settings
from hypothesis import strategies as st

from dash_app.assistant.score import describe, score
from spatial.assistant.parse import read_question
from spatial.assistant.periods import find_period
from spatial.assistant.query import Query, Unclear

QUESTIONS = Path(__file__).parents[1] / "data" / "assistant_questions.csv"


def read(question: str) -> Query | Unclear:
    return read_question(question, names=PLACES, today=TODAY).query


def rows() -> list[dict[str, str]]:
    with QUESTIONS.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_the_set_has_at_least_150_questions_half_of_them_written_after_the_grammar_was_frozen() -> None:
    parts = [row["part"] for row in rows()]
    assert len(parts) >= 150
    assert parts.count("after") * 2 >= len(parts)


def test_questions_known_to_the_grammar_are_all_read_as_expected() -> None:
    found = score([row for row in rows() if row["part"] == "before"], PLACES, TODAY)
    assert found.wrong == []


def test_nine_in_ten_questions_the_grammar_never_saw_are_read_as_expected() -> None:
    found = score([row for row in rows() if row["part"] == "after"], PLACES, TODAY)
    assert found.right["after"] >= 0.9 * found.asked["after"], "\n".join(found.wrong)


@pytest.mark.parametrize("question", ["PM2.5 PHỦ LÝ 7 NGÀY QUA", "pm2.5 phu ly 7 ngay qua", "pm25 Phủ Lý, 7 ngày qua?"])
def test_case_diacritics_and_commas_do_not_matter(question: str) -> None:
    assert describe(read(question)) == describe(read("PM2.5 Phủ Lý 7 ngày qua"))


def test_a_former_district_is_meant_for_a_time_in_which_it_existed_and_the_commune_for_today() -> None:
    assert describe(read("GRDP Giao Thủy tháng 3/2025")).split()[2:4] == ["@Huyện", "Giao"]
    assert describe(read("GRDP Giao Thủy tháng 9/2025")).split()[2:4] == ["@Xã", "Giao"]


def test_two_places_of_one_name_are_asked_back_with_both() -> None:
    found = read("dân số Bình Minh")
    assert isinstance(found, Unclear)
    assert found.reason == "several_places"
    assert len(found.options) == 2


def test_words_with_diacritics_are_no_formulas() -> None:
    assert read("có gì mới") == Unclear("no_measure", words="có gì mới")
    assert isinstance(read("tỷ giá đô la"), Unclear)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_asked_back_and_never_breaks(question: str) -> None:
    assert isinstance(read(question), Query | Unclear)


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.sampled_from(
    ["thang nay", "thang truoc", "quy truoc", "quy iv", "nam ngoai", "tuan truoc", "7 ngay qua", "24 gio qua",
     "9 thang dau nam", "thang 12", "hom qua", "tu 1/2 den 3/2", "luy ke"]))  # fmt: skip
def test_a_period_ends_after_it_begins_whatever_the_day(today: date, words: str) -> None:
    found = find_period(words, today)
    assert found is not None
    assert found.period.first <= found.period.last <= today + timedelta(days=366)
