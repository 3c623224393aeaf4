"""A socket as httpcore wants it, straight on asyncio.

httpcore's own stream goes through anyio and builds a cancel scope and an exception map for each read and write. This
one keeps a buffer and a future. The timeouts that httpcore passes are ignored: the client's total deadline covers
every await.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable

import httpcore

from monitor.model.errors import FetchReason
from monitor.net.certificates import explain_handshake
from monitor.net.failure import Failure

HIGH_WATER = 256 * 1024  # bytes held for a slow reader before the peer is told to wait
HEAD_QUOTA = 256 * 1024  # bytes that may come between a request and the end of the response's head
HEAD_PORTION = 16 * 1024  # bytes handed over at a time until then: a few hundred interim answers at most


class SocketStream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One TCP or TLS connection.

    On HTTP/1.1 a quota bounds the bytes read after each write, so that a peer cannot keep the parser busy for ever with
    interim answers (1xx) that arrive faster than they are read; and other tasks run between two portions of a head.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._ended = False
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._held = False
        self._quota: int | None = HEAD_QUOTA
        self._counted = True
        self._in_head = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connected transport (called by asyncio)."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Keep what came; stop the peer when nobody reads (called by asyncio)."""
        self._buffer += data
        if len(self._buffer) > HIGH_WATER and not self._held and self._transport is not None:
            self._held = True
            self._transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> bool:
        """Note that the peer has finished; asyncio then closes the transport."""
        self._ended = True
        _wake(self._reader)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Note why the connection ended (called by asyncio)."""
        self._ended = True
        self._error = exc
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        """Make writers wait until the peer has taken what was sent (called by asyncio)."""
        self._writer = self._loop.create_future()

    def resume_writing(self) -> None:
        """Let writers go on (called by asyncio)."""
        _wake(self._writer)
        self._writer = None

    def grant(self, quota: int) -> None:
        """Allow so many more bytes to be read before the next write; the head is complete."""
        self._in_head = False
        if self._counted:
            self._quota = quota

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - httpcore's signature
        """Return at least one byte, or b"" at the end.

        Raises httpcore.ReadError when the connection broke, httpcore.RemoteProtocolError when the quota is used up.
        """
        if self._in_head:
            max_bytes = min(max_bytes, HEAD_PORTION)
            await asyncio.sleep(0)
        while not self._buffer:
            if self._error is not None:
                raise httpcore.ReadError(str(self._error) or type(self._error).__name__)
            if self._ended:
                return b""
            self._reader = self._loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return self._take(max_bytes)

    def _take(self, max_bytes: int) -> bytes:
        data = bytes(self._buffer[:max_bytes])
        del self._buffer[:max_bytes]
        if self._held and not self._buffer and self._transport is not None:
            self._held = False
            if not self._transport.is_closing():
                self._transport.resume_reading()
        if self._quota is not None:
            self._quota -= len(data)
            if self._quota < 0:
                raise httpcore.RemoteProtocolError("the response has more bytes than its content can need")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - httpcore's signature
        """Send bytes and wait while the peer is too slow. Raises httpcore.WriteError."""
        if not buffer:
            return
        if self._transport is None or self._ended or self._transport.is_closing():
            raise httpcore.WriteError("the connection is closed")
        if self._counted:
            self._quota = HEAD_QUOTA
            self._in_head = True
        self._transport.write(buffer)
        if self._writer is not None:
            await self._writer
            if self._ended:
                raise httpcore.WriteError("the connection was closed while sending")

    async def aclose(self) -> None:
        """Drop the connection at once: whatever it could still say is not wanted."""
        if self._transport is not None:
            self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        """Shake hands; the name is checked against the certificate. Raises Failure(TLS)."""
        if self._transport is None or self._buffer:
            await self.aclose()
            raise Failure(FetchReason.TLS, "the server spoke before the handshake")
        try:
            transport = await self._loop.start_tls(
                self._transport, self, ssl_context, server_hostname=server_hostname or None
            )
        except (ssl.SSLError, OSError) as error:
            await self.aclose()
            raise Failure(FetchReason.TLS, explain_handshake(error)) from error
        if transport is None:
            raise Failure(FetchReason.TLS, "the connection was lost during the handshake")
        self._transport = transport
        self._counted = self.get_extra_info("ssl_object").selected_alpn_protocol() != "h2"  # type: ignore[attr-defined]  # an SSLObject once shaken
        self._quota = HEAD_QUOTA if self._counted else None
        self._in_head = self._counted
        return self

    def get_extra_info(self, info: str) -> object:
        """Return what httpcore asks: is_readable (an idle peer has spoken or gone), ssl_object, addresses."""
        if info == "is_readable":
            return self._ended or bool(self._buffer)
        if self._transport is None:
            return None
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return self._transport.get_extra_info(names.get(info, info))


def _wake(future: asyncio.Future[None] | None) -> None:
    if future is not None and not future.done():
        future.set_result(None)


async def open_stream(address: str, port: int, options: Iterable[tuple[int, int, int]] = ()) -> SocketStream:
    """Connect to a literal IP address; no name is resolved here. Raises OSError."""
    loop = asyncio.get_running_loop()
    transport, stream = await loop.create_connection(SocketStream, address, port)
    for option in options:
        transport.get_extra_info("socket").setsockopt(*option)
    return stream


async def adopted(connected: socket.socket) -> SocketStream:
    """Return a stream on a socket that is connected already; the socket is the stream's from then on. Raises OSError."""
    try:
        _, stream = await asyncio.get_running_loop().create_connection(SocketStream, sock=connected)
    except BaseException:
        connected.close()
        raise
    return stream
