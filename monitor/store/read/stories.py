"""Stories as people ask for them: chains of acts, with how they went from outlet to outlet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, func, select

from monitor.model.handling import UNHANDLED
from monitor.model.paging import StoryCursor
from monitor.model.plan import TIER
from monitor.model.story_records import ActRecord, OutletRecord, StoryOrder, StoryPage, StoryQuery, StoryRecord
from monitor.store.read.hits import last_hit
from monitor.store.read.story_ranks import most, newest
from monitor.store.tables.handling_rows import handlings_of_stories
from monitor.store.tables.schema import article, hit, source_state, story

_PIECE = 500  # ids in one question

_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_ROOT = select(story.c.root_id).where(story.c.id == bindparam("story_id"))
_BY_ROOT = (
    select(story.c.id, story.c.title, story.c.first_seen_at, story.c.related, story.c.root_id)
    .where(story.c.root_id.in_(_IDS))
    .order_by(story.c.first_seen_at, story.c.id)
)
_first = func.min(article.c.id)
_SPREAD = (
    select(
        article.c.story_id,
        article.c.source_id,
        func.count().label("articles"),
        func.min(article.c.first_seen_at).label("first_seen_at"),
        func.max(article.c.first_seen_at).label("last_seen_at"),
        _first.label("first_id"),
    )
    .where(article.c.story_id.in_(_IDS))
    .group_by(article.c.story_id, article.c.source_id)
)
_HITS = (
    select(article.c.story_id, hit.c.rule_id, func.count().label("hits"))
    .select_from(article.join(hit, hit.c.article_id == article.c.id))
    .where(article.c.story_id.in_(_IDS))
    .group_by(article.c.story_id, hit.c.rule_id)
    .order_by(article.c.story_id, hit.c.rule_id)
)
_OUTLETS = (
    select(article.c.story_id, func.count(article.c.source_id.distinct()).label("outlets"))
    .where(article.c.story_id.in_(_IDS))
    .group_by(article.c.story_id)
)
_NUMBERS: BindParameter[list[int]] = bindparam("numbers", expanding=True)
_ARTICLES = select(article.c.id, article.c.title, article.c.url).where(article.c.id.in_(_NUMBERS))
_OF_HITS = (
    select(article.c.story_id)
    .select_from(hit.join(article, article.c.id == hit.c.article_id))
    .where(hit.c.id.in_(_IDS), article.c.story_id.is_not(None))
    .order_by(hit.c.id)
)
_SOURCES = select(source_state.c.id, source_state.c.name, source_state.c.tier)


def story_page(connection: Connection, query: StoryQuery, now: datetime) -> StoryPage:
    """Return a page of the stories that are asked for, each with all its acts, and where the next one begins.

    While stories come in, pages in the order NEWEST show each one once: what was stored after the first page was asked for
    neither is in them nor moves another.
    """
    since = now - query.growing
    if query.order is not StoryOrder.NEWEST:
        return StoryPage(_records(connection, most(connection, query, since), since))
    through = query.after.through if query.after else last_hit(connection)
    found = newest(connection, query, through)
    more = StoryCursor(found.following, through, query.since, query.until) if found.following else None
    return StoryPage(_records(connection, found.roots, since), more)


def one_story(connection: Connection, story_id: str, query: StoryQuery, now: datetime) -> StoryRecord | None:
    """Return the story that an act belongs to; None where there is none of that id."""
    root_id = connection.execute(_ROOT, {"story_id": story_id}).scalar() or story_id
    return next(iter(_records(connection, (root_id,), now - query.growing)), None)


def stories_of_hits(connection: Connection, hits: Collection[int]) -> tuple[str, ...]:
    """Return the ids of the acts that hits of those numbers tell, each once; numbers of no hit are left out."""
    return tuple(dict.fromkeys(row.story_id for row in _asked(connection, _OF_HITS, sorted(hits))))


def outlet_counts(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """Return how many outlets tell each story of those ids, each act by itself."""
    return {row.story_id: row.outlets for row in _asked(connection, _OUTLETS, ids)}


def _stories_of(connection: Connection, roots: Sequence[str]) -> Iterator[_Acts]:
    """Yield the stories that begin with those acts, in that order."""
    chains: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for act in _asked(connection, _BY_ROOT, roots):
        chains[act.root_id].append(act)
    spread = _by_story(_asked(connection, _SPREAD, [act.id for chain in chains.values() for act in chain]))
    tiers = {row.id: row.tier for row in connection.execute(_SOURCES)}
    found = (_Acts(chains[root], spread, tiers) for root in roots if root in chains)
    yield from (chain for chain in found if chain.rows)


def _records(connection: Connection, roots: Sequence[str], since: datetime) -> tuple[StoryRecord, ...]:
    wanted = list(_stories_of(connection, roots))
    hits = _by_story(_asked(connection, _HITS, [act.id for chain in wanted for act in chain.acts]))
    firsts = [row.first_id for chain in wanted for row in chain.outlets.values()]
    texts = {row.id: row for row in _asked(connection, _ARTICLES, firsts, "numbers")}
    names = {row.id: row.name for row in connection.execute(_SOURCES) if row.name}
    said = handlings_of_stories(connection, [chain.last_act.id for chain in wanted])
    records = (_record(chain, since, hits, texts, names) for chain in wanted)
    return tuple(
        replace(one, handling=said.get(chain.last_act.id, UNHANDLED))
        for one, chain in zip(records, wanted, strict=True)
    )


class _Acts:
    """The acts of one story, oldest first, and what each outlet has of them; the one that weighs most is first among equals."""

    def __init__(
        self,
        acts: Sequence[Row[Any]],
        spread: Mapping[str, Sequence[Row[Any]]],
        tiers: Mapping[str, int],
    ) -> None:
        self.acts = acts
        self.by_act = {act.id: spread.get(act.id, ()) for act in acts}
        self.rows = [row for rows in self.by_act.values() for row in rows]
        self.outlets: dict[str, Row[Any]] = {}
        for row in sorted(self.rows, key=lambda row: (row.first_seen_at, tiers.get(row.source_id, TIER), row.first_id)):
            self.outlets.setdefault(row.source_id, row)

    @property
    def last_act(self) -> Row[Any]:
        return self.acts[-1]

    @property
    def last_seen_at(self) -> datetime:
        latest: datetime = max(row.last_seen_at for row in self.rows)
        return latest

    def growth(self, since: datetime) -> int:
        """Return how many outlets began to tell it since then."""
        return sum(row.first_seen_at >= since for row in self.outlets.values())


def _record(
    chain: _Acts,
    since: datetime,
    hits: Mapping[str, Sequence[Row[Any]]],
    texts: Mapping[int, Row[Any]],
    names: Mapping[str, str],
) -> StoryRecord:
    met = [row for act in chain.acts for row in hits.get(act.id, ())]
    began = next(iter(chain.outlets.values())).first_seen_at
    outlets = tuple(
        OutletRecord(
            source=source_id,
            source_name=names.get(source_id, source_id),
            first_seen_at=row.first_seen_at,
            lag_seconds=round((row.first_seen_at - began).total_seconds()),
            articles=sum(one.articles for one in chain.rows if one.source_id == source_id),
            title=texts[row.first_id].title if row.first_id in texts else "",
            url=texts[row.first_id].url if row.first_id in texts else "",
        )
        for source_id, row in chain.outlets.items()
    )
    return StoryRecord(
        id=chain.acts[0].id,
        title=chain.acts[0].title,
        first_seen_at=began,
        last_seen_at=chain.last_seen_at,
        articles=sum(row.articles for row in chain.rows),
        hits=sum(row.hits for row in met),
        growth=chain.growth(since),
        rules=tuple(dict.fromkeys(row.rule_id for row in met)),
        outlets=outlets,
        acts=tuple(_act(act, chain.by_act[act.id]) for act in chain.acts if chain.by_act[act.id]),
    )


def _act(act: Row[Any], rows: Sequence[Row[Any]]) -> ActRecord:
    return ActRecord(
        id=act.id,
        title=act.title,
        first_seen_at=act.first_seen_at,
        last_seen_at=max(row.last_seen_at for row in rows),
        articles=sum(row.articles for row in rows),
        outlets=len(rows),
        related=act.related or "",
    )


def _asked(connection: Connection, statement: Select[Any], ids: Iterable[Any], name: str = "ids") -> Iterator[Row[Any]]:
    """Yield what a question for many ids finds, asked piece by piece."""
    wanted = list(ids)
    for start in range(0, len(wanted), _PIECE):
        yield from connection.execute(statement, {name: wanted[start : start + _PIECE]})


def _by_story(rows: Iterable[Row[Any]]) -> Mapping[str, list[Row[Any]]]:
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.story_id].append(row)
    return found
