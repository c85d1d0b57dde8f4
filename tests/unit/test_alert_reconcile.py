"""What becomes of alerts when events are known: prolonged, worse, over, on record; a second run changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from spatial.analysis.alert_reconcile import Change, Seen, plan_changes

START = datetime(2026, 3, 10, tzinfo=UTC)
SUBJECT = "air_observation/K1/environment"


def at(hour: float) -> datetime:
    return START + timedelta(hours=hour)


def finding(peak: float, severity: str, first: float, last: float) -> dict[str, Any]:
    return {
        "rule_id": 1, "rule": "over_limit", "kind": "limit", "severity": severity, "parameter": "pm25", "sign": None,
        "hours": 24, "below": False, "n": 3, "value": peak, "peak": peak, "threshold": 45.0, "excess": peak / 45,
        "first": at(first).isoformat(), "last": at(last).isoformat(),
    }  # fmt: skip


def event(
    first: float, last: float, ended: float | None = None, *, severity: str = "minor", peak: float = 60.0,
    cut: bool = False,
) -> Seen:  # fmt: skip
    values = {
        "rule_id": 1, "layer_id": "air_observation", "feature_key": "K1", "parameter": "pm25", "value": peak,
        "peak": peak, "threshold": 45.0, "evidence": {"findings": [finding(peak, severity, first, last)]},
        "unit_ids": [7],
    }  # fmt: skip
    return Seen(
        SUBJECT, "environment", severity, at(first), at(last), None if ended is None else at(ended), cut, values
    )


class Book:
    """The table of alerts, as the plan changes it."""

    def __init__(self) -> None:
        self.alerts: list[dict[str, Any]] = []

    def run(self, *seen: Seen, clock: float, now: float | None = None, window: float = 0) -> list[Change]:
        changes = plan_changes(
            seen, self.alerts, window_first=at(window), clock=at(clock), now=at(clock if now is None else now)
        )
        for change in changes:
            if change.alert_id is None:
                self.alerts.append({"id": len(self.alerts) + 1} | dict(change.values))
            else:
                self.alerts[change.alert_id - 1].update(change.values)
        return changes

    def states(self) -> list[str]:
        return [alert["state"] for alert in self.alerts]


def test_an_event_opens_one_alert_and_the_same_findings_change_nothing() -> None:
    book = Book()
    (opened,) = book.run(event(10, 12), clock=13)
    assert (opened.occasion, opened.events) == ("opened", (("opened", None),))
    assert book.run(event(10, 12), clock=13) == []


def test_an_event_that_goes_on_prolongs_its_alert_without_a_word() -> None:
    book = Book()
    book.run(event(10, 12), clock=13)
    (change,) = book.run(event(10, 20), clock=20)
    assert (change.events, change.occasion) == ((), None)
    assert len(book.alerts) == 1
    assert book.alerts[0]["last_at"] == at(20)


def test_a_graver_finding_worsens_the_alert_and_people_are_told() -> None:
    book = Book()
    book.run(event(10, 12), clock=13)
    (change,) = book.run(event(10, 14, severity="severe"), clock=14)
    assert (change.occasion, change.severity) == ("worsened", "severe")
    assert change.events == (("worsened", "minor → severe"),)
    book.run(event(10, 16), clock=16)
    assert book.alerts[0]["severity"] == "severe", "what was grave stays so until somebody closes it"


def test_the_end_is_noted_and_the_alert_waits_for_people() -> None:
    book = Book()
    book.run(event(10, 12), clock=13)
    (change,) = book.run(event(10, 12, ended=24), clock=24)
    assert change.events == (("ended", None),)
    assert change.occasion == "ended"
    assert book.states() == ["new"]


def test_what_somebody_closed_stays_closed_while_it_goes_on() -> None:
    book = Book()
    book.run(event(10, 12), clock=13)
    book.alerts[0]["state"] = "closed"
    (change,) = book.run(event(10, 20), clock=20)
    assert (change.events, change.occasion) == ((), None)
    assert book.states() == ["closed"]


def test_what_grows_graver_after_it_was_closed_is_a_new_alert_that_names_the_old_one() -> None:
    book = Book()
    book.run(event(10, 12), clock=13)
    book.alerts[0]["state"] = "closed"
    book.run(event(10, 20, severity="severe"), clock=20)
    assert book.states() == ["closed", "new"]
    assert book.alerts[1]["evidence"]["previous"] == [1]
    assert book.run(event(10, 20, severity="severe"), clock=20) == []


def test_a_new_event_makes_room_for_itself_when_the_old_one_is_over() -> None:
    book = Book()
    old, new = event(10, 12, ended=24), event(60, 62)
    book.run(old, clock=24)
    changes = book.run(old, new, clock=62)
    assert [[action for action, _ in change.events] for change in changes] == [["closed"], ["opened"]]
    assert book.states() == ["closed", "new"]
    assert book.run(old, new, clock=62) == []


def test_an_event_of_the_past_is_put_on_record_and_nobody_is_called() -> None:
    book = Book()
    (change,) = book.run(event(10, 12, ended=24), clock=49)
    assert change.occasion is None
    assert [action for action, _ in change.events] == ["opened", "ended", "closed"]
    assert book.states() == ["closed"]
    assert book.run(event(10, 12, ended=24), clock=49) == []


def test_of_two_past_events_and_one_now_only_the_last_is_open() -> None:
    book = Book()
    seen = (event(10, 12, ended=24), event(30, 31, ended=43), event(60, 62))
    book.run(*seen, clock=62)
    assert book.states() == ["closed", "closed", "new"]
    assert book.run(*seen, clock=62) == []


def test_data_that_ended_long_ago_open_alerts_but_call_nobody() -> None:
    book = Book()
    (change,) = book.run(event(10, 12), clock=13, now=13 + 24 * 365)
    assert change.occasion is None
    assert book.states() == ["new"]


def test_an_alert_whose_values_were_marked_afterwards_ends_and_says_why() -> None:
    book = Book()
    book.run(event(10, 12), clock=13)
    (change,) = book.run(clock=14)
    ((action, note),) = change.events
    assert action == "ended"
    assert note is not None
    assert note.startswith("Không còn căn cứ")
    assert book.alerts[0]["evidence"]["withdrawn"] is True
    assert book.run(clock=15) == []


def test_late_hours_that_join_two_events_leave_one_alert() -> None:
    book = Book()
    book.run(event(10, 12, ended=24), clock=24)
    book.run(event(10, 40), clock=40)
    assert len(book.alerts) == 1
    assert (book.alerts[0]["started_at"], book.alerts[0]["ended_at"]) == (at(10), None)


def test_the_worst_value_stays_when_its_hour_has_left_the_window() -> None:
    book = Book()
    book.run(event(10, 90, peak=99.0), clock=90)
    book.run(event(50, 100, peak=60.0, cut=True), clock=100, window=48)
    assert (book.alerts[0]["peak"], book.alerts[0]["started_at"]) == (99.0, at(10))
    assert book.alerts[0]["evidence"]["findings"][0]["first"] == at(10).isoformat()
    assert book.run(event(52, 100, peak=60.0, cut=True), clock=100, window=50) == []


def test_a_forecast_may_be_silent_for_some_hours_before_its_alert_ends() -> None:
    book = Book()
    seen = event(12, 12)
    forecast = Seen("air_observation/K1/forecast", "forecast", "minor", seen.first, seen.last, None, False, seen.values)
    book.run(forecast, clock=12)
    assert book.run(clock=15) == []
    (change,) = book.run(clock=18)
    assert change.events == (("ended", None),)
