"""A newspaper's desk: what is published, how the site is doing today, and who asked for what.

A Newsroom may be changed from the loop that serves it or from another thread; the next request sees the change.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

from tests.replica.piece import Piece

LOG_LENGTH = 200_000  # visits kept; the oldest go first


@dataclass(frozen=True, slots=True)
class Open:
    """All is well."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody listens: connections are refused, open ones are cut."""


@dataclass(frozen=True, slots=True)
class Failing:
    """Every request is answered with an error status; `retry_after` in seconds, None sends no such header."""

    status: int = 503
    retry_after: int | None = 30


@dataclass(frozen=True, slots=True)
class Slow:
    """Every answer begins `delay` seconds late."""

    delay: float = 1.0


@dataclass(frozen=True, slots=True)
class Drip:
    """Answers come in small chunks with a pause (seconds) after each, so that no single read is ever slow."""

    chunk: int = 64
    pause: float = 0.05


@dataclass(frozen=True, slots=True)
class Notice:
    """Every page is a maintenance notice with status 200: no list, no article, and no error either."""

    text: str = "더 나은 서비스를 위해 시스템 점검 중입니다. 이용에 불편을 드려 죄송합니다."


Mode: TypeAlias = Open | Refused | Failing | Slow | Drip | Notice


@dataclass(frozen=True, slots=True)
class Drift:
    """How the site was redesigned. `renamed` maps class and id names to new ones, everywhere on its pages."""

    renamed: Mapping[str, str] = field(default_factory=dict)
    related_in_body: bool = False
    empty_og_title: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as it came, and the status it got. `target` is path and query; header names are lower-case."""

    at: float
    method: str
    target: str
    status: int
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """What a style answers for a path. `changed` is seconds since 1970; characters outside `charset` are escaped."""

    text: str
    kind: str = "text/html"
    charset: str = "utf-8"
    changed: float = 0.0

    @property
    def body(self) -> bytes:
        """Return the bytes; what the charset lacks becomes a character reference, as content systems do it."""
        return self.text.encode(self.charset, "xmlcharrefreplace")


@dataclass(slots=True)
class Shelf:
    """The pieces of one newspaper; several addresses (desktop, mobile) may sell from one shelf.

    `clock` gives seconds since 1970. `hidden` pieces have a page and stand in no list.
    """

    clock: Callable[[], float] = time.time
    pieces: dict[int, Piece] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    changed: dict[int, float] = field(default_factory=dict)
    lists_changed: float = 0.0
    version: int = 0

    def put(self, piece: Piece, *, hidden: bool = False) -> None:
        """Add or replace a piece."""
        now = self.clock()
        self.pieces[piece.number] = piece
        (self.hidden.add if hidden else self.hidden.discard)(piece.number)
        self.changed[piece.number] = self.lists_changed = now
        self.version += 1

    def drop(self, number: int) -> Piece:
        """Remove a piece and answer it. Raises KeyError."""
        piece = self.pieces.pop(number)
        self.lists_changed = self.clock()
        self.version += 1
        return piece

    def newest(self) -> list[Piece]:
        """Return the listed pieces, newest first."""
        listed = (piece for piece in self.pieces.values() if piece.number not in self.hidden)
        return sorted(listed, key=lambda piece: (piece.published_at, piece.number), reverse=True)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a style knows when it lays out a page: the site's own address, its shelf, its redesign, its weight."""

    base: str
    shelf: Shelf
    drift: Drift = Drift()
    size: int = 0


class Style(Protocol):
    """How a kind of newspaper lays out its pages."""

    @property
    def outlet(self) -> str:
        """Return the newspaper's name."""
        ...

    @property
    def lists(self) -> Sequence[str]:
        """Return the paths of its list pages."""
        ...

    @property
    def feeds(self) -> Sequence[str]:
        """Return the paths of its feeds."""
        ...

    def path(self, number: int) -> str:
        """Return the path of an article."""
        ...

    def document(self, setting: Setting, target: str) -> Document | None:
        """Return the document at a path with query; None where there is none."""
        ...


