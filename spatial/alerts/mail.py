"""The e-mail that tells of one or many alerts: text and HTML, Vietnamese with English below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from html import escape
from typing import Any

from spatial.alerts.words import CAUSE_TITLES, SEVERITY_TITLES, parameter_of, say_finding, say_number
from spatial.settings import LOCAL_ZONE

OCCASIONS: Mapping[str, tuple[str, str]] = {
    "opened": ("Mới", "New"),
    "worsened": ("Nặng lên", "Worse"),
    "ended": ("Đã kết thúc", "Over"),
    "closed": ("Đã đóng", "Closed"),
}
SEVERITIES = ("extreme", "severe", "moderate", "minor")
MOST = 100  # alerts spelt out; the rest are a number and a link
COLOURS: Mapping[str, str] = {"extreme": "#7E0023", "severe": "#C62828", "moderate": "#E65100", "minor": "#8A6D00"}

type Row = Mapping[str, Any]


def build_mail(
    items: Sequence[Row], *, sender: str, receivers: Sequence[str], address: str, number: str
) -> EmailMessage:
    """One message for all ``items``: rows of alerts with ``occasion``.

    :param address: URL of the platform, without trailing slash.
    :param number: stands in Message-ID; the same items give the same number, so that a mail sent again after a crash is
        known for what it is.
    """
    ordered = sorted(items, key=lambda item: (SEVERITIES.index(item["severity"]), item["cause"], item["id"]))
    message = EmailMessage()
    message["Subject"] = " ".join(subject(ordered).split())  # a name with a line break adds no header
    message["From"], message["To"] = sender, ", ".join(receivers)
    message["Message-ID"] = f"<{number}@{sender.rpartition('@')[2] or 'geoioc'}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(_text(ordered, address))
    message.add_alternative(_html(ordered, address), subtype="html")
    return message


def subject(items: Sequence[Row]) -> str:
    """What happened, in one line: the alert itself when there is one, else how many of what."""
    if len(items) == 1:
        only = items[0]
        mark = "" if only["occasion"] == "opened" else f"{OCCASIONS[only['occasion']][0]}: "
        return f"[GeoIOC] {mark}{only['title_vi']}"
    opened = [item for item in items if item["occasion"] in ("opened", "worsened")] or list(items)
    counts = [
        f"{sum(item['cause'] == cause for item in opened)} {CAUSE_TITLES[cause].vi.lower()}"
        for cause in CAUSE_TITLES
        if any(item["cause"] == cause for item in opened)
    ]
    worst = SEVERITY_TITLES[opened[0]["severity"]].vi.lower()
    return f"[GeoIOC] {len(opened)} cảnh báo ({', '.join(counts)}; nặng nhất: {worst})"


def when(moment: datetime) -> str:
    """Local time the Vietnamese way."""
    return f"{moment.astimezone(LOCAL_ZONE):%H:%M %d/%m/%Y}"


def facts(item: Row, language: str) -> list[str]:
    """Lines below the title: since when, what else was found, the newest value."""
    vietnamese = language == "vi"
    since = f"Từ {when(item['started_at'])}" if vietnamese else f"Since {when(item['started_at'])}"
    if item["ended_at"]:
        since += f", kết thúc {when(item['ended_at'])}" if vietnamese else f", over at {when(item['ended_at'])}"
    lines = [since]
    findings = item["evidence"].get("findings", [])
    parameter = parameter_of(item["layer_id"], item["parameter"])
    if findings and item["cause"] == "environment" and parameter is not None and item["value"] is not None:
        value = f"{say_number(item['value'], parameter.decimals, language)} {parameter.unit}".strip()
        lines.append(f"Mới nhất: {value}" if vietnamese else f"Newest: {value}")
    for finding in findings[1:4]:
        also = say_finding(item["layer_id"], finding, language)
        lines.append(f"Kèm theo: {also}" if vietnamese else f"Also: {also}")
    return lines


def _text(items: Sequence[Row], address: str) -> str:
    blocks = []
    for language in ("vi", "en"):
        lines = ["Cảnh báo từ GeoIOC" if language == "vi" else "Alerts from GeoIOC", ""]
        for item in items[:MOST]:
            lines.append(f"* {_head(item, language)}")
            lines += [f"    {fact}" for fact in facts(item, language)]
            lines += [f"    {address}/alerts/{item['id']}", ""]
        blocks.append("\n".join(lines + _rest(items, language, address)))
    return "\n\n-- \n".join(blocks) + "\n"


def _head(item: Row, language: str) -> str:
    occasion = OCCASIONS[item["occasion"]][0 if language == "vi" else 1]
    return f"[{SEVERITY_TITLES[item['severity']][language]}] {occasion}: {item[f'title_{language}']}"


def _rest(items: Sequence[Row], language: str, address: str) -> list[str]:
    more = len(items) - MOST
    if more <= 0:
        return []
    return [
        f"… và {more} cảnh báo nữa: {address}/alerts" if language == "vi" else f"… and {more} more: {address}/alerts"
    ]


def _html(items: Sequence[Row], address: str) -> str:
    rows = "".join(_row(item, address) for item in items[:MOST])
    rest = "".join(f"<p>{escape(line)}</p>" for line in _rest(items, "vi", address))
    return (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>GeoIOC</title></head>'
        '<body style="font-family:Arial,sans-serif;color:#222;max-width:720px;margin:0 auto">'
        f'<h2 style="color:#8E1B1B">Cảnh báo từ GeoIOC</h2>{rows}{rest}'
        f'<p style="color:#666;font-size:12px">Thư tự động; xử lý cảnh báo tại <a href="{escape(address)}/alerts">'
        f"{escape(address)}/alerts</a>. Automatic message; please deal with alerts there.</p></body></html>"
    )


def _row(item: Row, address: str) -> str:
    colour = COLOURS[item["severity"]]
    lines = "<br>".join(escape(fact) for fact in facts(item, "vi"))
    link = f"{address}/alerts/{item['id']}"
    return (
        f'<div style="border-left:6px solid {colour};padding:8px 12px;margin:12px 0;background:#fafafa">'
        f'<div style="color:{colour};font-size:12px;font-weight:bold">{escape(SEVERITY_TITLES[item["severity"]].vi)} · '
        f'{escape(OCCASIONS[item["occasion"]][0])}</div><div style="font-size:16px"><a href="{escape(link)}" '
        f'style="color:#222">{escape(item["title_vi"])}</a></div><div style="font-size:13px;color:#444">{lines}</div>'
        f'<div style="font-size:12px;color:#666">{escape(item["title_en"])}</div></div>'
    )
