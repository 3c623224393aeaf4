"""Invented reports of many matters, as different from each other as news are, and their pick-ups."""

from __future__ import annotations

import random
from datetime import datetime

from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.model.article import Article
from tests.contracts.invented import Finding, Reading

_SYLLABLES = [chr(code) for code in range(ord("가"), ord("힣"), 7)]
_FILLING = ("에서", "으로", "했다고", "밝혔다", "대한", "있는", "지난", "이번")


def report(matter: int) -> tuple[str, str]:
    """Return headline and body of a matter; the same number gives the same text, any other shares no name with it."""
    rng = random.Random(matter)
    names = ["".join(rng.choices(_SYLLABLES, k=3)) for _ in range(40)]
    words = [word for name in names for word in (name, rng.choice(_FILLING))]
    return " ".join(names[:5]), " ".join(words)


def told(matter: int, key: str, seen: datetime, source_id: str = "herald", *, cut: int = 0) -> Article:
    """Return an article that tells a matter under a headline of its own, without the last `cut` words of the body."""
    title, body = report(matter)
    words = body.split(" ")
    return Article(
        key, f"https://news.example/{key}", source_id, f"{title} {key}", seen, body=" ".join(words[: len(words) - cut])
    )


def signed(article: Article, *findings: Finding) -> Reading:
    """Return the reading of an article, signed as the pipeline does it."""
    return Reading(None, article, sign(article, shipped()), findings)
