"""A hit and what belongs to it as JSON objects: the keys of the webhook body, of `monitor hits` and of whatever comes.

Texts are taken as they are: whoever has to cut or escape them does so before.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from monitor.model.feedback import Feedback
from monitor.model.handling import Handling
from monitor.model.hit import Match
from monitor.model.latency import elapsed
from monitor.model.records import ArticleRecord, HitRecord
from monitor.model.story import Story, StoryLink
from monitor.present.moments import rfc3339

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | None"


def rule_object(rule_id: str, name: str) -> dict[str, Json]:
    """Return the rule that was met."""
    return {"id": rule_id, "name": name}


def article_object(article: ArticleRecord) -> dict[str, Json]:
    """Return an article; `published_at` is null where the page states none, `confidence` there only where it is known."""
    shown: dict[str, Json] = {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "source": article.source,
        "source_name": article.source_name or article.source,
        "author": article.author,
        "published_at": None if article.published_at is None else rfc3339(article.published_at),
        "first_seen_at": rfc3339(article.first_seen_at),
    }
    return shown if article.confidence is None else {**shown, "confidence": article.confidence}


def match_object(match: Match, shown: Callable[[str], str] = str) -> dict[str, Json]:
    """Return one mention, its texts as `shown` gives them; places are those in the original text of its field."""
    return {
        "term": shown(match.term),
        "alias": shown(match.alias),
        "field": shown(match.field),
        "start": match.start,
        "end": match.end,
        "surface": shown(match.surface),
        "reason": shown(match.reason),
    }


def story_object(story: Story) -> dict[str, Json]:
    """Return a story with its counts at that moment; `continues` or `related` only where there is such a story."""
    shown: dict[str, Json] = {
        "id": story.id,
        "title": story.title,
        "articles": story.articles,
        "outlets": story.outlets,
        "first_seen_at": rfc3339(story.first_seen_at),
    }
    if story.continues is not None:
        before, first = story.continues.before, story.continues.first
        shown["continues"] = {**_named(before), "first": _named(first)}
    elif story.related is not None:
        shown["related"] = {**_named(story.related), "first_seen_at": rfc3339(story.related.first_seen_at)}
    return shown


def _named(story: StoryLink) -> dict[str, Json]:
    return {"id": story.id, "title": story.title}


def latency_object(
    published_at: datetime | None, seen_at: datetime, matched_at: datetime, made_at: datetime
) -> dict[str, Json]:
    """Return how long a hit was on its way to its message, in ms; null where the page states no time, or a later one."""
    return {
        "published_to_seen": elapsed(published_at, seen_at),
        "seen_to_matched": elapsed(seen_at, matched_at),
        "matched_to_made": elapsed(matched_at, made_at),
    }


def hit_object(hit: HitRecord) -> dict[str, Json]:
    """Return a stored hit with its article and every mention, and whether anybody was told."""
    return {
        "id": hit.id,
        "created_at": rfc3339(hit.created_at),
        "rule": rule_object(hit.rule_id, hit.rule_name),
        "article": article_object(hit.article),
        "matches": [match_object(match) for match in hit.matches],
        "excerpt": hit.excerpt,
        "alerted": hit.alerted,
        "channels": hit.channels,
        "reached": hit.reached,
        "story": {"id": hit.story_id},
        "handling": handling_object(hit.handling),
        "feedback": None if hit.feedback is None else hit.feedback.value,
    }


def handling_object(handling: Handling) -> dict[str, Json]:
    """Return what people have made of a hit or a story; `at` is null and all else empty while nobody has said anything."""
    return {
        "state": handling.state.value,
        "owner": handling.owner,
        "note": handling.note,
        "author": handling.author,
        "at": None if handling.at is None else rfc3339(handling.at),
        "of": "story" if handling.of_story else "hit",
    }


def feedback_object(said: Feedback) -> dict[str, Json]:
    """Return what somebody said of a hit: whether it was meant, or `none` where that was taken back."""
    return {"feedback": said.relevance.value, "note": said.note, "author": said.author, "at": rfc3339(said.at)}
