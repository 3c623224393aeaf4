"""The body of a message, from the hits and events that it tells of. Pure.

One hit is a `hit.created`, one event a message of its own type (`source.broken`, `channel.disabled`); several together are
a `digest`, whose items are the bodies they would have had alone, without `version` and `seq` (digest.schema.json).
"""

from __future__ import annotations

import json
from typing import Any, Final

from monitor.channels.words.notice import render_notice, render_operator
from monitor.channels.words.render import MAX_BODY, VERSION, render
from monitor.model.delivery import Item, MessageContext, MessageDraft
from monitor.model.health import Notice
from monitor.model.operator import OperatorNotice
from monitor.present.moments import rfc3339
from monitor.present.shapes import Json

_SHED: Final = ((), ("matches",), ("matches", "excerpt", "story", "action"))
"""What items leave out, until all of them fit: every headline is worth more than the places in one text."""


def compose(message: MessageDraft) -> bytes:
    """Return the JSON body (UTF-8, compact) of a message. Raises ValueError for a naive datetime.

    It has at most MAX_BODY bytes: items of a digest tell less of themselves so that all of them fit; where even that is
    too much, the last are left out, and `total` counts them.
    """
    if len(message.items) == 1:
        return _alone(message.items[0], message)
    items = [json.loads(_alone(item, message)) for item in message.items]
    for item in items:
        del item["version"], item["seq"]
    for shed in _SHED:
        body = _digest(message, [_without(item, shed) for item in items])
        if len(body) <= MAX_BODY:
            return body
    while len(body) > MAX_BODY:
        items.pop()
        body = _digest(message, [_without(item, _SHED[-1]) for item in items])
    return body


def _digest(message: MessageDraft, items: list[Json]) -> bytes:
    body: dict[str, Json] = {
        "type": message.type,
        "version": VERSION,
        "timestamp": rfc3339(message.created_at),
        "seq": message.seq,
        "data": {"total": len(message.items), "items": items},
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _without(item: dict[str, Any], shed: tuple[str, ...]) -> Json:
    """Return the body of an item without some keys of its data."""
    return item | {"data": {key: value for key, value in item["data"].items() if key not in shed}}


def _alone(item: Item, message: MessageDraft) -> bytes:
    match item:
        case Notice():
            return render_notice(item, message.seq)
        case OperatorNotice():
            return render_operator(item, message.seq)
        case MessageContext():
            return render(item, message.seq, message.created_at)
