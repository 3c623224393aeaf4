"""Deliver: one attempt, and what it means."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.model.delivery import Completion, Outcome, Verdict
from monitor.model.errors import StoreError
from monitor.model.event import ChannelDisabled, Delivered, DeliveryFailed
from monitor.model.task import Deliver
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.outbox import Outbox
from tests.pipeline.app import DESK, App, plan
from tests.pipeline.test_poll import POLL, baseline


def outcome(verdict: Verdict, status: int | None = 500, retry_after: float | None = None) -> Outcome:
    return Outcome(verdict, status, str(status), 3.0, retry_after)


async def two_alerts(app: App) -> None:
    """Commit two alerts without sending them."""
    await baseline(app)
    app.press.listing(3, 2, 1)
    app.press.article(2, "오픈AI 둘.")
    app.press.article(3, "오픈AI 셋.")
    app.clock.pass_(minutes=5)
    async for _ in app.steps(POLL):
        pass
    await app.leases.give_back()  # nobody came for what was claimed along with it


async def test_one_attempt_leads_to_the_next_message_of_the_channel(app: App) -> None:
    await two_alerts(app)
    first, *rest = [task for task in await app.due() if isinstance(task, Deliver)]
    assert rest == []  # only the head of a channel is due
    await app.run(first)
    assert [sent.seq for sent in app.post.sent] == [1, 2]
    assert len(app.witness.of(Delivered)) == 2
    with app.reader() as reader:
        assert [row.state for row in reader.deliveries(suppressed=False)] == ["done", "done"]


async def test_a_failure_holds_the_channel_back_until_it_is_due(app: App) -> None:
    await two_alerts(app)
    app.post.answers = [outcome(Verdict.RETRY, retry_after=90.0)]
    await app.tick()
    assert [sent.seq for sent in app.post.sent] == [1]
    app.clock.pass_(seconds=89)
    await app.tick()
    assert len(app.post.sent) == 1
    app.clock.pass_(seconds=200)
    await app.tick()
    assert [(sent.seq, sent.attempt) for sent in app.post.sent] == [(1, 1), (1, 2), (2, 1)]
    assert app.post.sent[0].id == app.post.sent[1].id
    assert app.post.sent[0].body == app.post.sent[1].body


async def test_the_body_carries_the_seq_of_its_row(app: App) -> None:
    await two_alerts(app)
    await app.tick()
    assert [json.loads(sent.body)["seq"] for sent in app.post.sent] == [1, 2]


async def test_a_message_that_is_refused_three_times_lets_the_next_one_pass(app: App) -> None:
    await two_alerts(app)
    app.post.answers = [outcome(Verdict.REJECTED, 400)] * 3
    await patiently(app, 3)
    assert [sent.seq for sent in app.post.sent] == [1, 1, 1, 2, 1]
    assert [event.dead for event in app.witness.of(DeliveryFailed) if isinstance(event, DeliveryFailed)] == [
        False,
        False,
        True,
    ]
    with app.reader() as reader:  # its receiver took the next one: perhaps it was ill, and the first goes once more
        assert [row.state for row in reader.deliveries(suppressed=False)] == ["done", "done"]


async def test_a_message_that_is_refused_once_more_is_dead(app: App) -> None:
    await two_alerts(app)
    refused = outcome(Verdict.REJECTED, 400)
    app.post.answers = [refused, refused, refused, outcome(Verdict.DELIVERED, 200), refused]
    await patiently(app, 6)
    assert [sent.seq for sent in app.post.sent] == [1, 1, 1, 2, 1]
    with app.reader() as reader:
        assert sorted(row.state for row in reader.deliveries(suppressed=False)) == ["dead", "done"]


async def test_a_channel_that_is_gone_keeps_its_messages(app: App) -> None:
    await two_alerts(app)
    app.post.answers = [outcome(Verdict.CHANNEL_GONE, 410)]
    await app.tick()
    app.clock.pass_(days=1)
    await app.tick()
    assert [sent.seq for sent in app.post.sent] == [1]
    with app.reader() as reader:
        rows = reader.deliveries(suppressed=False)
        assert [row.state for row in rows] == ["pending", "pending"]
        assert {row.shut for row in rows} == {"410"}
    assert [type(event) for event in app.witness.of(ChannelDisabled)] == [ChannelDisabled]


async def patiently(app: App, ticks: int) -> None:
    """Let so many ticks pass, a minute apart."""
    for _ in range(ticks):
        await app.tick()
        app.clock.pass_(minutes=1)


async def test_a_channel_that_lost_its_url_waits_for_it(app: App) -> None:
    await two_alerts(app)
    await app.put(plan(version="v2", channels=(replace(DESK, url=""),)))
    await app.tick()
    assert app.post.sent == []
    await app.put(plan(version="v3"))
    app.clock.pass_(minutes=2)
    await app.tick()
    assert [sent.seq for sent in app.post.sent] == [1, 2]


async def test_a_message_that_is_not_due_is_not_sent(app: App) -> None:
    assert await app.run(Deliver("no-such-id")) == []
    assert app.post.sent == []


async def test_a_message_whose_sender_died_is_sent_again_under_the_same_id(app: App) -> None:
    await two_alerts(app)
    (task,) = [task for task in await app.due() if isinstance(task, Deliver)]
    outbox = app.due.outbox
    held = await outbox.claim_delivery(task.delivery_id, "dead process", app.clock(), timedelta(seconds=30))
    assert held is not None
    await app.tick()
    assert app.post.sent == []
    app.clock.pass_(seconds=31)
    await app.tick()
    assert [sent.seq for sent in app.post.sent] == [1, 2]
    assert app.post.sent[0].id == held.id
    assert app.post.sent[0].attempt == 2


async def test_the_first_fault_of_a_receiver_that_was_well_holds_nobody_back(app: App) -> None:
    await two_alerts(app)
    app.post.answers = [outcome(Verdict.DELIVERED, 200), outcome(Verdict.RETRY), outcome(Verdict.RETRY)]
    await app.tick()
    assert [sent.seq for sent in app.post.sent] == [1, 2]
    app.clock.pass_(seconds=1)
    await app.tick()
    assert [sent.seq for sent in app.post.sent] == [1, 2, 2]
    app.clock.pass_(seconds=1)
    await app.tick()
    assert len(app.post.sent) == 3, "it is not well: from now on it is given time"


async def test_the_next_message_is_claimed_along_with_what_is_completed(app: App) -> None:
    await two_alerts(app)
    (first,) = [task for task in await app.due() if isinstance(task, Deliver)]
    assert [task async for task in app.steps(first)] == []
    assert [(sent.seq, sent.attempt) for sent in app.post.sent] == [(1, 1), (2, 1)]
    assert len({sent.owner for sent in app.post.sent}) == 2, "each claim has a name of its own"


async def test_a_process_that_ends_takes_nothing_along(app: App) -> None:
    await two_alerts(app)
    (first,) = [task for task in await app.due() if isinstance(task, Deliver)]
    app.stopping[0] = True
    (second,) = [task async for task in app.steps(first)]
    assert [sent.seq for sent in app.post.sent] == [1]
    assert [task for task in await app.due() if isinstance(task, Deliver)] == [second], (
        "it is free for the next process"
    )


class CutOff(Outbox):
    """An outbox whose first completion is committed, and whose answer is lost."""

    cut = False

    async def complete_delivery(self, *given: Any, **named: Any) -> Completion:  # noqa: ANN401 - handed on as it is
        completion = await super().complete_delivery(*given, **named)
        if not self.cut:
            self.cut = True
            raise StoreError("the connection broke")
        return completion


async def test_what_was_claimed_by_a_commit_that_nobody_heard_of_is_given_back(app: App) -> None:
    await two_alerts(app)
    step = app.steps.deliver
    lost = replace(step, leases=replace(step.leases, outbox=CutOff(app.database)))
    app.steps = replace(app.steps, deliver=lost)
    (first,) = [task for task in await app.due() if isinstance(task, Deliver)]
    with pytest.raises(StoreError):
        await app.run(first)
    assert [sent.seq for sent in app.post.sent] == [1]
    await app.tick()  # at the same moment: no lease has run out
    assert [(sent.seq, sent.attempt) for sent in app.post.sent] == [(1, 1), (2, 1)]
    with app.reader() as reader:
        assert [row.state for row in reader.deliveries(suppressed=False)] == ["done", "done"]


async def test_a_message_is_claimed_along_with_the_hit_that_made_it(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        raise AssertionError("no transaction of its own")

    monkeypatch.setattr(Outbox, "claim_delivery", never)
    await baseline(app)
    app.press.listing(2, 1)
    app.press.article(2, "오픈AI 둘.")
    app.clock.pass_(minutes=5)
    await app.tick()
    assert [(sent.seq, sent.attempt) for sent in app.post.sent] == [(1, 1)]


async def test_what_was_claimed_along_with_its_hit_by_a_process_that_died_is_sent_by_the_next(app: App) -> None:
    await baseline(app)
    app.press.listing(2, 1)
    app.press.article(2, "오픈AI 둘.")
    app.clock.pass_(minutes=5)
    (message,) = [task async for task in app.steps(POLL) if isinstance(task, Deliver)]
    assert message not in await app.due(), "it is about to be sent"
    app.leases._beforehand.clear()
    app.clock.pass_(seconds=31)
    await app.tick()
    assert [(sent.id, sent.attempt) for sent in app.post.sent] == [(message.delivery_id, 2)]


async def test_what_is_asked_for_after_its_lease_has_run_out_is_claimed_anew(app: App) -> None:
    await baseline(app)
    app.press.listing(2, 1)
    app.press.article(2, "오픈AI 둘.")
    app.clock.pass_(minutes=5)
    (message,) = [task async for task in app.steps(POLL) if isinstance(task, Deliver)]
    app.clock.pass_(seconds=31)
    await app.run(message)
    assert [sent.attempt for sent in app.post.sent] == [2]


async def test_a_claim_along_with_a_commit_that_nobody_heard_of_is_given_back(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    await baseline(app)
    app.press.listing(2, 1)
    app.press.article(2, "오픈AI 둘.")
    app.clock.pass_(minutes=5)
    commit = ArticleStore.commit

    async def unheard(*args: object) -> None:
        await commit(*args)  # type: ignore[arg-type]  # as they come
        raise StoreError("the answer was lost")

    with monkeypatch.context() as patch:
        patch.setattr(ArticleStore, "commit", unheard)
        with pytest.raises(StoreError):
            await app.run(POLL)
    await app.tick()
    assert [(sent.seq, sent.attempt) for sent in app.post.sent] == [(1, 1)]
