from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpcore
import pytest

from monitor.model.errors import FetchReason
from monitor.net.failure import Failure
from monitor.net.stream import HEAD_PORTION, HEAD_QUOTA, HIGH_WATER, SocketStream, open_stream


class Peer(asyncio.Protocol):
    """The other end: keeps what it hears."""

    def __init__(self) -> None:
        self.heard = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.heard += data


@asynccontextmanager
async def _pair() -> AsyncIterator[tuple[SocketStream, Peer]]:
    peer = Peer()
    server = await asyncio.get_running_loop().create_server(lambda: peer, "127.0.0.1", 0)
    stream = await open_stream("127.0.0.1", server.sockets[0].getsockname()[1])
    await _until(lambda: hasattr(peer, "transport"))
    try:
        yield stream, peer
    finally:
        await stream.aclose()
        peer.transport.abort()
        server.close()
        await asyncio.sleep(0.01)


async def _until(condition: object) -> None:
    assert callable(condition)
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


async def test_bytes_come_in_order_and_in_portions() -> None:
    async with _pair() as (stream, peer):
        peer.transport.write(b"abcdef")
        assert await stream.read(4) == b"abcd"
        assert await stream.read(4) == b"ef"
        await stream.write(b"hello")
        await stream.write(b"")
        await _until(lambda: bytes(peer.heard) == b"hello")


async def test_end_of_stream_is_empty_bytes() -> None:
    async with _pair() as (stream, peer):
        peer.transport.write(b"last")
        peer.transport.close()
        assert await stream.read(100) == b"last"
        assert await stream.read(100) == b""
        assert stream.get_extra_info("is_readable") is True
        with pytest.raises(httpcore.WriteError):
            await stream.write(b"too late")


async def test_idle_stream_is_not_readable() -> None:
    async with _pair() as (stream, peer):
        assert stream.get_extra_info("is_readable") is False
        peer.transport.write(b"unasked")
        await _until(lambda: stream.get_extra_info("is_readable"))


async def test_fast_peer_is_made_to_wait() -> None:
    async with _pair() as (stream, peer):
        stream.grant(10 * HIGH_WATER)
        peer.transport.write(bytes(8 * HIGH_WATER))
        await asyncio.sleep(0.05)
        assert len(stream._buffer) <= 3 * HIGH_WATER
        read = 0
        while read < 8 * HIGH_WATER:
            read += len(await stream.read(65536))
        assert read == 8 * HIGH_WATER


async def test_slow_peer_makes_the_writer_wait() -> None:
    async with _pair() as (stream, peer):
        peer.transport.pause_reading()
        writing = asyncio.create_task(stream.write(bytes(30_000_000)))
        await asyncio.sleep(0.05)
        assert not writing.done()
        peer.transport.resume_reading()
        async with asyncio.timeout(10):
            await writing


async def test_writer_is_told_when_the_peer_goes() -> None:
    async with _pair() as (stream, peer):
        peer.transport.pause_reading()
        writing = asyncio.create_task(stream.write(bytes(30_000_000)))
        await asyncio.sleep(0.05)
        peer.transport.abort()
        with pytest.raises(httpcore.WriteError):
            await writing


async def test_quota_ends_an_answer_that_never_ends() -> None:
    async with _pair() as (stream, peer):
        await stream.write(b"ask")
        peer.transport.write(bytes(2 * HEAD_QUOTA))
        with pytest.raises(httpcore.RemoteProtocolError):  # noqa: PT012 - it is the sum that is too much
            while True:
                await stream.read(65536)


async def test_each_request_begins_a_new_quota() -> None:
    async with _pair() as (stream, peer):
        for _ in range(4):
            await stream.write(b"ask")
            peer.transport.write(bytes(HEAD_QUOTA))
            read = 0
            while read < HEAD_QUOTA:
                read += len(await stream.read(65536))


async def test_addresses_are_told() -> None:
    async with _pair() as (stream, _):
        assert stream.get_extra_info("server_addr") != stream.get_extra_info("client_addr")
        assert stream.get_extra_info("ssl_object") is None
        assert stream.get_extra_info("unknown") is None


async def test_cancelled_reader_loses_nothing() -> None:
    async with _pair() as (stream, peer):
        reading = asyncio.create_task(stream.read(10))
        await asyncio.sleep(0.01)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        peer.transport.write(b"kept")
        assert await stream.read(10) == b"kept"


async def test_tls_is_refused_when_the_server_has_spoken_first() -> None:
    async with _pair() as (stream, peer):
        peer.transport.write(b"220 injected")
        await _until(lambda: stream.get_extra_info("is_readable"))
        with pytest.raises(Failure) as caught:
            await stream.start_tls(ssl.create_default_context(), "good.test")
    assert caught.value.reason is FetchReason.TLS


async def test_tls_fails_when_the_server_hangs_up() -> None:
    async with _pair() as (stream, peer):
        shaking = asyncio.create_task(stream.start_tls(ssl.create_default_context(), "good.test"))
        await _until(lambda: bool(peer.heard))
        peer.transport.abort()
        with pytest.raises(Failure) as caught:
            await shaking
    assert caught.value.reason is FetchReason.TLS


async def test_reset_while_reading_is_an_error() -> None:
    async with _pair() as (stream, _):
        reading = asyncio.create_task(stream.read(10))
        await asyncio.sleep(0.01)
        stream.connection_lost(ConnectionResetError("reset by peer"))
        with pytest.raises(httpcore.ReadError, match="reset by peer"):
            await reading


async def test_stream_that_was_never_connected() -> None:
    stream = SocketStream()
    assert stream.get_extra_info("ssl_object") is None
    with pytest.raises(httpcore.WriteError):
        await stream.write(b"x")
    await stream.aclose()


async def test_head_comes_in_small_portions_and_the_body_in_large_ones() -> None:
    async with _pair() as (stream, peer):
        peer.transport.write(bytes(100_000))
        await _until(lambda: len(stream._buffer) == 100_000)
        assert len(await stream.read(65_536)) == HEAD_PORTION
        stream.grant(1_000_000)
        assert len(await stream.read(65_536)) == 65_536


async def test_socket_options_are_set() -> None:
    server = await asyncio.get_running_loop().create_server(Peer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    stream = await open_stream("127.0.0.1", port, [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)])
    sock = stream.get_extra_info("socket")
    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)  # type: ignore[attr-defined]  # asyncio's socket
    await stream.aclose()
    server.close()
    await asyncio.sleep(0.01)
