"""The body of a message, rendered once and frozen in the outbox. Pure.

A retry sends the same bytes, so its signature covers what was decided when the hit was stored, whatever the
configuration says by then. Shapes: `hit.created.schema.json` and `story.escalated.schema.json` in this package (type, timestamp and data as Standard
Webhooks 1.0 lays them out, plus `version` and `seq`, which has no gaps per channel, so that a receiver can prove that
nothing is missing).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from monitor.channels.words.visible import visible_line
from monitor.model.delivery import MessageContext
from monitor.model.escalation import Escalation, Outlet
from monitor.model.hit import Match
from monitor.model.records import ArticleRecord
from monitor.model.story import Act, Story, StoryLink
from monitor.present.moments import rfc3339
from monitor.present.shapes import Json, article_object, latency_object, match_object, rule_object, story_object

MAX_BODY = 20_000  # bytes; Standard Webhooks 1.0 advises to keep payloads under 20 kB
MAX_MATCHES = 50
VERSION = "1"
"""Of the shape of every body: a key that is named in a schema never changes its meaning under one version."""

# Code points. Together, at four bytes each, they leave room for at least one match within MAX_BODY.
_TITLE, _EXCERPT, _NAME, _URL = 300, 600, 120, 2000
_ID_BESIDE, _TITLE_BESIDE = 40, 80  # of a story beside the one that is told
_WORDS = 10  # of a further hit
_JOINED = 2_000  # bytes that name outlets
_ENVELOPE = 2  # bytes between two list items, and then some


def render(
    context: MessageContext,
    seq: int,
    made_at: datetime | None = None,
    also: Sequence[MessageContext] = (),
    desk_url: str = "",
) -> bytes:
    """Return the JSON body (UTF-8, compact) that announces one hit, as the `seq`-th message of its channel; at most MAX_BODY bytes.

    One that tells its story again is a `story.escalated`, which says beside it what is new.

    `made_at` is when the message is made; None: when it was decided to tell of the hit.
    `also` are further hits of the same article: each is told with its rule, the words that it found and their surroundings,
    as many as half of the body can hold; `rules_total` counts all rules. With `desk_url`, where people reach the pages, it says
    where that of the hit is.
    Matches are listed in order as far as MAX_MATCHES and the size allow; `matches_total` counts them all. Raises
    ValueError for a naive datetime: a message must not guess a zone.
    """
    data: dict[str, Json] = {
        "created_at": rfc3339(context.created_at),
        "rule": rule_object(visible_line(context.hit.rule_id, _NAME), visible_line(context.hit.rule_name, _NAME)),
        "article": _article(context),
        "matches": [],
        "matches_total": len(context.hit.matches),
        "excerpt": visible_line(context.hit.excerpt, _EXCERPT),
        "story": _story(context.story),
        "latency": latency_object(
            context.article.published_at,
            context.article.first_seen_at,
            context.created_at,
            made_at or context.created_at,
        ),
    }
    if desk_url:
        data["desk_url"] = f"{desk_url}/hits/{context.hit_id}"
    if context.escalation is not None:
        data["escalation"] = _escalation(context.escalation)
    body: dict[str, Json] = {
        "type": "hit.created" if context.escalation is None else "story.escalated",
        "version": VERSION,
        "timestamp": rfc3339(context.article.first_seen_at),  # of the event, as the specification says
        "seq": seq,
        "data": data,
    }
    if also:
        data["rules_total"] = 1 + len(also)
        data["also"] = _others(also, (MAX_BODY - len(_encode(body))) // 2)
    data["matches"] = _fitting(context.hit.matches, MAX_BODY - len(_encode(body)))
    return _encode(body)


def _article(context: MessageContext) -> dict[str, Json]:
    """Return the article as receivers see it: texts on one line, cut to what a message may hold."""
    article = context.article
    return article_object(
        ArticleRecord(
            id=context.article_id,
            url=shown_link(article.url),
            title=visible_line(article.title, _TITLE),
            source=visible_line(article.source_id, _NAME),
            author=visible_line(", ".join(article.authors), _NAME),
            published_at=article.published_at,
            first_seen_at=article.first_seen_at,
            source_name=visible_line(context.source_name, _NAME),
        )
    )


def _story(story: Story) -> dict[str, Json]:
    """Return the story that the article belongs to, with its counts at the moment of the hit and those that it is tied to."""
    continues = story.continues
    if continues is not None:
        continues = Act(before=_beside(continues.before), first=_beside(continues.first))
    shown = replace(
        story,
        id=visible_line(story.id, _NAME),
        title=visible_line(story.title, _TITLE),
        continues=continues,
        related=_beside(story.related) if story.related is not None else None,
    )
    return story_object(shown)


def _beside(story: StoryLink) -> StoryLink:
    return replace(story, id=visible_line(story.id, _ID_BESIDE), title=visible_line(story.title, _TITLE_BESIDE))


def _escalation(escalation: Escalation) -> dict[str, Json]:
    """Return why a story is told again, and what has become of it since it was told last."""
    joined: list[Json] = []
    room = _JOINED
    for one in escalation.joined:
        shown = _outlet(one)
        room -= len(_encode(shown)) + _ENVELOPE
        if room < 0:
            break
        joined.append(shown)
    return {
        "levels": list(escalation.levels),
        "first_told_at": rfc3339(escalation.first_at),
        "last_told_at": rfc3339(escalation.last_at),
        "before": {"articles": escalation.articles, "outlets": escalation.outlets},
        "joined": joined,
        "joined_total": escalation.joined_total,
        "first": None if escalation.first is None else _outlet(escalation.first),
    }


def _outlet(outlet: Outlet) -> dict[str, Json]:
    shown = _name(outlet.source_id)
    return {"source": shown, "source_name": _name(outlet.name) or shown, "since": rfc3339(outlet.since)}


def _name(text: str) -> str:
    return visible_line(text, _NAME)


def _fitting(matches: tuple[Match, ...], room: int) -> list[Json]:
    """Return the leading matches that fit into `room` bytes, at most MAX_MATCHES.

    Places stay those of the stored text, also where `surface` lost invisible characters.
    """
    listed: list[Json] = []
    for match in matches[:MAX_MATCHES]:
        item = match_object(match, _name)
        room -= len(_encode(item)) + _ENVELOPE
        if room < 0:
            break
        listed.append(item)
    return listed


def _others(also: Sequence[MessageContext], room: int) -> list[Json]:
    """Return the leading further hits that fit into `room` bytes."""
    listed: list[Json] = []
    for context in also:
        hit = context.hit
        words: list[Json] = list(dict.fromkeys(_name(match.surface) for match in hit.matches))
        item: Json = {
            "rule": rule_object(visible_line(hit.rule_id, _NAME), visible_line(hit.rule_name, _NAME)),
            "words": words[:_WORDS],
            "matches_total": len(hit.matches),
            "excerpt": visible_line(hit.excerpt, _EXCERPT),
        }
        room -= len(_encode(item)) + _ENVELOPE
        if room < 0:
            break
        listed.append(item)
    return listed


def shown_link(url: str) -> str:
    """Return the address if it is one to follow, else "". A cut address would lead elsewhere, so none is cut."""
    shown = visible_line(url, _URL + 1)
    return shown if len(shown) <= _URL and _is_web(shown) else ""


def _is_web(url: str) -> bool:
    """Return whether an address is http or https with a host; receivers turn it into a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _encode(value: Json) -> bytes:
    """Write JSON: compact, UTF-8, Korean left readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
