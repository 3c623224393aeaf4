"""A login that ends while somebody is at work: what was typed stays, and the way back is shown; no page is blank."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from tests.chromium.browser import Tab, tab
from tests.chromium.newsroom import Desk, morning
from tests.journeys.installation import stop
from tests.patience import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.long]

WAIT: Final = PATIENCE * 1_000
PASSWORD: Final = "a password of the desk"
PREVIEW: Final = "button[formaction$=preview]"


@pytest.fixture
def guarded(browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    """A desk with a password."""
    assert browser.is_connected()
    with morning(tmp_path, PASSWORD) as running:
        yield running


@pytest.fixture
def one(browser: Browser, guarded: Desk) -> Iterator[Tab]:
    """Somebody who has logged in."""
    with tab(browser, guarded.url) as opened:
        log_in(opened)
        yield opened
        opened.faults.clear()  # a browser complains of every answer that is an error


def log_in(one: Tab) -> None:
    one.go("/login")
    one.page.locator("#password").fill(PASSWORD)
    one.page.get_by_role("button").click()
    expect(one.page.locator("#password")).to_have_count(0, timeout=WAIT)


def test_what_was_typed_outlasts_the_login(one: Tab) -> None:
    one.go("/rules/us")
    one.page.locator("#match").fill("해솔소프트 -광고")
    one.page.context.clear_cookies()
    one.page.locator(PREVIEW).click()
    expect(one.page.locator("#login")).to_be_visible(timeout=WAIT)
    expect(one.page.locator("#match")).to_have_value("해솔소프트 -광고")
    log_in(Tab(one.page.context.new_page(), one.url))
    one.page.locator(PREVIEW).click()
    expect(one.page).to_have_url(re.compile(f"^{re.escape(one.url)}/rules/us/preview[?]"), timeout=WAIT)
    one.page.reload()
    expect(one.page.locator("#match")).to_have_value("해솔소프트 -광고")


def test_a_page_is_asked_for_behind_the_login(one: Tab) -> None:
    one.go("/hits")
    one.page.context.clear_cookies()
    one.page.get_by_role("link", name="규칙", exact=True).first.click()
    expect(one.page.locator("#password")).to_be_visible(timeout=WAIT)
    one.page.locator("#password").fill(PASSWORD)
    one.page.get_by_role("button").click()
    expect(one.page).to_have_url(f"{one.url}/rules", timeout=WAIT)


def test_a_button_that_reaches_nobody_says_so_at_once(one: Tab, guarded: Desk) -> None:
    one.go("/rules/us")
    one.page.locator("#match").fill("해솔소프트 -광고")
    stop(guarded.process)
    one.page.locator(PREVIEW).click()
    expect(one.page.locator("#stale")).to_be_visible(timeout=WAIT)
    expect(one.page.locator("#match")).to_have_value("해솔소프트 -광고")
