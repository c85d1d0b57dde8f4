"""Pictures of the running application for the documentation: ``make screenshot``.

python tests/helpers/screenshots.py http://127.0.0.1:8050 docs/images
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

SIZE = {"width": 1600, "height": 900}
READY = "window.geoioc && geoioc.ready && geoioc.applied !== null"
CHARTS = "document.querySelectorAll('.js-plotly-plot .main-svg').length"


def picture_of_the_map(page: Page, target: Path) -> None:
    """VN_AQI over the province, its cards and charts."""
    page.goto("/map")
    page.wait_for_function(READY, timeout=60_000)
    page.wait_for_function(f"document.querySelector('.kpi') && {CHARTS} >= 3", timeout=60_000)
    page.wait_for_timeout(1500)  # the charts' last relayout
    page.screenshot(path=target)


def picture_of_a_station(page: Page, target: Path) -> None:
    """The page of one station."""
    page.goto("/stations/air_observation/KK01")
    page.wait_for_function(f"{CHARTS} >= 1", timeout=60_000)
    page.wait_for_timeout(1500)
    page.screenshot(path=target)


def picture_of_alerts(page: Page, target: Path) -> None:
    """What needs attention, with the evidence of the first alert."""
    page.goto("/alerts")
    page.locator("#alerts-list li[data-alert] > a").last.click()
    page.wait_for_function(f"{CHARTS} >= 1", timeout=60_000)
    page.wait_for_timeout(1500)
    page.screenshot(path=target)


def picture_of_leaders(page: Page, folder: Path) -> None:
    """What needs attention today, and the first tab of the overview."""
    for path, name in (("/", "home.png"), ("/overview", "overview.png")):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(2500)
        page.screenshot(path=folder / name)


def main(address: str, folder: Path) -> None:
    """Write the pictures of the README and of docs/howto below ``folder``."""
    try:
        urlopen(f"{address}/healthz", timeout=30).close()
    except URLError as error:
        sys.exit(f"nothing answers at {address} ({error.reason}): start it with `make run`")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = running.new_page(base_url=address, viewport=SIZE, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")  # type: ignore[arg-type]
        picture_of_the_map(page, folder / "map.png")
        picture_of_a_station(page, folder / "stations.png")
        picture_of_alerts(page, folder / "alerts.png")
        picture_of_leaders(page, folder)
        running.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
