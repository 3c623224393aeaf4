"""Certificates are verified always; HTTP/2 is spoken where it is offered.

`tls/` holds an invented authority (2020 to 2100), a certificate for good.test, and one that ended in 2021. Their keys
protect nothing.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest

from monitor.model.errors import FetchError, FetchReason
from monitor.net.client import HttpClient, Limits
from tests.net.raw_server import LOOPBACK, fixed, http, serving

CERTS = Path(__file__).parent / "tls"


def _server_side(name: str, *protocols: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTS / f"{name}.pem")
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


async def _loopback(_host: str, _port: int) -> Sequence[str]:
    return ("127.0.0.1",)


@asynccontextmanager
async def _client(*, trusting: bool = True, seconds: float = 5.0) -> AsyncIterator[HttpClient]:
    context = ssl.create_default_context(cafile=CERTS / "ca.pem") if trusting else None
    client = HttpClient(Limits(seconds, 1_000_000, "newsmonitor/1.0", LOOPBACK), resolve=_loopback, context=context)
    try:
        yield client
    finally:
        await client.aclose()


async def test_verified_host_is_read() -> None:
    async with serving(fixed(http(b"safe")), _server_side("good")) as server, _client() as client:
        for _ in range(2):
            assert (await client.get(server.url(host="good.test", scheme="https"))).body == b"safe"
        posted = await client.post(server.url(host="good.test", scheme="https"), b"x" * 300_000)
    assert posted.status == 200
    assert server.connections == 1
    assert len(server.bodies[-1]) == 300_000


@pytest.mark.parametrize(
    ("certificate", "host", "trusting"),
    [
        ("expired", "good.test", True),
        ("good", "other.test", True),
        ("good", "127.0.0.1", True),
        ("good", "good.test", False),
    ],
)
async def test_bad_certificates_are_refused(certificate: str, host: str, trusting: bool) -> None:  # noqa: FBT001 - test parameter
    async with serving(fixed(http(b"x")), _server_side(certificate)) as server, _client(trusting=trusting) as client:
        with pytest.raises(FetchError) as caught:
            await client.get(server.url(host=host, scheme="https"))
    assert caught.value.reason is FetchReason.TLS
    assert server.heads == []


async def test_old_protocol_is_refused() -> None:
    context = _server_side("good")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    async with serving(fixed(http(b"x")), context) as server, _client() as client:
        with pytest.raises(FetchError) as caught:
            await client.get(server.url(host="good.test", scheme="https"))
    assert caught.value.reason is FetchReason.TLS


@asynccontextmanager
async def _speaking(first: bytes) -> AsyncIterator[int]:
    """Serve something that is not TLS: say the bytes to whoever says hello, and nothing more."""
    transports: list[asyncio.Transport] = []

    class Plain(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            transports.append(transport)

        def data_received(self, data: bytes) -> None:
            transports[-1].write(first if data else b"")

    server = await asyncio.get_running_loop().create_server(Plain, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for transport in transports:
            transport.abort()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("first", "reason"), [(b"HTTP/1.1 200 OK\r\n\r\n", FetchReason.TLS), (b"", FetchReason.TIMEOUT)]
)
async def test_no_handshake(first: bytes, reason: FetchReason) -> None:
    async with _speaking(first) as port, _client(seconds=0.3) as client:
        with pytest.raises(FetchError) as caught:
            await client.get(f"https://good.test:{port}/")
    assert caught.value.reason is reason


class H2Server(asyncio.Protocol):
    """Answers each HTTP/2 request by its path: /fine whole, /hang never, /big without end of stream."""

    made = 0
    streams = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        H2Server.made += 1
        self.transport = transport
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self.h2.initiate_connection()
        transport.write(self.h2.data_to_send())

    def data_received(self, data: bytes) -> None:
        for event in self.h2.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                self.response(event)
        self.transport.write(self.h2.data_to_send())

    def response(self, event: h2.events.RequestReceived) -> None:
        H2Server.streams += 1
        assert event.stream_id is not None
        path = dict(event.headers or ())[b":path"]
        if path == b"/hang":
            return
        self.h2.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/plain")])
        body = b"x" * 16_000 if path == b"/big" else b"two"
        self.h2.send_data(event.stream_id, body, end_stream=path != b"/big")


@asynccontextmanager
async def _h2_server() -> AsyncIterator[int]:
    H2Server.made = H2Server.streams = 0
    loop = asyncio.get_running_loop()
    server = await loop.create_server(H2Server, "127.0.0.1", 0, ssl=_server_side("good", "h2"))
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def test_http2_is_spoken_on_one_connection() -> None:
    async with _h2_server() as port, _client() as client:
        answers = await asyncio.gather(*(client.get(f"https://good.test:{port}/fine") for _ in range(5)))
        posted = await client.post(f"https://good.test:{port}/hook", b"{}")
    assert [response.body for response in answers] == [b"two"] * 5
    assert posted.status == 200
    assert (H2Server.made, H2Server.streams) == (1, 6)


@pytest.mark.parametrize("path", ["/hang", "/big"])
async def test_http2_connection_that_failed_once_is_not_used_again(path: str) -> None:
    async with _h2_server() as port, _client(seconds=0.5) as client:
        with pytest.raises(FetchError) as caught:
            await client.get(f"https://good.test:{port}{path}")
        assert caught.value.reason is FetchReason.TIMEOUT
        assert (await client.get(f"https://good.test:{port}/fine")).body == b"two"
    assert H2Server.made == 2
