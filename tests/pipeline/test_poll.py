"""Poll: what a poll of a source stores, alerts, and leaves for later."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from monitor.extract.sandbox.parsers import InlineParser
from monitor.model.article import Article, Entry, PageContent
from monitor.model.errors import ExtractError, FetchError, FetchReason
from monitor.model.event import EntryFailed, HitStored, ListCut, Polled, PollFailed, TaskFailed
from monitor.model.hit import Match
from monitor.model.page import Page, Validators
from monitor.model.plan import Interval, Plan, Source
from monitor.model.records import HitQuery
from monitor.model.task import Deliver, Poll
from monitor.pipeline.ports import Matcher
from monitor.store.tables.schema import source_state, story_signature
from monitor.store.write.source_store import SourceState
from tests.pipeline.app import LIST, App, plan

POLL = Poll("paper", at_once=True)


def refused(url: str, *, transient: bool = True, retry_after: float | None = None) -> FetchError:
    return FetchError(url, FetchReason.STATUS, "503", transient=transient, status=503, retry_after=retry_after)


async def baseline(app: App) -> None:
    """Take the source past its first run, with article 1 on the page."""
    app.press.listing(1)
    app.press.article(1, "오픈AI는 첫 기사에 나온다.")
    await app.run(POLL)


async def test_the_first_run_stores_hits_and_alerts_nobody(app: App) -> None:
    await baseline(app)
    with app.reader() as reader:
        (hit,) = reader.hits(HitQuery())
        assert (hit.rule_id, hit.alerted) == ("openai", "baseline")
        (row,) = reader.deliveries()
        assert (row.state, row.reason, row.seq) == ("suppressed", "baseline", None)
    assert app.post.sent == []


async def test_what_appears_later_alerts_once(app: App) -> None:
    await baseline(app)
    app.press.listing(2, 1)
    app.press.article(2, "오픈AI가 두 번째 기사에 나온다. 오픈AI의 일이다.")
    app.clock.pass_(minutes=5)
    followed = await app.run(POLL)
    assert [type(task) for task in followed] == [Deliver]
    (sent,) = app.post.sent
    assert (sent.seq, sent.attempt) == (1, 1)
    app.clock.pass_(minutes=5)
    assert await app.run(POLL) == []
    assert len(app.post.sent) == 1
    assert [event.spans for event in app.witness.events if isinstance(event, HitStored)] == [1, 2]


async def test_an_unchanged_list_is_not_read_again(app: App) -> None:
    await baseline(app)
    asked = len(app.press.asked)
    await app.run(POLL)
    assert app.press.asked[asked:] == [LIST]
    (first, second) = app.witness.of(Polled)
    assert isinstance(second, Polled)
    assert (second.entries, second.new, second.articles) == (0, 0, 0)
    assert first != second


@pytest.mark.parametrize(("first_run", "stored", "sent"), [("baseline", 1, 0), ("alert", 1, 1), ("ignore", 0, 0)])
async def test_first_run_is_the_users_choice(app: App, first_run: str, stored: int, sent: int) -> None:
    old = plan()
    await app.put(replace(old, sources=(replace(old.sources[0], first_run=first_run),)))  # type: ignore[arg-type]
    await baseline(app)
    with app.reader() as reader:
        assert len(reader.hits(HitQuery())) == stored
    assert len(app.post.sent) == sent


async def test_a_list_that_failed_at_first_still_has_its_first_run_later(app: App) -> None:
    other = "https://paper.example/other"
    source = replace(plan().sources[0], urls=(LIST, other))
    await app.put(plan(sources=(source,)))
    app.press.pages[other] = refused(other)
    await baseline(app)
    app.press.listing(7, url=other)
    app.press.article(7, "오픈AI는 다른 목록에 오래 있었다.")
    await app.run(POLL)
    with app.reader() as reader:
        assert {hit.alerted for hit in reader.hits(HitQuery())} == {"baseline"}
    assert app.post.sent == []


async def test_after_an_outage_everything_missed_is_caught_up(app: App) -> None:
    await baseline(app)
    app.press.pages[LIST] = refused(LIST)
    for hour in range(6):
        app.clock.pass_(hours=1)
        await app.run(POLL)
        assert app.witness.of(PollFailed)[-1].failures == hour + 1  # type: ignore[union-attr]
    app.press.listing(5, 4, 3, 2, 1)
    for number in (2, 3, 4, 5):
        app.press.article(number, f"오픈AI가 기사 {number} 에 나온다.")
    app.clock.pass_(hours=6)
    await app.tick()
    assert len(app.post.sent) == 4
    assert [sent.seq for sent in app.post.sent] == [1, 2, 3, 4]


async def test_a_page_that_shows_no_article_is_a_failure(app: App) -> None:
    await baseline(app)
    app.press.pages[LIST] = "<html><body><p>시스템 점검 중입니다</p></body></html>"
    await app.run(POLL)
    (event,) = app.witness.of(PollFailed)
    assert isinstance(event, PollFailed)
    assert "no article" in event.error
    with app.reader() as reader:
        (source,) = reader.sources(app.clock())
        assert source.failures == 1
        assert "no article" in source.last_error


async def test_failures_back_off_and_a_success_ends_them(app: App) -> None:
    app.press.pages[LIST] = refused(LIST, retry_after=7200.0)
    await app.run(POLL)
    (event,) = app.witness.of(PollFailed)
    assert isinstance(event, PollFailed)
    assert event.retry_in >= 7200.0
    assert Poll("paper") not in await app.due()
    app.clock.pass_(seconds=event.retry_in + 1)
    app.press.listing(1)
    app.press.article(1, "아무 일도 없다.")
    await app.tick()
    with app.reader() as reader:
        (source,) = reader.sources(app.clock())
        assert (source.failures, source.last_error) == (0, "")


async def test_a_page_that_fails_for_now_is_read_later(app: App) -> None:
    await baseline(app)
    url = app.press.article(2, "오픈AI가 늦게 읽힌다.")
    page, app.press.pages[url] = app.press.pages[url], refused(url)
    app.press.listing(2, 1)
    await app.run(POLL)
    (event,) = app.witness.of(EntryFailed)
    assert isinstance(event, EntryFailed)
    assert not event.final
    assert app.post.sent == []
    app.press.pages[url] = page
    app.clock.pass_(minutes=4, seconds=59)  # before the source's own next poll: the entry brings it forward
    await app.tick()
    assert len(app.post.sent) == 1


async def test_a_page_that_will_never_come_is_known_by_its_headline(app: App) -> None:
    await baseline(app)
    app.press.pages[LIST] = (
        '<html><body><ul><li><a href="/news/view/1009">오픈AI, 사라질 기사에 이름을 남기다</a></li></ul></body></html>'
    )
    for _ in range(4):
        app.clock.pass_(hours=1)
        await app.run(POLL)
    events = app.witness.of(EntryFailed)
    assert [event.final for event in events if isinstance(event, EntryFailed)] == [False, False, False, True]
    (sent,) = app.post.sent
    assert "사라질 기사" in sent.body.decode()


async def test_a_page_that_comes_after_its_list_is_read_in_full(app: App) -> None:
    await baseline(app)
    app.press.listing(2, 1)
    await app.run(POLL)  # the list is ahead of the page behind it: 404
    app.press.article(2, "오픈AI가 몇 초 뒤에 나온다.")
    app.clock.pass_(minutes=1)
    await app.tick()
    (sent,) = app.post.sent
    assert "몇 초 뒤에" in sent.body.decode()
    assert app.press.asked.count(LIST) == 2  # the entry was due, the list was not


async def test_an_article_that_breaks_us_does_not_silence_its_source(app: App) -> None:
    await baseline(app)
    app.press.listing(3, 2, 1)
    app.press.pages["https://paper.example/news/view/1002"] = RecursionError("a hostile page")
    app.press.article(3, "오픈AI가 그 뒤에 나온다.")
    for _ in range(7):
        app.clock.pass_(hours=7)
        await app.run(POLL)
    assert len(app.post.sent) == 1
    faults = [event for event in app.witness.of(EntryFailed) if isinstance(event, EntryFailed)]
    assert {event.reason for event in faults} == {"fault"}
    assert faults[-1].final
    with app.reader() as reader:
        (source,) = reader.sources(app.clock())
        assert source.failures == 0


async def test_a_new_list_does_not_take_the_news_of_an_old_one_for_old(app: App) -> None:
    await baseline(app)
    other = "https://paper.example/other"
    await app.put(plan(version="v2", sources=(replace(plan().sources[0], urls=(other, LIST)),)))
    app.press.listing(2, 1)
    app.press.listing(2, url=other)
    app.press.article(2, "오픈AI가 두 목록에 같이 나온다.")
    await app.run(POLL)
    assert len(app.post.sent) == 1


async def test_a_new_source_does_not_swallow_the_news_of_an_old_one(app: App) -> None:
    await baseline(app)
    app.press.listing(2, 1)
    app.press.article(2, "오픈AI가 두 신문에 같이 나온다.")
    mirror = Source("mirror", "거울", "list", (LIST,), plan().sources[0].every)
    await app.put(plan(version="v2", sources=(*plan().sources, mirror)))
    await app.run(Poll("mirror", at_once=True))
    assert app.post.sent == []  # the mirror's first run
    await app.run(POLL)
    assert len(app.post.sent) == 1
    with app.reader() as reader:
        assert [hit.alerted for hit in reader.hits(HitQuery())] == ["sent", "baseline"]


async def test_a_rule_that_comes_during_a_poll_holds_for_the_rest_of_it(app: App) -> None:
    await baseline(app)
    app.press.listing(3, 2, 1)
    app.press.article(2, "딥시크 둘.")
    app.press.article(3, "딥시크 셋.")
    late = replace(plan().rules[0], id="late", expression="@deepseek")
    steps = app.steps(POLL)
    fetch = app.press.fetch

    async def fetch_and_reload(
        url: str, known: Validators | None = None, headers: Mapping[str, str] | None = None
    ) -> Page:
        if url.endswith(("1003", "1002")):
            await app.put(plan(version="v2", rules=(*plan().rules, late)))
        return await fetch(url, known, headers)

    app.press.fetch = fetch_and_reload  # type: ignore[method-assign]  # a reload in the middle
    async for _ in steps:
        pass
    with app.reader() as reader:
        assert len(reader.hits(HitQuery(rule="late"))) == 2


async def test_half_a_failure_is_told_and_not_punished(app: App) -> None:
    dead = "https://paper.example/dead"
    await app.put(plan(version="v2", sources=(replace(plan().sources[0], urls=(LIST, dead)),)))
    app.press.pages[dead] = refused(dead)
    await baseline(app)
    for _ in range(12):
        app.clock.pass_(minutes=5)
        await app.run(POLL)
    with app.reader() as reader:
        (source,) = reader.sources(app.clock())
        assert source.failures == 0
        assert source.last_success_at == app.clock()
        assert "/dead" in source.last_error
        assert source.next_poll_at == app.clock() + timedelta(minutes=5)


async def test_entries_that_fail_do_not_bring_the_list_forward(app: App) -> None:
    hourly = replace(plan().sources[0], every=Interval(3600.0))
    await app.put(plan(version="v2", sources=(hourly,)))
    await baseline(app)
    app.press.listing(*range(1, 31))
    for number in range(2, 31):
        url = f"https://paper.example/news/view/{1000 + number}"
        app.press.pages[url] = refused(url)
    app.clock.pass_(hours=1)
    await app.tick()
    before = app.press.asked.count(LIST)
    for _ in range(59):
        app.clock.pass_(minutes=1)
        await app.tick()
    assert app.press.asked.count(LIST) == before


async def test_a_second_source_that_shows_the_same_article_does_not_fetch_it(app: App) -> None:
    await baseline(app)
    app.press.listing(2, 1)
    app.press.article(2, "딥시크가 나온다.")
    await app.run(POLL)
    mirror = Source("mirror", "거울", "list", (LIST,), plan().sources[0].every, first_run="alert")
    only = replace(plan().rules[0], id="mirrored", expression="@deepseek", sources=("mirror",))
    await app.put(plan(version="v2", sources=(*plan().sources, mirror), rules=(plan().rules[0], only)))
    asked = len(app.press.asked)
    await app.run(Poll("mirror", at_once=True))
    assert app.press.asked[asked:] == [LIST]
    with app.reader() as reader:
        (hit,) = reader.hits(HitQuery(rule="mirrored"))
        assert hit.alerted == "sent"


async def test_a_source_is_polled_by_one_at_a_time(app: App) -> None:
    await baseline(app)
    state = await app.source_store.claim_source("paper", "somebody else", app.clock(), timedelta(minutes=5))
    assert state is not None
    asked = len(app.press.asked)
    assert await app.run(Poll("paper")) == []
    assert app.press.asked[asked:] == []


async def test_a_source_that_is_to_be_polled_at_once_is_polled_again_after_the_poll_under_way(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    await baseline(app)
    claim, refused = app.source_store.claim_source, asyncio.Event()

    async def watched(*args: Any) -> SourceState | None:  # noqa: ANN401 - as it is
        state = await claim(*args)
        if state is None:
            refused.set()
        return state

    monkeypatch.setattr(app.source_store, "claim_source", watched)
    app.steps = replace(app.steps, poll=replace(app.steps.poll, again=0.0))
    assert await app.source_store.claim_source("paper", "somebody else", app.clock(), timedelta(minutes=5)) is not None
    app.press.listing(2, 1)
    app.press.article(2, "오픈AI 둘.")
    asked = len(app.press.asked)
    waiting = asyncio.create_task(app.run(POLL))
    await refused.wait()
    assert app.press.asked[asked:] == []
    await app.source_store.release_source("paper", "somebody else")
    assert len(await waiting) == 1


async def test_a_source_that_left_the_plan_is_left_alone(app: App) -> None:
    await app.put(plan(sources=()))
    await app.run(POLL, Poll("never-heard-of"))
    assert app.press.asked == []


async def test_an_app_that_shuts_down_stops_between_two_articles(app: App) -> None:
    await baseline(app)
    app.press.listing(3, 2, 1)
    app.press.article(2, "오픈AI 둘.")
    app.press.article(3, "오픈AI 셋.")
    app.stopping[0] = True
    assert await app.run(POLL) == []
    app.stopping[0] = False
    await app.tick()  # the entries are due at once, without waiting for the next poll
    assert len(app.post.sent) == 2


async def test_a_poll_that_breaks_gives_its_source_back(app: App) -> None:
    app.press.pages[LIST] = RuntimeError("a fault of ours")
    with pytest.raises(RuntimeError):
        await app.run(POLL)
    with app.reader() as reader:
        (source,) = reader.sources(app.clock())
        assert "a fault of ours" in source.last_error
    app.press.listing(1)
    app.press.article(1, "아무 일도 없다.")
    app.clock.pass_(hours=7)
    await app.tick()
    assert app.witness.of(Polled)


class Busy(InlineParser):
    """A parser that has no time for the first article."""

    def __init__(self) -> None:
        self.asked = 0

    async def content(
        self, page: Page, source: Source, entry: Entry, first_seen_at: datetime, now: datetime
    ) -> PageContent:
        self.asked += 1
        if self.asked == 1:
            raise ExtractError(page.url, "busy", transient=True)
        return await super().content(page, source, entry, first_seen_at, now)


async def test_a_page_whose_parser_has_no_time_is_read_later(app: App) -> None:
    app.press.listing(1)
    app.press.article(1, "오픈AI는 첫 기사에 나온다.")
    articles = app.steps.poll.articles
    busy = replace(articles, reader=replace(articles.reader, pages=replace(articles.reader.pages, parser=Busy())))
    poll = replace(app.steps.poll, articles=busy)
    assert [task async for task in poll(POLL)] == []
    (failed,) = app.witness.of(EntryFailed)
    assert isinstance(failed, EntryFailed)
    assert not failed.final
    app.clock.pass_(minutes=30)
    assert [task async for task in poll(POLL)] == []
    with app.reader() as reader:
        assert [hit.article.title for hit in reader.hits(HitQuery())] == ["기사 번호 1 의 충분히 긴 제목입니다"]


async def test_news_that_an_index_leads_to_alerts_after_the_first_run(app: App) -> None:
    home, url = "https://paper.example", "https://paper.example/sitemap.xml"
    await app.put(plan(version="v2", sources=(replace(plan().sources[0], kind="sitemap", urls=(url,)),)))

    def publish(day: str, *numbers: int) -> None:
        entries = "".join(f"<url><loc>{home}/news/view/{1000 + n}</loc><news:title/></url>" for n in numbers)
        app.press.pages[url] = (
            f"<sitemapindex><sitemap><loc>{home}/{day}.xml</loc><lastmod>{day}</lastmod></sitemap></sitemapindex>"
        )
        app.press.pages[f"{home}/{day}.xml"] = f"<urlset>{entries}</urlset>"

    publish("2025-02-05", 1)
    app.press.article(1, "오픈AI는 첫 기사에 나온다.")
    await app.run(POLL)
    assert app.post.sent == []
    app.clock.pass_(days=1)
    publish("2025-02-06", 2)  # a map that was never read before, of a source that was
    app.press.article(2, "오픈AI가 두 번째 기사에 나온다.")
    assert [type(task) for task in await app.run(POLL)] == [Deliver]
    assert len(app.post.sent) == 1


async def test_damaged_memories_cost_no_article_and_no_source(app: App) -> None:
    await baseline(app)

    def damage(connection: Connection) -> None:
        packed = connection.execute(select(story_signature.c.packed)).scalars().first()
        assert packed is not None
        connection.execute(update(story_signature).values(packed=packed[:11] + packed[15:]))
        connection.execute(update(source_state).values(arrivals={}, burst=[]))

    await app.database.write(damage)
    app.clock.pass_(minutes=5)
    app.press.listing(2, 1)
    app.press.article(2, "오픈AI는 첫 기사에 나온다.")
    await app.run(POLL)
    assert len(app.post.sent) == 1
    assert app.witness.of(TaskFailed) == []


async def test_an_article_that_breaks_even_by_its_headline_is_left_alone(app: App) -> None:
    await baseline(app)
    app.clock.pass_(minutes=5)
    app.press.listing(3, 2, 1)
    app.press.article(2, "오픈AI 둘.", "부수는 기사의 충분히 긴 제목입니다")
    app.press.pages[LIST] = str(app.press.pages[LIST]).replace("기사 번호 2 의", "부수는 기사의")
    app.press.article(3, "오픈AI 셋.")
    current = app.current_plan

    class Breaking:
        slow = False

        def match(self, article: Article) -> Sequence[tuple[str, tuple[Match, ...]]]:
            if "부수는" in article.title:
                raise RecursionError("deep")
            return current.rules.match(article)

        def only(self, rule_ids: Collection[str]) -> Matcher:
            return current.rules.only(rule_ids)

    class Plans:
        def current(self) -> tuple[Plan, Matcher]:
            return current.plan, Breaking()

    poll = replace(app.steps.poll, articles=replace(app.steps.poll.articles, plans=Plans()))
    for _ in range(8):
        assert [type(task) async for task in poll(POLL)] in ([], [Deliver])
        app.clock.pass_(hours=7)
    with app.reader() as reader:
        assert next(hit.article.title for hit in reader.hits(HitQuery())) == "기사 번호 3 의 충분히 긴 제목입니다"
    waiting = await app.source_store.pending_entries("paper", app.clock(), 10)
    assert [pending.entry.title for pending in waiting] == ["부수는 기사의 충분히 긴 제목입니다"]


async def test_a_list_of_more_entries_than_are_taken_is_reported_with_how_many_are(app: App) -> None:
    app.press.listing(*range(1, 2_301))
    await app.run(POLL)
    assert app.witness.of(ListCut) == [ListCut("paper", LIST, 2_000)]


async def test_articles_whose_redirect_is_refused_are_stored_and_told_by_their_headline_and_the_cause_is_said(
    app: App,
) -> None:
    await baseline(app)
    numbers = (2, 3, 4)
    app.press.pages[LIST] = "".join(
        f'<li><a href="/news/view/{1000 + n}">오픈AI 소식 {n} 의 제목</a></li>' for n in numbers
    )
    detail = "from https down to http at another site, 'http://other.example/x'; write its http:// address"
    for number in numbers:
        url = f"https://paper.example/news/view/{1000 + number}"
        app.press.pages[url] = FetchError(url, FetchReason.BAD_REDIRECT, detail, transient=False)
    app.clock.pass_(minutes=5)
    await app.run(POLL)
    assert len(app.post.sent) == 3
    failed = [event for event in app.witness.of(EntryFailed) if isinstance(event, EntryFailed)]
    assert {(event.reason, event.detail, event.final) for event in failed} == {("bad_redirect", detail, True)}
