"""Sparklines drawn as small inline SVG files: no plotting library for twelve of them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

WIDTH, HEIGHT = 96, 28


def spark_uri(values: Sequence[float | None], colour: str) -> str:
    """Data URI of a line with its last point marked; gaps stay gaps."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = (WIDTH - 6) / max(1, len(values) - 1)
    path, pen, last = [], "M", (0.0, 0.0)
    for index, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        last = (3 + index * step, HEIGHT - 4 - (value - low) / span * (HEIGHT - 8))
        path.append(f"{pen}{last[0]:.1f} {last[1]:.1f}")
        pen = "L"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><path d="{"".join(path)}" fill="none"'
        f' stroke="{colour}" stroke-width="1.6"/>'
        f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="2.4" fill="{colour}"/></svg>'
    )
    return "data:image/svg+xml," + quote(svg)
