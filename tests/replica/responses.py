"""From a request to the bytes of a response: cached, compressed when asked for, conditional (RFC 9110)."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus

from tests.replica.newsroom import Document, Failing, Newsroom, Notice

NOTICE = '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>안내</title></head><body><div class="notice"><p>{text}</p></div></body></html>'
SMALL = 256  # bytes; below it compression does not pay


@dataclass(frozen=True, slots=True)
class Response:
    """A complete response: status, head (status line and headers with the empty line) and body."""

    status: int
    head: bytes = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def bytes(self) -> bytes:
        """Return head and body as they go over the wire."""
        return self.head + self.body


@dataclass(frozen=True, slots=True)
class Variant:
    """One representation of a document, ready to be sent."""

    full: Response
    unchanged: Response
    etag: str
    changed: int


class Counter:
    """Answers the requests of one newsroom; keeps what it made until the newsroom changes."""

    def __init__(self, room: Newsroom) -> None:
        self._room = room
        self._made: dict[tuple[str, bool], Variant | None] = {}
        self._version = (-1, -1)

    def response(self, method: str, target: str, headers: Mapping[str, str]) -> Response:
        """Return one request."""
        if method not in {"GET", "HEAD"}:
            return plain(405, "only GET and HEAD", {"Allow": "GET, HEAD"})
        whole = self._get(target, headers)
        return whole if method == "GET" else Response(whole.status, whole.head, b"")

    def _get(self, target: str, headers: Mapping[str, str]) -> Response:
        mode = self._room.mode
        if isinstance(mode, Failing):
            wait = {} if mode.retry_after is None else {"Retry-After": str(mode.retry_after)}
            return plain(mode.status, "out of order", wait)
        if isinstance(mode, Notice) and target != "/robots.txt":
            return whole(200, NOTICE.format(text=mode.text).encode(), {"Content-Type": "text/html; charset=utf-8"})
        variant = self._variant(target, zipped="gzip" in headers.get("accept-encoding", ""))
        if variant is None:
            return plain(404, "no such page")
        return variant.unchanged if unchanged(variant, headers) else variant.full

    def _variant(self, target: str, *, zipped: bool) -> Variant | None:
        """Return a representation of what stands at the path, from the cache where nothing has changed."""
        version = (self._room.version, self._room.shelf.version)
        if version != self._version:
            self._made.clear()
            self._version = version
        key = (target, zipped)
        if key not in self._made:
            document = self._room.document(target)
            self._made[key] = make(document, self._room.validators, zipped=zipped) if document else None
        return self._made[key]


def make(document: Document, validators: frozenset[str], *, zipped: bool) -> Variant:
    """Prepare a representation and its 304."""
    body = document.body
    headers = {"Content-Type": f"{document.kind}; charset={declared(document.charset)}", "Vary": "Accept-Encoding"}
    etag = '"' + hashlib.sha256(body).hexdigest()[:20] + ("-gz" if zipped else "") + '"'
    if zipped and len(body) > SMALL:
        body = gzip.compress(body, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    known = {}
    if "etag" in validators:
        known["ETag"] = etag
    if "last-modified" in validators:
        known["Last-Modified"] = formatdate(int(document.changed), usegmt=True)
    return Variant(
        whole(200, body, headers | known),
        Response(304, head(304, known | {"Vary": "Accept-Encoding"}), b""),
        etag if "etag" in validators else "",
        int(document.changed) if "last-modified" in validators else 1 << 40,
    )


def unchanged(variant: Variant, headers: Mapping[str, str]) -> bool:
    """Return whether 304 is the response. If-None-Match goes before If-Modified-Since (RFC 9110, section 13.2.2)."""
    if tags := headers.get("if-none-match"):
        return bool(variant.etag) and variant.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    if since := headers.get("if-modified-since"):
        try:
            return variant.changed <= parsedate_to_datetime(since).timestamp()
        except ValueError:
            return False
    return False


def declared(charset: str) -> str:
    """Return the name that a Korean site declares: cp949 goes by the name of euc-kr everywhere."""
    return "euc-kr" if charset == "cp949" else charset


def plain(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a line of text."""
    return whole(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8", **(headers or {})})


def whole(status: int, body: bytes, headers: Mapping[str, str]) -> Response:
    """Return a body and its length."""
    return Response(status, head(status, {**headers, "Content-Length": str(len(body))}), body)


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """Write the status line and the headers."""
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Odd"
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} {phrase}\r\n{lines}\r\n".encode("latin-1")
