"""``geoioc forecast outlook``: the stored projections of a unit as a table for the terminal."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.table import Table
from sqlalchemy import Connection, text

from spatial.access import OPERATOR, connect
from spatial.analysis.outlook_words import REASONS
from spatial.errors import UnknownUnit
from spatial.queries import indicators, outlook
from spatial.settings import LOCAL_ZONE


def outlook_table(unit: str | None, year: int | None) -> Table:
    """Projections of a unit; the province without one.

    :raises UnknownUnit: when there is no unit with the key.
    """
    wanted = year or datetime.now(UTC).astimezone(LOCAL_ZONE).year
    with connect(OPERATOR) as conn:
        number, name = _unit(conn, unit)
        rows = outlook.outlooks(conn, unit_ids=[number], codes=None, year=wanted)
    catalogue = indicators.catalogue()
    shown = Table(
        "indicator", "until", "so far", "10 %", "year", "90 %", "plan", "chance", "skill", "method",
        title=f"{name}, {wanted}",
    )  # fmt: skip
    for row in rows:
        item = catalogue[row["code"]]
        form = f",.{item.decimals}f"
        numbers = [_number(row[key], form) for key in ("actual", "q10", "q50", "q90", "plan")]
        note = REASONS[row["reason"]].en if row["q50"] is None and row["reason"] else row["reason"]
        shown.add_row(
            row["code"], f"{row['known_until']:%m/%Y}", *numbers, _number(row["chance"], ".0%"),
            _number(row["skill"], "+.0%"), " ".join(part for part in (row["model"], note) if part),
        )  # fmt: skip
    return shown


def backtest() -> list[Table]:
    """Both tables of the back-test; the methods of months are imported here only."""
    from ingest import outlook_backtest  # statsforecast

    return outlook_backtest.tables()


def _unit(conn: Connection, key: str | None) -> tuple[int, str]:
    row = conn.execute(
        text(
            "SELECT id, name FROM core.admin_unit WHERE key = :key"
            " OR (CAST(:key AS text) IS NULL AND level = 'province' AND valid_to IS NULL) LIMIT 1"
        ),
        {"key": key},
    ).one_or_none()
    if row is None:
        raise UnknownUnit(f"There is no unit {key!r}. Keys look like 37.2025-07-01.")
    return int(row.id), str(row.name)


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)
