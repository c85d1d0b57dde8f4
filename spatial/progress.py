"""How long steps say how far they are, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

type Progress = Callable[[str, float], None]  # (what is being done, part done: 0 to 1)

# Opens one named step and gives the listener for it; a terminal draws a bar, a log writes a line.
type Steps = Callable[[str], AbstractContextManager[Progress]]


def silent(_text: str, _fraction: float) -> None:
    """Nobody listens."""


def part(progress: Progress, start: float, end: float) -> Progress:
    """The same listener, for a step that is the part from ``start`` to ``end`` of a longer one."""

    def report(text: str, fraction: float) -> None:
        progress(text, start + (end - start) * min(max(fraction, 0.0), 1.0))

    return report


@contextmanager
def quiet_steps(_title: str) -> Iterator[Progress]:
    """Steps nobody watches."""
    yield silent
