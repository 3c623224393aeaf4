"""Values to rows and back. What no database can keep is replaced on the way in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from sqlalchemy import Row

from monitor.model.article import Article, Entry
from monitor.model.confidential import hide
from monitor.model.count_notice import CountNotice, NewTerm, TermArticle
from monitor.model.delivery import EventNotice, FailureStreak
from monitor.model.follow import ArticleNotice
from monitor.model.health import Alarm, Bilingual, Notice, SourceProblem
from monitor.model.hit import Hit, Match
from monitor.model.notification import Silence
from monitor.model.operator import OperatorNotice
from monitor.model.page import Repute, Validators
from monitor.model.records import ArticleRecord
from monitor.model.rhythm import Arrivals, Burst, BurstBlock, Reach, Rhythm
from monitor.store.tables.facets import hit_terms

_DAMAGED: Final = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
"""What reading a damaged JSON object raises. Derived data that is damaged is learned again, never fatal."""

_KOREA: Final = timezone(timedelta(hours=9))
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
        "item_id": storable(entry.item_id),
        "content": storable(entry.content),
        "modified_at": entry.modified_at,
    }


def entry_of(row: Row[Any]) -> Entry:
    """Return the value of a row of `entry`."""
    stated = (row.title, row.summary, row.author, row.published_at, row.item_id)
    return Entry(row.key, row.url, *stated, row.content, row.modified_at)


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
        "listed_title": storable(article.listed_title),
        "listed_summary": storable(article.listed_summary),
        "text_mark": article.text_mark,
        "day": korean_day(article.published_at or article.first_seen_at),
    }


def korean_day(moment: datetime) -> str:
    """Return the day of a moment in Korea, YYYY-MM-DD, which has kept UTC+9 since 1988 (IANA tz database, Asia/Seoul).

    Stored, because no way to compute it is understood by SQLite and all that read its files.
    """
    try:
        return moment.astimezone(_KOREA).date().isoformat()
    except OverflowError:  # at the very end of the calendar
        return moment.date().isoformat()


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
        listed_title=row.listed_title,
        listed_summary=row.listed_summary,
        text_mark=row.text_mark,
    )


def hit_values(hit: Hit) -> dict[str, Any]:
    """Return the columns of `hit` that its value fills."""
    spans = [span_values(match) for match in hit.matches]
    return {
        "rule_id": hit.rule_id,
        "rule_name": hit.rule_name,
        "plan_version": hit.plan_version,
        "spans": spans,
        "terms": hit_terms(spans),
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


def event_values(notice: EventNotice) -> dict[str, Any]:
    """Return what an event says as the JSON object that `event.data` holds."""
    if isinstance(notice, ArticleNotice):
        return _article_notice_values(notice)
    if isinstance(notice, CountNotice):
        times = {"at": notice.at.isoformat(), "begin": notice.begin.isoformat()}
        said: dict[str, Any] = _storable_json(asdict(notice))
        return said | times
    if isinstance(notice, OperatorNotice):
        return {
            "type": notice.type,
            "at": notice.at.isoformat(),
            "about": storable(notice.about),
            "summary": _both(notice.summary),
            "action": _both(notice.action),
            "facts": _storable_json(notice.facts),
            "channel_id": notice.channel_id,
            "severity": notice.severity,
        }
    alarm = notice.alarm
    return {
        "broken": notice.broken,
        "at": notice.at.isoformat(),
        "source_id": storable(notice.source_id),
        "source_name": storable(notice.source_name),
        "sources": notice.sources,
        "problem": alarm.problem.value,
        "since": alarm.since.isoformat(),
        "summary": _both(alarm.summary),
        "action": _both(alarm.action),
    }


def event_of(data: Mapping[str, Any]) -> EventNotice:
    """Return what `event.data` says."""
    if "article" in data:
        return _article_notice_of(data)
    if "counted" in data:
        return count_notice_of(data)
    at, summary, action = datetime.fromisoformat(data["at"]), Bilingual(**data["summary"]), Bilingual(**data["action"])
    if "type" in data:
        facts: Mapping[str, object] = data["facts"]
        severity = data.get("severity", "critical")
        return OperatorNotice(data["type"], at, data["about"], summary, action, facts, data["channel_id"], severity)
    alarm = Alarm(SourceProblem(data["problem"]), datetime.fromisoformat(data["since"]), summary, action)
    return Notice(data["broken"], alarm, at, data["source_id"], data["source_name"], data["sources"])


def _article_notice_values(notice: ArticleNotice) -> dict[str, Any]:
    about = notice.article
    published = None if about.published_at is None else about.published_at.isoformat()
    times = {"published_at": published, "first_seen_at": about.first_seen_at.isoformat()}
    values: dict[str, Any] = _storable_json(asdict(replace(notice, article=replace(about, published_at=None))))
    return values | {"at": notice.at.isoformat(), "article": values["article"] | times}


def _article_notice_of(data: Mapping[str, Any]) -> ArticleNotice:
    about = data["article"]
    published = about["published_at"]
    times = {
        "published_at": None if published is None else datetime.fromisoformat(published),
        "first_seen_at": datetime.fromisoformat(about["first_seen_at"]),
    }
    lists = {name: tuple(data[name]) for name in ("removed", "added", "words")}
    rules = tuple((rule_id, name) for rule_id, name in data["rules"])
    at, article = datetime.fromisoformat(data["at"]), ArticleRecord(**{**about, **times})
    return ArticleNotice(**{**data, **lists, "rules": rules, "at": at, "article": article})


def count_notice_of(data: Mapping[str, Any]) -> CountNotice:
    """Return what the `event.data` of a count says."""
    rule, counted = data["rule"], data["counted"]
    terms = (
        {
            **one,
            "articles": tuple(TermArticle(**article) for article in one["articles"]),
            "stories": tuple(one["stories"]),
        }
        for one in data["terms"]
    )
    read = {
        "at": datetime.fromisoformat(data["at"]),
        "begin": datetime.fromisoformat(data["begin"]),
        "rule": (rule[0], rule[1]),
        "counted": (counted[0], counted[1]),
        "series": tuple(data["series"]),
        "terms": tuple(NewTerm(**one) for one in terms),
    }
    return CountNotice(**{**data, **read})


def _both(words: Bilingual) -> dict[str, str]:
    return {"en": storable(words.en), "ko": storable(words.ko)}


def _storable_json(value: object) -> Any:  # noqa: ANN401 - JSON
    """Return the same JSON, what no database can keep in its texts replaced."""
    if isinstance(value, Mapping):
        return {key: _storable_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_storable_json(inner) for inner in value]
    return storable(value) if isinstance(value, str) else value


def streak_of(row: Row[Any]) -> FailureStreak:
    """Return the streak of a row that has the columns of `channel_state`."""
    return FailureStreak(row.failing_since, row.refused, row.refused_from, row.refused_status, row.refused_since)


def streak_values(streak: FailureStreak) -> dict[str, Any]:
    """Return the columns of `channel_state` that a streak fills."""
    return {
        "failing_since": streak.since,
        "refused": streak.refused,
        "refused_from": streak.refused_from,
        "refused_status": streak.refused_status,
        "refused_since": streak.refused_since,
    }


_VALIDATORS: Final = ("etag", "last_modified", "body_hash")


def validators_values(validators: Validators) -> dict[str, Any]:
    """Return validators as the JSON object that `source_state.validators` holds per URL."""
    texts = {name: storable(getattr(validators, name)) for name in _VALIDATORS}
    return {**texts, "repute": asdict(validators.repute)}


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


def arrivals_of(stored: object) -> Arrivals | None:
    """Return what is known of a source's rhythm; None where nothing is, or nothing that this program understands.

    It is learned again from what comes: of anything but a whole memory nothing is taken.
    """
    if not isinstance(stored, dict) or stored.get("version") != ARRIVALS_VERSION:
        return None
    try:
        chi, blocks = map(float, stored["bursts"])
        count, expected, hours = map(float, stored["block"])
        return Arrivals(
            _moment(stored["at"]),
            tuple(map(float, stored["counts"])),
            tuple(map(float, stored["spans"])),
            {str(url): Reach(float(seconds), _moment(at)) for url, (seconds, at) in stored["reach"].items()},
            chi=chi,
            blocks=blocks,
            block=BurstBlock(count, expected, hours),
        )
    except _DAMAGED:
        return None


def _burst_of(stored: object) -> Burst | None:
    if not isinstance(stored, dict):
        return None
    try:
        return Burst(_moment(stored["until"]), _moment(stored["at"]), float(stored["spent"]))
    except _DAMAGED:
        return None


def _moment(text: str) -> datetime:
    """Read a stored moment. Raises ValueError for a naive one: it would be compared with aware ones."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def validators_of(stored: object) -> dict[str, Validators]:
    """Return the validators of each URL that was read; of what is damaged none, so that it is asked for as a whole.

    A URL stays known by its name: to forget it would make it a first run, whose hits nobody is told of.
    """
    found = stored.items() if isinstance(stored, dict) else ()
    return {
        url: Validators(
            **{name: text if isinstance(text := values.get(name, ""), str) else "" for name in _VALIDATORS},
            repute=_repute_of(values.get("repute")),
        )
        if isinstance(values, dict)
        else Validators()
        for url, values in found
    }


def _repute_of(stored: object) -> Repute:
    """Return what was learned of a server; of anything but a whole memory nothing."""
    if not isinstance(stored, dict):
        return Repute()
    try:
        run, check_after, noise = (int(stored[name]) for name in ("run", "check_after", "noise"))
        return Repute(run, check_after, noise, stored["proven"] is True, stored["distrusted"] is True)
    except _DAMAGED:
        return Repute()


def url_key(url: str) -> str:
    """Return the name under which something is kept of a URL: itself, without what the process must not show."""
    return storable(hide(url))


def urls_of(stored: object) -> dict[str, Any]:
    """Return what is kept of each URL that was read, as it is stored."""
    return stored if isinstance(stored, dict) else {}


def list_mark_of(stored: object, url: str) -> str:
    """Return the mark of what the URL showed last; "" where there is none."""
    values = stored.get(url_key(url)) if isinstance(stored, dict) else None
    mark = values.get("list", "") if isinstance(values, dict) else ""
    return mark if isinstance(mark, str) else ""


def silence_of(row: Row[Any]) -> Silence:
    """Return a silence as a decision sees it, from its row."""
    return Silence(row.id, row.rule_id, row.source_id, row.ends_at, row.why, row.tag, row.word, row.author)
