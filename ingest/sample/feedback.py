"""Citizen reports with their histories."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from ingest.sample import chance, names
from ingest.sample.boundaries import Land
from ingest.sample.chance import Floats
from ingest.sample.ground import lonlat
from ingest.sample.places import new_commune_names, populated_cells, settled_points
from layers.feedback_rules import Regulation, read_rules
from spatial.feedback.calendar import WorkCalendar, deadlines, read_days
from spatial.settings import LOCAL_ZONE

# category: (share, days until due, what people write, unit that handles it)
_CATEGORIES: dict[str, tuple[float, float, tuple[str, ...], str]] = {
    "administration": (
        0.19, 5,
        ("Hồ sơ đất đai quá hẹn trả", "Hỏi thủ tục cấp đổi giấy tờ", "Chậm trả kết quả một cửa"),
        "Trung tâm Phục vụ hành chính công",
    ),
    "infrastructure": (
        0.15, 5,
        ("Mặt đường hư hỏng, ổ gà", "Nắp cống bị vỡ", "Vỉa hè sụt lún"),
        "Sở Xây dựng",
    ),
    "environment": (
        0.14, 5,
        ("Rác thải chưa được thu gom", "Đốt rơm rạ gây khói", "Mùi hôi từ cơ sở sản xuất"),
        "Sở Nông nghiệp và Môi trường",
    ),
    "urban_order": (
        0.09, 5,
        ("Lấn chiếm vỉa hè", "Xây dựng không phép", "Đổ vật liệu ra đường"),
        "UBND",
    ),
    "traffic": (
        0.08, 3,
        ("Đèn tín hiệu hỏng", "Ùn tắc giờ cao điểm", "Xe quá tải"),
        "Công an tỉnh",
    ),
    "noise": (
        0.07, 3,
        ("Hát karaoke gây ồn ban đêm", "Công trình thi công ban đêm"),
        "UBND",
    ),
    "lighting": (
        0.06, 2,
        ("Đèn đường không sáng", "Đèn đường chập chờn"),
        "Sở Xây dựng",
    ),
    "water_supply_drainage": (
        0.06, 2,
        ("Mất nước sinh hoạt", "Nước máy đục", "Cống tắc"),
        "Công ty Cấp nước",
    ),
    "power": (
        0.05, 1,
        ("Mất điện kéo dài", "Dây điện sà thấp"),
        "Công ty Điện lực",
    ),
    "flooding": (
        0.03, 1,
        ("Đường ngập sau mưa", "Nước tràn vào nhà"),
        "Sở Xây dựng",
    ),
    "trees": (
        0.02, 2,
        ("Cây xanh nguy cơ gãy đổ",),
        "Sở Xây dựng",
    ),
    "health": (
        0.015, 5,
        ("Phản ánh thái độ phục vụ tại cơ sở khám bệnh",),
        "Sở Y tế",
    ),
    "telecom": (
        0.01, 5,
        ("Cáp viễn thông đứt, võng",),
        "Sở Khoa học và Công nghệ",
    ),
    "bus": (
        0.01, 5,
        ("Xe buýt bỏ chuyến",),
        "Sở Xây dựng",
    ),
    "tourism": (
        0.005, 5,
        ("Giá vé tại điểm du lịch không niêm yết",),
        "Sở Du lịch",
    ),
    "to_leaders": (
        0.01, 15,
        ("Kiến nghị gửi lãnh đạo tỉnh",),
        "Văn phòng UBND tỉnh",
    ),
    "other": (
        0.01, 15,
        ("Phản ánh khác",),
        "Trung tâm IOC",
    ),
}  # fmt: skip
_HOURS = np.array([2, 1, 1, 1, 1, 3, 9, 20, 33, 36, 33, 26, 18, 20, 28, 30, 29, 26, 22, 23, 22, 16, 9, 4], dtype=float)
_CHANNELS = ("app", "hotline", "web", "office")
type Event = tuple[str, datetime, str, str]  # state, when, by whom, note
_RESULTS = (
    "Đã kiểm tra và khắc phục xong", "Đã xử lý, có ảnh kết quả", "Đã nhắc nhở và yêu cầu cam kết không tái phạm",
    "Đã trả lời người dân bằng văn bản", "Đã đưa vào kế hoạch sửa chữa và hoàn thành",
)  # fmt: skip
# Events of the history by the step that makes them.
_ACTIONS = {
    "received": "submit", "assigned": "assign", "returned": "return", "in_progress": "accept", "extended": "extend",
    "resolved": "resolve", "reopened": "reopen", "closed": "close", "rejected": "reject", "duplicate": "mark_duplicate",
}  # fmt: skip
# A small sample has few reports of the last days: its newest ones stand at these states, so that each is seen.
_STANDING = ("received", "assigned", "in_progress", "extended", "returned", "reopened")


def write_feedback(land: Land, folder: Path, *, until: datetime) -> tuple[list[Path], dict[str, int]]:
    """feedback.csv and feedback_event.csv; the counts of planted defects."""
    rng, count = chance.stream(land.seed, "feedback"), land.scale.feedback
    received = _times(count, land.scale.feedback_months, until, rng)
    kinds = list(_CATEGORIES)
    share = np.array([_CATEGORIES[kind][0] for kind in kinds])
    category = rng.choice(len(kinds), count, p=share / share.sum())
    summer = np.array([6 <= moment.month <= 9 for moment in received])
    category = np.where(~summer & (category == kinds.index("flooding")), kinds.index("environment"), category)
    cells, points = _where(land, count, category, rng)
    position = np.round(lonlat(points), 6)
    commune = new_commune_names(land)
    rows: list[tuple[object, ...]] = []
    events: list[tuple[object, ...]] = []
    recent: dict[tuple[int, int], str] = {}
    rules, calendar = read_rules(), _calendar()
    for n in range(count):
        kind = kinds[int(category[n])]
        _, _, titles, handler = _CATEGORIES[kind]
        level = _level(rules, kind, rng)
        due = _due(rules, calendar, level, received[n])
        days = (due - received[n]) / timedelta(days=1)
        code = f"PA{received[n]:%y%m}{n + 1:06d}"
        place = commune[int(cells[n])]
        unit = f"UBND {place}" if handler == "UBND" else handler
        title = titles[int(rng.integers(len(titles)))]
        first = recent.get((int(category[n]), int(cells[n])))
        same = first if first is not None and rng.random() < 0.02 else None
        history = _history(received[n], days, unit, until, rng, duplicate=same is not None)
        if count < 1000 and count - n <= len(_STANDING):
            history, same = _standing(_STANDING[count - n - 1], received[n], unit), None
        recent[(int(category[n]), int(cells[n]))] = code
        state = history[-1][0]
        done = next(
            (when for name, when, _, _ in reversed(history) if name in ("resolved", "rejected", "duplicate")), None
        )
        closed = done if state in ("resolved", "closed", "rejected", "duplicate") else None
        late = closed is not None and closed > due
        rated = state == "closed" and rng.random() < 0.55
        rating = int(rng.choice(5, p=(0.2, 0.2, 0.25, 0.2, 0.15) if late else (0.03, 0.05, 0.12, 0.35, 0.45))) + 1
        elsewhere = commune[int(cells[(n * 7 + 3) % count])] if rng.random() < 0.02 else place  # pin and words disagree
        answered = next((when for name, when, _, _ in history if name in ("extended", "resolved")), None)
        if answered is not None and rng.random() < 0.5:  # a word to the citizen before the result
            answered = received[n] + (answered - received[n]) * float(rng.uniform(0.1, 0.8))
        result = _RESULTS[int(rng.integers(len(_RESULTS)))] if state in ("resolved", "closed") else ""
        solved = "" if not rated else "true" if rating >= 3 else "false"
        rows.append((
            code, kind, f"{title} tại {elsewhere}", state, unit,
            _CHANNELS[int(rng.choice(4, p=(0.52, 0.27, 0.15, 0.06)))],
            _text(received[n]), _text(due), _text(closed), rating if rated else "",
            same or "", position[n, 0], position[n, 1], f"0900{n % 1_000_000:06d}",
            f"{title}. Nội dung mẫu tổng hợp số {n + 1}, đề nghị cơ quan chức năng kiểm tra.",
            level, _text(answered), result, solved,
        ))  # fmt: skip
        events += _lines(code, history, unit, rng)
    planted = _plant(rows, rng)
    header = ("MA_PA", "LINH_VUC", "TIEU_DE", "TRANG_THAI", "DON_VI", "KENH", "TIEP_NHAN", "HAN", "XONG", "DANH_GIA",
              "TRUNG_VOI", "longitude", "latitude", "DIEN_THOAI", "NOI_DUNG", "MUC_DO", "TRA_LOI", "KET_QUA",
              "DA_XONG")  # fmt: skip
    frame = pd.DataFrame(rows, columns=header)
    frame.insert(13, "NGUOI_PA", names.person_names(np.arange(1, count + 1)))
    frame.to_csv(folder / "feedback.csv", index=False)
    head = (
        "MA_PA",
        "THU_TU",
        "TRANG_THAI",
        "THOI_DIEM",
        "DON_VI",
        "GHI_CHU",
        "THAO_TAC",
        "CHUYEN_DEN",
        "HEN_DEN",
        "NOI_BO",
    )
    pd.DataFrame(events, columns=head).to_csv(folder / "feedback_event.csv", index=False)
    return [folder / "feedback.csv", folder / "feedback_event.csv"], planted


def _calendar() -> WorkCalendar:
    return WorkCalendar(read_rules().calendar, tuple((day.day, day.working) for day in read_days()))


def _level(rules: Regulation, kind: str, rng: np.random.Generator) -> str:
    """The field's usual level; a few are emergencies or need several units."""
    chance_of = rng.random()
    if kind in ("trees", "power", "flooding", "infrastructure") and chance_of < 0.05:
        return "emergency"
    return "complex" if chance_of > 0.96 else rules.categories[kind].level


