"""Alerts leave the house: a real mail server and a real web receiver, retries, quiet hours, killed senders."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from helpers.alerts import LAYER, PLACES, count, everyday, found, judge, make_network, quiet_days, write
from helpers.databases import environment
from helpers.receivers import Hook, Mailbox, free_port, mail_server, web_receiver
from sqlalchemy import text
from typer.testing import CliRunner

from ingest.alert_cli import app
from ingest.notify import PAUSES, send_channel, send_due
from spatial.access import OPERATOR, SYSTEM, connect
from spatial.alerts.rules import RuleForm
from spatial.progress import silent
from spatial.queries import alerts

HOURS = 8 * 24
NO_QUIET = {"GEOIOC_ALERT_QUIET_FROM": "00:00", "GEOIOC_ALERT_QUIET_TO": "00:00"}


def mail_settings(port: int) -> dict[str, str]:
    return NO_QUIET | {
        "GEOIOC_ALERT_SMTP_HOST": "127.0.0.1", "GEOIOC_ALERT_SMTP_PORT": str(port),
        "GEOIOC_ALERT_SMTP_SECURITY": "none", "GEOIOC_ALERT_MAIL_FROM": "ioc@tinh.vn",
        "GEOIOC_ALERT_MAIL_TO": "lanh.dao@tinh.vn, truc.ban@tinh.vn",
    }  # fmt: skip


@pytest.fixture
def now() -> datetime:
    """The last full hour: alerts of today are news."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def network(database: str, now: datetime) -> dict[tuple[str, str], int]:
    series = make_network()
    quiet_days(series, now - timedelta(hours=HOURS - 1), HOURS)
    return series


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box, environment(DATABASE_URL=os.environ["DATABASE_URL"], **mail_settings(box.port)):
        yield box


@pytest.fixture
def hook() -> Iterator[Hook]:
    with (
        web_receiver() as receiver,
        environment(
            DATABASE_URL=os.environ["DATABASE_URL"], GEOIOC_ALERT_WEBHOOK_URL=receiver.url,
            GEOIOC_ALERT_WEBHOOK_SECRET="chìa khóa", **NO_QUIET,
        ),
    ):  # fmt: skip
        yield receiver


def open_alerts(now: datetime, threshold: float = 15.0, **changed: Any) -> None:
    """A rule that everyday air breaks at every station, or at one."""
    form = RuleForm(
        **{  # type: ignore[arg-type]
            "layer_id": LAYER, "title_vi": "PM2.5 thử", "title_en": "PM2.5 test", "kind": "threshold",
            "severity": "minor", "parameter": "pm25", "threshold": threshold,
        } | changed
    )  # fmt: skip
    with connect(SYSTEM) as conn:
        alerts.save_rule(conn, form=form, actor="an")
    judge(now)


def outbox() -> list[dict[str, Any]]:
    with connect(SYSTEM) as conn:
        rows = conn.execute(text("SELECT * FROM ops.notification ORDER BY id")).mappings()
        return [dict(row) for row in rows]


def test_many_alerts_of_one_evaluation_are_one_mail(network: Any, mailbox: Mailbox, now: datetime) -> None:
    open_alerts(now)
    assert len(outbox()) == len(PLACES)
    assert send_due(silent) == f"mail: {len(PLACES)} told"
    (message,) = mailbox.mails
    assert message["Subject"] == f"[GeoIOC] {len(PLACES)} cảnh báo ({len(PLACES)} môi trường; nặng nhất: nhẹ)"
    assert mailbox.receivers == [["lanh.dao@tinh.vn", "truc.ban@tinh.vn"]]
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert all(row["title_vi"] in html for row in found())
    assert {row["state"] for row in outbox()} == {"sent"}
    assert send_due(silent) == "mail: nothing due"


