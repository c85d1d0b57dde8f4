"""What the screens of alerts ask of the database, and what people do there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dash_app.services import Services
from layers.model import Layer
from layers.registry import registry
from spatial.access import connect
from spatial.alerts.rules import RuleForm
from spatial.queries import alert_screens, alerts, observations, station_index
from spatial.queries.alert_preview import Preview, preview_rule
from spatial.queries.alert_rules import restore_rule

type Row = dict[str, Any]

SHOWN = 200
OPEN = ("new", "acknowledged")
STATES: Mapping[str, tuple[str, ...]] = {
    "open": OPEN, "new": ("new",), "acknowledged": ("acknowledged",), "closed": ("closed",),
}  # fmt: skip
BEFORE = timedelta(hours=24)  # of the chart, before the event and after it
LONGEST = timedelta(days=10)
AHEAD = timedelta(hours=48)  # of a forecast


@dataclass(frozen=True)
class Filters:
    """What the inbox shows; every value of a link that means nothing is as if it were not there."""

    state: str = "open"
    cause: str | None = None
    severity: str | None = None
    unit: str | None = None  # key of a version of a unit
    station: tuple[str, str] | None = None  # (observation layer, key)
    days: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state is chosen."""
        return self != Filters(state=self.state)


@dataclass(frozen=True)
class Evidence:
    """Hours around an event: of the station, of its neighbours, and the forecast where there is one."""

    first: datetime
    last: datetime
    parameter: str | None
    hours: Sequence[Row]
    around: Sequence[Row]
    forecast: Sequence[Row]
    index: Sequence[Row]  # hours of the index the alert is about


@dataclass(frozen=True)
class Conflict:
    """A colleague, or the system, was faster: what happened since somebody looked, and the state now."""

    alert_id: int
    state: str
    events: Sequence[Row]


