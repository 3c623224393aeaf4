"""Decompression that cannot be made to fill the memory.

httpx inflates a whole network chunk before anybody may count it: 1 MB of gzip becomes 1 GB. Here every step is told how
much room there is, and what lies between two codings is bounded too: they multiply. Deflate is read and not offered:
what the name means is understood in two ways.
"""

from __future__ import annotations

import re
import zlib
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # no stubs are published

from monitor.model.errors import FetchReason
from monitor.net.failure import Failure

ACCEPT_ENCODING = "gzip, br"

# Of other names (utf-8, none, chunked) none is a coding: who writes them means no packing (www.iana.org/assignments/http-parameters).
_NOT_READ = frozenset(["aes128gcm", "compress", "dcb", "dcz", "exi", "pack200-gzip", "x-compress", "zstd"])
_MOST_CODINGS = 2
_BETWEEN = 1 << 20  # bytes that one step may make between two codings
_GZIP_MAGIC = b"\x1f"
_MOST_DOUBTED = 1 << 16  # bytes that are kept while nothing has come of them
_ZLIB_CHECK = 31  # RFC 1950 §2.2: the first two bytes are a multiple of it
_DEFLATE = 8
_OPENING = rb"(?:\xef\xbb\xbf)?[ \t\r\n]*+[<{\[]"
_TEXT = re.compile(_OPENING + rb"[\t\r\n -~]{7}|\xff\xfe|\xfe\xff")  # no packed stream of a document begins so
_LIKE_TEXT = re.compile(_OPENING + rb"|\xff\xfe|\xfe\xff")
_UNDECIDED = re.compile(rb"\xef|\xef\xbb|\xff|\xfe|(?:\xef\xbb\xbf)?[ \t\r\n]*+(?:[<{\[][\t\r\n -~]{0,6})?")


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


class _Deflate:
    """RFC 9110 §8.4.1.2: a zlib stream; many servers send the bare deflate stream inside it, which browsers read too."""

    def __init__(self) -> None:
        self._head = b""
        self._stream = zlib.decompressobj()
        self._begun = False

    def feed(self, data: bytes, room: int) -> bytes:
        if not self._begun:
            self._head += data
            if len(self._head) < 2:  # noqa: PLR2004 - the two bytes of a zlib header
                return b""
            data, self._head, self._begun = self._head, b"", True
            if not _is_zlib(data):
                self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        pieces: list[bytes] = []
        while data and room > 0 and not self._stream.eof:
            try:
                piece = self._stream.decompress(data, room)
            except zlib.error as error:
                raise Failure(FetchReason.BAD_ENCODING, f"deflate: {error}") from error
            pieces.append(piece)
            room -= len(piece)
            data = self._stream.unconsumed_tail
        return b"".join(pieces)

    def finish(self) -> None:
        if (self._begun or self._head) and not self._stream.eof:
            raise Failure(FetchReason.BAD_ENCODING, "deflate: the body ends too early")


class _Doubted:
    """A decoder of what says that it is packed: text that plainly is not is given back as it is.

    The first bytes `tell`, or that a body begins as a document does and the decoder makes nothing of it.
    """

    def __init__(self, decoder: Inflater, *, tell: bool) -> None:
        self._decoder = decoder
        self._tell = tell
        self._seen = b""
        self._doubted = True
        self._held = False  # the decoder has not been shown what was seen

    def feed(self, data: bytes, room: int) -> bytes:
        if not self._doubted:
            return self._decoder.feed(data, room)
        self._seen += data
        if _UNDECIDED.fullmatch(self._seen):
            self._held = True
            return b""
        if self._tell and _TEXT.match(self._seen):
            return self._as_it_is()
        data, self._held = (self._seen if self._held else data), False
        try:
            made = self._decoder.feed(data, room)
        except Failure:
            if not _LIKE_TEXT.match(self._seen):
                raise
            return self._as_it_is()
        self._doubted = not made and len(self._seen) <= _MOST_DOUBTED
        return made

    def _as_it_is(self) -> bytes:
        self._decoder, self._doubted, self._held = _Plain(), False, False
        return self._seen

    def finish(self) -> None:
        if self._held and self._seen:
            raise Failure(FetchReason.BAD_ENCODING, "the body ends too early")
        self._decoder.finish()


class _Unread:
    """Stands for a coding that is not read here."""

    def __init__(self, name: str) -> None:
        self._name = name

    def feed(self, data: bytes, room: int) -> bytes:  # noqa: ARG002 - the protocol's signature
        raise Failure(FetchReason.BAD_ENCODING, f"an encoding that was not offered: {self._name[:80]}", transient=False)

    def finish(self) -> None:
        """Nothing was fed, or it was refused."""


class _Chain:
    """Two codings, the outer one taken off first (RFC 9110 §8.4: they are named in the order in which they were applied)."""

    def __init__(self, outer: Inflater, inner: Inflater) -> None:
        self._outer = outer
        self._inner = inner

    def feed(self, data: bytes, room: int) -> bytes:
        between = self._outer.feed(data, _BETWEEN)
        if len(between) >= _BETWEEN:
            raise Failure(FetchReason.BAD_ENCODING, "what lies between two encodings is too large", transient=False)
        return self._inner.feed(between, room) if between else b""

    def finish(self) -> None:
        self._outer.finish()
        self._inner.finish()


def _is_zlib(head: bytes) -> bool:
    return head[0] & 0x0F == _DEFLATE and int.from_bytes(head[:2], "big") % _ZLIB_CHECK == 0


def inflater(content_encoding: str) -> Inflater:
    """Return the decoder for a Content-Encoding header ("" means none).

    What says that it is packed and plainly is a document in plain text is given back as it is; a name that is none of a
    coding says nothing. Raises Failure(BAD_ENCODING) for more than two encodings; `feed` does for one that cannot be read.
    """
    decoders = [
        found
        for name in content_encoding.lower().split(",")
        if (found := _decoder(name.partition(";")[0].strip())) is not None
    ]
    match decoders:
        case []:
            return _Plain()
        case [one]:
            return one
        case [inner, outer]:
            return _Chain(outer, inner)
        case _:
            detail = f"more than {_MOST_CODINGS} content encodings: {content_encoding[:80]}"
            raise Failure(FetchReason.BAD_ENCODING, detail, transient=False)


def _decoder(name: str) -> Inflater | None:
    """Return the decoder of one coding; None for what is none."""
    match name:
        case "gzip" | "x-gzip":
            return _Doubted(_Gzip(), tell=True)
        case "deflate":
            return _Doubted(_Deflate(), tell=True)
        case "br":
            return _Doubted(_Brotli(), tell=False)  # its streams may begin with any bytes
        case _:
            return _Doubted(_Unread(name), tell=True) if name in _NOT_READ else None
