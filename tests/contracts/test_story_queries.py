"""Stories as they are asked for: acts are one story, outlets stand in the order in which they told it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from monitor.cluster.choice import choose
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.model.article import Article
from monitor.model.records import HitQuery
from monitor.model.story import StoryChoice
from monitor.model.story_records import StoryOrder, StoryPage, StoryQuery, StoryRecord
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from tests.contracts.invented import NOW, hit, later
from tests.contracts.reports import told

BACKGROUND = (
    " 이 법안은 배달 플랫폼이 입점 상인에게 물리는 요금의 셈법을 밝히게 하고, 감추면 매출의 2%까지 벌금을 물리는 내용이다."
    " 업계는 경쟁사에 속살을 보이는 일이라며 반대해 왔다. 상인 단체는 늦었지만 반길 일이라고 했다."
    " 어느 회사까지 지켜야 하는지는 시행령에서 정한다."
)
FIRST = ("배달 요금 공개법, 상임위 통과", "배달 요금 공개법이 3일 국회 상임위원회를 통과했다." + BACKGROUND)
SECOND = ("배달 요금 공개법 본회의 통과…내년 시행", "배달 요금 공개법이 5일 국회 본회의를 통과했다." + BACKGROUND)
DAYS = timedelta(days=2)


async def keep(article_store: ArticleStore, article: Article, *rules: str, at: datetime | None = None) -> None:
    signature = sign(article, shipped())
    write = ArticleWrite(None, article, signature, tuple(map(hit, rules or ("openai",))))
    await article_store.commit(write, lambda _: (), lambda _: b"{}", at or article.first_seen_at)


def report(text: tuple[str, str], key: str, at: datetime, source: str) -> Article:
    return Article(key, f"https://news.example/{key}", source, text[0], at, body=text[1])


@pytest.fixture
async def stocked(db: Database, url: str) -> str:
    """A story in two acts, told by three outlets, and another one that four outlets told within the last hour."""
    store = ArticleStore(db, choose, timedelta(days=3))
    await keep(store, report(FIRST, "a1", NOW - DAYS, "herald"))
    await keep(store, report(FIRST, "a2", NOW - DAYS + timedelta(minutes=9), "daily"))
    await keep(store, report(SECOND, "b1", NOW - timedelta(hours=3), "daily"), "openai", "seoul")
    await keep(store, report(SECOND, "b2", NOW - timedelta(hours=2), "evening"))
    for number in range(4):
        seen = NOW - timedelta(minutes=40 - number)
        await keep(store, told(5, f"c{number}", seen, f"o{number}", cut=number), "seoul")
    return url


def ids(records: tuple[StoryRecord, ...]) -> list[str]:
    return [record.title for record in records]


async def test_acts_are_one_story_and_outlets_stand_in_their_order(stocked: str) -> None:
    with SqlReader(stocked) as reader:
        growing, saga = reader.stories(StoryQuery(), NOW)
        assert (saga.title, saga.articles, saga.hits, saga.growth) == (FIRST[0], 4, 5, 0)
        assert [(act.title, act.articles, act.outlets) for act in saga.acts] == [(FIRST[0], 2, 2), (SECOND[0], 2, 2)]
        assert saga.id == saga.acts[0].id
        assert [(one.source, one.lag_seconds, one.articles) for one in saga.outlets] == [
            ("herald", 0, 1),
            ("daily", 540, 2),
            ("evening", 46 * 3600, 1),
        ]
        assert saga.rules == ("openai", "seoul")
        assert (saga.first_seen_at, saga.last_seen_at) == (NOW - DAYS, NOW - timedelta(hours=2))
        assert (growing.articles, growing.growth, len(growing.outlets)) == (4, 4, 4)
        assert [one.url for one in growing.outlets] == [f"https://news.example/c{number}" for number in range(4)]
        for act in saga.acts:
            assert reader.story(act.id, StoryQuery(), NOW) == saga
        assert reader.story("0193-none", StoryQuery(), NOW) is None


async def test_they_are_sorted_and_narrowed(stocked: str) -> None:
    with SqlReader(stocked) as reader:
        growing, saga = ids(reader.stories(StoryQuery(), NOW))
        assert ids(reader.stories(StoryQuery(order=StoryOrder.GROWTH), NOW)) == [growing, saga]
        assert ids(reader.stories(StoryQuery(order=StoryOrder.OUTLETS), later(7200))) == [growing, saga]
        assert ids(reader.stories(StoryQuery(rule="openai"), NOW)) == [saga]
        assert ids(reader.stories(StoryQuery(until=NOW - timedelta(hours=1)), NOW)) == [saga]
        assert ids(reader.stories(StoryQuery(since=NOW - timedelta(hours=1)), NOW)) == [growing]
        assert ids(reader.stories(StoryQuery(limit=1), NOW)) == [growing]
        assert ids(reader.stories(StoryQuery(rule="none"), NOW)) == []


@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_pages_show_each_story_once_while_others_come_in(db: Database, url: str, limit: int) -> None:
    """Between two pages a new story comes, and one that stands farther back or was shown already has a new act, or a new hit."""
    made: list[str] = []

    def new_id() -> str:
        made.append(f"story-{len(made):03}")
        return made[-1]

    async def comes(number: int, continues: str | None = None, ago: int = 0) -> None:
        choice = StoryChoice(continues=continues)
        store = ArticleStore(db, lambda *_: choice, timedelta(days=3), new_id)
        await keep(store, told(number, f"k{number}", NOW - timedelta(minutes=ago), "herald"))

    for number in range(11):
        await comes(number, ago=5 * (number // 2))  # two begin at the same moment, and the clock was set back
    wanted = [f"story-{number:03}" for number in reversed(range(11))]
    with SqlReader(url) as reader:
        page = reader.story_page(StoryQuery(limit=limit), NOW)
        shown, turn = ids_of(page), 0
        while page.next is not None:
            await comes(100 + turn, ago=turn)  # newer than what was shown, or between
            await comes(200 + turn, f"story-{(3 + 4 * turn) % 11:03}")
            turn += 1
            assert len(page.stories) == limit
            page = reader.story_page(StoryQuery(limit=limit, after=page.next), NOW)
            shown += ids_of(page)
        assert shown == wanted
        assert len(reader.stories(StoryQuery(limit=500), NOW)) == 11 + turn
        assert reader.story_page(StoryQuery(limit=1, order=StoryOrder.OUTLETS), NOW).next is None


async def test_what_a_new_rule_finds_in_old_articles_moves_no_story_between_two_pages(db: Database, url: str) -> None:
    async def comes(number: int, *rules: str, choice: StoryChoice | None = None) -> None:
        store = ArticleStore(db, lambda *_: choice or StoryChoice(), timedelta(days=3), lambda: f"story-{number}")
        article = told(number, f"k{number}", NOW + timedelta(minutes=number), "herald")
        write = ArticleWrite(None, article, sign(article, shipped()), tuple(map(hit, rules)))
        await store.commit(write, lambda _: (), lambda _: b"{}", article.first_seen_at)

    await comes(0, "openai")
    await comes(1, choice=StoryChoice(continues="story-0"))
    await comes(2)
    await comes(3, "openai")
    await comes(4, "openai", choice=StoryChoice("story-2"))
    with SqlReader(url) as reader:
        page = reader.story_page(StoryQuery(limit=1), NOW)
        shown = ids_of(page)
        await comes(1, "openai")
        await comes(2, "openai")
        while page.next is not None:
            page = reader.story_page(StoryQuery(limit=1, after=page.next), NOW)
            shown += ids_of(page)
        assert shown == ["story-2", "story-3", "story-0"]
        assert ids_of(reader.story_page(StoryQuery(), NOW)) == ["story-3", "story-2", "story-0"]


def ids_of(page: StoryPage) -> list[str]:
    return [story.id for story in page.stories]


async def test_the_end_of_an_id_will_do_and_hits_of_all_acts_are_found(stocked: str) -> None:
    with SqlReader(stocked) as reader:
        (saga,) = reader.stories(StoryQuery(rule="openai"), NOW)
        for act in saga.acts:
            assert reader.story_ids(act.id[-12:]) == (act.id,)
            found = reader.hits(HitQuery(story=act.id))
            assert {record.article.url.rsplit("/", 1)[1] for record in found} == {"a1", "a2", "b1", "b2"}
        assert reader.story_ids("none") == reader.story_ids("%%%%%%") == ()
        assert reader.hits(HitQuery(story="0193-none")) == ()


async def test_a_long_affair_is_one_story_from_whichever_act_it_is_asked(db: Database, url: str) -> None:
    """Two hundred acts, of which the last one alone is recent; the tenth has a second act behind it."""
    made: list[str] = []

    def new_id() -> str:
        made.append(f"act-{len(made):04}")
        return made[-1]

    branch = 10
    for number in range(220):
        before = {0: None, 210: f"act-{branch:04}"}.get(number, f"act-{number - 1:04}")
        choice = StoryChoice(continues=before)
        store = ArticleStore(db, lambda *_, choice=choice: choice, timedelta(days=3), new_id)
        await keep(store, told(number, f"k{number}", NOW - timedelta(hours=300 - number), "herald"))
    with SqlReader(url) as reader:
        (saga,) = reader.stories(StoryQuery(since=NOW - timedelta(hours=82)), NOW)
        assert (saga.id, len(saga.acts), saga.articles) == ("act-0000", 220, 220)
        for asked in ("act-0000", "act-0105", "act-0150", "act-0209", "act-0219"):
            assert reader.story(asked, StoryQuery(limit=1), NOW) == saga
            assert len(reader.hits(HitQuery(story=asked, limit=1000))) == 220


async def test_the_course_of_a_story_is_each_of_its_articles_oldest_first(stocked: str) -> None:
    with SqlReader(stocked) as reader:
        _, saga = reader.stories(StoryQuery(), NOW)
        course = reader.story_course(saga.acts[-1].id, 10)
        assert [one.source for one in course.articles] == ["herald", "daily", "daily", "evening"]
        assert course.levels == (), "nobody was told"
        assert reader.story_course(saga.id, 2).articles == course.articles[:2]
        assert reader.story_course("0193-none", 10).articles == ()


async def test_stories_are_found_by_their_hits(stocked: str) -> None:
    with SqlReader(stocked) as reader:
        hits = reader.hits(HitQuery(limit=100))
        growing, saga = reader.stories(StoryQuery(), NOW)
        told = reader.stories_of_hits([one.id for one in hits] + [hits[0].id, 999, 2**63 - 1])
        assert (
            sorted(told)
            == sorted({one.story_id for one in hits})
            == sorted([*(act.id for act in saga.acts), growing.id])
        )
        assert reader.stories_of_hits([]) == ()
        many = reader.stories_of_hits(range(1, 2_000))
        assert sorted(many) == sorted(told)
