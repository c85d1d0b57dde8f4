"""The inbox of alerts, the evidence, and the rules, as two officers use them at the same time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.databases import Databases, environment
from helpers.servers import running_server
from playwright.sync_api import Page, Route, expect

from dash_app.i18n import say
from spatial.access import SYSTEM, connect
from spatial.alerts.words import CAUSE_TITLES, STATE_TITLES
from spatial.queries import alerts
from spatial.settings import data_settings

pytestmark = pytest.mark.browser

NOTE = "Đã gọi kỹ thuật viên, hẹn kiểm tra máy lúc 14 giờ."


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A busy machine may take its time; what is expected must come all the same."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def desk(databases: Databases, province_template: str) -> Iterator[str]:
    """A copy of the province in which this module acknowledges and closes. Its URL."""
    name = databases.create("desk", province_template)
    yield databases.url(name)
    databases.drop(name)


@pytest.fixture(scope="module")
def server(desk: str) -> Iterator[str]:
    """A server of its own on that copy."""
    with running_server(desk, data_settings().root / "desk.log") as url:
        yield url


@pytest.fixture(autouse=True)
def everything_new(desk: str) -> None:
    """What one test did is undone: every alert of the sample that is open is new and has only its first event."""
    with environment(DATABASE_URL=desk), connect(SYSTEM) as conn:
        conn.exec_driver_sql(
            "WITH mine AS (DELETE FROM core.alert_event WHERE actor <> 'system' RETURNING alert_id)"
            " UPDATE core.alert SET state = 'new' WHERE state <> 'closed' OR id IN (SELECT alert_id FROM mine)"
        )
        conn.exec_driver_sql("DELETE FROM core.alert_rule WHERE origin = 'staff'")
        conn.exec_driver_sql("UPDATE core.alert_rule SET enabled = true, overridden = '{}'")


@pytest.fixture
def inbox(page: Page) -> Page:
    """The inbox at the size of a desk, drawn."""
    page.set_viewport_size({"width": 1366, "height": 768})
    go(page, "/alerts")
    return page


def go(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#alerts-list .alert-lines, #alerts-list .state").first).to_be_attached(timeout=30_000)


def stored(desk: str, alert_id: int) -> dict[str, Any]:
    """The alert as the database has it."""
    with environment(DATABASE_URL=desk), connect(SYSTEM) as conn:
        row = alerts.get_alert(conn, alert_id=alert_id)
    assert row is not None
    return row


def an_instrument(desk: str) -> int:
    """Id of the most pressing open alert about an instrument."""
    with environment(DATABASE_URL=desk), connect(SYSTEM) as conn:
        return int(alerts.list_alerts(conn, states=["new"], cause="instrument", limit=1)[0]["id"])


def colleague(desk: str, alert_id: int, name: str = "Lê Thị Hoa") -> None:
    """Somebody else acknowledges it meanwhile."""
    with environment(DATABASE_URL=desk), connect(SYSTEM) as conn:
        alerts.acknowledge(conn, alert_id=alert_id, actor=name, note=None)


def fill_in(page: Page, name: str, note: str) -> None:
    page.fill("#act-name", name)
    page.fill("#act-note", note)


# ---------------------------------------------------------------- list


def test_the_list_says_of_every_line_whether_it_is_the_air_or_the_instrument(inbox: Page) -> None:
    expect(inbox.locator(".line .cause", has_text=CAUSE_TITLES["instrument"].vi).first).to_be_visible()
    expect(inbox.locator(".line .cause", has_text="Không khí").first).to_be_visible()
    lines = inbox.locator("#alerts-list .line").count()
    assert inbox.locator("#alerts-list .line .sev .sev-shape").count() == lines
    assert inbox.locator("#alerts-list .line .cause .icon").count() == lines


def test_an_episode_is_one_line_that_unfolds(inbox: Page) -> None:
    episode = inbox.locator("summary.line-episode").first
    stations = int(re.findall(r": (\d+) ", episode.locator(".line-title").inner_text())[0])
    assert stations >= 3
    inside = inbox.locator("details").first.locator("li[data-alert]")
    expect(inside.first).to_be_hidden()
    episode.click()
    expect(inside.first).to_be_visible()
    assert inside.count() >= stations


def test_tabs_count_what_they_show(inbox: Page) -> None:
    for name in ("new", "closed"):
        tab = inbox.locator(f'.alerts-tab[data-state="{name}"]')
        number = int(tab.locator(".count").inner_text())
        tab.click()
        expect(inbox.locator(f"#alerts-list li[data-alert]:not(.is-{name})")).to_have_count(0)
        expect(inbox.locator(f"#alerts-list li.is-{name}")).to_have_count(number)


def test_a_filter_narrows_the_list_and_stays_in_the_address(inbox: Page) -> None:
    inbox.select_option("[data-filter=cause]", "instrument")
    expect(inbox.locator(".line .cause-environment")).to_have_count(0)
    expect(inbox.locator(".line .cause-instrument").first).to_be_visible()
    assert "cause=instrument" in inbox.url
    go(inbox, inbox.url)
    expect(inbox.locator("[data-filter=cause]")).to_have_value("instrument")
    expect(inbox.locator(".line .cause-environment")).to_have_count(0)
    inbox.click(".alerts-clear")
    expect(inbox.locator(".line .cause-environment").first).to_be_attached()


def test_a_filter_that_nothing_fits_says_so(inbox: Page) -> None:
    inbox.select_option("[data-filter=severity]", "extreme")
    inbox.select_option("[data-filter=cause]", "forecast")
    expect(inbox.locator("#alerts-list .state")).to_contain_text(say("alerts.none_filtered", "vi"))


def test_a_refresh_keeps_marks_focus_and_unfolded_episodes(inbox: Page, desk: str) -> None:
    inbox.locator("summary.line-episode").first.click()
    inbox.keyboard.press("j")
    inbox.keyboard.press("x")
    focus = "document.activeElement.closest('li').dataset.alert"
    chosen = inbox.evaluate(focus)
    other = an_instrument(desk)
    colleague(desk, other)
    inbox.evaluate("geoioc.alerts.minute()")
    expect(inbox.locator(f'li[data-alert="{other}"]')).to_have_class(re.compile("is-acknowledged"))
    expect(inbox.locator(f'li[data-alert="{chosen}"] .mark')).to_have_attribute("aria-checked", "true")
    expect(inbox.locator("details").first).to_have_attribute("open", "")
    assert inbox.evaluate(focus) == chosen


def test_a_server_that_is_away_is_said_and_the_list_stays(inbox: Page) -> None:
    lines = inbox.locator("#alerts-list li").count()
    inbox.route("**/api/alerts/count", lambda route: route.abort())
    inbox.evaluate("geoioc.alerts.minute()")
    expect(inbox.locator("#alerts-offline")).to_contain_text("Mất kết nối")
    assert inbox.locator("#alerts-list li").count() == lines
    inbox.unroute("**/api/alerts/count")
    inbox.evaluate("geoioc.alerts.minute()")
    expect(inbox.locator("#alerts-offline")).to_have_count(0)


# ---------------------------------------------------------------- deeds


def test_by_keyboard_alone_an_alert_is_reached_opened_and_acknowledged(inbox: Page, desk: str) -> None:
    inbox.keyboard.press("j")  # the episode
    inbox.keyboard.press("j")  # the first instrument
    alert_id = int(inbox.evaluate("document.activeElement.closest('li').dataset.alert"))
    inbox.keyboard.press("Enter")
    expect(inbox.locator(f'.evidence[data-alert="{alert_id}"] .js-plotly-plot')).to_be_visible()
    assert inbox.url.endswith(f"/alerts/{alert_id}")
    inbox.keyboard.press("a")
    expect(inbox.locator("dialog#act")).to_be_visible()
    inbox.keyboard.type("Trần Văn Bình")
    inbox.keyboard.press("Tab")
    inbox.keyboard.type(NOTE)
    inbox.keyboard.press("Control+Enter")
    expect(inbox.locator("dialog#act")).to_be_hidden()
    expect(inbox.locator(".evidence .work-acknowledged")).to_be_visible()
    expect(inbox.locator(".timeline .said", has_text=NOTE)).to_be_visible()
    row = stored(desk, alert_id)
    assert row["state"] == "acknowledged"
    assert (row["events"][-1]["actor"], row["events"][-1]["note"]) == ("Trần Văn Bình", NOTE)


def test_a_whole_episode_is_acknowledged_with_one_note(inbox: Page, desk: str) -> None:
    episode = inbox.locator("li.is-episode").first
    ids = [int(item.get_attribute("data-alert") or 0) for item in episode.locator("li[data-alert]").all()]
    episode.locator("> .mark").click()
    inbox.click("#alerts-acknowledge-marked")
    fill_in(inbox, "Trần Văn Bình", NOTE)
    inbox.click("#act-go")
    expect(inbox.locator("#toast")).to_contain_text(str(len(ids)))
    for alert_id in ids:
        assert stored(desk, alert_id)["events"][-1]["note"] == NOTE


def test_closing_asks_for_a_reason_and_reopening_too(inbox: Page, desk: str) -> None:
    alert_id = an_instrument(desk)
    go(inbox, f"/alerts/{alert_id}")
    inbox.click(".evidence [data-act=close]")
    fill_in(inbox, "Trần Văn Bình", "  ")
    inbox.click("#act-go")
    expect(inbox.locator("#act-problem")).to_have_text(say("js.act.needNote", "vi"))
    inbox.fill("#act-note", "Đã thay đầu đo.")
    inbox.click("#act-go")
    expect(inbox.locator(".evidence .work-closed")).to_be_visible()
    assert stored(desk, alert_id)["state"] == "closed"
    inbox.click(".evidence [data-act=reopen]")
    expect(inbox.locator("#act-name")).to_have_value("Trần Văn Bình")
    inbox.fill("#act-note", "Lại đứng giá trị.")
    inbox.click("#act-go")
    expect(inbox.locator(".evidence .work-closed")).to_have_count(0)
    assert [event["action"] for event in stored(desk, alert_id)["events"]][-2:] == ["closed", "reopened"]


def test_nothing_is_done_without_a_name(inbox: Page, desk: str) -> None:
    alert_id = an_instrument(desk)
    go(inbox, f"/alerts/{alert_id}")
    inbox.click(".evidence [data-act=acknowledge]")
    inbox.click("#act-go")
    expect(inbox.locator("#act-problem")).to_have_text(say("js.act.needName", "vi"))
    assert stored(desk, alert_id)["state"] == "new"


def test_a_colleague_who_was_faster_is_named_and_the_note_is_not_lost(inbox: Page, desk: str) -> None:
    alert_id = an_instrument(desk)
    go(inbox, f"/alerts/{alert_id}")
    inbox.click(".evidence [data-act=acknowledge]")
    fill_in(inbox, "Trần Văn Bình", NOTE)
    colleague(desk, alert_id, "Lê Thị Hoa")
    inbox.click("#act-go")
    expect(inbox.locator("#act-problem")).to_contain_text("đã được Lê Thị Hoa tiếp nhận lúc")
    expect(inbox.locator("#act-note")).to_have_value(NOTE)
    assert [event["actor"] for event in stored(desk, alert_id)["events"]][-1] == "Lê Thị Hoa"
    inbox.click("#act-go")  # which now stores the note as a remark
    expect(inbox.locator("dialog#act")).to_be_hidden()
    last = stored(desk, alert_id)["events"][-1]
    assert (last["actor"], last["action"], last["note"]) == ("Trần Văn Bình", "note", NOTE)


def test_a_note_survives_a_server_that_does_not_answer(inbox: Page, desk: str) -> None:
    alert_id = an_instrument(desk)
    go(inbox, f"/alerts/{alert_id}")

    def fail(route: Route) -> None:
        route.abort()

    inbox.route("**/api/alerts/act", fail)
    inbox.click(".evidence [data-act=acknowledge]")
    fill_in(inbox, "Trần Văn Bình", NOTE)
    inbox.click("#act-go")
    expect(inbox.locator("#act-problem")).to_have_text(say("js.act.failed", "vi"))
    expect(inbox.locator("#act-note")).to_have_value(NOTE)
    inbox.unroute("**/api/alerts/act", fail)
    inbox.click("#act-go")
    expect(inbox.locator("dialog#act")).to_be_hidden()
    assert stored(desk, alert_id)["events"][-1]["note"] == NOTE


# ---------------------------------------------------------------- evidence


def test_the_evidence_sets_the_station_beside_its_neighbours_and_leads_on(inbox: Page, desk: str) -> None:
    with environment(DATABASE_URL=desk), connect(SYSTEM) as conn:
        row = alerts.list_alerts(conn, states=["new"], cause="environment", limit=1)[0]
    go(inbox, f"/alerts/{row['id']}")
    expect(inbox.locator(".evidence .js-plotly-plot").last).to_be_visible()
    names = inbox.evaluate(
        "[...document.querySelectorAll('.evidence .js-plotly-plot')].flatMap((p) => p.data.map((t) => t.name))"
    )
    assert say("evidence.measured", "vi") in names
    assert any(str(name).startswith("Trung vị") for name in names)
    expect(inbox.locator(".chart-note").last).to_contain_text("trạm lân cận")
    expect(inbox.locator(".related a").first).to_be_visible()
    station = inbox.get_by_role("link", name=say("evidence.station_page", "vi"))
    expect(station).to_have_attribute("href", f"/stations/{row['layer_id']}/{row['feature_key']}")
    inbox.get_by_role("link", name=say("evidence.map", "vi")).click()
    inbox.wait_for_function("window.geoioc && geoioc.ready && geoioc.state.station", timeout=60_000)
    assert inbox.evaluate("geoioc.state.station") == f"{row['layer_id']}:{row['feature_key']}"


def test_an_alert_that_does_not_exist_is_said(page: Page) -> None:
    page.goto("/alerts/999999999")
    expect(page.locator("#alerts-detail .state")).to_contain_text("999999999")


def test_back_and_forward_walk_through_the_alerts_that_were_open(inbox: Page) -> None:
    first, second = inbox.locator("#alerts-list > ul > li[data-alert] > a").all()[:2]
    first.click()
    expect(inbox.locator(".evidence")).to_be_visible()
    one = inbox.locator(".evidence").get_attribute("data-alert")
    second.click()
    expect(inbox.locator(f'.evidence:not([data-alert="{one}"])')).to_be_visible()
    inbox.go_back()
    expect(inbox.locator(f'.evidence[data-alert="{one}"]')).to_be_visible()
    inbox.go_back()
    expect(inbox.locator(".overview")).to_be_visible()


def test_a_telephone_shows_the_list_or_the_evidence_never_wider_than_itself(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    go(page, "/alerts")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#alerts-list > ul > li[data-alert] > a").first.click()
    expect(page.locator(".evidence h2")).to_be_visible()
    expect(page.locator(".alerts-inbox")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click(".evidence .back")
    expect(page.locator(".alerts-inbox")).to_be_visible()


# ---------------------------------------------------------------- header, map, rules


def test_the_header_counts_open_alerts_on_every_page(page: Page, desk: str) -> None:
    with environment(DATABASE_URL=desk), connect(SYSTEM) as conn:
        total = alerts.count_open(conn)["total"]
    for address in ("/data", "/alerts"):
        page.goto(address)
        expect(page.locator("#alerts-badge")).to_have_text(str(total))


def test_the_map_names_three_things_and_each_leads_to_its_evidence(page: Page) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto("/map")
    links = page.locator(".attention-lines a")
    expect(links).to_have_count(3, timeout=60_000)
    target = links.nth(1).get_attribute("href") or ""
    links.nth(1).click()
    expect(page.locator(f'.evidence[data-alert="{target.rsplit("/", 1)[1]}"]')).to_be_visible(timeout=30_000)


def test_staff_make_a_rule_that_says_what_it_means_and_what_it_would_have_found(page: Page) -> None:
    page.goto("/alerts/rules")
    page.click("#rule-new")
    expect(page.locator("#rule-sentence")).to_have_class(re.compile("problem"))  # a threshold is lacking
    page.fill("[name=threshold]", "100,5")
    expect(page.locator("#rule-sentence")).to_contain_text("100,5")
    expect(page.locator("#rule-trial")).to_contain_text("30 ngày")
    page.fill("[name=title]", "PM2.5 rất cao")
    page.click("#rule-form [type=submit]")
    expect(page.locator("#rule-form [role=alert]")).to_have_text(say("js.act.needName", "vi"))
    page.fill("#rule-form [name=name]", "Trần Văn Bình")
    page.click("#rule-form [type=submit]")
    row = page.locator(".rules-table tr", has_text="PM2.5 rất cao")
    expect(row).to_contain_text("do Trần Văn Bình lập")
    page.reload()
    row.get_by_role("switch").click()
    page.click("#rule-switch [type=submit]")
    expect(row).to_have_class("is-off")
    expect(row.get_by_role("switch")).to_have_attribute("aria-checked", "false")


def test_a_rule_of_a_layer_can_be_sharpened_and_given_back(page: Page) -> None:
    page.goto("/alerts/rules")
    row = page.locator(".rules-table tbody tr").filter(has=page.locator(".sev-moderate")).first
    name = row.locator(".link").inner_text()
    row.locator(".link").click()
    expect(page.locator("[name=kind]")).to_be_disabled()
    page.select_option("#rule-form [name=severity]", "severe")
    page.fill("#rule-form [name=name]", "Trần Văn Bình")
    page.click("#rule-form [type=submit]")
    changed = page.locator(".rules-table tbody tr", has_text=name)
    expect(changed.locator(".sev-severe")).to_be_visible()
    expect(changed).to_contain_text("Trần Văn Bình đã sửa")
    changed.locator(".link").click()
    page.click("#rule-restore")
    expect(changed).not_to_contain_text("đã sửa")


@pytest.mark.parametrize("address", ["/alerts", "/alerts/rules"])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_no_serious_barrier_in_either_look(page: Page, desk: str, address: str, look: str) -> None:
    page.add_init_script(f"localStorage.setItem('geoioc.look', '{look}')")
    page.set_viewport_size({"width": 1366, "height": 768})
    if address == "/alerts":
        go(page, f"/alerts/{an_instrument(desk)}")
        expect(page.locator(".evidence .js-plotly-plot").first).to_be_visible()
        page.locator("summary.line-episode").first.click()
        page.click(".evidence [data-act=acknowledge]")
    else:
        page.goto(address)
        expect(page.locator(".rules-table").first).to_be_visible()
        page.click("#rule-new")
        expect(page.locator("#rule-sentence")).not_to_be_empty()
    for opened in (True, False):
        found = Axe().run(page).response["violations"]
        serious = [
            (item["id"], [node["target"] for node in item["nodes"]][:3])
            for item in found
            if item["impact"] in ("serious", "critical")
        ]
        assert serious == []
        if opened:
            page.keyboard.press("Escape")


def test_every_word_of_the_screens_is_english_when_asked(page: Page, desk: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    go(page, f"/alerts/{an_instrument(desk)}?lang=en")
    expect(page.locator(".evidence h2")).to_be_visible()
    expect(page.locator(".evidence .cause")).to_have_text("Instrument")
    expect(page.locator(".alerts-tab").nth(1)).to_contain_text(STATE_TITLES["new"].en)
    texts = page.evaluate(
        "[...document.querySelectorAll('.alerts-page :is(h2, h3, h4, dt, button, .line-title, .line-time, .line-holder,"
        " .chart-note, .reasons li)')].map((e) => e.textContent)"
    )
    vietnamese = re.compile("[ăđơưạảấầẩậắằẳặẹẻẽếềểệỉịọỏốồổộớờởợụủứừửựỳỵỷỹ]", re.IGNORECASE)
    assert [text for text in texts if vietnamese.search(text)] == []
