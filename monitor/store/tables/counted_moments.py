"""When the stories, or the articles, that met a rule came: what rules over counts count, asked by both halves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import BindParameter, Connection, bindparam, exists, func, select

from monitor.model.counting import CountUnit
from monitor.store.db.dialects import UtcDateTime
from monitor.store.tables.hit_numbers import CLOCK, numbered_since
from monitor.store.tables.schema import article, entry, hit

_RULE: BindParameter[str] = bindparam("rule")
_SINCE = bindparam("since", type_=UtcDateTime())
_UNTIL = bindparam("until", type_=UtcDateTime())
FRESH: Final = ~exists().where(entry.c.article_id == article.c.id, entry.c.baseline)
"""What stood on a list before its source was watched all comes at once, and is no news."""

_earlier, _earlier_hit = article.alias(), hit.alias()
# A hit is stored after its article was seen, so that a window has only hits behind a number, which an index knows. What rematching finds in old articles counts when they came.
_FOUND = bindparam("found", type_=UtcDateTime())
_MET: Final = (
    select(article.c.story_id, article.c.first_seen_at)
    .join(hit, hit.c.article_id == article.c.id)
    .where(hit.c.rule_id == _RULE, numbered_since(_FOUND))
    .where(article.c.first_seen_at > _SINCE, article.c.first_seen_at <= _UNTIL, FRESH)
    .subquery()
)
_BEGUN_BEFORE: Final = (
    exists()
    .where(_earlier.c.story_id == _MET.c.story_id, _earlier.c.first_seen_at <= _SINCE)
    .where(_earlier_hit.c.article_id == _earlier.c.id, _earlier_hit.c.rule_id == _RULE)
    .where(~exists().where(entry.c.article_id == _earlier.c.id, entry.c.baseline))
)
_ARTICLES: Final = select(_MET.c.first_seen_at).order_by(_MET.c.first_seen_at)
_FIRST: Final = func.min(_MET.c.first_seen_at, type_=UtcDateTime())
_STORIES: Final = select(_FIRST).where(~_BEGUN_BEFORE).group_by(_MET.c.story_id).order_by(_FIRST)


def counted_moments(
    connection: Connection, rule_id: str, unit: CountUnit, since: datetime, until: datetime
) -> Sequence[datetime]:
    """Return when stories or articles that met a rule came, after `since` and up to `until` (UTC), ascending.

    A story counts once, when the first of its articles that met the rule was seen, and not when that was before.
    """
    query = _STORIES if unit == "stories" else _ARTICLES
    wanted = {"rule": rule_id, "since": since, "until": until, "found": since - CLOCK}
    return connection.execute(query, wanted).scalars().all()
