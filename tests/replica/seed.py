"""The article that the product's first user gave, read from the conformance data beside the checkout."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.replica.piece import IT, KST, Piece, mentions_in

NUMBER = 978_113  # what MediaPen's counter stood at on that day, by its measured rate
PUBLISHED_AT = datetime(2025, 2, 5, 14, 21, 33, tzinfo=KST)
REPORTER = "이승규"
BYLINE = f"[미디어펜={REPORTER} 기자]"


def seed_piece(shared: Path, published_at: datetime = PUBLISHED_AT, number: int = NUMBER) -> Piece:
    """Read `seed/article.txt` under the folder `shared` as a piece. Raises OSError when it is not there."""
    title, subtitle, *rest = (shared / "seed" / "article.txt").read_text(encoding="utf-8").splitlines()
    lines = [line.strip() for line in rest if line.strip()]
    caption = next(line for line in lines if line.startswith("▲")).removeprefix("▲").strip()
    tail = lines.pop()
    if not tail.startswith(BYLINE):
        raise ValueError(f"the seed article ends with {tail!r}, not with its byline")
    body = [line.removeprefix(BYLINE).strip() for line in lines if not line.startswith("▲")]
    mentions = mentions_in(title, subtitle, "\n".join(body), caption)
    return Piece(number, title, published_at, subtitle, tuple(body), caption, REPORTER, IT, mentions=mentions)
