"""Two people and one alert, filters, and the trial of a rule, on a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from dash_app.alert_services import AlertServices, Filters
from dash_app.app import create_app
from dash_app.services import Services
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.alerts.errors import AlertRefused
from spatial.alerts.rules import RuleForm
from spatial.queries.alert_preview import preview_rule

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
HOUR = timedelta(hours=1)


def open_alert(conn: Connection, subject: str, **changes: Any) -> int:
    """An alert with its first event, by a rule that is made when it lacks. Its id."""
    rule = conn.execute(
        text(
            "INSERT INTO core.alert_rule (name, layer_id, origin, title_vi, title_en, kind, severity, created_by)"
            " VALUES ('t', 'air_observation', 'layer', 'Vượt', 'Over', 'limit', 'minor', 'system')"
            " ON CONFLICT (name) DO UPDATE SET name = 't' RETURNING id"
        )
    ).scalar_one()
    values = {
        "subject": subject, "rule": rule, "key": "KK01", "cause": "environment", "severity": "minor",
        "started": NOW - 3 * HOUR, "ended": None,
    } | changes  # fmt: skip
    alert = conn.execute(
        text(
            "INSERT INTO core.alert (subject, rule_id, layer_id, feature_key, parameter, cause, severity, started_at,"
            " last_at, ended_at, value, peak, threshold)"
            " VALUES (:subject, :rule, 'air_observation', :key, 'pm25', :cause, :severity,"
            " :started, :started, :ended, 60, 80, 45) RETURNING id"
        ),
        values,
    ).scalar_one()
    conn.execute(
        text("INSERT INTO core.alert_event (alert_id, actor, action) VALUES (:id, 'system', 'opened')"), {"id": alert}
    )
    return int(alert)


@pytest.fixture
def desk(database: str) -> AlertServices:
    """The services of the screens, with the screens' own login, on an empty database."""
    return AlertServices(Services(actor=OPERATOR))


def seen(desk: AlertServices, alert_id: int) -> int:
    row = desk.alert(alert_id)
    assert row is not None
    return int(row["deed"]["last_event"])


def test_the_second_of_two_who_act_on_the_same_sight_is_told_of_the_first(desk: AlertServices) -> None:
    with connect(SYSTEM) as conn:
        alert_id = open_alert(conn, "a")
    both_saw = seen(desk, alert_id)
    assert desk.act("acknowledge", alert_id, both_saw, "Hoa", "") is None
    conflict = desk.act("close", alert_id, both_saw, "Bình", "Xong.")
    assert conflict is not None
    assert conflict.state == "acknowledged"
    assert [(event["actor"], event["action"]) for event in conflict.events] == [("Hoa", "acknowledged")]
    row = desk.alert(alert_id)
    assert row is not None
    assert row["state"] == "acknowledged"  # the second changed nothing
    assert desk.act("close", alert_id, conflict.events[-1]["id"], "Bình", "Xong.") is None


def test_a_note_never_conflicts(desk: AlertServices) -> None:
    with connect(SYSTEM) as conn:
        alert_id = open_alert(conn, "a")
    before = seen(desk, alert_id)
    desk.act("acknowledge", alert_id, before, "Hoa", "")
    assert desk.act("note", alert_id, before, "Bình", "Đã gọi.") is None
    row = desk.alert(alert_id)
    assert row is not None
    assert [event["actor"] for event in row["events"]] == ["system", "Hoa", "Bình"]
    assert row["deed"]["actor"] == "Hoa"  # a note is no move


def test_what_the_state_does_not_allow_is_refused(desk: AlertServices) -> None:
    with connect(SYSTEM) as conn:
        alert_id = open_alert(conn, "a")
    with pytest.raises(AlertRefused):
        desk.act("reopen", alert_id, seen(desk, alert_id), "Hoa", "Vì sao không?")


def test_counts_by_state_follow_the_filters_of_the_list(desk: AlertServices) -> None:
    with connect(SYSTEM) as conn:
        open_alert(conn, "a")
        open_alert(conn, "b", cause="instrument", severity="severe")
        old = open_alert(conn, "c", started=NOW - 400 * HOUR, ended=NOW - 300 * HOUR)
    desk.act("close", old, seen(desk, old), "Hoa", "Xong.")
    for filters, expected in (
        (Filters(), {"new": 2, "closed": 1}),
        (Filters(cause="instrument"), {"new": 1}),
        (Filters(severity="minor"), {"new": 1, "closed": 1}),
        (Filters(days=7), {"new": 2}),
        (Filters(station=("air_observation", "KK02")), {}),
    ):
        rows, counts = desk.inbox(filters)
        assert counts == expected
        assert len(rows) == counts.get("new", 0)


