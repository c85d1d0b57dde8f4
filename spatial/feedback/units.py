"""Handling units: agencies of the regulation, and the committee of every commune of today."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, text

from layers.feedback_rules import COMMUNE
from spatial.feedback.rules import regulation
from spatial.queries.statements import sql
from spatial.settings import LOCAL_ZONE

COMMITTEE = "UBND"


def sync_handling_units(conn: Connection, *, today: date | None = None) -> int:
    """Bring core.handling_unit to what the regulation and today's communes say. Returns the rows written.

    Units that are gone stay, inactive: old cases name them.
    """
    rules = regulation()
    categories = {
        agency.name: [category.id for category in rules.category if category.unit == agency.name]
        for agency in rules.agency
    }
    return int(
        conn.execute(
            text(sql("feedback_handling_units")),
            {
                "today": today or datetime.now(LOCAL_ZONE).date(),
                "codes": [agency.code for agency in rules.agency],
                "names": [agency.name for agency in rules.agency],
                "kinds": [agency.kind for agency in rules.agency],
                "categories": [",".join(categories[agency.name]) for agency in rules.agency],
                "commune_categories": [category.id for category in rules.category if category.unit == COMMUNE],
                "committee": COMMITTEE,
            },
        ).rowcount
    )


def centre() -> str:
    """Name of the centre that takes reports in: the first agency of that kind."""
    agencies = regulation().agency
    return next((agency.name for agency in agencies if agency.kind == "centre"), agencies[0].name)


def default_unit(conn: Connection, *, category: str, commune_code: str | None) -> str:
    """Who handles a field at a place; the centre where it is a commune's and the commune is unknown."""
    unit = regulation().categories[category].unit
    if unit != COMMUNE:
        return unit
    found = conn.execute(
        text("SELECT name FROM core.handling_unit WHERE code = 'commune.' || CAST(:code AS text) AND active"),
        {"code": commune_code},
    ).scalar()
    return found or centre()


def is_unit(conn: Connection, name: str) -> bool:
    """Whether a handling unit of that name is active."""
    found = conn.execute(text("SELECT active FROM core.handling_unit WHERE name = :name"), {"name": name}).scalar()
    return bool(found) or (found is None and name in regulation().agencies)
