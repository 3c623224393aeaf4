"""What became of an article that was told, as the JSON body that tells it: `article.changed`, `article.removed`. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from monitor.channels.words.render import MAX_BODY, VERSION, shown_link
from monitor.channels.words.visible import visible_line
from monitor.model.follow import REMOVED, ArticleNotice
from monitor.present.moments import rfc3339
from monitor.present.shapes import Json, article_object, rule_object

_TITLE, _PASSAGE, _NAME = 300, 300, 120  # code points
_RULES: Final = 20


def render_article_notice(notice: ArticleNotice, seq: int) -> bytes:
    """Return the JSON body (UTF-8, compact) of a notice, the `seq`-th message of its channel; at most MAX_BODY bytes.

    Passages are listed as far as they fit, `removed_total` and `added_total` count them all. Raises ValueError for a naive
    datetime.
    """
    first, *others = [rule_object(_name(rule_id), _name(name)) for rule_id, name in notice.rules]
    removed, added = list[Json](), list[Json]()
    title = visible_line(notice.article.title, _TITLE)
    before = visible_line(notice.headline_before, _TITLE)
    data: dict[str, Json] = {
        "created_at": rfc3339(notice.at),
        "rule": first,
        "article": _article(notice),
        "headline": {"before": before, "after": title} if before else None,
        "passages": {
            "removed": removed,
            "added": added,
            "removed_total": len(notice.removed),
            "added_total": len(notice.added),
        },
        "words": [_name(word) for word in notice.words],
        "summary": {"en": _english(notice), "ko": _korean(notice)},
    }
    if others:
        data["also"] = [{"rule": one} for one in others[:_RULES]]
        data["rules_total"] = len(notice.rules)
    body: dict[str, Json] = {
        "type": notice.type,
        "version": VERSION,
        "timestamp": rfc3339(notice.at),
        "seq": seq,
        "data": data,
    }
    room = MAX_BODY - len(_encode(body))
    for side, passage in _by_turns(notice.removed, notice.added):
        shown = visible_line(passage, _PASSAGE)
        room -= len(_encode(shown)) + 1
        if room < 0:
            break
        (added if side else removed).append(shown)
    return _encode(body)


def _article(notice: ArticleNotice) -> dict[str, Json]:
    about = notice.article
    return article_object(
        replace(
            about,
            url=shown_link(about.url),
            title=visible_line(about.title, _TITLE),
            source=_name(about.source),
            author=_name(about.author),
            source_name=_name(about.source_name),
        )
    )


def _by_turns(removed: Sequence[str], added: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Yield what is gone and what is new by turns, so that both are there where not all has room."""
    for place in range(max(len(removed), len(added))):
        yield from ((False, one) for one in removed[place : place + 1])
        yield from ((True, one) for one in added[place : place + 1])


def _english(notice: ArticleNotice) -> str:
    if notice.type == REMOVED:
        return "the article was removed"
    counts = [
        f"{number} {what}"
        for number, what in ((len(notice.removed), "removed"), (len(notice.added), "added"))
        if number
    ]
    said = (["another headline"] if notice.headline_before else []) + (
        [f"passages around what was found: {', '.join(counts)}"] if counts else []
    )
    return "; ".join(said) or "what stands around the words was changed"  # of a text that may not be shown


def _korean(notice: ArticleNotice) -> str:
    if notice.type == REMOVED:
        return "기사가 삭제되었습니다"
    counts = [
        f"{number}개 {what}" for number, what in ((len(notice.removed), "삭제"), (len(notice.added), "추가")) if number
    ]
    said = (["제목 변경"] if notice.headline_before else []) + (
        [f"검색어가 든 문장 {', '.join(counts)}"] if counts else []
    )
    return "; ".join(said) or "검색어 주변 내용이 바뀌었습니다"


def _name(text: str) -> str:
    return visible_line(text, _NAME)


def _encode(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
