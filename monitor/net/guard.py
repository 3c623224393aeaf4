"""The door: every HTTP connection of the process is made here, to an address that was checked the moment before.

A name is resolved once; every address it has is checked; the connection goes to a checked address and to nothing else, so that
a second DNS response (rebinding) is never asked for. TLS still names and verifies the host. Pages, webhooks and each
redirect hop pass through because the check sits under the connection pool.

Ports are not restricted: Korean outlets serve on 8080 and webhook receivers on any port, and a port check adds nothing
once private addresses are out of reach.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, ip_address
from typing import Any, TypeAlias

import httpcore

from monitor.model.errors import FetchReason
from monitor.net.addresses import Address, Network, is_denied
from monitor.net.failure import Failure
from monitor.net.stream import SocketStream, open_stream

Resolver: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
Dialer: TypeAlias = Callable[[str, int], Awaitable[SocketStream]]

DNS_THREADS = 64  # of their own, made when needed: more dead names than that at once would hold up the others
CONNECT_SECONDS = 6.0  # per address; the client's deadline covers all of them
MAX_ADDRESSES = 4
_NUMBER = re.compile(r"[0-9][0-9a-fx.]*", re.ASCII)


class SystemResolver:
    """getaddrinfo in threads of its own; a name that is being looked up is not looked up a second time beside it."""

    def __init__(self, threads: int = DNS_THREADS) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="dns")
        self._asking: dict[tuple[str, int], asyncio.Future[list[tuple[Any, ...]]]] = {}

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return every address of the name, best first (RFC 6724). Raises OSError or UnicodeError.

        A look-up cannot be stopped. Whoever gives up waiting leaves it to itself, and the next to ask joins it, so
        that a dead name never holds more than one thread.
        """
        question = (host, port)
        asking = self._asking.get(question)
        if asking is None:
            asking = asyncio.get_running_loop().run_in_executor(self._threads, _lookup, host, port)
            self._asking[question] = asking
            asking.add_done_callback(lambda done: self._forget(question, done))
        found = await asyncio.shield(asking)
        return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))

    def _forget(self, question: tuple[str, int], asked: asyncio.Future[list[tuple[Any, ...]]]) -> None:
        del self._asking[question]
        if not asked.cancelled():
            asked.exception()  # seen: perhaps nobody waits for it any more

    def close(self) -> None:
        """Let the threads go; lookups under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _lookup(host: str, port: int) -> list[tuple[Any, ...]]:
    return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """The network as httpcore sees it, without the addresses that are nobody's business.

    `allow` lists special networks that may be reached all the same (monitor.net.addresses.is_denied); `opened_by` is the
    setting that lists them.
    """

    def __init__(
        self,
        allow: Iterable[Network],
        resolve: Resolver,
        dial: Dialer = open_stream,
        *,
        opened_by: str = "fetch.allow_networks",
    ) -> None:
        self._opened_by = opened_by
        self._allow = tuple(allow)
        self._resolve = resolve
        self._dial = dial

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's signature; the total deadline rules
        local_address: str | None = None,  # noqa: ARG002 - httpcore's signature; never set
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - httpcore's signature; never set
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a permitted address of the host; when one does not answer, to the next, of four at most.

        Raises Failure: BLOCKED_ADDRESS when any of its addresses is denied, DNS, CONNECT.
        """
        return await self._connect(await self.permitted(host, port), port)

    async def permitted(self, host: str, port: int) -> tuple[Address, ...]:
        """Return every address of a host that may be spoken to, as it stands there or is looked up, best first.

        Raises Failure: BLOCKED_ADDRESS when any of them is denied, DNS.
        """
        addresses = _literal(host) or await self._addresses(host, port)
        blocked = [str(address) for address in addresses if is_denied(address, self._allow)]
        if blocked:
            mend = f"if it is yours, list its network as `{self._opened_by}` in monitor.yaml"
            detail = f"{host} leads to {blocked[0]}, a private, reserved or metadata address; {mend}"
            raise Failure(FetchReason.BLOCKED_ADDRESS, detail, transient=False)
        return addresses

    async def unguarded(self, host: str, port: int) -> SocketStream:
        """Connect to a host that the settings themselves name, wherever it stands: a proxy. Raises Failure: DNS, CONNECT."""
        return await self._connect(_literal(host) or await self._addresses(host, port), port)

    async def _addresses(self, host: str, port: int) -> tuple[Address, ...]:
        try:
            found = tuple(ip_address(text) for text in await self._resolve(host, port))
        except (OSError, ValueError) as error:  # UnicodeError is a ValueError
            raise Failure(FetchReason.DNS, f"{host}: {error}") from error
        if not found:
            raise Failure(FetchReason.DNS, f"{host} has no address")
        return found

    async def _connect(self, addresses: Sequence[Address], port: int) -> SocketStream:
        problem = ""
        for address in addresses[:MAX_ADDRESSES]:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    return await self._dial(str(address), port)
            except (OSError, OverflowError) as error:  # TimeoutError is an OSError; a port beyond 65535 overflows
                problem = f"{address} port {port}: {str(error) or 'no response'}"
        raise Failure(FetchReason.CONNECT, problem)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's signature
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no URL leads to a local socket."""
        raise Failure(FetchReason.BLOCKED_ADDRESS, f"local socket {path}", transient=False)

    async def sleep(self, seconds: float) -> None:
        """Wait (httpcore's retries; unused here because retries are ours)."""
        await asyncio.sleep(seconds)


def _literal(host: str) -> tuple[Address, ...]:
    """Read a host that names an address by itself, also as the system reads 127.1, 0x7f000001 or 2130706433."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return (IPv4Address("127.0.0.1"),)  # RFC 6761 §6.3: never a question for DNS
    try:
        return (ip_address(name),)
    except ValueError:
        return _number(name)


def _number(name: str) -> tuple[Address, ...]:
    try:
        return (IPv4Address(socket.inet_aton(name)),) if _NUMBER.fullmatch(name) else ()
    except OSError:
        return ()
