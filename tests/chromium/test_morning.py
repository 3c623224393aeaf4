"""A morning at the desk in a real browser: walking, opening, handling, taking back; what is new waits; a lost line is said."""

from __future__ import annotations

import re
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from tests.chromium.browser import tab
from tests.chromium.newsroom import Desk
from tests.journeys.installation import stop
from tests.patience import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.long]

WAIT: Final = PATIENCE * 1_000
# What a key writes, by how the keyboard is set: Latin letters, the Hangul layout, and an input method that says nothing.
LAYOUTS: Final = {
    "latin": {"KeyJ": "j", "KeyK": "k", "KeyO": "o", "KeyX": "x", "KeyE": "e", "KeyS": "s", "KeyZ": "z"},
    "hangul": {"KeyJ": "ㅓ", "KeyK": "ㅏ", "KeyO": "ㅐ", "KeyX": "ㅌ", "KeyE": "ㄷ", "KeyS": "ㄴ", "KeyZ": "ㅋ"},
    "process": dict.fromkeys(("KeyJ", "KeyK", "KeyO", "KeyX", "KeyE", "KeyS", "KeyZ"), "Process"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_keys_walk_open_handle_and_take_back(browser: Browser, own_desk: Desk, layout: str) -> None:
    keys = LAYOUTS[layout]
    with tab(browser, own_desk.url) as one:
        one.go("/hits")
        rows = one.page.locator(".row")
        first, second = (rows.nth(number).get_attribute("id") for number in (0, 1))
        one.key("KeyJ", keys["KeyJ"])
        one.key("KeyJ", keys["KeyJ"])
        assert one.focused() == second
        one.key("KeyK", keys["KeyK"])
        assert one.focused() == first
        one.key("KeyO", keys["KeyO"])
        expect(one.page.locator(f"#{first} .peek")).to_be_visible(timeout=WAIT)
        assert one.focused() == first, "what is opened keeps the focus"
        assert f"open={(first or '')[1:]}" in one.page.url
        one.key("KeyJ", keys["KeyJ"])
        expect(one.page.locator(f"#{second} .peek")).to_be_visible(timeout=WAIT)
        expect(one.page.locator(".peek")).to_have_count(1, timeout=WAIT)
        one.key("KeyE", keys["KeyE"])
        expect(one.page.locator(f"#{second}")).to_have_class(_with("is-handled"), timeout=WAIT)
        one.key("KeyZ", keys["KeyZ"])
        expect(one.page.locator(f"#{second}")).to_have_class(_with("is-new"), timeout=WAIT)
        assert one.focused() == second


def _with(name: str) -> re.Pattern[str]:
    return re.compile(rf"(^|\s){name}(\s|$)")


def test_no_key_is_heard_while_somebody_writes_or_composes(browser: Browser, own_desk: Desk) -> None:
    with tab(browser, own_desk.url) as one:
        one.go("/hits")
        one.key("Slash", "/")
        assert one.page.evaluate("document.activeElement.type") == "search"
        one.key("KeyJ", "j")
        assert one.focused() == ""
        one.page.evaluate("document.activeElement.blur()")
        one.key("KeyJ", "ㅓ", isComposing=True)
        one.key("KeyJ", "j", ctrlKey=True)
        assert one.focused() == ""
        one.key("Slash", "?", shiftKey=True)
        expect(one.page.locator("#keys")).to_be_visible(timeout=WAIT)


def test_many_are_selected_and_handled_and_the_place_stays(browser: Browser, own_desk: Desk) -> None:
    with tab(browser, own_desk.url) as one:
        one.go("/hits?handling=new")
        count = one.page.locator(".row").count()
        for _ in range(3):
            one.key("KeyJ", "j")
            one.key("KeyX", "x")
        third = one.focused()
        one.key("KeyE", "e")
        expect(one.page.locator(f"#{third}")).to_have_count(0, timeout=WAIT)
        assert one.page.locator(".row").count() <= count - 3, "a story goes with all its acts"
        assert one.focused() not in {"", third}, "the focus is on the line that took the place"
        one.key("KeyZ", "z")
        expect(one.page.locator(".row")).to_have_count(count, timeout=WAIT)


def test_what_is_new_waits_for_a_click(browser: Browser, own_desk: Desk) -> None:
    with tab(browser, own_desk.url) as one:
        one.go("/hits")
        one.key("KeyJ", "j")
        before, focused = one.page.locator(".row").count(), one.focused()
        own_desk.tell("해솔소프트, 새 연구소 연다… “내년 봄 완공”", outlet=2)
        button = one.page.locator("#fresh")
        expect(button).to_have_text("새 기사 1건 보기", timeout=WAIT)
        assert one.page.locator(".row").count() == before, "nothing moves by itself"
        assert one.focused() == focused
        one.key("KeyO", "o")
        expect(one.page.locator(".row.on .peek")).to_be_visible(timeout=WAIT)
        assert one.page.locator(".row").count() == before, "nor when a line is opened"
        one.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(button).to_have_attribute("href", re.compile("^/hits\\?"), timeout=WAIT)
        expect(button).to_have_text("새 기사 1건 보기")
        button.click()
        expect(one.page.locator(".row")).to_have_count(before + 1, timeout=WAIT)
        expect(button).to_be_hidden(timeout=WAIT)


def test_a_line_that_is_lost_is_said_and_found_again(browser: Browser, own_desk: Desk) -> None:
    with tab(browser, own_desk.url) as one:
        one.go("/hits")
        one.page.context.set_offline(True)
        expect(one.page.locator("#state")).to_have_class(_with("stale"), timeout=WAIT)
        expect(one.page.locator("#stale")).to_be_visible(timeout=WAIT)
        one.page.context.set_offline(False)
        expect(one.page.locator("#stale")).to_be_hidden(timeout=WAIT)
        one.faults.clear()  # the browser itself complains of the network that was gone


def test_without_a_script_everything_is_a_link_or_a_form(browser: Browser, own_desk: Desk) -> None:
    with tab(browser, own_desk.url, java_script_enabled=False) as one:
        page = one.page
        one.go("/hits")
        page.locator(".row .hd a").first.click()
        assert page.locator(".row.on .peek").is_visible()
        page.locator(".peek").get_by_role("button", name="처리").click()
        assert "open=" in page.url
        assert "is-handled" in (page.locator(".row.on").get_attribute("class") or "")
        page.locator("#text").fill("두물클라우드")
        page.get_by_role("button", name="찾기").click()
        assert page.locator(".row").count() == 1
        page.get_by_role("link", name="오늘", exact=True).click()
        assert page.get_by_role("heading", level=1).inner_text() == "오늘"
        page.get_by_role("link", name="설정").click()
        page.locator("#theme").select_option("dark")
        page.get_by_role("button", name="저장").click()
        assert page.locator("html").get_attribute("data-theme") == "dark"


def test_a_slow_line_shows_that_it_is_slow_and_loses_nothing(browser: Browser, own_desk: Desk) -> None:
    with tab(browser, own_desk.url) as one:
        one.go("/hits")
        session = one.page.context.new_cdp_session(one.page)
        session.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000},
        )
        one.key("KeyJ", "j")
        first = one.focused()
        one.key("KeyE", "e")
        expect(one.page.locator(f"#{first}")).to_have_class(_with("is-handled"), timeout=WAIT)


def test_a_daemon_that_is_gone_is_said(browser: Browser, own_desk: Desk) -> None:
    with tab(browser, own_desk.url) as one:
        one.page.clock.install()
        one.go("/hits")
        stop(own_desk.process)
        one.page.clock.run_for(90_000)
        expect(one.page.locator("#stale")).to_be_visible(timeout=WAIT)
        one.faults.clear()
