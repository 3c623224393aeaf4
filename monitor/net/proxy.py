"""Behind a proxy: the network as httpcore sees it, with the guard in front (docs/decisions/0017-proxy.md).

httpcore's own connections for proxies are passed over: theirs for SOCKS leaves the socket open when the proxy refuses,
reads an answer that comes in two pieces as a broken one, and can tell the proxy a name only, never the address that the
guard has checked. Here a proxy is one more way to get a stream: what is above it (TLS, HTTP/2, two connections for each
host, deadlines and caps) stays as it is.
"""

from __future__ import annotations

import asyncio
import base64
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import httpcore

from monitor.model.errors import FetchReason
from monitor.model.proxy import Proxy
from monitor.net.failure import Failure, explain
from monitor.net.guard import GuardedBackend
from monitor.net.stream import SocketStream, adopted

HANDSHAKE_SECONDS = 12.0  # until the proxy has reached the server, or said that it cannot
LOOKUP_SECONDS = 2.0  # for a name that the proxy will look up as well
BLIND_SECONDS = 300.0  # before a name that nobody answered for is looked up here again
MOST_BLIND = 2_048
PROXY_AUTHENTICATION = 407  # RFC 9110 §15.5.8

_UNREACHED = frozenset((1, 3, 4, 5, 6))
"""Replies of SOCKS5 (RFC 1928 §6) that speak of the server behind the proxy; the others are the proxy's own refusal."""


