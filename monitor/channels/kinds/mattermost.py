"""Mattermost, incoming webhooks (https://developers.mattermost.com/integrate/webhooks/incoming): Markdown, 16,383 runes."""

from __future__ import annotations

from monitor.channels.chat import Chat, Json, Shown, address, markdown, marked_up
from monitor.channels.words.card import shortened

_TITLE, _TEXT, _LABEL, _FOOTER = 300, 3_000, 120, 300


def write(shown: Shown) -> Json:
    """Return the request body. Escaping at most doubles a text, which leaves room within the limit."""
    card = shown.card
    title = markdown(shortened(card.title, _TITLE))
    lines = (
        f"**{markdown(shortened(card.label, _LABEL))}** {f'[{title}]({address(card.link)})' if card.link else title}",
        marked_up(card, _TEXT, markdown, ("**", "**")),
        markdown(shortened(card.footing(), _FOOTER)),
    )
    return {"text": "\n\n".join(line for line in lines if line)}


KIND = Chat(write)
