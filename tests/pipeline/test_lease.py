"""A source is held as long as it is polled, and not much longer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model.errors import StoreError
from monitor.model.event import Delivered, LeaseLost, Polled
from monitor.model.task import Deliver, Poll
from monitor.pipeline.lease import LEASE, SourceLeases
from monitor.store.write.maintenance import Maintenance
from monitor.store.write.outbox import Outbox
from monitor.store.write.source_store import SourceStore
from tests.patience import PATIENCE
from tests.pipeline.app import OPENAI, App, plan

POLL = Poll("paper", at_once=True)


def leases(app: App, owner: str = "me", lease: timedelta = LEASE) -> SourceLeases:
    return SourceLeases(
        source_store=app.source_store, clock=app.clock, owner=owner, unwritten=app.due.unwritten, lease=lease
    )


async def test_a_long_poll_keeps_its_source(app: App) -> None:
    quick = timedelta(milliseconds=200)
    async with leases(app, lease=quick).held("paper") as held:
        assert held is not None
        for _ in range(3):
            before = app.clock.now
            app.clock.pass_(seconds=0.15)  # longer than what is left, were it not renewed
            async with asyncio.timeout(PATIENCE):
                while not await renewed(app.source_store, before + quick):
                    await asyncio.sleep(0)
            async with leases(app, "other").held("paper") as taken:
                assert taken is None
        assert not held.lost


async def renewed(source_store: SourceStore, until: datetime) -> bool:
    """Return whether the lease ends later than that moment."""
    return not await source_store.due_sources(until, 1)


async def test_a_lease_that_somebody_else_has_is_noticed_and_ends_the_reading(app: App) -> None:
    async with leases(app, lease=timedelta(milliseconds=50)).held("paper") as held:
        assert held is not None
        app.clock.pass_(minutes=20)
        async with leases(app, "other").held("paper") as taken:
            assert taken is not None
            async with asyncio.timeout(PATIENCE):
                while not held.lost:
                    await asyncio.sleep(0)
        app.press.listing(1)
        backlog = app.steps.poll.backlog
        assert [entry async for entry in backlog.entries(plan().sources[0], held)] == []


async def test_a_poll_that_lost_its_source_is_not_told_as_done(app: App) -> None:
    app.press.listing(1)
    url = app.press.article(1, "오픈AI가 나온다.")
    other: list[object] = []

    class Slow:
        """While the article is fetched another process takes the source."""

        async def fetch(self, *args: object) -> object:
            if args[0] == url:
                app.clock.pass_(minutes=20)
                other.append(await app.source_store.claim_source("paper", "other", app.clock(), timedelta(minutes=1)))
            return await app.press.fetch(*args)  # type: ignore[arg-type] # as they come

    poll = app.steps.poll
    pages = replace(poll.articles.reader.pages, fetcher=Slow())  # type: ignore[arg-type] # enough of one
    slow = replace(poll, articles=replace(poll.articles, reader=replace(poll.articles.reader, pages=pages)))
    assert [task async for task in slow(POLL)] == []
    assert other[0] is not None
    assert app.witness.of(LeaseLost) == [LeaseLost("source", "paper")]
    assert app.witness.of(Polled) == []
    assert not await app.source_store.renew_lease("paper", "me", app.clock())
    assert await app.source_store.renew_lease("paper", "other", app.clock())


async def away(*_: object) -> None:
    raise StoreError("the database refused: server closed the connection")


async def test_a_source_whose_poll_could_not_be_completed_is_due_at_the_next_good_write(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.press.listing(1)
    app.press.article(1, "오픈AI가 나온다.")
    with monkeypatch.context() as patch:
        patch.setattr(SourceStore, "complete_poll", away)
        patch.setattr(SourceStore, "release_source", away)
        patch.setattr(Maintenance, "check_writable", away)
        with pytest.raises(StoreError):
            await app.run(POLL)
        assert await app.source_store.due_sources(app.clock(), 9) == ()
        with pytest.raises(StoreError):
            await app.due()
    assert Poll("paper") in await app.due()
    await app.run(POLL)
    assert len(app.witness.of(Polled)) == 1


async def test_a_claim_whose_answer_was_lost_is_given_back(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = SourceStore.claim_source

    async def unheard(*args: object) -> None:
        await claim(*args)  # type: ignore[arg-type] # as they come
        await away()

    with monkeypatch.context() as patch:
        patch.setattr(SourceStore, "claim_source", unheard)
        with pytest.raises(StoreError):
            await app.run(POLL)
    assert await app.source_store.due_sources(app.clock(), 9) == ()
    assert Poll("paper") in await app.due()


async def test_what_was_given_back_late_is_not_taken_from_the_next_who_has_it(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.press.listing()
    with monkeypatch.context() as patch:
        patch.setattr(SourceStore, "complete_poll", away)
        with pytest.raises(StoreError):
            await app.run(POLL)
    app.clock.pass_(seconds=LEASE.total_seconds())
    async with leases(app, "other").held("paper") as held:
        assert held is not None
        assert Poll("paper") not in await app.due()
        assert await app.source_store.renew_lease("paper", held.state.owner, app.clock() + LEASE)


async def test_a_write_that_a_well_database_refuses_stands_in_nobodys_way(app: App) -> None:
    app.due.unwritten.later(away)
    with pytest.raises(StoreError):
        await app.due()
    assert Poll("paper") in await app.due()


async def one_message(app: App) -> Deliver:
    """Publish a hit; return the message that is to be sent."""
    await app.put(plan(version="v2", rules=(OPENAI,)))
    app.press.listing(1)
    app.press.article(1, "아무 일도 없다.")
    await app.run(POLL)
    app.press.listing(2, 1)
    app.press.article(2, "오픈AI가 나온다.")
    messages = [task async for task in app.steps.poll(POLL)]
    (message,) = (task for task in messages if isinstance(task, Deliver))
    return message


async def test_a_message_that_was_taken_is_not_sent_again_because_nobody_could_write_it_down(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await one_message(app)
    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "complete_delivery", away)
        with pytest.raises(StoreError):
            await app.run(message)
    app.clock.pass_(minutes=20)  # its lease is long over
    assert message not in await app.due()
    await app.run(message)
    assert len(app.post.sent) == 1
    (told,) = app.witness.of(Delivered)
    assert isinstance(told, Delivered)
    assert told.delivery_id == message.delivery_id


async def test_a_message_whose_claim_was_lost_is_sent_at_once(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    message, claim = await one_message(app), Outbox.claim_delivery
    await app.leases.give_back()

    async def unheard(*args: object) -> None:
        await claim(*args)  # type: ignore[arg-type] # as they come
        await away()

    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "claim_delivery", unheard)
        with pytest.raises(StoreError):
            await app.run(message)
    assert message in await app.due()


async def test_a_message_whose_lease_ran_out_is_not_told_as_done(app: App) -> None:
    message = await one_message(app)
    deliver = app.steps.deliver

    class Slow:
        """While it is sent, another process takes the message."""

        async def send(self, *args: object) -> object:
            app.clock.pass_(minutes=20)
            assert await deliver.leases.outbox.claim_delivery(
                message.delivery_id, "other", app.clock(), timedelta(minutes=1)
            )
            return await app.post.send(*args)  # type: ignore[arg-type] # as they come

    assert [task async for task in replace(deliver, sender=Slow())(message)] == []  # type: ignore[arg-type] # enough of one
    assert app.witness.of(LeaseLost) == [LeaseLost("delivery", message.delivery_id)]
    assert app.witness.of(Delivered) == []
