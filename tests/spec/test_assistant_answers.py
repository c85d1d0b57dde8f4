"""The assistant's numbers are those of the database, with place, time and source; without data it says so."""

from __future__ import annotations

from datetime import datetime

import pytest
from helpers.commands import geoioc
from sqlalchemy import text

from dash_app.assistant.ask import Assistant
from dash_app.services import Services
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.queries import indicators
from spatial.settings import LOCAL_ZONE


@pytest.fixture
def assistant(province: str) -> Assistant:
    return Assistant(Services(actor=OPERATOR))


def scalar(statement: str, **values: object) -> float:
    with connect(SYSTEM) as conn:
        return float(conn.execute(text(statement), values).scalar_one())


def test_a_count_is_the_number_of_rows(assistant: Assistant) -> None:
    reply = assistant.ask("có bao nhiêu trường học")
    assert reply.answer is not None
    assert reply.answer.value == scalar("SELECT count(*) FROM layer.school")
    assert "Trường học" in reply.answer.source


def test_a_ranking_of_overdue_reports_names_the_unit_with_most_of_them(assistant: Assistant) -> None:
    reply = assistant.ask("xã nào trễ hạn phản ánh nhiều nhất năm nay")
    assert reply.answer is not None
    start = datetime(datetime.now(LOCAL_ZONE).year, 1, 1, tzinfo=LOCAL_ZONE)
    most = scalar(
        "SELECT max(n) FROM (SELECT count(*) AS n FROM layer.feedback"
        " WHERE received_at >= :start AND state <> 'duplicate'"
        " AND due_at < coalesce(closed_at, CASE WHEN state NOT IN ('closed', 'resolved', 'rejected') THEN now() END)"
        " GROUP BY commune_code) AS counted",
        start=start,
    )
    assert reply.answer.value == most
    assert [line.value for line in reply.answer.lines] == sorted(
        (line.value for line in reply.answer.lines), reverse=True
    )


def test_an_indicator_is_the_figure_of_the_report_with_its_state_and_comparison(assistant: Assistant) -> None:
    reply = assistant.ask("thu ngân sách lũy kế so cùng kỳ")
    province = assistant.services.province()
    assert province is not None
    with connect(OPERATOR) as conn:
        fact = indicators.kpi(conn, unit_id=province["id"], as_of=assistant.services.today(), codes=["budget_revenue"])[
            0
        ]
    assert reply.answer is not None
    assert reply.answer.value == fact.cumulative
    assert "so cùng kỳ" in reply.answer.sentence
    assert reply.answer.link == "/map#theme=indicator.budget_revenue"


def test_the_station_with_the_highest_mean_of_yesterday_comes_first(assistant: Assistant) -> None:
    reply = assistant.ask("trạm nào PM2.5 cao nhất hôm qua")
    assert reply.answer is not None
    highest = scalar(
        "SELECT max(d.mean) FROM core.series s JOIN derived.observation_daily d ON d.series_id = s.id"
        " WHERE s.layer_id = 'air_observation' AND s.parameter = 'pm25'"
        " AND d.day = CAST(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date) - 1"
    )
    assert reply.answer.value == pytest.approx(highest)


def test_what_is_not_held_is_said_and_no_number_is_made_up(assistant: Assistant) -> None:
    reply = assistant.ask("thu ngân sách năm 1999")
    assert reply.answer is not None
    assert reply.answer.value is None
    assert reply.answer.sentence.startswith("Chưa có số liệu")


def test_every_kind_of_question_is_answered_in_both_languages(assistant: Assistant) -> None:
    questions = (
        "AQI hiện nay", "chất lượng nước hôm qua", "PM2.5 trung bình 7 ngày qua", "dự báo PM2.5 ngày mai",
        "GRDP so kế hoạch", "dự báo GRDP cuối năm", "xã nào hộ nghèo cao nhất", "phản ánh chưa xử lý",
        "camera mất kết nối", "diện tích đất lúa", "xã nào nhiều đất lúa nhất", "lượng mưa 7 ngày qua",
        "xã nào mưa nhiều nhất tuần này", "có cảnh báo nào",
    )  # fmt: skip
    for question in questions:
        for language in ("vi", "en"):
            reply = assistant.ask(question, language)
            assert reply.answer is not None, question
            assert reply.answer.sentence.endswith("."), question


def test_the_command_answers_and_asks_back_with_an_exit_code(province: str) -> None:
    done = geoioc("ask", "có bao nhiêu trường học")
    assert done.returncode == 0, done.stderr
    assert "trường học" in done.stdout
    unclear = geoioc("ask", "giá vàng hôm nay")
    assert unclear.returncode == 1
    assert "giá vàng" in unclear.stdout
