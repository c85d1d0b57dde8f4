"""The leaders' view of figures: ranks, cards, frames, classes, and what is not compared across the reform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dash_app.components.panel import panel
from dash_app.leader_services import FEWEST_CASES, fair, last_day, rank
from dash_app.overview_view import DIVERGING, PLAN_BREAKS, around_zero, card, frames, scales
from layers.domains import DOMAINS
from layers.model import Indicator
from layers.registry import registry
from spatial.analysis.kpi import line
from spatial.months import add_months, list_months
from spatial.queries.indicators import IndicatorValue, Kpi, catalogue

UNIT: dict[str, Any] = {"id": 1, "key": "001.2025-07-01", "level": "commune", "name": "An", "valid_to": None}
MONTHS = list_months(date(2025, 1, 1), date(2026, 3, 1))


def grdp() -> Indicator:
    return catalogue()["grdp"]


def values(numbers: Sequence[float], first: date = MONTHS[0], own: bool = True) -> list[IndicatorValue]:
    method: Any = "exact" if own else "by_people"
    months = [add_months(first, count) for count in range(len(numbers))]
    return [
        IndicatorValue(1, "grdp", month, "official", number, own, method)
        for month, number in zip(months, numbers, strict=True)
    ]


def lines(found: list[IndicatorValue], item: Indicator) -> dict[date, Kpi]:
    known = {month: line(item, found, last_day(month)) for month in MONTHS}
    return {month: one for month, one in known.items() if one is not None}


def row(name: str, value: float, cases: int | None = None) -> tuple[dict[str, Any], Kpi, float, int | None]:
    found = line(grdp(), values([value]), date(2025, 2, 1))
    assert found is not None
    return {"id": name, "name": name}, found, value, cases


# ---------------------------------------------------------------- ranks


def test_equal_printed_figures_share_a_rank_and_the_next_counts_them() -> None:
    ranked = rank([row("a", 10.04), row("b", 10.01), row("c", 12), row("d", 9)], grdp(), "value")
    assert [(one.unit["name"], one.rank, one.tied) for one in ranked] == [
        ("c", 1, False), ("a", 2, True), ("b", 2, True), ("d", 4, False),
    ]  # fmt: skip


def test_lower_is_first_where_lower_is_better_but_not_for_the_share_of_a_plan() -> None:
    fewer = grdp().model_copy(update={"direction": "down"})
    rows = [row("many", 9), row("few", 2)]
    assert [one.unit["name"] for one in rank(rows, fewer, "value")] == ["few", "many"]
    assert [one.unit["name"] for one in rank(rows, fewer, "plan")] == ["many", "few"]


def test_a_share_of_too_few_cases_is_listed_without_a_rank() -> None:
    ranked = rank([row("chance", 100, FEWEST_CASES - 1), row("solid", 80, FEWEST_CASES)], grdp(), "value")
    assert [(one.unit["name"], one.rank) for one in ranked] == [("solid", 1), ("chance", None)]


# ---------------------------------------------------------------- across the reform


def test_a_former_district_does_not_grow_by_being_put_together_again() -> None:
    ended = UNIT | {"level": "district", "valid_to": date(2025, 7, 1)}
    after = values([200] * 9, date(2025, 7, 1), own=False)
    found = lines(values([100] * 6) + after, grdp())[date(2026, 3, 1)]
    assert found.on_same_period == pytest.approx(100)
    shown = fair(found, ended)
    assert shown.on_same_period is None
    assert shown.judgement == "neutral"
    assert "không so được" in shown.reasons["on_same_period"].vi


def test_units_that_are_in_force_and_exact_sums_are_compared() -> None:
    found = lines(values([100] * 12 + [110] * 3), grdp())[date(2026, 3, 1)]
    assert fair(found, UNIT) is found
    assert fair(found, UNIT | {"valid_to": date(2025, 7, 1)}) is found  # its own figure


# ---------------------------------------------------------------- cards and frames


def test_a_card_holds_the_figure_of_every_month_with_reasons_instead_of_zeros() -> None:
    found = values([100] * 12 + [110, 120])  # March is missing
    content = card(grdp(), lines(found, grdp()), found, MONTHS, "vi")
    assert content["values"][-1] is None
    assert content["of"][-1] == "2026-02"
    assert content["value"][-1] == 120
    assert content["change"][-1] == pytest.approx(20)
    assert content["good"][-1] == "g"
    assert content["percent"][-1] is None
    assert content["why"][content["whyPlan"][-1]] == "chưa giao kế hoạch"
    assert content["change"][0] is None
    assert content["states"] == "o" * 14 + "-"


def test_a_month_without_a_figure_stays_empty_on_the_map_and_a_quarter_is_held_for_three() -> None:
    found = values([100] * 12 + [110, 120])
    known = {(1, "grdp", month): one for month, one in lines(found, grdp()).items()}
    content = frames(grdp(), known, [UNIT], MONTHS, {}, "vi")
    assert [row[0] for row in content["matrix"]["value"]][-3:] == [110, 120, None]
    assert content["states"][-1] == "-"
    assert content["cases"] is None
    quarterly = grdp().model_copy(update={"period": "quarter"})
    quarter = {
        (1, "grdp", month): replace(one, period=date(2026, 1, 1))
        for month, one in lines(found, grdp()).items()
        if month >= date(2026, 1, 1)
    }
    held = frames(quarterly, quarter, [UNIT], MONTHS, {}, "vi")
    assert [row[0] is not None for row in held["matrix"]["value"]][-4:] == [False, True, True, True]


def test_changes_are_centred_on_zero_and_shares_of_the_plan_on_a_hundred() -> None:
    breaks = around_zero([-3, 4, 8, 9, -12])
    assert breaks == tuple(-bound for bound in reversed(breaks))
    assert breaks[-1] >= 9
    assert sum(PLAN_BREAKS) / len(PLAN_BREAKS) == 100
    found = scales(grdp(), {"value": [1, 2, 3], "change": [1.0], "plan": [50.0]})
    assert len(found["change"]["colours"]) == len(found["change"]["breaks"]) + 1
    fewer = scales(grdp().model_copy(update={"direction": "down"}), {"value": [1], "change": [1.0], "plan": [50.0]})
    assert fewer["change"]["colours"] == list(reversed(DIVERGING)), (
        "more is not the colour of good where less is better"
    )


# ---------------------------------------------------------------- what tabs show, and panels


def test_every_indicator_has_a_tab_and_tabs_name_layers_that_exist() -> None:
    assert {item.domain for item in catalogue().values()} <= set(DOMAINS)
    for domain in DOMAINS.values():
        assert {item.layer for item in domain.lists if item.layer} <= set(registry())
        assert not domain.highlights or set(domain.highlights) & set(catalogue()), domain.id


def test_a_panel_says_what_clock_it_follows_and_has_a_button_for_its_table() -> None:
    written = str(
        panel("Tiêu đề", [], time="at", language="vi", table=panel("x", [], time="none", language="vi"), id="p")
    )
    assert "Theo thời điểm đang chọn" in written
    assert "Không phụ thuộc thời điểm đang chọn" in written
    assert "Xem dạng bảng" in written
