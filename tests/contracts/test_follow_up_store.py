"""What was told is found again when it is due, held by one at a time; a change and a removal are told once, with what is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from monitor.channels.words.compose import compose
from monitor.cluster.choice import choose
from monitor.model.follow import ArticleNotice, Followed, FollowType
from monitor.model.notification import Notification, Suppression
from monitor.model.page import Validators
from monitor.model.plan import Source
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.tables.schema import article_revision, event, follow_up, source_state
from monitor.store.write import follow_up_store as module
from monitor.store.write.article_store import MOST_REVISIONS, ArticleStore, ArticleWrite, Following, WriteResult
from monitor.store.write.follow_up_store import LEASE, PATIENT, FollowUpStore, Look
from monitor.store.write.maintenance import Maintenance
from monitor.store.write.source_store import SourceStore
from tests.contracts.invented import NOW, article, finding, hit, later, plan, reading, source

DUE = later(600)
UNTIL = later(3600)


def told(followed: Followed) -> Sequence[tuple[ArticleNotice, Sequence[Notification]]]:
    """Tell every channel that was told, of whatever there is."""
    kind: FollowType = "article.removed" if followed.after is None else "article.changed"
    rules = tuple((one.rule_id, one.rule_name) for one in followed.hits)
    notice = ArticleNotice(kind, followed.now, followed.record, rules, followed.before.title, ("지난 문장",))
    channels = dict.fromkeys(channel for one in followed.hits for channel in one.told)
    return ((notice, [Notification(channel) for channel in channels]),)


FOLLOWING = Following(DUE, told)


@pytest.fixture
def follow_ups(db: Database) -> FollowUpStore:
    return FollowUpStore(db)


@pytest.fixture(autouse=True)
async def _in_plan(source_store: SourceStore, db: Database) -> None:
    """Two sources that are well, with nothing to poll for long."""
    await well(source_store, db, source(), source("times", urls=("https://times.example/list",)))


async def well(source_store: SourceStore, db: Database, *sources: Source) -> None:
    await source_store.sync_plan(plan(*sources), NOW)
    await db.write(lambda connection: connection.execute(update(source_state).values(next_poll_at=later(10**7))))


async def write(
    article_store: ArticleStore, key: str = "k1", *, again: bool = False, at: float = 0.0, **changes: object
) -> WriteResult:
    suppressed = changes.pop("suppressed", None)
    found = reading(key, finding(suppressed=suppressed))  # type: ignore[arg-type]
    said = article(key, **changes)
    return await article_store.commit(
        ArticleWrite(None, said, Signature(), (hit(),), again=again), found.decide, compose, later(at), follow=FOLLOWING
    )


async def put(db: Database, article_id: int, **values: object) -> None:
    change = update(follow_up).where(follow_up.c.article_id == article_id).values(**values)
    await db.write(lambda connection: connection.execute(change))


async def rows(db: Database, statement: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await db.read(lambda connection: connection.execute(text(statement)).all())]


@pytest.mark.parametrize("suppressed", [None, *(reason for reason in Suppression)])
async def test_what_was_told_is_due_and_what_was_not_is_not(
    article_store: ArticleStore, follow_ups: FollowUpStore, suppressed: Suppression | None
) -> None:
    written = await write(article_store, suppressed=suppressed)
    assert await follow_ups.due_follow_ups(later(599), 10) == ()
    assert await follow_ups.due_follow_ups(DUE, 10) == (() if suppressed else (written.article_id,))


async def test_an_item_that_shares_its_page_is_not_followed(
    article_store: ArticleStore, follow_ups: FollowUpStore
) -> None:
    await write(article_store, "live#1")
    assert await follow_ups.due_follow_ups(DUE, 10) == ()


async def test_one_holds_it_and_a_dead_one_for_as_long_as_its_lease(
    article_store: ArticleStore, follow_ups: FollowUpStore, db: Database
) -> None:
    number = (await write(article_store)).article_id
    assert await follow_ups.claim(number, "a", later(599)) is None
    both = await asyncio.gather(*(follow_ups.claim(number, owner, DUE) for owner in ("a", "b")))
    (held,) = [one for one in both if one]
    assert await follow_ups.due_follow_ups(DUE, 10) == ()
    assert await follow_ups.claim(number, "c", DUE + LEASE - timedelta(seconds=1)) is None
    taken = await follow_ups.claim(number, "c", DUE + LEASE)
    assert taken is not None
    assert not await follow_ups.complete(held, Look(None, "done"), UNTIL), "it has lost it"
    assert await follow_ups.remove(held, told, compose, UNTIL) == ()
    assert await Maintenance(db).release_leases("c") == 1
    assert await follow_ups.due_follow_ups(UNTIL, 10) == (number,)


async def test_a_look_is_written_down(article_store: ArticleStore, follow_ups: FollowUpStore) -> None:
    number = (await write(article_store)).article_id
    first = await follow_ups.claim(number, "a", DUE)
    assert first is not None
    assert (first.validators, first.started_at, first.article.key) == (Validators(), NOW, "k1")
    known = Validators('"7"', "Thu, 05 Nov 2026 02:00:00 GMT", "ab")
    assert await follow_ups.complete(first, Look(UNTIL, there=True, validators=known), DUE)
    assert await follow_ups.due_follow_ups(DUE, 10) == ()
    again = await follow_ups.claim(number, "a", UNTIL)
    assert again is not None
    assert again.validators == known
    assert await follow_ups.complete(again, Look(later(7200), gone_at=UNTIL, failures=2), UNTIL)
    third = await follow_ups.claim(number, "a", later(7200))
    assert third is not None
    assert (third.gone_at, third.failures, third.validators) == (UNTIL, 2, known)
    assert await follow_ups.complete(third, Look(None, "done"), UNTIL)
    assert await follow_ups.claim(number, "a", later(10**6)) is None


@pytest.mark.parametrize(
    "state",
    [
        {"enabled": False},
        {"failures": 1},
        {"next_poll_at": DUE},
        {"lease_owner": "x", "lease_until": UNTIL},
    ],
)
async def test_a_source_that_is_ill_busy_or_gone_is_left_alone(
    article_store: ArticleStore, follow_ups: FollowUpStore, db: Database, state: dict[str, object]
) -> None:
    await write(article_store)
    other = (await write(article_store, "k2", source_id="times")).article_id
    change = update(source_state).where(source_state.c.id == "herald").values(**state)
    await db.write(lambda connection: connection.execute(change))
    assert await follow_ups.due_follow_ups(DUE, 10) == (other,)
    ill = {"enabled", "failures"} & state.keys()
    assert len(await follow_ups.due_follow_ups(DUE + PATIENT, 10)) == (1 if ill else 2), "none waits for ever"


async def test_one_of_each_source_the_longest_due_first(
    article_store: ArticleStore, follow_ups: FollowUpStore, db: Database
) -> None:
    numbers = [(await write(article_store, f"k{n}")).article_id for n in range(3)]
    other = (await write(article_store, "t", source_id="times")).article_id
    oldest = update(follow_up).where(follow_up.c.article_id == numbers[1]).values(due_at=later(60))
    await db.write(lambda connection: connection.execute(oldest))
    assert await follow_ups.due_follow_ups(DUE, 10) == (numbers[1], other)
    assert await follow_ups.due_follow_ups(DUE, 1) == (numbers[1],)
    assert await follow_ups.claim(numbers[0], "a", DUE) is not None
    assert await follow_ups.due_follow_ups(DUE, 10) == (other,)


async def test_a_source_has_so_many_of_a_day(
    article_store: ArticleStore, follow_ups: FollowUpStore, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_COUNT", select(text("300")))
    await write(article_store)
    assert await follow_ups.due_follow_ups(UNTIL, 10) == ()
    assert await rows(db, "SELECT outcome FROM follow_up") == [("its source had 300 others within a day",)]


async def test_what_nobody_came_to_is_given_up(
    article_store: ArticleStore, follow_ups: FollowUpStore, db: Database
) -> None:
    await write(article_store)
    assert await follow_ups.give_up(later(599)) == 0
    assert await follow_ups.give_up(DUE) == 1
    assert await rows(db, "SELECT outcome FROM follow_up WHERE due_at IS NULL") == [("not looked at in time",)]


async def test_a_change_is_told_with_what_is_stored_and_once(article_store: ArticleStore, db: Database) -> None:
    await write(article_store)
    changed = await write(article_store, again=True, at=600, title="다른 제목")
    assert len(changed.deliveries) == 1
    same = await write(article_store, again=True, at=700, title="다른 제목")
    assert same.deliveries == ()
    assert await rows(db, "SELECT type, seq, state FROM delivery ORDER BY seq") == [
        ("hit.created", 1, "pending"),
        ("article.changed", 2, "pending"),
    ]
    assert len(await db.read(lambda connection: connection.execute(select(event)).all())) == 1


async def test_two_processes_that_find_one_change_tell_it_once(url: str, article_store: ArticleStore) -> None:
    await write(article_store)
    other = Database(url)
    try:
        stores = [article_store, ArticleStore(other, choose, timedelta(days=2))]
        found = await asyncio.gather(*(write(stores[n % 2], again=True, at=600, title="다른 제목") for n in range(6)))
    finally:
        await other.aclose()
    assert sorted(len(one.deliveries) for one in found) == [0, 0, 0, 0, 0, 1]


async def test_what_cannot_be_told_is_not_stored(article_store: ArticleStore, db: Database) -> None:
    await write(article_store)

    def broken(followed: Followed) -> Sequence[tuple[ArticleNotice, Sequence[Notification]]]:
        raise ZeroDivisionError(followed.record.title)

    changed = ArticleWrite(None, article(title="다른 제목"), Signature(), (hit(),), again=True)
    with pytest.raises(ZeroDivisionError):
        await article_store.commit(
            changed, reading("k1", finding()).decide, compose, later(600), follow=Following(DUE, broken)
        )
    assert await rows(db, "SELECT count(*) FROM article_revision") == [(0,)]


async def test_a_removal_is_told_once(article_store: ArticleStore, follow_ups: FollowUpStore, db: Database) -> None:
    number = (await write(article_store)).article_id
    claimed = await follow_ups.claim(number, "a", DUE)
    assert claimed is not None
    both = await asyncio.gather(*(follow_ups.remove(claimed, told, compose, UNTIL) for _ in range(2)))
    assert sorted(map(len, both)) == [0, 1]
    assert await follow_ups.due_follow_ups(later(10**7 - 1), 10) == ()
    types = await rows(db, "SELECT type FROM delivery ORDER BY seq")
    assert types == [("hit.created",), ("article.removed",)]


async def test_what_of_a_source_is_gone_and_what_is_there_is_counted(
    article_store: ArticleStore, follow_ups: FollowUpStore, db: Database
) -> None:
    numbers = [(await write(article_store, f"k{n}")).article_id for n in range(5)]
    for number, values in zip(
        numbers,
        (
            {"gone_at": later(500)},
            {"gone_at": later(590)},
            {"looked_at": later(601)},
            {"looked_at": later(10)},
            {"gone_at": DUE},
        ),
        strict=True,
    ):
        await put(db, number, **values)
    claimed = await follow_ups.claim(numbers[4], "a", later(900))
    assert claimed is not None
    assert (claimed.gone, claimed.there, claimed.fresh) == (2, 1, False)
    await write(article_store, "listed", at=650, field_sources={"title": "entry", "body": "entry"})
    await db.write(lambda connection: connection.execute(update(follow_up).values(lease_until=None)))
    claimed = await follow_ups.claim(numbers[4], "a", later(900))
    assert claimed is not None
    assert not claimed.fresh, "a list alone says nothing of pages"
    await write(article_store, "new", at=700, field_sources={"title": "site", "body": "site"})
    await db.write(lambda connection: connection.execute(update(follow_up).values(lease_until=None)))
    claimed = await follow_ups.claim(numbers[4], "a", later(900))
    assert claimed is not None
    assert claimed.fresh


async def test_the_first_and_the_last_revisions_are_kept(article_store: ArticleStore, db: Database) -> None:
    await write(article_store, title="0보")
    for number in range(1, MOST_REVISIONS + 10):
        await write(article_store, again=True, at=number, title=f"{number}보")
    titles = select(article_revision.c.title).order_by(article_revision.c.id)
    kept = await db.read(lambda connection: list(connection.execute(titles).scalars()))
    last = MOST_REVISIONS + 9
    assert kept == ["0보", *(f"{number}보" for number in range(last - MOST_REVISIONS + 1, last))]
