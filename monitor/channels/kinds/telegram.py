"""Telegram, Bot API sendMessage (https://core.telegram.org/bots/api#sendmessage).

`url` is `https://api.telegram.org/bot<token>/sendMessage`, `to` the chat. At most 4,096 characters after parsing. Should
Telegram not understand the markup, the next attempt is sent as plain text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from monitor.channels.chat import Chat, Json, Shown, marked_up, unpinged
from monitor.channels.words.card import shortened
from monitor.model.errors import InvalidValueError, MessageError
from monitor.model.kind import Complaint, KindSettings, OwnKey, Written, missing

_TITLE, _TEXT, _LABEL, _FOOTER = 300, 2_500, 120, 300


def write(shown: Shown) -> Json:
    """Return the request body. Raises MessageError for a channel without `to`."""
    chat = shown.channel.option("to")
    if not chat:
        raise MessageError("the channel has no `to`: which chat?")
    card = shown.card
    title, label = shortened(card.title, _TITLE), shortened(card.label, _LABEL)
    footer = shortened(card.footing(), _FOOTER)
    body: dict[str, Json] = {"chat_id": chat, "link_preview_options": {"is_disabled": True}}
    if shown.delivery.attempt > 1:
        said = (f"[{label}] {title}", card.passage(_TEXT), footer, card.link)
        return body | {"text": "\n".join(unpinged(line) for line in said if line)}
    heading = f'<a href="{html.escape(card.link)}">{_escaped(title)}</a>' if card.link else _escaped(title)
    passage = marked_up(card, _TEXT, _escaped, ("<b>", "</b>"))
    lines = (f"<b>{_escaped(label)}</b> {heading}", passage, f"<i>{_escaped(footer)}</i>" if footer else "")
    return body | {"text": "\n".join(line for line in lines if line), "parse_mode": "HTML"}


def _escaped(text: str) -> str:
    return html.escape(unpinged(text), quote=False)


def chat_name(text: str) -> str:
    """Return the number or the @name of a chat as it is. Raises InvalidValueError."""
    if not re.fullmatch(r"-?[0-9]{1,20}|@[A-Za-z0-9_]{1,64}", text):
        raise InvalidValueError("must be the number of a chat in quotation marks, or @name of a public channel")
    return text


def check(written: Written) -> Iterator[Complaint]:
    """Complain of a channel that has an address and no chat."""
    if written.urls and not written.given("to"):
        yield missing(written, "to", "the number of the chat, or @name of a public channel")


SETTINGS = KindSettings(keys=(OwnKey("to", chat_name),), check=check, hosts=("api.telegram.org",))
KIND = Chat(write, waits_within="parameters", settings=SETTINGS)
