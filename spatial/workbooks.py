"""What is wrong with a file that calls itself a workbook."""

from __future__ import annotations

from pathlib import Path

from spatial.errors import SourceUnreadable

# First bytes of xlsx, xlsb, ods (a zip archive) and of xls (an OLE container).
WORKBOOK_STARTS = (b"PK", b"\xd0\xcf\x11\xe0")


def unreadable_workbook(path: Path, error: Exception) -> SourceUnreadable:
    """The error a clerk can act on: another kind of file under this name, or a damaged or locked workbook."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as trouble:
        return SourceUnreadable(f"{path.name} cannot be read: {trouble.strerror}.")
    if not start.startswith(WORKBOOK_STARTS):
        return SourceUnreadable(
            f"{path.name} không phải tệp Excel / is not an Excel workbook, whatever its name says: "
            "open it and save it as .xlsx, or give a text file the ending .csv."
        )
    return SourceUnreadable(
        f"{path.name}: tệp Excel bị hỏng hoặc có mật khẩu / the workbook is damaged or locked by a password ({error})."
    )
