"""Frozen body -> what a person is shown of it, in their language and zone. Pure.

The outbox keeps one body for every kind of channel. People get a card made of it when it is sent, so a retry
shows the same words, and a message that was stored for one service can still be read by another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.channels.words.card import MOST_MARKS, Card, shortened
from monitor.model.errors import MessageError
from monitor.model.plan import Lang

_WORDS: Final[Mapping[Lang, Mapping[str, str]]] = {
    "ko": {
        "source.broken": "수집 이상",
        "source.recovered": "수집 정상화",
        "article.changed": "기사 수정",
        "article.removed": "기사 삭제",
        "count.frequency": "건수",
        "count.spike": "급증",
        "count.flatline": "소식 끊김",
        "count.new_term": "새로 나온 말",
        "term": "{}: {}",
        "before": "이전 제목: {}",
        "channel.disabled": "채널 중지",
        "channel.enabled": "채널 재개",
        "digest.empty": "모아보기",
        "test": "시험",
        "heartbeat": "정상 작동",
        "alert.repeated": "재알림 (미확인)",
        "outbox.late": "전송 지연",
        "outbox.drained": "전송 지연 해소",
        "disk.low": "디스크 부족",
        "disk.recovered": "디스크 여유",
        "database.recovered": "데이터베이스 복구",
        "desk": "처리: {}",
        "sources": "소스 {}개",
        "alerts": "알림 {}건",
        "more": "외 {}건",
        "story": "같은 사건 {total}건 · 매체 {outlets}곳",
        "story.one": "같은 사건 {total}건 · 매체 1곳",
        "act": "새 국면: {}",
        "related": "관련: {} ({} 첫 보도)",
        "outlets": "{}개 매체 보도",
        "burst": "빠르게 확산",
        "major": "주요 매체 보도",
        "joined": "첫 알림 {}, 지난 알림 뒤 새로 보도: {}",
        "others": "외 {}곳",
        "nobody": "첫 알림 {}, 지난 알림 뒤 새로 보도한 매체 없음",
        "was": "원인: {}",
        "since": "{}부터",
        "hours": "{}시간 {}분 동안",
        "minutes": "{}분 동안",
    },
    "en": {
        "source.broken": "source broken",
        "source.recovered": "source recovered",
        "article.changed": "article changed",
        "article.removed": "article removed",
        "count.frequency": "count",
        "count.spike": "spike",
        "count.flatline": "silence",
        "count.new_term": "new term",
        "term": "{}: {}",
        "before": "was: {}",
        "channel.disabled": "channel shut",
        "channel.enabled": "channel open again",
        "digest.empty": "digest",
        "test": "test",
        "heartbeat": "running",
        "alert.repeated": "not acknowledged",
        "outbox.late": "delivery late",
        "outbox.drained": "delivery caught up",
        "disk.low": "disk nearly full",
        "disk.recovered": "disk has room again",
        "database.recovered": "database takes writes again",
        "desk": "handle: {}",
        "sources": "{} sources",
        "alerts": "{} alerts",
        "more": "+{} more",
        "story": "+{others} of the same story, {outlets} outlets",
        "story.one": "+{others} of the same story, 1 outlet",
        "act": "new act of: {}",
        "related": "related: {} (first at {})",
        "outlets": "in {} outlets",
        "burst": "spreading fast",
        "major": "in a major outlet",
        "joined": "first told {}; new since the last alert: {}",
        "others": "{} more",
        "nobody": "first told {}; no new outlet since the last alert",
        "was": "was: {}",
        "since": "since {}",
        "hours": "for {} h {} min",
        "minutes": "for {} min",
    },
}
_TITLE_IN_LIST: Final = 120  # characters of a headline among others
_TITLE_BESIDE: Final = 60  # of one beside the article that is told
_SIDES: Final = (("removed", "−"), ("added", "+"))
_APART: Final = " ⋯ "


def read_card(body: bytes, zone: str, lang: Lang = "ko") -> Card:
    """Read a frozen body; times are shown in the IANA zone `zone`. Raises MessageError for what is no message of ours."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise MessageError("the message is no JSON") from None
    if not isinstance(message, dict) or not isinstance(message.get("data"), dict):
        raise MessageError("the message is none of ours")
    return _Edition(ZoneInfo(zone), lang, _WORDS[lang]).card(str(message.get("type", "")), message)


