"""Google Chat, incoming webhooks with a card (https://developers.google.com/workspace/chat/api/reference/rest/v1/cards).

Text paragraphs know a little HTML, so everything is escaped; a message may have 32 kB.
"""

from __future__ import annotations

import html

from monitor.channels.chat import Chat, Json, Shown, marked_up
from monitor.channels.words.card import shortened
from monitor.model.kind import KindSettings

_TITLE, _TEXT, _LABEL, _FOOTER = 200, 3_000, 120, 300


def write(shown: Shown) -> Json:
    """Return the request body."""
    card = shown.card
    widgets: list[Json] = [
        {"textParagraph": {"text": text}}
        for text in (
            marked_up(card, _TEXT, html.escape, ("<b>", "</b>")),
            html.escape(shortened(card.footing(), _FOOTER)),
        )
        if text
    ]
    if card.link:
        opened: Json = {"text": "기사 보기 / Open", "onClick": {"openLink": {"url": card.link}}}
        widgets.append({"buttonList": {"buttons": [opened]}})
    header: Json = {"title": shortened(card.title, _TITLE), "subtitle": shortened(card.label, _LABEL)}
    content: Json = {"header": header, "sections": [{"widgets": widgets}]} if widgets else {"header": header}
    return {"cardsV2": [{"cardId": shown.delivery.id, "card": content}]}


KIND = Chat(
    write,
    settings=KindSettings(hosts=("chat.googleapis.com",), called=("gchat", "google", "google-chat", "google_chat")),
)
