"""States of an alert as a table of allowed moves: which action leads where, and whether it needs a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from layers.model import Text
from spatial.alerts.errors import AlertRefused


@dataclass(frozen=True)
class Move:
    """An action of a person: from these states to that one."""

    before: frozenset[str]
    after: str
    needs_note: bool


MOVES: Mapping[str, Move] = {
    "acknowledged": Move(frozenset({"new"}), "acknowledged", needs_note=False),
    "closed": Move(frozenset({"new", "acknowledged"}), "closed", needs_note=True),
    "reopened": Move(frozenset({"closed"}), "acknowledged", needs_note=True),
}
NEEDS_NOTE = Text(vi="Hãy ghi lý do.", en="Please give the reason.")


def check_note(note: str | None, *, needed: bool) -> str | None:
    """The note without blanks at its ends.

    :raises AlertRefused: when one is needed and there is none.
    """
    words = (note or "").strip() or None
    if needed and words is None:
        raise AlertRefused(NEEDS_NOTE)
    return words


def refusal(action: str) -> AlertRefused:
    """Why the action is not possible now."""
    words = {
        "acknowledged": Text(vi="Chỉ tiếp nhận được cảnh báo mới.", en="Only a new alert can be acknowledged."),
        "closed": Text(vi="Cảnh báo đã đóng rồi.", en="The alert is closed already."),
        "reopened": Text(vi="Chỉ mở lại được cảnh báo đã đóng.", en="Only a closed alert can be reopened."),
    }
    return AlertRefused(words[action])
