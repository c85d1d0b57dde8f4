"""A step of the time slider, and playback, in a real browser."""

from __future__ import annotations

import statistics
import time
from typing import Any

import pytest
from helpers.bench import percentile, print_table
from playwright.sync_api import Page

pytestmark = [pytest.mark.bench, pytest.mark.browser]
STEPS = 60
READY = "window.geoioc && geoioc.ready && geoioc.applied !== null && geoioc.frames"
THEMES = {"stations, hour by hour": "/", "communes by an indicator, month by month": "/#theme=indicator.grdp"}

# Script: until the new frame is applied to the map. Painted: until the browser has drawn it.
WALK = """async steps => {
  const script = [], painted = [], last = geoioc.frames.times.length - 1;
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    geoioc.time.go((geoioc.time.index + last) % (last + 1));
    while (geoioc.applied !== geoioc.time.index) await new Promise(r => setTimeout(r));
    script.push(performance.now() - start);
    await new Promise(r => requestAnimationFrame(() => setTimeout(r)));
    painted.push(performance.now() - start);
  }
  return {script, painted};
}"""


def playback(page: Page) -> tuple[int, int, float]:
    """Frames shown, frames dropped, frames a second."""
    page.evaluate("steps => geoioc.time.go(geoioc.frames.times.length - 1 - steps)", STEPS)
    page.evaluate("geoioc.lastPlay = null")
    start = time.perf_counter()
    page.click("[data-tb=play]")
    page.wait_for_function("geoioc.lastPlay", timeout=120_000)
    seconds = time.perf_counter() - start
    last: dict[str, Any] = page.evaluate("geoioc.lastPlay")
    return last["shown"], last["expected"] - last["shown"], last["shown"] / seconds


def test_slider(bench_page: Page) -> None:
    lines = []
    for name, address in THEMES.items():
        bench_page.goto("about:blank")
        bench_page.goto(address)
        bench_page.wait_for_function(READY, timeout=120_000)
        bench_page.wait_for_load_state("networkidle")
        bench_page.evaluate(WALK, 5)
        found = bench_page.evaluate(WALK, STEPS)
        shown, dropped, rate = playback(bench_page)
        lines.append(
            (name, *(figure for key in ("script", "painted")
                     for figure in (statistics.median(found[key]), percentile(found[key], 0.95))),
             shown, dropped, rate)
        )  # fmt: skip
    print_table(
        f"Slider: {STEPS} steps (ms), and playback at 10 frames a second",
        ("theme", "script median", "p95", "painted median", "p95", "frames shown", "dropped", "frames/s"),
        lines,
    )
