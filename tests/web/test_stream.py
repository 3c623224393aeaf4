"""Hits as they come, over a real socket."""

from __future__ import annotations

import asyncio
import itertools
import json

import httpx
import pytest

from monitor.model.plan import Plan, Rule
from monitor.service.rate_limit import RateLimit
from monitor.web import stream
from tests.contracts.conftest import factory, postgres_factory, sqlite_factory, url
from tests.web.streaming import Listener, lost, served, store

__all__ = ["factory", "postgres_factory", "sqlite_factory", "url"]

WAIT = 30.0


@pytest.mark.slow
async def test_nothing_is_lost_however_often_a_listener_is_cut_off(url: str) -> None:
    missing, disordered, drops = await lost(url, events=400, drops=25)
    assert (missing, disordered) == (0, 0)
    assert drops >= 12


async def test_an_event_is_the_hit_and_begins_with_what_comes(url: str) -> None:
    await store(url, 1, 2)
    async with served(url) as server:
        listener = Listener(server.address)
        reading = asyncio.create_task(listener.read(3))
        async with asyncio.timeout(WAIT):
            while not server.ticker._listeners:
                await asyncio.sleep(0.01)
            await store(url, 3, 1)
            await reading
        assert listener.seen == [3]
        async with httpx.AsyncClient(timeout=WAIT, trust_env=False) as client:
            address = f"{server.address}/api/v1/hits/stream"
            async with client.stream("GET", address, params={"after": "2"}) as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                assert answer.headers["cache-control"] == "no-store"
                async for line in answer.aiter_lines():
                    if line.startswith("data: "):
                        hit = json.loads(line[6:])
                        break
        assert (hit["id"], hit["rule"]["id"], hit["article"]["title"]) == (3, "openai", "오픈AI, 서울에 사무소 (k3)")


async def test_filters_hold_and_what_does_not_fit_moves_the_number_on(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    plan = Plan(
        "v1",
        rules=(Rule("even", "Even", "오픈AI", tags=("pair",)), Rule("odd", "Odd", "오픈AI"), Rule("idle", "", "무")),
    )
    await store(url, 1, 7, lambda number: "odd" if number % 2 else "even")
    async with served(url, plan) as server:
        listener = Listener(server.address, {"after": "0", "tag": "pair"})
        async with asyncio.timeout(WAIT):
            await listener.read(6)
            assert listener.seen == [2, 4, 6]
            async with (
                httpx.AsyncClient(timeout=WAIT, trust_env=False) as client,
                client.stream(
                    "GET", f"{server.address}/api/v1/hits/stream", params={"rule": "idle", "after": "0"}
                ) as answer,
            ):
                async for line in answer.aiter_lines():
                    if line == "id: 7":
                        break


@pytest.mark.parametrize(
    ("params", "headers", "status"),
    [
        ({"after": "-1"}, {}, 422),
        ({"after": "x"}, {}, 422),
        ({"nonsense": "x"}, {}, 422),
        ({"rule": "none"}, {}, 422),
        ({"text": "a\0b"}, {}, 422),
        ({"alerted": "snet"}, {}, 422),
        ({"since": "nonsense"}, {}, 400),
        ({}, {"Last-Event-ID": "x"}, 400),
        ({}, {"Last-Event-ID": "9" * 30}, 400),
        ({}, {"Last-Event-ID": "-1"}, 400),
    ],
)
async def test_what_cannot_be_meant_is_refused(
    url: str, params: dict[str, str], headers: dict[str, str], status: int
) -> None:
    async with served(url) as server, httpx.AsyncClient(timeout=WAIT, trust_env=False) as client:
        answer = await client.get(f"{server.address}/api/v1/hits/stream", params=params, headers=headers)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert server.ticker._listeners == 0


async def test_who_may_read_no_more_is_sent_away_and_too_many_are_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    monkeypatch.setattr("monitor.service.hit_ticker.MOST", 1)
    async with served(url) as server, httpx.AsyncClient(timeout=WAIT, trust_env=False) as client:
        address = f"{server.address}/api/v1/hits/stream"
        async with asyncio.timeout(WAIT), client.stream("GET", address) as answer:
            lines = answer.aiter_lines()
            assert await anext(lines) == f"retry: {stream.AGAIN}"
            assert (await client.get(address)).status_code == 503
            server.door.open = False
            async for _ in lines:
                pass
        assert (await client.get(address)).status_code == 401
        async with asyncio.timeout(WAIT):
            while server.ticker._listeners:
                await asyncio.sleep(0.01)


async def test_who_may_read_no_more_is_sent_away_however_much_comes(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 1.0)
    async with served(url) as server, httpx.AsyncClient(timeout=WAIT, trust_env=False) as client:
        async with client.stream("GET", f"{server.address}/api/v1/hits/stream") as answer:
            server.door.open = False
            over = asyncio.create_task(answer.aread())
            async with asyncio.timeout(WAIT):
                for number in itertools.count(1):  # something comes more often than a heartbeat does
                    await store(url, number, 1)
                    if (await asyncio.wait((over,), timeout=0.1))[0]:
                        break
        assert answer.text.startswith("retry: ")


async def test_a_stream_counts_as_one_request(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
    async with served(url) as server, httpx.AsyncClient(timeout=WAIT, trust_env=False) as client:
        server.rate(RateLimit(lambda: 0.0, burst=2))
        address = f"{server.address}/api/v1/hits/stream"
        async with asyncio.timeout(WAIT), client.stream("GET", address) as answer:
            beats = 0
            async for line in answer.aiter_lines():
                beats += line.startswith("id: ")
                if beats == 5:
                    break
        async with client.stream("GET", address) as answer:
            assert answer.status_code == 200
        refused = await client.get(address)
        assert (refused.status_code, "retry-after" in refused.headers) == (429, True)


async def test_the_end_of_the_program_ends_a_stream(url: str) -> None:
    async with (
        served(url) as server,
        httpx.AsyncClient(timeout=WAIT, trust_env=False) as client,
        asyncio.timeout(WAIT),
        client.stream("GET", f"{server.address}/api/v1/hits/stream") as answer,
    ):
        lines = answer.aiter_lines()
        await anext(lines)
        await server.ticker.aclose()
        async for _ in lines:
            pass