@dataclass(frozen=True, slots=True)
class _Edition:
    """What one reader is shown."""

    zone: ZoneInfo
    lang: Lang
    words: Mapping[str, str]

    def card(self, kind: str, message: dict[str, Any]) -> Card:
        data = message["data"]
        if kind in {"digest", "hit.created", "story.escalated"}:
            return self.digest(data) if kind == "digest" else self.hit(data)
        if kind in {"source.broken", "source.recovered"}:
            return self.source(kind, data)
        if kind in {"article.changed", "article.removed"}:
            return self.article(kind, data)
        if kind.startswith("count.") and "counted" in data:
            return self.count(kind, data)
        if isinstance(data.get("summary"), dict):
            return self.operator(kind, data)
        return Card(kind or "monitor", str(message.get("timestamp", "")), text=json.dumps(data, ensure_ascii=False))

    def hit(self, data: dict[str, Any]) -> Card:
        """Return the card of an article: every rule that it met, and the surroundings of what each found."""
        article, also = data["article"], data.get("also", ())
        marks = [str(match["surface"]) for match in data.get("matches", ())]
        marks += [str(word) for one in also for word in one["words"]]
        names = [str(data["rule"]["name"]), *(str(one["rule"]["name"]) for one in also)]
        unlisted = data.get("rules_total", len(names)) - len(names)
        new = data.get("escalation")
        label = ", ".join(names) + (f", +{unlisted}" if unlisted > 0 else "")
        return Card(
            label=f"{label} · {self.levels(new['levels'])}" if new else label,
            title=str(article["title"]) or str(article["url"]),
            link=str(article["url"]),
            text=_together(
                [
                    self.joined(new) if new else "",
                    str(data.get("excerpt", "")),
                    *(str(one["excerpt"]) for one in also),
                ]
            ),
            marks=tuple(dict.fromkeys(marks))[:MOST_MARKS],
            facts=(
                str(article.get("source_name") or article["source"]),
                self.moment(article.get("published_at") or article["first_seen_at"]),
                self.words["desk"].format(data["desk_url"]) if "desk_url" in data else "",
                self.tie(data.get("story", {})),
                str(article["author"]),
                self.size(data.get("story", {})),
            ),
        )

    def size(self, story: dict[str, Any]) -> str:
        """Return how many articles and outlets tell the story; of one that this article alone tells nothing."""
        total, outlets = story.get("articles", 1), story.get("outlets", 1)
        word = self.words["story.one" if outlets == 1 else "story"]
        return word.format(total=total, others=total - 1, outlets=outlets) if total > 1 else ""

    def tie(self, story: dict[str, Any]) -> str:
        """Return what the story continues, by the headline of its first act, or what it is related to and since when."""
        if "continues" in story:
            return self.words["act"].format(shortened(str(story["continues"]["first"]["title"]), _TITLE_BESIDE))
        if "related" in story:
            near = story["related"]
            first = datetime.fromisoformat(near["first_seen_at"]).astimezone(self.zone)
            return self.words["related"].format(shortened(str(near["title"]), _TITLE_BESIDE), f"{first:%H:%M}")
        return ""

    def article(self, kind: str, data: dict[str, Any]) -> Card:
        """Return the card of what became of an article: its headline before, passages that are gone (−) and new ones (+)."""
        article, headline, passages = data["article"], data.get("headline"), data.get("passages", {})
        names = [str(data["rule"]["name"]), *(str(one["rule"]["name"]) for one in data.get("also", ()))]
        said = [self.words["before"].format(headline["before"])] if headline else []
        said += [f"{sign} {one}" for key, sign in _SIDES for one in passages.get(key, ())]
        return Card(
            label=f"{self.words[kind]}: {', '.join(names)}",
            title=str(article["title"]) or str(article["url"]),
            link=str(article["url"]),
            text=_APART.join(said) or self.said(data, "summary"),
            marks=tuple(str(word) for word in data.get("words", ()))[:MOST_MARKS],
            facts=(
                str(article.get("source_name") or article["source"]),
                self.moment(article.get("published_at") or article["first_seen_at"]),
                str(article["author"]),
            ),
        )

    def count(self, kind: str, data: dict[str, Any]) -> Card:
        """Return the card of a count: what was counted, its last hours as a plot, and of new terms who uses them and where."""
        articles = [(one["term"], one["articles"]) for one in data.get("terms", ())]
        lines = tuple(
            self.words["term"].format(term, ", ".join(str(of["source_name"] or of["source"]) for of in found))
            + (f" — {shortened(str(found[0]['title']), _TITLE_BESIDE)}" if found else "")
            for term, found in articles
        )
        links = tuple(str(found[0]["url"]) if found else "" for _, found in articles)
        return Card(
            label=f"{data['rule']['name']} · {self.words.get(kind, kind)}",
            title=self.said(data, "summary"),
            link=next(iter(filter(None, links)), ""),
            text=str(data.get("series", {}).get("plot", "")),
            facts=(self.moment(data["created_at"]),),
            lines=lines,
            links=links,
            more=self.words["more"],
        )

    def levels(self, levels: Sequence[str]) -> str:
        """Return why a story is told again: that of several numbers of outlets which is the greatest, and what else there is."""
        numbers = [int(level.partition(":")[2]) for level in levels if level.startswith("outlets:")]
        said = [self.words["outlets"].format(max(numbers))] if numbers else []
        return ", ".join([*said, *(self.words[level] for level in ("burst", "major") if level in levels)])

    def joined(self, new: dict[str, Any]) -> str:
        """Return which outlets have taken a story up since it was told last."""
        first = self.moment(new["first_told_at"])
        names = [str(one["source_name"]) for one in new["joined"]]
        more = new["joined_total"] - len(names)
        names += [self.words["others"].format(more)] if names and more > 0 else []
        return self.words["joined"].format(first, ", ".join(names)) if names else self.words["nobody"].format(first)

    def source(self, kind: str, data: dict[str, Any]) -> Card:
        """Return the card of a source that broke, with what to do, or recovered, with what it was."""
        whose = data.get("source")
        broken = kind == "source.broken"
        said = " ".join(self.said(data, key) for key in (("summary", "action") if broken else ("summary",)))
        return Card(
            label=self.words[kind],
            title=str(whose["name"] or whose["id"]) if whose else self.words["sources"].format(data["sources"]),
            text=said if broken else self.words["was"].format(said),
            facts=(
                self.words["since"].format(self.moment(data["since"])),
                "" if broken else self.lasted(data.get("lasted_seconds", 0)),
            ),
        )

    def operator(self, kind: str, data: dict[str, Any]) -> Card:
        """Return the card of an event of the line itself: what happened, and what to do."""
        return Card(self.words.get(kind, kind), self.said(data, "summary"), text=self.said(data, "action"))

    def digest(self, data: dict[str, Any]) -> Card:
        """Return one card for several things: the headline of each, behind why it is shown."""
        cards = [self.card(item["type"], item) for item in data["items"]]
        return Card(
            label=self.words["alerts"].format(data["total"]),
            title=cards[0].title,
            link=cards[0].link,
            lines=tuple(f"[{card.label}] {shortened(card.title, _TITLE_IN_LIST)}" for card in cards),
            links=tuple(card.link for card in cards),
            left=data["total"] - len(cards),
            more=self.words["more"],
        )

    def said(self, data: dict[str, Any], key: str) -> str:
        """Return what is said in the reader's language; a digest of many leaves out what to do."""
        words = data.get(key)
        return str(words.get(self.lang, "")) if isinstance(words, dict) else ""

    def lasted(self, seconds: int) -> str:
        """Return how long an alarm stood, to the minute."""
        hours, minutes = divmod(max(1, round(seconds / 60)), 60)
        return self.words["hours"].format(hours, minutes) if hours else self.words["minutes"].format(minutes)

    def moment(self, text: str) -> str:
        """Write a moment in the reader's zone: 2026-11-24 09:28 KST."""
        moment = datetime.fromisoformat(text).astimezone(self.zone)
        name = moment.tzname() or ""
        return f"{moment:%Y-%m-%d %H:%M} {name if name.isalpha() else f'UTC{name}'}"


def _together(excerpts: list[str]) -> str:
    """Return passages one behind the other, without those that an earlier one holds."""
    kept: list[str] = []
    for excerpt in excerpts:
        if excerpt and not any(excerpt.strip("…") in known for known in kept):
            kept.append(excerpt)
    return _APART.join(kept)
