"""One step with a case: checked, written and recorded in the caller's transaction.

The case's rows are locked first, so of two people who act at once the second sees what the first did, and is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from layers.feedback_rules import Action, Role
from spatial.errors import StepNotAllowed, UnknownCase
from spatial.feedback import photos, store, workflow
from spatial.feedback.calendar import load_calendar
from spatial.feedback.rules import regulation
from spatial.feedback.units import default_unit, is_unit
from spatial.queries.feedback_cases import get_case
from spatial.queries.statements import Row


def allowed(case: Mapping[str, Any], role: Role, *, now: datetime) -> list[Action]:
    """Actions a role may take with a case (a row of ``get_case``), in the regulation's order."""
    return workflow.allowed_actions(regulation(), case, role, now=now)


def act(
    conn: Connection,
    *,
    code: str,
    action: str,
    actor: str,
    role: Role,
    now: datetime,
    note: str = "",
    to_unit: str | None = None,
    until: datetime | None = None,
    level: str | None = None,
    category: str | None = None,
    duplicate_of: str | None = None,
    result: str | None = None,
    rating: int | None = None,
    solved: bool | None = None,
    images: Sequence[bytes] = (),
    title: str | None = None,
    seen_state: str | None = None,
) -> Row:
    """Take a step. Returns the case as staff see it.

    ``actor`` is written into the history; for role ``unit`` it is the name of its handling unit, or begins with it and
    « / » (``Sở Xây dựng / Nguyễn Văn A``). ``to_unit`` of an assignment is by default who handles the field there.
    ``title`` is the summary everybody reads, in the words of the centre. ``images`` are photos as sent. ``seen_state``
    is the state the actor saw on the screen: any other refuses the step.

    :raises UnknownCase: when there is no case of that code.
    :raises CaseChanged: when the case has left the state meanwhile.
    :raises StepNotAllowed: when role, unit or what is given does not fit the regulation.
    :raises ReportRefused: when a photo cannot be taken.
    """
    drawn = photos.prepare(images)
    case = lock_case(conn, code)
    rules = regulation()
    if to_unit is None and action in ("assign",):
        to_unit = default_unit(conn, category=case["category"], commune_code=case["commune_code"])
    step = workflow.Step(
        action=action, actor=actor, role=role, now=now, note=note.strip(), to_unit=to_unit, until=until, level=level,
        category=category, duplicate_of=duplicate_of, result=result, rating=rating, solved=solved, photos=len(drawn),
        title=title, seen_state=seen_state,
    )  # fmt: skip
    taken = workflow.check(rules, case, step)
    if taken.effect == "assign" and not is_unit(conn, step.to_unit or ""):
        raise StepNotAllowed(f"Không có đơn vị xử lý «{step.to_unit}».")
    if taken.effect == "duplicate":
        _check_original(conn, case, step)
    new = workflow.changes(rules, load_calendar(conn), case, taken, step)
    store.write_changes(conn, case, new, now=now)
    photos.add_photos(conn, key=code, kind="result", actor=actor, photos=drawn, now=now)
    said = step.note or (step.result or "" if taken.effect == "resolve" else "")
    store.add_event(
        conn, code=code, state=str(new.feedback.get("state") or case["state"]), action=taken.id, actor=actor, now=now,
        note=said or None, to_unit=step.to_unit if taken.effect == "assign" else None,
        until=step.until if taken.effect == "extend" else None, internal=not taken.public,
    )  # fmt: skip
    store.touch(conn, code, now=now)
    after = get_case(conn, code=code, public=False, now=now)
    assert after is not None
    return after


def lock_case(conn: Connection, code: str) -> Row:
    """The case with its rows locked until the transaction ends.

    :raises UnknownCase: when there is none.
    """
    conn.execute(text("SELECT 1 FROM layer.feedback WHERE key = :code FOR UPDATE"), {"code": code})
    store.ensure_case(conn, code)
    case = get_case(conn, code=code, public=False)
    if case is None:
        raise UnknownCase(f"Không có phản ánh mang mã «{code}».")
    return case | {"level": case["level"] or regulation().categories[case["category"]].level}


def _check_original(conn: Connection, case: Row, step: workflow.Step) -> None:
    original = get_case(conn, code=step.duplicate_of or "", public=False)
    if original is None:
        raise StepNotAllowed(f"Không có phản ánh mang mã «{step.duplicate_of}».")
    if original["state"] in ("duplicate", "rejected"):
        raise StepNotAllowed(
            f"Phản ánh «{step.duplicate_of}» đã bị từ chối hoặc cũng là bản trùng"
            + (f" của «{original['duplicate_of']}»" if original["duplicate_of"] else "")
            + "; xin chọn phản ánh gốc."
        )
