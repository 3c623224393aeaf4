"""Stored hits as people ask for them: by filters, newest articles first, a page at a time; how many; and those that came since.

The order of a list is (article, rule), both descending: a rule that finds old articles today does not push the news aside, and
what one article met stands together. Whatever an index can say of words and filters it says at once
(`monitor.store.tables.facets`), in that order; what is left is asked of the rows that it gives, piece by piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import (
    JSON,
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    Select,
    bindparam,
    column,
    false,
    func,
    literal,
    select,
    table,
    tuple_,
)

from monitor.model.delivery import DeliveryState
from monitor.model.feedback import Relevance
from monitor.model.handling import UNHANDLED, Handling, HandlingState
from monitor.model.paging import Cursor
from monitor.model.records import ArticleRecord, HitPage, HitQuery, HitRecord
from monitor.store.db.dialects import UtcDateTime, one_of
from monitor.store.read.feedback import ever_said, holds
from monitor.store.read.handlings import ever_handled
from monitor.store.read.stored_articles import first_stored_from
from monitor.store.tables.acts import acts_of
from monitor.store.tables.facets import SEPARATOR, facet, term_key
from monitor.store.tables.fulltext import find_articles, holds_letter, single_letter, wanted_words
from monitor.store.tables.handling_rows import handlings_of_hits
from monitor.store.tables.hit_numbers import CLOCK, numbered_since
from monitor.store.tables.rows import matches_of
from monitor.store.tables.schema import HELD, UNFINISHED_STATES, article, delivery, hit, notification

FEW: Final = 5_000
"""Rows up to which a filter is asked for first, and all else of what it gives."""

_LEAST, _MOST = 200, 5_000  # articles that are taken from the index at once
_READ, _PIECES_READ = 100, 5  # articles whose texts are read for a single letter, before the index is asked
_PIECES_WALKED = 10  # of _MOST hits each: those that came are looked through so far at once, whatever is asked of them
_GREATEST = 2**63 - 1

_hits = table(
    "v_hits",
    *(
        column(name)
        for name in ("id", "rule_id", "rule_name", "source_id", "article_id", "url", "title", "author", "source_name")
    ),
    *(column(name, UtcDateTime()) for name in ("created_at", "published_at", "first_seen_at")),
    *(column(name) for name in ("excerpt", "alerted", "story_id", "handling", "feedback")),
)
_spans = table("hit", column("id"), column("spans", JSON()))
_told = notification.outerjoin(delivery, delivery.c.id == notification.c.delivery_id)
_CHANNELS = select(func.count()).where(notification.c.hit_id == _hits.c.id).correlate(_hits).scalar_subquery()
_REACHED = (
    select(func.count())
    .select_from(_told)
    .where(notification.c.hit_id == _hits.c.id, delivery.c.state == DeliveryState.DONE.value)
    .correlate(_hits)
    .scalar_subquery()
)
_IDS: Any = bindparam("ids", expanding=True)
_RECORDS = (
    select(_hits, _spans.c.spans, article.c.field_sources, _CHANNELS.label("channels"), _REACHED.label("reached"))
    .join(_spans, _spans.c.id == _hits.c.id)
    .outerjoin(article, article.c.id == _hits.c.article_id)
    .where(_hits.c.id.in_(_IDS))
)
_PIECE = 500
_FATE = select(_hits.c.alerted).where(_hits.c.id == hit.c.id).correlate(hit).scalar_subquery()
_SAID = select(_hits.c.handling).where(_hits.c.id == hit.c.id).correlate(hit).scalar_subquery()
_WITH_HITS = (
    select(hit.c.article_id)
    .where(hit.c.article_id.between(bindparam("low"), bindparam("high")))
    .distinct()
    .order_by(hit.c.article_id.desc())
    .limit(bindparam("most"))
)
_TEXTS = select(
    *(article.c[name] for name in ("id", "title", "subtitle", "body", "captions", "listed_title", "listed_summary"))
).where(article.c.id.in_(_IDS))
_SINCE = (
    select(hit.c.article_id)
    .where(hit.c.created_at >= bindparam("since", type_=UtcDateTime()))
    .order_by(hit.c.created_at.desc())  # else PostgreSQL reads the table from its beginning, where the oldest are
    .limit(FEW)
    .subquery()
)
_FIRST_SINCE = select(func.min(_SINCE.c.article_id))
_MANY_SINCE = (
    select(hit.c.created_at)
    .where(hit.c.created_at >= bindparam("since", type_=UtcDateTime()))
    .order_by(hit.c.created_at.desc())
    .offset(FEW)
    .limit(1)
)
_NOTIFIED = select(notification.c.hit_id).where(notification.c.hit_id.is_not(None))
_WAITING = _NOTIFIED.select_from(_told).where(delivery.c.state.in_(UNFINISHED_STATES))
_RARE: Mapping[str, Select[Any] | CompoundSelect[Any]] = {
    "dead": _NOTIFIED.select_from(_told).where(delivery.c.state == DeliveryState.DEAD.value),
    "pending": _WAITING,
    "held": _NOTIFIED.where(HELD).union(_WAITING),  # those of a shut channel are held as well
}

Bounds: TypeAlias = "list[ColumnElement[bool]]"


class HitKey(NamedTuple):
    """A hit and its place in the order of lists."""

    article_id: int
    rule_id: str
    id: int


def hit_page(connection: Connection, query: HitQuery) -> HitPage:
    """Return a page of the hits that the query asks for, and where the next one begins."""
    keys = hit_keys(connection, query, query.limit + 1)
    shown = keys[: query.limit]
    more = len(keys) > len(shown) and shown
    following = Cursor(shown[-1].article_id, shown[-1].rule_id, query.since, query.until) if more else None
    return HitPage(hit_records(connection, [key.id for key in shown]), following)


def hits_since(connection: Connection, query: HitQuery, hit_id: int) -> HitPage:
    """Return the hits that were stored after the one of that number and that the query asks for, in the order of storing.

    At most `limit`, and no more is looked through at once than a moment allows: where there is more, `through` says up to which
    number that was.
    """
    low, high = hit_id, _GREATEST
    found: list[HitKey] = []
    whole = False
    for _ in range(_PIECES_WALKED):
        newer = select(hit.c.id, hit.c.article_id).where(hit.c.id > low, hit.c.id <= high).order_by(hit.c.id)
        rows = connection.execute(newer.limit(_MOST)).all()
        if not rows:
            whole = True
            break
        here = hit.c.id.between(rows[0].id, rows[-1].id)
        articles = [row.article_id for row in rows]
        found += sorted(
            _keys(connection, query, _GREATEST, [here], (min(articles), max(articles))), key=lambda key: key.id
        )
        low, whole = rows[-1].id, len(rows) < _MOST
        if whole or len(found) > query.limit:
            break
    shown = found[: query.limit]
    if len(found) > len(shown):
        low, whole = (shown[-1].id if shown else hit_id), False
    return HitPage(hit_records(connection, [key.id for key in shown]), through=None if whole else low)


def last_hit(connection: Connection) -> int:
    """Return the number of the hit that was stored last, 0 before the first."""
    return connection.execute(select(func.max(hit.c.id))).scalar() or 0


def hit_keys(connection: Connection, query: HitQuery, most: int) -> list[HitKey]:
    """Return at most so many of the hits that the query asks for, in the order of lists; its `limit` does not count."""
    return _keys(connection, query, most, [], (0, _GREATEST))


def count_hits(connection: Connection, query: HitQuery, most: int) -> int:
    """Return how many hits the query asks for, counted up to `most`."""
    found = 0
    for bounds in hit_pieces(connection, query, most):
        counted = select(hit.c.id).where(*bounds).limit(most - found).subquery()
        found += connection.execute(select(func.count()).select_from(counted)).scalar_one()
        if found >= most:
            break
    return found


def hit_pieces(connection: Connection, query: HitQuery, most: int = _MOST) -> Iterator[list[ColumnElement[bool]]]:
    """Yield what rows of `hit` are asked for, in pieces that together are all that the query asks for, the newest first.

    `most` says how many will do perhaps.
    """
    if _by_one_index(query):
        bounds = _bounds(connection, query, ())
        if query.rule and query.since is not None:  # its index is by number
            bounds.append(numbered_since(query.since - CLOCK))
        return iter([bounds])
    return _pieces(connection, query, most, [], (0, _GREATEST))


def hit_records(connection: Connection, ids: Sequence[int]) -> tuple[HitRecord, ...]:
    """Return the hits of those numbers, in that order."""
    found: dict[int, HitRecord] = {}
    for start in range(0, len(ids), _PIECE):
        rows = connection.execute(_RECORDS, {"ids": ids[start : start + _PIECE]}).all()
        said = handlings_of_hits(connection, {row.id: row.story_id for row in rows})
        found.update((row.id, _hit_record(row, said.get(row.id, UNHANDLED))) for row in rows)
    return tuple(found[one] for one in ids if one in found)


def _keys(
    connection: Connection, query: HitQuery, most: int, bounds: Bounds, articles: tuple[int, int]
) -> list[HitKey]:
    found: list[HitKey] = []
    for piece in _pieces(connection, query, most, bounds, articles):
        statement = select(hit.c.article_id, hit.c.rule_id, hit.c.id).where(*piece)
        statement = statement.order_by(hit.c.article_id.desc(), hit.c.rule_id.desc()).limit(most - len(found))
        found += [HitKey(*row) for row in connection.execute(statement).all()]
        if len(found) >= most:
            break
    return found


def _pieces(
    connection: Connection, query: HitQuery, most: int, bounds: Bounds, articles: tuple[int, int]
) -> Iterator[Bounds]:
    """Yield what rows are asked for, piece by piece, the newest articles first."""
    acts = acts_of(connection, query.story) if query.story else ()
    bounds = [*bounds, *_bounds(connection, query, acts)]
    low, high = _narrowed(connection, query, acts, articles)
    if query.after is not None:
        high = min(high, query.after.article_id)
        here = tuple_(literal(query.after.article_id), literal(query.after.rule_id))
        bounds.append(tuple_(hit.c.article_id, hit.c.rule_id) < here)
    wanted = wanted_words(connection.dialect.name, query.text, _groups(query))
    if wanted is None:
        return
    if query.id is not None or not wanted:
        bounded = (low, high) != (0, _GREATEST)
        yield [*bounds, hit.c.article_id.between(low, high)] if bounded else bounds
        return
    # Each article that the index gives has such a hit; only the first may be on the page before, or of hits by several rules.
    size = most + 1 if _by_index_alone(query) else max(2 * most, _LEAST)
    for ids in _found(connection, query, wanted, low, high, size):
        yield [*bounds, one_of(connection, hit.c.article_id, ids)]


def _found(connection: Connection, query: HitQuery, wanted: str, low: int, high: int, size: int) -> Iterator[list[int]]:
    """Yield the articles that hold what is wanted, the newest first, piece by piece."""
    letter = single_letter(query.text)
    if letter:
        others = wanted_words(connection.dialect.name, "", _groups(query)) or ""
        for _ in range(_PIECES_READ):
            if others:
                ids = find_articles(connection, others, low, high, _READ)
            else:
                ids = list(connection.execute(_WITH_HITS, {"low": low, "high": high, "most": _READ}).scalars())
            texts = connection.execute(_TEXTS, {"ids": ids}) if ids else ()
            yield sorted(
                (row.id for row in texts if any(holds_letter(text, letter) for text in _texts(row))), reverse=True
            )
            if len(ids) < _READ:
                return
            high = ids[-1] - 1
    yield from _indexed(connection, wanted, low, high, size)


def _texts(row: Row[Any]) -> Iterator[str]:
    yield from (row.title, row.subtitle, row.body, *row.captions, row.listed_title, row.listed_summary)


def _indexed(connection: Connection, wanted: str, low: int, high: int, size: int) -> Iterator[list[int]]:
    """Yield the articles that the index gives, the newest first, in pieces that grow."""
    size = min(size, _MOST)
    while ids := find_articles(connection, wanted, low, high, size):
        yield ids
        if len(ids) < size:
            return
        high, size = ids[-1] - 1, min(2 * size, _MOST)


def _by_one_index(query: HitQuery) -> bool:
    """Return whether no more than a time is asked for, and one rule or one source: these the table's own indexes know."""
    return not (query.rule and query.source) and query == HitQuery(
        rule=query.rule,
        source=query.source,
        since=query.since,
        until=query.until,
        limit=query.limit,
        through=query.through,
    )


