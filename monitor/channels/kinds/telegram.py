"""Telegram, Bot API sendMessage (https://core.telegram.org/bots/api#sendmessage).

`url` is `https://api.telegram.org/bot<token>/sendMessage`, `to` the chat. At most 4,096 characters after parsing. Should
Telegram not understand the markup, the next attempt is sent as plain text. A message is edited with editMessageText
(https://core.telegram.org/bots/api#editmessagetext).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from monitor.channels.chat import Chat, Json, Shown, marked_up, unpinged
from monitor.channels.editing import Change, Editing, inner, named
from monitor.channels.words.card import shortened
from monitor.model.delivery import Outcome, Verdict
from monitor.model.errors import InvalidValueError, MessageError
from monitor.model.kind import Complaint, KindSettings, OwnKey, Written, missing
from monitor.model.plan import Channel

_TITLE, _TEXT, _LABEL, _FOOTER = 300, 2_500, 120, 300
_SEND, _EDIT = "/sendMessage", "/editMessageText"
_SAME = "message is not modified"


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


def receipt(said: Mapping[str, Any]) -> str:
    """Return the chat and the number of the message that Telegram made, as two numbers; "" where it names none."""
    made = inner(said, "result")
    chat, number = named(inner(made, "chat").get("id"), r"-?\d{1,20}"), named(made.get("message_id"), r"\d{1,20}")
    return f"{chat} {number}" if chat and number else ""


def change(channel: Channel, receipt: str, body: Mapping[str, Any]) -> Change:
    """Return the request for an edit. A receipt names the chat as well: `to` may be another one by now."""
    chat, _, number = receipt.partition(" ")
    url = channel.url.removesuffix(_SEND) + _EDIT
    return Change(url, {**body, "chat_id": int(chat), "message_id": int(number)})


def meant(outcome: Outcome, said: Mapping[str, Any]) -> Outcome:
    """Return an edit that changes nothing as one that was made: the message shows what it should."""
    same = outcome.verdict is Verdict.REJECTED and _SAME in str(said.get("description", ""))
    return replace(outcome, verdict=Verdict.DELIVERED) if same else outcome


SETTINGS = KindSettings(keys=(OwnKey("to", chat_name),), check=check, hosts=("api.telegram.org",))
EDITING = Editing(receipt, change, open_to=lambda channel: channel.url.endswith(_SEND))
KIND = Chat(write, waits_within="parameters", settings=SETTINGS, editing=EDITING, meant=meant)