def _due(rules: Regulation, calendar: WorkCalendar, level: str, received: datetime) -> datetime:
    """Deadline by the regulation, with the zone of ``received`` (none: local)."""
    aware = received if received.tzinfo else received.replace(tzinfo=LOCAL_ZONE)
    due = deadlines(calendar, rules.levels[level], aware)[1].astimezone(LOCAL_ZONE)
    return due if received.tzinfo else due.replace(tzinfo=None)


def _standing(state: str, received: datetime, unit: str) -> list[Event]:
    """A short history that ends in a state somebody still has to work on."""
    centre, hour = "Trung tâm IOC", timedelta(hours=1)
    way: list[Event] = [("received", received, centre, ""), ("assigned", received + hour / 4, centre, ""),
                        ("in_progress", received + hour / 2, unit, "")]  # fmt: skip
    ends: dict[str, list[Event]] = {
        "received": way[:1],
        "assigned": way[:2],
        "in_progress": way,
        "returned": [*way[:2], ("returned", received + hour, unit, "Không thuộc thẩm quyền")],
        "extended": [*way, ("extended", received + hour, unit, "Cần thêm thời gian phối hợp")],
        "reopened": [*way, ("resolved", received + hour, unit, "Đã xử lý, có ảnh kết quả"),
                     ("reopened", received + 2 * hour, "Người dân", "Chưa khắc phục")],
    }  # fmt: skip
    return ends[state]


