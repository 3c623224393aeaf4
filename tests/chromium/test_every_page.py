"""Every page in a real browser, light and dark, on a desk and on a phone: usable without eyes and mouse, inside its window, light."""

from __future__ import annotations

import gzip
from typing import Final

import httpx
import pytest
from playwright.sync_api import Browser

from tests.chromium.browser import tab
from tests.chromium.newsroom import Desk
from tests.patience import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.long]

PAGES: Final = {
    "today": "/",
    "hits": "/hits",
    "hit-open": "/hits?open=1",
    "hit": "/hits/1",
    "none": "/hits?text=없는말",
    "stories": "/stories",
    "story": "",
    "timeline": "/timeline",
    "timeline-rule": "/timeline?rule=us",
    "rules": "/rules",
    "rule": "/rules/us",
    "rule-new": "/rules/new?match=딥시크",
    "sources": "/sources",
    "source": "/sources/s0",
    "source-new": "/sources/new",
    "channels": "/channels",
    "deliveries": "/deliveries",
    "delivery": "",
    "settings": "/settings",
    "silences": "/settings/silences",
    "login": "/login",
    "fault": "/hits/999999",
}
MOST_BYTES: Final = 40 * 1024
MOST_REQUESTS: Final = 3


def place(desk: Desk, name: str) -> str:
    """Return the address of a page."""
    if name == "delivery":
        ((first,),) = desk.installation.rows("SELECT id FROM delivery ORDER BY id LIMIT 1")
        return f"/deliveries/{first}"
    if name == "story":
        newest = desk.installation.rows("SELECT story_id FROM article GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
        return f"/stories/{newest[0][0]}"
    return PAGES[name]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_can_be_used_by_everybody(browser: Browser, desk: Desk, width: int, dark: bool) -> None:  # noqa: FBT001
    found: dict[str, list[str]] = {}
    with tab(browser, desk.url, width=width, dark=dark) as one:
        for name in PAGES:
            one.go(place(desk, name))
            one.picture(f"{name}-{'dark' if dark else 'light'}-{width}")
            found[name] = one.violations()
            assert not one.is_wider_than_its_window(), name
            assert one.page.title() != "bad", "a headline is no script"
            one.faults = [fault for fault in one.faults if "404" not in fault]
    assert found == {name: [] for name in PAGES}


def test_english_pages_as_well(browser: Browser, desk: Desk) -> None:
    with tab(browser, desk.url, locale="en-GB", extra_http_headers={"Accept-Language": "en"}) as one:
        for name in PAGES:
            one.go(place(desk, name))
            assert one.page.locator("html").get_attribute("lang") == "en", name
            assert one.violations() == [], name
            one.faults = [fault for fault in one.faults if "404" not in fault]


def test_a_page_is_light_and_asks_little(browser: Browser, desk: Desk) -> None:
    with tab(browser, desk.url) as one:
        one.go("/hits")
        one.page.wait_for_load_state("load")
        assets = [asked for asked in one.requests if "/assets/" in asked]
        others = [asked for asked in one.requests[1:] if "/assets/" not in asked and "/stream" not in asked]
        assert len(assets) <= MOST_REQUESTS
        assert others == []
    with httpx.Client(timeout=PATIENCE, trust_env=False, headers={"Accept-Encoding": "gzip"}) as client:
        shared = sum(len(gzip.compress(client.get(asked).content)) for asked in assets)
        for name in PAGES:
            weight = len(
                gzip.compress(client.get(desk.url + place(desk, name), headers={"Accept": "text/html"}).content)
            )
            assert weight + shared <= MOST_BYTES, f"{name}: {weight + shared} bytes"


def test_a_list_shows_a_morning_at_once(browser: Browser, desk: Desk) -> None:
    with tab(browser, desk.url) as one:
        one.go("/hits")
        inside = one.page.evaluate(
            "[...document.querySelectorAll('.row')].filter(row => row.getBoundingClientRect().bottom <= innerHeight).length"
        )
        assert inside >= 22, "lines at 1280 x 800"


def test_a_screen_reader_finds_its_way(browser: Browser, desk: Desk) -> None:
    with tab(browser, desk.url) as one:
        one.go("/hits?open=1")
        page = one.page
        assert (
            page.get_by_role("navigation", name="주 메뉴")
            .get_by_role("link", name="기사")
            .get_attribute("aria-current")
            == "page"
        )
        assert page.get_by_role("main").count() == 1
        assert page.get_by_role("heading", level=1).count() == 1
        assert page.get_by_role("search").get_by_role("searchbox", name="찾을 말").count() == 1
        assert page.get_by_role("checkbox").first.get_attribute("aria-label")
        assert page.get_by_role("button", name="처리", exact=False).count() >= 1


def test_on_paper_there_is_the_list_and_nothing_to_press(browser: Browser, desk: Desk) -> None:
    with tab(browser, desk.url) as one:
        one.go("/hits")
        one.page.emulate_media(media="print")
        assert not one.page.locator("header.top").is_visible()
        assert not one.page.locator("button").first.is_visible()
        assert one.page.locator(".row .hd").first.is_visible()
        one.picture("hits-print")
