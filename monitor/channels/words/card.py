"""What a person is shown of a message, read back from its frozen body. Pure.

The outbox keeps one body for every kind of channel. Chat services get a card made of it when it is sent, so a retry
shows the same words, and a message that was stored for one service can still be read by another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.channels.words.visible import cut
from monitor.model.errors import MessageError

_MOST_MARKS: Final = 20
_OPERATOR: Final = {
    "channel.disabled": "channel shut / 채널 중지",
    "channel.enabled": "channel open again / 채널 재개",
    "test": "test / 시험",
    "heartbeat": "running / 정상 작동",
    "outbox.late": "delivery late / 전송 지연",
    "outbox.drained": "delivery caught up / 전송 지연 해소",
    "disk.low": "disk nearly full / 디스크 부족",
    "disk.recovered": "disk has room again / 디스크 여유",
    "database.recovered": "database takes writes again / 데이터베이스 복구",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One message for people. All texts are plain, on one line each, and partly written by strangers.

    `label` says why it is shown (the rule's name, or that a source broke), `title` what it is about, `link` is an http(s)
    address or "". `text` is the passage, `marks` the words in it to be set off. `facts` are outlet, time and author.
    """

    label: str
    title: str
    link: str = ""
    text: str = ""
    marks: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()

    def runs(self, limit: int) -> Iterator[tuple[str, bool]]:
        """Yield the first `limit` characters of `text` in pieces, each with whether it is to be set off.

        Only so many places are set off: each costs a service's limit more than its letters.
        """
        text = shortened(self.text, limit)
        wanted = "|".join(re.escape(mark) for mark in sorted(self.marks, key=len, reverse=True) if mark)
        at = 0
        for found in islice(re.finditer(wanted, text), _MOST_MARKS) if wanted else ():
            if found.start() > at:
                yield text[at : found.start()], False
            yield found[0], True
            at = found.end()
        if at < len(text):
            yield text[at:], False

    def footing(self) -> str:
        """Return the facts on one line."""
        return " · ".join(fact for fact in self.facts if fact)


def read_card(body: bytes, zone: str) -> Card:
    """Read a frozen body; times are shown in the IANA zone `zone`. Raises MessageError for what is no message of ours."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise MessageError("the message is no JSON") from None
    if not isinstance(message, dict) or not isinstance(message.get("data"), dict):
        raise MessageError("the message is none of ours")
    kind, data = str(message.get("type", "")), message["data"]
    if kind == "digest":
        return _digest(data, ZoneInfo(zone))
    if (kind in _OPERATOR and "summary" in data) or kind in {"hit.created", "source.broken", "source.recovered"}:
        return _item(kind, data, ZoneInfo(zone))
    return Card(kind or "monitor", str(message.get("timestamp", "")), text=json.dumps(data, ensure_ascii=False))


def _item(kind: str, data: dict[str, Any], zone: ZoneInfo) -> Card:
    """Return the card of one hit or event."""
    if kind == "hit.created":
        return _hit(data, zone)
    return _operator(kind, data) if kind in _OPERATOR else _source(kind, data, zone)


def shortened(text: str, limit: int) -> str:
    """Return at most `limit` characters; what is cut off is counted, and no drawn character is cut in two.

    >>> shortened("가나다라마바사아자차카타파하", 12)
    '가나다라 …(+10자)'
    """
    if len(text) <= limit:
        return text
    room = limit - len(f" …(+{len(text)}자)")
    if room < 1:
        return cut(text, limit)
    kept = cut(text, room).rstrip()
    return f"{kept} …(+{len(text) - len(kept)}자)"


def _hit(data: dict[str, Any], zone: ZoneInfo) -> Card:
    article = data["article"]
    marks = dict.fromkeys(str(match["surface"]) for match in data.get("matches", ()))
    shown_at = _moment(article.get("published_at") or article["first_seen_at"], zone)
    others = data["story"]["articles"] - 1 if "story" in data else 0
    return Card(
        label=str(data["rule"]["name"]),
        title=str(article["title"]) or str(article["url"]),
        link=str(article["url"]),
        text=str(data.get("excerpt", "")),
        marks=tuple(marks)[:_MOST_MARKS],
        facts=(
            str(article.get("source_name") or article["source"]),
            shown_at,
            str(article["author"]),
            f"+{others} more" if others > 0 else "",
        ),
    )


def _source(kind: str, data: dict[str, Any], zone: ZoneInfo) -> Card:
    name = (
        str(data["source"]["name"] or data["source"]["id"])
        if data.get("source")
        else f"{data['sources']} sources / 소스 {data['sources']}개"
    )
    broken = kind == "source.broken"
    parts = [data[key] for key in (("summary", "action") if broken else ("summary",)) if key in data]
    return Card(
        label="source broken / 수집 이상" if broken else "source recovered / 수집 정상화",
        title=name,
        text=("" if broken else "was / 원인: ") + " ".join(f"{part['ko']} / {part['en']}" for part in parts),
        facts=(f"since {_moment(data['since'], zone)}", "" if broken else _lasted(data.get("lasted_seconds", 0))),
    )


def _operator(kind: str, data: dict[str, Any]) -> Card:
    """Return the card of an event of the line itself: what happened, and what to do."""
    summary, action = data["summary"], data.get("action", {})  # a digest of many leaves out what to do
    text = f"{action['ko']} / {action['en']}" if action.get("ko") else ""
    return Card(_OPERATOR[kind], f"{summary['ko']} / {summary['en']}", text=text)


def _lasted(seconds: int) -> str:
    """Return how long an alarm stood, to the minute: for 2 h 13 min / 2시간 13분."""
    hours, minutes = divmod(max(1, round(seconds / 60)), 60)
    english = f"{hours} h {minutes} min" if hours else f"{minutes} min"
    korean = f"{hours}시간 {minutes}분" if hours else f"{minutes}분"
    return f"for {english} / {korean}"


def _digest(data: dict[str, Any], zone: ZoneInfo) -> Card:
    """Return one card for several messages: the headline of each, behind why it is shown."""
    cards = [_item(item["type"], item["data"], zone) for item in data["items"]]
    left = data["total"] - len(cards)
    lines = [f"[{card.label}] {card.title}" for card in cards] + ([f"+{left} more / 외 {left}건"] if left > 0 else [])
    return Card(f"{data['total']} alerts / 알림 {data['total']}건", cards[0].title, cards[0].link, " · ".join(lines))


def _moment(text: str, zone: ZoneInfo) -> str:
    """Write a moment in the reader's zone: 2026-11-24 09:28 KST."""
    moment = datetime.fromisoformat(text).astimezone(zone)
    name = moment.tzname() or ""
    return f"{moment:%Y-%m-%d %H:%M} {name if name.isalpha() else f'UTC{name}'}"
