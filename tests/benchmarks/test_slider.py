"""A step of the time slider, and playback, in a real browser."""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from helpers.bench import percentile, print_table
from playwright.sync_api import Browser, Page, Request, Route

from dash_app.surface_pack import pack_surfaces
from spatial.analysis.surface import Lattice
from spatial.queries.surfaces import StoredSurface

pytestmark = [pytest.mark.bench, pytest.mark.browser]
STEPS = 60
READY = "window.geoioc && geoioc.ready && geoioc.applied !== null && geoioc.frames"
THEMES = {"stations, hour by hour": "/map", "communes by an indicator, month by month": "/map#theme=indicator.grdp"}
BAR_MS = 50  # of the median script time of a step with 1,000 units and 500 stations

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
HEADER = ("theme", "script median", "p95", "painted median", "p95", "frames shown", "dropped", "frames/s")


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


def walk(page: Page, name: str) -> tuple[Any, ...]:
    """One line of the table."""
    page.evaluate(WALK, 5)
    found = page.evaluate(WALK, STEPS)
    figures = (
        figure
        for key in ("script", "painted")
        for figure in (statistics.median(found[key]), percentile(found[key], 0.95))
    )
    return (name, *figures, *playback(page))


def test_slider(bench_page: Page) -> None:
    lines = []
    for name, address in THEMES.items():
        bench_page.goto("about:blank")
        bench_page.goto(address)
        bench_page.wait_for_function(READY, timeout=120_000)
        bench_page.wait_for_load_state("networkidle")
        lines.append(walk(bench_page, name))
    print_table(f"Slider: {STEPS} steps (ms), and playback at 10 frames a second", HEADER, lines)


# ---------------------------------------------------------------- 1,000 units and 500 stations

UNITS, STATIONS, HOURS, PAST = (40, 25), 500, 241, 168
BOX = (105.6, 20.4, 106.6, 21.2)  # of the province drawn
COLOURS = ["#d9f0ea", "#fff3b0", "#fdc57b", "#f4854e", "#c93a3a", "#7a1140"]
BREAKS = [25, 50, 80, 150, 250]


def moving(places: np.ndarray) -> np.ndarray:
    """(hours, places): a field that changes everywhere with every hour, so that every badge and unit is restyled."""
    hour = np.arange(HOURS)[:, None]
    noise = np.random.default_rng(5).normal(0, 12, (HOURS, len(places)))
    wave = np.sin(places[:, 0] * 9 + hour / 5) * np.cos(places[:, 1] * 7 - hour / 9)
    return np.maximum(1, 90 + 85 * wave + noise)


def ring(column: int, row: int) -> list[list[float]]:
    """A unit of some 60 points, as the generalised boundaries of communes have."""
    west, south, east, north = BOX
    wide, tall = (east - west) / UNITS[0], (north - south) / UNITS[1]
    x, y = west + column * wide, south + row * tall
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    return [
        [x + wide * (a + (c - a) * t / 15), y + tall * (b + (d - b) * t / 15 + 0.08 * math.sin(t) * (a == c))]
        for (a, b), (c, d) in pairwise(corners)
        for t in range(15)
    ] + [[x, y]]


