from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import Any

import pytest

from monitor.config.settings import DeliverSettings, FetchSettings
from monitor.model.errors import FetchError, FetchReason
from monitor.net import guard
from monitor.net.client import HttpClient, Limits
from monitor.net.failure import Failure
from monitor.net.guard import GuardedBackend, SystemResolver
from monitor.net.stream import SocketStream
from tests.evidence import rows
from tests.net.raw_server import LOOPBACK, Caller, fixed, http, serving
from tests.patience import PATIENCE

FAKE_NAMES = {
    "rebind.test": ("127.0.0.1",),
    "mixed.test": ("93.184.216.34", "127.0.0.1"),
    "metadata.google.internal": ("169.254.169.254",),
}
REFUSALS = {FetchReason.BLOCKED_ADDRESS, FetchReason.BAD_URL}


class Names:
    """Invented names in front of the system's resolver; counts the questions."""

    def __init__(self, table: dict[str, tuple[str, ...]]) -> None:
        self.table = table
        self.asked: list[str] = []
        self.system = SystemResolver(2)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.table.get(host) or await self.system(host, port)


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that any socket of the process tries to reach; the attempt itself fails."""
    seen: list[Any] = []

    def refuse(_: socket.socket, address: object) -> None:
        seen.append(address)
        raise ConnectionRefusedError("spied upon")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    return seen


def _strict(names: Names) -> HttpClient:
    return HttpClient(Limits(5.0, 100_000, "newsmonitor/1.0"), resolve=names)


async def test_ssrf_targets(connects: list[Any]) -> None:
    targets = rows("ssrf/targets.jsonl")
    assert len(targets) == 49
    client = _strict(Names(FAKE_NAMES))
    wrong = []
    for target in targets:
        for send in (client.get, lambda url: client.post(url, b"{}")):
            connects.clear()
            with pytest.raises(FetchError) as caught:
                await send(target["url"])
            denied = caught.value.reason in REFUSALS and not caught.value.transient and not connects
            if denied != (target["expect"] == "deny"):
                wrong.append((target, caught.value.reason, tuple(connects)))
            if target["expect"] == "allow":
                assert caught.value.reason is FetchReason.CONNECT
                assert len(connects) == 1
    await client.aclose()
    assert wrong == []


async def test_ssrf_targets_are_not_reached_by_redirect(monkeypatch: pytest.MonkeyPatch) -> None:
    targets = [target["url"] for target in rows("ssrf/targets.jsonl") if target["expect"] == "deny"]
    assert len(targets) == 47
    reached: list[Any] = []
    real = socket.socket.connect

    def spy(sock: socket.socket, address: tuple[str, int]) -> None:
        reached.append(address)
        real(sock, address)

    async def send_on(caller: Caller) -> None:
        index = int(caller.path[1:])
        await caller.say(http(b"", "302 Found", f"Location: {targets[index]}"))

    async with serving(send_on, host="127.9.9.9") as server:
        limits = Limits(5.0, 100_000, "newsmonitor/1.0", allow_networks=(IPv4Network("127.9.9.9/32"),))
        client = HttpClient(limits, resolve=Names(FAKE_NAMES))
        monkeypatch.setattr(socket.socket, "connect", spy)
        for index in range(len(targets)):
            with pytest.raises(FetchError) as caught:
                await client.get(server.url(f"/{index}", host="127.9.9.9"))
            assert caught.value.reason in {FetchReason.BLOCKED_ADDRESS, FetchReason.BAD_REDIRECT}, targets[index]
        await client.aclose()
    assert {address[0] for address in reached} == {"127.9.9.9"}


async def test_rebinding_asks_once_and_connects_to_what_was_checked() -> None:
    asked: list[str] = []
    dialled: list[str] = []

    async def turncoat(host: str, port: int) -> Sequence[str]:
        asked.append(f"{host}:{port}")
        return ("93.184.216.34",) if len(asked) == 1 else ("127.0.0.1",)

    async def dial(address: str, port: int) -> SocketStream:
        dialled.append(f"{address}:{port}")
        raise ConnectionRefusedError

    backend = GuardedBackend((), turncoat, dial)
    with pytest.raises(Failure) as first:
        await backend.connect_tcp("turncoat.test", 80)
    with pytest.raises(Failure) as second:
        await backend.connect_tcp("turncoat.test", 80)
    assert (first.value.reason, second.value.reason) == (FetchReason.CONNECT, FetchReason.BLOCKED_ADDRESS)
    assert dialled == ["93.184.216.34:80"]
    assert len(asked) == 2


async def test_next_address_is_tried_when_one_does_not_answer() -> None:
    dialled: list[str] = []

    async def names(_host: str, _port: int) -> Sequence[str]:
        return ("2001:4860::1", "8.8.8.8", "8.8.4.4")

    async def dial(address: str, _port: int) -> SocketStream:
        dialled.append(address)
        if ":" in address:
            raise OSError("network is unreachable")
        return SocketStream()

    stream = await GuardedBackend((), names, dial).connect_tcp("two.test", 443)
    assert isinstance(stream, SocketStream)
    assert dialled == ["2001:4860::1", "8.8.8.8"]


async def test_no_more_than_four_addresses_are_tried() -> None:
    dialled: list[str] = []

    async def names(_host: str, _port: int) -> Sequence[str]:
        return tuple(f"8.8.8.{number}" for number in range(1, 9))

    async def dial(address: str, _port: int) -> SocketStream:
        dialled.append(address)
        raise ConnectionRefusedError

    with pytest.raises(Failure):
        await GuardedBackend((), names, dial).connect_tcp("many.test", 443)
    assert dialled == ["8.8.8.1", "8.8.8.2", "8.8.8.3", "8.8.8.4"]


async def test_a_silent_address_leaves_time_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    assert min(FetchSettings().timeout, DeliverSettings().timeout) > 2 * guard.CONNECT_SECONDS
    monkeypatch.setattr(guard, "CONNECT_SECONDS", 0.01)

    async def names(_host: str, _port: int) -> Sequence[str]:
        return ("8.8.8.8", "8.8.4.4")

    async def dial(address: str, _port: int) -> SocketStream:
        if address == "8.8.8.8":
            await asyncio.Event().wait()
        return SocketStream()

    async with asyncio.timeout(PATIENCE):
        assert isinstance(await GuardedBackend((), names, dial).connect_tcp("silent.test", 443), SocketStream)


@pytest.mark.parametrize("host", ["localhost", "LocalHost.", "shop.localhost", "a.b.localhost."])
async def test_names_of_this_machine_are_never_asked_for(host: str) -> None:
    dialled: list[str] = []

    async def names(host: str, _port: int) -> Sequence[str]:
        raise AssertionError(host)

    async def dial(address: str, _port: int) -> SocketStream:
        dialled.append(address)
        return SocketStream()

    await GuardedBackend(LOOPBACK, names, dial).connect_tcp(host, 80)
    assert dialled == ["127.0.0.1"]
    with pytest.raises(Failure) as caught:
        await GuardedBackend((), names, dial).connect_tcp(host, 80)
    assert caught.value.reason is FetchReason.BLOCKED_ADDRESS


async def test_silent_address_ends_with_the_deadline() -> None:
    async def names(_host: str, _port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return ()

    client = HttpClient(Limits(0.2, 1000, "newsmonitor/1.0"), resolve=names)
    with pytest.raises(FetchError) as caught:
        await client.get("http://slow-names.test/")
    assert caught.value.reason is FetchReason.TIMEOUT
    await client.aclose()


@pytest.mark.parametrize("response", [(), ("not an address",)])
async def test_useless_names(response: tuple[str, ...]) -> None:
    async def names(_host: str, _port: int) -> Sequence[str]:
        return response

    with pytest.raises(Failure) as caught:
        await GuardedBackend((), names).connect_tcp("odd.test", 80)
    assert caught.value.reason is FetchReason.DNS


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("label too long")])
async def test_failing_names(error: Exception) -> None:
    async def names(_host: str, _port: int) -> Sequence[str]:
        raise error

    with pytest.raises(Failure) as caught:
        await GuardedBackend((), names).connect_tcp("odd.test", 80)
    assert caught.value.reason is FetchReason.DNS


async def test_local_sockets_are_refused() -> None:
    with pytest.raises(Failure) as caught:
        await GuardedBackend((), SystemResolver(1)).connect_unix_socket("/run/docker.sock")
    assert caught.value.reason is FetchReason.BLOCKED_ADDRESS


async def test_localhost_is_reached_when_allowed() -> None:
    async with serving(fixed(http(b"here"))) as server:
        client = HttpClient(
            Limits(5.0, 1000, "newsmonitor/1.0", allow_networks=LOOPBACK), resolve=Names({"localhost": ("127.0.0.1",)})
        )
        response = await client.get(server.url(host="localhost"))
        await client.aclose()
    assert response.body == b"here"
    assert f"host: localhost:{server.port}" in server.heads[0].lower()


async def test_system_resolver_answers_each_address_once() -> None:
    resolver = SystemResolver(1)
    assert await resolver("127.1", 80) == ("127.0.0.1",)
    resolver.close()


async def test_a_dead_name_holds_one_thread_however_often_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    asked: list[str] = []

    def lookup(host: str, port: int) -> list[tuple[Any, ...]]:
        asked.append(host)
        if host == "dead.kr":
            release.wait(20)
            raise OSError("no response")
        return [(0, 0, 0, "", ("192.0.2.1", port))]

    monkeypatch.setattr(guard, "_lookup", lookup)
    resolver = SystemResolver(2)
    for _ in range(5):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(resolver("dead.kr", 80), 0.01)
    assert await asyncio.wait_for(resolver("alive.kr", 80), PATIENCE) == ("192.0.2.1",)
    waiting = asyncio.create_task(resolver("dead.kr", 80))
    await asyncio.sleep(0)
    release.set()
    with pytest.raises(OSError, match="no response"):
        await waiting
    assert asked == ["dead.kr", "alive.kr"]
    resolver.close()


async def test_port_out_of_range_is_a_connect_failure() -> None:
    async with asyncio.timeout(5):
        with pytest.raises(Failure) as caught:
            await GuardedBackend(LOOPBACK, SystemResolver(1)).connect_tcp("127.0.0.1", 70_000)
    assert caught.value.reason is FetchReason.CONNECT