def test_the_most_pressing_are_one_per_episode(desk: AlertServices) -> None:
    with connect(SYSTEM) as conn:
        ids = [open_alert(conn, name, key=name) for name in "abcd"]
        conn.execute(
            text('UPDATE core.alert SET evidence = \'{"episode": "e"}\' WHERE id = ANY(:ids)'), {"ids": ids[1:]}
        )
    rows, total = desk.most_pressing(3)
    assert total == 4
    assert sorted(len(row["together"]) for row in rows) == [1, 3]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (None, 400),
        ({"action": "delete", "alerts": {"1": 1}, "name": "Hoa"}, 400),
        ({"action": "acknowledge", "alerts": {}, "name": "Hoa"}, 400),
        ({"action": "acknowledge", "alerts": {"1; DROP": 1}, "name": "Hoa"}, 400),
        ({"action": "acknowledge", "alerts": {"1": 1}, "name": "  "}, 400),
        ({"action": "close", "alerts": {"1": 1}, "name": "Hoa", "note": " "}, 400),
        ({"action": "acknowledge", "alerts": {"999": 1}, "name": "Hoa"}, 409),
    ],
)
def test_a_deed_that_makes_no_sense_is_refused_in_words(database: str, sent: Any, status: int) -> None:
    answer = create_app(Services()).server.test_client().post("/api/alerts/act", json=sent)
    assert answer.status_code == status
    assert answer.json
    assert answer.json.get("message") or answer.json["refused"][0]["message"]


def test_a_deed_sent_by_another_site_is_refused(database: str) -> None:
    with connect(SYSTEM) as conn:
        alert_id = open_alert(conn, "a")
    deed = {"action": "acknowledge", "alerts": {str(alert_id): 99}, "name": "Hoa", "note": ""}
    client = create_app(Services()).server.test_client()
    refused = client.post("/api/alerts/act", json=deed, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert client.post("/api/alerts/act", json=deed).json == {"done": [alert_id], "refused": []}


# ---------------------------------------------------------------- trial of a rule


def hours_of(conn: Connection, key: str, values: list[float]) -> None:
    """Approved hours of PM2.5 at a station, the last one now."""
    series = conn.execute(
        text(
            "INSERT INTO core.series (layer_id, feature_key, parameter)"
            " VALUES ('air_observation', :key, 'pm25') RETURNING id"
        ),
        {"key": key},
    ).scalar_one()
    first = NOW - (len(values) - 1) * HOUR
    conn.execute(
        text("SELECT core.ensure_observation_partitions(CAST(:first AS date), CAST(:last AS date))"),
        {"first": first, "last": NOW + 24 * HOUR},
    )
    conn.execute(
        text(
            "INSERT INTO derived.observation_hourly (series_id, time, n, n_good, value, raw, status, flag)"
            " VALUES (:series, :time, 1, 1, :value, :value, 0, 0)"
        ),
        [{"series": series, "time": first + n * HOUR, "value": value} for n, value in enumerate(values)],
    )


def form(**changes: Any) -> RuleForm:
    values: dict[str, Any] = {
        "layer_id": "air_observation", "title_vi": "x", "title_en": "x", "kind": "threshold", "severity": "minor",
        "parameter": "pm25", "threshold": 100.0,
    }  # fmt: skip
    return RuleForm(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "events", "stations"),
    [
        ({}, 3, 2),
        ({"for_hours": 3}, 1, 1),  # a lone hour does not count
        ({"threshold": 150.0}, 0, 0),
        ({"feature_key": "KK02"}, 1, 1),
        ({"mean_hours": 24, "threshold": 30.0}, 1, 1),
        ({"kind": "limit", "threshold": None}, 1, 1),  # the 24 h limit: KK02's lone hour does not carry a day over it
    ],
)
def test_a_trial_counts_the_events_a_rule_would_have_had(
    database: str, changes: dict[str, Any], events: int, stations: int
) -> None:
    with connect(SYSTEM) as conn:
        hours_of(conn, "KK01", [10.0] * 40 + [120.0] * 20 + [10.0] * 30 + [120.0] + [10.0] * 30)
        hours_of(conn, "KK02", [10.0] * 60 + [120.0] + [10.0] * 60)
    with connect(OPERATOR) as conn:
        found = preview_rule(conn, form=form(**changes), until=NOW, days=10)
    assert found is not None
    assert (found.events, found.stations) == (events, stations)


def test_a_kind_that_needs_more_than_values_is_not_tried(database: str) -> None:
    with connect(OPERATOR) as conn:
        assert preview_rule(conn, form=form(kind="anomaly", threshold=None), until=NOW) is None
