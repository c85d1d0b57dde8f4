"""Briefings of the morning and of the week: what the jobs ``briefing_daily`` and ``briefing_weekly`` call.

Jobs live in ``ingest``, which knows no screens; they find this through the entry point group ``geoioc.briefing``.
"""

from __future__ import annotations

from pathlib import Path

from dash_app import formats
from dash_app.reports.briefing.request import read_wanted
from dash_app.reports.briefing.store import keep, sweep
from dash_app.reports.request import ReportRefused
from dash_app.services import Services
from spatial.access import SYSTEM
from spatial.progress import Progress
from spatial.settings import briefing_settings


def make_scheduled(cycle: str, progress: Progress) -> tuple[str, list[tuple[str, Path]]]:
    """Make the briefings of a cycle: the province's, and those of the units in the settings.

    Returns a sentence and, of each, its title and file.

    :raises ReportRefused: when a unit of the settings does not exist; the others are made all the same.
    """
    services = Services(actor=SYSTEM)
    if services.province() is None:
        return "no province yet, nothing made", []
    swept = sweep(services)
    units = [None, *briefing_settings().units]
    made: list[tuple[str, Path]] = []
    refused: list[str] = []
    for number, unit in enumerate(units):
        progress(unit or "province", number / len(units))
        query = {"cycle": cycle} | ({"unit": unit} if unit else {})
        try:
            kept = keep(services, read_wanted(services, query, "vi"), "vi")
        except ReportRefused as error:
            refused.append(str(error))
            continue
        made.append((formats.unit_name(kept.briefing.wanted.unit, "vi"), kept.path))
    if refused:
        raise ReportRefused(" ".join(refused))
    left = f", {swept} leftovers removed" if swept else ""
    return f"{len(made)} made{left}", made
