"""What is new in a headline is marked, as it stands there."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.cluster.acts import GROUPS
from monitor.model.story_records import StoryArticle
from monitor.service.brought_up import LATEST, brought_up

AT = datetime(2026, 11, 27, tzinfo=UTC)


def articles(*titles: str) -> list[StoryArticle]:
    return [StoryArticle(number, "herald", title, (), AT) for number, title in enumerate(titles)]


def test_what_is_new_in_a_headline_is_marked() -> None:
    (one,) = brought_up(articles("한빛건설 압수수색", "한빛건설 대표 체포", "한빛건설 대표 체포"))
    assert one.headline == (("한빛건설 대표 ", False), ("체포", True))
    assert one.article.id == 1


def test_the_latest_are_shown() -> None:
    named = [group[0] for group in GROUPS[: LATEST + 3] if not group[0].startswith("_")]
    assert len(brought_up(articles("첫 제목", *named))) == LATEST
