"""A source is added by its address: what it offers is shown, one is written, what is wrong stands at the field."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from monitor.model.access import Scope
from monitor.model.errors import MonitorError
from tests.contracts.databases import SqliteFactory
from tests.net.raw_server import Caller, RawServer, http, serving
from tests.web import desk
from tests.web.pages.shown import FORM, Browser, Part, browsing

ITEM = "<item><title>{0} &lt;script&gt;x</title><link>/news/{0}</link></item>"
FEED = f"<rss version='2.0'><channel>{''.join(ITEM.format(n) for n in range(1, 13))}</channel></rss>"
HOME = (
    "<html><head><title>한빛 $HOME: 뉴스</title>"
    '<link rel="alternate" type="application/rss+xml" href="/all.xml"></head><body></body></html>'
)


@pytest.fixture
async def site() -> AsyncIterator[RawServer]:
    """An outlet with a feed that its first page names."""
    pages = {
        "/": http(HOME.encode(), "200 OK", "Content-Type: text/html; charset=utf-8"),
        "/all.xml": http(FEED.encode(), "200 OK", "Content-Type: application/xml"),
    }

    async def talk(caller: Caller) -> None:
        await caller.say(pages.get(caller.path.partition("?")[0], http(b"", "404 Not Found")))

    async with serving(talk) as server:
        yield server


@pytest.fixture
async def browser(
    tmp_path: Path, sqlite_factory: SqliteFactory, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Browser]:
    """An administrator whose installation may fetch from this machine."""
    monkeypatch.setattr(
        desk, "MONITOR", f"{desk.MONITOR}fetch: {{allow_networks: [127.0.0.0/8], per_host_interval: 0s}}\n"
    )
    with sqlite_factory.lent() as url:
        async with browsing(tmp_path, url) as one:
            one.scope = Scope.ADMIN
            yield one


def fields(page: Part, **changes: str) -> dict[str, str]:
    """Return what the first form that saves would send."""
    inputs = page.one("form[action='/sources/new/save']").all("input")
    return {one.attr("name"): one.attr("value") for one in inputs} | changes


async def test_what_a_site_offers_is_shown_and_the_chosen_one_is_written(
    browser: Browser, site: RawServer, tmp_path: Path
) -> None:
    page = await browser.show("/sources/new", {"address": site.url()})
    assert "feed" in page.one("summary").text
    assert "기사 12건" in page.one("summary").text
    assert len(page.one("details").all("tbody tr")) == 10
    assert page.one("tbody th").text == "1 <script>x"
    assert "한빛" in page.one("pre").text
    saved = await browser.show("/sources/new/save", fields(page, id="hanbit"))
    assert "sources.d/hanbit.yaml" in saved.one("p.note").text
    assert "아직 적용되지 않았습니다: no daemon" in saved.one("p.note").text
    (entry,) = yaml.safe_load((tmp_path / "sources.d" / "hanbit.yaml").read_text("utf-8"))["sources"]
    assert (entry["kind"], entry["url"], entry["name"].startswith("한빛 $$HOME")) == (
        "feed",
        site.url("/all.xml"),
        True,
    )


async def test_who_added_a_source_is_remembered_and_none_is_hidden_by_a_form(browser: Browser, site: RawServer) -> None:
    page = await browser.show("/sources/new", {"address": site.url("/all.xml")})
    refused = await browser.show("/sources/new/save", fields(page, id="new"), 422)
    assert "another id" in refused.one("#wrong").text
    await browser.show("/sources/new/save", fields(page, id="hanbit"))
    history = await browser.look("/settings/history")
    assert "admin · sources.d/hanbit.yaml" in history.text
    assert "+  - id: hanbit" in history.one("pre").text


async def test_the_history_tells_readers_no_key_of_an_address(browser: Browser, site: RawServer) -> None:
    page = await browser.show("/sources/new", {"address": site.url("/all.xml?section=9&api_key=hunter2-hunter2")})
    await browser.show("/sources/new/save", fields(page, id="hanbit"))
    browser.scope = Scope.READ
    shown = (await browser.look("/settings/history")).one("pre").text
    assert "section=9" in shown
    assert "hunter2" not in shown


async def test_what_was_put_in_force_leads_to_the_source(
    browser: Browser, site: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def taken() -> tuple[str, ...]:
        return ("plan 1 is in force",)

    page = await browser.show("/sources/new", {"address": site.url("/all.xml")})
    monkeypatch.setattr(type(browser.site.desk.actions), "reload", lambda _: taken())
    answer = await browser.post("/sources/new/save", fields(page, id="hanbit"))
    assert (answer.status, answer.headers["location"]) == (303, "/sources/hanbit")


async def test_what_is_wrong_stands_at_the_field_with_what_was_typed(
    browser: Browser, site: RawServer, tmp_path: Path
) -> None:
    for address, words in (
        ("", "주소를 적으"),
        ("https://192.168.0.1/<b>", "볼 수 없습니다"),
        (site.url("/none"), "404"),
    ):
        page = await browser.show("/sources/new", {"address": address}, 422)
        assert words in page.one("#fault").text
        assert page.one("#address").attr("value") == address
    page = await browser.show("/sources/new", {"address": site.url("/all.xml")})
    for given, words in (("Ä x", "소문자"), ("../x", "소문자"), ("herald", "herald")):
        wrong = await browser.show("/sources/new/save", fields(page, id=given, name="새 이름"), 422)
        assert words in wrong.one("#wrong").text
        assert (wrong.one("#id-1").attr("value"), wrong.one("#name-1").attr("value")) == (given, "새 이름")
    assert list((tmp_path / "sources.d").glob("*")) == [], "what would break the configuration is not kept"
    await browser.post("/sources/new/save", fields(page, id="twice"))
    again = await browser.show("/sources/new/save", fields(page, id="twice"), 422)
    assert "sources.d/twice.yaml" in again.one("#wrong").text


async def test_only_one_address_is_looked_at_at_a_time(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may = asyncio.Event(), asyncio.Event()

    async def slowly(_address: str) -> None:
        begun.set()
        await may.wait()
        raise MonitorError("nothing there")

    monkeypatch.setattr(browser.site.desk.app.source_setup, "discover", slowly)
    first = asyncio.create_task(browser.post("/sources/new", {"address": "a.example"}))
    await begun.wait()
    assert "지금 다른 주소를" in (await browser.post("/sources/new", {"address": "b.example"})).text
    may.set()
    assert "nothing there" in (await first).text


async def test_who_may_do_what(browser: Browser, site: RawServer) -> None:
    page = await browser.show("/sources/new", {"address": site.url("/all.xml")})
    sent = fields(page, id="hanbit")
    for change in ({"kind": "feed\n  - id: x"}, {"site": "a b"}, {"url": ""}, {"name": ""}):
        assert (await browser.post("/sources/new/save", sent | change)).status == 422
    foreign = await browser.post("/sources/new/save", sent, {**FORM, "sec-fetch-site": "cross-site"})
    assert foreign.status == 403
    browser.scope = Scope.WRITE
    shown = await browser.show("/sources/new", {"address": site.url("/all.xml")})
    assert not shown.has("form[action='/sources/new/save']")
    assert (await browser.post("/sources/new/save", sent)).status == 403
    browser.scope = Scope.READ
    assert (await browser.get("/sources/new")).status == 403
    assert not (await browser.look("/sources")).has("form[action='/sources/new']")
