"""Mattermost, incoming webhooks (https://developers.mattermost.com/integrate/webhooks/incoming), or a bot: Markdown, 16,383 runes.

A bot's `url` is `https://<server>/api/v4/posts`, `to` the id of the channel. It alone can edit
(https://docs.mattermost.com/api/reference/patch-post): a webhook names no message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from monitor.channels.chat import TOKEN, Chat, Json, Shown, address, markdown, marked_up
from monitor.channels.editing import Change, Editing, named
from monitor.channels.words.card import shortened
from monitor.model.errors import InvalidValueError, MessageError
from monitor.model.kind import NEEDS, Complaint, KindSettings, OwnKey, Written, missing
from monitor.model.plan import Channel

_TITLE, _TEXT, _LABEL, _FOOTER = 300, 3_000, 120, 300
_POSTS = "/api/v4/posts"
_ID = r"[a-z0-9]{26}"


def write(shown: Shown) -> Json:
    """Return the request body. Escaping at most doubles a text, which leaves room within the limit.

    Raises MessageError for a bot without `to`.
    """
    card = shown.card
    title = markdown(shortened(card.title, _TITLE))
    lines = (
        f"**{markdown(shortened(card.label, _LABEL))}** {f'[{title}]({address(card.link)})' if card.link else title}",
        marked_up(card, _TEXT, markdown, ("**", "**")),
        markdown(shortened(card.footing(), _FOOTER)),
    )
    text = "\n\n".join(line for line in lines if line)
    if not shown.channel.option(TOKEN):
        return {"text": text}
    if not shown.channel.option("to"):
        raise MessageError("the channel has no `to`: which channel?")
    return {"channel_id": shown.channel.option("to"), "message": text}


def change(channel: Channel, receipt: str, body: Mapping[str, Any]) -> Change:
    """Return the request for an edit: nothing but the text is another."""
    return Change(f"{channel.url.rstrip('/')}/{receipt}/patch", {"message": body.get("message", "")}, "PUT")


def channel_id(text: str) -> str:
    """Return the id of a channel as it is. Raises InvalidValueError."""
    if not re.fullmatch(_ID, text):
        raise InvalidValueError(
            "must be the id of a channel, 26 small letters and digits (View Info in the channel's menu)"
        )
    return text


def bot_token(text: str) -> str:
    """Return a bot's token as it is. Raises InvalidValueError, which never quotes it."""
    if not re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", text):
        raise InvalidValueError("must be the token of a bot account, one word")
    return text


def check(written: Written) -> Iterator[Complaint]:
    """Complain of a bot without a channel, of a channel without a bot, and of an address that is not that of the one or the other."""
    if not written.urls:
        return
    with_token = bool(written.given(TOKEN))
    is_api = [urlsplit(url).path.rstrip("/").endswith(_POSTS) for url in written.urls]
    if with_token and not written.given("to"):
        yield missing(written, "to", "the id of the channel")
    if not with_token and (written.given("to") or any(is_api)):
        yield missing(written, TOKEN, "the token of a bot account; an incoming webhook has neither `token` nor `to`")
    if with_token and not all(is_api):
        shape = "https://SERVER/api/v4/posts; an incoming webhook needs no `token`"
        yield Complaint("url", "a bot's messages do not go to this address", shape, NEEDS)


SETTINGS: Final = KindSettings(
    keys=(OwnKey(TOKEN, bot_token, longest=500, private=True, from_file=True), OwnKey("to", channel_id)), check=check
)
EDITING: Final = Editing(
    lambda said: named(said.get("id"), _ID),
    change,
    open_to=lambda channel: bool(channel.option(TOKEN)) and channel.url.rstrip("/").endswith(_POSTS),
)
KIND = Chat(write, settings=SETTINGS, editing=EDITING)
