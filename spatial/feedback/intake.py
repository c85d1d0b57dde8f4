"""Taking a report in: is the place ours, does the text name another one, is there one like it already."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection, text

from spatial.admin_units import fold
from spatial.errors import ReportRefused
from spatial.feedback import photos, store
from spatial.feedback.calendar import deadlines, load_calendar
from spatial.feedback.places import Gazetteer, Name
from spatial.feedback.rules import regulation
from spatial.feedback.secrets import hash_secret, make_secret
from spatial.feedback.units import centre
from spatial.queries.statements import Row, select_rows, sql
from spatial.queries.versions import version_mark
from spatial.settings import LOCAL_ZONE, server_settings

PHONE = re.compile(r"^\+?[0-9]{8,14}$")
MAIL = re.compile(r"^[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}$")
CENTRE_METRES = 15  # so near the middle of a unit a pin was not moved by anybody
CITIZEN = "Người dân"


@dataclass(frozen=True)
class NewReport:
    """What somebody reports. Degrees in WGS 84; without a pin the text must name the commune."""

    category: str
    content: str
    lon: float | None
    lat: float | None
    place_text: str = ""
    channel: str = "web"
    name: str = ""
    phone: str = ""
    email: str = ""
    photos: list[bytes] = field(default_factory=list)
    level: str | None = None
    title: str = ""  # summary everybody may read, by the operator who takes the report; citizens do not write it


@dataclass(frozen=True)
class PlaceCheck:
    """What is known of the place of a report.

    ``unit`` is the commune the pin lies in (id, key, code, name, type_vi), ``named`` the communes and former districts
    the text names, today's first. ``disagrees``: the text names places and the pin lies in none of them.
    ``default_pin``: the pin lies on the very middle of a unit. ``near``: open or recent cases within the radius of the
    regulation, nearest first, with tracking_code, title, category, state, received_at, distance_m and ``public``; only
    public ones may be shown to a citizen.
    """

    inside: bool
    unit: Row | None
    named: list[Row]
    disagrees: bool
    near: list[Row]
    default_pin: bool = False


@dataclass(frozen=True)
class Receipt:
    """What the reporter gets. The secret is shown once and never again."""

    code: str
    secret: str
    first_due_at: datetime
    due_at: datetime
    check: PlaceCheck


def check_place(
    conn: Connection,
    *,
    lon: float | None,
    lat: float | None,
    text: str,
    category: str | None = None,
    now: datetime | None = None,
) -> PlaceCheck:
    """Look at a place and the words about it, for a form that asks before it sends. ``near`` needs a category."""
    now = now or datetime.now(UTC)
    today = now.astimezone(LOCAL_ZONE).date()
    named = _named(conn, text, today)
    if lon is None or lat is None:
        return PlaceCheck(False, None, named, False, [])
    units = select_rows(conn, sql("feedback_units_at"), lon=lon, lat=lat, today=today)
    own = {unit["id"] for unit in units}
    commune = next((unit for unit in units if unit["level"] == "commune" and unit["current"]), None)
    province = _province_code(conn, today)
    inside = commune is not None and (province is None or commune["province_code"] == province)
    disagrees = bool(named) and not any(unit["id"] in own for unit in named)
    near = near_cases(conn, lon=lon, lat=lat, category=category, now=now) if category else []
    default = any(unit["current"] and unit["centre_m"] < CENTRE_METRES for unit in units)
    return PlaceCheck(inside, commune, named, disagrees and inside, near, default)


def near_cases(
    conn: Connection, *, lon: float, lat: float, category: str, now: datetime, besides: str | None = None
) -> list[Row]:
    """Cases of a field that may be about the same: within the regulation's radius and days."""
    rules = regulation()
    rows = select_rows(
        conn,
        sql("feedback_near"),
        lon=lon,
        lat=lat,
        category=category,
        radius=rules.duplicates.radius_m,
        degrees=rules.duplicates.radius_m / 70_000,  # a degree of longitude is longer than that up to 50 degrees north
        since=now - timedelta(days=rules.duplicates.days),
        now=now,
        states=rules.states_counting("backlog", "open", "processed"),
        besides=besides,
    )
    return [row | {"public": row["state"] in rules.public_states} for row in rows]


def submit(conn: Connection, *, report: NewReport, now: datetime) -> Receipt:
    """Store a new report in the caller's transaction.

    :raises ReportRefused: with the sentence for the reporter.
    """
    rules = regulation()
    _check_report(report)
    drawn = photos.prepare(report.photos)
    said = f"{report.content} {report.place_text}"
    check = check_place(conn, lon=report.lon, lat=report.lat, text=said, category=report.category, now=now)
    lon, lat = report.lon, report.lat
    if lon is None or lat is None:
        lon, lat = _pin_of_name(conn, check)
    elif not check.inside:
        raise ReportRefused("Vị trí nằm ngoài địa bàn tỉnh; xin kéo ghim về đúng nơi xảy ra sự việc.")
    level = rules.levels[report.level or _level(report)]
    first_due, due = deadlines(load_calendar(conn), level, now)
    secret, code = make_secret(), store.new_code(conn, now=now)
    commune = check.unit or (check.named[0] if check.named else None)
    category = rules.categories[report.category]
    title = report.title.strip() or category.title.vi + (f" tại {commune['full_name']}" if commune else "")
    store.write_case(
        conn,
        feedback={"tracking_code": code, "category": category.id, "title": title, "state": "received",
                  "handling_unit": centre(), "channel": report.channel, "received_at": now, "due_at": due,
                  "level": level.id},
        case={"lon": lon, "lat": lat, "place_text": report.place_text.strip() or None,
              "text_unit_id": check.named[0]["id"] if check.named else None, "pin_check": pin_check(check, report),
              "first_due_at": first_due, "original_due_at": due, "secret_hash": hash_secret(secret)},
        private={"reporter_name": report.name.strip() or None, "reporter_phone": _phone(report.phone) or None,
                 "reporter_email": report.email.strip() or None, "content": report.content.strip()},
    )  # fmt: skip
    photos.add_photos(conn, key=code, kind="report", actor=CITIZEN, photos=drawn, now=now)
    store.add_event(conn, code=code, state="received", action="submit", actor=CITIZEN, now=now)
    store.touch(conn, code, now=now)
    return Receipt(code, secret, first_due, due, check)