class ProxiedBackend(httpcore.AsyncNetworkBackend):
    """Makes streams to servers through a proxy. `guard` checks the server first; the proxy itself may stand anywhere.

    `tunnel`: whether the stream leads to the server. Without, it leads to an HTTP proxy that is told the server's whole
    URL with each request (`Forwarding`).
    """

    def __init__(self, proxy: Proxy, guard: GuardedBackend, *, tunnel: bool = True) -> None:
        self._proxy = proxy
        self._guard = guard
        self._tunnel = tunnel
        self._blind: OrderedDict[str, float] = OrderedDict()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's signature; the total deadline rules
        local_address: str | None = None,  # noqa: ARG002 - httpcore's signature; never set
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - httpcore's signature; never set
    ) -> httpcore.AsyncNetworkStream:
        """Return a stream to the host, or to the proxy that will ask it.

        Raises Failure: BLOCKED_ADDRESS and DNS as the guard does, PROXY when the proxy cannot be reached or refuses,
        CONNECT when it says that the host cannot be reached.
        """
        target = await self._target(host, port)
        if not self._tunnel:
            return await self._dial()
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                return await (self._socks if self._proxy.is_socks else self._connect)(target, port)
        except TimeoutError as error:
            raise self._failure(f"has not answered within {HANDSHAKE_SECONDS:g} s") from error

    async def _target(self, host: str, port: int) -> str:
        """Return what the proxy is told: the name, or a checked address where it is not to look up names.

        A name that cannot be looked up here is the proxy's to guard: behind a proxy there often is no outside DNS.
        """
        if not self._proxy.takes_names:
            return str((await self._guard.permitted(host, port))[0])
        now = asyncio.get_running_loop().time()
        if self._blind.get(host, 0.0) > now:
            return host
        try:
            async with asyncio.timeout(LOOKUP_SECONDS):
                await self._guard.permitted(host, port)
        except TimeoutError:
            self._blind[host] = now + BLIND_SECONDS
            while len(self._blind) > MOST_BLIND:
                self._blind.popitem(last=False)
        except Failure as failure:
            if failure.reason is not FetchReason.DNS:
                raise
        return host

    async def _dial(self) -> SocketStream:
        try:
            return await self._guard.unguarded(self._proxy.host, self._proxy.port)
        except Failure as failure:
            raise self._failure(f"cannot be reached: {failure.detail}") from failure

    async def _connect(self, host: str, port: int) -> httpcore.AsyncNetworkStream:
        """Ask an HTTP proxy for a tunnel (RFC 9110 §9.3.6)."""
        stream = await self._dial()
        target = (f"[{host}]:{port}" if ":" in host else f"{host}:{port}").encode("ascii")
        url = httpcore.URL(scheme=b"http", host=self._proxy.host.encode("ascii"), port=self._proxy.port, target=target)
        headers = [(b"Host", target), *authorization(self._proxy)]
        try:
            connection = httpcore.AsyncHTTP11Connection(url.origin, stream)
            response = await connection.handle_async_request(httpcore.Request("CONNECT", url, headers=headers))
        except BaseException as error:
            await stream.aclose()
            if isinstance(error, httpcore.NetworkError | httpcore.ProtocolError):
                raise self._failure(f"broke off: {explain(error).detail}") from error
            raise
        if response.status // 100 != 2:  # noqa: PLR2004 - the status class of success
            await stream.aclose()
            raise self._refusal(response.status)
        tunnelled: httpcore.AsyncNetworkStream = response.extensions["network_stream"]
        return tunnelled

    async def _socks(self, host: str, port: int) -> httpcore.AsyncNetworkStream:
        """Ask a SOCKS5 proxy for a connection (RFC 1928, RFC 1929)."""
        from python_socks import ProxyConnectionError, ProxyError, ProxyType  # noqa: PLC0415 - the extra [socks]
        from python_socks.async_.asyncio import Proxy as SocksProxy  # noqa: PLC0415

        proxy = self._proxy
        client = SocksProxy(
            ProxyType.SOCKS5, proxy.host, proxy.port, proxy.user or None, proxy.password or None, rdns=True
        )
        try:
            return await adopted(await client.connect(host, port, timeout=2 * HANDSHAKE_SECONDS))
        except ProxyConnectionError as error:
            raise self._failure(f"cannot be reached: {error.strerror or error}") from error
        except ProxyError as error:
            if getattr(error, "error_code", None) in _UNREACHED:
                raise Failure(FetchReason.CONNECT, f"the proxy {proxy.name} cannot reach it: {error}") from error
            raise self._failure(f"refuses: {error}") from error
        except OSError as error:
            raise self._failure(f"broke off: {error}") from error

    def _refusal(self, status: int) -> Failure:
        """Return what the answer of an HTTP proxy means that opened no tunnel."""
        if status == PROXY_AUTHENTICATION:
            return unauthenticated(self._proxy)
        if status >= 500:  # noqa: PLR2004 - the status class of server errors: the server behind it did not answer
            return Failure(FetchReason.CONNECT, f"the proxy {self._proxy.name} cannot reach it (status {status})")
        return self._failure(f"refuses to connect to it (status {status})")

    def _failure(self, what: str) -> Failure:
        return Failure(FetchReason.PROXY, f"the proxy {self._proxy.name} {what}")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's signature
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no URL leads to a local socket."""
        return await self._guard.connect_unix_socket(path)

    async def sleep(self, seconds: float) -> None:
        """Wait (httpcore's retries; unused here because retries are ours)."""
        await asyncio.sleep(seconds)


class Forwarding:
    """How an HTTP proxy is asked for http URLs: the whole URL stands in the request line (RFC 9112 §3.2.2)."""

    def __init__(self, proxy: Proxy, guard: GuardedBackend) -> None:
        self._proxy = proxy
        self.backend = ProxiedBackend(proxy, guard, tunnel=False)

    def request(self, request: httpcore.Request, url: str) -> httpcore.Request:
        """Return the request as the proxy wants it; `url` is its absolute URL in ASCII, without credentials."""
        origin = request.url
        target = httpcore.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=url.encode("ascii"))
        headers = [*request.headers, *authorization(self._proxy)]
        return httpcore.Request(request.method, target, headers=headers, content=request.stream)

    def refused(self, status: int) -> Failure | None:
        """Return the failure that a response of the proxy's own stands for; None for a response of the server."""
        return unauthenticated(self._proxy) if status == PROXY_AUTHENTICATION else None


def authorization(proxy: Proxy) -> list[tuple[bytes, bytes]]:
    """Return the header that tells an HTTP proxy user and password; none where the settings name no user."""
    if not proxy.user:
        return []
    pair = f"{proxy.user}:{proxy.password}".encode()
    return [(b"Proxy-Authorization", b"Basic " + base64.b64encode(pair))]


def unauthenticated(proxy: Proxy) -> Failure:
    """Return the failure of a proxy that wants a user and a password, or other ones."""
    mend = "correct them" if proxy.user else "write them"
    what = f"the proxy {proxy.name} wants a user and a password ({PROXY_AUTHENTICATION}): {mend} in `proxy` of monitor.yaml"
    return Failure(FetchReason.PROXY, what)
