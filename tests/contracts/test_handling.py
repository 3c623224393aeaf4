"""What people make of hits and stories: the last word holds, of the hit or of its story, and every word stays."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.model.errors import InvalidValueError
from monitor.model.handling import (
    LONGEST_NAME,
    LONGEST_NOTE,
    UNHANDLED,
    Handling,
    HandlingState,
    HandlingSubject,
    NewHandling,
)
from monitor.model.hit import Hit
from monitor.model.records import HitQuery
from monitor.model.story import Signature, StoryChoice
from monitor.model.story_records import StoryQuery
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.handling_store import HandlingStore
from tests.contracts.invented import NOW, Finding, Reading, article, keep, later, render
from tests.contracts.reports import told

KEPT, IGNORED, HANDLED, NEW = (HandlingState(one) for one in ("kept", "ignored", "handled", "new"))


@pytest.fixture
def handling_store(db: Database) -> HandlingStore:
    """The store of what people say."""
    return HandlingStore(db)


@pytest.fixture
def reader(db: Database, url: str) -> Iterator[SqlReader]:
    """A reader of the database, which is there by then."""
    assert db is not None
    with SqlReader(url) as opened:
        yield opened


def said(state: HandlingState, seconds: float = 0.0, **given: Any) -> NewHandling:  # noqa: ANN401 - any field of the value
    values: dict[str, Any] = {"state": state, "author": "kim", "at": later(seconds)}
    return NewHandling(**(values | given))


async def found(article_store: ArticleStore, key: str, seconds: float, *rules: str) -> None:
    """Store an article with hits, a story of its own."""
    findings = tuple(Finding(Hit(rule, rule, "v1", (), "…"), ()) for rule in rules)
    await keep(article_store, Reading(None, article(key), Signature(), findings), render, later(seconds))


async def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await db.read(lambda connection: connection.execute(text(query)).all())]


def states(reader: SqlReader) -> dict[int, HandlingState]:
    """Return what is made of each hit."""
    return {one.id: one.handling.state for one in reader.hits(HitQuery(limit=100))}


def stories(reader: SqlReader) -> dict[int, str]:
    """Return the story of each hit."""
    return {one.id: one.story_id for one in reader.hits(HitQuery(limit=100))}


async def test_a_hit_is_new_until_somebody_says_otherwise(
    db: Database, url: str, article_store: ArticleStore, handling_store: HandlingStore
) -> None:
    await found(article_store, "k1", 0, "openai")
    with SqlReader(url) as reader:
        (before,) = reader.hits(HitQuery())
        assert before.handling == UNHANDLED
        subject = HandlingSubject(before.id)
        now = await handling_store.handle(subject, said(KEPT, 5, owner=" 이수민 ", note="전화해 볼 것"))
        assert now == Handling(KEPT, "이수민", "전화해 볼 것", "kim", later(5))
        (after,) = reader.hits(HitQuery())
        assert after == replace(before, handling=now)
        await handling_store.handle(subject, said(HANDLED, 9, author="park"))
        assert reader.handlings(subject) == (now, Handling(HANDLED, "이수민", "", "park", later(9)))
        assert await rows(db, "SELECT handling, owner FROM v_hits") == [("handled", "이수민")]
        cleared = await handling_store.handle(subject, said(NEW, 10, owner=""))
        assert cleared is not None
        assert (cleared.state, cleared.owner) == (NEW, "")


async def test_the_last_word_holds_whether_of_the_hit_or_of_its_story(
    db: Database, url: str, article_store: ArticleStore, handling_store: HandlingStore
) -> None:
    await found(article_store, "k1", 0, "openai", "rivals")
    with SqlReader(url) as reader:
        ids = sorted(stories(reader))
        matter = HandlingSubject(story_id=stories(reader)[ids[0]])
        await handling_store.handle(matter, said(IGNORED, 1))
        assert [one.handling.state for one in reader.hits(HitQuery())] == [IGNORED, IGNORED]
        assert all(one.handling.of_story for one in reader.hits(HitQuery()))
        await handling_store.handle(HandlingSubject(ids[0]), said(KEPT, 2, owner="lee"))
        assert {one.id: one.handling.state for one in reader.hits(HitQuery())} == {ids[0]: KEPT, ids[1]: IGNORED}
        assert await rows(db, "SELECT handling, owner FROM v_stories") == [("ignored", "")], "the story is as it was"
        await handling_store.handle(matter, said(HANDLED, 3, owner="park"))
        assert [one.handling.owner for one in reader.hits(HitQuery())] == ["park", "park"]
        (record,) = reader.stories(StoryQuery(), later(10))
        assert (record.handling.state, record.handling.owner) == (HANDLED, "park")
        assert [one.state for one in reader.handlings(HandlingSubject(ids[0]))] == [IGNORED, KEPT, HANDLED]
        assert [one.state for one in reader.handlings(matter)] == [IGNORED, HANDLED]


async def test_a_story_is_handled_with_all_its_acts_and_a_later_act_is_new(
    db: Database, url: str, handling_store: HandlingStore
) -> None:
    acts: list[str] = []

    async def act(place: int) -> None:
        """Store an article whose story continues that of the one before."""
        choice = StoryChoice(continues=acts[-1] if acts else None)
        new = told(place, f"k{place}", later(place), "herald")
        reading = Reading(None, new, sign(new, shipped()), (Finding(Hit("openai", "openai", "v1", (), "…"), ()),))
        await keep(ArticleStore(db, lambda *_: choice, timedelta(days=3)), reading, render, later(place))

    with SqlReader(url) as reader:
        for place in range(3):
            await act(place)
            acts.append(reader.hits(HitQuery())[0].story_id)
        await handling_store.handle(HandlingSubject(story_id=acts[1]), said(HANDLED, 5, owner="lee"))
        assert [one.handling.state for one in reader.hits(HitQuery())] == [HANDLED] * 3
        await act(3)
        assert [one.handling.state for one in reader.hits(HitQuery())] == [NEW, HANDLED, HANDLED, HANDLED]
        (record,) = reader.stories(StoryQuery(), later(10))
        assert (len(record.acts), record.handling) == (4, UNHANDLED)
        assert await handling_store.handle(HandlingSubject(story_id=record.id), said(KEPT, 11)) is not None
        assert [one.handling.state for one in reader.hits(HitQuery(handling="kept"))] == [KEPT] * 4
    assert await rows(db, "SELECT count(*), count(DISTINCT story_id) FROM handling") == [(7, 4)]


async def test_many_are_handled_at_once_and_taken_back_at_once(
    article_store: ArticleStore, reader: SqlReader, handling_store: HandlingStore
) -> None:
    for number in range(4):
        await found(article_store, f"a{number}", number, "one", "two")
    by_hit = stories(reader)
    third = HandlingSubject(story_id=by_hit[5])
    await handling_store.handle(HandlingSubject(3), said(KEPT, 10, owner="lee", note="ours"))
    subjects = [HandlingSubject(story_id=by_hit[1]), HandlingSubject(3), third, HandlingSubject(999), third]

    batch = await handling_store.handle_all(subjects, said(HANDLED, 20))

    assert batch.subjects == 3
    assert states(reader) == dict.fromkeys((1, 2, 3, 5, 6), HANDLED) | dict.fromkeys((4, 7, 8), NEW)
    assert next(one for one in reader.hits(HitQuery(id=3))).handling.owner == "lee", "owners stay as they are"
    await handling_store.handle(third, said(IGNORED, 25, author="park"))
    assert await handling_store.undo(batch, "choi", later(30)) == 2, "the third has been spoken of since"
    assert states(reader) == {1: NEW, 2: NEW, 3: KEPT, 4: NEW, 5: IGNORED, 6: IGNORED, 7: NEW, 8: NEW}
    kept = reader.hits(HitQuery(id=3))[0].handling
    assert (kept.owner, kept.note, kept.author) == ("lee", "ours", "choi")
    assert await handling_store.undo(batch, "choi", later(40)) == 0, "what was taken back is not taken back again"


async def test_a_batch_takes_back_its_own_words_alone(
    article_store: ArticleStore, reader: SqlReader, handling_store: HandlingStore
) -> None:
    await found(article_store, "a", 0, "one", "two")
    first = await handling_store.handle_all([HandlingSubject(1)], said(HANDLED, 1))
    second = await handling_store.handle_all([HandlingSubject(2)], said(IGNORED, 2, author="park"))

    wide = replace(first, last=second.last)

    assert await handling_store.undo(wide, "kim", later(3)) == 1
    assert states(reader) == {1: NEW, 2: IGNORED}


async def test_nothing_is_handled_by_an_empty_batch(handling_store: HandlingStore) -> None:
    batch = await handling_store.handle_all([], said(HANDLED, 1))
    assert batch.subjects == 0
    assert await handling_store.undo(batch, "kim", later(2)) == 0


async def test_what_there_is_not_is_not_handled(
    db: Database, article_store: ArticleStore, handling_store: HandlingStore
) -> None:
    await found(article_store, "k1", 0, "openai")
    for subject in (HandlingSubject(2), HandlingSubject(2**62), HandlingSubject(story_id="none")):
        assert await handling_store.handle(subject, said(KEPT)) is None
    assert await rows(db, "SELECT count(*) FROM handling") == [(0,)]


@dataclass
class Account:
    """The test's own account of hits and stories."""

    words: list[tuple[HandlingSubject, HandlingState]]
    stories: dict[int, str]

    def state(self, hit_id: int) -> str:
        for subject, state in reversed(self.words):
            if subject.hit_id == hit_id or subject.story_id == self.stories[hit_id]:
                return state.value
        return "new"


