"""HTTP with a deadline: what comes back is small enough, came from an allowed address, and came in time.

Every request carries one total deadline over names, connections, redirects and body; a cap on the bytes as sent and as
decoded; a cap on the header count. Of the environment SSL_CERT_FILE and SSL_CERT_DIR are read, as OpenSSL means them
(monitor.net.certificates), and nothing else: a proxy is the settings' word, because it takes a part of the address check
away (monitor.net.proxy).
httpx.AsyncClient is passed over on purpose: it keeps cookies, follows redirects by itself, and logs full URLs.
"""

from __future__ import annotations

import asyncio
import base64
import os
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace

import httpx

from monitor.model.errors import FetchError, FetchReason
from monitor.model.page import Response
from monitor.model.proxy import Proxy
from monitor.net.addresses import Network
from monitor.net.certificates import trusting
from monitor.net.connections import MOST
from monitor.net.failure import Failure, explain
from monitor.net.guard import GuardedBackend, Resolver, SystemResolver
from monitor.net.hosts import PerHostTransport
from monitor.net.inflate import ACCEPT_ENCODING, inflater
from monitor.net.proxy import Forwarding, ProxiedBackend
from monitor.net.redirects import next_hop, origin, parse_url
from monitor.net.stream import SocketStream

PEEK_BYTES = 16_384
PEEK_SECONDS = 2.0  # a server that has named its status need not finish a body that nobody reads
MAX_PIECES = 20_000  # a body in one-byte chunks costs more to parse than to send
PIECES_A_TURN = 256  # after so many, other tasks have their turn

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.8,*/*;q=0.7"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost.

    `timeout`: seconds for everything; `max_bytes`: of the body, both as sent and decoded; `allow_networks`: special
    networks that may be reached although they are not public (see monitor.net.addresses); `opened_by` is the setting
    that lists them, as errors name it. `per_host`: connections to one host at the same time.
    """

    timeout: float
    max_bytes: int
    user_agent: str
    allow_networks: tuple[Network, ...] = ()
    max_redirects: int = 5
    max_headers: int = 200
    opened_by: str = "fetch.allow_networks"
    per_host: int = MOST


class HttpClient:
    """The one way out over HTTP.

    `proxy`: what every request goes through. `authorities`: certificates in PEM, trusted beside the public ones.
    `resolve` and `context` replace the system's names and all trusted certificates. Certificates are always verified.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        proxy: Proxy | None = None,
        authorities: str = "",
        resolve: Resolver | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.limits = limits
        self._context = context
        self._authorities = authorities
        self._names = SystemResolver()
        guard = GuardedBackend(limits.allow_networks, resolve or self._names, opened_by=limits.opened_by)
        backend = guard if proxy is None else ProxiedBackend(proxy, guard)
        forwarding = None if proxy is None or proxy.is_socks else Forwarding(proxy, guard)
        self._transport = PerHostTransport(backend, self._tls, forwarding=forwarding, per_host=limits.per_host)
        self._headers = {
            "user-agent": limits.user_agent,
            "accept": _ACCEPT,
            "accept-language": "ko,en;q=0.5",
            "accept-encoding": ACCEPT_ENCODING,
        }

    async def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        keep: int | None = None,
        follow: bool = True,
        seconds: float | None = None,
    ) -> Response:
        """Fetch a document, following redirects; each hop passes the guard.

        `keep`: read no more than so many decoded bytes and call that the body. Without `follow` a redirect is a response
        that names its target. `seconds`: the deadline, the limit's timeout by default. An error status (400 and above)
        is a response whatever its body does: of that, the first 16 kB are kept as sent. Raises FetchError.
        """
        started = time.perf_counter()
        allowed = self.limits.timeout if seconds is None else seconds
        with _named(url, allowed):
            async with asyncio.timeout(allowed):
                if not follow:
                    return await self._hop(parse_url(url), headers or {}, keep, started)
                return await self._follow(parse_url(url), dict(headers or {}), keep, started)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
        """Send a body and return what the receiver said: its status and the first 16 kB as sent, undecoded.

        Redirects are answers like any other. A receiver that has sent its status is not waited for: whatever it has
        not said after two seconds is left unsaid. Raises FetchError, which names the receiver's origin and never the
        path, because webhook URLs are secrets.
        """
        return await self.change("POST", url, body, headers)

    async def change(self, method: str, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
        """Send a body by another method than POST, PATCH or PUT, and return what the receiver said, as `post` does."""
        started = time.perf_counter()
        deadline = asyncio.get_running_loop().time() + self.limits.timeout
        with _named(_origin(url), self.limits.timeout):
            target = parse_url(url)
            async with asyncio.timeout_at(deadline):
                response = await self._send(method, target, dict(headers or {}), body)
            try:
                start = await _peek(response, min(deadline, asyncio.get_running_loop().time() + PEEK_SECONDS))
                return _response(target, response, start, started)
            finally:
                await response.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()
        self._names.close()

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = trusting(self._authorities, os.environ)
        return self._context

    async def _follow(self, url: httpx.URL, headers: dict[str, str], keep: int | None, started: float) -> Response:
        for _ in range(self.limits.max_redirects + 1):
            response = await self._hop(url, headers, keep, started)
            if not response.redirect:
                return response
            target = httpx.URL(response.redirect)
            if origin(target) != origin(url):
                headers = {name: value for name, value in headers.items() if name.lower() not in _PERSONAL}
            url = target
        raise Failure(
            FetchReason.TOO_MANY_REDIRECTS, f"more than {self.limits.max_redirects} redirects", transient=False
        )

    async def _hop(self, url: httpx.URL, headers: Mapping[str, str], keep: int | None, started: float) -> Response:
        async with self._exchange(url, headers) as response:
            target = next_hop(url, response.status_code, response.headers.get("location"))
            if target is not None:
                return replace(_response(url, response, b"", started), redirect=str(target))
            return _response(url, response, await self._body(response, keep), started)

    async def _body(self, response: httpx.Response, keep: int | None) -> bytes:
        if response.status_code < 400:  # noqa: PLR2004 - client and server errors (RFC 9110 §15.5)
            return await _read(response, self.limits.max_bytes, keep)
        return await _peek(response, asyncio.get_running_loop().time() + PEEK_SECONDS)

    @asynccontextmanager
    async def _exchange(self, url: httpx.URL, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        response = await self._send("GET", url, headers)
        try:
            yield response
        finally:
            await response.aclose()

    async def _send(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes | None = None
    ) -> httpx.Response:
        merged = {**self._headers, **{name.lower(): value for name, value in headers.items()}}
        if url.userinfo and "authorization" not in merged:
            pair = f"{url.username}:{url.password}".encode()
            merged["authorization"] = "Basic " + base64.b64encode(pair).decode("ascii")
        response = await self._transport.handle_async_request(httpx.Request(method, url, headers=merged, content=body))
        if len(response.headers.raw) > self.limits.max_headers:
            await response.aclose()
            raise Failure(FetchReason.PROTOCOL, f"{len(response.headers.raw)} headers")
        return response


_PERSONAL = frozenset(("authorization", "cookie", "proxy-authorization"))


def _origin(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError, ValueError):
        return "unreadable URL"
    return f"{parsed.scheme}://{parsed.netloc.decode('ascii', 'replace')}/…"


@contextmanager
def _named(url: str, seconds: float) -> Iterator[None]:
    """Turn whatever goes wrong inside into a FetchError that names the URL."""
    try:
        yield
    except TimeoutError as error:
        raise FetchError(url, FetchReason.TIMEOUT, f"no complete response within {seconds:g} s") from error
    except Exception as error:  # hostile bytes can raise anything inside three protocol libraries
        failure = explain(error)
        raise FetchError(url, failure.reason, failure.detail, transient=failure.transient) from error


def _response(url: httpx.URL, response: httpx.Response, body: bytes, started: float) -> Response:
    plain = url.copy_with(userinfo=b"") if url.userinfo else url
    elapsed = (time.perf_counter() - started) * 1000
    return Response(str(plain), response.status_code, _headers(response), body, elapsed)


def _headers(response: httpx.Response) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name = raw_name.decode("latin-1").lower()
        value = _text(raw_value)
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _grant(response: httpx.Response, body_bytes: int) -> None:
    """Open the connection's quota for a body; chunked framing may double it."""
    stream = response.extensions.get("network_stream")
    if isinstance(stream, SocketStream):
        stream.grant(2 * body_bytes + 262_144)


async def _read(response: httpx.Response, limit: int, keep: int | None) -> bytes:
    """Read and decode a body within its caps. Raises Failure and what httpcore raises."""
    decoder = inflater(response.headers.get("content-encoding", ""))
    if keep is None and _declared(response) > limit:
        raise Failure(FetchReason.TOO_LARGE, f"{_declared(response)} bytes announced", transient=False)
    _grant(response, limit)
    room = limit if keep is None else min(keep, limit)
    body = bytearray()
    raw = 0
    async with aclosing(_pieces(response)) as pieces:
        async for piece in pieces:
            raw += len(piece)
            body += decoder.feed(piece, room - len(body) + 1)
            if len(body) > room or raw > limit:
                break
        else:
            decoder.finish()
    if keep is None and (len(body) > limit or raw > limit):
        raise Failure(FetchReason.TOO_LARGE, f"more than {limit} bytes", transient=False)
    return bytes(body[:room])


def _declared(response: httpx.Response) -> int:
    length = response.headers.get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 16 else 0  # noqa: PLR2004 - beyond any real size


async def _pieces(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    count = 0
    stream = response.stream
    if not isinstance(stream, httpx.AsyncByteStream):
        raise Failure(FetchReason.PROTOCOL, "no body stream")
    async for piece in stream:
        count += 1
        if count > MAX_PIECES:
            raise Failure(FetchReason.TOO_LARGE, f"more than {MAX_PIECES} chunks", transient=False)
        if count % PIECES_A_TURN == 0:
            await asyncio.sleep(0)
        yield piece


async def _peek(response: httpx.Response, until: float) -> bytes:
    """Read the start of a response until a moment of the loop's clock; whatever goes wrong, keep what came."""
    start = bytearray()
    _grant(response, PEEK_BYTES)
    try:
        async with asyncio.timeout_at(until), aclosing(_pieces(response)) as pieces:
            async for piece in pieces:
                start += piece
                if len(start) >= PEEK_BYTES:
                    break
    except Exception:  # noqa: BLE001, S110 - the status has been given; a broken body changes nothing
        pass
    return bytes(start[:PEEK_BYTES])