def test_the_receiver_can_check_who_sent_the_webhook(network: Any, hook: Hook, now: datetime) -> None:
    open_alerts(now, feature_key="K1")
    assert send_due(silent) == "webhook: 1 told"
    ((headers, body),) = hook.requests
    stamp = headers["X-GeoIOC-Timestamp"]
    expected = hmac.new("chìa khóa".encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-GeoIOC-Signature"] == f"sha256={expected}"
    content = json.loads(body)
    assert [item["feature_key"] for item in content["alerts"]] == ["K1"]
    assert content["delivery"] == headers["X-GeoIOC-Delivery"]


def test_closing_is_told_to_those_who_were_told_of_the_opening(network: Any, hook: Hook, now: datetime) -> None:
    open_alerts(now, feature_key="K1")
    (row,) = found()
    send_due(silent)
    with connect(OPERATOR) as conn:
        alerts.close(conn, alert_id=row["id"], actor="an", note="xong")
    send_due(silent)
    occasions = [json.loads(body)["alerts"][0]["occasion"] for _, body in hook.requests]
    assert occasions == ["opened", "closed"]


def test_what_is_closed_before_it_was_told_is_told_once_as_it_is(network: Any, hook: Hook, now: datetime) -> None:
    open_alerts(now, feature_key="K1")
    with connect(OPERATOR) as conn:
        alerts.close(conn, alert_id=found()[0]["id"], actor="an", note="xong")
    send_due(silent)
    ((_, body),) = hook.requests
    assert json.loads(body)["alerts"][0]["state"] == "closed"


def test_a_server_that_is_down_is_tried_again_and_given_up_in_the_end(network: Any, now: datetime) -> None:
    with environment(DATABASE_URL=os.environ["DATABASE_URL"], **mail_settings(free_port())):
        open_alerts(now, feature_key="K1")
        moment = datetime.now(UTC)
        for attempt in range(len(PAUSES) + 1):
            assert "not sent" in send_channel("mail", moment)
            (row,) = outbox()
            assert row["attempts"] == attempt + 1
            assert "ConnectionRefusedError" in row["error"]
            if attempt < len(PAUSES):
                assert row["state"] == "queued"
                assert send_channel("mail", moment) == "nothing due", "not before its time"
                moment = row["not_before"]
        assert row["state"] == "failed"
        assert send_channel("mail", moment + timedelta(days=30)) == "nothing due"


def test_an_answer_other_than_2xx_is_tried_again_and_a_redirection_is_not_followed(
    network: Any, hook: Hook, now: datetime
) -> None:
    open_alerts(now, feature_key="K1")
    for status in (500, 302):
        hook.status = status
        moment = max(datetime.now(UTC), outbox()[0]["not_before"])
        assert f"answered {status}" in send_channel("webhook", moment)
    hook.status = 204
    assert send_channel("webhook", outbox()[0]["not_before"]) == "1 told"
    deliveries = {headers["X-GeoIOC-Delivery"] for headers, _ in hook.requests}
    assert len(deliveries) == 1, "a repetition is known by its number"


def test_one_unknown_address_does_not_send_the_others_the_mail_twice(
    network: Any, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.unknown = {"lanh.dao@tinh.vn"}
    open_alerts(now, feature_key="K1")
    send_due(silent)
    (row,) = outbox()
    assert (row["state"], row["error"]) == ("sent", "refused: lanh.dao@tinh.vn")
    assert mailbox.receivers == [["truc.ban@tinh.vn"]]


def test_without_any_channel_nothing_waits_in_the_outbox(network: Any, now: datetime) -> None:
    open_alerts(now)
    assert outbox() == []
    assert send_due(silent) == "no channel is set up"


def test_light_alerts_wait_for_the_morning_and_grave_ones_do_not(network: Any, now: datetime) -> None:
    with mail_server() as box:
        night = {"GEOIOC_ALERT_QUIET_FROM": "00:00", "GEOIOC_ALERT_QUIET_TO": "23:59:59"}
        with environment(DATABASE_URL=os.environ["DATABASE_URL"], **(mail_settings(box.port) | night)):
            open_alerts(now, feature_key="K1")
            open_alerts(now, feature_key="K2", severity="extreme")
            assert send_due(silent) == "mail: 1 told"
            assert "K2" not in str(outbox()[0])
            waiting = [row for row in outbox() if row["state"] == "queued"]
            assert [row["not_before"] > datetime.now(UTC) for row in waiting] == [True]
            assert send_channel("mail", waiting[0]["not_before"]) == "1 told"
        assert len(box.mails) == 2


def test_news_of_a_spreading_episode_is_gathered(network: Any, mailbox: Mailbox, now: datetime) -> None:
    open_alerts(now, feature_key="K1")
    send_due(silent)
    open_alerts(now, feature_key="K2")
    assert send_due(silent) == "mail: nothing due"
    (later,) = [row for row in outbox() if row["state"] == "queued"]
    assert timedelta(hours=5) < later["not_before"] - datetime.now(UTC) < timedelta(hours=7)
    open_alerts(now, feature_key="K3", severity="severe")
    assert send_due(silent) == "mail: 1 told", "what is grave does not wait"


def test_two_senders_at_once_send_each_message_once(network: Any, hook: Hook, now: datetime) -> None:
    open_alerts(now)
    with connect(SYSTEM) as other:
        taken = other.execute(text("SELECT id FROM ops.notification FOR UPDATE")).all()
        assert len(taken) == len(PLACES)
        assert send_due(silent) == "webhook: nothing due"
    assert send_due(silent) == f"webhook: {len(PLACES)} told"


def test_a_sender_killed_while_it_sends_loses_nothing(network: Any, now: datetime) -> None:
    """The receiver does not answer; the sender is killed; the next one sends."""
    with web_receiver() as receiver:
        silent_port = free_port()
        deaf = {"GEOIOC_ALERT_WEBHOOK_URL": f"http://127.0.0.1:{silent_port}/"} | NO_QUIET
        with environment(DATABASE_URL=os.environ["DATABASE_URL"], **deaf):
            open_alerts(now, feature_key="K1")
            listener = _deaf(silent_port)
            code = "from ingest.notify import send_due; from spatial.progress import silent; send_due(silent)"
            sender = subprocess.Popen([sys.executable, "-c", code])
            listener.accept()  # it has connected and waits for an answer
            sender.send_signal(signal.SIGKILL)
            sender.wait()
            listener.close()
            _wait_until(lambda: count("SELECT count(*) FROM ops.notification WHERE state = 'queued'") == 1)
        with environment(DATABASE_URL=os.environ["DATABASE_URL"], GEOIOC_ALERT_WEBHOOK_URL=receiver.url, **NO_QUIET):
            _wait_until(lambda: send_due(silent) == "webhook: 1 told")
        assert len(receiver.requests) == 1


def _deaf(port: int) -> socket.socket:
    listener = socket.create_server(("127.0.0.1", port))
    listener.settimeout(60)
    return listener


def _wait_until(holds: Any) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "waited 20 s in vain"
        time.sleep(0.2)


def test_the_command_says_which_channel_works_and_which_is_not_set_up(database: str) -> None:
    runner = CliRunner(env={"COLUMNS": "200"})
    nothing = runner.invoke(app, ["test-channel"])
    assert nothing.exit_code != 0
    assert "mail: not set up, skipped" in nothing.output
    with mail_server() as box, environment(DATABASE_URL=os.environ["DATABASE_URL"], **mail_settings(box.port)):
        tried = runner.invoke(app, ["test-channel"])
        assert tried.exit_code == 0, tried.output
        assert "sent to lanh.dao@tinh.vn, truc.ban@tinh.vn" in tried.output
        assert "webhook: not set up, skipped" in tried.output
        assert box.mails[0]["Subject"] == "[GeoIOC] Thư thử kênh cảnh báo"


def test_an_alert_is_worked_on_at_the_terminal(network: Any, now: datetime) -> None:
    open_alerts(now, feature_key="K1")
    number = str(found()[0]["id"])
    runner = CliRunner(env={"COLUMNS": "200"})
    assert "Không khí: PM2.5" in runner.invoke(app, ["list"]).output
    assert runner.invoke(app, ["ack", number]).exit_code == 0
    assert runner.invoke(app, ["close", number, "--note", "đã xử lý"]).exit_code == 0
    shown = runner.invoke(app, ["show", number]).output
    assert "closed đã xử lý" in shown
    assert "staff." in runner.invoke(app, ["rules"]).output
    everyday_again = runner.invoke(app, ["evaluate", "--days", "7"])
    assert everyday_again.output.startswith("0 opened"), everyday_again.output


def test_stations_that_write_after_the_alert_prolong_it_without_another_mail(
    network: dict[tuple[str, str], int], mailbox: Mailbox, now: datetime
) -> None:
    open_alerts(now - timedelta(hours=3), feature_key="K1")
    send_due(silent)
    with connect(SYSTEM) as conn:
        write(conn, network, {("K1", "pm25"): everyday(now, 1, "K1")})
    judge(now)
    assert send_due(silent) == "mail: nothing due"
    assert found()[0]["last_at"] == now