@dataclass(frozen=True)
class AlertServices:
    """Reads and writes of the alert screens, each in its own transaction."""

    services: Services

    def inbox(self, filters: Filters) -> tuple[list[Row], dict[str, int]]:
        """Alerts that match, with ``deed`` (last move of a person, newest event), and the number by state."""
        unit = self.services.unit(filters.unit) if filters.unit else None
        since = self.services.now() - timedelta(days=filters.days) if filters.days else None
        layer, key = filters.station or (None, None)
        wanted: dict[str, Any] = {
            "unit_id": unit["id"] if unit else None, "cause": filters.cause, "severity": filters.severity,
            "layer_id": layer, "key": key, "since": since,
        }  # fmt: skip
        with connect(self.services.actor) as conn:
            rows = alerts.list_alerts(conn, states=STATES[filters.state], limit=SHOWN + 1, **wanted)
            counts = alert_screens.state_counts(conn, **wanted)
            return self._with_deeds(conn, rows), counts

    def alert(self, alert_id: int) -> Row | None:
        """One alert with events, notifications, related ones, its ``rule`` and ``deed``."""
        with connect(self.services.actor) as conn:
            row = alerts.get_alert(conn, alert_id=alert_id)
            if row is None:
                return None
            rules = alerts.list_rules(conn, layer_id=row["layer_id"])
            row["rule"] = next(rule for rule in rules if rule["id"] == row["rule_id"])
            return self._with_deeds(conn, [row])[0]

    def most_pressing(self, most: int) -> tuple[list[Row], int]:
        """The first open alerts, one per episode (all of it in ``together``), and how many are open."""
        with connect(self.services.actor) as conn:
            rows = alerts.list_alerts(conn, states=OPEN, limit=SHOWN)
            total: int = alerts.count_open(conn)["total"]
        seen: set[str] = set()
        first: list[Row] = []
        for row in rows:
            episode = row["episode"]
            if episode is not None and episode in seen:
                continue
            seen |= {episode} if episode else set()
            first.append(
                row | {"together": [other for other in rows if episode and other["episode"] == episode] or [row]}
            )
            if len(first) == most:
                break
        return first, total

    def open_counts(self) -> Row:
        """Open alerts: total, new, by severity and cause."""
        with connect(self.services.actor) as conn:
            return alerts.count_open(conn)

    def evidence(
        self, alert: Row, layer: Layer, *, began: datetime, parameter: str | None, index: str | None
    ) -> Evidence:
        """The hours around an alert's event; without a parameter those of the first one the station measures."""
        now = self.services.now()
        end = alert["ended_at"] or alert["last_at"]
        first = max(began - BEFORE, end + BEFORE - LONGEST)
        ahead = alert["cause"] == "forecast"
        last = min(end + BEFORE, now) if not ahead else max(end, now) + BEFORE
        assert layer.series is not None
        span: dict[str, Any] = {"layer": layer, "key": alert["feature_key"], "first": first, "last": last}
        with connect(self.services.actor) as conn:
            measured = alert_screens.measured_parameters(conn, layer=layer, key=alert["feature_key"])
            if parameter not in measured:
                parameter = next((item.name for item in layer.series.parameters if item.name in measured), None)
            if parameter is None:
                return Evidence(first, last, None, (), (), (), ())
            levels = station_index.index_values(conn, index_id=index, **span) if index else []
            hours = alert_screens.hours_around(conn, parameter=parameter, **span)
            around = alert_screens.neighbours_median(conn, parameter=parameter, **span)
            forecast = (
                observations.station_forecast(conn, layer=layer, key=alert["feature_key"], parameter=parameter)
                if ahead
                else []
            )
        return Evidence(first, last, parameter, hours, around, [row for row in forecast if row["time"]], levels)

    def act(self, action: str, alert_id: int, seen: int, actor: str, note: str) -> Conflict | None:
        """Do something about an alert, unless something happened to it after event ``seen``: then say what.

        :raises AlertRefused: when the alert's state does not allow it, or a note is missing.
        """
        deeds = {"acknowledge": alerts.acknowledge, "close": alerts.close, "reopen": alerts.reopen}
        with connect(replace(self.services.actor, name=actor)) as conn:
            if action == "note":  # adds to what others did, and so never conflicts
                alerts.add_note(conn, alert_id=alert_id, actor=actor, note=note)
                return None
            state = alert_screens.hold_alert(conn, alert_id=alert_id)
            since = alert_screens.events_after(conn, alert_id=alert_id, event_id=seen)
            if since and state:
                return Conflict(alert_id, state, since)
            deeds[action](conn, alert_id=alert_id, actor=actor, note=note)
        return None

    # ---------------------------------------------------------------- rules

    def rules(self, since: datetime) -> tuple[list[Row], dict[int, Row], dict[str, Row]]:
        """Rules, what each found since that moment, and how the channels fare."""
        with connect(self.services.actor) as conn:
            history = alert_screens.rule_history(conn, since=since)
            return alerts.list_rules(conn), history, alert_screens.channel_history(conn)

    def rule(self, rule_id: int) -> Row | None:
        """One rule."""
        with connect(self.services.actor) as conn:
            return next((rule for rule in alerts.list_rules(conn) if rule["id"] == rule_id), None)

    def preview(self, form: RuleForm) -> Preview | None:
        """What a rule would have found in the last 30 days."""
        with connect(self.services.actor) as conn:
            return preview_rule(conn, form=form, until=self.services.now())

    def save_rule(self, form: RuleForm, actor: str, rule_id: int | None) -> int:
        """Make a rule, or change one.

        :raises AlertRefused: when it makes no sense.
        """
        with connect(replace(self.services.actor, name=actor)) as conn:
            return alerts.save_rule(conn, form=form, actor=actor, rule_id=rule_id)

    def enable_rule(self, rule_id: int, enabled: bool, actor: str) -> None:
        """Switch a rule on or off.

        :raises UnknownAlert: when there is no such rule.
        """
        with connect(replace(self.services.actor, name=actor)) as conn:
            alerts.set_rule_enabled(conn, rule_id=rule_id, enabled=enabled, actor=actor)

    def restore_rule(self, rule_id: int, actor: str) -> None:
        """Give a rule back to its layer file.

        :raises UnknownAlert: when there is no such rule.
        """
        with connect(replace(self.services.actor, name=actor)) as conn:
            restore_rule(conn, rule_id=rule_id, actor=actor)

    def _with_deeds(self, conn: Any, rows: Sequence[Row]) -> list[Row]:
        deeds = alert_screens.last_deeds(conn, alert_ids=[row["id"] for row in rows])
        return [row | {"deed": deeds[row["id"]]} for row in rows]


def read_filters(query: Mapping[str, Any]) -> Filters:
    """Filters of a query string, or of the bridge's store with the same words."""
    station = str(query.get("station") or "").partition(":")
    layer = registry().get(station[0])
    days = str(query.get("days") or "")
    state, cause, severity = (str(query.get(name) or "") for name in ("state", "cause", "severity"))
    return Filters(
        state=state if state in STATES else "open",
        cause=cause if cause in ("environment", "instrument", "forecast") else None,
        severity=severity if severity in ("minor", "moderate", "severe", "extreme") else None,
        unit=str(query["unit"]) if query.get("unit") else None,
        station=(station[0], station[2]) if station[2] and layer and layer.series else None,
        days=int(days) if days.isdigit() and 0 < int(days) <= 3660 else None,
    )
