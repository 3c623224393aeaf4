"""A message that told a story shows how far it has grown: edited where it stands, seldom, and never in anybody's way."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.model.delivery import Delivery, Outcome, Verdict
from monitor.model.event import Delivered, DeliveryFailed, EditFailed, MessageEdited
from monitor.model.plan import Channel, Plan
from monitor.model.policy import StoryPolicy
from monitor.model.task import Poll, Refresh
from monitor.pipeline.refresh import INTERVAL, MOST_TRIES
from tests.pipeline.app import ALIASES, OPENAI, App, build, plan

BODY = "오픈AI가 서울 종로구에 사무소를 연다고 5일 밝혔다. 직원은 열두 명이고 대표는 김하나 이사가 맡는다. 임대 계약은 3년이다."
DISCORD = Channel("desk", "discord", "https://discord.com/api/webhooks/7/x")
OUTLETS = 6


def told_by(channel: Channel = DISCORD) -> Plan:
    """Return a plan of several outlets and a rule that tells each story once."""
    base = plan(channels=(channel,), rules=(replace(OPENAI, stories=StoryPolicy(outlets=(), burst=None)),))
    sources = [
        replace(base.sources[0], id=f"o{number}", urls=(f"https://paper.example/list{number}",))
        for number in range(OUTLETS)
    ]
    return replace(base, sources=tuple(sources), aliases=ALIASES)


@pytest.fixture
async def desk(tmp_path: Path) -> App:
    """An app whose channel names what it takes; nothing has been published."""
    app = await build(tmp_path, told_by())
    app.post.receipt = "m1"
    for number in range(OUTLETS):
        await publish(app, number, "아무 일도 없다.", 100)
    app.clock.pass_(minutes=5)
    return app


async def publish(app: App, outlet: int, body: str = BODY, first: int = 1) -> None:
    """Have an outlet publish an article, and poll it."""
    url, number = f"https://paper.example/list{outlet}", first + outlet
    app.press.listing(number, 100 + outlet, url=url)
    app.press.article(number, body)
    await app.run(Poll(f"o{outlet}", at_once=True))


def shown(app: App) -> list[tuple[int, int]]:
    """Return how many articles and outlets each edit showed."""
    stories = [json.loads(edit.body)["data"]["story"] for edit in app.post.edited]
    return [(story["articles"], story["outlets"]) for story in stories]


async def pass_(app: App, **span: float) -> None:
    app.clock.pass_(**span)
    await app.tick()


def failed(verdict: Verdict, status: int = 500, wait: float | None = None) -> Outcome:
    return Outcome(verdict, status, f"{status}: no", 1.0, wait)


async def test_one_message_for_five_outlets_edited_to_the_present_count_a_minute_apart(desk: App) -> None:
    for outlet in range(5):
        await publish(desk, outlet)
        await desk.tick()
        desk.clock.pass_(seconds=10)
    assert len(desk.post.sent) == 1
    assert shown(desk) == [(2, 2)]
    await pass_(desk, seconds=19)
    assert shown(desk) == [(2, 2)]
    await pass_(desk, seconds=1)
    assert shown(desk) == [(2, 2), (5, 5)]
    await pass_(desk, hours=2)
    assert shown(desk) == [(2, 2), (5, 5)]
    assert [event for event in desk.witness.of(MessageEdited) if isinstance(event, MessageEdited)][-1].outlets == 5
    (first,) = desk.post.sent
    last = json.loads(desk.post.edited[-1].body)
    assert (desk.post.edited[-1].id, desk.post.edited[-1].seq) == (first.id, first.seq)
    last["data"]["story"] |= {"articles": 1, "outlets": 1}
    assert last == json.loads(first.body)


async def test_a_story_that_does_not_grow_is_asked_for_nothing(desk: App) -> None:
    await publish(desk, 0)
    for _ in range(5):
        await pass_(desk, seconds=30)
    assert (len(desk.post.sent), desk.post.edited) == (1, [])


async def test_the_first_growth_is_shown_at_once_however_long_a_message_stands(desk: App) -> None:
    await publish(desk, 0)
    await pass_(desk, seconds=12)
    await publish(desk, 1)
    await pass_(desk, seconds=1)
    assert shown(desk) == [(2, 2)]


async def test_the_stored_body_stays_and_is_what_a_replay_sends(desk: App) -> None:
    await publish(desk, 0)
    await publish(desk, 1)
    await desk.tick()
    assert shown(desk) == [(2, 2)]
    (first,) = desk.post.sent
    await desk.leases.outbox.replay([first.id], lambda _: b"", desk.clock())
    await desk.tick()
    assert [sent.body for sent in desk.post.sent] == [first.body, first.body]
    await pass_(desk, minutes=1)
    assert shown(desk) == [(2, 2), (2, 2)]  # the message that was sent again is another one


async def test_an_edit_that_fails_is_tried_a_few_times_and_says_nothing_of_the_channel(desk: App) -> None:
    await publish(desk, 0)
    await publish(desk, 1)
    desk.post.verdicts = [failed(Verdict.RETRY)] * 20
    for _ in range(200):
        await pass_(desk, minutes=2)
    events = [event for event in desk.witness.events if isinstance(event, EditFailed)]
    assert [event.attempt for event in events] == [1, 2, 3, 4, 5]
    assert [event.given_up for event in events] == [False] * (MOST_TRIES - 1) + [True]
    assert desk.witness.of(DeliveryFailed) == []
    assert len(desk.witness.of(Delivered)) == 1
    desk.post.verdicts = []
    await publish(desk, 2)
    await desk.tick()
    assert shown(desk)[-1] == (3, 3)


async def test_the_receiver_is_not_asked_before_it_wants_to_be(desk: App) -> None:
    await publish(desk, 0)
    await publish(desk, 1)
    desk.post.verdicts = [failed(Verdict.RETRY, 429, 1_000.0)]
    await desk.tick()
    for outlet in (2, 3):
        await publish(desk, outlet)
        await pass_(desk, seconds=490)
    assert shown(desk) == [(2, 2)]
    await pass_(desk, seconds=20)
    assert shown(desk) == [(2, 2), (4, 4)]


@pytest.mark.parametrize(
    ("verdict", "status"), [(Verdict.REJECTED, 404), (Verdict.REJECTED, 403), (Verdict.CHANNEL_GONE, 410)]
)
async def test_a_message_that_is_gone_is_left_at_once_and_for_good(desk: App, verdict: Verdict, status: int) -> None:
    await publish(desk, 0)
    await publish(desk, 1)
    desk.post.verdicts = [failed(verdict, status)]
    await desk.tick()
    for outlet in (2, 3, 4):
        await publish(desk, outlet)
        await pass_(desk, minutes=5)
    assert len(desk.post.edited) == 1
    assert [event.given_up for event in desk.witness.events if isinstance(event, EditFailed)] == [True]
    await desk.leases.outbox.replay([desk.post.sent[0].id], lambda _: b"", desk.clock())
    await desk.tick()
    assert len(desk.post.sent) == 2  # the channel takes messages as before


async def test_a_process_that_dies_in_an_edit_repeats_it_and_nothing_else(desk: App) -> None:
    await publish(desk, 0)
    await publish(desk, 1)

    class Dying:
        async def edit(self, delivery: Delivery, channel: Channel, now: object, receipt: str) -> Outcome:
            desk.post.edited.append(delivery)
            raise KeyboardInterrupt(receipt, channel.id, now)

    (task,) = [task for task in await desk.due() if isinstance(task, Refresh)]
    with pytest.raises(KeyboardInterrupt):
        await replace(desk.steps.refresh, sender=Dying())(task)  # type: ignore[arg-type] # enough of one
    await desk.tick()
    assert shown(desk) == [(2, 2)]
    await pass_(desk, seconds=30)
    assert shown(desk) == [(2, 2), (2, 2)]
    await pass_(desk, hours=1)
    assert (len(desk.post.sent), len(desk.post.edited)) == (1, 2)


@pytest.mark.parametrize(
    "channel",
    [
        Channel("desk", "webhook", "https://hooks.example/x"),
        Channel("desk", "slack", "https://hooks.slack.com/services/x"),
        replace(DISCORD, enabled=False),
    ],
)
async def test_a_channel_that_no_longer_edits_is_asked_for_nothing(desk: App, channel: Channel) -> None:
    await publish(desk, 0)
    await publish(desk, 1)
    desk.current_plan.set(replace(told_by(channel), version="v2"))
    await pass_(desk, minutes=2)
    await publish(desk, 2)
    await pass_(desk, minutes=2)
    assert desk.post.edited == []
    assert not [task for task in await desk.due() if isinstance(task, Refresh)]


async def test_edits_of_one_message_are_a_minute_apart_through_a_day_and_end_with_it(desk: App) -> None:
    await publish(desk, 0)
    moments = []
    for step in range(1, 60):
        if step % 12 == 0:
            await publish(desk, step // 12)
        before = len(desk.post.edited)
        await pass_(desk, seconds=13)
        if len(desk.post.edited) > before:
            moments.append(desk.clock())
    assert shown(desk)[-1] == (5, 5)
    assert all(later - earlier >= INTERVAL for earlier, later in pairwise(moments))
    await pass_(desk, hours=25)
    await publish(desk, 5)
    await pass_(desk, minutes=5)
    assert shown(desk)[-1] == (5, 5)
