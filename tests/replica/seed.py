"""The article that the product's first user gave, or one of its shape, as a piece."""

from __future__ import annotations

import re
from datetime import datetime

from tests.replica.piece import IT, KST, Piece, mentions_in

NUMBER = 978_113  # what MediaPen's counter stood at on that day, by its measured rate
PUBLISHED_AT = datetime(2025, 2, 5, 14, 21, 33, tzinfo=KST)
BYLINE = re.compile(r"\[미디어펜=(\w+) 기자\]")


def seed_piece(text: str, published_at: datetime = PUBLISHED_AT, number: int = NUMBER) -> Piece:
    """Read the text as it stands in a browser: title, subtitle, body with one caption, and a byline at the end."""
    title, subtitle, *rest = text.splitlines()
    lines = [line.strip() for line in rest if line.strip()]
    caption = next(line for line in lines if line.startswith("▲")).removeprefix("▲").strip()
    tail = lines.pop()
    byline = BYLINE.match(tail)
    if not byline:
        raise ValueError(f"the seed article ends with {tail!r}, not with its byline")
    body = [line.removeprefix(byline[0]).strip() for line in lines if not line.startswith("▲")]
    mentions = mentions_in(title, subtitle, "\n".join(body), caption)
    return Piece(number, title, published_at, subtitle, tuple(body), caption, byline[1], IT, mentions=mentions)
