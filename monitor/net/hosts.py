"""Each host has connections of its own.

A single httpcore pool walks every open connection on every request: at a few hundred hosts it spends all its time
there. So each (scheme, host, port) has its few connections, and those of the least recently used hosts are let go.
"""

from __future__ import annotations

import ssl
import time
from collections import OrderedDict
from collections.abc import AsyncIterable, AsyncIterator, Callable
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

import httpcore
import httpx

from monitor.net.connections import MOST, Connections
from monitor.net.proxy import Forwarding

Key: TypeAlias = tuple[bytes, bytes, int | None]

MAX_HOSTS = 512
IDLE_SECONDS = 30.0
_SWEEP = 8  # entries looked at per request, so that sweeping costs the same however many hosts there are

_STALE = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)


@dataclass(slots=True)
class _Slot:
    """The connections of one host, with the requests that they are serving."""

    key: Key
    connections: Connections
    in_flight: int = 0
    served: int = 0
    used_at: float = 0.0
    retired: bool = False


class _Body(httpx.AsyncByteStream):
    """The response's bytes as they came; closing gives the slot back."""

    def __init__(self, owner: PerHostTransport, slot: _Slot, stream: AsyncIterable[bytes]) -> None:
        self._owner = owner
        self._slot = slot
        self._stream = stream
        self._complete = False
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            yield piece
        self._complete = True

    async def aclose(self) -> None:
        """End the exchange. A response that was not read to its end takes its connections with it."""
        if self._closed:
            return
        self._closed = True
        try:
            close = getattr(self._stream, "aclose", None)
            if close is not None:
                await close()
        finally:
            await self._owner.release(self._slot, healthy=self._complete)


class PerHostTransport(httpx.AsyncBaseTransport):
    """Routes each request to the connections of its host.

    `context` is asked for the shared TLS settings when the first https host appears, because loading the trusted
    certificates takes 40 ms. `forwarding`: http URLs are asked for at a proxy. `per_host` is how many connections
    a host has at most, `max_hosts` bounds the idle hosts; `monotonic` returns seconds.
    """

    def __init__(
        self,
        backend: httpcore.AsyncNetworkBackend,
        context: Callable[[], ssl.SSLContext],
        *,
        forwarding: Forwarding | None = None,
        per_host: int = MOST,
        max_hosts: int = MAX_HOSTS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._backend = backend
        self._context = context
        self._forwarding = forwarding
        self._per_host = per_host
        self._max_hosts = max_hosts
        self._monotonic = monotonic
        self._slots: OrderedDict[Key, _Slot] = OrderedDict()

    def __len__(self) -> int:
        """Count the hosts that have connections."""
        return len(self._slots)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the response's body is not read yet.

        Raises what httpcore and the guard raise. A GET that meets a connection the server has just dropped is sent
        once more on a new one; a POST never is.
        """
        url = request.url
        slot = self._acquire((url.raw_scheme, url.raw_host, url.port))
        reused = slot.served > 0
        try:
            await self._sweep()
            if self._forwarding is None:
                response = await slot.connections.send(_core_request(request))
            else:
                response = await _forwarded(slot.connections, request, self._forwarding)
        except BaseException as error:
            await self.release(slot, healthy=False)
            if reused and request.method == "GET" and isinstance(error, _STALE):
                return await self.handle_async_request(request)
            raise
        stream = response.stream
        if not isinstance(stream, AsyncIterable):
            raise TypeError("an asynchronous connection gave a synchronous body")
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(self, slot, stream),
            extensions=dict(response.extensions),
        )

    async def release(self, slot: _Slot, *, healthy: bool) -> None:
        """Give a slot back. An unhealthy one serves what it has in flight and nothing after that.

        HTTP/2 needs this: a hung connection would be used for ever, and unread bytes use up its window.
        """
        slot.in_flight -= 1
        slot.served += 1
        slot.used_at = self._monotonic()
        if not healthy:
            slot.retired = True
            if self._slots.get(slot.key) is slot:
                del self._slots[slot.key]
        if slot.retired and slot.in_flight == 0:
            await slot.connections.aclose()
        else:
            await slot.connections.freed()

    async def aclose(self) -> None:
        """Close every connection, also those in use."""
        slots = tuple(self._slots.values())
        self._slots.clear()
        for slot in slots:
            slot.retired = True
            await slot.connections.aclose()

    def _acquire(self, key: Key) -> _Slot:
        slot = self._slots.get(key)
        if slot is None:
            slot = self._slots[key] = _Slot(key, self._connections(key))
        else:
            self._slots.move_to_end(key)
        slot.in_flight += 1
        return slot

    def _connections(self, key: Key) -> Connections:
        scheme, host, port = key
        secure = scheme == b"https"
        origin = httpcore.Origin(scheme, host, port or (443 if secure else 80))
        backend = self._backend if secure or self._forwarding is None else self._forwarding.backend
        return Connections(origin, self._context() if secure else None, backend, self._per_host)

    async def _sweep(self) -> None:
        before = self._monotonic() - IDLE_SECONDS
        surplus = len(self._slots) - self._max_hosts
        for slot in [slot for slot in islice(self._slots.values(), _SWEEP) if slot.in_flight == 0]:
            if surplus <= 0 and slot.used_at >= before:
                continue
            surplus -= 1
            if self._slots.pop(slot.key, None) is not None:
                await slot.connections.aclose()


def _core_request(request: httpx.Request) -> httpcore.Request:
    url = request.url
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    return httpcore.Request(
        method=request.method, url=target, headers=request.headers.raw, content=request.stream, extensions={}
    )


async def _forwarded(connections: Connections, request: httpx.Request, forwarding: Forwarding) -> httpcore.Response:
    """Send a request where http URLs are asked for at a proxy."""
    core = _core_request(request)
    if core.url.scheme != b"http":
        return await connections.send(core)
    response = await connections.send(forwarding.request(core, str(request.url.copy_with(userinfo=b"", fragment=None))))
    if (failure := forwarding.refused(response.status)) is not None:
        await response.aclose()
        raise failure
    return response