def pin_check(check: PlaceCheck, report: NewReport) -> str:
    """agrees, disagrees, no_pin, or unchecked where the text names no place or nobody moved the pin."""
    if report.lon is None:
        return "no_pin"
    if check.disagrees:
        return "disagrees"
    return "agrees" if check.named and not check.default_pin else "unchecked"


def _check_report(report: NewReport) -> None:
    rules = regulation()
    if report.category not in rules.categories:
        raise ReportRefused("Xin chọn lĩnh vực phản ánh.")
    if report.level is not None and report.level not in rules.levels:
        raise ReportRefused(f"Không có mức độ «{report.level}».")
    length = len(report.content.strip())
    if length < rules.text.least:
        raise ReportRefused(f"Nội dung quá ngắn: xin mô tả ít nhất {rules.text.least} ký tự.")
    if length > rules.text.most or len(report.place_text) > rules.text.most:
        raise ReportRefused(f"Nội dung quá dài: nhiều nhất {rules.text.most} ký tự.")
    if "\x00" in report.content + report.place_text + report.name + report.title:
        raise ReportRefused("Nội dung có ký tự không hợp lệ.")
    if len(report.name) > 200 or len(report.email) > 200:
        raise ReportRefused("Họ tên hoặc thư điện tử quá dài.")
    if report.phone.strip() and not PHONE.match(_phone(report.phone)):
        raise ReportRefused("Số điện thoại không đúng: chỉ gồm 8 đến 14 chữ số.")
    if report.email.strip() and not MAIL.match(report.email.strip()):
        raise ReportRefused("Địa chỉ thư điện tử không đúng.")
    if (
        report.lon is not None
        and report.lat is not None
        and not (-180 <= report.lon <= 180 and -90 <= report.lat <= 90)
    ):
        raise ReportRefused("Tọa độ không đúng.")


def _phone(value: str) -> str:
    return re.sub(r"[\s.\-()]", "", value)


def _level(report: NewReport) -> str:
    """The field's level, or emergency when the words say so: an operator sets it down sooner than up."""
    said = unicodedata.normalize("NFC", report.content).lower()
    # «chạy» is not «cháy»: accents count, unless the report was typed without any.
    plain = " ".join(said.split()) == fold(report.content)
    words = f" {' '.join(re.findall(r'[^\W_]+', said))} "
    signs = [fold(word) if plain else unicodedata.normalize("NFC", word) for word in regulation().text.emergency]
    if any(f" {sign} " in words for sign in signs):
        return "emergency"
    return regulation().categories[report.category].level


def _pin_of_name(conn: Connection, check: PlaceCheck) -> tuple[float, float]:
    """A place for a report without a pin: the middle of the commune it names."""
    commune = next((unit for unit in check.named if unit["level"] == "commune"), None)
    if commune is None:
        raise ReportRefused("Xin đặt ghim trên bản đồ, hoặc ghi rõ xã, phường nơi xảy ra sự việc.")
    row = conn.execute(
        text("SELECT ST_X(label_point) AS lon, ST_Y(label_point) AS lat FROM core.admin_unit WHERE id = :id"),
        {"id": commune["id"]},
    ).one()
    return row.lon, row.lat


def _named(conn: Connection, words: str, today: date) -> list[Row]:
    found = {name.unit_id for name in gazetteer(conn).find(words)}
    if not found:
        return []
    rows = select_rows(
        conn,
        "SELECT id, key, code, level, type_vi, name, core.unit_name(type_vi, name) AS full_name, valid_from, valid_to,"
        " (valid_from <= :today AND (valid_to IS NULL OR valid_to > :today)) AS current FROM core.admin_unit"
        " WHERE id = ANY(:ids) ORDER BY current DESC, level, name, valid_from DESC",
        ids=list(found),
        today=today,
    )
    return rows


def gazetteer(conn: Connection) -> Gazetteer:
    """Names of all units of the province on screen and of those it was merged from; kept until units change."""
    mark = version_mark(conn, layer_ids=["admin_unit"])
    database = str(conn.engine.url)
    kept = _kept(database, mark)
    if not kept:
        rows = conn.execute(text(sql("feedback_names")), {"province": server_settings().province})
        kept.append(Gazetteer.of(Name(row.id, row.level, row.full_fold, row.bare_fold) for row in rows))
    return kept[0]


@lru_cache(maxsize=4)
def _kept(database: str, mark: str) -> list[Gazetteer]:
    """A place to keep the names of one state of one database."""
    return []


def _province_code(conn: Connection, today: date) -> str | None:
    """The province reports are taken for: the setting's, else the one with most communes; None without units."""
    if (code := server_settings().province) is not None:
        return code
    return conn.execute(
        text(
            "SELECT province_code FROM core.admin_unit WHERE level = 'commune' AND valid_from <= :today"
            " AND (valid_to IS NULL OR valid_to > :today) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        ),
        {"today": today},
    ).scalar()
