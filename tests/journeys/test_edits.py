"""A story that spreads, over real sockets: one message in the channel, edited to the present count, a minute apart at least."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.channels.carrier import Carrier
from monitor.channels.sender import ChannelSender
from monitor.model.event import DeliveryFailed, EditFailed
from monitor.model.plan import Channel
from tests.channels.samples import NoWay
from tests.net.raw_server import client_of
from tests.pipeline.app import App, build
from tests.pipeline.test_refresh import OUTLETS, pass_, publish, told_by
from tests.replica.messengers import PATHS, ROOM, TOKEN, Chat, messenger

ORIGIN = "http://messenger.test"
RECEIVERS = {
    "discord": Channel("desk", "discord", ORIGIN),
    "telegram": Channel("desk", "telegram", ORIGIN, options=(("to", "@news"),)),
    "slack": Channel("desk", "slack", ORIGIN, options=(("to", "#news"),), private=(("token", TOKEN),)),
    "mattermost": Channel("desk", "mattermost", ORIGIN, options=(("to", ROOM),), private=(("token", TOKEN),)),
}
KINDS = sorted(RECEIVERS)


@asynccontextmanager
async def desk_of(kind: str, folder: Path) -> AsyncIterator[tuple[App, Chat]]:
    """Run an app whose channel is a messenger; its outlets have published nothing of the story."""
    async with messenger(kind) as (server, chat), client_of() as client:
        app = await build(folder, told_by(replace(RECEIVERS[kind], url=server.url(PATHS[kind]))))
        sender = ChannelSender(Carrier(client, NoWay(), NoWay(), 5.0))
        steps = app.steps
        app.steps = replace(
            steps, deliver=replace(steps.deliver, sender=sender), refresh=replace(steps.refresh, sender=sender)
        )
        for outlet in range(OUTLETS):
            await publish(app, outlet, "아무 일도 없다.", 100)
        app.clock.pass_(minutes=5)
        yield app, chat
        await app.database.aclose()


async def spread(app: App, chat: Chat, seconds: float) -> list[datetime]:
    """Let time pass in steps of five seconds, doing what is due; return when the message was edited."""
    moments = []
    for _ in range(int(seconds / 5)):
        before = len(chat.edits)
        await pass_(app, seconds=5)
        moments += [app.clock()] * (len(chat.edits) - before)
    return moments


@pytest.mark.parametrize("kind", KINDS)
async def test_five_outlets_are_one_message_that_counts_them(kind: str, tmp_path: Path) -> None:
    async with desk_of(kind, tmp_path) as (app, chat):
        await publish(app, 0)
        (first,) = chat.texts()
        assert "같은 사건" not in first
        moments = []
        for outlet in range(1, 5):
            await publish(app, outlet)
            moments += await spread(app, chat, 25)
        moments += await spread(app, chat, 180)
        assert chat.notified == 1
        (last,) = chat.texts()
        assert "같은 사건 5건 · 매체 5곳" in last
        assert len(moments) >= 2
        assert all(later - earlier >= timedelta(minutes=1) for earlier, later in pairwise(moments))
        for words in ("OpenAI", "오픈AI", "기사 번호 1 의 충분히 긴 제목입니다", "종로구"):
            assert words in first
            assert words in last
        assert app.witness.of(EditFailed) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_a_message_that_somebody_deleted_is_left_and_the_channel_is_well(kind: str, tmp_path: Path) -> None:
    async with desk_of(kind, tmp_path) as (app, chat):
        await publish(app, 0)
        chat.messages.clear()
        for outlet in range(1, 4):
            await publish(app, outlet)
            await spread(app, chat, 70)
        assert (chat.notified, chat.edits) == (1, [])
        (left,) = app.witness.of(EditFailed)
        assert isinstance(left, EditFailed)
        assert left.given_up
        assert "canary" not in left.error
        assert app.witness.of(DeliveryFailed) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_a_messenger_that_is_ill_for_a_while_shows_the_count_once_it_is_well(kind: str, tmp_path: Path) -> None:
    async with desk_of(kind, tmp_path) as (app, chat):
        await publish(app, 0)
        chat.moods = [(503, {"ok": False}), (429, {"ok": False, "error": "ratelimited", "retry_after": 100})]
        for outlet in range(1, 5):
            await publish(app, outlet)
        await spread(app, chat, 900)
        (last,) = chat.texts()
        assert "같은 사건 5건 · 매체 5곳" in last
        assert (chat.notified, len(chat.edits)) == (1, 1)
        assert app.witness.of(DeliveryFailed) == []
