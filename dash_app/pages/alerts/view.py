"""Pure half of the inbox: rows of alerts -> words and groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dash_app import formats
from dash_app.i18n import say
from layers.model import Layer, Parameter
from layers.registry import registry
from spatial.alerts.words import cause_words, parameter_of, say_finding
from spatial.settings import LOCAL_ZONE

type Row = dict[str, Any]

SEVERITIES = ("extreme", "severe", "moderate", "minor")
CAUSES = ("environment", "instrument", "forecast")
STATES = ("open", "new", "acknowledged", "closed")
LASTING = ("silent", "stuck", "calibration", "fault")  # signs whose value is how many hours it has been so
FOLDED_FROM = 3  # alerts of one episode in a row that are shown as one line


@dataclass(frozen=True)
class Group:
    """One line of the list: an alert, or several of one episode with the gravest first."""

    rows: tuple[Row, ...]

    @property
    def episode(self) -> str | None:
        """Id of the episode of a folded line; None for a single alert."""
        return self.rows[0]["episode"] if len(self.rows) > 1 else None


def group_rows(rows: Sequence[Row]) -> list[Group]:
    """Episodes with three alerts or more become one group, at the place of their first; the rest stay single."""
    members: dict[str, list[Row]] = {}
    for row in rows:
        if row["episode"]:
            members.setdefault(row["episode"], []).append(row)
    groups: list[Group] = []
    done: set[str] = set()
    for row in rows:
        episode = row["episode"]
        if not episode or len(members[episode]) < FOLDED_FROM:
            groups.append(Group((row,)))
        elif episode not in done:
            done.add(episode)
            groups.append(Group(tuple(members[episode])))
    return groups


def findings_of(row: Row) -> list[Row]:
    """What the rules found, the gravest first."""
    return row["evidence"].get("findings") or []


def first_finding(row: Row) -> Row:
    """The gravest finding; empty when the evidence holds none."""
    return next(iter(findings_of(row)), {})


def layer_of(row: Row) -> Layer | None:
    """The observation layer of an alert, as long as it is declared."""
    return registry().get(row["layer_id"])


def icon_of(row: Row) -> str:
    """Name of the picture beside the cause: air, water, instrument or forecast."""
    if row["cause"] != "environment":
        return str(row["cause"])
    return "water" if row["layer_id"].startswith("water") else "air"


def cause_of(row: Row, language: str) -> str:
    """«Không khí», «Nước mặt», «Thiết bị», «Dự báo không khí»."""
    return cause_words(row["layer_id"], row["cause"])[language]


def headline(row: Row, language: str) -> str:
    """What is wrong, without whose fault and where, which stand beside it."""
    finding = first_finding(row)
    words = say_finding(row["layer_id"], finding, language) if finding else row[f"rule_title_{language}"]
    return sentence_case(words)


def sentence_case(words: str) -> str:
    """A capital to begin with, but «pH» stays «pH»."""
    return words if words[1:2].isupper() else words[:1].upper() + words[1:]


def place_of(row: Row, units: Mapping[str, Row], language: str) -> str:
    """«Trạm Lạc Vân · Phường Nam Định»."""
    station = row["station_name"] or row["feature_key"] or say("alerts.network", language)
    unit = units.get(row.get("commune_code") or "")
    return f"{station} · {formats.unit_name(unit, language)}" if unit else station


def communes_by_code(units: Sequence[Row]) -> dict[str, Row]:
    """Communes of today by code."""
    return {unit["code"]: unit for unit in units if unit["level"] == "commune" and unit["valid_to"] is None}


def parameter_shown(row: Row) -> Parameter | None:
    """What the chart of an alert shows: its parameter, else the one its first finding speaks of."""
    findings = findings_of(row)
    dominant = [name for item in findings for name in item.get("dominant") or []]
    names = [row["parameter"], *(item.get("parameter") for item in findings), *dominant]
    found = (parameter_of(row["layer_id"], name) for name in names if name)
    return next((item for item in found if item), None)


def index_shown(row: Row) -> str | None:
    """Id of the index an alert is about."""
    return next((item["index"] for item in findings_of(row) if item.get("index")), None)


def began(row: Row) -> datetime:
    """First hour of the trouble. A rule on a silent or stuck instrument holds only some hours after it began."""
    lasting = first_finding(row).get("sign") in LASTING and row["value"] is not None
    start: datetime = row["started_at"]
    return min(start, row["last_at"] - timedelta(hours=row["value"])) if lasting else start


def amount(row: Row, value: float | None, language: str) -> str | None:
    """A value of an alert with the unit it is in; None when there is none to show."""
    if value is None:
        return None
    if row["cause"] == "instrument":
        if first_finding(row).get("sign") == "doubtful":
            return f"{formats.number(value, 0, language)}%"
        return say("alert.hours", language, n=formats.number(value, 0, language))
    if row["kind"] == "index":
        return formats.number(value, 0, language)
    parameter = parameter_of(row["layer_id"], row["parameter"])
    if parameter is None:
        return formats.number(value, 1, language)
    return f"{formats.number(value, parameter.decimals, language)} {parameter.unit}".rstrip()


def bare(value: float, language: str) -> str:
    """A bound as it was written: 45 stays «45», 0.5 is «0,5»."""
    return f"{value:g}" if language == "en" else f"{value:g}".replace(".", ",")


def against(row: Row, language: str) -> str | None:
    """«182,0 µg/m³ / 45»: the peak and what it is compared with. Hours of an instrument stand in the headline."""
    if row["cause"] == "instrument":
        return None
    shown = amount(row, row["peak"] if row["peak"] is not None else row["value"], language)
    if shown is None or row["threshold"] is None or row["kind"] == "index":
        return shown
    return say("alert.against", language, value=shown, threshold=bare(row["threshold"], language))


def moment_near(time: datetime, now: datetime, language: str) -> str:
    """«05:00 hôm nay», «22:00 hôm qua», «19/11 22:00», with the year when it is another one."""
    at, today = time.astimezone(LOCAL_ZONE), now.astimezone(LOCAL_ZONE).date()
    if at.date() == today:
        return say("alerts.today", language, time=f"{at:%H:%M}")
    if at.date() == today - timedelta(days=1):
        return say("alerts.yesterday", language, time=f"{at:%H:%M}")
    return f"{at:%d/%m %H:%M}" if at.year == today.year else f"{at:%d/%m/%Y %H:%M}"


def since(row: Row, now: datetime, language: str) -> tuple[str, str]:
    """When it began (or is expected), and how long it has lasted or that it is over."""
    first = began(row)
    start = moment_near(first, now, language)
    if first > now:
        return say("alerts.ahead", language, time=start), ""
    begin = say("alerts.since", language, time=start)
    if row["ended_at"] is not None:
        return begin, say("alerts.over", language, time=moment_near(row["ended_at"], now, language))
    return begin, formats.age(now - first, language)


def holder(row: Row, language: str) -> str:
    """Who has it, who closed it, or that nobody has."""
    if row["state"] == "new":
        return say("alerts.nobody", language)
    name = row["deed"]["actor"]
    if name is None:
        return ""
    shown = person(name, language)
    return say("alerts.closed_by" if row["state"] == "closed" else "alerts.held_by", language, name=shown)


def person(name: str, language: str) -> str:
    """The name of who acted; the system itself in words."""
    return say("event.system", language) if name == "system" else name


def episode_title(group: Group, language: str) -> str:
    """«Đợt ô nhiễm: 9 trạm»."""
    keys = {"environment": "alerts.episode", "instrument": "alerts.episode_instrument"}
    key = keys.get(group.rows[0]["cause"], "alerts.episode_forecast")
    return say(key, language, n=len({row["feature_key"] for row in group.rows}))


def stamp(rows: Sequence[Row]) -> str:
    """Changes whenever the list would look different (but for the passing of time)."""
    return ";".join(
        f"{row['id']}.{row['deed']['last_event']}.{row['state']}.{row['severity']}.{row['peak']}.{row['ended_at']}"
        for row in rows
    )
