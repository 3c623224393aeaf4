"""What every SourceStore remembers of a source's rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from monitor.model.article import Entry
from monitor.model.plan import Interval
from monitor.model.rhythm import SLOTS, Arrivals, Burst, BurstBlock, Reach, Rhythm
from monitor.store.write.source_store import PollResult, SourceStore
from tests.contracts.invented import LEASE, LIST, MINUTE, NOW, entry, later, listing, plan, source

KNOWN = Arrivals(
    NOW,
    tuple(n / 8 for n in range(SLOTS)),
    (1.5,) * SLOTS,
    {LIST: Reach(3600.5, NOW)},
    7.5,
    3.0,
    BurstBlock(2, 1.25, 0.5),
)


class Lesson:
    """Notes what it is asked, and answers KNOWN."""

    def __init__(self, answer: Arrivals = KNOWN) -> None:
        self.asked: list[tuple[Arrivals | None, list[str]]] = []
        self.answer = answer

    def __call__(self, past: Arrivals | None, fresh: Sequence[Entry]) -> Arrivals:
        self.asked.append((past, [one.key for one in fresh]))
        return self.answer


async def note(source_store: SourceStore, lesson: Lesson, *keys: str, etag: str = "1") -> None:
    shown = listing(*(entry(key) for key in keys), etag=etag)
    await source_store.commit_list(shown, NOW, baseline=False, ignore=False, learn=lesson)


async def arranged(source_store: SourceStore, wait: timedelta, source_id: str = "herald", error: str = "") -> None:
    """Have a source polled next after so long."""
    claimed = await source_store.claim_source(source_id, "me", NOW, LEASE)
    assert claimed is not None
    await source_store.complete_poll(PollResult(source_id, "me", NOW + wait, error), NOW)


async def test_a_list_teaches_what_it_showed_first_and_it_is_kept_to_the_digit(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    assert await source_store.rhythms(("herald", "nobody")) == {"herald": Rhythm()}
    lesson = Lesson()
    await note(source_store, lesson, "a", "b")
    await note(source_store, lesson, "c", "a", "b")
    assert lesson.asked == [(None, ["a", "b"]), (KNOWN, ["c"])]
    assert await source_store.rhythms(("herald",)) == {"herald": Rhythm(KNOWN)}


async def test_the_same_list_teaches_nothing(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    lesson = Lesson()
    await note(source_store, lesson, "a", "b")
    await note(source_store, lesson, "a", "b", etag="2")
    assert len(lesson.asked) == 1


async def test_a_list_that_only_lost_an_article_is_a_lesson_without_news(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    lesson = Lesson()
    await note(source_store, lesson, "a", "b")
    await note(source_store, lesson, "a")
    assert lesson.asked[1] == (KNOWN, [])


async def test_a_lesson_that_fails_stores_nothing_of_the_list(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)

    def fail(*_: object) -> Arrivals:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await source_store.commit_list(listing(entry("a")), NOW, baseline=False, ignore=False, learn=fail)
    assert await source_store.pending_entries("herald", NOW, 9) == ()
    claimed = await source_store.claim_source("herald", "me", NOW, LEASE)
    assert claimed is not None
    assert dict(claimed.validators) == {}


async def test_what_was_learned_outlives_a_change_of_cadence_and_what_an_address_taught_leaves_with_it(
    source_store: SourceStore,
) -> None:
    await source_store.sync_plan(plan(), NOW)
    await note(source_store, Lesson(), "a")
    await source_store.sync_plan(plan(source(every=Interval(5)), version="v2"), NOW)
    assert (await source_store.rhythms(("herald",)))["herald"].arrivals == KNOWN
    await source_store.sync_plan(plan(source(urls=("https://news.example/2",)), version="v3"), NOW)
    moved = (await source_store.rhythms(("herald",)))["herald"].arrivals
    assert moved is not None
    assert dict(moved.reach) == {}
    assert sum(moved.counts) / sum(moved.spans) == pytest.approx(sum(KNOWN.counts) / sum(KNOWN.spans)), "the same rate"
    assert sum(moved.spans) == pytest.approx(sum(KNOWN.spans) / 10), "that soon gives way"


async def test_a_burst_is_kept_until_another_replaces_it(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    burst = Burst(later(900), NOW, 1.5)
    for told in (burst, None):
        claimed = await source_store.claim_source("herald", "me", NOW, LEASE)
        assert claimed is not None
        await source_store.complete_poll(PollResult("herald", "me", NOW + MINUTE, burst=told), NOW)
        assert (await source_store.rhythms(("herald",)))["herald"].burst == burst


async def test_a_late_owner_sets_no_burst(source_store: SourceStore) -> None:
    await source_store.sync_plan(plan(), NOW)
    await source_store.claim_source("herald", "me", NOW, LEASE)
    await source_store.complete_poll(PollResult("herald", "you", NOW + MINUTE, burst=Burst(later(900), NOW)), NOW)
    assert (await source_store.rhythms(("herald",)))["herald"].burst is None


async def test_a_poll_arranged_while_the_clock_ran_ahead_is_brought_back(source_store: SourceStore) -> None:
    names = ("far", "near", "failing", "left", "held")
    await source_store.sync_plan(plan(*(source(name) for name in names)), NOW)
    for name in names:
        error = "503" if name == "failing" else ""
        await arranged(source_store, timedelta(minutes=1) if name == "near" else timedelta(days=300), name, error)
    await source_store.claim_source("held", "me", NOW, LEASE)
    asked: dict[str, bool] = {}

    def latest(source_id: str, failing: bool) -> datetime | None:  # noqa: FBT001 - SourceStore's signature
        asked[source_id] = failing
        return None if source_id == "left" else later(900 * 86_400 if failing else 3600)

    assert await source_store.bring_back(latest, NOW) == 1
    assert asked == {"far": False, "near": False, "failing": True, "left": False}
    assert await source_store.due_sources(NOW, 9) == ("far",)
    claimed = await source_store.claim_source("far", "me", NOW, LEASE)
    assert claimed is not None
    assert claimed.lists_due_at == NOW, "its lists are polled, not its entries alone"
    assert await source_store.bring_back(latest, NOW) == 0