@pytest.mark.parametrize("few", [5_000, 0])
async def test_the_filter_finds_what_the_last_words_say(
    db: Database, url: str, article_store: ArticleStore, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """With few words the hits that were spoken of are looked at, with many every hit is: the same comes of both."""
    monkeypatch.setattr("monitor.store.read.hits.FEW", few)
    handling_store, draw = HandlingStore(db), random.Random(5)
    for place in range(12):
        await found(article_store, f"k{place}", place, *draw.sample(("openai", "rivals", "boss"), draw.randint(1, 3)))
    with SqlReader(url) as reader:
        account = Account([], stories(reader))
        for _ in range(40):
            hit_id = draw.choice(list(account.stories))
            by_hit = draw.random() < 0.6
            subject = HandlingSubject(hit_id) if by_hit else HandlingSubject(story_id=account.stories[hit_id])
            state = draw.choice(list(HandlingState))
            await handling_store.handle(subject, said(state))
            account.words.append((subject, state))
            for wanted in HandlingState:
                query = HitQuery(handling=wanted.value, rule=draw.choice(("", "openai")), limit=100)
                meant = {one.id for one in reader.hits(replace(query, handling="")) if account.state(one.id) == wanted}
                shown = reader.hits(query)
                assert {one.id for one in shown} == meant
                assert {one.handling.state for one in shown} <= {wanted}
                assert reader.count_hits(query, 100) == len(meant)
        told = dict(await rows(db, "SELECT id, handling FROM v_hits"))
        assert told == {one: account.state(one) for one in account.stories}
        assert reader.hits(HitQuery(handling="done")) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"author": " "},
        {"author": "x" * (LONGEST_NAME + 1)},
        {"owner": "이" * (LONGEST_NAME + 1)},
        {"note": "긴" * (LONGEST_NOTE + 1)},
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, Any]) -> None:
    assert said(KEPT, note="긴" * LONGEST_NOTE, owner="이" * LONGEST_NAME).at == NOW
    with pytest.raises(InvalidValueError):
        said(KEPT, **changes)


@pytest.mark.parametrize("named", [{}, {"hit_id": 1, "story_id": "s"}])
def test_one_thing_is_spoken_of(named: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not both"):
        HandlingSubject(**named)
