"""Alerts: what opens one, which cause it names, that one event is one alert, and what people may do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from helpers.alerts import LAYER, PLACES, count, everyday, found, judge, local_midnight, make_network, quiet_days, write
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from layers.flags import NETWORK_FLAGS, Flag
from layers.registry import get_layer, registry
from spatial.access import OPERATOR, PUBLIC, SYSTEM, connect
from spatial.alerts.errors import AlertRefused, UnknownAlert
from spatial.alerts.rules import RuleForm
from spatial.queries import alerts
from spatial.queries.alert_rules import sync_rules
from spatial.queries.reviews import add_review

type Network = dict[tuple[str, str], int]

START = local_midnight(2026, 3, 10)
HOURS = 8 * 24
NOW = START + timedelta(hours=HOURS - 1)


@pytest.fixture
def network(database: str) -> Network:
    series = make_network()
    quiet_days(series, START, HOURS)
    return series


def episode(network: Network, *, factor: float = 6.0, until: datetime = NOW, hours: int = 48) -> None:
    """Bad air at all stations: PM2.5 of 120 and more. (At one station alone it would be the instrument.)"""
    first = until - timedelta(hours=hours - 1)
    with connect(SYSTEM) as conn:
        write(conn, network, {
            (station, parameter): everyday(first, hours, station, factor * (1.0 if parameter == "pm25" else 1.6))
            for station, parameter in network
        })  # fmt: skip


def test_everyday_air_opens_nothing(network: Network) -> None:
    assert judge(NOW).events == 0


def test_bad_air_opens_one_alert_a_station_all_of_one_episode_and_none_about_instruments(network: Network) -> None:
    episode(network)
    judge(NOW)
    rows = found()
    assert {row["feature_key"] for row in rows} == set(PLACES)
    assert len(rows) == len(PLACES), "limits of two parameters and the index are one event"
    assert {row["cause"] for row in rows} == {"environment"}
    assert len({row["episode"] for row in rows}) == 1
    assert all(row["title_vi"].startswith("Không khí: ") and row["title_en"].startswith("Air: ") for row in rows)
    rules = {finding["rule"] for finding in rows[0]["evidence"]["findings"]}
    assert {f"{LAYER}.over_limit", f"{LAYER}.aqi_bad"} <= rules
    with connect(SYSTEM) as conn:
        alert = alerts.get_alert(conn, alert_id=rows[0]["id"])
    assert alert is not None
    assert {other["feature_key"] for other in alert["related"]} == set(PLACES) - {rows[0]["feature_key"]}
    unit = rows[0]["unit_ids"][0]
    assert rows[0]["id"] in {row["id"] for row in found(unit_id=unit)}
    assert found(unit_id=-1) == []


def test_evaluating_again_changes_nothing(network: Network) -> None:
    episode(network)
    judge(NOW)
    before = count("SELECT hashtext(string_agg(a::text, ';' ORDER BY id)) FROM core.alert a")
    again = judge(NOW)
    assert (again.opened, again.recorded, again.worsened, again.ended) == (0, 0, 0, 0)
    assert count("SELECT hashtext(string_agg(a::text, ';' ORDER BY id)) FROM core.alert a") == before


def test_two_evaluations_at_once_open_no_alert_twice(network: Network) -> None:
    episode(network)
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: judge(NOW), range(2)))
    assert sorted(outcome.opened for outcome in outcomes) == [0, len(PLACES)]
    assert count("SELECT count(*) FROM core.alert") == len(PLACES)


def test_hour_by_hour_comes_to_the_same_alerts_as_once_at_the_end(network: Network) -> None:
    episode(network, factor=4.0)
    for hour in range(60, -1, -3):
        judge(NOW - timedelta(hours=hour))
    stepwise = {
        row["subject"]: (row["started_at"], row["last_at"], row["ended_at"], row["severity"]) for row in found()
    }
    with connect(SYSTEM) as conn:
        conn.execute(text("TRUNCATE core.alert, core.alert_event, ops.notification"))
    judge(NOW)
    once = {row["subject"]: (row["started_at"], row["last_at"], row["ended_at"], row["severity"]) for row in found()}
    assert stepwise == once


@pytest.mark.parametrize(("year", "opened"), [(2025, 0), (2026, 1)])
def test_the_limit_is_the_one_that_was_law_on_that_day(database: str, year: int, opened: int) -> None:
    """47 µg/m³ of PM2.5 over 24 hours: allowed until the end of 2025, over the limit since."""
    series = make_network()
    first = local_midnight(year, 6, 1)
    hours = [(first + timedelta(hours=n), 47.0 + (n % 3 - 1) * 0.5, 0, 0) for n in range(72)]
    with connect(SYSTEM) as conn:
        write(conn, series, {("K1", "pm25"): hours})
    judge(first + timedelta(hours=71))
    rows = found(cause="environment")
    assert len(rows) == opened
    if rows:
        assert rows[0]["threshold"] == 45
        assert rows[0]["evidence"]["findings"][0]["basis"]["vi"].startswith("QCVN 05:2023")


@pytest.mark.parametrize(
    ("flag", "status", "sign"),
    [
        (Flag.FLAT, 0, "stuck"), (Flag.SPIKE, 0, "jumps"), (Flag.DRIFT, 0, "drift"), (Flag.FAULT, 2, "fault"),
        (Flag.CALIBRATION, 1, "calibration"), (Flag.CLOCK, 0, "clock"), (Flag.NEIGHBOUR, 0, "alone"),
        (Flag.INCONSISTENT, 0, "doubtful"),
    ],
)  # fmt: skip
def test_a_broken_sensor_is_an_alert_about_the_instrument_and_never_about_the_air(
    network: Network, flag: Flag, status: int, sign: str
) -> None:
    first = NOW - timedelta(hours=19)
    with connect(SYSTEM) as conn:
        if flag & NETWORK_FLAGS:  # set by the roll-up itself, from the whole network: here by hand
            conn.execute(
                text(
                    "UPDATE derived.observation_hourly SET flag = :flag, value = NULL, n_good = 0"
                    " WHERE series_id = :series AND time >= :first"
                ),
                {"flag": int(flag), "series": network["K1", "pm25"], "first": first},
            )
        else:
            bad = [(first + timedelta(hours=n), 400.0 + n, status, int(flag)) for n in range(20)]
            write(conn, network, {("K1", "pm25"): bad})
    judge(NOW)
    rows = found()
    assert [row["cause"] for row in rows] == ["instrument"]
    assert (rows[0]["feature_key"], rows[0]["parameter"]) == ("K1", "pm25")
    assert sign in {finding["sign"] for finding in rows[0]["evidence"]["findings"]}
    assert rows[0]["title_vi"].startswith("Thiết bị: ")


def test_a_fault_of_the_whole_logger_is_one_alert(network: Network) -> None:
    first = NOW - timedelta(hours=9)
    with connect(SYSTEM) as conn:
        write(conn, network, {
            ("K1", parameter): [(first + timedelta(hours=n), 30.0 + n, 2, int(Flag.FAULT)) for n in range(10)]
            for parameter in ("pm25", "pm10")
        })  # fmt: skip
    judge(NOW)
    (row,) = found()
    assert (row["cause"], row["parameter"], row["evidence"]["findings"][0]["sign"]) == ("instrument", None, "fault")


def test_one_silent_station_is_its_own_alert_and_ends_when_it_speaks_again(network: Network) -> None:
    later = NOW + timedelta(hours=10)
    with connect(SYSTEM) as conn:
        write(conn, network, {
            (station, parameter): everyday(NOW + timedelta(hours=1), 10, station)
            for station, parameter in network if station != "K1"
        })  # fmt: skip
    judge(later)
    (row,) = found()
    assert (row["feature_key"], row["evidence"]["findings"][0]["sign"]) == ("K1", "silent")
    end = later + timedelta(hours=30)
    with connect(SYSTEM) as conn:
        write(conn, network, {
            (station, parameter): everyday(later + timedelta(hours=1), 30, station) for station, parameter in network
        })  # fmt: skip
    judge(end)
    (row,) = found()
    assert row["ended_at"] is not None
    assert row["state"] == "new", "the event is over; people close the alert"


def test_silence_of_all_stations_is_one_alert_of_the_network_and_data_of_long_ago_are_none(network: Network) -> None:
    judge(NOW + timedelta(hours=12))
    (row,) = found()
    assert (row["feature_key"], row["cause"], row["value"]) == ("", "instrument", 12)
    assert row["title_vi"] == "Thiết bị: không gửi số liệu 12 giờ – toàn mạng"
    with connect(SYSTEM) as conn:
        conn.execute(text("TRUNCATE core.alert, core.alert_event, ops.notification"))
    judge(NOW + timedelta(days=400))
    assert found() == []


def test_values_a_person_judged_bad_take_the_ground_from_an_alert(network: Network) -> None:
    episode(network)
    judge(NOW)
    (row,) = found(cause="environment", key="K1")
    with connect(SYSTEM) as conn:
        for parameter in ("pm25", "pm10"):
            add_review(
                conn, series_id=network["K1", parameter], first=NOW - timedelta(hours=60), last=NOW, verdict="bad",
                note="đốt rơm ngay cạnh trạm", actor="an",
            )  # fmt: skip
        write(conn, network, {})
    judge(NOW)
    (after,) = found(cause="environment", key="K1")
    assert after["id"] == row["id"]
    assert after["ended_at"] is not None
    assert after["evidence"]["withdrawn"] is True
    assert found(cause="instrument") == [], "what a person has judged needs no other look"


def test_a_past_event_in_late_data_is_put_on_record(network: Network) -> None:
    judge(NOW)
    episode(network, until=NOW - timedelta(hours=72), hours=30)
    outcome = judge(NOW)
    assert (outcome.opened, outcome.recorded, outcome.queued) == (0, len(PLACES), 0)
    assert {row["state"] for row in found(cause="environment")} == {"closed"}


def test_a_forecast_over_the_limit_is_an_alert_until_the_air_itself_is(network: Network) -> None:
    forecast(network["K1", "pm25"], NOW, 150.0)
    judge(NOW)
    (row,) = found()
    assert (row["cause"], row["kind"], row["feature_key"]) == ("forecast", "forecast", "K1")
    assert row["title_vi"].startswith("Dự báo không khí: PM2.5 trung bình 24 giờ dự kiến")
    finding = row["evidence"]["findings"][0]
    expected = datetime.fromisoformat(finding["expected_from"])
    assert NOW + timedelta(hours=3) < expected < NOW + timedelta(hours=8), "the mean holds hours of the past as well"


def test_where_the_air_is_bad_already_no_forecast_alert_is_needed(network: Network) -> None:
    episode(network)
    forecast(network["K1", "pm25"], NOW, 150.0)
    judge(NOW)
    assert [row["cause"] for row in found(key="K1")] == ["environment"]


def test_a_forecast_from_stale_input_opens_nothing(network: Network) -> None:
    forecast(network["K1", "pm25"], NOW - timedelta(hours=12), 150.0)
    judge(NOW)
    assert found() == []


def forecast(series: int, issued: datetime, value: float) -> None:
    """A forecast of the same value for 48 hours."""
    with connect(SYSTEM) as conn:
        issue = conn.execute(
            text(
                "INSERT INTO derived.forecast_issue (series_id, issued_at, input_until, model, skill_persistence)"
                " VALUES (:series, :issued, :issued, 'test', 0.1) RETURNING id"
            ),
            {"series": series, "issued": issued},
        ).scalar_one()
        for hour in range(1, 49):
            conn.execute(
                text("INSERT INTO derived.forecast_value VALUES (:issue, :target, :v, :v, :v, :v, :v)"),
                {"issue": issue, "target": issued + timedelta(hours=hour), "v": value},
            )


# ---------------------------------------------------------------- people


@pytest.fixture
def alert_id(network: Network) -> int:
    with connect(OPERATOR) as conn:
        alerts.save_rule(conn, form=form(feature_key="K1", threshold=20.0), actor="an")
    judge(NOW)
    return int(found(key="K1")[0]["id"])


def test_an_alert_is_taken_closed_and_reopened_and_its_history_tells_who_and_why(alert_id: int) -> None:
    with connect(OPERATOR) as conn:
        alerts.acknowledge(conn, alert_id=alert_id, actor="an", note="đang gọi trạm")
    with connect(OPERATOR) as conn:
        alerts.add_note(conn, alert_id=alert_id, actor="bình", note="đã kiểm tra")
        alerts.close(conn, alert_id=alert_id, actor="bình", note="gió mùa về")
    with connect(OPERATOR) as conn:
        alerts.reopen(conn, alert_id=alert_id, actor="an", note="lại vượt")
        alert = alerts.get_alert(conn, alert_id=alert_id)
    assert alert is not None
    assert alert["state"] == "acknowledged"
    assert [(event["actor"], event["action"], event["note"]) for event in alert["events"]] == [
        ("system", "opened", None), ("an", "acknowledged", "đang gọi trạm"), ("bình", "note", "đã kiểm tra"),
        ("bình", "closed", "gió mùa về"), ("an", "reopened", "lại vượt"),
    ]  # fmt: skip


def test_moves_that_make_no_sense_are_refused_in_both_languages(alert_id: int) -> None:
    with connect(OPERATOR) as conn:
        with pytest.raises(AlertRefused) as refusal:
            alerts.close(conn, alert_id=alert_id, actor="an", note="  ")
        assert refusal.value.words.vi == "Hãy ghi lý do."
        with pytest.raises(AlertRefused):
            alerts.reopen(conn, alert_id=alert_id, actor="an", note="nhầm")
        alerts.close(conn, alert_id=alert_id, actor="an", note="xong")
        with pytest.raises(AlertRefused):
            alerts.acknowledge(conn, alert_id=alert_id, actor="an")
        with pytest.raises(UnknownAlert):
            alerts.add_note(conn, alert_id=-1, actor="an", note="?")


def test_of_two_people_who_close_at_once_one_is_told_that_it_is_closed(alert_id: int) -> None:
    def close(name: str) -> bool:
        try:
            with connect(OPERATOR) as conn:
                alerts.close(conn, alert_id=alert_id, actor=name, note="xong")
        except AlertRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(close, ("an", "bình"))) == [False, True]


def test_the_public_login_reads_neither_history_nor_rules(alert_id: int) -> None:
    for table in ("core.alert_event", "core.alert_rule", "ops.notification"):
        with pytest.raises(ProgrammingError, match="permission denied"), connect(PUBLIC) as conn:
            conn.execute(text(f"SELECT * FROM {table}"))


def test_open_alerts_are_counted_by_severity_cause_and_state(alert_id: int) -> None:
    with connect(OPERATOR) as conn:
        counts = alerts.count_open(conn)
    severity = found()[0]["severity"]
    assert counts == {
        "total": 1, "new": 1, "ongoing": 1, "severity": {severity: 1}, "cause": {"environment": 1}, "state": {"new": 1},
    }  # fmt: skip


# ---------------------------------------------------------------- rules


def rule(name: str) -> dict[str, object]:
    with connect(SYSTEM) as conn:
        return next(row for row in alerts.list_rules(conn) if row["name"] == name)


def form(**changed: object) -> RuleForm:
    values: dict[str, object] = {
        "layer_id": LAYER, "title_vi": "PM2.5 cao", "title_en": "PM2.5 high", "kind": "threshold", "severity": "severe",
        "parameter": "pm25", "threshold": 100.0,
    }  # fmt: skip
    return RuleForm(**(values | changed))  # type: ignore[arg-type]


def test_a_rule_of_staff_for_one_station_opens_alerts_there_only(network: Network) -> None:
    with connect(OPERATOR) as conn:
        alerts.save_rule(conn, form=form(feature_key="K2", threshold=20.0), actor="an")
    judge(NOW)
    assert [(row["feature_key"], row["severity"]) for row in found()] == [("K2", "severe")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"parameter": "gold"}, {"threshold": None}, {"title_vi": " "}, {"kind": "magic"}, {"severity": "awful"},
        {"for_hours": 0}, {"mean_hours": 1000}, {"channels": ("pigeon",)}, {"layer_id": "school"},
        {"kind": "index", "threshold": 1.5}, {"kind": "limit", "parameter": "humidity"},
        {"kind": "forecast", "parameter": None},
    ],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(database: str, wrong: dict[str, object]) -> None:
    with connect(OPERATOR) as conn, pytest.raises(AlertRefused):
        alerts.save_rule(conn, form=form(**wrong), actor="an")


def test_what_staff_changed_of_a_layers_rule_stays_when_the_file_is_read_again(database: str) -> None:
    layers = list(registry().values())
    with connect(SYSTEM) as conn:
        sync_rules(conn, layers=layers)
    name = f"{LAYER}.aqi_bad"
    before = rule(name)
    with connect(OPERATOR) as conn:
        changed = form(kind="index", parameter=None, threshold=3.0, severity="minor", title_vi="khác", title_en="other")
        alerts.save_rule(conn, form=changed, actor="an", rule_id=before["id"])  # type: ignore[arg-type]
        alerts.set_rule_enabled(conn, rule_id=before["id"], enabled=False, actor="an")  # type: ignore[arg-type]
    with connect(SYSTEM) as conn:
        sync_rules(conn, layers=layers)
    after = rule(name)
    assert (after["threshold"], after["severity"], after["enabled"]) == (3.0, "minor", False)
    assert after["title_vi"] == before["title_vi"], "the words are the file's"
    with connect(SYSTEM) as conn:
        alerts.restore_rule(conn, rule_id=before["id"], actor="an")  # type: ignore[arg-type]
        sync_rules(conn, layers=layers)
        assert sync_rules(conn, layers=layers) == 0
    restored = rule(name)
    assert (restored["threshold"], restored["enabled"]) == (before["threshold"], True)


def test_a_rule_that_left_its_file_is_switched_off_and_kept(database: str) -> None:
    layer = get_layer(LAYER)
    with connect(SYSTEM) as conn:
        sync_rules(conn, layers=[layer])
        sync_rules(conn, layers=[layer.model_copy(update={"alerts": layer.alerts[1:]})])
    assert rule(f"{LAYER}.{layer.alerts[0].name}")["enabled"] is False
    assert rule(f"{LAYER}.{layer.alerts[1].name}")["enabled"] is True


def test_a_rule_switched_off_opens_nothing(network: Network) -> None:
    episode(network)
    with connect(OPERATOR) as conn:
        for row in alerts.list_rules(conn, layer_id=LAYER):
            alerts.set_rule_enabled(conn, rule_id=row["id"], enabled=False, actor="an")
    judge(NOW)
    assert found() == []
