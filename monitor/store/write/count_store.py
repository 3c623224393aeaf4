"""What rules over counts count: when the stories, or the articles, that met a rule came, and the words beside what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, select

from monitor.model.count_notice import TermArticle
from monitor.model.counting import CountUnit
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime
from monitor.store.tables.counted_moments import FRESH, counted_moments
from monitor.store.tables.rows import matches_of
from monitor.store.tables.schema import article, hit, source_state

_RULE: BindParameter[str] = bindparam("rule")
_SINCE = bindparam("since", type_=UtcDateTime())


@dataclass(frozen=True, slots=True)
class TermHit:
    """A hit as far as new terms are looked for in it: its number, what was found, and the words around it."""

    id: int
    words: tuple[str, ...]
    text: str
    article: TermArticle
    story_id: str
    seen_at: datetime
    found_at: datetime


_TERM_HITS: Final = (
    select(
        hit.c.id,
        hit.c.spans,
        hit.c.excerpt,
        hit.c.created_at,
        article.c.id.label("article_id"),
        article.c.url,
        article.c.title,
        article.c.source_id,
        article.c.story_id,
        article.c.first_seen_at,
        func.coalesce(source_state.c.name, "").label("source_name"),
    )
    .select_from(
        hit.join(article, article.c.id == hit.c.article_id).outerjoin(
            source_state, source_state.c.id == article.c.source_id
        )
    )
    .where(hit.c.rule_id == _RULE, hit.c.id > bindparam("after"), article.c.first_seen_at > _SINCE, FRESH)
    .order_by(hit.c.id)
    .limit(bindparam("most"))
)


def _term_hit(row: Row[*tuple[Any, ...]]) -> TermHit:
    found = {word for match in matches_of(row.spans) for word in (match.term, match.alias, match.surface)}
    about = TermArticle(row.article_id, row.url, row.title, row.source_id, row.source_name)
    text = f"{row.title}\n{row.excerpt}"
    return TermHit(row.id, tuple(sorted(found)), text, about, row.story_id, row.first_seen_at, row.created_at)


class CountStore:
    """Counts of hits, as rules over counts ask for them."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def moments(self, rule_id: str, unit: CountUnit, since: datetime, until: datetime) -> Sequence[datetime]:
        """Return when stories or articles that met a rule came, after `since` and up to `until` (UTC), ascending.

        A story counts once, when the first of its articles that met the rule was seen, and not when that was before. Raises
        StoreError.
        """
        return await self._db.read(lambda connection: counted_moments(connection, rule_id, unit, since, until))

    async def term_hits(self, rule_id: str, since: datetime, after: int, most: int) -> Sequence[TermHit]:
        """Return the next `most` hits of a rule behind the number `after` in articles seen after `since`. Raises StoreError."""
        wanted = {"rule": rule_id, "since": since, "after": after, "most": most}

        def ask(connection: Connection) -> Sequence[TermHit]:
            return [_term_hit(row) for row in connection.execute(_TERM_HITS, wanted)]

        return await self._db.read(ask)
