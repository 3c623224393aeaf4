"""What a replica newspaper prints: pieces whose mentions of the watched terms are known beforehand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")
ECONOMY, IT, RETAIL = "40025", "40023", "44032"  # MediaPen's section codes (general, IT, retail), used by every replica

SURFACES: Mapping[str, tuple[str, ...]] = {
    "deepseek": ("딥시크", "DeepSeek"),
    "openai": ("오픈AI", "OpenAI", "오픈에이아이"),
    "stargate": ("스타게이트", "Stargate"),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a watched term was put. `field` is title, subtitle, body or caption."""

    term: str
    surface: str
    field: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One article as its newsroom holds it; the page around it is the style's business.

    `paragraphs` are plain lines without byline; one that begins with `◆ ` is a subhead. `layout` picks among the page
    layouts of a style ("" is its usual one). `mentions` is the ground truth, in no particular order.
    """

    number: int
    title: str
    published_at: datetime
    subtitle: str = ""
    paragraphs: tuple[str, ...] = ()
    caption: str = ""
    reporter: str = ""
    section: str = IT
    note: str = ""
    layout: str = ""
    mentions: tuple[Mention, ...] = ()

    @property
    def terms(self) -> dict[str, int]:
        """Return how often each watched term occurs, title and caption included; absent terms are left out."""
        return dict(Counter(mention.term for mention in self.mentions))

    @property
    def kst(self) -> str:
        """Return the time of publication as Korean pages print it, without a zone: `2025-02-05 14:21:33`."""
        return self.published_at.astimezone(KST).strftime("%Y-%m-%d %H:%M:%S")

    @property
    def unix(self) -> int:
        """Return the time of publication in seconds since 1970."""
        return int(self.published_at.timestamp())


def mentions_in(title: str, subtitle: str, body: str, caption: str) -> tuple[Mention, ...]:
    """Return every occurrence of every surface as a mention: for texts that hold no longer words around the terms."""
    fields = {"title": title, "subtitle": subtitle, "body": body, "caption": caption}
    return tuple(
        Mention(term, surface, field)
        for field, text in fields.items()
        for term, surfaces in SURFACES.items()
        for surface in surfaces
        for _ in range(text.count(surface))
    )
