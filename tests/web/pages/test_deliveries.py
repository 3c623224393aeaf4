"""Deliveries: a page of them, one with its attempts and its text, some of them sent again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.model.access import Scope
from monitor.web.pages.deliveries import PAGE, readable
from tests.contracts.databases import SqliteFactory
from tests.web.api.stock import stock
from tests.web.pages.shown import FORM, Browser, browsing


@pytest.fixture
async def browser(tmp_path: Path, sqlite_factory: SqliteFactory) -> AsyncIterator[Browser]:
    """Somebody who may write, before a database with deliveries."""
    with sqlite_factory.lent() as url:
        await stock(url)
        async with browsing(tmp_path, url) as one:
            yield one


async def ids(browser: Browser, query: str = "") -> list[str]:
    """Return the ids of a page in their order."""
    page = await browser.look(f"/deliveries{query}")
    return [one.attr("id").removeprefix("d-") for one in page.all("table.dels tbody tr")]


async def test_what_was_to_be_sent_is_shown_and_chosen_by_address(browser: Browser) -> None:
    every = await ids(browser)
    kept = await ids(browser, "?state=suppressed")
    assert every
    assert kept
    assert set(every).isdisjoint(kept)
    page = await browser.look("/deliveries?state=suppressed&rule=seoul")
    assert 0 < len(page.all("tbody tr")) < len(kept)
    assert page.one("#f-rule option[selected]").text == "서울"
    assert "처음 살필 때" in page.one("td.late").text
    assert await ids(browser, "?channel=desk&state=&rule=&source=") == every, "as a form sends it"
    (hit,) = await ids(browser, "?hit=23")
    assert hit in every


async def test_a_page_of_many_leads_to_the_next(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    every = await ids(browser)
    assert len(every) < PAGE
    monkeypatch.setattr("monitor.web.pages.deliveries.PAGE", 10)
    for query in ("", "?channel=desk"):
        path, found = f"/deliveries{query}", []
        while path:
            page = await browser.look(path)
            found += [one.attr("id").removeprefix("d-") for one in page.all("table.dels tbody tr")]
            path = page.one("nav a[rel=next]").attr("href") if page.has("nav a[rel=next]") else ""
        assert found == every, query


async def test_one_has_its_text_its_hit_and_a_button_that_names_the_place(browser: Browser) -> None:
    newest = (await ids(browser))[0]
    page = await browser.look(f"/deliveries/{newest}")
    assert page.one("pre").text
    assert page.one("form button").text == "지금 시도: desk에 1통"
    links = {one.attr("href") for one in page.all("dl.why a")}
    assert "/channels#c-desk" in links
    assert any(one.startswith("/hits/") for one in links)
    assert (await browser.look(f"/deliveries/{newest[-10:]}")).one("code").text, "its end is enough"
    kept = (await ids(browser, "?state=suppressed"))[0]
    assert (await browser.look(f"/deliveries/{kept}")).one("form button").text == "그래도 보내기: desk에 1통"


async def test_some_are_sent_again_once_it_was_said_where(browser: Browser) -> None:
    first, second, *rest = await ids(browser, "?state=suppressed")
    asked = await browser.look(f"/deliveries/replay?id={first}&id={second}&id=nothing")
    assert len(await ids(browser, "?state=suppressed")) == 2 + len(rest), "to ask sends nothing"
    assert asked.one("button.pri").text.split() == ["2통", "보내기:", "desk", "2"]
    fields = [("id", one.attr("value")) for one in asked.all("form input[name=id]")]
    answer = await browser.post("/deliveries/replay", fields)
    assert answer.status == 303
    told = await browser.look(answer.headers["location"])
    assert [row.all("td")[-1].text for row in told.all("tbody tr")] == ["곧 나갑니다"] * 2
    assert not told.has("button.pri")
    assert await ids(browser, "?state=suppressed") == rest


async def test_who_may_only_read_sends_nothing(browser: Browser) -> None:
    kept = (await ids(browser, "?state=suppressed"))[0]
    foreign = await browser.post("/deliveries/replay", {"id": kept}, {**FORM, "sec-fetch-site": "cross-site"})
    assert foreign.status == 403
    browser.scope = Scope.READ
    for path in ("/deliveries?state=suppressed", f"/deliveries/{kept}"):
        assert (await browser.look(path)).all("main button:not([type])") == [] or path.startswith("/deliveries?")
        assert not (await browser.look(path)).has("input[type=checkbox], form[action='/deliveries/replay']")
    assert (await browser.post("/deliveries/replay", {"id": kept})).status == 403
    assert (await browser.get(f"/deliveries/replay?id={kept}")).status == 403


async def test_whatever_strangers_wrote_stays_text_and_secrets_are_none(browser: Browser) -> None:
    newest = (await ids(browser))[0]
    for path in ("/deliveries", f"/deliveries/{newest}", f"/deliveries/replay?id={newest}", "/deliveries?ui=en"):
        text = (await browser.get(path)).text
        assert text.count("<script") == text.count("<script src="), path
        assert "verysecret" not in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/deliveries/none", 404),
        ("/deliveries?state=x", 422),
        ("/deliveries?channel=dsek", 422),
        ("/deliveries?hit=0", 422),
        ("/deliveries?before=%27", 422),
        ("/deliveries?x=1", 422),
        ("/deliveries/replay?id=1", 422),
        ("/deliveries/replay?id=nothing&outcome=x", 422),
        ("/deliveries?since=gestern-abend", 400),
        ("/deliveries?channel=%00", 422),
    ],
)
async def test_what_makes_no_sense_is_told_on_a_page(browser: Browser, path: str, status: int) -> None:
    answer = await browser.get(path)
    assert answer.status == status
    assert 'id="page"' in answer.text


def test_a_body_is_read_in_lines() -> None:
    assert readable('{"가": [1]}') == '{\n "가": [\n  1\n ]\n}'
    assert readable("no json") == "no json"
