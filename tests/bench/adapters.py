"""One door to the product's own code for outside scorers; no logic of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import cache, lru_cache
from sqlite3 import connect
from tempfile import TemporaryDirectory
from typing import Any

from monitor.cluster.choice import WINDOW, choose
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.extract.definitions.catalog import sites
from monitor.extract.definitions.identity import identity as key_of
from monitor.extract.feeds.feed import parse_items
from monitor.extract.page.article_page import KnownEntry, extract, generic_text
from monitor.extract.reader import site_for
from monitor.extract.text.bylines import bylines as find_bylines
from monitor.extract.text.dates import parse_date as find_date
from monitor.fetch.charset import decode
from monitor.fetch.robots import allows
from monitor.match.ruleset import RuleSet, compile_rules
from monitor.match.words.kiwi import KiwiAnalyser
from monitor.model.article import Article, Entry
from monitor.model.delivery import MessageDraft
from monitor.model.notification import Notification, Situation
from monitor.model.plan import Rule
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.write.article_store import ArticleStore, ArticleWrite

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def _rules(term: str, mode: str, aliases: tuple[str, ...], analyser: KiwiAnalyser | None = None) -> RuleSet:
    """Compile the rule `mode(@term)`, the term and its aliases one group."""
    return compile_rules([Rule("term", "term", f"{mode}(@term)")], {"term": (term, *aliases)}, analyser)


@cache
def _kiwi() -> KiwiAnalyser:
    return KiwiAnalyser()


def match(term: str, sentence: str, mode: str = "word", aliases: Sequence[str] = ()) -> list[tuple[int, int]]:
    """Return the spans of all mentions of a term or its aliases in a sentence (code points)."""
    return _spans(_rules(term, mode, tuple(aliases)), sentence)


def match_ko(term: str, sentence: str, mode: str = "word", aliases: Sequence[str] = ()) -> list[tuple[int, int]]:
    """Return what `match` answers, with the help of the Korean analyser."""
    return _spans(_rules(term, mode, tuple(aliases), _kiwi()), sentence)


def _spans(rules: RuleSet, sentence: str) -> list[tuple[int, int]]:
    """Hold rules against an article of one sentence."""
    hits = rules.match(Article("key", "", "", "", _EPOCH, body=sentence))
    return [(found.start, found.end) for _, matches in hits for found in matches]


def extract_article(html: bytes, url: str, content_type: str = "") -> dict[str, Any]:
    """Return what the product would store of an article page, and in `field_sources` which way won for each field."""
    entry = Entry(key_of(url), url)
    text = decode(html, content_type).text
    site = sites().get(site_for(url))
    article = extract(text, KnownEntry(entry, "bench", _now(), url), site, "Asia/Seoul", _now())
    return {
        "title": article.title,
        "subtitle": article.subtitle,
        "body": article.body,
        "captions": list(article.captions),
        "authors": list(article.authors),
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "canonical_url": article.canonical_url,
        "via": dict(article.field_sources),
    }


def extract_generic(html: bytes, url: str) -> str:
    """Return the body text by the generic extractor alone."""
    return generic_text(decode(html).text, url)


def parse_feed(
    body: bytes, url: str, content_type: str = "", default_zone: str = "Asia/Seoul"
) -> list[dict[str, str | None]]:
    """Return the items of a feed, those without a link too."""
    return [
        {
            "title": entry.title,
            "link": entry.url,
            "id": entry.key,
            "published_at": entry.published_at.isoformat() if entry.published_at else None,
            "summary": entry.summary,
            "author": entry.author,
        }
        for entry in parse_items(decode(body, content_type).text, url, default_zone, _now())
    ]


def parse_date(text: str, default_zone: str, now: datetime) -> datetime | None:
    """Return the moment that a text states, UTC."""
    return find_date(text, default_zone, now)


def identity(url: str) -> str:
    """Return the key under which the twins of an article fold."""
    return key_of(url)


def bylines(text: str) -> list[str]:
    """Return the reporters that a text names."""
    return list(find_bylines(text))


def robots_allows(robots_txt: bytes, agent: str, url: str) -> bool:
    """Return whether a robots.txt lets the agent fetch the URL."""
    return allows(robots_txt, agent, url)


def cluster(articles: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the story of each article (`id`, `title`, `body`, `published_at`, in time order), through a real database."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/stories.db"
        upgrade(url)
        return asyncio.run(_stories(url, articles))


async def _stories(url: str, articles: Sequence[Mapping[str, Any]]) -> list[str]:
    database = Database(url)
    archive = ArticleStore(database, choose, WINDOW)
    readings = []
    for number, one in enumerate(articles):
        seen = _moment(one["published_at"])
        told = Article(f"{number:09}", "", "bench", one["title"], seen, body=one.get("body", ""))
        readings.append(ArticleWrite(None, told, sign(told, shipped()), ()))
    # The one writer takes them in this order.
    await asyncio.gather(
        *(archive.commit(reading, _nobody, _nothing, reading.article.first_seen_at) for reading in readings)
    )
    with closing(connect(url.removeprefix("sqlite:///"))) as connection:
        stories = [story for (story,) in connection.execute("SELECT story_id FROM article ORDER BY key")]
    await database.aclose()
    return stories


def _nobody(_situation: Situation) -> tuple[Notification, ...]:
    return ()


def _nothing(_message: MessageDraft) -> bytes:
    return b""


def _moment(value: str | datetime) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - outside scorers bring no clock
