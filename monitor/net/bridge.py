"""A stream as a socket, for a library that wants one: what comes in at one end goes out at the other."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpcore

PORTION = 65_536  # bytes carried at a time


@asynccontextmanager
async def as_socket(stream: httpcore.AsyncNetworkStream) -> AsyncIterator[socket.socket]:
    """Yield a connected socket whose other end is the stream; at the end of the block both are closed.

    Whoever takes the socket owns it. When either side ends or breaks, the other sees the end of its input.
    """
    inner, outer = socket.socketpair()
    inner.settimeout(0)
    outer.settimeout(0)
    both = [asyncio.create_task(_inwards(stream, inner)), asyncio.create_task(_outwards(inner, stream))]
    try:
        yield outer
    finally:
        for each in both:
            each.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        inner.close()
        await stream.aclose()
        await asyncio.sleep(0)  # the owner's transport, if any, hears of the end before its socket goes
        outer.close()


async def _inwards(stream: httpcore.AsyncNetworkStream, inner: socket.socket) -> None:
    """Carry what the server says, to its end."""
    loop = asyncio.get_running_loop()
    with suppress(OSError, httpcore.NetworkError, httpcore.ProtocolError):
        while said := await stream.read(PORTION):
            await loop.sock_sendall(inner, said)
    with suppress(OSError):
        inner.shutdown(socket.SHUT_WR)


async def _outwards(inner: socket.socket, stream: httpcore.AsyncNetworkStream) -> None:
    """Carry what the server is told, to its end."""
    loop = asyncio.get_running_loop()
    with suppress(OSError, httpcore.NetworkError):
        while told := await loop.sock_recv(inner, PORTION):
            await stream.write(told)
