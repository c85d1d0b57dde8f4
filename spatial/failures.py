"""Errors of the libraries below us, turned into the sentence the user can act on."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError

from layers.registry import LayerError
from spatial.errors import (
    DatabaseUnavailable,
    DiskFull,
    GeoIOCError,
    NotMigrated,
    SettingsError,
    SourceUnreadable,
)  # fmt: skip

NO_ROOM = ("53100",)
NO_TABLE = ("42P01", "3F000", "42703", "42883")  # relation, schema, column, function missing
CONNECTION_LOST = ("08", "57P", "53300")  # classes and codes: connection, operator intervention, too many


def explain(error: BaseException) -> GeoIOCError | None:
    """The clear error behind ``error``; None when it is a fault in our own code, whose traceback is wanted."""
    match error:
        case GeoIOCError():
            return error
        case LayerError():
            return SettingsError(f"{str(error)[:1].upper()}{str(error)[1:]}.".replace("..", "."))
        case DBAPIError():
            return _explain_database(error)
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return DiskFull("There is no room left on the disk.")
        case FileNotFoundError() | PermissionError() | IsADirectoryError() | NotADirectoryError():
            return SourceUnreadable(f"{error.filename}: {(error.strerror or 'cannot be read').lower()}.")
        case _:
            return None


def _explain_database(error: DBAPIError) -> GeoIOCError | None:
    state = getattr(error.orig, "sqlstate", None) or ""
    said = str(error.orig).splitlines()[0] if error.orig else str(error)
    if state in NO_ROOM:
        return DiskFull("The database has no room left on its disk; nothing of this run was kept.")
    if state in NO_TABLE:
        return NotMigrated(f"The database is not of this version ({said}). Run `geoioc db migrate`.")
    if error.connection_invalidated or state.startswith(CONNECTION_LOST) or (not state and "connection" in said):
        return DatabaseUnavailable(f"The connection to the database was lost ({said}). Is it running? `geoioc status`.")
    return None