def _by_index_alone(query: HitQuery) -> bool:
    """Return whether the index knows all that is asked; else some of the articles that it gives have no such hit."""
    others = (query.since, query.until, query.story, query.alerted, query.handling, query.feedback)
    return not any(others)


def _groups(query: HitQuery) -> list[list[str]]:
    """Return what the index can say of the filters: of each group one facet at least."""
    rules = [query.rule] if query.rule else None
    if query.rules is not None:
        rules = [one for one in query.rules if not rules or one in rules]
    groups = [] if rules is None else [[facet("rule", one) for one in rules]]
    groups += [[facet("source", query.source)]] if query.source else []
    groups += [[facet("term", term_key(query.term))]] if query.term else []
    return groups + ([[facet("lang", query.lang)]] if query.lang else [])


def _bounds(connection: Connection, query: HitQuery, acts: Sequence[str]) -> Bounds:
    """Return what is asked of each row: an article of the index may have met other rules too."""
    conditions = (
        None if query.id is None else hit.c.id == query.id,
        None if query.through is None else hit.c.id <= query.through,
        hit.c.rule_id == query.rule if query.rule else None,
        None if query.rules is None else one_of(connection, hit.c.rule_id, query.rules),
        hit.c.source_id == query.source if query.source else None,
        _contains(connection, hit.c.terms, f"{SEPARATOR}{term_key(query.term)}{SEPARATOR}") if query.term else None,
        None if query.since is None else hit.c.created_at >= query.since,
        None if query.until is None else hit.c.created_at < query.until,
        hit.c.article_id.in_(select(article.c.id).where(article.c.story_id.in_(acts))) if query.story else None,
        hit.c.article_id.in_(select(article.c.id).where(article.c.lang == query.lang))
        if query.lang and query.id
        else None,
    )
    asked = [one for one in conditions if one is not None]
    asked += _fate(connection, query.alerted) + _handled(connection, query.handling)
    return asked + _meant(connection, query.feedback)


