"""What an older program froze and did not send yet goes through every kind and format of today, with its words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Literal

import pytest

from monitor.channels.formats.choice import FORMATS, rendered
from monitor.channels.registry import CHANNEL_KINDS
from tests.channels.kinds.receivers import receiver_of, sent_words
from tests.channels.samples import NOW, channel, delivery

SECONDS = "2026-11-24T00:30:05.120Z"
ARTICLE = {
    "id": 9,
    "url": "https://www.mediapen.com/news/view/1",
    "title": "오픈AI, 스타게이트에 투자",
    "source": "mediapen",
    "author": "김하나, Lee Dul",
    "published_at": "2026-11-24T00:28:00.000Z",
    "first_seen_at": "2026-11-24T00:29:58.000Z",
}
MATCH = {
    "term": "openai",
    "alias": "오픈AI",
    "field": "title",
    "start": 0,
    "end": 4,
    "surface": "오픈AI",
    "reason": "bare",
}
STORY = {"id": "0193", "title": "오픈AI", "articles": 2, "outlets": 1, "first_seen_at": SECONDS}
HIT: dict[str, Any] = {
    "rule": {"id": "openai", "name": "OpenAI"},
    "article": ARTICLE,
    "matches": [MATCH],
    "matches_total": 1,
    "excerpt": "… 오픈AI는 5일 …",
    "story": STORY,
}
BROKEN: dict[str, Any] = {
    "source": {"id": "herald", "name": "한빛일보"},
    "sources": 1,
    "problem": "unreachable",
    "since": SECONDS,
    "summary": {"en": "no answer", "ko": "응답 없음"},
    "action": {"en": "look", "ko": "확인"},
}
RECOVERED = BROKEN | {"lasted_seconds": 720}
NAMED = {"article": ARTICLE | {"source_name": "미디어펜"}}
OLDER: dict[str, tuple[str, dict[str, Any], str | None, str]] = {
    # what: type, data, version, what is to be read of it
    "a hit before outlets had names": ("hit.created", HIT, None, "오픈AI, 스타게이트에 투자"),
    "a hit of 0014": ("hit.created", HIT | NAMED, None, "미디어펜"),
    "a hit before latency": ("hit.created", HIT | NAMED | {"created_at": SECONDS}, "1", "OpenAI"),
    "a hit of no story": ("hit.created", {key: HIT[key] for key in HIT if key != "story"}, "1", "OpenAI"),
    "a hit without a date": (
        "hit.created",
        HIT | {"article": ARTICLE | {"published_at": None, "author": ""}},
        None,
        "OpenAI",
    ),
    "a source of 0014": ("source.broken", BROKEN, None, "한빛일보"),
    "all sources of 0014": ("source.broken", BROKEN | {"source": None, "sources": 7}, None, "7"),
    "a source that is well": ("source.recovered", RECOVERED, None, "한빛일보"),
    "a source before that was timed": ("source.recovered", BROKEN, "1", "한빛일보"),
    "a digest of two": (
        "digest",
        {
            "total": 2,
            "items": [
                {"type": "hit.created", "timestamp": SECONDS, "data": HIT},
                {"type": "source.broken", "timestamp": SECONDS, "data": BROKEN},
            ],
        },
        "1",
        "오픈AI, 스타게이트에 투자",
    ),
}


def body(kind: str, data: dict[str, Any], version: str | None) -> bytes:
    """Return a body as it was frozen."""
    named = {} if version is None else {"version": version}
    return json.dumps(
        {"type": kind, **named, "timestamp": SECONDS, "seq": 17, "data": data}, ensure_ascii=False
    ).encode()


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("kind", sorted(CHANNEL_KINDS))
@pytest.mark.parametrize("what", OLDER)
def test_people_read_it_through_every_kind(what: str, kind: str, lang: Literal["ko", "en"]) -> None:
    name, data, version, wanted = OLDER[what]
    receiver = replace(receiver_of(kind), lang=lang)
    words = sent_words(CHANNEL_KINDS[kind].compose(delivery(body(name, data, version)), receiver, NOW))
    assert wanted in words.replace("\\", "")


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("what", OLDER)
def test_programs_get_it_in_the_format_that_they_ask_for_today(what: str, form: str) -> None:
    name, data, version, _ = OLDER[what]
    template = '{"title": {{ card.title|tojson }}, "version": {{ version|tojson }}}'
    options = (("format", form), *((("template", template),) if form == "template" else ()))
    made = rendered(delivery(body(name, data, version)), replace(channel(), options=options))
    assert made.note == ""
    assert json.loads(made.body)
