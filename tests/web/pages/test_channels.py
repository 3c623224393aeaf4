"""The channels: how each fares, what waits; a sample is sent, one that is shut is opened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from monitor.cluster.choice import choose
from monitor.model.access import Scope
from monitor.model.notification import Notification
from monitor.model.story import Signature
from monitor.service.clock import utc_now
from monitor.service.desk_actions import SAMPLE_LASTS
from monitor.store.db.database import Database
from monitor.store.tables.schema import channel_state, delivery
from monitor.store.write.article_store import ArticleStore
from tests.contracts.databases import SqliteFactory
from tests.contracts.invented import Finding, Reading, article, hit, keep, render
from tests.journeys.installation import SECRET
from tests.replica.receiver import Receiver, Reply
from tests.web import desk
from tests.web.pages.shown import FORM, HOSTILE, Browser, browsing


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """One that takes what is signed."""
    async with Receiver(secrets=(SECRET,)) as own:
        yield own


@pytest.fixture
async def browser(
    tmp_path: Path, sqlite_factory: SqliteFactory, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Browser]:
    """Somebody who may write, before a channel whose receiver is there."""
    url = f"{receiver.url}/verysecret"
    monkeypatch.setattr(
        desk, "CHANNELS", f'channels: [{{id: desk, kind: webhook, url: "{url}", secret: "{SECRET}"}}]\n'
    )
    with sqlite_factory.lent() as database:
        async with browsing(tmp_path, database) as one:
            yield one


async def shut(browser: Browser, reason: str = "404: Unknown Webhook", messages: int = 2) -> None:
    """Let messages wait for a channel that its receiver has shut."""
    now, database = utc_now(), Database(browser.site.url)
    store = ArticleStore(database, choose, timedelta(days=3))
    for number in range(messages):
        finding = Finding(hit("openai"), (Notification("desk", "openai"),))
        await keep(
            store, Reading(None, article(f"k{number}"), Signature(), (finding,)), render, now - timedelta(hours=2)
        )
    values = {"disabled_at": now - timedelta(hours=1), "reason": reason}
    await database.write(
        lambda c: c.execute(update(channel_state).where(channel_state.c.id == "desk").values(**values))
    )
    await database.aclose()
    browser.site.desk.line.forget()


async def test_a_channel_that_is_shut_says_why_what_waits_and_what_opening_does(browser: Browser) -> None:
    await shut(browser)
    page = await browser.look("/channels")
    row = page.one("tr#c-desk")
    assert row.one(".bad").text.split() == ["▲", "닫힘"]
    assert "404: Unknown Webhook" in row.text
    assert "url을 고치십시오" in row.text, "what is to be done about it"
    assert "2통" in row.text
    assert "2시간" in row.text
    assert [one.attr("action") for one in row.all("form")] == [
        "/channels/desk/open",
        "/channels/desk/open",
        "/channels/desk/test",
    ]
    assert "기다리던 2통이 차례로" in page.one(".note").text
    assert "verysecret" not in (await browser.get("/channels")).text


async def test_a_sample_is_sent_once_and_its_answer_stays_for_a_while(browser: Browser, receiver: Receiver) -> None:
    answer = await browser.post("/channels/desk/test", {"back": "/channels#c-desk"})
    assert (answer.status, answer.headers["location"]) == (303, "/channels#c-desk")
    for _ in range(2):
        row = (await browser.look("/channels")).one("tr#c-desk")
        assert "시험 글을 받음" in row.text
    assert len(receiver.posts) == 1, "to look again sends nothing"
    assert browser.site.desk.actions.samples(utc_now() + SAMPLE_LASTS + timedelta(seconds=9)) == {}


async def test_it_is_opened_only_when_the_sample_is_taken(browser: Browser, receiver: Receiver) -> None:
    await shut(browser)
    receiver.then(Reply(404, body=b"<b>no</b>"))
    refused = await browser.post("/channels/desk/open", {"test": 1, "back": "/"})
    assert refused.headers["location"] == "/channels#c-desk", "the answer is read where it stands"
    page = await browser.look("/channels")
    assert "시험 글을 받지 않음" in page.one("tr#c-desk").text
    assert "닫힘" in page.one("tr#c-desk").text
    taken = await browser.post("/channels/desk/open", {"test": 1, "back": "/"})
    assert taken.headers["location"] == "/"
    assert "열림" in (await browser.look("/channels")).one("tr#c-desk").text


async def test_it_is_opened_untested_at_wish(browser: Browser, receiver: Receiver) -> None:
    await shut(browser)
    answer = await browser.post("/channels/desk/open")
    assert (answer.status, answer.headers["location"]) == (303, "/channels#c-desk")
    assert "닫힘" not in (await browser.look("/channels")).one("tr#c-desk").text
    assert receiver.posts == []


async def test_until_its_receiver_has_answered_an_untested_channel_is_being_tried(browser: Browser) -> None:
    await shut(browser)
    await browser.post("/channels/desk/open")
    row = (await browser.look("/channels")).one("tr#c-desk")
    assert "시도하는 중" in row.one("td").text
    assert "404: Unknown Webhook" in row.text, "why it took nothing before"
    assert "답을 기다림" in row.text
    assert "채널 1 중 0 열림" in (await browser.look("/")).one("#state").text
    assert "desk" in (await browser.look("/")).one(".need").text
    database = Database(browser.site.url)
    taken = {"state": "done", "done_at": utc_now()}
    await database.write(lambda c: c.execute(update(delivery).where(delivery.c.seq == 1).values(**taken)))
    await database.aclose()
    browser.site.desk.line.forget()
    assert "열림" in (await browser.look("/channels")).one("tr#c-desk td").text


async def test_what_there_is_not_and_who_may_not(browser: Browser) -> None:
    for act in ("open", "test"):
        assert (await browser.post(f"/channels/dsek/{act}")).status == 404
        foreign = await browser.post(f"/channels/desk/{act}", {}, {**FORM, "sec-fetch-site": "cross-site"})
        assert foreign.status == 403
    browser.scope = Scope.READ
    assert (await browser.look("/channels")).all("form") == []
    assert (await browser.post("/channels/desk/test")).status == 403


async def test_what_a_receiver_says_stays_text_in_both_languages(browser: Browser) -> None:
    await shut(browser, HOSTILE)
    for path in ("/channels", "/channels?ui=en"):
        text = (await browser.get(path)).text
        assert text.count("<script") == text.count("<script src=")
        assert "<b>오픈AI" not in text
    assert "Shut" in text


async def test_a_channel_without_an_address_says_where_it_goes(
    tmp_path: Path, sqlite_factory: SqliteFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "CHANNELS", "channels: [{id: desk, kind: webhook, url: ''}]\n")
    with sqlite_factory.lent() as database:
        async with browsing(tmp_path, database) as one:
            row = (await one.look("/channels")).one("tr#c-desk")
            assert "주소가 없음" in row.text
            assert "channels.yaml의 url" in row.text
            assert "${이름}" in row.text
            assert "다시 띄우십시오" in row.text


async def test_how_long_messages_took_is_told_in_units_of_people(browser: Browser) -> None:
    now, database = utc_now(), Database(browser.site.url)
    await shut(browser, messages=3)
    open_again = update(channel_state).values(disabled_at=None, reason="")
    waited = ((1, timedelta(milliseconds=240)), (2, timedelta(milliseconds=240)), (3, timedelta(hours=5)))
    await database.write(lambda one: one.execute(open_again))
    done = [
        update(delivery).where(delivery.c.seq == seq).values(state="done", created_at=now - took, done_at=now)
        for seq, took in waited
    ]
    await database.write(lambda one: [one.execute(each) for each in done])
    await database.aclose()
    browser.site.desk.line.forget()
    last = (await browser.look("/channels")).one("tr#c-desk").all("td")[2].text
    assert "0.2초" in last
    assert "5시간" in last


async def test_the_first_page_says_what_to_do_about_a_channel_and_offers_it(browser: Browser) -> None:
    await shut(browser)
    need = (await browser.look("/")).one(
        "section.need[aria-labelledby=need] li:has(form[action='/channels/desk/open'])"
    )
    assert "url을 고치십시오" in need.text
    assert need.one("button").text == "시험하고 열기"
    now, database = utc_now(), Database(browser.site.url)
    failing = update(channel_state).values(disabled_at=None, failing_since=now, reason="")
    await database.write(lambda one: one.execute(failing))
    await database.write(lambda one: one.execute(update(delivery).values(last_error="500: told to fail")))
    await database.aclose()
    browser.site.desk.line.forget()
    need = (await browser.look("/")).one(
        "section.need[aria-labelledby=need] li:has(form[action='/channels/desk/open'])"
    )
    assert "받는 쪽 기록을 보십시오" in need.text
    assert need.one("button").text == "지금 시도", "nobody shut it: nothing has to be opened"
    assert need.all("input[name=test]") == []
