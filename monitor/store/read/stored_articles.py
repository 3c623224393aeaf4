"""The stored articles one after the other, as rules are held against them: their texts in pages, then the rest of those that met one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, select

from monitor.model.article import Article
from monitor.store.tables.rows import article_of
from monitor.store.tables.schema import article, entry, hit

_AFTER: BindParameter[int] = bindparam("after")
_TO: BindParameter[int] = bindparam("to")
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
T = TypeVar("T")
_Row: TypeAlias = Row[*tuple[Any, ...]]
_PER_STATEMENT: Final = 500  # SQLite takes 999 variables on old builds (sqlite.org/limits.html)

_TEXTS = (
    select(
        article.c.id,
        article.c.source_id,
        article.c.stored_at,
        article.c.first_seen_at,
        article.c.url,
        article.c.title,
        article.c.subtitle,
        article.c.body,
        article.c.captions,
        article.c.authors,
        article.c.section,
        article.c.lang,
        article.c.listed_title,
        article.c.listed_summary,
    )
    .where(article.c.id > _AFTER, article.c.id <= _TO)
    .order_by(article.c.id)
    .limit(bindparam("most"))
)
_TWINS = (
    select(entry.c.article_id, entry.c.source_id)
    .join(article, article.c.id == entry.c.article_id)
    .where(
        entry.c.article_id > _AFTER,
        entry.c.article_id <= _TO,
        entry.c.source_id != article.c.source_id,
        entry.c.state == "done",
    )
    .order_by(entry.c.id)
)
_FIRST_FROM = (
    select(article.c.id, article.c.stored_at).where(article.c.id >= bindparam("at")).order_by(article.c.id).limit(1)
)
_ENDS = select(func.min(article.c.id), func.max(article.c.id))
_WHOLE = select(article).where(article.c.id.in_(_IDS)).order_by(article.c.id)
_READINGS = (
    select(entry.c.article_id, entry.c.source_id, entry.c.baseline, entry.c.done_at, entry.c.published_at)
    .where(entry.c.article_id.in_(_IDS))
    .order_by(entry.c.id)
)
_HITS = select(hit.c.article_id, hit.c.source_id, hit.c.rule_id, hit.c.created_at).where(hit.c.article_id.in_(_IDS))
_MEMBERS = (
    select(article.c.story_id, article.c.id, article.c.source_id, article.c.stored_at)
    .where(article.c.story_id.in_(bindparam("ids", expanding=True)))
    .order_by(article.c.stored_at, article.c.id)
)


_LONG = frozenset({"body", "subtitle", "captions", "listed_summary", "field_sources"})
_WITHOUT_TEXT = (
    select(*(column for column in article.c if column.name not in _LONG))
    .where(article.c.id.in_(_IDS))
    .order_by(article.c.id)
)


@dataclass(frozen=True, slots=True)
class ArticleText:
    """A stored article as far as rules look at it, and further sources that have brought it."""

    id: int
    article: Article
    stored_at: datetime
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BroughtBy:
    """An article as one source brought it: whether it did so before it was watched, when the article was read for it.

    `listed_at` is when its list says that it was published. Both None where nobody knows, times UTC.
    """

    source_id: str
    baseline: bool
    done_at: datetime | None
    listed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ArticlePast:
    """What became of a stored article: who brought it, its own source first, and when each rule met it: {(rule, source): when}.

    `compared`: its story was chosen by what it says. An article that no rule met when it was stored has one of its own.
    """

    id: int
    article: Article
    stored_at: datetime
    story_id: str
    compared: bool
    readings: tuple[BroughtBy, ...]
    met: dict[tuple[str, str], datetime]


class Ask(Protocol):
    """Puts a question to the database."""

    def __call__(self, question: Callable[[Connection], T], /) -> T:
        """Return its answer."""
        ...


class StoredArticles:
    """The stored articles, asked for within `ask`, which gives each question a connection."""

    def __init__(self, ask: Ask) -> None:
        """Use `ask`; whatever it raises, the questions raise."""
        self._ask = ask

    def first_from(self, moment: datetime) -> int:
        """Return the number from which on articles were stored at or after that moment (UTC), one more than the last for none.

        Numbers grow with time, but for clocks that were set: whoever needs it exactly looks at each article.
        """
        return self._ask(lambda connection: first_stored_from(connection, moment))

    def stored_since(self) -> datetime | None:
        """Return when the first of the stored articles was stored (UTC), None without any."""
        row = self._ask(lambda connection: connection.execute(_FIRST_FROM, {"at": 0}).first())
        return None if row is None else row.stored_at

    def texts(self, after: int, to: int, most: int) -> tuple[ArticleText, ...]:
        """Return at most so many articles numbered above `after`, up to `to`, ascending."""
        return self._ask(lambda connection: _texts(connection, after, to, most))

    def pasts(self, ids: Collection[int]) -> tuple[ArticlePast, ...]:
        """Return what became of these articles, ascending; their texts but the headline are left out."""
        return self._ask(
            lambda connection: tuple(past for some in _portions(sorted(ids)) for past in _pasts(connection, some))
        )

    def whole(self, ids: Collection[int]) -> dict[int, Article]:
        """Return these articles with all that is stored of them, by number; those that are gone are left out."""
        return self._ask(
            lambda connection: {
                row.id: article_of(row)
                for some in _portions(sorted(ids))
                for row in connection.execute(_WHOLE, {"ids": some})
            }
        )

    def members(self, story_ids: Collection[str]) -> dict[str, list[tuple[int, str, datetime]]]:
        """Return the articles of these stories (number, source, when stored), ascending by when they were stored."""
        return self._ask(lambda connection: _members(connection, story_ids))


def first_stored_from(connection: Connection, moment: datetime) -> int:
    """Return the number from which on articles were stored at or after a moment, as `StoredArticles.first_from` says it."""
    first, last = connection.execute(_ENDS).one()
    low, high = (0, 1) if first is None else (int(first), int(last) + 1)
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(_FIRST_FROM, {"at": middle}).first()
        if row is None or row.stored_at >= moment:
            high = middle
        else:
            low = row.id + 1
    return low


def _texts(connection: Connection, after: int, to: int, most: int) -> tuple[ArticleText, ...]:
    rows = connection.execute(_TEXTS, {"after": after, "to": to, "most": most}).all()
    others: dict[int, list[str]] = {}
    if rows:
        for row in connection.execute(_TWINS, {"after": after, "to": rows[-1].id}):
            others.setdefault(row.article_id, []).append(row.source_id)
    return tuple(
        ArticleText(row.id, _text_of(row), row.stored_at, tuple(dict.fromkeys(others.get(row.id, ())))) for row in rows
    )


def _pasts(connection: Connection, ids: Sequence[int]) -> Iterator[ArticlePast]:
    readings: dict[int, list[_Row]] = {}
    for brought in connection.execute(_READINGS, {"ids": ids}):
        readings.setdefault(brought.article_id, []).append(brought)
    hits: dict[int, list[_Row]] = {}
    for met in connection.execute(_HITS, {"ids": ids}):
        hits.setdefault(met.article_id, []).append(met)
    for row in connection.execute(_WITHOUT_TEXT, {"ids": ids}):
        yield _past(row, readings.get(row.id, ()), hits.get(row.id, ()))


def _members(connection: Connection, story_ids: Collection[str]) -> dict[str, list[tuple[int, str, datetime]]]:
    found: dict[str, list[tuple[int, str, datetime]]] = {}
    for some in _portions(sorted(story_ids)):
        for row in connection.execute(_MEMBERS, {"ids": some}):
            found.setdefault(row.story_id, []).append((row.id, row.source_id, row.stored_at))
    return found


def _text_of(row: _Row) -> Article:
    return Article(
        key="",
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
        listed_title=row.listed_title,
        listed_summary=row.listed_summary,
    )


def _past(row: _Row, brought: Sequence[_Row], hits: Sequence[_Row]) -> ArticlePast:
    said = Article(
        key=row.key,
        url=row.url,
        source_id=row.source_id,
        title=row.title,
        first_seen_at=row.first_seen_at,
        authors=tuple(row.authors),
        published_at=row.published_at,
        modified_at=row.modified_at,
    )
    by_source: dict[str, list[_Row]] = {row.source_id: []}
    for one in brought:
        if one.source_id == row.source_id or one.done_at is not None:  # a further source has read it, or is about to
            by_source.setdefault(one.source_id, []).append(one)
    return ArticlePast(
        row.id,
        said,
        row.stored_at,
        row.story_id,
        any(one.created_at == row.stored_at for one in hits),
        tuple(_reading(source_id, rows) for source_id, rows in by_source.items()),
        {(one.rule_id, one.source_id): one.created_at for one in hits},
    )


def _reading(source_id: str, rows: Sequence[_Row]) -> BroughtBy:
    """Return how a source brought an article; several of its lists may have shown it, and one that is watched tells."""
    told = next((row for row in rows if not row.baseline), rows[0] if rows else None)
    if told is None:
        return BroughtBy(source_id, baseline=False, done_at=None, listed_at=None)
    return BroughtBy(source_id, bool(told.baseline), told.done_at, told.published_at)


def _portions(ids: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(ids), _PER_STATEMENT):
        yield list(ids[start : start + _PER_STATEMENT])
