"""Dooray! Messenger, incoming webhooks (https://helpdesk.dooray.com): plain text and one attachment, about 4,000 characters."""

from __future__ import annotations

from monitor.channels.chat import Chat, Json, Shown, unpinged
from monitor.channels.words.card import shortened
from monitor.model.kind import KindSettings

_TITLE, _TEXT, _LABEL, _FOOTER = 300, 2_000, 120, 300


def write(shown: Shown) -> Json:
    """Return the request body."""
    card = shown.card
    lines = (card.passage(_TEXT), shortened(card.footing(), _FOOTER))
    attachment: dict[str, Json] = {
        "title": unpinged(shortened(card.title, _TITLE)),
        "text": unpinged("\n".join(line for line in lines if line)),
        "color": "blue",
    }
    if card.link:
        attachment["titleLink"] = card.link
    return {"botName": "monitor", "text": unpinged(shortened(card.label, _LABEL)), "attachments": [attachment]}


KIND = Chat(write, settings=KindSettings(hosts=("hook.dooray.com",)))
