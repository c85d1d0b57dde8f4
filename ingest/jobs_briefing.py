"""Jobs ``briefing_daily`` and ``briefing_weekly``: ask whoever draws briefings for them, and send them by e-mail.

Drawing stands above this package; it is found through the entry point group ``geoioc.briefing``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import cast

from spatial.errors import GeoIOCError
from spatial.progress import Progress

GROUP = "geoioc.briefing"

type Maker = Callable[[str, Progress], tuple[str, list[tuple[str, Path]]]]


class NobodyDraws(GeoIOCError):
    """No installed package makes briefings."""


def brief_daily(progress: Progress) -> str:
    """The morning's briefings."""
    return _make("daily", progress)


def brief_weekly(progress: Progress) -> str:
    """The week's briefings."""
    return _make("weekly", progress)


def _make(cycle: str, progress: Progress) -> str:
    makers = [cast(Maker, point.load()) for point in entry_points(group=GROUP)]
    if not makers:
        raise NobodyDraws("No installed package makes briefings (entry point group geoioc.briefing).")
    return "; ".join(maker(cycle, progress)[0] for maker in makers)
