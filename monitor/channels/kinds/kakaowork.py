"""KakaoWork, incoming webhooks of a bot (https://docs.kakaoi.ai/kakao_work/blockkit): `text` for notifications, and blocks."""

from __future__ import annotations

from monitor.channels.chat import Chat, Json, Shown
from monitor.channels.words.card import shortened
from monitor.model.kind import KindSettings

_HEADER, _TITLE, _TEXT, _FOOTER = 20, 200, 480, 200


def write(shown: Shown) -> Json:
    """Return the request body. Text blocks are inline runs of plain style, so nothing is parsed; 500 characters each."""
    card = shown.card
    inlines: list[Json] = [
        {"type": "styled", "text": piece, "bold": marked} for piece, marked in card.runs(_TEXT) if piece
    ]
    title: Json = {"type": "styled", "text": shortened(card.title, _TITLE), "bold": True}
    blocks: list[Json] = [
        {"type": "header", "text": shortened(card.label, _HEADER), "style": "blue"},
        {"type": "text", "text": shortened(card.title, _TITLE), "inlines": [title]},
    ]
    if inlines:
        blocks.append({"type": "text", "text": card.passage(_TEXT), "inlines": inlines})
    if card.footing():
        footing = shortened(card.footing(), _FOOTER)
        blocks.append(
            {"type": "text", "text": footing, "inlines": [{"type": "styled", "text": footing, "color": "grey"}]}
        )
    if card.link:
        action: Json = {"type": "open_system_browser", "name": "open", "value": card.link}
        blocks.append({"type": "button", "text": "기사 보기", "style": "default", "action": action})
    return {"text": shortened(f"[{card.label}] {card.title}", _TITLE), "blocks": blocks}


KIND = Chat(
    write,
    settings=KindSettings(hosts=("api.kakaowork.com",), called=("kakao", "kakaotalk", "kakao-work")),
)