class Newsroom:
    """One newspaper at one loopback address. `base` ("http://127.0.1.1:40123") is known once it is served.

    `robots` is the text of robots.txt, None answers 404. `validators` says which of "etag" and "last-modified" the site
    sends. `size` is the weight of the furniture on a page, in bytes.
    """

    def __init__(
        self,
        style: Style,
        host: str = "127.0.1.1",
        *,
        shelf: Shelf | None = None,
        pieces: Iterable[Piece] = (),
        size: int = 0,
        robots: str | None = None,
    ) -> None:
        self.style = style
        self.host = host
        self.base = ""
        self.shelf = shelf or Shelf()
        self.size = size
        self.log: deque[Visit] = deque(maxlen=LOG_LENGTH)
        self.version = 0
        self.switched: Callable[[Mode], None] = lambda _mode: None  # the server listens here
        self._mode: Mode = Open()
        self._robots = robots
        self._drift = Drift()
        self._validators = frozenset({"etag", "last-modified"})
        for piece in pieces:
            self.shelf.put(piece)

    @property
    def lists(self) -> list[str]:
        """Return the URLs of the list pages."""
        return [self.base + path for path in self.style.lists]

    @property
    def feeds(self) -> list[str]:
        """Return the URLs of the feeds."""
        return [self.base + path for path in self.style.feeds]

    def url(self, number: int) -> str:
        """Return the URL of an article, published or not."""
        return self.base + self.style.path(number)

    def publish(self, piece: Piece, *, hidden: bool = False) -> str:
        """Put a piece on the site, `hidden` without listing it; return its URL."""
        self.shelf.put(piece, hidden=hidden)
        return self.url(piece.number)

    def republish(self, number: int, **changes: object) -> Piece:
        """Change fields of a published piece (title, paragraphs, ...) under its old number. Raises KeyError."""
        piece = replace(self.shelf.pieces[number], **changes)  # type: ignore[arg-type]  # fields by name, checked there
        self.shelf.put(piece, hidden=number in self.shelf.hidden)
        return piece

    def take_down(self, number: int) -> Piece:
        """Remove a piece: its page answers 404, lists forget it. Raises KeyError."""
        return self.shelf.drop(number)

    @property
    def mode(self) -> Mode:
        """Return how the site is doing."""
        return self._mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._mode = mode
        self.switched(mode)

    @property
    def robots(self) -> str | None:
        """Return the text of robots.txt."""
        return self._robots

    @robots.setter
    def robots(self, text: str | None) -> None:
        self._robots = text
        self.version += 1

    @property
    def drift(self) -> Drift:
        """Return how the site was redesigned."""
        return self._drift

    @drift.setter
    def drift(self, drift: Drift) -> None:
        self._drift = drift
        self.version += 1

    @property
    def validators(self) -> frozenset[str]:
        """Return which validators the site sends."""
        return self._validators

    @validators.setter
    def validators(self, names: frozenset[str]) -> None:
        self._validators = names
        self.version += 1

    def visits(self, part: str = "", status: int | None = None) -> list[Visit]:
        """Return the visits whose target contains `part` (and that got `status`), oldest first."""
        return [visit for visit in list(self.log) if part in visit.target and status in {None, visit.status}]

    def document(self, target: str) -> Document | None:
        """Return what stands at a path, in any mode; None for 404."""
        if target == "/robots.txt":
            return None if self._robots is None else Document(self._robots, "text/plain")
        document = self.style.document(Setting(self.base, self.shelf, self._drift, self.size), target)
        if document is None or not self._drift.renamed or document.kind != "text/html":
            return document
        return replace(document, text=renamed(document.text, self._drift.renamed))


def renamed(html: str, names: Mapping[str, str]) -> str:
    """Rename classes and ids where they stand as whole words inside double-quoted attributes."""
    parts = html.split('"')
    for index in range(1, len(parts), 2):
        if parts[index - 1].endswith(("class=", "id=")):
            parts[index] = " ".join(names.get(word, word) for word in parts[index].split(" "))
    return '"'.join(parts)