def _fate(connection: Connection, alerted: str) -> Bounds:
    """Return what is asked of a hit's notifications; those of a state that is rare are looked for first."""
    if not alerted:
        return []
    wanted: ColumnElement[bool] = (
        _FATE.like("suppressed:%") if alerted == "suppressed" else _FATE.is_not_distinct_from(alerted)
    )
    if alerted not in _RARE:
        return [wanted]
    few = connection.execute(_RARE[alerted].limit(FEW + 1)).scalars().all()
    return [wanted] if len(few) > FEW else [wanted, one_of(connection, hit.c.id, few)]


def _handled(connection: Connection, state: str) -> Bounds:
    """Return what is asked of what people have made of a hit; of few it is anything but new, and those are looked for first."""
    if not state:
        return []
    if state not in set(HandlingState):
        return [false()]
    wanted = _SAID.is_not_distinct_from(state)
    if state == HandlingState.NEW:
        return [wanted]
    few = ever_handled(connection, HandlingState(state), FEW + 1)
    return [wanted] if len(few) > FEW else [wanted, one_of(connection, hit.c.id, few)]


def _meant(connection: Connection, feedback: str) -> Bounds:
    """Return what is asked of what people say of a hit; most hits nobody speaks of, and the others are looked for first."""
    if not feedback:
        return []
    if feedback not in set(Relevance):
        return [false()]
    wanted = holds(Relevance(feedback))
    if feedback == Relevance.NONE:
        return [wanted]
    few = ever_said(connection, Relevance(feedback), FEW + 1)
    return [wanted] if len(few) > FEW else [wanted, one_of(connection, hit.c.id, few)]


