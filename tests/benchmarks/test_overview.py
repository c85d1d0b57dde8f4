"""The leaders' overview: cold first view, drilling down, a step of time; twenty leaders clicking at once."""

from __future__ import annotations

import gzip
import json
import statistics
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from helpers.bench import Instance, percentile, print_table
from helpers.servers import running_server
from playwright.sync_api import Browser

from layers.domains import DOMAINS

pytestmark = [pytest.mark.bench, pytest.mark.browser]
SETTLED = "window.geoioc && geoioc.overview && geoioc.overview.settled > 0"
LEADERS, CLICKS = 20, 15
COLD = 8

# First paint of the figures after navigation began, by the browser's own clock.
FIRST = """async () => {
  while (!(window.geoioc && geoioc.overview && geoioc.overview.settled)) {
    if (performance.now() > 60000) throw new Error("no figures within a minute");
    await new Promise(r => setTimeout(r, 5));
  }
  await new Promise(r => requestAnimationFrame(() => setTimeout(r)));
  return performance.now();
}"""
# Down into every unit and back up: from the click until the new view is painted.
DRILL = """async () => {
  const O = geoioc.overview, taken = [];
  const timed = async (act) => {
    const before = O.settled, start = performance.now();
    act();
    while (O.settled === before) {
      if (performance.now() - start > 30000) throw new Error("no view within half a minute");
      await new Promise(r => setTimeout(r));
    }
    await new Promise(r => requestAnimationFrame(() => setTimeout(r)));
    taken.push(performance.now() - start);
  };
  const keys = O.view().units.map(unit => unit.key).slice(0, 30);
  for (const key of keys) {
    const area = document.querySelector(`.ov-area[data-key="${key}"]`);
    await timed(() => area.dispatchEvent(new MouseEvent('click', {bubbles: true})));
    await timed(() => document.querySelector('#ov-path button').click());
  }
  return taken;
}"""
STEPS = """async () => {
  const O = geoioc.overview, script = [], painted = [], before = O.stats.requests;
  for (let i = 0; i < 2 * O.at.length; i += 1) {
    const start = performance.now();
    O.step((O.index + O.at.length - 1) % O.at.length);
    script.push(performance.now() - start);
    await new Promise(r => requestAnimationFrame(() => setTimeout(r)));
    painted.push(performance.now() - start);
  }
  return {script, painted, asked: O.stats.requests - before};
}"""


@pytest.fixture(scope="module")
def two_workers(instance: Instance, data_folder: Path) -> Iterator[str]:
    """The server as it runs on two cores."""
    log = data_folder / "bench-overview.log"
    with running_server(instance.url, log, GEOIOC_DATA=str(instance.data), GEOIOC_WORKERS="2") as url:
        yield url


def test_first_view_drill_down_and_time(browser: Browser, two_workers: str) -> None:
    cold: list[float] = []
    for _ in range(COLD):
        context = browser.new_context(base_url=two_workers, viewport={"width": 1366, "height": 768})
        page = context.new_page()
        page.goto("/overview", wait_until="commit")
        cold.append(page.evaluate(FIRST))
        context.close()
    context = browser.new_context(base_url=two_workers, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto("/overview?via=former")
    page.wait_for_function(SETTLED)
    page.wait_for_load_state("networkidle")
    drill = page.evaluate(DRILL)
    page.goto("/overview")
    page.wait_for_function(SETTLED)
    steps: dict[str, Any] = page.evaluate(STEPS)
    units = page.evaluate("geoioc.overview.view().units.length")
    context.close()
    assert steps["asked"] == 0
    lines = [
        (name, statistics.median(values), percentile(values, 0.95), len(values))
        for name, values in (
            ("first view, cold browser", cold),
            ("first view, the very first of the server", cold[:1]),
            ("drill-down click until painted", drill),
            (f"step of time, script ({units} units)", steps["script"]),
            (f"step of time, painted ({units} units)", steps["painted"]),
        )
    ]
    print_table("Overview in the browser (ms)", ("what", "median", "p95", "n"), lines)


def test_twenty_leaders_at_once(two_workers: str) -> None:
    shapes = ask(two_workers, "/api/overview/shapes")[1]
    units = [unit["key"] for unit in shapes["units"]]
    domains = [domain for domain in DOMAINS if domain != "assistant"]
    taken: list[float] = []
    lock = threading.Lock()
    start = threading.Barrier(LEADERS)

    def leader(number: int) -> None:
        start.wait()
        for click in range(CLICKS):
            unit = units[(number * 7 + click * 3) % len(units)]
            domain = domains[(number + click // 5) % len(domains)]
            spent, answer = ask(two_workers, f"/api/overview/unit?domain={domain}&unit={unit}")
            if answer["cards"] and click % 5 == 0:
                spent += ask(two_workers, f"/api/overview/frames?code={answer['cards'][0]['code']}")[0]
            with lock:
                taken.append(spent)

    people = [threading.Thread(target=leader, args=(number,)) for number in range(LEADERS)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    print_table(
        f"{LEADERS} leaders clicking at once, without a pause (ms per click)",
        ("clicks", "median", "p95", "worst"),
        [(len(taken), statistics.median(taken), percentile(taken, 0.95), max(taken))],
    )


def ask(base: str, path: str) -> tuple[float, Any]:
    """Milliseconds and the answer."""
    address = urlsplit(base)
    started = time.perf_counter()
    connection = HTTPConnection(address.hostname or "127.0.0.1", address.port or 80, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    spent = (time.perf_counter() - started) * 1000
    assert answer.status == 200, path
    return spent, json.loads(gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body)
