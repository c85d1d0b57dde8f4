"""The fan of a year: it starts at what is known, ends at the projection, and opens on the way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dash_app.figures.indicator import indicator_figure
from dash_app.figures.outlook import course, fan_path, mark_unusual, outlook_figure
from spatial.queries.indicators import catalogue

SUM, STOCK = catalogue()["grdp"], catalogue()["pig_herd"]
VALUES = {date(2025, month, 1): 10.0 + month for month in range(1, 13)} | {
    date(2026, month, 1): 12.0 + month for month in range(1, 8)
}


def row(**changes: Any) -> dict[str, Any]:
    usual = {"year": date(2026, 1, 1), "q10": 205.0, "q50": 220.0, "q90": 240.0, "plan": 230.0, "model": "share",
             "reason": None, "chance": 0.3, "skill": 0.1}  # fmt: skip
    return usual | changes


def test_amounts_add_up_stocks_stand_and_a_gap_ends_the_line() -> None:
    assert course(VALUES, SUM, 2026)[:3] == [13.0, 27.0, 42.0]
    assert course(VALUES, STOCK, 2026)[:3] == [13.0, 14.0, 15.0]
    holed = {month: value for month, value in VALUES.items() if month != date(2026, 3, 1)}
    assert course(holed, SUM, 2026)[2:] == [None] * 10


def test_the_fan_opens_from_the_newest_figure_to_the_projection() -> None:
    now, before = course(VALUES, SUM, 2026), course(VALUES, SUM, 2025)
    path = fan_path(now, before, row())
    assert list(path) == list(range(6, 12))
    assert path[6] == (now[6],) * 3
    assert path[11] == pytest.approx((205.0, 220.0, 240.0))
    widths = [high - low for low, _, high in path.values()]
    assert widths == sorted(widths)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_figure_shows_course_fan_and_plan(language: str, look: str) -> None:
    figure = outlook_figure(VALUES, row(), SUM, language=language, look=look)
    names = [trace.name for trace in figure.data if trace.name]
    assert len(names) == len(set(names)) == 5
    assert max(figure.data[-1].y) == 230.0


def test_without_a_projection_there_is_a_course_and_no_fan() -> None:
    bare = outlook_figure(VALUES, row(q50=None, q10=None, q90=None, plan=None), SUM, language="vi", look="light")
    assert len(bare.data) == 2


def test_an_unusual_month_says_why_beside_the_band_it_left() -> None:
    mark = {"period": date(2026, 5, 1), "value": 17_000.0, "expected": 17.0, "low": 15.0, "high": 19.0,
            "kind": "report", "cause": "unit_factor"}  # fmt: skip
    figure = indicator_figure(VALUES, {}, None, SUM, 2026, language="vi", look="light")
    before = len(figure.data)
    mark_unusual(figure, [mark], SUM, 2026, language="vi", look="light")
    assert len(figure.data) == before + 1
    assert figure.data[-1].x == ("05",)
    assert "gấp khoảng 1.000 lần" in figure.data[-1].text[0]
    assert len(mark_unusual(figure, [mark], SUM, 2025, language="vi", look="light").data) == before + 1
