"""``geoioc alerts``: see, take and close alerts, look at rules, evaluate now or a moment of the past, try channels."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ingest.alert_channels import NotSent, probe
from ingest.jobs import run_job
from ingest.jobs_alerts import evaluate as evaluate_all
from spatial.access import OPERATOR, connect
from spatial.alerts.words import SEVERITY_TITLES, STATE_TITLES
from spatial.errors import GeoIOCError
from spatial.progress import silent
from spatial.queries import alerts
from spatial.queries.statements import Row
from spatial.settings import LOCAL_ZONE, alert_settings

app = typer.Typer(no_args_is_help=True, help="Alerts: see, acknowledge, close; rules; evaluation; channels.")
console = Console()

AlertId = Annotated[int, typer.Argument(help="number of the alert")]
Note = Annotated[str, typer.Option(help="reason; kept in the history")]


class WrongTime(GeoIOCError):
    """The time given cannot be read."""


class NothingConfigured(GeoIOCError):
    """No channel has an address."""


class ChannelFailed(GeoIOCError):
    """A test message was not taken."""


class State(StrEnum):
    """States of an alert; open: new and acknowledged."""

    OPEN = "open"
    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    ALL = "all"


class CauseChoice(StrEnum):
    """What an alert is about."""

    ENVIRONMENT = "environment"
    INSTRUMENT = "instrument"
    FORECAST = "forecast"


STATES: dict[State, list[str] | None] = {
    State.OPEN: ["new", "acknowledged"], State.NEW: ["new"], State.ACKNOWLEDGED: ["acknowledged"],
    State.CLOSED: ["closed"], State.ALL: None,
}  # fmt: skip


@app.command("list")
def list_alerts(
    state: Annotated[State, typer.Option(help="which alerts")] = State.OPEN,
    cause: Annotated[CauseChoice | None, typer.Option(help="only these")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 50,
) -> None:
    """Show alerts, what needs somebody first on top."""
    with connect(OPERATOR) as conn:
        rows = alerts.list_alerts(conn, states=STATES[state], cause=cause.value if cause else None, limit=limit)
        counts = alerts.count_open(conn)
    table = Table("no.", "state", "severity", "since", "until", "what", "episode")
    for row in rows:
        until = "goes on" if row["ended_at"] is None else _when(row["ended_at"])
        table.add_row(
            str(row["id"]), STATE_TITLES[row["state"]].vi, SEVERITY_TITLES[row["severity"]].vi,
            _when(row["started_at"]), until, row["title_vi"], row["episode"] or "",
        )  # fmt: skip
    console.print(table)
    console.print(f"{counts['total']} open, {counts['new']} new, {counts['ongoing']} going on")


@app.command("show")
def show(alert_id: AlertId) -> None:
    """One alert with its evidence, history, messages and the others of its episode."""
    with connect(OPERATOR) as conn:
        row = alerts.get_alert(conn, alert_id=alert_id)
    if row is None:
        raise alerts.unknown_alert(alert_id)
    console.print(f"[bold]{row['title_vi']}[/bold]\n{row['title_en']}")
    console.print(
        f"{row['state']}, {row['severity']}, {_when(row['started_at'])} – {_span_end(row)}; {row['rule_title_vi']}"
    )
    for finding in row["evidence"].get("findings", []):
        console.print(
            f"  {finding['rule']}: {finding.get('sign') or finding['kind']} {finding['parameter'] or ''}"
            f" peak {finding['peak']:g}, threshold {finding['threshold']}, {finding['n']} h"
        )
    for event in row["events"]:
        console.print(f"{_when(event['at'])} {event['actor']}: {event['action']} {event['note'] or ''}".rstrip())
    for sent in row["notifications"]:
        console.print(f"{sent['channel']} {sent['occasion']}: {sent['state']} {sent['error'] or ''}".rstrip())
    if row["related"]:
        console.print(f"episode {row['episode']}: also {', '.join(str(other['id']) for other in row['related'])}")


@app.command("ack")
def acknowledge(alert_id: AlertId, note: Annotated[str | None, typer.Option(help="remark")] = None) -> None:
    """Say that somebody looks after it."""
    with connect(OPERATOR) as conn:
        alerts.acknowledge(conn, alert_id=alert_id, actor=_who(), note=note)
    console.print(f"Alert {alert_id} acknowledged.")


@app.command("close")
def close(alert_id: AlertId, note: Note) -> None:
    """Close an alert with the reason."""
    with connect(OPERATOR) as conn:
        alerts.close(conn, alert_id=alert_id, actor=_who(), note=note)
    console.print(f"Alert {alert_id} closed.")


@app.command("reopen")
def reopen(alert_id: AlertId, note: Note) -> None:
    """Take a closed alert up again."""
    with connect(OPERATOR) as conn:
        alerts.reopen(conn, alert_id=alert_id, actor=_who(), note=note)
    console.print(f"Alert {alert_id} reopened.")


@app.command("rules")
def rules(
    disable: Annotated[int | None, typer.Option(help="switch this rule off")] = None,
    enable: Annotated[int | None, typer.Option(help="switch this rule on")] = None,
) -> None:
    """Show the rules, or switch one off or on; the layer files do not undo that."""
    with connect(OPERATOR) as conn:
        for number, wanted in ((disable, False), (enable, True)):
            if number is not None:
                alerts.set_rule_enabled(conn, rule_id=number, enabled=wanted, actor=_who())
        found = alerts.list_rules(conn)
    table = Table("no.", "name", "on", "kind", "parameter", "station", "threshold", "severity", "what", "open")
    for row in found:
        threshold = "" if row["threshold"] is None else f"{row['threshold']:g}"
        changed = " (changed)" if set(row["overridden"]) - {"enabled"} else ""
        table.add_row(
            str(row["id"]), row["name"] + changed, "yes" if row["enabled"] else "no", row["kind"],
            row["parameter"] or "", row["feature_key"] or "all", threshold, row["severity"], row["title_vi"],
            str(row["open"]),
        )  # fmt: skip
    console.print(table)


@app.command("evaluate")
def evaluate(
    as_of: Annotated[
        str | None, typer.Option(help="as if it were then: 2024-01-15 or 2024-01-15T06:00 (local)")
    ] = None,
    days: Annotated[int | None, typer.Option(help="hours of so many days are judged", min=2, max=1500)] = None,
) -> None:
    """Evaluate all rules now. With --as-of or --days nobody is told: that is for looking at the past."""
    if as_of is None and days is None:
        console.print(run_job("alerts"))
        return
    console.print(evaluate_all(silent, as_of=_moment(as_of), lookback_days=days, tell=False).sentence)


@app.command("test-channel")
def test_channel() -> None:
    """Send a test message on every channel that has an address, and say which have none."""
    settings = alert_settings()
    failed = []
    for channel in ("mail", "webhook"):
        if channel not in settings.channels:
            console.print(f"{channel}: not set up, skipped ({_needed(channel)})")
            continue
        try:
            console.print(f"{channel}: {probe(channel)}")
        except NotSent as error:
            console.print(f"{channel}: failed: {error}")
            failed.append(channel)
    console.print("cap: published at /alerts.atom, nothing to set up")
    if failed:
        raise ChannelFailed(f"Not sent: {', '.join(failed)}.")
    if not settings.channels:
        raise NothingConfigured("No channel is set up: alerts are seen on screen and in the CAP feed only.")


def _needed(channel: str) -> str:
    if channel == "webhook":
        return "GEOIOC_ALERT_WEBHOOK_URL"
    return "GEOIOC_ALERT_SMTP_HOST, GEOIOC_ALERT_MAIL_FROM, GEOIOC_ALERT_MAIL_TO"


def _moment(words: str | None) -> datetime | None:
    if words is None:
        return None
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        raise WrongTime(f"{words!r} is no time; write 2024-01-15 or 2024-01-15T06:00.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_ZONE)).astimezone(UTC)


def _who() -> str:
    """The account at the terminal."""
    return getpass.getuser()


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL_ZONE):%d/%m/%Y %H:%M}"


def _span_end(row: Row) -> str:
    return "goes on" if row["ended_at"] is None else _when(row["ended_at"])
