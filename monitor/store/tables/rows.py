"""Values to rows and back. What no database can keep is replaced on the way in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from monitor.model.article import Article, Entry
from monitor.model.health import Alarm, Bilingual, Notice, SourceProblem
from monitor.model.hit import Hit, Match
from monitor.model.page import Validators
from monitor.model.rhythm import Arrivals, Burst, BurstBlock, Reach, Rhythm

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Return the text with U+FFFD for NUL and lone surrogates, one for one: places of matches stay right.

    Apart from what readers do to a page, because words of operators and receivers are stored too. PostgreSQL takes
    neither in text, UTF-8 has no form for the latter.
    """
    return _UNSTORABLE.sub("\ufffd", text)


def entry_values(entry: Entry) -> dict[str, Any]:
    """Return the columns of `entry` that its value fills."""
    return {
        "key": storable(entry.key),
        "url": storable(entry.url),
        "title": storable(entry.title),
        "summary": storable(entry.summary),
        "author": storable(entry.author),
        "published_at": entry.published_at,
    }


def entry_of(row: Row[Any]) -> Entry:
    """Return the value of a row of `entry`."""
    return Entry(row.key, row.url, row.title, row.summary, row.author, row.published_at)


def article_values(article: Article) -> dict[str, Any]:
    """Return the columns of `article` that its value fills."""
    return {
        "key": storable(article.key),
        "source_id": article.source_id,
        "url": storable(article.url),
        "canonical_url": storable(article.canonical_url),
        "title": storable(article.title),
        "subtitle": storable(article.subtitle),
        "body": storable(article.body),
        "captions": [storable(caption) for caption in article.captions],
        "authors": [storable(author) for author in article.authors],
        "section": storable(article.section),
        "lang": storable(article.lang),
        "published_at": article.published_at,
        "modified_at": article.modified_at,
        "first_seen_at": article.first_seen_at,
        "field_sources": {key: storable(way) for key, way in article.field_sources.items()},
    }


def article_of(row: Row[Any]) -> Article:
    """Return the value of a row that has the columns of `article`."""
    return Article(
        key=row.key,
        url=row.url,
        source_id=row.source_id,
        title=row.title,
        first_seen_at=row.first_seen_at,
        subtitle=row.subtitle,
        body=row.body,
        captions=tuple(row.captions),
        authors=tuple(row.authors),
        section=row.section,
        lang=row.lang,
        canonical_url=row.canonical_url,
        published_at=row.published_at,
        modified_at=row.modified_at,
        field_sources=row.field_sources,
    )


def hit_values(hit: Hit) -> dict[str, Any]:
    """Return the columns of `hit` that its value fills."""
    return {
        "rule_id": hit.rule_id,
        "rule_name": hit.rule_name,
        "plan_version": hit.plan_version,
        "spans": [span_values(match) for match in hit.matches],
        "mentions": len(hit.matches),
        "excerpt": storable(hit.excerpt),
    }


def hit_of(row: Row[Any]) -> Hit:
    """Return the value of a row that has the columns of `hit`."""
    return Hit(row.rule_id, row.rule_name, row.plan_version, matches_of(row.spans), row.excerpt)


def span_values(match: Match) -> dict[str, Any]:
    """Return a mention as the JSON object that `hit.spans` holds."""
    return {
        "term": storable(match.term),
        "alias": storable(match.alias),
        "field": match.field,
        "start": match.start,
        "end": match.end,
        "surface": storable(match.surface),
        "reason": storable(match.reason),
    }


def matches_of(spans: list[dict[str, Any]]) -> tuple[Match, ...]:
    """Return the mentions of `hit.spans`."""
    return tuple(Match(**span) for span in spans)


def notice_values(notice: Notice) -> dict[str, Any]:
    """Return what an event says as the JSON object that `event.data` holds."""
    alarm = notice.alarm
    return {
        "broken": notice.broken,
        "at": notice.at.isoformat(),
        "source_id": storable(notice.source_id),
        "source_name": storable(notice.source_name),
        "sources": notice.sources,
        "problem": alarm.problem.value,
        "since": alarm.since.isoformat(),
        "summary": {"en": storable(alarm.summary.en), "ko": storable(alarm.summary.ko)},
        "action": {"en": storable(alarm.action.en), "ko": storable(alarm.action.ko)},
    }


def notice_of(data: Mapping[str, Any]) -> Notice:
    """Return what `event.data` says."""
    alarm = Alarm(
        SourceProblem(data["problem"]),
        datetime.fromisoformat(data["since"]),
        Bilingual(**data["summary"]),
        Bilingual(**data["action"]),
    )
    at = datetime.fromisoformat(data["at"])
    return Notice(data["broken"], alarm, at, data["source_id"], data["source_name"], data["sources"])


def validators_values(validators: Validators) -> dict[str, str]:
    """Return validators as the JSON object that `source_state.validators` holds per URL."""
    return {key: storable(value) for key, value in asdict(validators).items()}


ARRIVALS_VERSION: Final = 2
"""Of the JSON in `source_state.arrivals`: 2 counts by day type and hour, and knows bursts."""


def arrivals_values(arrivals: Arrivals) -> dict[str, Any]:
    """Return what is known of a source's rhythm as the JSON object that `source_state.arrivals` holds."""
    block = arrivals.block
    return {
        "version": ARRIVALS_VERSION,
        "at": arrivals.at.isoformat(),
        "counts": [round(count, 4) for count in arrivals.counts],
        "spans": [round(span, 4) for span in arrivals.spans],
        "bursts": [round(value, 4) for value in (arrivals.chi, arrivals.blocks)],
        "block": [round(value, 4) for value in (block.count, block.expected, block.hours)],
        "reach": {storable(url): [round(one.seconds, 1), one.at.isoformat()] for url, one in arrivals.reach.items()},
    }


def burst_values(burst: Burst) -> dict[str, Any]:
    """Return a burst as the JSON object that `source_state.burst` holds."""
    return {"until": burst.until.isoformat(), "at": burst.at.isoformat(), "spent": round(burst.spent, 4)}


def rhythm_of(row: Row[*tuple[Any, ...]]) -> Rhythm:
    """Return what a row of `source_state` remembers of a source's rhythm."""
    return Rhythm(arrivals_of(row.arrivals), _burst_of(row.burst))


def arrivals_of(stored: Mapping[str, Any] | None) -> Arrivals | None:
    """Return what is known of a source's rhythm; None where nothing is, or where another program stored it."""
    if stored is None or stored.get("version") != ARRIVALS_VERSION:
        return None
    chi, blocks = stored["bursts"]
    return Arrivals(
        datetime.fromisoformat(stored["at"]),
        tuple(stored["counts"]),
        tuple(stored["spans"]),
        {url: Reach(seconds, datetime.fromisoformat(at)) for url, (seconds, at) in stored["reach"].items()},
        chi=chi,
        blocks=blocks,
        block=BurstBlock(*stored["block"]),
    )


def _burst_of(stored: Mapping[str, Any] | None) -> Burst | None:
    if stored is None:
        return None
    return Burst(datetime.fromisoformat(stored["until"]), datetime.fromisoformat(stored["at"]), stored["spent"])


def validators_of(stored: Mapping[str, Mapping[str, str]]) -> dict[str, Validators]:
    """Return the validators of each URL that was read."""
    names = ("etag", "last_modified", "body_hash")
    return {url: Validators(*(values.get(name, "") for name in names)) for url, values in stored.items()}
