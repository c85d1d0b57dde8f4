"""The catalogue of indicators as tables for the terminal: what there is, and who owes what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from layers.model import Indicator
from spatial import periods
from spatial.admin_units import fold
from spatial.layer_text import period_words
from spatial.queries.indicators import catalogue

HEAD = ("code", "tên / title", "unit", "domain", "period", "levels", "agency", "legal basis")
OWED_HEAD = ("agency", "level", "period", "indicators", "reported until", "late", "of them")
# Days after the end of a period until its figure is due. Reports of a month are due in the month after it.
DUE_DAYS: Mapping[str, int] = {"month": 25, "quarter": 30, "year": 90}


def choose(*, domain: str | None, agency: str | None, period: str | None, find: str | None) -> list[Indicator]:
    """Indicators of the catalogue that fit all that is said."""
    return [
        item
        for item in catalogue().values()
        if domain in (None, item.domain)
        and period in (None, item.period)
        and (agency is None or fold(agency) in fold(item.agency))
        and (find is None or fold(find) in fold(f"{item.code} {item.title.vi} {item.title.en}"))
    ]


def rows(chosen: Iterable[Indicator]) -> list[tuple[str, ...]]:
    """Cells under HEAD."""
    return [
        (
            item.code, f"{item.title.vi} / {item.title.en}", item.unit.vi, item.domain, period_words(item),
            " ".join(item.levels), item.agency, item.legal_basis or "",
        )
        for item in chosen
    ]  # fmt: skip


def last_due(item: Indicator, today: date) -> date:
    """First day of the newest period whose figure should be there."""
    period = periods.start_of(item, today)
    while _due(item, period) > today:
        period = periods.previous(item, period)
    return period


def _due(item: Indicator, period: date) -> date:
    if item.year_from != 1:  # counted at the start of the school year
        return periods.known_from(item, period) + timedelta(days=30)
    return periods.end_of(item, period) + timedelta(days=DUE_DAYS[item.period])


def periods_late(item: Indicator, newest: date | None, today: date) -> int | None:
    """Periods whose figure is missing by now; None: no figure ever came."""
    if newest is None:
        return None
    late, due = 0, last_due(item, today)
    while due > newest:
        due = periods.previous(item, due)
        late += 1
    return late


def owed_rows(chosen: Iterable[Indicator], reported: Sequence[Mapping[str, Any]], today: date) -> list[tuple[str, ...]]:
    """Cells under OWED_HEAD, the latest reporter first: agency, level and kind of period by newest period."""
    newest = {(row["code"], row["level"]): row["newest"] for row in reported}
    groups: dict[tuple[str, str, str], list[tuple[Indicator, date | None]]] = defaultdict(list)
    for item in chosen:
        if not item.computed:
            for level in item.levels:
                if level != "district":  # a tier that ended
                    groups[item.agency, level, item.period].append((item, newest.get((item.code, level))))
    found = []
    for (agency, tier, period), members in groups.items():
        known = [day for _, day in members if day is not None]
        behind = [(item, periods_late(item, day, today)) for item, day in members]
        late = [(item, count) for item, count in behind if count is None or count > 0]
        worst = max((count for _, count in late if count is not None), default=0)
        text = "no" if not late else "never reported" if worst == 0 else f"{worst} {period}(s)"
        names = ", ".join(item.code for item, _ in late[:4]) + (" ..." if len(late) > 4 else "")
        until = periods.label(members[0][0], max(known), "vi") if known else ""
        found.append((-worst, (agency, tier, period, str(len(members)), until, text, names)))
    return [cells for _, cells in sorted(found)]
