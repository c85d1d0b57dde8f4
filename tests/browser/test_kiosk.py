"""The wall in a real browser: it turns, says in red when the server is gone, and comes back by itself."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.databases import Databases
from helpers.servers import free_port, wait_until_healthy
from playwright.sync_api import Browser, Page, expect

from spatial.supervisor import server_command

pytestmark = pytest.mark.browser
WALL = "/kiosk?views=/alerts|6,/data|6&silent=6&name=thu"


class Server:
    """One that can be killed and started again at the same address."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.port, self.folder, self.log = free_port(), folder, folder / "server.log"
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "DATABASE_URL": database_url, "GEOIOC_PORT": str(self.port), "GEOIOC_WORKERS": "1",
            "GEOIOC_DATA": str(folder),
        }  # fmt: skip
        self.start()

    def start(self) -> None:
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                server_command(), env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )
        wait_until_healthy(self.url, self.process, self.log)

    def kill(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


@pytest.fixture
def own_server(databases: Databases, province_template: str, tmp_path: Path) -> Iterator[Server]:
    with databases.temporary("wall", province_template) as url:
        server = Server(url, tmp_path)
        yield server
        server.kill()


@pytest.fixture
def wall(browser: Browser, own_server: Server) -> Iterator[Page]:
    context = browser.new_context(base_url=own_server.url, viewport={"width": 1920, "height": 1080})
    tab = context.new_page()
    tab.goto(WALL)
    expect(tab.locator("#stage iframe.shown")).to_be_visible(timeout=60_000)
    yield tab
    context.close()


def test_the_wall_turns_warns_when_the_server_is_gone_and_recovers_by_itself(wall: Page, own_server: Server) -> None:
    frame = wall.frame_locator("#stage iframe.shown")
    expect(frame.locator(".header")).to_be_hidden()
    assert frame.locator("html").get_attribute("data-look") == "dark"
    expect(wall.locator("#data-clock")).to_have_text(re.compile(r"^\d\d:\d\d \d\d/\d\d$"))
    expect(wall.locator("#alarm")).to_be_hidden()
    first = wall.locator("#title").inner_text()
    expect(wall.locator("#title")).not_to_have_text(first, timeout=60_000)

    own_server.kill()
    expect(wall.locator("#alarm")).to_be_visible(timeout=30_000)
    expect(wall.locator("#alarm-text")).to_have_text(re.compile(r"^MÀN HÌNH KHÔNG CẬP NHẬT từ \d\d:\d\d \("))
    expect(wall.locator("#alarm-reason")).to_contain_text("Máy chủ không trả lời")
    expect(wall.locator("#old")).to_be_visible()
    assert wall.locator("#stage iframe.shown").count() == 1, "the last picture stays"

    own_server.start()
    expect(wall.locator("#alarm")).to_be_hidden(timeout=60_000)
    expect(wall.locator("#stage iframe.shown")).to_be_visible()
    assert wall.locator("#stage iframe").count() <= 3, "frames are let go of"

    wall.keyboard.press(" ")
    expect(wall.locator("#paused")).to_be_visible()


def test_a_view_that_stops_answering_is_named_and_replaced(wall: Page) -> None:
    wall.evaluate("geoiocWall.paused = true")
    shown = wall.evaluate_handle("geoiocWall.shown.element")
    shown.as_element().content_frame().evaluate(  # type: ignore[union-attr]
        "for (let i = 0; i < 99999; i += 1) { clearInterval(i); clearTimeout(i); }"
    )
    expect(wall.locator("#alarm-reason")).to_contain_text("Trang đang chiếu không phản hồi", timeout=30_000)
    expect(wall.locator("#alarm")).to_be_hidden(timeout=60_000)
