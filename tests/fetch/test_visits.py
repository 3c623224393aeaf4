"""Hops, turns and failing hosts over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from monitor.fetch.pace import BREAK_AFTER, BREAK_SECONDS, LONGEST_BREAK, Pace
from monitor.fetch.visits import COOL_DOWN, Visits, place
from monitor.model.errors import FetchError, FetchReason
from monitor.present.causes import causes
from tests.fetch.test_pace import Time
from tests.net.raw_server import Caller, RawServer, client_of, fixed, http, serving

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@asynccontextmanager
async def visiting(interval: float = 0.0, seconds: float = 5.0) -> AsyncIterator[tuple[Visits, Pace, Time]]:
    clock = Time()
    pace = Pace(interval, monotonic=clock, sleep=clock.sleep)
    async with client_of(seconds) as client:
        yield Visits(client, pace, lambda: NOW), pace, clock


async def _fails(visits: Visits, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await visits.get(url)
    return caught.value


async def test_each_hop_is_admitted_before_it_is_fetched() -> None:
    asked: list[str] = []

    async with serving(fixed(http(b"there"))) as end, visiting() as (visits, _, _clock):
        first = fixed(http(b"", "302 Found", f"Location: {end.url('/b')}"))
        async with serving(first) as start:

            async def admit(url: str, origin: str) -> float | None:
                asked.append(url)
                assert url.startswith(origin)
                if url == end.url("/b"):
                    assert end.heads == []
                return None

            response = await visits.get(start.url("/a"), admit=admit)
            assert asked == [start.url("/a"), end.url("/b")]
    assert (response.body, response.url) == (b"there", end.url("/b"))


async def test_a_forbidden_hop_is_never_made() -> None:
    async def admit(url: str, _origin: str) -> float | None:
        if url.endswith("/b"):
            raise FetchError(url, FetchReason.ROBOTS, "no", transient=False)
        return None

    async with serving(fixed(http(b""))) as end, visiting() as (visits, _, _clock):
        async with serving(fixed(http(b"", "302 Found", f"Location: {end.url('/b')}"))) as start:
            with pytest.raises(FetchError, match="robots"):
                await visits.get(start.url(), admit=admit)
        assert end.connections == 0


async def test_a_hop_waits_for_its_own_host() -> None:
    async with (
        visiting(interval=7.0) as (visits, _, clock),
        serving(fixed(http(b"x"))) as end,
        serving(fixed(http(b"", "302 Found", f"Location: {end.url()}"))) as start,
    ):
        await visits.get(end.url())
        assert clock.slept == []
        await visits.get(start.url())  # `start` is free, `end` has just been asked
    assert clock.slept == [7.0]


async def test_two_hosts_that_redirect_to_each_other_do_not_wait_for_ever() -> None:
    servers: list[RawServer] = []

    async def across(caller: Caller) -> None:
        mine = int(caller.head.lower().split("host: 127.0.0.1:")[1].split("\r\n")[0])
        other = next(server for server in servers if server.port != mine)
        await caller.say(http(b"", "302 Found", f"Location: {other.url()}"))

    async with serving(across) as a, serving(across) as b, visiting() as (visits, _, _clock), asyncio.timeout(20):
        servers += [a, b]
        errors = await asyncio.gather(*(_fails(visits, server.url()) for server in (a, b, a, b)))
    assert {error.reason for error in errors} == {FetchReason.TOO_MANY_REDIRECTS}


async def test_all_hops_share_one_deadline() -> None:
    async def slow(caller: Caller) -> None:
        await asyncio.sleep(0.15)
        await caller.say(http(b"", "302 Found", "Location: /again"))

    async with serving(slow) as server, visiting(seconds=0.4) as (visits, _, _clock):
        error = await _fails(visits, server.url())
    assert error.reason is FetchReason.TIMEOUT
    assert len(server.heads) < 5


@pytest.mark.parametrize("status", ["500 Broken", "503 Busy", "403 Forbidden", "429 Too Many"])
async def test_a_host_that_keeps_failing_is_left_alone_and_then_probed(status: str) -> None:
    answers = [http(b"", status, "Retry-After: 0")]

    async def talk(caller: Caller) -> None:
        await caller.say(answers[-1])

    async with serving(talk) as server, visiting() as (visits, pace, clock):
        host = place(server.url())[1]
        for _ in range(BREAK_AFTER):
            assert (await visits.get(server.url())).status == int(status[:3])
        assert pace.cooling(host) == BREAK_SECONDS
        refused = await _fails(visits, server.url())
        assert (refused.retry_after, refused.status) == (BREAK_SECONDS, int(status[:3]))
        assert refused.detail.startswith(f"the server answered {status[:3]} (the host is left alone")
        clock.now += BREAK_SECONDS + 1
        probes = [visits.get(server.url()) for _ in range(5)]
        outcomes = await asyncio.gather(*probes, return_exceptions=True)
        assert sum(isinstance(outcome, FetchError) for outcome in outcomes) == 4
        assert len(server.heads) == BREAK_AFTER + 1
        assert pace.cooling(host) == 2 * BREAK_SECONDS
        clock.now += 2 * BREAK_SECONDS + 1
        answers.append(http(b"well again"))
        assert [(await visits.get(server.url())).status for _ in range(3)] == [200] * 3
        assert pace.cooling(host) == 0


async def test_a_dead_host_is_not_asked_again_and_again_and_others_are() -> None:
    async with serving(fixed(http(b"fine"))) as other, visiting() as (visits, pace, _clock):
        async with serving(fixed(b"")) as gone:
            dead = gone.url()
        errors = [await _fails(visits, dead) for _ in range(BREAK_AFTER + 2)]
        assert {error.reason for error in errors} == {FetchReason.CONNECT}
        assert [error.retry_after for error in errors] == [None] * BREAK_AFTER + [BREAK_SECONDS] * 2
        assert len({causes(str(error)) for error in errors}) == 1
        assert errors[-1].detail == f"{errors[0].detail} (the host is left alone for another {BREAK_SECONDS:.0f} s)"
        assert (await visits.get(other.url())).body == b"fine"
        assert pace.cooling(place(dead)[1]) > 0


async def test_missing_pages_say_nothing_against_their_host() -> None:
    async with serving(fixed(http(b"", "404 Not Found"))) as server, visiting() as (visits, pace, _clock):
        for _ in range(3 * BREAK_AFTER):
            await visits.get(server.url())
        assert pace.cooling(place(server.url())[1]) == 0


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        ("503 Busy", "X-A: 1", COOL_DOWN),
        ("429 Slow down", "Retry-After: 7", 7.0),
        ("403 Forbidden", "Retry-After: 9", 9.0),
        ("500 Broken", "X-A: 1", 0.0),
    ],
)
async def test_a_wish_to_be_left_alone_is_heeded_also_for_robots(status: str, header: str, seconds: float) -> None:
    async with serving(fixed(http(b"", status, header))) as server, visiting() as (visits, pace, _clock):
        await visits.get(server.url("/robots.txt"), keep=100)
        assert pace.cooling(place(server.url())[1]) == seconds


async def test_breaks_grow_to_an_end() -> None:
    clock = Time()
    pace = Pace(0.0, monotonic=clock, sleep=clock.sleep)
    pace.cool_down("a.kr", 0.0)
    for _ in range(100):
        pace.note("a.kr", well=False)
    assert pace.cooling("a.kr") == LONGEST_BREAK


@pytest.mark.parametrize(
    ("talk", "seconds", "reason"),
    [(b"no answer at all\r\n\r\n", 5.0, FetchReason.PROTOCOL), (None, 0.2, FetchReason.TIMEOUT)],
)
async def test_a_pause_is_told_with_what_led_to_it(talk: bytes | None, seconds: float, reason: FetchReason) -> None:
    async def silent(_caller: Caller) -> None:
        await asyncio.sleep(2)

    async with (
        serving(silent if talk is None else fixed(talk)) as server,
        visiting(seconds=seconds) as (visits, pace, clock),
    ):
        url = server.url()
        errors = [await _fails(visits, url) for _ in range(BREAK_AFTER + 1)]
        assert {error.reason for error in errors} == {reason}
        assert errors[-1].detail.startswith(f"{errors[0].detail} (the host is left alone")
        assert "left alone" not in (pace.last_failure(place(url)[1]) or pytest.fail("nothing is kept")).detail
        clock.now += BREAK_SECONDS + 1
        assert "left alone" not in (await _fails(visits, url)).detail
