"""Hits as lines: one for each story."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from monitor.model.hit import Match
from monitor.model.records import ArticleRecord, HitRecord
from monitor.present.story_rows import story_rows

AT = datetime(2026, 11, 27, tzinfo=UTC)


def hit(number: int, article: int, story: str, rule: str = "openai") -> HitRecord:
    read = ArticleRecord(article, "https://news.example/1", "미국 오픈AI 소식", "herald", "", None, AT)
    match = Match("t", "", "title", 3, 7, "오픈AI", "bare")
    return HitRecord(number, AT, rule, rule.title(), read, (match,), "", "sent", story_id=story)


def test_what_tells_one_story_shares_a_line_whatever_it_met() -> None:
    first, second = story_rows([hit(9, 4, "s1"), hit(8, 3, "s2"), hit(7, 2, "s1", "seoul")], {"s1": 3})
    assert ([one.id for one in first.hits], first.outlets) == ([9, 7], 3)
    assert first.rules == (("openai", "Openai"), ("seoul", "Seoul"))
    assert (second.newest.id, second.outlets) == (8, 1)


def test_a_hit_without_a_story_stands_by_itself() -> None:
    assert len(story_rows([hit(2, 2, ""), hit(1, 1, "")], {})) == 2


def test_the_headline_is_marked_and_an_article_without_one_shows_its_address() -> None:
    (row,) = story_rows([hit(1, 1, "s")], {})
    assert row.headline == (("미국 ", False), ("오픈AI", True), (" 소식", False))
    bare = hit(1, 1, "s")
    bare = replace(bare, article=replace(bare.article, title=""), matches=())
    assert story_rows([bare], {})[0].headline == (("https://news.example/1", False),)
