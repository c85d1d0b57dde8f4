"""The regulation in force: the file of the setting GEOIOC_FEEDBACK_RULES, else the one that comes with the program."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from layers.feedback_rules import DEFAULT, Regulation, RulesError, read_rules
from spatial.errors import SettingsError
from spatial.settings import feedback_settings


def regulation() -> Regulation:
    """The regulation; read again when the file changes.

    :raises SettingsError: when it cannot be read, naming the place.
    """
    path = feedback_settings().feedback_rules or DEFAULT
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise SettingsError(f"Regulation of citizen feedback: {path} cannot be read: {error.strerror}.") from None
    return _read(path, changed)


@cache
def _read(path: Path, changed: int) -> Regulation:
    try:
        return read_rules(path)
    except RulesError as error:
        raise SettingsError(f"Regulation of citizen feedback: {error}") from None
