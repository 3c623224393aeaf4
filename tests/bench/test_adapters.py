"""The doors for outside scorers, held against the conformance data."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.bench import adapters
from tests.evidence import DATA, rows
from tests.replica.mediapen import MediaPen
from tests.replica.newspapers import mediapen
from tests.replica.seed import seed_piece


def test_match_counts_the_seed_article(seed_text: str) -> None:
    terms = {"딥시크": 10, "오픈AI": 11, "스타게이트": 3}
    assert {term: len(adapters.match(term, seed_text)) for term in terms} == terms


def test_extract_article_reads_the_seed_page(seed_text: str) -> None:
    piece = seed_piece(seed_text)
    room = mediapen([piece])
    document = room.document(MediaPen().path(piece.number))
    assert document is not None
    read = adapters.extract_article(document.body, f"https://www.mediapen.com/news/view/{piece.number}")
    assert (read["title"], read["subtitle"]) == (piece.title, piece.subtitle)
    assert read["published_at"] == "2025-02-05T05:21:33+00:00"
    assert read["authors"] == [piece.reporter]
    assert read["canonical_url"] == f"https://www.mediapen.com/news/view/{piece.number}"
    assert {"title", "body", "published_at"} <= read["via"].keys()


def test_extract_generic_finds_the_body(seed_text: str) -> None:
    piece = seed_piece(seed_text)
    document = mediapen([piece]).document(MediaPen().path(piece.number))
    assert document is not None
    text = adapters.extract_generic(document.body, "https://unknown.example/1")
    assert "연구개발 비용 효율화" in text


def test_parse_feed_reads_every_quirk() -> None:
    folder = DATA / "quirk-feeds"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf8"))
    feeds = sorted(folder.glob("*.xml"))
    assert len(feeds) == 16
    for path in feeds:
        items = adapters.parse_feed(path.read_bytes(), "https://paper.example/rss", _content_type(path, expected))
        assert items, path.name
        assert all(item["title"] and item["link"] for item in items), path.name


def _content_type(path: Path, expected: Any) -> str:  # noqa: ANN401 - JSON
    entry = (
        expected.get(path.name, {})
        if isinstance(expected, dict)
        else next(e for e in expected if e["file"] == path.name)
    )
    return str(entry.get("content_type", ""))


def test_dates_identities_and_bylines_agree_with_the_authored_tables() -> None:
    for row in rows("dates/dates.jsonl"):
        now = datetime.fromisoformat(row["now"])
        found = adapters.parse_date(row["raw"], row["default_tz"], now)
        wanted = datetime.fromisoformat(row["expect_utc"]) if row["expect_utc"] else None
        assert found == wanted, row["raw"]
    for row in rows("identities/identities.jsonl"):
        assert (adapters.identity(row["a"]) == adapters.identity(row["b"])) is row["same"], row
    for row in rows("bylines/bylines.jsonl"):
        assert adapters.bylines(row["raw"]) == row["reporters"], row["raw"]


def test_robots_are_read_by_the_longest_match() -> None:
    text = b"User-agent: *\nDisallow: /\nAllow: /news/\n"
    assert adapters.robots_allows(text, "monitor", "https://paper.example/news/1")
    assert not adapters.robots_allows(text, "monitor", "https://paper.example/admin")


@pytest.mark.parametrize(("hours", "same"), [(1, True), (71, True), (73, False)])
def test_cluster_joins_one_headline_within_the_window(hours: int, *, same: bool) -> None:
    began = datetime(2025, 2, 5, tzinfo=UTC)
    later = datetime.fromtimestamp(began.timestamp() + hours * 3600, UTC)
    title = "카카오, 오픈AI와 협업 방안 공개"
    articles = [
        {"id": "a", "title": title, "published_at": began.isoformat()},
        {"id": "b", "title": f"[속보] {title}", "published_at": later.isoformat()},
        {"id": "c", "title": "", "published_at": later.isoformat()},
    ]
    first, second, third = adapters.cluster(articles)
    assert third not in {first, second}
    assert (second == first) is same
