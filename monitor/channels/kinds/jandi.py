"""Jandi, incoming webhooks (https://support.jandi.com): `body` in a little Markdown, and one piece of `connectInfo`."""

from __future__ import annotations

from monitor.channels.chat import Chat, Json, Shown, address, markdown, unpinged
from monitor.channels.words.card import shortened
from monitor.model.kind import KindSettings

_TITLE, _TEXT, _LABEL, _FOOTER = 300, 2_000, 120, 300


def write(shown: Shown) -> Json:
    """Return the request body."""
    card = shown.card
    title = markdown(shortened(card.title, _TITLE))
    heading = f"[{title}]({address(card.link)})" if card.link else title
    lines = (card.passage(_TEXT), shortened(card.footing(), _FOOTER))
    info: Json = {
        "title": unpinged(shortened(card.label, _LABEL)),
        "description": unpinged("\n".join(line for line in lines if line)),
    }
    return {"body": heading, "connectColor": "#2f6fdb", "connectInfo": [info]}


KIND = Chat(
    write,
    headers={"accept": "application/vnd.tosslab.jandi-v2+json"},
    settings=KindSettings(hosts=("wh.jandi.com",)),
)
