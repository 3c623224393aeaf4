"""Microsoft Teams, a Workflows address that takes Adaptive Cards (https://adaptivecards.io/explorer, version 1.4).

All text stands in rich text runs, which know no Markdown. A message may have about 28 kB.
"""

from __future__ import annotations

from monitor.channels.chat import Chat, Json, Shown
from monitor.channels.words.card import shortened
from monitor.model.kind import KindSettings

_TITLE, _TEXT, _LABEL, _FOOTER = 300, 3_000, 120, 300


def write(shown: Shown) -> Json:
    """Return the request body."""
    card = shown.card
    body: list[Json] = [
        _block(_run(shortened(card.label, _LABEL), isSubtle=True)),
        _block(_run(shortened(card.title, _TITLE), weight="Bolder", size="Medium")),
        _block(*(_run(piece, weight="Bolder") if marked else _run(piece) for piece, marked in card.runs(_TEXT))),
        _block(_run(shortened(card.footing(), _FOOTER), isSubtle=True, size="Small")),
    ]
    content: dict[str, Json] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [block for block in body if block],
    }
    if card.link:
        content["actions"] = [{"type": "Action.OpenUrl", "title": "기사 보기 / Open", "url": card.link}]
    attachment: Json = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    return {"type": "message", "attachments": [attachment]}


def _run(text: str, **style: Json) -> dict[str, Json]:
    return {"type": "TextRun", "text": text, **style}


def _block(*runs: dict[str, Json]) -> Json:
    """Return a paragraph, or None where there is nothing to say."""
    said: list[Json] = [run for run in runs if run["text"]]
    return {"type": "RichTextBlock", "inlines": said} if said else None


KIND = Chat(
    write,
    settings=KindSettings(
        hosts=("webhook.office.com", "outlook.office.com", "logic.azure.com", "powerplatform.com"),
        called=("msteams", "ms-teams", "microsoft"),
    ),
)