def _narrowed(
    connection: Connection, query: HitQuery, acts: Sequence[str], articles: tuple[int, int]
) -> tuple[int, int]:
    """Return between which articles hits can be, as far as that is cheaply known."""
    low, high = articles
    if query.story:
        ends = select(func.min(article.c.id), func.max(article.c.id)).where(article.c.story_id.in_(acts))
        first, last = connection.execute(ends).one()
        low, high = max(low, first or 0), min(high, last or 0)
    if query.since is not None and connection.execute(_MANY_SINCE, {"since": query.since}).first() is None:
        first = connection.execute(_FIRST_SINCE, {"since": query.since}).scalar()
        low = max(low, _GREATEST if first is None else first)
    if query.until is not None:
        # A hit is not older than its article.
        high = min(high, first_stored_from(connection, query.until + CLOCK) - 1)
    return low, high


def _contains(connection: Connection, text: ColumnElement[str], part: str) -> ColumnElement[bool]:
    found = func.strpos if connection.dialect.name == "postgresql" else func.instr
    return found(text, part) > 0


def _hit_record(row: Row[Any], handling: Handling) -> HitRecord:
    return HitRecord(
        id=row.id,
        created_at=row.created_at,
        rule_id=row.rule_id,
        rule_name=row.rule_name,
        article=ArticleRecord(
            id=row.article_id,
            url=row.url,
            title=row.title,
            source=row.source_id,
            author=row.author or "",
            published_at=row.published_at,
            first_seen_at=row.first_seen_at,
            confidence=confidence_of(row.field_sources),
            source_name=row.source_name,
        ),
        matches=matches_of(row.spans),
        excerpt=row.excerpt,
        alerted=row.alerted,
        channels=row.channels,
        reached=row.reached,
        story_id=row.story_id,
        handling=handling,
        feedback=None if row.feedback is None else Relevance(row.feedback),
    )


def confidence_of(field_sources: Mapping[str, str] | None) -> float | None:
    """Return how sure the reader was of the text, where nobody described the page; None where somebody did."""
    sure = (field_sources or {}).get("confidence")
    return float(sure) if sure else None
