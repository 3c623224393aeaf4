"""A receiver that is away, ill or refuses loses nothing, holds nobody else back, and is heard of soon after it is well."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.schedule.backoff import PROBE
from monitor.service.channel_opening import open_channel
from tests.journeys.outages import Reply, Street, Weather, receiver_for, street
from tests.net.raw_server import Caller, serving

pytestmark = pytest.mark.slow

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
BEGIN = 10 * MINUTE
OTHERS = ("night", "press")
HTML = Reply(404, {"content-type": "text/html"}, b"<html><title>404</title><h1>Not Found</h1> nginx")
BUSY = Reply(503, {"content-type": "text/html"}, "<html>잠시 후 다시 시도하십시오".encode())


@asynccontextmanager
async def town(folder: Path, spell: Reply, lasts: timedelta) -> AsyncIterator[Street]:
    """A desk whose receiver gives one reply for a while, and two channels whose receiver is well."""
    async with street(folder, dict.fromkeys(("desk", *OTHERS), "http://127.0.0.1:1")) as made:
        ill = Weather(made.app.clock, lambda at: spell if BEGIN <= at < BEGIN + lasts else None)
        async with receiver_for(made, ill) as desk, receiver_for(made) as well:
            await lead(made, desk.port, well.port)
            yield made


async def lead(made: Street, desk: int, well: int) -> None:
    """Lead the desk to one port, and all others to another."""
    current = made.app.current_plan.plan
    ports = {channel.id: desk if channel.id == "desk" else well for channel in current.channels}
    channels = tuple(replace(one, url=f"http://127.0.0.1:{ports[one.id]}/{one.id}") for one in current.channels)
    await made.app.put(replace(current, version="v2", channels=channels))


async def all_is_told(made: Street, *, ordered: bool = True) -> None:
    """Insist that every message was taken, in order, each once, and that the other channels noticed nothing."""
    for channel in ("desk", *OTHERS):
        assert set(await made.states(channel)) == {"done"}
        first = made.first_taken(channel)
        seqs = [one.post.seq for one in first.values()]
        everyone = list(range(1, len(await made.states(channel)) + 1))
        assert sorted(seqs, key=lambda seq: seq or 0) == everyone
        if ordered or channel in OTHERS:
            assert seqs == everyone
        assert len([identity for identity in first if identity in made.stored]) == made.count
        assert len([one for one in made.tries(channel) if one.taken]) == len(everyone), "nothing is told twice"
        assert all(one.post.verified for one in made.tries(channel))
    for channel in OTHERS:
        delays = [
            one.at - made.stored[one.post.id]
            for one in made.first_taken(channel).values()
            if one.post.id in made.stored
        ]
        assert max(delays) < SECOND


@pytest.mark.parametrize(
    ("hours", "every"), [(1, 7 * MINUTE), pytest.param(72, 4 * 60 * MINUTE, marks=pytest.mark.long)]
)
@pytest.mark.parametrize("reply", [BUSY, Reply(drop=True)], ids=["503", "cut"])
async def test_a_receiver_that_is_down_loses_nothing(
    tmp_path: Path, hours: int, every: timedelta, reply: Reply
) -> None:
    lasts = timedelta(hours=hours)
    async with town(tmp_path, reply, lasts) as made:
        await made.live(BEGIN, every)
        await made.live(BEGIN + lasts + 6 * MINUTE, every)
        await all_is_told(made)
        recovery = BEGIN + lasts
        late = [one.at for one in made.first_taken("desk").values() if one.at >= recovery]
        assert late[0] - recovery <= timedelta(seconds=PROBE + 1)
        waited = sum(BEGIN <= at < late[0] for at in made.stored.values()) // 3
        assert late[:waited] == [late[0]] * waited, "what waited goes out at once"
        tries = await made.attempts("desk")
        assert max(tries) <= lasts.total_seconds() / (PROBE * 0.95) + 6
        assert sum(count > 1 for count in tries) == 1, "only the first in line is tried"


@pytest.mark.parametrize("status", [404, 401, 403])
@pytest.mark.parametrize("minutes", [10, 50])
async def test_a_relay_that_refuses_for_a_while_loses_nothing(tmp_path: Path, status: int, minutes: int) -> None:
    async with town(tmp_path, replace(HTML, status=status), minutes * MINUTE) as made:
        await made.live(BEGIN + minutes * MINUTE + 20 * MINUTE, 3 * MINUTE)
        await all_is_told(made, ordered=minutes > 10)
        recovery = BEGIN + minutes * MINUTE
        first = min(one.at for one in made.first_taken("desk").values() if one.at >= recovery)
        assert first - recovery <= timedelta(seconds=PROBE + 1)


@pytest.mark.parametrize("minutes", [10, 50, 240])
async def test_a_single_message_that_a_relay_refuses_for_a_while_arrives(tmp_path: Path, minutes: int) -> None:
    """Nobody waits behind it, so that it need not make room: it is tried until its receiver is well."""
    async with town(tmp_path, HTML, minutes * MINUTE) as made:
        made.app.clock.pass_(seconds=BEGIN.total_seconds())
        await made.live(BEGIN + SECOND, 1000 * MINUTE)
        assert made.count == 1
        await made.live(BEGIN + minutes * MINUTE + 6 * MINUTE)
        await all_is_told(made)


@pytest.mark.parametrize("status", [404, 401, 403])
async def test_a_channel_that_was_refused_for_two_hours_waits_shut_until_it_is_opened(
    tmp_path: Path, status: int
) -> None:
    async with town(tmp_path, replace(HTML, status=status), 120 * MINUTE) as made:
        await made.live(BEGIN + 130 * MINUTE, 10 * MINUTE)
        assert set(await made.states("desk")) == {"done", "pending"}
        tries = len(made.tries("desk"))
        assert tries <= 1 + 60 / (PROBE / 60 * 0.95) + 9 + 3, "an hour of probes, and no more after it"
        await open_channel(made.app.due.outbox, "desk", made.app.current_plan.plan, made.app.clock())
        await made.live(made.at + SECOND)
        await all_is_told(made)


async def test_a_channel_that_is_gone_is_asked_once_and_keeps_its_messages(tmp_path: Path) -> None:
    async with town(tmp_path, Reply(410), 30 * MINUTE) as made:
        await made.live(BEGIN + 40 * MINUTE, 10 * MINUTE)
        assert [one.post.answered for one in made.tries("desk")] == ["200", "410"]
        await open_channel(made.app.due.outbox, "desk", made.app.current_plan.plan, made.app.clock())
        await made.live(made.at + SECOND)
        await all_is_told(made)


async def test_a_receiver_that_flaps_is_told_all_once_and_in_order(tmp_path: Path) -> None:
    async with street(tmp_path, dict.fromkeys(("desk", *OTHERS), "http://127.0.0.1:1")) as made:
        flapping = Weather(made.app.clock, lambda at: Reply(500) if at.seconds // 60 % 2 else None)
        async with receiver_for(made, flapping) as desk, receiver_for(made) as well:
            await lead(made, desk.port, well.port)
            await made.live(60 * MINUTE, 47 * SECOND)
            await made.live(70 * MINUTE)
            await all_is_told(made)


async def test_a_port_where_nobody_listens_is_asked_until_somebody_does(tmp_path: Path) -> None:
    async with (
        street(tmp_path, dict.fromkeys(("desk", *OTHERS), "http://127.0.0.1:1")) as made,
        AsyncExitStack() as later,
    ):
        well = await later.enter_async_context(receiver_for(made))
        async with receiver_for(made) as gone:
            port = gone.port
        await lead(made, port, well.port)
        await made.live(60 * MINUTE, 7 * MINUTE)
        assert made.tries("desk") == []
        await later.enter_async_context(receiver_for(made, port=port))
        await made.live(65 * MINUTE + SECOND)
        await all_is_told(made)


@pytest.mark.parametrize("fault", ["tls", "silent"])
async def test_whatever_is_wrong_below_http_is_waited_for(tmp_path: Path, fault: str) -> None:
    async def silent(caller: Caller) -> None:
        await asyncio.sleep(3600)
        await caller.say(b"")

    expired = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    expired.load_cert_chain(Path(__file__).parents[1] / "net" / "tls" / "expired.pem")
    urls = dict.fromkeys(("desk", *OTHERS), "http://127.0.0.1:1")
    async with street(tmp_path, urls) as made, receiver_for(made) as well:
        async with serving(silent, expired if fault == "tls" else None) as ill:
            await lead(made, ill.port, well.port)
            if fault == "tls":
                await at_https(made)
            await made.live(30 * MINUTE, 7 * MINUTE)
            assert set(await made.states("desk")) == {"pending"}
            assert (await made.attempts("desk"))[0] <= 30 * 60 / (PROBE * 0.95) + 6
        await lead(made, well.port, well.port)
        await made.live(36 * MINUTE)
        await all_is_told(made)


async def at_https(made: Street) -> None:
    """Have the desk speak TLS."""
    current = made.app.current_plan.plan
    channels = tuple(
        replace(one, url=one.url.replace("http:", "https:")) if one.id == "desk" else one for one in current.channels
    )
    await made.app.put(replace(current, version="v3", channels=channels))