def _lines(code: str, history: list[Event], unit: str, rng: np.random.Generator) -> list[tuple[object, ...]]:
    """The history as rows; some units ask the citizen back, and the clock stands until the answer."""
    steps = [
        (name, when, by, note, _ACTIONS[name], unit if name == "assigned" else "",
         when + timedelta(days=4) if name == "extended" else None, name == "returned")
        for name, when, by, note in history
    ]  # fmt: skip
    place = next((n for n, step in enumerate(steps) if step[0] == "in_progress" and n + 1 < len(steps)), None)
    if place is not None and rng.random() < 0.06:
        start, span = steps[place][1], steps[place + 1][1] - steps[place][1]
        asked = ("in_progress", start + span * 0.2, unit, "Đề nghị cho biết số nhà", "ask_citizen", "", None, False)
        told = ("in_progress", start + span * 0.4, "Người dân", "Đã bổ sung", "citizen_answers", "", None, True)
        steps[place + 1 : place + 1] = [asked, told]
    return [
        (code, order, name, _text(when), by, note, action, to_unit, _text(until), str(internal).lower())
        for order, (name, when, by, note, action, to_unit, until, internal) in enumerate(steps, start=1)
    ]


def _times(count: int, months: int, until: datetime, rng: np.random.Generator) -> list[datetime]:
    """Moments of receipt in order: growing, fewer at weekends and in Tết, daytime."""
    days = int(months * 30.44)
    start = (until - timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    index = np.arange(days)
    weight = np.exp(0.85 * index / days) * np.exp(rng.normal(0, 0.13, days))
    for n in range(days):
        day = start + timedelta(days=n)
        weight[n] *= (1, 1.02, 1, 0.98, 0.97, 0.62, 0.45)[day.weekday()]
        if (day.month, day.day) in {(1, 29), (1, 30), (1, 31), (2, 16), (2, 17), (2, 18), (2, 19), (9, 2), (1, 1)}:
            weight[n] *= 0.3
    chosen = rng.choice(days, count, p=weight / weight.sum())
    hours = rng.choice(24, count, p=_HOURS / _HOURS.sum())
    midnight = start.replace(hour=0)
    moments = [
        midnight + timedelta(days=int(d), hours=int(h), seconds=int(s))
        for d, h, s in zip(chosen, hours, rng.integers(0, 3600, count), strict=True)
    ]
    latest = until - timedelta(minutes=7)
    return sorted(moment if moment < latest else moment - timedelta(days=1) for moment in moments)


def _where(land: Land, count: int, category: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, Floats]:
    """Cell and point of each report: where people are, and a tenth at hot spots of one category."""
    cells = populated_cells(land, count, rng, urban=0.9)
    points = settled_points(land, cells, rng, spread=0.16)
    spots = populated_cells(land, max(2, count // 900), rng, urban=1.5)
    centres = settled_points(land, spots, rng, spread=0.1)
    subject = rng.choice(np.array([1, 2, 3, 5, 9]), len(spots))
    for spot, centre, kind in zip(spots, centres, subject, strict=True):
        near = np.flatnonzero((category == kind) & (rng.random(count) < 0.06))
        cells[near] = spot
        points[near] = centre + rng.normal(0, 90, (len(near), 2))
    return cells, points


def _history(
    received: datetime, days: float, unit: str, until: datetime, rng: np.random.Generator, *, duplicate: bool
) -> list[Event]:
    """States in order, cut at ``until``."""
    centre = "Trung tâm IOC"
    checked = received + timedelta(minutes=float(rng.gamma(2, 6)))
    events: list[Event] = [("received", received, centre, "")]
    if duplicate:
        events.append(("duplicate", checked, centre, "Trùng với phản ánh trước"))
    elif rng.random() < 0.03:
        events.append(("rejected", checked, centre, "Không đủ thông tin"))
    else:
        events += _handled(received, checked, days, unit, rng)
    return [event for event in events if event[1] <= until]


def _handled(received: datetime, checked: datetime, days: float, unit: str, rng: np.random.Generator) -> list[Event]:
    centre = "Trung tâm IOC"
    events: list[Event] = [("assigned", checked, centre, "")]
    taken = checked + timedelta(hours=float(rng.gamma(1.6, 3.2)))
    if rng.random() < 0.05:
        events.append(("returned", taken, unit, "Không thuộc thẩm quyền"))
        taken += timedelta(hours=float(rng.gamma(1.5, 4)))
    else:
        events.append(("in_progress", taken, unit, ""))
    needed = days * (rng.lognormal(-0.75, 0.6) if rng.random() > 0.05 else rng.uniform(1.1, 4.5))
    solved = max(received + timedelta(days=float(needed)), taken + timedelta(hours=1))
    due = received + timedelta(days=days)
    if solved > due and rng.random() < 0.5:
        events.append(("extended", max(taken, due - timedelta(hours=3)), unit, "Cần thêm thời gian phối hợp"))
    events.append(("resolved", solved, unit, "Đã xử lý, có ảnh kết quả"))
    if rng.random() < 0.03 and len(events) < 4:
        events.append(("reopened", solved + timedelta(hours=float(rng.gamma(2, 10))), "Người dân", "Chưa khắc phục"))
    elif rng.random() < 0.8:
        events.append(("closed", solved + timedelta(hours=float(rng.uniform(2, 120))), centre, ""))
    return events


def _plant(rows: list[tuple[object, ...]], rng: np.random.Generator) -> dict[str, int]:
    """A few reports closed before they were received, a few without position."""
    count = max(1, len(rows) // 2500)
    done = [n for n, row in enumerate(rows) if row[8]]
    early = rng.choice(done, count, replace=False)
    for n in early:
        row = list(rows[n])
        row[8] = _text(datetime.fromisoformat(str(row[6])) - timedelta(days=2))
        rows[n] = tuple(row)
    free = np.setdiff1d(np.arange(len(rows)), early)
    for n in rng.choice(free, count, replace=False):
        row = list(rows[n])
        row[11] = row[12] = ""
        rows[n] = tuple(row)
    return {"closed_before_received": count, "without_position": count}


def _text(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else ""
