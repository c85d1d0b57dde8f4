"""A report as a request of GeoReport v2. Names, numbers and the citizen's own words never stand in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash_app.open311.answers import w3c
from layers.feedback_rules import Category, Regulation

type Row = Mapping[str, Any]


def service(category: Category, keywords: str) -> dict[str, Any]:
    """A field as a service. ``realtime``: the tracking code comes with the answer."""
    return {
        "service_code": category.id,
        "service_name": category.title.vi,
        "description": category.title.en,
        "metadata": False,
        "type": "realtime",
        "keywords": keywords,
        "group": "1022",
    }


def request_record(row: Row, rules: Regulation, photo: str | None) -> dict[str, Any]:
    """One report, with every field of the specification; what is not known or not public is empty.

    A report that nobody has looked at yet shows its state and times alone; of one that was refused the reason, of one
    that repeats another which.
    """
    state, category = rules.states[row["state"]], rules.categories.get(row["category"])
    shown = row["public"]
    return {
        "service_request_id": row["tracking_code"],
        "status": state.open311,
        "status_notes": _notes(row, rules),
        "service_name": category.title.vi if category else row["category"],
        "service_code": row["category"],
        "description": row["title"] if shown else None,
        "agency_responsible": row["handling_unit"] if shown else None,
        "service_notice": None,
        "requested_datetime": w3c(row["received_at"]),
        "updated_datetime": w3c(row["updated_at"] if shown else row["closed_at"] or row["received_at"]),
        "expected_datetime": w3c(row["due_at"]),
        "address": row["commune_name"] if shown else None,
        "address_id": row["commune_key"] if shown else None,
        "zipcode": None,
        "lat": round(row["lat"], 6) if shown and row["lat"] is not None else None,
        "long": round(row["lon"], 6) if shown and row["lon"] is not None else None,
        "media_url": photo,
    }


def _notes(row: Row, rules: Regulation) -> str:
    """The result where there is one, else the name of the state."""
    title = rules.states[row["state"]].title.vi
    if row["duplicate_of"]:
        return f"{title}: {row['duplicate_of']}"
    return row["result"] or title
