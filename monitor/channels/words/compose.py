"""The body of a message, from the hits and events that it tells of. Pure.

One hit is a `hit.created`, or a `story.escalated` where its story was told before, one event a message of its own type (`source.broken`, `channel.disabled`); several together are
a `digest`, whose items are the bodies they would have had alone, without `version` and `seq` (digest.schema.json).
"""

from __future__ import annotations

import json
from typing import Any, Final

from monitor.channels.words.article_notice import render_article_notice
from monitor.channels.words.count_notice import render_count_notice
from monitor.channels.words.notice import render_notice, render_operator
from monitor.channels.words.render import MAX_BODY, VERSION, render
from monitor.model.count_notice import CountNotice
from monitor.model.delivery import Matter, MessageContext, MessageDraft
from monitor.model.follow import ArticleNotice
from monitor.model.health import Notice
from monitor.model.operator import OperatorNotice
from monitor.model.policy import AT_ONCE
from monitor.present.moments import rfc3339
from monitor.present.shapes import Json

_SHED: Final = (
    (),
    ("matches",),
    ("matches", "excerpt", "story", "action", "also", "passages", "words", "escalation", "series"),
)
"""What items leave out, until all of them fit: every headline is worth more than the places in one text."""

MAX_LIST: Final = 400_000
"""Bytes of a body with more items than a webhook is sent at once: it is read here, for people, and a mail has room for every headline."""


def compose(message: MessageDraft, desk_url: str = "") -> bytes:
    """Return the JSON body (UTF-8, compact) of a message. Raises ValueError for a naive datetime.

    All hits of an article are one item. It has at most MAX_BODY bytes, or MAX_LIST where there are so many items that people
    alone read it: items of a digest tell less of themselves so that all of them fit; where even that is too much, the last are
    left out, and `total` counts them. With `desk_url` hits say where their page is.
    """
    matters = message.matters
    if len(matters) == 1:
        return _alone(matters[0], message, desk_url)
    items = [json.loads(_alone(matter, message, desk_url)) for matter in matters]
    for item in items:
        del item["version"], item["seq"]
    if len(items) > AT_ONCE.most:
        return _listed(message, items, MAX_LIST)
    for shed in _SHED:
        body = _digest(message, len(items), [_without(item, shed) for item in items])
        if len(body) <= MAX_BODY:
            return body
    return _listed(message, items, MAX_BODY)


def _listed(message: MessageDraft, items: list[dict[str, Any]], most: int) -> bytes:
    """Return a body of at most `most` bytes that has little more than the headline of each item."""
    bare = [_without(item, _SHED[-1]) for item in items]
    body = _digest(message, len(bare), bare)
    return body if len(body) <= most else _digest(message, len(bare), _fitting(message, bare, most))


def _fitting(message: MessageDraft, items: list[Json], most: int) -> list[Json]:
    """Return as many of the first items as a body can hold."""
    room, kept = most - len(_digest(message, len(items), [])), 0
    for item in items:
        room -= len(_encoded(item)) + 1
        if room < 0:
            break
        kept += 1
    return items[:kept]


def _digest(message: MessageDraft, total: int, items: list[Json]) -> bytes:
    body: dict[str, Json] = {
        "type": "digest",
        "version": VERSION,
        "timestamp": rfc3339(message.created_at),
        "seq": message.seq,
        "data": {"total": total, "items": items},
    }
    return _encoded(body)


def _encoded(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _without(item: dict[str, Any], shed: tuple[str, ...]) -> Json:
    """Return the body of an item without some keys of its data."""
    return item | {"data": {key: value for key, value in item["data"].items() if key not in shed}}


def _alone(matter: Matter, message: MessageDraft, desk_url: str) -> bytes:
    item, also = matter
    match item:
        case Notice():
            return render_notice(item, message.seq)
        case OperatorNotice():
            return render_operator(item, message.seq)
        case CountNotice():
            return render_count_notice(item, message.seq)
        case ArticleNotice():
            return render_article_notice(item, message.seq)
        case MessageContext():
            return render(item, message.seq, message.created_at, also, desk_url)
