"""What every SourceStore remembers of a source's rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model.article import Entry
from monitor.model.plan import Interval
from monitor.model.rhythm import Arrivals, Burst, Reach, Rhythm
from monitor.model.state import PollResult
from monitor.store.ledger import SourceStore
from tests.contracts.invented import LEASE, LIST, MINUTE, NOW, entry, later, plan, sighting, source

KNOWN = Arrivals(NOW, tuple(n / 8 for n in range(24)), (1.5,) * 24, {LIST: Reach(3600.5, NOW)})


class Lesson:
    """Notes what it is asked, and answers KNOWN."""

    def __init__(self, answer: Arrivals = KNOWN) -> None:
        self.asked: list[tuple[Arrivals | None, list[str]]] = []
        self.answer = answer

    def __call__(self, past: Arrivals | None, fresh: Sequence[Entry]) -> Arrivals:
        self.asked.append((past, [one.key for one in fresh]))
        return self.answer


async def note(ledger: SourceStore, lesson: Lesson, *keys: str, etag: str = "1") -> None:
    shown = sighting(*(entry(key) for key in keys), etag=etag)
    await ledger.note_sighting(shown, NOW, baseline=False, ignore=False, learn=lesson)


async def arranged(ledger: SourceStore, wait: timedelta, source_id: str = "herald", error: str = "") -> None:
    """Have a source looked at next after so long."""
    claimed = await ledger.claim_source(source_id, "me", NOW, LEASE)
    assert claimed is not None
    await ledger.settle_source(PollResult(source_id, "me", NOW + wait, error), NOW)


async def test_a_sighting_teaches_what_it_showed_first_and_it_is_kept_to_the_digit(ledger: SourceStore) -> None:
    await ledger.sync_plan(plan(), NOW)
    assert await ledger.rhythms(("herald", "nobody")) == {"herald": Rhythm()}
    lesson = Lesson()
    await note(ledger, lesson, "a", "b")
    await note(ledger, lesson, "c", "a", "b")
    assert lesson.asked == [(None, ["a", "b"]), (KNOWN, ["c"])]
    assert await ledger.rhythms(("herald",)) == {"herald": Rhythm(KNOWN)}


async def test_the_same_list_teaches_nothing(ledger: SourceStore) -> None:
    await ledger.sync_plan(plan(), NOW)
    lesson = Lesson()
    await note(ledger, lesson, "a", "b")
    await note(ledger, lesson, "a", "b", etag="2")
    assert len(lesson.asked) == 1


async def test_a_list_that_only_lost_an_article_is_a_lesson_without_news(ledger: SourceStore) -> None:
    await ledger.sync_plan(plan(), NOW)
    lesson = Lesson()
    await note(ledger, lesson, "a", "b")
    await note(ledger, lesson, "a")
    assert lesson.asked[1] == (KNOWN, [])


async def test_a_lesson_that_fails_stores_nothing_of_the_sighting(ledger: SourceStore) -> None:
    await ledger.sync_plan(plan(), NOW)

    def fail(*_: object) -> Arrivals:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ledger.note_sighting(sighting(entry("a")), NOW, baseline=False, ignore=False, learn=fail)
    assert await ledger.pending_entries("herald", NOW, 9) == ()
    claimed = await ledger.claim_source("herald", "me", NOW, LEASE)
    assert claimed is not None
    assert dict(claimed.validators) == {}


async def test_what_was_learned_outlives_a_change_of_cadence_and_what_an_address_taught_leaves_with_it(
    ledger: SourceStore,
) -> None:
    await ledger.sync_plan(plan(), NOW)
    await note(ledger, Lesson(), "a")
    await ledger.sync_plan(plan(source(every=Interval(5)), version="v2"), NOW)
    assert (await ledger.rhythms(("herald",)))["herald"].arrivals == KNOWN
    await ledger.sync_plan(plan(source(urls=("https://news.example/2",)), version="v3"), NOW)
    assert (await ledger.rhythms(("herald",)))["herald"].arrivals == replace(KNOWN, reach={})


async def test_a_burst_is_kept_until_another_replaces_it(ledger: SourceStore) -> None:
    await ledger.sync_plan(plan(), NOW)
    burst = Burst(later(900), NOW, 1.5)
    for told in (burst, None):
        claimed = await ledger.claim_source("herald", "me", NOW, LEASE)
        assert claimed is not None
        await ledger.settle_source(PollResult("herald", "me", NOW + MINUTE, burst=told), NOW)
        assert (await ledger.rhythms(("herald",)))["herald"].burst == burst


async def test_a_late_owner_sets_no_burst(ledger: SourceStore) -> None:
    await ledger.sync_plan(plan(), NOW)
    await ledger.claim_source("herald", "me", NOW, LEASE)
    await ledger.settle_source(PollResult("herald", "you", NOW + MINUTE, burst=Burst(later(900), NOW)), NOW)
    assert (await ledger.rhythms(("herald",)))["herald"].burst is None


async def test_a_look_arranged_while_the_clock_ran_ahead_is_brought_back(ledger: SourceStore) -> None:
    names = ("far", "near", "failing", "left", "held")
    await ledger.sync_plan(plan(*(source(name) for name in names)), NOW)
    for name in names:
        error = "503" if name == "failing" else ""
        await arranged(ledger, timedelta(minutes=1) if name == "near" else timedelta(days=300), name, error)
    await ledger.claim_source("held", "me", NOW, LEASE)
    asked: dict[str, bool] = {}

    def latest(source_id: str, failing: bool) -> datetime | None:  # noqa: FBT001 - SourceStore's signature
        asked[source_id] = failing
        return None if source_id == "left" else later(900 * 86_400 if failing else 3600)

    assert await ledger.bring_back(latest, NOW) == 1
    assert asked == {"far": False, "near": False, "failing": True, "left": False}
    assert await ledger.due_sources(NOW, 9) == ("far",)
    claimed = await ledger.claim_source("far", "me", NOW, LEASE)
    assert claimed is not None
    assert claimed.lists_due_at == NOW, "its lists are looked at, not its entries alone"
    assert await ledger.bring_back(latest, NOW) == 0
