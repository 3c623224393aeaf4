"""Stories as people ask for them: chains of acts, with how they went from outlet to outlet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, func, select

from monitor.model.handling import UNHANDLED
from monitor.model.paging import StoryCursor
from monitor.model.plan import TIER
from monitor.model.story_records import ActRecord, OutletRecord, StoryOrder, StoryPage, StoryQuery, StoryRecord
from monitor.store.tables.handling_rows import handlings_of_stories
from monitor.store.tables.schema import article, hit, source_state, story

MOST_LOOKED_AT: Final = 20_000
"""Stories with hits that are sorted, the newest first: what more there are is named by a shorter time."""

_MOST_ACTS = 1_000  # of one chain, as far as they are followed each way
_PIECE = 500  # ids in one question

_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_STORIES = select(story.c.id, story.c.title, story.c.first_seen_at, story.c.continues, story.c.related)
_BY_ID = _STORIES.where(story.c.id.in_(_IDS))
_NEXT = _STORIES.where(story.c.continues.in_(_IDS))
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
_LAST = select(func.max(article.c.id))
_SOURCES = select(source_state.c.id, source_state.c.name, source_state.c.tier)


def story_page(connection: Connection, query: StoryQuery, now: datetime) -> StoryPage:
    """Return a page of the stories that are asked for, each with all its acts, and where the next one begins.

    While stories come in, pages in the order NEWEST show each one once: what was stored after the first page was asked for
    neither is in them nor moves another.
    """
    through = query.after.through if query.after else connection.execute(_LAST).scalar() or 0
    chains = _stories_of(connection, [row.story_id for row in connection.execute(_met(query, through))])
    since = now - query.growing
    if query.order is StoryOrder.NEWEST:
        ranked = sorted(((chain.place(through), chain) for chain in chains), key=itemgetter(0), reverse=True)
        if query.after:
            last = (query.after.began_at, query.after.story_id)
            ranked = [one for one in ranked if one[0] < last]
        page = ranked[: query.limit]
        more = StoryCursor(*page[-1][0], through, query.since, query.until) if len(ranked) > len(page) > 0 else None
        return StoryPage(_records(connection, [chain for _, chain in page], since), more)
    orders = {
        StoryOrder.GROWTH: lambda chain: (chain.growth(since), chain.last_seen_at),
        StoryOrder.OUTLETS: lambda chain: (len(chain.outlets), chain.last_seen_at),
    }
    wanted = sorted(chains, key=orders[query.order], reverse=True)[: query.limit]
    return StoryPage(_records(connection, wanted, since))


def one_story(connection: Connection, story_id: str, query: StoryQuery, now: datetime) -> StoryRecord | None:
    """Return the story that an act belongs to; None where there is none of that id."""
    return next(iter(_records(connection, _stories_of(connection, [story_id])[:1], now - query.growing)), None)


def outlet_counts(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """Return how many outlets tell each story of those ids, each act by itself."""
    return {row.story_id: row.outlets for row in _asked(connection, _OUTLETS, ids)}


def acts_of(connection: Connection, story_id: str) -> tuple[str, ...]:
    """Return the ids of all acts of the story that one of them is, oldest first."""
    found = _with_all_acts(connection, [story_id])
    return tuple(sorted(found, key=lambda one: (found[one].first_seen_at, one)))


def _met(query: StoryQuery, through: int) -> Select[tuple[str]]:
    """Return the question for the acts that have hits in articles up to that number, those of the latest hits first."""
    latest = func.max(hit.c.id)
    statement = select(article.c.story_id).select_from(hit.join(article, article.c.id == hit.c.article_id))
    if query.rule:
        statement = statement.where(hit.c.rule_id == query.rule)
    if query.since is not None:
        statement = statement.where(hit.c.created_at >= query.since)
    if query.until is not None:
        statement = statement.where(hit.c.created_at < query.until)
    statement = statement.where(hit.c.article_id <= through)
    return statement.group_by(article.c.story_id).order_by(latest.desc()).limit(MOST_LOOKED_AT)


def _stories_of(connection: Connection, ids: Collection[str]) -> list[_Acts]:
    """Return the stories that acts of those ids belong to, in no particular order."""
    acts = _with_all_acts(connection, ids)
    spread = _by_story(_asked(connection, _SPREAD, acts))
    tiers = {row.id: row.tier for row in connection.execute(_SOURCES)}
    chains = [_Acts(root, found, spread, tiers) for root, found in _chains(acts).items()]
    return [chain for chain in chains if chain.rows]


def _records(connection: Connection, wanted: Sequence[_Acts], since: datetime) -> tuple[StoryRecord, ...]:
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
        root: str,
        acts: Sequence[Row[Any]],
        spread: Mapping[str, Sequence[Row[Any]]],
        tiers: Mapping[str, int],
    ) -> None:
        self.root = root
        self.acts = acts
        self.by_act = {act.id: spread.get(act.id, ()) for act in acts}
        self.rows = [row for rows in self.by_act.values() for row in rows]
        self.outlets: dict[str, Row[Any]] = {}
        for row in sorted(self.rows, key=lambda row: (row.first_seen_at, tiers.get(row.source_id, TIER), row.first_id)):
            self.outlets.setdefault(row.source_id, row)

    @property
    def last_act(self) -> Row[Any]:
        return self.acts[-1]

    def place(self, through: int) -> tuple[datetime, str]:
        """Return when the last act began that had an article up to that number, and the story's id."""
        known = [act for act in self.acts if any(row.first_id <= through for row in self.by_act[act.id])]
        return (known or self.acts)[-1].first_seen_at, self.root

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
        id=chain.root,
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


def _with_all_acts(connection: Connection, ids: Iterable[str]) -> dict[str, Row[Any]]:
    """Return the stories of those ids with the acts before and behind each."""
    known = {row.id: row for row in _asked(connection, _BY_ID, list(ids))}
    fresh = list(known.values())
    for _ in range(_MOST_ACTS):
        before = {row.continues for row in fresh if row.continues} - known.keys()
        found = [*_asked(connection, _BY_ID, before), *_asked(connection, _NEXT, [row.id for row in fresh])]
        fresh = [row for row in found if row.id not in known]
        if not fresh:
            break
        known |= {row.id: row for row in fresh}
    return known


def _chains(acts: Mapping[str, Row[Any]]) -> dict[str, list[Row[Any]]]:
    """Return acts by the first one of their chain, oldest first."""
    roots: dict[str, str] = {}
    for one in acts:
        way = [one]
        while (before := acts[way[-1]].continues) in acts and before not in roots and before not in way:
            way.append(before)
        roots |= dict.fromkeys(way, roots.get(before, way[-1]))
    chains: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for act in sorted(acts.values(), key=lambda act: (act.first_seen_at, act.id)):
        chains[roots[act.id]].append(act)
    return chains


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
