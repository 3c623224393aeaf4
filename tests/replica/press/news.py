"""The news that the invented outlets print: matters from a file, each told by one outlet or by many, and what nobody watches."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from tests.replica.piece import Piece
from tests.replica.press.outlets import OUTLETS
from tests.replica.writer import Writer

FILE: Final = Path(__file__).with_name("news.yaml")
BEFORE: Final = timedelta(hours=48)
"""How much news there is before the demonstration begins."""
_WATCHED: Final = ("해솔소프트", "해솔 비서", "두물", "나래", "마루데이터", "클라우드 보안")
_OLD: Final = 3
_BACKGROUND: Final = 18
"""Articles of each outlet that no rule is about: before the two days, and in them."""


@dataclass(frozen=True, slots=True)
class Print:
    """One article that one outlet prints."""

    outlet: str
    piece: Piece


class Newsdesk:
    """Makes every article of the demonstration that begins `now`; the same seed makes the same."""

    def __init__(self, now: datetime, seed: int) -> None:
        """Read the matters."""
        self._now, self._chance = now, random.Random(seed)
        self._writer = Writer(seed, rate=0.0)
        news = yaml.safe_load(FILE.read_text("utf-8"))
        self._matters: list[dict[str, Any]] = news["matters"]
        self._closings: list[str] = news["closings"]

    def past(self) -> list[Print]:
        """Return what was printed before the demonstration, oldest first."""
        told = [
            self._told(matter, telling, self._now - timedelta(hours=telling["ago"]))
            for matter in self._matters
            for telling in matter["by"]
            if "ago" in telling
        ]
        return sorted((*told, *self._background()), key=lambda one: one.piece.published_at)

    def coming(self) -> Iterator[Print]:
        """Return what is printed while it runs, without end: matters first, then what nobody watches. Dates are to be set."""
        for matter in self._matters:
            for telling in matter["by"]:
                if "ago" not in telling:
                    yield self._told(matter, telling, self._now)
                    if self._chance.random() < 0.5:
                        yield self._unwatched(self._outlet(), self._now)
        while True:
            yield self._unwatched(self._outlet(), self._now)

    def _outlet(self) -> str:
        return self._chance.choice(OUTLETS).id

    def _background(self) -> Iterator[Print]:
        for outlet in OUTLETS:
            for _ in range(_OLD):
                yield self._unwatched(outlet.id, self._now - BEFORE - timedelta(hours=self._chance.uniform(0.5, 6)))
            for _ in range(_BACKGROUND):
                yield self._unwatched(outlet.id, self._now - BEFORE * self._chance.random())

    def _unwatched(self, outlet: str, at: datetime) -> Print:
        while True:
            piece = self._writer.piece(at, terms=())
            text = " ".join((piece.title, piece.subtitle, *piece.paragraphs, piece.caption))
            if not any(word in text for word in _WATCHED):
                return Print(outlet, piece)

    def _told(self, matter: Mapping[str, Any], telling: Mapping[str, str], at: datetime) -> Print:
        """Return a matter in the words of one outlet: the lead, most of what is known, and sentences of its own."""
        first, *others = matter["facts"]
        subtitle = others.pop() if len(others) > 2 else ""
        kept = [one for one in others if len(others) < 3 or self._chance.random() < 0.85]
        written = self._writer.piece(at, terms=())
        return Print(
            telling["outlet"],
            Piece(
                written.number,
                telling["title"],
                written.published_at,
                subtitle or others[0],
                paragraphs=(first, *kept, *self._chance.sample(self._closings, 3)),
                caption="자료 사진",
                reporter=written.reporter,
                section=written.section,
            ),
        )
