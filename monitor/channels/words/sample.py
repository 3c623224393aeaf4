"""A sample of each type of message, marked as a test and outside the line: for `monitor test-webhook`. Pure.

It is composed by the code that composes real messages, from things that never happened. `seq` is 0: it takes no place in the
line of its channel, and a receiver that counts leaves it out. `data.test` says so to programs, the words to people.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, get_args

from monitor.channels.words.compose import compose
from monitor.channels.words.schemas import samples
from monitor.model.article import Article
from monitor.model.count_notice import CountNotice, NewTerm, TermArticle
from monitor.model.counting import CountType
from monitor.model.delivery import Item, MessageContext, MessageDraft
from monitor.model.escalation import Escalation, Outlet
from monitor.model.follow import CHANGED, REMOVED, ArticleNotice, FollowType
from monitor.model.health import Alarm, Bilingual, Notice, SourceProblem
from monitor.model.hit import Hit, Match
from monitor.model.operator import OperatorNotice
from monitor.model.plan import Channel
from monitor.model.records import ArticleRecord
from monitor.model.story import Story
from monitor.present.moments import rfc3339

TEST: Final = "test"
"""The type of message that only a test has."""
OUTSIDE: Final = 0
"""The seq of what stands in no line."""

_WORD: Final = "시험 메시지"
_TITLE: Final = f"[test / {_WORD}] this is a test / 시험입니다"
_SAID: Final = Bilingual("this is a test: nothing happened", "시험 메시지입니다. 실제로 일어난 일은 없습니다")
_TO_DO: Final = Bilingual("nothing is to be done", "조치할 것이 없습니다")
_URL: Final = "https://example.com/test"
_BEFORE: Final = timedelta(minutes=1)  # so that no sample claims a wait that a receiver would alarm on


def sample_body(message_type: str, channel: Channel, now: datetime) -> bytes:
    """Return the body of a marked sample, as it is composed at `now`. Raises KeyError for a type that there is not."""
    items = _items(channel, now)
    if message_type in items:
        return _marked(compose(MessageDraft(OUTSIDE, now, items[message_type])))
    made: dict[str, Any] = json.loads(dict(samples())[message_type])
    return _marked(json.dumps(made | {"timestamp": rfc3339(now)}).encode())


def _items(channel: Channel, now: datetime) -> dict[str, tuple[Item, ...]]:
    """Return what a message of each type tells of; types that are not here have their schema's own sample."""
    alarm = Alarm(SourceProblem.UNREACHABLE, now - _BEFORE, _SAID, _TO_DO)
    broken, recovered = (Notice(state, alarm, now, TEST, f"test / {_WORD}") for state in (True, False))
    facts = {"severity": "info", "channel": {"id": channel.id, "kind": channel.kind}}
    test = OperatorNotice(
        type=TEST,
        at=now,
        about=f"channel {channel.id}",
        summary=Bilingual("this is a test", "시험 메시지"),
        action=Bilingual(
            "nothing is to be done: this channel takes messages from monitor",
            "조치할 것이 없습니다. 이 채널은 monitor의 메시지를 받습니다",
        ),
        facts=facts,
    )
    return {
        TEST: (test,),
        "hit.created": (_hit(now),),
        "story.escalated": (replace(_hit(now), escalation=_escalation(now)),),
        "source.broken": (broken,),
        "source.recovered": (recovered,),
        CHANGED: (_became(CHANGED, now),),
        REMOVED: (_became(REMOVED, now),),
        **{f"count.{kind}": (_count(kind, now),) for kind in get_args(CountType)},
        "digest": (_hit(now), broken),
    }


def _escalation(now: datetime) -> Escalation:
    outlet = Outlet(TEST, f"test / {_WORD}", now - _BEFORE)
    return Escalation(("outlets:5",), now - _BEFORE, now - _BEFORE, 1, 1, (outlet,), 1, outlet)


def _hit(now: datetime) -> MessageContext:
    seen = now - _BEFORE
    start = _TITLE.index(_WORD)
    found = Match(_WORD, _WORD, "title", start, start + len(_WORD), _WORD, "bare")
    return MessageContext(
        hit_id=0,
        article_id=0,
        created_at=now,
        article=Article(TEST, _URL, TEST, _TITLE, seen, authors=("monitor",), published_at=seen - _BEFORE),
        hit=Hit(TEST, f"test / {_WORD}", TEST, (found,), f"… {_WORD} / {_SAID.en} …"),
        story=Story(TEST, _TITLE, 1, 1, seen),
        source_name=f"test / {_WORD}",
    )


def _became(kind: FollowType, now: datetime) -> ArticleNotice:
    seen = now - _BEFORE
    about = ArticleRecord(0, _URL, _TITLE, TEST, "monitor", seen - _BEFORE, seen, source_name=f"test / {_WORD}")
    before = f"{_TITLE} (1)" if kind == CHANGED else ""
    return ArticleNotice(
        kind, now, about, ((TEST, f"test / {_WORD}"),), before, (f"{_WORD} / {_SAID.en}",), (), (_WORD,)
    )


def _count(kind: CountType, now: datetime) -> CountNotice:
    """Return an alert of a rule over counts; only some types ask what is usual."""
    asked = kind in {"spike", "flatline"}
    name = f"test / {_WORD}"
    article = TermArticle(0, _URL, _TITLE, TEST, name)
    return CountNotice(
        kind=kind,
        at=now,
        rule=(TEST, name),
        counted=(TEST, name),
        unit="stories",
        seconds=3600.0,
        count=0 if kind == "flatline" else 3,
        threshold=1 if kind == "flatline" else 3,
        begin=now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=2),
        series=(1, 0, 3),
        expected=0.5 if asked else None,
        chance=0.01 if asked else None,
        terms=(NewTerm(TEST, 1, (article,), ()),) if kind == "new_term" else (),
    )


def _marked(body: bytes) -> bytes:
    """Return the body outside the line, it and each of its items marked."""
    message: dict[str, Any] = json.loads(body)
    for one in (message, *message["data"].get("items", ())):
        data = one["data"]
        one["data"] = {"test": True, **data}
        for key, words in (("summary", _SAID), ("action", _TO_DO)):
            if one["type"] != TEST and key in data:
                one["data"][key] = {"en": words.en, "ko": words.ko}
    return json.dumps(message | {"seq": OUTSIDE}, ensure_ascii=False, separators=(",", ":")).encode()
