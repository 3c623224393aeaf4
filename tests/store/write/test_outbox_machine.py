"""The outbox against a model of it: any order of inserts, claims, answers, crashes and replays.

Nothing is lost, no seq is given twice, and each channel is served strictly in line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Row, func, select

from monitor.cluster.choice import choose
from monitor.model.delivery import Completion, Delivery, DeliveryState, NextClaim
from monitor.model.notification import Suppression
from monitor.store.db.database import Database
from monitor.store.tables.schema import attempt, delivery, notification
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.maintenance import Maintenance
from monitor.store.write.outbox import Outbox
from tests.contracts.databases import PostgresFactory, SqliteFactory
from tests.contracts.invented import LEASE, NOW, UNTOLD, composed, finding, keep, reading, render, result

CHANNELS = st.sampled_from(["a", "b"])
RETRY = timedelta(seconds=20)


@dataclass
class Expected:
    """A delivery as it should stand."""

    id: str
    channel: str
    seq: int | None
    state: str
    due_at: datetime
    attempts: int = 0
    lease_until: datetime = NOW
    body: bytes | None = None

    def unfinished(self) -> bool:
        """Return whether it is still to be sent."""
        return self.state in {"pending", "leased"}

    def ready(self, now: datetime) -> bool:
        """Return whether a claim may take it when it is the head."""
        return self.due_at <= now if self.state == "pending" else self.state == "leased" and self.lease_until <= now


class OutboxMachine(RuleBasedStateMachine):
    """Does at random what daemons do to an outbox, and compares."""

    def __init__(self, make_url: Callable[[], str]) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.db = Database(make_url())
        self.article_store = ArticleStore(self.db, choose, timedelta(days=2))
        self.outbox = Outbox(self.db)
        self.now = NOW
        self.articles = 0
        self.expected: list[Expected] = []
        self.held: list[Delivery] = []
        self.completed = 0

    def teardown(self) -> None:
        """Close everything."""
        self.runner.run(self.db.aclose())
        self.runner.close()

    def heads(self) -> list[Expected]:
        """Return the lowest unfinished delivery of each channel."""
        first: dict[str, Expected] = {}
        for one in sorted(self.expected, key=lambda one: one.seq or 0):
            if one.unfinished():
                first.setdefault(one.channel, one)
        return list(first.values())

    def next_seq(self, channel: str) -> int:
        """Return the seq that the channel should give out next."""
        return 1 + sum(one.seq is not None for one in self.expected if one.channel == channel)

    @initialize()
    def start(self) -> None:
        """Begin with something to send."""
        self.insert("a", silent=False)

    @rule(channel=CHANNELS, silent=st.booleans())
    def insert(self, channel: str, *, silent: bool) -> None:
        """Store an article with a hit."""
        self.articles += 1
        found = finding("openai", channel, suppressed=Suppression.BASELINE if silent else None)
        written = self.runner.run(keep(self.article_store, reading(f"k{self.articles}", found), render, self.now))
        if silent:
            known = {one.id for one in self.expected}
            (identity,) = {row.id for row in self.rows()} - known
            self.expected.append(Expected(identity, channel, None, "suppressed", self.now))
            return
        (identity,) = written.deliveries
        seq = self.next_seq(channel)
        body = f"{seq} k{self.articles} openai".encode()
        self.expected.append(Expected(identity, channel, seq, "pending", self.now, body=body))

    @rule(data=st.data())
    def insert_again(self, data: st.DataObject) -> None:
        """Store the same article once more, as another source would: only what a first run held back is let go."""
        number = data.draw(st.integers(1, self.articles))
        told = reading(f"k{number}", finding("openai", "a", "b"))
        written = self.runner.run(keep(self.article_store, told, render, self.now))
        one = self.expected[number - 1]
        held = one.state == "suppressed" and one.channel in {"a", "b"}
        assert (written.hits, written.deliveries) == ((), (one.id,) if held else ())
        if held:
            self.let_go(one)
            one.state, one.due_at, one.attempts = "pending", self.now, 0

    @rule(data=st.data(), owner=st.sampled_from(["one", "two"]))
    def claim(self, data: st.DataObject, owner: str) -> None:
        """Try to take any delivery at all."""
        one = data.draw(st.sampled_from(self.expected))
        held = self.runner.run(self.outbox.claim_delivery(one.id, owner, self.now, LEASE))
        assert (held is not None) == (one in self.heads() and one.ready(self.now))
        if held is not None:
            self.took(one, held)

    def took(self, one: Expected, held: Delivery) -> None:
        """Expect a message to be held now, as it was frozen."""
        one.state, one.attempts, one.lease_until = "leased", one.attempts + 1, self.now + LEASE
        assert (held.seq, held.attempt, held.body) == (one.seq, one.attempts, one.body)
        assert (held.first_attempt_at is None) == (held.attempt == 1)
        later = [two for two in self.expected if two.channel == one.channel and (two.seq or 0) > (one.seq or 0)]
        assert held.followed == any(two.unfinished() for two in later)
        self.held.append(held)

    @precondition(lambda self: self.held)
    @rule(
        data=st.data(),
        end=st.sampled_from([DeliveryState.DONE, DeliveryState.PENDING, DeliveryState.DEAD]),
        then=st.sampled_from(["one", "two", ""]),
    )
    def complete(self, data: st.DataObject, end: DeliveryState, then: str) -> None:
        """Report an attempt, perhaps long after its lease ran out; perhaps take the next message along with it."""
        held = data.draw(st.sampled_from(self.held))
        self.held.remove(held)
        (one,) = [one for one in self.expected if one.id == held.id]
        mine = one.state == "leased" and one.attempts == held.attempt and self.owners[held.id] == held.owner
        due_at = self.now + RETRY if end == DeliveryState.PENDING else None
        claim = NextClaim(then, self.now + LEASE) if then else None
        written = self.outbox.complete_delivery(held, result(end, due_at=due_at), self.now, UNTOLD, claim)
        completion = self.runner.run(written)
        if mine:
            one.state, one.due_at = end.value, due_at or one.due_at
            self.completed += 1
        heads = [head for head in self.heads() if head.channel == one.channel and head.ready(self.now)]
        expected = heads[0].id if mine and heads else None
        assert replace(completion, claimed=None) == Completion(lost=not mine, following=expected)
        assert (completion.claimed is not None) == bool(expected and then)
        if completion.claimed is not None:
            assert (completion.claimed.id, completion.claimed.owner) == (expected, then)
            self.took(heads[0], completion.claimed)

    @property
    def owners(self) -> dict[str, str | None]:
        """Return who holds what, by the store's own word."""
        return {row.id: row.lease_owner for row in self.rows()}

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        """Lose a sender between claim and settlement: whether the receiver got it, nobody knows."""
        self.held.remove(data.draw(st.sampled_from(self.held)))

    @rule()
    def restart(self) -> None:
        """Start alone again: every lease is free at once."""
        self.runner.run(Maintenance(self.db).release_leases(""))
        self.held.clear()
        for one in self.expected:
            one.state = "pending" if one.state == "leased" else one.state

    @rule(seconds=st.sampled_from([1, 19, 20, 29, 30, 3600]))
    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    @rule(data=st.data())
    def replay(self, data: st.DataObject) -> None:
        """Ask for any delivery again."""
        one = data.draw(st.sampled_from(self.expected))
        ((identity, outcome),) = self.runner.run(self.outbox.replay([one.id], composed(render), self.now))
        assert identity == one.id
        if one.unfinished():
            (head,) = [first for first in self.heads() if first.channel == one.channel]
            assert outcome == ("sending" if one.state == "leased" else "hurried" if head is one else "behind")
            if one.state == head.state == "pending":
                head.due_at = self.now
            return
        if one.state == "suppressed":
            assert outcome == "released"
            self.let_go(one)
        else:
            assert outcome == "replayed"
        one.state, one.due_at, one.attempts = "pending", self.now, 0

    def let_go(self, one: Expected) -> None:
        """Expect a suppressed row to have got the next seq and a body."""
        one.seq = self.next_seq(one.channel)
        one.body = next(row.body for row in self.rows() if row.id == one.id)
        assert one.body is not None
        assert one.body.startswith(f"{one.seq} k".encode())

    def rows(self) -> list[Row[Any]]:
        """Return every message, and what none was made of."""
        state = func.coalesce(delivery.c.state, notification.c.state).label("state")
        columns = (
            delivery.c.lease_owner,
            notification.c.id,
            notification.c.channel_id,
            delivery.c.seq,
            state,
            delivery.c.attempts,
            delivery.c.body,
        )
        joined = notification.outerjoin(delivery, delivery.c.id == notification.c.delivery_id)
        query = select(*columns).select_from(joined)
        found: Any = self.runner.run(self.db.read(lambda connection: connection.execute(query).all()))
        return list(found)

    @invariant()
    def the_rows_are_as_expected(self) -> None:
        """Nothing is lost, nothing is doubled, bodies never change."""
        stored = {row.id: (row.channel_id, row.seq, row.state, row.attempts or 0, row.body) for row in self.rows()}
        assert stored == {one.id: (one.channel, one.seq, one.state, one.attempts, one.body) for one in self.expected}

    @invariant()
    def exactly_the_ready_heads_are_due(self) -> None:
        """Each channel is served in line."""
        due = self.runner.run(self.outbox.due_deliveries(self.now, 100))
        assert sorted(due) == sorted(head.id for head in self.heads() if head.ready(self.now))

    @invariant()
    def each_settled_attempt_is_written_down_once(self) -> None:
        """The attempts tell the whole story."""
        query = select(attempt.c.id)
        assert len(self.runner.run(self.db.read(lambda connection: connection.execute(query).all()))) == self.completed


def run(factory: SqliteFactory | PostgresFactory, examples: int) -> None:
    """Let the machine play."""
    rules = settings(max_examples=examples, stateful_step_count=40)
    make = cast("type[RuleBasedStateMachine]", lambda: OutboxMachine(factory.migrated))  # it is only called
    run_state_machine_as_test(make, settings=rules)


@pytest.mark.long
@pytest.mark.slow
def test_sqlite_behaves_as_the_model(sqlite_factory: SqliteFactory) -> None:
    run(sqlite_factory, 30)


@pytest.mark.long
@pytest.mark.postgres
def test_postgres_behaves_as_the_model(postgres_factory: PostgresFactory) -> None:
    run(postgres_factory, 8)
