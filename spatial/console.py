"""What the commands write for people: bars for long steps, lines where there is no terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from spatial.progress import Progress

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def steps(title: str) -> Iterator[Progress]:
    """One long step: a bar in a terminal, else one line when it begins and its time when it is done."""
    started = time.monotonic()
    if out.is_terminal:
        yield from _bar(title)
    else:
        out.print(f"{title} ...")
        yield lambda _text, _fraction: None
        out.print(f"{title}: done in {time.monotonic() - started:.1f} s")


def _bar(title: str) -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description:<46}"),
        BarColumn(bar_width=28),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[now]}"),
    )
    with Bars(*columns, console=out) as bars:
        task = bars.add_task(title, total=1.0, now="")
        yield lambda text, fraction: bars.update(task, completed=min(max(fraction, 0.0), 1.0), now=text[:60])
        bars.update(task, completed=1.0, now="")


@contextmanager
def working(title: str) -> Iterator[None]:
    """A step whose length nobody knows: it is short, and only its time is said."""
    with steps(title) as progress:
        yield
        progress("", 1.0)
