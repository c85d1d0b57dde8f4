"""Words and groups of the alert screens, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dash_app.alert_services import Evidence, Filters, read_filters
from dash_app.figures.alert import alert_figure, running_mean
from dash_app.pages.alerts.evidence_charts import comparison
from dash_app.pages.alerts.inbox import query_of
from dash_app.pages.alerts.rule_form import read_form
from dash_app.pages.alerts.rule_words import rule_sentence
from dash_app.pages.alerts.view import (
    against,
    began,
    group_rows,
    headline,
    holder,
    moment_near,
    sentence_case,
    since,
    stamp,
)
from layers.registry import get_layer
from spatial.alerts.rules import RuleForm

NOW = datetime(2026, 11, 22, 1, 20, tzinfo=UTC)  # 08:20 in the province
HOUR = timedelta(hours=1)


def alert(number: int = 1, **changes: Any) -> dict[str, Any]:
    """An alert of the air, as the queries give it."""
    finding = {"kind": "limit", "parameter": "pm25", "peak": 78.1, "threshold": 45.0, "hours": 24}
    return {
        "id": number, "layer_id": "air_observation", "feature_key": f"KK0{number}", "station_name": f"Trạm {number}",
        "parameter": "pm25", "cause": "environment", "severity": "minor", "state": "new", "kind": "limit",
        "started_at": NOW - 5 * HOUR, "last_at": NOW - HOUR, "ended_at": None, "value": 70.0, "peak": 78.1,
        "threshold": 45.0, "episode": None, "commune_code": None, "evidence": {"findings": [finding]},
        "deed": {"last_event": number, "actor": None, "action": None, "at": None}, "rule_title_vi": "Vượt giới hạn",
    } | changes  # fmt: skip


def silent(**changes: Any) -> dict[str, Any]:
    """An instrument that has sent nothing for ten hours, found after six."""
    finding = {"kind": "instrument", "sign": "silent", "parameter": None, "peak": 10.0, "threshold": 6.0}
    return alert(
        cause="instrument", kind="instrument", parameter=None, value=10.0, peak=10.0, threshold=6.0,
        evidence={"findings": [finding]}, **changes,
    )  # fmt: skip


# ---------------------------------------------------------------- groups


def test_three_alerts_of_an_episode_are_one_group_at_the_place_of_the_first() -> None:
    rows = [alert(1, episode="e"), alert(2), alert(3, episode="e"), alert(4, episode="e")]
    assert [[row["id"] for row in group.rows] for group in group_rows(rows)] == [[1, 3, 4], [2]]


def test_two_alerts_of_an_episode_stay_two_lines() -> None:
    groups = group_rows([alert(1, episode="e"), alert(2, episode="e")])
    assert [group.episode for group in groups] == [None, None]


def test_the_list_is_drawn_again_when_somebody_did_something() -> None:
    before = [alert(1), alert(2)]
    noted = [alert(1), alert(2) | {"deed": {"last_event": 9, "actor": "A", "action": "acknowledged", "at": NOW}}]
    assert stamp(before) == stamp([alert(1), alert(2)])
    assert stamp(before) != stamp(noted)


# ---------------------------------------------------------------- words


def test_a_value_of_the_air_stands_beside_its_limit_the_vietnamese_way() -> None:
    assert against(alert(), "vi") == "78,1 µg/m³ / 45"
    assert against(alert(threshold=0.5), "en") == "78.1 µg/m³ / 0.5"


def test_an_instrument_says_its_hours_once() -> None:
    assert against(silent(), "vi") is None
    assert "10 giờ" in headline(silent(), "vi")


def test_the_trouble_of_a_silent_station_began_with_its_last_value_not_with_the_rule() -> None:
    row = silent(started_at=NOW - 5 * HOUR, last_at=NOW - HOUR)
    assert began(row) == NOW - 11 * HOUR
    assert began(alert()) == NOW - 5 * HOUR


@pytest.mark.parametrize(
    ("back", "words"),
    [(2, "06:20 hôm nay"), (10, "22:20 hôm qua"), (72, "19/11 08:20"), (24 * 365, "22/11/2025 08:20")],
)
def test_a_moment_is_said_as_near_as_it_is(back: int, words: str) -> None:
    assert moment_near(NOW - back * HOUR, NOW, "vi") == words


def test_an_event_lasts_until_it_is_over_and_one_ahead_is_expected() -> None:
    assert since(alert(), NOW, "vi")[1] == "5 giờ"
    assert since(alert(ended_at=NOW - HOUR), NOW, "vi")[1] == "đã hết 07:20 hôm nay"
    assert since(alert(started_at=NOW + 3 * HOUR), NOW, "vi") == ("dự kiến 11:20 hôm nay", "")


def test_who_has_it_is_said_and_the_system_is_no_person() -> None:
    deed = {"last_event": 2, "actor": "Lê Thị Hoa", "action": "acknowledged", "at": NOW}
    assert holder(alert(state="acknowledged", deed=deed), "vi") == "Lê Thị Hoa đang giữ"
    assert holder(alert(state="closed", deed=deed | {"actor": "system"}), "vi") == "Hệ thống đóng"
    assert holder(alert(), "vi") == "chưa ai nhận"


@pytest.mark.parametrize(("words", "said"), [("pH nhảy vọt", "pH nhảy vọt"), ("không gửi", "Không gửi"), ("", "")])
def test_a_sentence_begins_with_a_capital_but_ph_stays_as_it_is(words: str, said: str) -> None:
    assert sentence_case(words) == said


# ---------------------------------------------------------------- filters


def test_filters_of_a_link_that_mean_nothing_are_left_out() -> None:
    assert read_filters({"state": "lost", "cause": "x", "days": "-3", "station": "air_station:KK01"}) == Filters()


def test_filters_and_their_address_say_the_same() -> None:
    chosen = Filters("closed", "instrument", "severe", "40006.2025-07-01", ("air_observation", "KK01"), 7)
    query = dict(part.split("=") for part in query_of(chosen, "vi").removeprefix("?").split("&"))
    assert read_filters(query) == chosen


# ---------------------------------------------------------------- evidence


def hours(values: list[float | None]) -> list[dict[str, Any]]:
    first = NOW.replace(minute=0) - len(values) * HOUR
    return [
        {"time": first + n * HOUR, "value": value, "raw": value, "status": 0, "flag": 0, "reviewed": False}
        for n, value in enumerate(values, 1)
    ]


def test_a_mean_needs_three_quarters_of_its_hours() -> None:
    times = [NOW + n * HOUR for n in range(4)]
    assert running_mean(list(zip(times, [1.0, 2.0, 3.0, None], strict=True)), 4)[-1][1] == 2.0
    assert running_mean(list(zip(times, [1.0, None, 3.0, None], strict=True)), 4)[-1][1] is None


def figure_of(rows: list[dict[str, Any]], *, capped: bool) -> Any:
    parameter = next(item for item in get_layer("air_observation").series.parameters if item.name == "pm25")  # type: ignore[union-attr]
    span = (rows[0]["time"], rows[-1]["time"])
    return alert_figure(
        rows,
        [],
        [],
        parameter,
        event=span,
        span=span,
        threshold=45,
        mean_hours=1,
        capped=capped,
        language="vi",
        look="light",
    )


def test_a_doubtful_peak_does_not_squeeze_the_air_and_is_whole_where_the_instrument_is_the_matter() -> None:
    rows = hours([50.0, None, 60.0])
    rows[1]["raw"] = 900.0
    capped, whole = figure_of(rows, capped=True), figure_of(rows, capped=False)
    assert capped.layout.yaxis.range[1] == pytest.approx(75)
    assert capped.data[-1].customdata == (900.0,)
    assert whole.layout.yaxis.range is None
    assert whole.data[-1].y == (900.0,)


def test_an_hour_without_a_row_breaks_the_line() -> None:
    rows = hours([50.0, 55.0, 60.0, 65.0])
    del rows[1]
    assert list(figure_of(rows, capped=True).data[0].y) == [50.0, None, 60.0, 65.0]


def test_the_air_is_compared_at_its_highest_approved_hour_the_instrument_where_it_is_farthest() -> None:
    rows = hours([40.0, 90.0, None, 50.0])
    rows[2]["raw"] = 500.0
    around = [{"time": row["time"], "value": 85.0, "stations": 4} for row in rows]
    evidence = Evidence(rows[0]["time"], rows[-1]["time"], "pm25", rows, around, [], [])
    parameter = next(item for item in get_layer("air_observation").series.parameters if item.name == "pm25")  # type: ignore[union-attr]
    span = {"started_at": rows[0]["time"], "last_at": rows[-1]["time"]}
    assert "trạm 90,0" in comparison(alert(**span), evidence, parameter, "vi")
    assert "trạm 500,0" in comparison(alert(**span, cause="instrument"), evidence, parameter, "vi")


# ---------------------------------------------------------------- rules


def rule(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "layer_id": "air_observation", "title_vi": "", "title_en": "", "kind": "threshold", "severity": "minor",
        "parameter": "pm25", "threshold": 150.0,
    }  # fmt: skip
    return RuleForm(**(values | changes)).values()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"for_hours": 3}, "PM2.5 trên 150 µg/m³, 3 giờ liền, ở mọi trạm."),
        ({"mean_hours": 24, "feature_key": "KK01"}, "PM2.5 trung bình 24 giờ trên 150 µg/m³, ở trạm KK01."),
        ({"kind": "index", "threshold": 4.0, "parameter": None}, "Chỉ số từ mức 4 (Xấu) trở lên, ở mọi trạm."),
        (
            {"layer_id": "water_observation", "parameter": "do", "threshold": 2.0},
            "Oxy hòa tan dưới 2 mg/L, ở mọi trạm.",
        ),
        (
            {"kind": "instrument", "parameter": None, "threshold": 12.0, "signs": ("silent",)},
            "Thiết bị: không gửi số liệu từ 12 giờ, ở mọi trạm.",
        ),
        ({"kind": "forecast", "threshold": None}, "Dự báo PM2.5 (mức giữa) vượt giới hạn pháp lý, ở mọi trạm."),
    ],
)
def test_a_rule_is_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    assert rule_sentence(rule(**changes), "vi") == sentence


def test_a_rule_without_a_name_is_called_by_its_content_in_both_languages() -> None:
    form = read_form(rule(threshold="150,5"))
    assert form.threshold == 150.5
    assert form.title_vi.startswith("PM2.5 trên 150,50")
    assert form.title_en.startswith("PM2.5 above 150.50")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"threshold": "một trăm"}, "threshold"),
        ({"threshold": "nan"}, "threshold"),
        ({"for_hours": "1,5"}, "for_hours"),
        ({"channels": "mail"}, "channels"),
        ({"title_vi": "x" * 201}, "title_vi"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field}$"):
        read_form(rule() | changes)
