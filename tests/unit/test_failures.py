"""Errors of the libraries below become sentences; faults of our own do not."""

from __future__ import annotations

import errno

import psycopg
import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError

from layers.registry import LayerError
from spatial.errors import DatabaseUnavailable, DiskFull, NotMigrated, SettingsError, SourceUnreadable
from spatial.failures import explain


def database_error(kind: type[psycopg.Error], *, lost: bool = False) -> OperationalError | ProgrammingError:
    wrapper = OperationalError if issubclass(kind, psycopg.OperationalError) else ProgrammingError
    return wrapper("SELECT 1", {}, kind("said the server\nwith details"), connection_invalidated=lost)


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (database_error(psycopg.errors.DiskFull), DiskFull, 5),
        (OSError(errno.ENOSPC, "No space left on device"), DiskFull, 5),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), DiskFull, 5),
        (database_error(psycopg.errors.UndefinedTable), NotMigrated, 3),
        (database_error(psycopg.errors.AdminShutdown), DatabaseUnavailable, 3),
        (database_error(psycopg.OperationalError, lost=True), DatabaseUnavailable, 3),
        (LayerError("there is no layer 'moon'; the layers are: school"), SettingsError, 2),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "a.csv"), SourceUnreadable, 6),
    ],
)
def test_what_the_user_can_act_on_is_one_sentence(error: Exception, kind: type[Exception], code: int) -> None:
    known = explain(error)
    assert isinstance(known, kind)
    assert known.exit_code == code
    assert "\n" not in str(known)
    assert str(known).endswith(".")


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), database_error(psycopg.errors.SyntaxError)])
def test_a_fault_of_our_own_is_not_dressed_up(error: Exception) -> None:
    assert explain(error) is None
