"""What every HealthStore does: memory, alarm and message are one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from monitor.model.delivery import DeliveryState, MessageDraft
from monitor.model.health import Alarm, Bilingual, Day, HealthWrite, Notice, Peer, SourceProblem
from monitor.model.notification import DecideEvent, Notification
from monitor.model.rhythm import SLOTS, Arrivals
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.write.health_store import HealthStore
from monitor.store.write.outbox import Outbox
from monitor.store.write.source_store import PollResult, SourceStore
from tests.contracts.invented import (
    LEASE,
    NOW,
    UNTOLD,
    channel,
    composed,
    entry,
    later,
    listing,
    plan,
    render,
    result,
    source,
)

WORDS = Bilingual("summary", "봄")


def notice(
    *, broken: bool = True, source_id: str = "herald", problem: SourceProblem = SourceProblem.STALE, at: float = 0
) -> Notice:
    return Notice(broken, Alarm(problem, later(-60), WORDS, Bilingual("action", "고침")), later(at), source_id, "한빛")


def verdict(*notices: Notice, memory: Mapping[str, Any] | None = None, **changes: Any) -> HealthWrite:  # noqa: ANN401 - any field
    values: dict[str, Any] = {
        "memory": memory or {"polls": 1},
        "outage": None,
        "polled_at": NOW,
        "failing_since": None,
        "notices": notices,
        "day": Day("2026-11-05", 3, 1),
    }
    return HealthWrite(**(values | changes))


body = composed(render)


def telling(*channels: str) -> DecideEvent:
    """Decide that these channels are told of every event."""
    return lambda _notice, _history, _now: [Notification(name) for name in channels]


async def keep(
    health_store: HealthStore, judged: HealthWrite, *channels: str, source_id: str = "herald"
) -> tuple[tuple[Notice, ...], tuple[str, ...]]:
    return await health_store.examine(source_id, lambda *_: judged, telling(*channels), body)


@pytest.fixture
def health_store(db: Database) -> HealthStore:
    """The store of health on it."""
    return HealthStore(db)


async def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await db.read(lambda connection: connection.execute(text(query)).all())]


async def test_what_was_remembered_comes_back(health_store: HealthStore) -> None:
    memories: list[Mapping[str, Any]] = []

    def judge(memory: Mapping[str, Any], outage: object, _peers: object, _arrivals: object) -> HealthWrite:
        assert outage is None
        memories.append(memory)
        return verdict(memory={"polls": len(memories), "말": "한글"})

    for _ in range(3):
        await health_store.examine("herald", judge, telling(), body)
    assert memories == [{}, {"polls": 1, "말": "한글"}, {"polls": 2, "말": "한글"}]


async def test_an_alarm_and_its_messages_are_one(
    health_store: HealthStore, db: Database, source_store: SourceStore, outbox: Outbox, url: str
) -> None:
    await source_store.sync_plan(plan(channels=(channel("desk"), channel("ops"))), NOW)
    notices, ids = await keep(health_store, verdict(notice()), "ops", "desk")
    assert notices == (notice(),)
    assert len(ids) == 2
    assert set(await outbox.due_deliveries(NOW, 10)) == set(ids)
    delivery = await outbox.claim_delivery(ids[0], "me", NOW, LEASE)
    assert delivery is not None
    assert (delivery.channel_id, delivery.seq, delivery.body) == ("ops", 1, b"source.broken 1")
    assert (await outbox.complete_delivery(delivery, result(DeliveryState.DONE), later(1), UNTOLD)).following is None
    assert await rows(
        db, "SELECT source_id, problem, summary_ko, action_en FROM v_alarms WHERE cleared_at IS NULL"
    ) == [("herald", "stale", "봄", "action")]
    with SqlReader(url) as reader:
        told = {row.channel_id: row for row in reader.deliveries()}
        assert told["desk"].title == "source.broken: 한빛: stale"
        assert (told["ops"].state, told["desk"].state, told["ops"].rule_id) == ("done", "pending", "")
        (row,) = reader.sources(NOW)
        assert (row.problem, row.since, row.summary, row.action, row.missed_today) == (
            "stale", later(-60), "summary", "action", 1,
        )  # fmt: skip


async def test_its_end_clears_it_and_takes_the_next_number(
    health_store: HealthStore, db: Database, source_store: SourceStore
) -> None:
    await source_store.sync_plan(plan(channels=(channel(),)), NOW)
    await keep(health_store, verdict(notice()), "desk")
    await keep(health_store, verdict(notice(broken=False, at=60)), "desk")
    await keep(health_store, verdict(notice(at=120)), "desk")
    told = await rows(db, "SELECT seq, type FROM v_deliveries ORDER BY seq")
    assert told == [(1, "source.broken"), (2, "source.recovered"), (3, "source.broken")]
    assert await rows(db, "SELECT count(*), count(cleared_at) FROM v_alarms") == [(2, 1)]


async def test_what_fails_stores_nothing(health_store: HealthStore, db: Database) -> None:
    def refuse(_message: MessageDraft) -> bytes:
        raise ValueError("no body")

    with pytest.raises(ValueError, match="no body"):
        await health_store.examine("herald", lambda *_: verdict(notice()), telling("desk"), refuse)
    for table in ("source_health", "alarm", "source_day", "delivery"):
        assert await rows(db, f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608 - names of ours


async def test_without_a_channel_the_alarm_is_stored(health_store: HealthStore, db: Database) -> None:
    assert await keep(health_store, verdict(notice())) == ((notice(),), ())
    assert await rows(db, "SELECT count(*) FROM v_alarms") == [(1,)]
    assert await rows(db, "SELECT count(*) FROM v_deliveries") == [(0,)]


async def test_peers_are_the_other_sources_that_are_watched(
    health_store: HealthStore, source_store: SourceStore
) -> None:
    await source_store.sync_plan(plan(source("a"), source("b"), source("c", enabled=False), source("d")), NOW)
    await keep(health_store, verdict(failing_since=later(-9)), source_id="a")
    for name in ("b", "c"):
        await keep(health_store, verdict(), source_id=name)
    await keep(health_store, verdict(polled_at=None), source_id="d")
    asked: list[Sequence[Peer]] = []

    def judge(_memory: object, _outage: object, peers: Callable[[], Sequence[Peer]], _arrivals: object) -> HealthWrite:
        asked.append(peers())
        return verdict()

    await health_store.examine("b", judge, telling(), body)
    assert asked == [(Peer(NOW, later(-9)),)]
    await keep(health_store, replace(verdict(failing_since=later(-9)), memory={"cause": "status 403"}), source_id="a")
    await health_store.examine("b", judge, telling(), body)
    assert asked[1] == (Peer(NOW, later(-9), "status 403"),)
    strange: tuple[dict[str, Any], ...] = ({}, {"cause": 7}, {"cause": ["dns"]})
    for damaged in strange:
        await keep(health_store, replace(verdict(failing_since=later(-9)), memory=damaged), source_id="a")
        await health_store.examine("b", judge, telling(), body)
        assert asked[-1] == (Peer(NOW, later(-9)),)


async def test_a_judgement_knows_the_rhythm_that_the_last_list_taught(
    health_store: HealthStore, source_store: SourceStore
) -> None:
    await source_store.sync_plan(plan(), NOW)
    learned = Arrivals(NOW, (1.0,) * SLOTS, (2.0,) * SLOTS)
    known: list[Arrivals | None] = []

    def judge(_memory: object, _outage: object, _peers: object, arrivals: Arrivals | None) -> HealthWrite:
        known.append(arrivals)
        return verdict()

    await health_store.examine("herald", judge, telling(), body)
    await source_store.commit_list(listing(entry()), NOW, baseline=False, ignore=False, learn=lambda *_: learned)
    await health_store.examine("herald", judge, telling(), body)
    await health_store.examine("nobody", judge, telling(), body)
    assert known == [None, learned, None]


async def test_the_alarm_of_an_outage_is_everybodys(
    health_store: HealthStore, source_store: SourceStore, url: str, db: Database
) -> None:
    app = {"problem": "network", "n": 40}
    await source_store.sync_plan(plan(channels=(channel(),)), NOW)
    told = notice(source_id="", problem=SourceProblem.NETWORK)
    await keep(health_store, verdict(told, outage=app), "desk", source_id="a")
    assert await rows(db, "SELECT title FROM v_deliveries") == [("source.broken: network",)]
    seen: list[object] = []

    def judge(_memory: object, outage: object, _peers: object, _arrivals: object) -> HealthWrite:
        seen.append(outage)
        return verdict(outage=outage)

    await health_store.examine("b", judge, telling(), body)
    with SqlReader(url) as reader:
        assert reader.outage() == "summary -> action"
    await keep(health_store, verdict(notice(broken=False, source_id="", problem=SourceProblem.NETWORK)), source_id="b")
    await health_store.examine("a", judge, telling(), body)
    assert seen == [app, None]
    with SqlReader(url) as reader:
        assert reader.outage() == ""
    assert await rows(db, "SELECT count(*) FROM source_health WHERE source_id = ''") == [(0,)]


async def test_a_day_is_one_row_that_grows(health_store: HealthStore, db: Database) -> None:
    for seen in (1, 5):
        await keep(health_store, verdict(day=Day("2026-11-05", seen, seen - 1)))
    await keep(health_store, verdict(day=Day("2026-11-06", 2, 0)))
    assert await rows(db, "SELECT day, seen, missed FROM v_source_days ORDER BY day") == [
        ("2026-11-05", 5, 4),
        ("2026-11-06", 2, 0),
    ]


async def test_when_one_answers_again_those_that_still_fail_alike_are_due(
    health_store: HealthStore, source_store: SourceStore
) -> None:
    await source_store.sync_plan(
        plan(source("a"), source("b"), source("c"), source("d", enabled=False), source("e")), NOW
    )
    for name in ("a", "b", "c", "d", "e"):
        failing = None if name == "c" else NOW
        cause = "robots" if name == "e" else "connect"
        await keep(health_store, verdict(failing_since=failing, memory={"cause": cause}), source_id=name)
        claimed = await source_store.claim_source(name, "me", NOW, LEASE)
        if claimed is not None:
            await source_store.complete_poll(PollResult(name, "me", later(3600), "down", 1.0), NOW)
    assert await source_store.due_sources(later(60), 10) == ()
    await keep(health_store, verdict(polled_at=later(30), recovered=frozenset({"connect", "dns"})), source_id="a")
    assert await source_store.due_sources(later(60), 10) == ("b",)
    claimed = await source_store.claim_source("b", "me", later(60), LEASE)
    assert claimed is not None
    assert claimed.lists_due_at == later(30)  # its lists, not only its entries
