"""What every Outbox does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from monitor.cluster.choice import choose
from monitor.model.delivery import (
    Completion,
    Delivery,
    DeliveryState,
    FailureStreak,
    MessageContext,
    Opening,
    Outcome,
    Revival,
    Verdict,
)
from monitor.model.notification import Notification, Suppression
from monitor.model.operator import OperatorNotice
from monitor.model.records import DeliveryQuery
from monitor.notify.channels import channel_disabled, channel_enabled
from monitor.pipeline.attempt import attempt_result
from monitor.store.db.database import Database
from monitor.store.db.dialects import advisory_lock
from monitor.store.db.engines import open_writer, read_url
from monitor.store.read.queries import SqlReader
from monitor.store.tables.schema import attempt, channel_state, delivery, event, notification
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.channel_gate import revive
from monitor.store.write.messages import Announcement
from monitor.store.write.outbox import Outbox
from monitor.store.write.source_store import SourceStore
from tests.contracts.databases import PostgresFactory
from tests.contracts.invented import (
    LEASE,
    NOW,
    UNTOLD,
    channel,
    composed,
    finding,
    keep,
    later,
    plan,
    reading,
    render,
    result,
)


async def filled(article_store: ArticleStore, count: int, *channels: str) -> list[str]:
    """Store so many hits; return the ids to be sent in their order."""
    found = finding("openai", *channels)
    return [
        identity
        for number in range(count)
        for identity in (await keep(article_store, reading(f"k{number}", found), render, NOW)).deliveries
    ]


async def claimed(outbox: Outbox, delivery_id: str, seconds: float = 0, owner: str = "me") -> Delivery:
    """Claim what can be claimed."""
    held = await outbox.claim_delivery(delivery_id, owner, later(seconds), LEASE)
    assert held is not None
    return held


async def state(db: Database, delivery_id: str) -> str:
    """Return where a delivery stands."""
    query = select(delivery.c.state).where(delivery.c.id == delivery_id)
    return str(await db.read(lambda connection: connection.execute(query).scalar_one()))


async def test_a_claim_brings_the_frozen_message(article_store: ArticleStore, outbox: Outbox) -> None:
    (identity,) = await filled(article_store, 1)
    held = await claimed(outbox, identity)
    assert (held.id, held.channel_id, held.seq, held.attempt, held.owner) == (identity, "desk", 1, 1, "me")
    assert held.body == b"1 k0 openai"
    assert (held.created_at, held.first_attempt_at) == (NOW, None)


async def test_a_claim_says_whether_others_wait_behind(article_store: ArticleStore, outbox: Outbox) -> None:
    first, other, second, _ = await filled(article_store, 2, "a", "b")
    assert (await claimed(outbox, first)).followed
    assert (await claimed(outbox, other)).followed
    await outbox.complete_delivery(await claimed(outbox, first, 60), result(), later(61), UNTOLD)
    assert not (await claimed(outbox, second, 62)).followed, "what is done waits no more"


async def test_a_delivery_is_given_back_by_its_owner_alone(article_store: ArticleStore, outbox: Outbox) -> None:
    (identity,) = await filled(article_store, 1)
    await claimed(outbox, identity)
    await outbox.release_claim("you")
    assert await outbox.due_deliveries(NOW, 10) == ()
    await outbox.release_claim("me")
    assert await outbox.due_deliveries(NOW, 10) == (identity,)
    held = await claimed(outbox, identity)
    assert (held.attempt, held.first_attempt_at) == (1, None), "what was not tried is no attempt"
    await outbox.complete_delivery(held, result(DeliveryState.DONE), NOW, UNTOLD)
    await outbox.release_claim("me")
    assert await outbox.due_deliveries(NOW, 10) == (), "what is done stays done"


async def test_each_channel_offers_its_head_alone(article_store: ArticleStore, outbox: Outbox) -> None:
    ids = await filled(article_store, 3, "a", "b")
    assert set(await outbox.due_deliveries(NOW, 10)) == set(ids[:2])
    assert len(await outbox.due_deliveries(NOW, 1)) == 1
    assert await outbox.due_deliveries(later(-1), 10) == ()
    for waiting in ids[2:]:
        assert await outbox.claim_delivery(waiting, "me", NOW, LEASE) is None


async def test_what_has_been_due_for_longest_is_offered_first(article_store: ArticleStore, outbox: Outbox) -> None:
    (fresh,) = (await keep(article_store, reading("k1", finding("openai", "a")), render, later(5))).deliveries
    (old,) = (await keep(article_store, reading("k2", finding("openai", "b")), render, NOW)).deliveries
    assert await outbox.due_deliveries(later(9), 10) == (old, fresh)
    assert await outbox.due_deliveries(later(9), 1) == (old,)


async def test_settling_hands_over_the_next(article_store: ArticleStore, outbox: Outbox, db: Database) -> None:
    ids = await filled(article_store, 3)
    for place, identity in enumerate(ids):
        held = await claimed(outbox, identity)
        assert await outbox.due_deliveries(NOW, 10) == (), "one at a time"
        following = (await outbox.complete_delivery(held, result(), NOW, UNTOLD)).following
        assert following == (ids[place + 1] if place < 2 else None)
        assert await state(db, identity) == "done"


async def test_a_retry_keeps_the_line_waiting(article_store: ArticleStore, outbox: Outbox, db: Database) -> None:
    first, second = await filled(article_store, 2)
    retry = result(DeliveryState.PENDING, status=503, detail="busy", due_at=later(60), retry_after=60.0)
    assert (await outbox.complete_delivery(await claimed(outbox, first), retry, later(1), UNTOLD)).following is None
    assert await outbox.due_deliveries(later(59), 10) == ()
    assert await outbox.claim_delivery(second, "me", later(59), LEASE) is None
    held = await claimed(outbox, first, 60)
    assert (held.attempt, held.first_attempt_at) == (2, NOW)
    row = await db.read(lambda connection: connection.execute(select(attempt)).one())
    assert (row.n, row.at, row.state, row.status, row.detail, row.elapsed_ms, row.retry_after) == (
        1,
        later(1),
        "pending",
        503,
        "busy",
        12.5,
        60.0,
    )


async def test_the_age_of_a_message_counts_from_its_first_attempt(article_store: ArticleStore, outbox: Outbox) -> None:
    (identity,) = await filled(article_store, 1)
    for moment in (0, 60, 120):
        held = await claimed(outbox, identity, moment)
        await outbox.complete_delivery(
            held, result(DeliveryState.PENDING, due_at=later(moment + 60)), later(moment), UNTOLD
        )
    assert (await claimed(outbox, identity, 180)).first_attempt_at == NOW


async def test_a_message_that_was_taken_in_the_end_shows_no_trace_of_its_failures(
    article_store: ArticleStore, outbox: Outbox, db: Database
) -> None:
    (identity,) = await filled(article_store, 1)
    retry = result(DeliveryState.PENDING, status=503, detail="busy", due_at=later(60))
    await outbox.complete_delivery(await claimed(outbox, identity), retry, NOW, UNTOLD)
    await outbox.complete_delivery(await claimed(outbox, identity, 60), result(detail="thank you"), later(61), UNTOLD)
    row = await db.read(lambda connection: connection.execute(select(delivery)).one())
    assert (row.state, row.attempts, row.last_status, row.last_error) == ("done", 2, 200, "")
    assert (row.done_at, row.due_at, row.lease_owner, row.lease_until) == (later(61), None, None, None)


async def test_a_channel_that_was_shut_before_keeps_the_reason(
    article_store: ArticleStore, outbox: Outbox, source_store: SourceStore, db: Database
) -> None:
    await source_store.sync_plan(plan(channels=(channel(),)), NOW)
    (identity,) = await filled(article_store, 1)
    held = await claimed(outbox, identity)
    await source_store.sync_plan(plan(channels=(channel(enabled=False),), version="v2"), later(1))
    gone = result(DeliveryState.PENDING, status=410, detail="gone", due_at=later(7), shut=disabled(later(2)))
    await outbox.complete_delivery(held, gone, later(2), UNTOLD)
    row = await db.read(lambda connection: connection.execute(select(channel_state)).one())
    assert (row.disabled_at, row.reason) == (later(1), "switched off")


async def test_a_dead_message_frees_the_line(article_store: ArticleStore, outbox: Outbox, db: Database) -> None:
    first, second = await filled(article_store, 2)
    dead = result(DeliveryState.DEAD, status=400, detail="no")
    assert (await outbox.complete_delivery(await claimed(outbox, first), dead, NOW, UNTOLD)).following == second
    assert await state(db, first) == "dead"
    row = await db.read(lambda connection: connection.execute(select(delivery).where(delivery.c.id == first)).one())
    assert (row.last_status, row.last_error, row.done_at, row.due_at) == (400, "no", None, None)


async def test_a_lease_that_ran_out_is_claimed_again_with_the_same_message(
    article_store: ArticleStore, outbox: Outbox
) -> None:
    first, _ = await filled(article_store, 2)
    lost = await claimed(outbox, first)
    assert await outbox.claim_delivery(first, "you", later(29), LEASE) is None
    assert await outbox.due_deliveries(later(30), 10) == (first,)
    again = await claimed(outbox, first, 30, "you")
    assert again == replace(lost, attempt=2, owner="you", first_attempt_at=NOW)


@pytest.mark.parametrize("owner", ["you", "me"])
async def test_a_late_sender_completes_nothing(
    article_store: ArticleStore, outbox: Outbox, db: Database, owner: str
) -> None:
    first, _ = await filled(article_store, 2)
    late = await claimed(outbox, first)
    await claimed(outbox, first, 30, owner)
    assert (await outbox.complete_delivery(late, result(), later(31), UNTOLD)).lost
    assert await state(db, first) == "leased"
    assert await db.read(lambda connection: connection.execute(select(attempt)).all()) == []


async def test_settling_twice_counts_once(article_store: ArticleStore, outbox: Outbox, db: Database) -> None:
    first, second = await filled(article_store, 2)
    held = await claimed(outbox, first)
    assert (await outbox.complete_delivery(held, result(), NOW, UNTOLD)).following == second
    assert (await outbox.complete_delivery(held, result(DeliveryState.DEAD), NOW, UNTOLD)).lost
    assert await state(db, first) == "done"


def disabled(at: datetime) -> OperatorNotice:
    return channel_disabled(channel(), at, status=410, answer="410: gone", lasted=timedelta())


def to_ops() -> Announcement:
    """Tell the channel `ops` of events."""
    return Announcement(lambda *_: (Notification("ops"),), composed(render))


async def shut(article_store: ArticleStore, outbox: Outbox, source_store: SourceStore) -> list[str]:
    """Have a receiver shut the channel `desk`, for which two messages wait; return their ids."""
    await source_store.sync_plan(plan(channels=(channel(),)), NOW)
    ids = await filled(article_store, 2)
    gone = result(
        DeliveryState.PENDING,
        status=410,
        detail="gone",
        due_at=later(7),
        streak=FailureStreak(later(1)),
        shut=disabled(later(1)),
    )
    completion = await outbox.complete_delivery(await claimed(outbox, ids[0]), gone, later(1), to_ops())
    assert completion.following is None
    assert len(completion.told) == 1
    assert await outbox.due_deliveries(later(9999), 10) == completion.told
    assert await outbox.claim_delivery(ids[1], "me", later(9999), LEASE) is None
    return ids


async def test_a_receiver_that_shuts_its_channel_keeps_its_messages_and_the_operator_is_told_once(
    article_store: ArticleStore, outbox: Outbox, source_store: SourceStore, db: Database
) -> None:
    first, second = await shut(article_store, outbox, source_store)
    assert [await state(db, one) for one in (first, second)] == ["pending", "pending"]
    rows = await db.read(lambda connection: connection.execute(select(event)).all())
    assert [(row.type, row.about) for row in rows] == [("channel.disabled", "channel.disabled: channel desk (webhook)")]
    told = await db.read(
        lambda connection: connection.execute(select(delivery).where(delivery.c.channel_id == "ops")).one()
    )
    assert (told.type, told.body, told.due_at) == ("channel.disabled", b"channel.disabled 1", later(1))


async def test_a_mended_definition_opens_a_channel_and_the_same_one_does_not(
    article_store: ArticleStore, outbox: Outbox, source_store: SourceStore
) -> None:
    first, _ = await shut(article_store, outbox, source_store)
    assert await source_store.sync_plan(plan(channels=(channel(),), version="v2"), later(2)) == ()
    assert first not in await outbox.due_deliveries(later(9), 10)
    mended = plan(channels=(channel(url="https://new.example/"),), version="v3")
    assert await source_store.sync_plan(mended, later(3)) == ("desk",)
    assert first in await outbox.due_deliveries(later(3), 10), "what waited for its next try is due at once"
    assert (await claimed(outbox, first, 3)).streak == FailureStreak()


async def test_a_channel_is_opened_by_a_command_and_what_waits_goes_out_in_order(
    article_store: ArticleStore, outbox: Outbox, source_store: SourceStore
) -> None:
    first, second = await shut(article_store, outbox, source_store)
    waited: list[int] = []

    def enabled(waiting: int) -> OperatorNotice:
        waited.append(waiting)
        return channel_enabled("desk", "webhook", later(2), waiting)

    assert await outbox.open_channel("desk", enabled, later(2), to_ops()) is Opening.OPENED
    assert waited == [2]
    held = await claimed(outbox, first, 2)
    assert (await outbox.complete_delivery(held, result(), later(3), UNTOLD)).following == second
    assert await outbox.open_channel("desk", enabled, later(4), to_ops()) is Opening.OPEN
    assert await outbox.open_channel("nobody", enabled, later(4), to_ops()) is Opening.UNKNOWN
    await source_store.sync_plan(plan(channels=(channel(enabled=False),), version="v2"), later(5))
    assert await outbox.open_channel("desk", enabled, later(6), to_ops()) is Opening.BY_PLAN
    assert waited == [2]


@pytest.mark.parametrize("how", ["command", "plan"])
@pytest.mark.parametrize("tried", [1, 3, 40])
async def test_what_was_tried_often_has_all_its_attempts_when_the_channel_is_opened(
    article_store: ArticleStore, outbox: Outbox, source_store: SourceStore, how: str, tried: int
) -> None:
    await source_store.sync_plan(plan(channels=(channel(),)), NOW)
    (identity,) = await filled(article_store, 1)
    retry = result(
        DeliveryState.PENDING, status=404, detail="no", due_at=NOW, streak=FailureStreak(NOW, 1, 1, 404, NOW)
    )
    for number in range(tried):
        await outbox.complete_delivery(await claimed(outbox, identity, number), retry, later(number), UNTOLD)
    if how == "command":
        await outbox.open_channel("desk", lambda n: channel_enabled("desk", "", NOW, n), later(60), UNTOLD)
    else:
        await source_store.sync_plan(plan(channels=(channel(url="https://new.example/"),), version="v2"), later(60))
    held = await claimed(outbox, identity, 60)
    assert (held.attempt, held.first_attempt_at, held.streak) == (1, None, FailureStreak())
    refused = attempt_result(held, Outcome(Verdict.REJECTED, 404, "404", 1.0), channel(), later(61), 0.5)
    assert refused.state is DeliveryState.PENDING


async def test_a_channel_that_was_shut_and_left_the_plan_is_not_opened_for_nobody(
    article_store: ArticleStore, outbox: Outbox, source_store: SourceStore, db: Database
) -> None:
    first, _ = await shut(article_store, outbox, source_store)
    await source_store.sync_plan(plan(channels=(), version="v2"), later(2))
    opening = await outbox.open_channel("desk", lambda n: channel_enabled("desk", "", NOW, n), later(3), UNTOLD)
    assert opening is Opening.BY_PLAN
    assert first not in await outbox.due_deliveries(later(9999), 10)
    row = await db.read(lambda asked: asked.execute(select(channel_state).where(channel_state.c.id == "desk")).one())
    assert (row.disabled_at, row.reason) == (later(1), "not in the plan")
    await source_store.sync_plan(plan(channels=(channel(),), version="v3"), later(4))
    assert first in await outbox.due_deliveries(later(4), 10), "who puts it back wants it tried"


@pytest.mark.parametrize("became", [DeliveryState.PENDING, DeliveryState.DEAD])
@pytest.mark.parametrize("how", ["command", "plan", "off and on"])
async def test_a_fault_of_an_attempt_that_began_before_the_channel_was_opened_says_nothing_of_it(
    article_store: ArticleStore,
    outbox: Outbox,
    source_store: SourceStore,
    db: Database,
    how: str,
    became: DeliveryState,
) -> None:
    await source_store.sync_plan(plan(channels=(channel(),)), NOW)
    (identity,) = await filled(article_store, 1)
    failing = FailureStreak(NOW, 3, 1, 404, NOW)
    retry = result(DeliveryState.PENDING, status=404, detail="no", due_at=later(1), streak=failing)
    await outbox.complete_delivery(await claimed(outbox, identity), retry, NOW, UNTOLD)
    held = await claimed(outbox, identity, 3600)
    if how == "command":
        await outbox.open_channel("desk", lambda n: channel_enabled("desk", "", NOW, n), later(3601), UNTOLD)
    else:
        if how == "off and on":
            await source_store.sync_plan(plan(channels=(channel(enabled=False),), version="v2"), later(3601))
        mended = channel(url="https://new.example/") if how == "plan" else channel()
        await source_store.sync_plan(plan(channels=(mended,), version="v3"), later(3602))
    gone = replace(
        retry, state=became, streak=replace(failing, refused=4), shut=disabled(later(3603)), due_at=later(3604)
    )
    completion = await outbox.complete_delivery(held, gone, later(3603), to_ops())
    assert (completion.lost, completion.told, completion.opened) == (False, (), True)
    row = await db.read(lambda connection: connection.execute(select(channel_state)).one())
    assert (row.disabled_at, row.failing_since, row.refused) == (None, None, 0)
    assert (await claimed(outbox, identity, 3604)).streak == FailureStreak()


async def test_what_a_receiver_took_ends_its_failures_whatever_happened_meanwhile(
    article_store: ArticleStore, outbox: Outbox, source_store: SourceStore, db: Database
) -> None:
    await source_store.sync_plan(plan(channels=(channel(),)), NOW)
    first, second = await filled(article_store, 2)
    failing = FailureStreak(NOW)
    retry = result(DeliveryState.PENDING, status=503, detail="no", due_at=later(1), streak=failing)
    await outbox.complete_delivery(await claimed(outbox, first), replace(retry, state=DeliveryState.DEAD), NOW, UNTOLD)
    held = await claimed(outbox, second, 1)
    await outbox.replay((first,), composed(render), later(2))
    other = await claimed(outbox, first, 2, "other")
    again = replace(retry, streak=replace(failing, refused=1, refused_from=1))
    await outbox.complete_delivery(other, again, later(3), UNTOLD)
    await outbox.complete_delivery(held, result(streak=FailureStreak()), later(4), UNTOLD)
    row = await db.read(lambda connection: connection.execute(select(channel_state)).one())
    assert (row.failing_since, row.refused) == (None, 0)


async def test_a_message_of_a_shut_channel_is_not_replayed(
    article_store: ArticleStore, outbox: Outbox, source_store: SourceStore, db: Database
) -> None:
    first, second = await shut(article_store, outbox, source_store)
    await keep(article_store, reading("old", finding(suppressed=Suppression.BASELINE)), render, NOW)
    query = select(notification.c.id).where(notification.c.state == "suppressed")
    (silent,) = await db.read(lambda connection: connection.execute(query).scalars().all())
    asked = (first, second, silent)
    assert await outbox.replay(asked, composed(render), later(5)) == tuple((one, "shut") for one in asked)
    assert [await state(db, one) for one in (first, second)] == ["pending", "pending"]


@pytest.mark.parametrize(
    ("once", "given_up", "attempts", "expected"),
    [
        (False, 1, 3, "pending"),
        (False, 2, 6, "pending"),
        (True, 1, 3, "pending"),
        (True, 1, 15, "pending"),
        (True, 2, 4, "dead"),
        (True, 2, 15, "dead"),
    ],
)
async def test_what_was_refused_waits_again_once_however_often_it_was_tried(
    article_store: ArticleStore,
    outbox: Outbox,
    db: Database,
    once: bool,  # noqa: FBT001
    given_up: int,
    attempts: int,
    expected: str,
) -> None:
    old, first, second = await filled(article_store, 3)
    await outbox.complete_delivery(await claimed(outbox, old), result(DeliveryState.DEAD), later(-9), UNTOLD)
    streak = FailureStreak(NOW, 1, 2, 404, NOW)
    dead = result(DeliveryState.DEAD, status=404, detail="no", streak=streak)
    for number in range(1, attempts + 1):
        held = await claimed(outbox, first, number)
        if number in {attempts, attempts - given_up + 1}:
            await outbox.complete_delivery(held, dead, later(number), UNTOLD)
            if number < attempts:
                await db.write(lambda connection: revive(connection, "desk", Revival(2, NOW), NOW))
        else:
            retry = result(DeliveryState.PENDING, status=503, detail="busy", due_at=NOW, streak=streak)
            await outbox.complete_delivery(held, retry, later(number), UNTOLD)
    held = await claimed(outbox, second, 60)
    assert held.streak == streak
    taken = result(streak=FailureStreak(), revive=Revival(2, NOW, once=once))
    following = (await outbox.complete_delivery(held, taken, later(61), UNTOLD)).following
    assert (await state(db, first), following) == (expected, first if expected == "pending" else None)
    assert await state(db, old) == "dead", "what died before is not of this row of failures"
    if following:
        assert (await claimed(outbox, first, 61)).attempt == attempts + 1, "it has the attempts that it had"


async def test_what_was_sent_again_by_hand_is_given_up_for_the_first_time_again(
    article_store: ArticleStore, outbox: Outbox, db: Database
) -> None:
    first, second = await filled(article_store, 2)
    streak = FailureStreak(NOW, 1, 1, 404, NOW)
    dead = result(DeliveryState.DEAD, status=404, detail="no", streak=streak)
    await outbox.complete_delivery(await claimed(outbox, first), dead, later(1), UNTOLD)
    await outbox.replay((first,), composed(render), later(2))
    await outbox.complete_delivery(await claimed(outbox, first, 3), dead, later(4), UNTOLD)
    taken = result(streak=FailureStreak(), revive=Revival(1, NOW, once=True))
    await outbox.complete_delivery(await claimed(outbox, second, 5), taken, later(6), UNTOLD)
    assert await state(db, first) == "pending"


async def test_who_waits_behind_a_failing_message_hurries_that_one(article_store: ArticleStore, outbox: Outbox) -> None:
    first, second = await filled(article_store, 2)
    retry = result(DeliveryState.PENDING, status=503, due_at=later(600), streak=FailureStreak(NOW))
    await outbox.complete_delivery(await claimed(outbox, first), retry, NOW, UNTOLD)
    assert await outbox.replay([second], composed(render), later(5)) == ((second, "behind"),)
    assert await outbox.due_deliveries(later(5), 10) == (first,)


@pytest.mark.parametrize(
    ("channels", "reason"),
    [((), "not in the plan"), ((channel(enabled=False),), "switched off"), ((channel(url=""),), "no URL")],
)
async def test_the_plan_shuts_and_opens_channels(
    article_store: ArticleStore,
    outbox: Outbox,
    source_store: SourceStore,
    db: Database,
    channels: tuple[()],
    reason: str,
) -> None:
    await source_store.sync_plan(plan(channels=(channel(),)), NOW)
    ids = await filled(article_store, 1)
    for moment in (1, 2):
        await source_store.sync_plan(plan(channels=channels, version="v2"), later(moment))
    assert await outbox.due_deliveries(later(9999), 10) == ()
    row = await db.read(lambda connection: connection.execute(select(channel_state)).one())
    assert (row.disabled_at, row.reason) == (later(1), reason)
    await source_store.sync_plan(plan(channels=(channel(),), version="v3"), later(3))
    assert list(await outbox.due_deliveries(later(3), 10)) == ids


@pytest.mark.parametrize("end", [DeliveryState.DONE, DeliveryState.DEAD])
async def test_what_is_over_is_replayed_as_it_was(
    article_store: ArticleStore, outbox: Outbox, db: Database, end: DeliveryState
) -> None:
    first, second = await filled(article_store, 2)
    held = await claimed(outbox, first)
    assert (await outbox.complete_delivery(held, result(end, detail="x"), NOW, UNTOLD)).following == second
    assert await outbox.replay([first], composed(render), later(5)) == ((first, "replayed"),)
    assert await outbox.due_deliveries(later(5), 10) == (first,), "it is at the head again"
    again = await claimed(outbox, first, 5)
    assert again == held
    assert (await outbox.complete_delivery(again, result(), later(6), UNTOLD)).following == second
    numbers = await db.read(lambda connection: connection.execute(select(attempt.c.n)).scalars().all())
    assert numbers == [1, 1]


async def test_a_suppressed_row_is_released_with_a_seq_and_a_body(
    article_store: ArticleStore, outbox: Outbox, db: Database
) -> None:
    await keep(article_store, reading("old", finding(suppressed=Suppression.BASELINE)), render, NOW)
    await filled(article_store, 2)
    query = select(notification.c.id).where(notification.c.state == "suppressed")
    (silent,) = await db.read(lambda connection: connection.execute(query).scalars().all())
    contexts: list[MessageContext] = []

    def note(context: MessageContext, seq: int) -> bytes:
        contexts.append(context)
        return render(context, seq)

    assert await outbox.replay([silent], composed(note), later(5)) == ((silent, "released"),)
    assert contexts[0].created_at == NOW
    told = reading("old")
    assert (contexts[0].article, contexts[0].hit) == (told.article, told.findings[0].hit)
    assert (contexts[0].story.articles, contexts[0].story.title) == (1, told.article.title)
    row = await db.read(lambda connection: connection.execute(select(delivery).where(delivery.c.id == silent)).one())
    assert (row.state, row.seq, row.body) == ("pending", 3, render(contexts[0], 3))
    assert row.due_at == later(5)


async def test_what_is_being_sent_is_left_alone_by_a_replay(article_store: ArticleStore, outbox: Outbox) -> None:
    first, second = await filled(article_store, 2)
    await claimed(outbox, first)
    asked = [second, "no-such-id", first, "\x00"]
    outcomes = [outcome for _, outcome in await outbox.replay(asked, composed(render), later(5))]
    assert outcomes == ["behind", "unknown", "sending", "unknown"]
    assert await outbox.due_deliveries(later(5), 10) == ()


async def test_concurrent_claims_never_give_one_row_twice(article_store: ArticleStore, outbox: Outbox) -> None:
    ids = await filled(article_store, 1, *(f"c{n}" for n in range(12)))
    tries = [outbox.claim_delivery(identity, f"w{worker}", NOW, LEASE) for worker in range(5) for identity in ids]
    held = [claim.id for claim in await asyncio.gather(*tries) if claim is not None]
    assert sorted(held) == sorted(ids)


async def test_a_sender_of_a_former_life_completes_nothing(
    article_store: ArticleStore, outbox: Outbox, db: Database
) -> None:
    (identity,) = await filled(article_store, 1)
    late = await claimed(outbox, identity, owner="old")
    held = await claimed(outbox, identity, 30, "new")
    await outbox.complete_delivery(held, result(DeliveryState.DEAD), later(31), UNTOLD)
    await outbox.replay([identity], composed(render), later(32))
    again = await claimed(outbox, identity, 32, "new")
    assert again.attempt == late.attempt
    assert (await outbox.complete_delivery(late, result(), later(33), UNTOLD)).lost
    assert await state(db, identity) == "leased"


async def test_an_attempt_that_is_written_down_twice_is_no_lost_lease(
    article_store: ArticleStore, outbox: Outbox, db: Database
) -> None:
    """The answer to a COMMIT may be lost with its connection: then the same is written again."""
    first, second = await filled(article_store, 2)
    held = await claimed(outbox, first)
    for _ in range(2):
        assert await outbox.complete_delivery(held, result(), NOW, UNTOLD) == Completion(lost=False, following=second)
    query = select(func.count()).select_from(attempt)
    assert await db.read(lambda connection: connection.execute(query).scalar_one()) == 1


async def test_a_replay_beside_a_second_source_is_told_once(
    article_store: ArticleStore, db: Database, url: str
) -> None:
    for number in range(12):
        await keep(article_store, reading(f"k{number}", finding(suppressed=Suppression.BASELINE)), render, NOW)
    query = select(notification.c.id).order_by(notification.c.id)
    ids = await db.read(lambda connection: connection.execute(query).scalars().all())
    elsewhere = Database(url)
    replays = [Outbox(elsewhere).replay([identity], composed(render), later(5)) for identity in ids]
    again = [keep(article_store, reading(f"k{number}"), render, later(5)) for number in range(12)]
    await asyncio.gather(*(task for pair in zip(replays, again, strict=True) for task in pair))
    await elsewhere.aclose()
    told = await db.read(lambda connection: connection.execute(select(delivery.c.id)).scalars().all())
    assert sorted(told) == list(ids)


@pytest.mark.postgres
async def test_a_replay_waits_for_an_article_under_way_and_keeps_nothing_from_it(
    postgres_factory: PostgresFactory,
) -> None:
    """Both note what is told of a story and take a seq: in two orders they would wait for each other."""
    url = postgres_factory.migrated()
    db = Database(url)
    article_store = ArticleStore(db, choose, timedelta(days=2))
    await keep(article_store, reading("k", finding(suppressed=Suppression.BASELINE)), render, NOW)
    engine = open_writer(read_url(url))
    waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()")
    with engine.begin() as article_under_way:
        advisory_lock(article_under_way, "stories")
        (identity,) = article_under_way.execute(select(notification.c.id)).scalars()
        replay = asyncio.create_task(Outbox(db).replay([identity], composed(render), later(5)))
        while not replay.done() and not article_under_way.execute(waits).scalar_one():
            await asyncio.sleep(0.01)
        assert not replay.done()
        for table in (notification, channel_state):
            article_under_way.execute(select(table.c.id).with_for_update(nowait=True))
    assert await replay == ((identity, "released"),)
    engine.dispose()
    await db.aclose()


async def test_since_when_the_first_message_of_a_channel_waits(article_store: ArticleStore, url: str) -> None:
    await filled(article_store, 2)
    reader = SqlReader(url)
    try:
        assert reader.waiting_since({"desk": 2, "none": 1}) == {"desk": reader.deliveries(limit=1)[0].created_at}
    finally:
        reader.close()


async def test_a_page_of_deliveries_begins_behind_the_one_before(article_store: ArticleStore, url: str) -> None:
    oldest, middle, newest = await filled(article_store, 3)
    reader = SqlReader(url)
    try:
        assert [one.id for one in reader.deliveries(before=newest)] == [middle, oldest]
        of_channel = DeliveryQuery(channel="desk", before=middle)
        assert [one.id for one in reader.chosen_deliveries(of_channel)] == [oldest]
        assert [one.id for one in reader.deliveries(before=middle, channel="desk")] == [oldest]
        assert reader.deliveries(channel="other") == reader.deliveries("suppressed", channel="other") == ()
        assert reader.deliveries("pending", before=oldest) == ()
        assert reader.delivery_ids(newest) == reader.delivery_ids(newest[-12:]) == (newest,)
        assert reader.delivery_ids(f"{newest[:-1]}-") == ()
    finally:
        reader.close()
