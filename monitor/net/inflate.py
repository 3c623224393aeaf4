"""Decompression that cannot be made to fill the memory.

httpx inflates a whole network chunk before anybody may count it: 1 MB of gzip becomes 1 GB. Here every step is told how
much room there is. One content encoding only: two of them multiply.
"""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # no stubs are published

from monitor.model.errors import FetchReason
from monitor.net.failure import Failure

ACCEPT_ENCODING = "gzip, br"

_GZIP_MAGIC = b"\x1f"


class Inflater(Protocol):
    """A decoder of one body, fed as it arrives."""

    def feed(self, data: bytes, room: int) -> bytes:
        """Decode; `room` bytes or somewhat more come back only when the body has more than that.

        `room` is positive. Raises Failure(BAD_ENCODING).
        """
        ...

    def finish(self) -> None:
        """Take the end of the body. Raises Failure(BAD_ENCODING) when the end is missing."""
        ...


class _Plain:
    def feed(self, data: bytes, room: int) -> bytes:  # noqa: ARG002 - nothing grows here
        return data

    def finish(self) -> None:
        """Any end is an end."""


class _Gzip:
    """RFC 1952, several members in a row included; bytes after the last member are ignored, as browsers do."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._fed = False
        self._closed = False

    def feed(self, data: bytes, room: int) -> bytes:
        pieces: list[bytes] = []
        self._fed = self._fed or bool(data)
        while data and room > 0 and self._open(data):
            try:
                piece = self._member.decompress(data, room)
            except zlib.error as error:
                raise Failure(FetchReason.BAD_ENCODING, f"gzip: {error}") from error
            pieces.append(piece)
            room -= len(piece)
            data = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        return b"".join(pieces)

    def _open(self, data: bytes) -> bool:
        """Begin a new member when the last one has ended and another follows; False once only rubbish follows."""
        if self._member.eof and not self._closed:
            self._closed = not data.startswith(_GZIP_MAGIC)
            self._member = self._member if self._closed else zlib.decompressobj(zlib.MAX_WBITS | 16)
        return not self._closed

    def finish(self) -> None:
        if self._fed and not self._member.eof:
            raise Failure(FetchReason.BAD_ENCODING, "gzip: the body ends too early")


class _Brotli:
    """RFC 7932; the output limit of each step holds since brotli 1.2."""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()
        self._fed = False

    def feed(self, data: bytes, room: int) -> bytes:
        pieces: list[bytes] = []
        self._fed = self._fed or bool(data)
        while room > 0:
            try:
                piece: bytes = self._decoder.process(data, output_buffer_limit=room)
            except brotli.error as error:
                raise Failure(FetchReason.BAD_ENCODING, f"brotli: {error or 'broken'}") from error
            pieces.append(piece)
            room -= len(piece)
            data = b""
            if self._decoder.can_accept_more_data():
                break
        return b"".join(pieces)

    def finish(self) -> None:
        if self._fed and not self._decoder.is_finished():
            raise Failure(FetchReason.BAD_ENCODING, "brotli: the body ends too early")


def inflater(content_encoding: str) -> Inflater:
    """Return the decoder for a Content-Encoding header ("" means none).

    Raises Failure(BAD_ENCODING) for more than one encoding and for one that was not offered.
    """
    names = [name for part in content_encoding.lower().split(",") if (name := part.strip()) not in {"", "identity"}]
    match names:
        case []:
            return _Plain()
        case ["gzip" | "x-gzip"]:
            return _Gzip()
        case ["br"]:
            return _Brotli()
        case [_]:
            detail = "an encoding that was not offered"
        case _:
            detail = "more than one content encoding"
    raise Failure(FetchReason.BAD_ENCODING, f"{detail}: {content_encoding[:80]}", transient=False)
