"""Discord, webhooks (https://docs.discord.com/developers/resources/webhook).

One embed: title 256, description 4,096, footer 2,048, all together 6,000 characters. Nobody is mentioned whatever a
headline says. Discord asks that an address which answered 401, 403 or 404 is not used again.
It names the message that it made, and edits it under the webhook's own address
(https://docs.discord.com/developers/resources/webhook#edit-webhook-message).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from monitor.channels.chat import Chat, Json, Shown, markdown, marked_up, unpinged
from monitor.channels.editing import Change, Editing, named
from monitor.channels.words.card import shortened
from monitor.model.kind import KindSettings
from monitor.model.plan import Channel

_TITLE, _TEXT, _FOOTER, _CONTENT = 120, 1_500, 500, 200


def write(shown: Shown) -> Json:
    """Return the request body. Escaping at most doubles a text, so each limit is half of Discord's or less."""
    card = shown.card
    embed: dict[str, Json] = {
        "title": markdown(shortened(card.title, _TITLE)),
        "description": marked_up(card, _TEXT, markdown, ("**", "**")),
        "footer": {"text": unpinged(shortened(card.footing(), _FOOTER))},
    }
    if card.link:
        embed["url"] = card.link
    return {
        "content": markdown(shortened(card.label, _CONTENT)),
        "embeds": [embed],
        "allowed_mentions": {"parse": []},
    }


def address(channel: Channel) -> str:
    """Ask Discord to respond with the message it made, so that a 2xx means that it stands there."""
    parts = urlsplit(channel.url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | {"wait": "true"}
    return urlunsplit(parts._replace(query=urlencode(query)))


def change(channel: Channel, receipt: str, body: Mapping[str, Any]) -> Change:
    """Return the request for an edit: the webhook's address with the message's id, in the same thread."""
    parts = urlsplit(channel.url)
    query = {name: text for name, text in parse_qsl(parts.query, keep_blank_values=True) if name == "thread_id"}
    path = f"{parts.path.rstrip('/')}/messages/{receipt}"
    return Change(urlunsplit(parts._replace(path=path, query=urlencode(query))), body, "PATCH")


KIND = Chat(
    write,
    address,
    editing=Editing(lambda said: named(said.get("id"), r"\d{1,25}"), change),
    wait_header="x-ratelimit-reset-after",
    settings=KindSettings(hosts=("discord.com", "discordapp.com")),
)
