"""ntfy, published as JSON (https://docs.ntfy.sh/publish/#publish-as-json): `url` is the topic's address.

A message may have 4,096 bytes; a longer one would arrive as an attachment.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit, urlunsplit

from monitor.channels.chat import Chat, Json, Shown
from monitor.channels.words.card import shortened
from monitor.model.errors import MessageError
from monitor.model.kind import KindSettings
from monitor.model.plan import Channel

_TITLE, _TEXT, _LABEL, _FOOTER = 200, 900, 60, 120


def write(shown: Shown) -> Json:
    """Return the request body. ntfy shows plain text: nothing needs escaping. Raises MessageError without a topic."""
    card = shown.card
    topic = unquote(urlsplit(shown.channel.url).path.rpartition("/")[2])
    if not topic:
        raise MessageError("the URL names no topic")
    lines = (card.passage(_TEXT), shortened(card.footing(), _FOOTER))
    body: dict[str, Json] = {
        "topic": topic,
        "title": f"[{shortened(card.label, _LABEL)}] {shortened(card.title, _TITLE)}",
        "message": "\n".join(line for line in lines if line) or card.title,
    }
    return body | {"click": card.link} if card.link else body


def address(channel: Channel) -> str:
    """Return the server's root, where JSON is published; the topic goes into the body."""
    parts = urlsplit(channel.url)
    return urlunsplit(parts._replace(path=parts.path.rpartition("/")[0] + "/"))


KIND = Chat(write, address, settings=KindSettings(hosts=("ntfy.sh",)))
