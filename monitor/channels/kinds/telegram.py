"""Telegram, Bot API sendMessage (https://core.telegram.org/bots/api#sendmessage).

`url` is `https://api.telegram.org/bot<token>/sendMessage`, `to` the chat. At most 4,096 characters after parsing. Should
Telegram not understand the markup, the next attempt is sent as plain text.
"""

from __future__ import annotations

import html

from monitor.channels.card import shortened
from monitor.channels.chat import Chat, Json, Shown, marked_up, unpinged
from monitor.model.errors import MessageError

_TITLE, _TEXT, _LABEL, _FOOTER = 300, 2_500, 120, 300


def write(shown: Shown) -> Json:
    """Return the request body. Raises MessageError for a channel without `to`."""
    if not shown.channel.to:
        raise MessageError("the channel has no `to`: which chat?")
    card = shown.card
    title, label = shortened(card.title, _TITLE), shortened(card.label, _LABEL)
    footer = shortened(card.footing(), _FOOTER)
    body: dict[str, Json] = {"chat_id": shown.channel.to, "link_preview_options": {"is_disabled": True}}
    if shown.delivery.attempt > 1:
        said = (f"[{label}] {title}", shortened(card.text, _TEXT), footer, card.link)
        return body | {"text": "\n".join(unpinged(line) for line in said if line)}
    heading = f'<a href="{html.escape(card.link)}">{_escaped(title)}</a>' if card.link else _escaped(title)
    passage = marked_up(card, _TEXT, _escaped, ("<b>", "</b>"))
    lines = (f"<b>{_escaped(label)}</b> {heading}", passage, f"<i>{_escaped(footer)}</i>" if footer else "")
    return body | {"text": "\n".join(line for line in lines if line), "parse_mode": "HTML"}


def _escaped(text: str) -> str:
    return html.escape(unpinged(text), quote=False)


KIND = Chat(write, gone=frozenset({401, 403, 410}))
