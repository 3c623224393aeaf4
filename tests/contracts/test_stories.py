"""What every ArticleStore does with stories: likeness joins, the window closes, and workers agree."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import Connection, Table, func, select, text

from monitor.cluster.choice import choose
from monitor.model.article import Article
from monitor.model.delivery import MessageContext
from monitor.model.story import Member, Signature, Story, StoryChoice, StoryLink
from monitor.model.story_reach import LONGEST
from monitor.store.db.database import Database
from monitor.store.tables.schema import article as article_table
from monitor.store.tables.schema import delivery, story_gram, story_signature
from monitor.store.tables.schema import story as story_table
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.maintenance import Maintenance
from tests.contracts.databases import PostgresFactory, SqliteFactory
from tests.contracts.invented import NOW, article, finding, keep, later, reading, render
from tests.contracts.reports import report, signed, told
from tests.store.db import writers

WINDOW = timedelta(days=2)  # of the archive under test


async def partition(db: Database) -> dict[str, str]:
    """Return the story of each article by its key."""
    query = select(article_table.c.key, article_table.c.story_id)
    return dict(tuple(row) for row in await db.read(lambda connection: connection.execute(query).all()))


async def rows_of(db: Database) -> tuple[int, int]:
    """Return how many signatures and grams are stored."""

    def size(connection: Connection, table: Table) -> int:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()

    return await db.read(lambda connection: (size(connection, story_signature), size(connection, story_gram)))


async def test_pick_ups_are_one_story_and_counted(article_store: ArticleStore) -> None:
    stories: list[tuple[str, str, int, int]] = []

    def note(context: MessageContext, seq: int) -> bytes:
        stories.append((context.story.id, context.story.title, context.story.articles, context.story.outlets))
        return render(context, seq)

    for number, name in enumerate(("herald", "herald", "daily")):
        pick_up = told(1, f"k{number}", later(3600 * number), name, cut=10 * number)
        await keep(article_store, signed(pick_up, finding()), note, NOW)
    assert len({identity for identity, *_ in stories}) == 1
    assert [sizes for _, _, *sizes in stories] == [[1, 1], [2, 1], [3, 2]]
    assert {title for _, title, *_ in stories} == {told(1, "k0", NOW).title}


async def test_other_matters_are_other_stories(article_store: ArticleStore, db: Database) -> None:
    for matter in range(5):
        await keep(article_store, signed(told(matter, f"k{matter}", NOW)), render, NOW)
    assert len(set((await partition(db)).values())) == 5


async def test_one_headline_joins_an_article_that_could_not_be_read(article_store: ArticleStore, db: Database) -> None:
    full = told(1, "k1", NOW)
    bare = replace(full, key="k2", title=f"[속보] {full.title}", body="")
    for one in (full, bare):
        await keep(article_store, signed(one), render, NOW)
    assert len(set((await partition(db)).values())) == 1


async def test_without_a_signature_each_article_is_its_own_story(article_store: ArticleStore, db: Database) -> None:
    for key in ("k1", "k2"):
        await keep(article_store, reading(key), render, NOW)
    await keep(article_store, signed(article("k3", title="", body="")), render, NOW)
    assert len(set((await partition(db)).values())) == 3
    assert await rows_of(db) == (0, 0)


@pytest.mark.parametrize(
    ("after", "same"),
    [
        (WINDOW, True),
        (-WINDOW, True),
        (WINDOW + timedelta(seconds=1), False),
        (-WINDOW - timedelta(seconds=1), False),
    ],
)
async def test_the_window_closes(article_store: ArticleStore, db: Database, after: timedelta, *, same: bool) -> None:
    for key, seen in (("k1", NOW), ("k2", NOW + after)):
        await keep(article_store, signed(told(1, key, seen)), render, NOW)
    assert (len(set((await partition(db)).values())) == 1) is same


async def test_a_long_affair_is_told_anew(article_store: ArticleStore, db: Database) -> None:
    days = range(LONGEST.days + 3)
    for day in days:
        await keep(article_store, signed(told(1, f"k{day}", NOW + timedelta(days=day))), render, NOW)
    stories = [(await partition(db))[f"k{day}"] for day in days]
    assert stories[: LONGEST.days + 1] == [stories[0]] * (LONGEST.days + 1)
    assert stories[LONGEST.days + 1 :] == [stories[-1]] * 2
    assert stories[0] != stories[-1]


async def test_a_known_article_stays_where_it_is(article_store: ArticleStore, db: Database) -> None:
    await keep(article_store, signed(told(1, "k1", NOW)), render, NOW)
    before = await partition(db), await rows_of(db)
    again = await keep(article_store, signed(replace(told(2, "k1", NOW), source_id="daily"), finding()), render, NOW)
    assert not again.new_article
    assert (await partition(db), await rows_of(db)) == before


async def test_a_frequent_key_finds_the_latest(article_store: ArticleStore, db: Database) -> None:
    """More articles than one key may find: the story goes on, and its size costs nothing."""
    await asyncio.gather(*(keep(article_store, signed(told(1, f"k{n:03}", NOW)), render, NOW) for n in range(140)))
    await keep(article_store, signed(told(1, "last", NOW, cut=5)), render, NOW)
    assert len(set((await partition(db)).values())) == 1


ACTS = [
    ("{0} 상임위 통과", "{0}이 {2}일 국회 상임위원회를 통과했다."),
    ("{0} 본회의 통과", "{0}이 {2}일 국회 본회의를 통과했다."),
    ("정부, {0} 거부권 행사", "정부가 {2}일 국무회의에서 {0}에 거부권을 행사했다."),
]


def act(matter: int, number: int, copy: int = 0) -> Article:
    """Return a report of one act of a matter, two days after the one before, over the background of all of them."""
    _, background = report(matter)
    words = background.split(" ")
    title, lead = (text.format(f"{words[0]}법", copy, 10 + 2 * number) for text in ACTS[number])
    seen = NOW + timedelta(hours=47 * number, minutes=copy)
    body = f"{lead} {' '.join(words[1:40])}" + (" ⓒ 한빛일보" if copy else "")
    key = f"{matter}-{number}-{copy}"
    return Article(key, f"https://news.example/{key}", f"s{copy}", ("[속보] " if copy else "") + title, seen, body=body)


async def links_of(db: Database) -> dict[str, tuple[str | None, str | None]]:
    """Return what each story continues and is related to."""
    query = select(story_table.c.id, story_table.c.continues, story_table.c.related)
    return {row.id: (row.continues, row.related) for row in await db.read(lambda c: c.execute(query).all())}


async def test_each_act_is_a_story_that_continues_another_and_its_copies_join_it(
    article_store: ArticleStore, db: Database
) -> None:
    told_of: list[Story] = []

    def note(context: MessageContext, seq: int) -> bytes:
        told_of.append(context.story)
        return render(context, seq)

    for number in range(3):
        for copy in range(3):
            await keep(article_store, signed(act(1, number, copy), finding()), note, NOW)
    stories = await partition(db)
    ids = [stories[f"1-{number}-0"] for number in range(3)]
    assert len(set(ids)) == 3
    assert [stories[f"1-{number}-{copy}"] for number in range(3) for copy in (1, 2)] == [
        one for one in ids for _ in "ab"
    ]
    links = await links_of(db)
    shown = (
        "SELECT id, title, articles, outlets, continues, related, last_seen_at > first_seen_at AS later FROM v_stories"
    )
    rows = {row.id: row for row in await db.read(lambda connection: connection.execute(text(shown)).all())}
    assert {row.id: (row.continues, row.related) for row in rows.values()} == links
    assert [(rows[one].articles, rows[one].outlets, bool(rows[one].later)) for one in ids] == [(3, 3, True)] * 3
    assert rows[ids[1]].title == act(1, 1).title
    assert links[ids[0]] == (None, None)
    assert links[ids[1]] == (ids[0], None)
    assert links[ids[2]][0] in ids[:2]
    first, second, third = told_of[0], told_of[3], told_of[6]
    assert (first.continues, first.related) == (None, None)
    assert second.continues is not None
    assert second.continues.before == second.continues.first == StoryLink(ids[0], first.title, NOW)
    assert third.continues is not None
    assert third.continues.before.id == links[ids[2]][0]
    assert third.continues.first == second.continues.first
    assert [(one.articles, one.outlets) for one in told_of] == [(1, 1), (2, 2), (3, 3)] * 3, "each act counts its own"


async def test_a_story_nearly_like_one_of_the_last_hours_is_related_to_it(db: Database) -> None:
    told_of: list[Story] = []

    def note(context: MessageContext, seq: int) -> bytes:
        told_of.append(context.story)
        return render(context, seq)

    def near(_signature: Signature, members: Iterable[Member], _seen: datetime) -> StoryChoice:
        return StoryChoice(related=next((member.story_id for member in members), None))

    store = ArticleStore(db, near, WINDOW)
    for minutes in range(2):
        await keep(store, signed(told(1, f"k{minutes}", later(60 * minutes)), finding()), note, NOW)
    one, two = told_of
    assert (one.related, two.continues) == (None, None)
    assert two.related == StoryLink(one.id, one.title, one.first_seen_at)
    assert await links_of(db) == {one.id: (None, None), two.id: (None, one.id)}


async def test_the_days_of_a_story_run_by_act(article_store: ArticleStore, db: Database) -> None:
    """When the first act takes nobody in any more, the second one still does."""
    days = {0: range(8), 1: range(2, 9)}
    told_on = [(day, number) for number, on in days.items() for day in on]
    for day, number in sorted(told_on):
        seen = NOW + timedelta(days=day, hours=2 * number)
        copy = replace(act(1, number, day), first_seen_at=seen)
        await keep(article_store, signed(copy), render, NOW)
    stories = await partition(db)
    assert len({stories[f"1-0-{day}"] for day in days[0]}) == 1
    assert len({stories[f"1-1-{day}"] for day in days[1]}) == 1
    late = replace(act(1, 0, 50), first_seen_at=NOW + LONGEST + timedelta(hours=3))
    await keep(article_store, signed(late), render, NOW)
    assert (await partition(db))["1-0-50"] not in set(stories.values())


async def test_acts_do_not_depend_on_who_brings_what(factory: SqliteFactory | PostgresFactory) -> None:
    """Two archives on one database, each act brought in any order among its copies, make the same acts as one."""
    parted = []
    for workers in (1, 2):
        url, numbers = factory.migrated(), count()
        databases = [Database(url) for _ in range(workers)]
        stores = [ArticleStore(db, choose, WINDOW, lambda numbers=numbers: f"{next(numbers):06}") for db in databases]  # type: ignore[misc]
        for number in range(3):
            job = [act(matter, number, copy) for matter in range(6) for copy in range(3)]
            random.Random(workers).shuffle(job)
            await asyncio.gather(*(
                keep(stores[n % workers], signed(one), render, NOW) for n, one in enumerate(job)
            ))  # fmt: skip
        stories, links = await partition(databases[0]), await links_of(databases[0])
        continued = {key: links[story][0] is not None for key, story in stories.items()}
        groups = {frozenset(key for key in stories if stories[key] == one) for one in stories.values()}
        parted.append((groups, continued))
        for db in databases:
            await db.aclose()
    assert parted[0] == parted[1]
    assert len(parted[0][0]) == 18
    assert sum(parted[0][1].values()) == 36


async def test_a_story_that_goes_leaves_no_tie_behind(article_store: ArticleStore, db: Database) -> None:
    for number in range(2):
        await keep(article_store, signed(act(1, number)), render, later(number))
    await Maintenance(db).drop_articles(later(1))
    ((left, links),) = (await links_of(db)).items()
    assert (await partition(db)) == {"1-1-0": left}
    assert links == (None, None)


async def test_the_order_of_commit_alone_decides(factory: SqliteFactory | PostgresFactory) -> None:
    """Two archives on one database answer what one alone would, however their calls fall."""
    job = [(matter, f"k{matter}-{n}", 4 * n) for matter in range(8) for n in range(4)]
    random.Random(7).shuffle(job)
    parted = []
    for workers in (1, 2):
        url, numbers = factory.migrated(), count()
        databases = [Database(url) for _ in range(workers)]
        archives = [ArticleStore(db, choose, WINDOW, lambda numbers=numbers: f"{next(numbers):06}") for db in databases]  # type: ignore[misc]
        await asyncio.gather(*(
            keep(archives[n % workers], signed(told(matter, key, NOW, cut=cut)), render, NOW)
            for n, (matter, key, cut) in enumerate(job)
        ))  # fmt: skip
        stories = await partition(databases[0])
        parted.append({frozenset(key for key in stories if stories[key] == one) for one in stories.values()})
        for db in databases:
            await db.aclose()
    assert parted[0] == parted[1]
    assert len(parted[0]) == 8


def test_processes_that_bring_the_same_stories_at_once_make_one_of_each(url: str) -> None:
    stories = 60
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(writers.tell, [(url, name, stories) for name in ("one", "two")])
    assert asyncio.run(_sizes(url)) == [2] * stories
    assert asyncio.run(_messages(url)) == stories, "one alert each"


async def _messages(url: str) -> int:
    db = Database(url)
    made = await db.read(lambda connection: connection.execute(select(func.count(delivery.c.id))).scalar_one())
    await db.aclose()
    return made


async def _sizes(url: str) -> list[int]:
    db = Database(url)
    query = (
        select(func.count(article_table.c.id))
        .select_from(story_table.outerjoin(article_table))
        .group_by(story_table.c.id)
    )
    sizes = await db.read(lambda connection: list(connection.execute(query).scalars()))
    await db.aclose()
    return sizes


async def test_old_signatures_are_forgotten_in_pieces_and_stories_stay(
    article_store: ArticleStore, db: Database
) -> None:
    for number in range(7):
        await keep(article_store, signed(told(number, f"k{number}", later(number))), render, NOW)
    kept = await partition(db)
    maintenance = Maintenance(db, piece=2)
    assert await maintenance.forget_signatures(later(5)) == 5
    signatures, grams = await rows_of(db)
    assert signatures == 2
    assert 0 < grams <= 34
    assert await partition(db) == kept
    assert await maintenance.forget_signatures(later(5)) == 0
    await keep(article_store, signed(told(6, "k6b", later(9))), render, NOW)
    after = await partition(db)
    assert after["k6b"] == after["k6"]


async def test_what_is_forgotten_was_out_of_reach(article_store: ArticleStore, db: Database) -> None:
    """Forgetting what lies before the window changes no answer."""
    await keep(article_store, signed(told(1, "old", NOW)), render, NOW)
    seen: datetime = NOW + WINDOW + timedelta(seconds=1)
    await Maintenance(db).forget_signatures(seen - WINDOW)
    assert await rows_of(db) == (0, 0)
    await keep(article_store, signed(told(1, "new", seen)), render, NOW)
    stories = await partition(db)
    assert stories["old"] != stories["new"]
