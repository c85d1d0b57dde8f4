"""Measuring side by side, and tables as they stand in docs/howto/benchmarks.md."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Instance:
    """A loaded province: its database, the folder of its rasters, and how many parcels it has."""

    url: str
    data: Path
    name: str
    parcels: int


def scale_for(parcels: int) -> Literal["mini", "full"]:
    """The smallest sample that has room for so many parcels."""
    return "mini" if parcels <= 3_000 else "full"


def side_by_side(ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median milliseconds of each way; the ways take turns, so that other load on the machine hits all alike."""
    for way in ways.values():
        way()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            taken[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(values) for name, values in taken.items()}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)]


def print_table(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A Markdown table on standard output; numbers to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(line[at]) for line in [list(header), *cells]) for at in range(len(header))]
    numeric = [all(not isinstance(row[at], str) for row in rows) for at in range(len(header))] if cells else []
    rule = "|".join("-" * (width + 1) + (":" if right else "-") for width, right in zip(widths, numeric, strict=True))
    lines = ["", title, "", _line(header, widths, numeric), f"|{rule}|"]
    lines += [_line(row, widths, numeric) for row in cells]
    sys.stdout.write("\n".join(lines) + "\n")


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    padded = [
        cell.rjust(width) if right else cell.ljust(width)
        for cell, width, right in zip(cells, widths, numeric, strict=True)
    ]
    return "| " + " | ".join(padded) + " |"


def ratio(ours: float | None, other: float | None) -> float | None:
    """How many times as long (or as much) as the other."""
    return ours / other if ours is not None and other else None


def machine() -> dict[str, str]:
    """What the numbers depend on."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": f"{os.cpu_count()} x {model}",
        "memory": f"{memory:.0f} GB",
        "load at the start": f"{os.getloadavg()[0]:.1f}",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
    }


class Client:
    """GET over one connection that stays open, as clients of a feed do."""

    def __init__(self, base: str) -> None:
        address = urlsplit(base)
        self._connection = HTTPConnection(address.hostname or "127.0.0.1", address.port, timeout=120)
        self._prefix = address.path

    def get(self, path: str) -> bytes:
        """The body of a good answer."""
        self._connection.request("GET", self._prefix + path)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status not in (200, 204):
            raise AssertionError(f"{path}: {answer.status} {body[:300]!r}")
        return body