class Synthetic:
    """Answers in the form of the server's, large ones; everything else comes from the server itself."""

    def __init__(self) -> None:
        self.keys = [f"{number + 1:05d}.2025-07-01" for number in range(UNITS[0] * UNITS[1])]
        rng = np.random.default_rng(4)
        self.stations = np.column_stack([rng.uniform(BOX[0], BOX[2], STATIONS), rng.uniform(BOX[1], BOX[3], STATIONS)])
        now = datetime(2026, 11, 21, 15, tzinfo=UTC)
        self.times = [now + timedelta(hours=offset) for offset in range(-PAST, HOURS - PAST)]
        self.asked: list[str] = []

    def answer(self, route: Route, request: Request) -> None:
        """Answer what is ours."""
        url = request.url
        if any(part in url for part in ("/api/frames", "/api/surface", "/api/exposure", "/api/units", "/ogc/")):
            self.asked.append(url)  # what a map step might need; timers of other panels are their own
        if "/api/units" in url:
            route.fulfill(json=self.units())
        elif "/admin_unit_map/items" in url:
            route.fulfill(json=self.shapes("province" if "level=province" in url else "commune"))
        elif "/api/frames" in url:
            route.fulfill(json=self.unit_frames() if "show=units" in url else self.station_frames())
        elif "/api/surface" in url:
            route.fulfill(body=self.surface(), content_type="application/octet-stream")
        elif "/api/exposure" in url:
            route.fulfill(json={"days": [], "limits": [], "units": {}})
        else:
            route.fallback()

    def units(self) -> dict[str, Any]:
        common = {"from": "2025-07-01", "to": None, "former": None}
        province = {"id": 0, "key": "99.2025-07-01", "code": "99", "level": "province", "name": "P", "title": "P"}
        found = [province | common | {"parent": None, "box": list(BOX)}]
        for number, key in enumerate(self.keys):
            one = {"id": number + 1, "key": key, "code": key[:5], "level": "commune", "name": key, "title": key}
            found.append(one | common | {"parent": "99.2025-07-01", "box": list(BOX)})
        return {"province": "99.2025-07-01", "units": found}

    def shapes(self, level: str) -> dict[str, Any]:
        if level == "province":
            west, south, east, north = BOX
            edge = [[west, south], [east, south], [east, north], [west, north], [west, south]]
            rings = {"99.2025-07-01": edge}
        else:
            rings = {key: ring(number % UNITS[0], number // UNITS[0]) for number, key in enumerate(self.keys)}
        return {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "id": key,
                    "properties": {"key": key},
                    "geometry": {"type": "Polygon", "coordinates": [points]},
                }
                for key, points in rings.items()
            ],
        }

    def common(self) -> dict[str, Any]:
        return {
            "theme": "air_observation.pm25", "title": "PM2.5", "group": "", "unit": "µg/m³", "decimals": 1,
            "step": "hour", "agency": "", "now": PAST, "live": True, "start": PAST, "counts": [1] * HOURS,
            "times": [time.strftime("%Y-%m-%dT%H:%M:%SZ") for time in self.times],
        }  # fmt: skip

    def station_frames(self) -> dict[str, Any]:
        values = np.round(moving(self.stations), 1)
        place = {"commune_code": None, "former_district_code": None, "units": [0], "reference": False}
        return self.common() | {
            "kind": "stations", "surface": True, "breaks": BREAKS, "colours": COLOURS, "texts": ["#111"] * 6,
            "limit": 45, "limitHours": 24, "limitBasis": "", "values": values.tolist(),
            "states": ["." * STATIONS] * (PAST + 1) + ["f" * STATIONS] * (HOURS - PAST - 1),
            "notes": {"list": [], "of": [None] * HOURS},
            "stations": [
                {"key": f"S{number}", "name": f"S{number}", "lon": x, "lat": y} | place
                for number, (x, y) in enumerate(self.stations.tolist())
            ],
        }  # fmt: skip

    def unit_frames(self) -> dict[str, Any]:
        west, south, east, north = BOX
        column, row = np.meshgrid(np.arange(UNITS[0]), np.arange(UNITS[1]))
        places = np.column_stack([
            west + column.ravel() / UNITS[0] * (east - west), south + row.ravel() / UNITS[1] * (north - south)
        ])  # fmt: skip
        states = "".join(".i"[number % 2] for number in range(len(self.keys)))
        item = {"level": "commune", "former": False, "keys": self.keys, "breaks": BREAKS, "colours": COLOURS,
                "method": "fixed", "range": [0, 300], "asOf": "2025-07-01"}  # fmt: skip
        return self.common() | {
            "kind": "units", "show": "units", "surface": True, "sets": [item], "setOf": [0] * HOURS,
            "values": np.round(moving(places), 1).tolist(), "states": [states] * HOURS,
        }  # fmt: skip

    def surface(self) -> bytes:
        lattice = Lattice.over(BOX, 96)
        values = moving(lattice.centres).astype(np.float32)
        spread = np.abs(np.sin(lattice.centres[:, 0] * 20)).astype(np.float32) * 0.5
        found = [
            StoredSurface(time, index > PAST, STATIONS, lattice, values[index], values[index] * spread)
            for index, time in enumerate(self.times)
        ]
        return pack_surfaces(self.times, found, {"rmse": None, "rmseIdw": None, "reach": 10})


@pytest.fixture
def large(browser: Browser, bench_server: str) -> Iterator[tuple[Page, Synthetic]]:
    """The real client with 1,000 units and 500 stations."""
    context = browser.new_context(base_url=bench_server, viewport={"width": 1366, "height": 768})
    synthetic = Synthetic()
    context.route("**/*", synthetic.answer)
    yield context.new_page(), synthetic
    context.close()


WAYS = {
    "500 stations over 1,000 units": "stations",
    "the same with the surface": "surface",
    "1,000 units, means of stations and surface": "units",
}


def test_slider_with_1000_units_and_500_stations(large: tuple[Page, Synthetic]) -> None:
    page, synthetic = large
    lines = []
    for name, show in WAYS.items():
        page.goto("about:blank")
        page.goto(f"/map#theme=air_observation.pm25&show={show}")
        page.wait_for_function(READY, timeout=120_000)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("Object.keys(geoioc.units.shown().byKey).length") == UNITS[0] * UNITS[1]
        if show == "surface":
            page.wait_for_function("document.querySelector('canvas.surface')")
        before = len(synthetic.asked)
        lines.append(walk(page, name))
        assert len(synthetic.asked) == before, json.dumps(synthetic.asked[before:])
    print_table(f"Slider with 1,000 units and 500 stations: {STEPS} steps (ms), no request", HEADER, lines)
    print_table("Bar", ("way", "median script ms", "bar"), [(line[0], line[1], BAR_MS) for line in lines])
