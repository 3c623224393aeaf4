"""Slack, incoming webhooks (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).

Everything a stranger wrote stands in rich text elements, which Slack never parses; only `text`, the fallback of
notifications, is markup and therefore escaped. Limits: 3,000 characters a block, 50 blocks.
"""

from __future__ import annotations

from monitor.channels.chat import Chat, Json, Shown, unpinged
from monitor.channels.words.card import shortened
from monitor.model.kind import KindSettings

_TITLE, _TEXT, _FALLBACK = 300, 2_000, 500


def write(shown: Shown) -> Json:
    """Return the request body."""
    card = shown.card
    title = shortened(card.title, _TITLE)
    heading: Json = (
        {"type": "link", "url": card.link, "text": title, "style": {"bold": True}}
        if card.link
        else {"type": "text", "text": title, "style": {"bold": True}}
    )
    passage: list[Json] = [
        {"type": "text", "text": piece, "style": {"bold": True}} if marked else {"type": "text", "text": piece}
        for piece, marked in card.runs(_TEXT)
    ]
    sections: list[list[Json]] = [
        [{"type": "text", "text": f"[{card.label}] "}, heading],
        passage,
        [{"type": "text", "text": card.footing(), "style": {"italic": True}}] if card.footing() else [],
    ]
    return {
        "text": _escaped(unpinged(shortened(f"[{card.label}] {card.title}", _FALLBACK))),
        "blocks": [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": section} for section in sections if section],
            }
        ],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _escaped(text: str) -> str:
    """Escape the three characters of Slack's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


KIND = Chat(write, settings=KindSettings(hosts=("hooks.slack.com",)))
