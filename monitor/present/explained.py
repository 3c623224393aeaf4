"""Why something was told, or not, as a JSON object: the keys of `monitor explain` and of whatever comes.

url, key, asked_at     the address, and the key under which its spellings fold
fate, why              what became of it in one word, and why: {words, at}
listed, lists, sources  who showed it when; who reads it as a list; the sources of its host
read                   how its page was read, the text's beginning and lengths, what it lacks; null where it was not
rules, other_rules     the rules that met it or came near, with what was refused and why, and whether somebody
                       said that the hit was meant; how many others there are
story                  its story and its place there; null without one
notifications          what became of each hit on each channel, with every attempt
hearing                who would hear by the routes, where nobody did or it was tried live
live, steps            whether it was tried just now, and how that went
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from monitor.model.explained import (
    Explained,
    LineStep,
    ListedRecord,
    ReadRecord,
    RuleRecord,
    StoryPlace,
    ToldRecord,
)
from monitor.model.hit import Refusal
from monitor.model.records import HearingRecord
from monitor.present.moments import rfc3339
from monitor.present.shapes import Json, feedback_object, match_object, rule_object
from monitor.present.stories import story_record_object

BEGINNING: Final = 200
"""Characters of a text that are shown."""


def explained_object(found: Explained) -> dict[str, Json]:
    """Return the answer as one object; what does not apply is null or empty, never left out."""
    return {
        "url": found.url,
        "key": found.key,
        "asked_at": rfc3339(found.asked_at),
        "fate": found.fate.value,
        "why": [{"words": cause.words, "at": _at(cause.at)} for cause in found.why],
        "listed": [_listed(one) for one in found.listed],
        "lists": list(found.lists),
        "sources": list(found.sources),
        "read": None if found.read is None else _read(found.read),
        "rules": [_rule(one) for one in found.rules],
        "other_rules": found.others,
        "story": None if found.place is None else _place(found.place),
        "notifications": [_told(one) for one in found.told],
        "hearing": _hearing(found.hearing),
        "live": found.live,
        "steps": _steps(found.steps),
    }


def _listed(one: ListedRecord) -> dict[str, Json]:
    return {
        "source": one.source,
        "source_name": one.source_name,
        "url": one.url,
        "title": one.title,
        "published_at": _at(one.published_at),
        "first_seen_at": rfc3339(one.first_seen_at),
        "state": one.state,
        "baseline": one.baseline,
        "attempts": one.attempts,
        "next_attempt_at": _at(one.next_attempt_at),
        "last_error": one.last_error,
        "done_at": _at(one.done_at),
    }


def _read(one: ReadRecord) -> dict[str, Json]:
    article = one.article
    return {
        "article_id": one.id,
        "source": article.source_id,
        "title": article.title,
        "canonical_url": article.canonical_url,
        "published_at": _at(article.published_at),
        "stored_at": _at(one.stored_at),
        "beginning": article.body[:BEGINNING],
        "lengths": dict(one.lengths),
        "ways": dict(one.ways),
        "failure": one.failure,
        "lacks": list(one.lacks),
        "gone_at": _at(one.gone_at),
    }


def _rule(one: RuleRecord) -> dict[str, Json]:
    return {
        "rule": rule_object(one.rule, one.name),
        "hit": one.hit_id,
        "hit_at": _at(one.hit_at),
        "matches": [match_object(match) for match in one.mentions],
        "matches_now": one.matches,
        "looks_here": one.looks_here,
        "sources": list(one.sources),
        "since": one.since,
        "missing": list(one.missing),
        "refused": [_refusal(refusal) for refusal in one.refusals],
        "feedback": None if one.feedback is None else feedback_object(one.feedback),
    }


def _refusal(one: Refusal) -> Json:
    return {
        "term": one.term,
        "alias": one.alias,
        "field": one.field,
        "start": one.start,
        "end": one.end,
        "surface": one.surface,
        "reason": one.reason,
    }


def _place(place: StoryPlace) -> dict[str, Json]:
    return {"act": place.act, "first_of_act": place.first, **story_record_object(place.story)}


def _told(one: ToldRecord) -> dict[str, Json]:
    message = one.message
    silence: Json = None
    if message.silence_id is not None:
        ends = _at(message.silence_ends_at)
        silence = {
            "id": message.silence_id,
            "author": message.silence_author,
            "why": message.silence_why,
            "ends_at": ends,
        }
    earlier: Json = None
    if one.earlier is not None:
        told = one.earlier
        earlier = {
            "id": told.id,
            "title": told.title,
            "url": told.url,
            "state": told.state,
            "at": rfc3339(told.decided_at),
        }
    return {
        "hit": one.hit_id,
        "rule": one.rule,
        "channel": one.channel,
        "state": message.state,
        "reason": message.reason,
        "levels": list(one.levels),
        "group": one.group_key,
        "delivery": message.id,
        "seq": message.seq,
        "created_at": rfc3339(message.created_at),
        "due_at": _at(message.due_at),
        "done_at": _at(message.done_at),
        "last_status": message.last_status,
        "last_error": message.last_error,
        "behind": message.behind,
        "next_try_at": _at(message.next_try_at),
        "channel_shut": message.shut,
        "silence": silence,
        "told_before": earlier,
        "attempts": [
            {
                "n": tried.n,
                "at": rfc3339(tried.at),
                "state": tried.state,
                "status": tried.status,
                "detail": tried.detail,
                "elapsed_ms": tried.elapsed_ms,
            }
            for tried in one.attempts
        ],
    }


def _hearing(records: Sequence[HearingRecord]) -> Json:
    return [
        {
            "rule": one.rule,
            "sources": list(one.sources),
            "channel": one.channel,
            "through": one.through,
            "outcome": one.outcome,
            "why": list(one.why),
            "until": [_at(moment) for moment in one.until],
        }
        for one in records
    ]


def _steps(steps: Sequence[LineStep]) -> Json:
    return [
        {"step": one.name, "ok": one.ok, "detail": one.detail, "elapsed_ms": round(one.elapsed_ms, 1)} for one in steps
    ]


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
