"""How long news is on its way: of each source and channel what half and nineteen of twenty stay under, over a day.

Each is measured on the newest MEASURED rows, found by index, so that a question costs the same however much is stored. A
question about many looks at fewer rows of each, at IN_ALL together, but never at fewer than FEWEST of one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Row, bindparam, exists, select

from monitor.model.latency import Quantiles, elapsed, quantiles
from monitor.store.db.dialects import UtcDateTime
from monitor.store.tables.schema import article, delivery, entry, hit, notification

MEASURED, IN_ALL, FEWEST = 500, 3_000, 20
WINDOW: Final = timedelta(hours=24)

_since = bindparam("since", type_=UtcDateTime())
_newest_articles = (
    select(article.c.id, article.c.published_at, article.c.first_seen_at)
    .where(article.c.source_id == bindparam("id"), article.c.stored_at >= _since)
    .order_by(article.c.stored_at.desc())
    .limit(bindparam("most"))
    .subquery()
)
# What stood on the list before the source was watched says nothing of how soon it is seen.
_PUBLISHED_TO_SEEN = select(_newest_articles.c.published_at, _newest_articles.c.first_seen_at).where(
    _newest_articles.c.published_at.is_not(None),
    ~exists().where(entry.c.article_id == _newest_articles.c.id, entry.c.baseline),
)
_newest_hits = (
    select(hit.c.id, hit.c.article_id)
    .where(hit.c.source_id == bindparam("id"), hit.c.created_at >= _since)
    .order_by(hit.c.created_at.desc())
    .limit(bindparam("most"))
    .subquery()
)
_SEEN_TO_SENT = (
    select(article.c.first_seen_at, delivery.c.done_at)
    .select_from(
        _newest_hits.join(article, article.c.id == _newest_hits.c.article_id)
        .join(notification, notification.c.hit_id == _newest_hits.c.id)
        .join(delivery, delivery.c.id == notification.c.delivery_id)
    )
    .where(delivery.c.done_at.is_not(None))
)
_newest_messages = (
    select(delivery.c.created_at, delivery.c.done_at)
    .where(delivery.c.channel_id == bindparam("id"), delivery.c.seq < bindparam("before"))
    .order_by(delivery.c.seq.desc())
    .limit(bindparam("most"))
    .subquery()
)
_MADE_TO_SENT = select(_newest_messages).where(_newest_messages.c.done_at >= _since)
_NO_HEAD: Final = 1 << 62


def source_latencies(
    connection: Connection, source_ids: Collection[str], now: datetime
) -> Mapping[str, tuple[Quantiles, Quantiles]]:
    """Return for each source how long from publication until it is seen, and from then until a receiver takes it."""
    most = _most(len(source_ids))
    found = {}
    for source_id in source_ids:
        wanted = {"id": source_id, "since": now - WINDOW, "most": most}
        found[source_id] = (
            _of(connection.execute(_PUBLISHED_TO_SEEN, wanted)),
            _of(connection.execute(_SEEN_TO_SENT, wanted)),
        )
    return found


def channel_latencies(
    connection: Connection, heads: Mapping[str, int | None], now: datetime
) -> Mapping[str, Quantiles]:
    """Return how long the messages of each channel were on their way.

    `heads` has the seq of the first that is still to be sent, None where nothing is: those behind it are not looked at.
    """
    most = _most(len(heads))
    found = {}
    for channel_id, head in heads.items():
        before = _NO_HEAD if head is None else head
        wanted = {"id": channel_id, "before": before, "since": now - WINDOW, "most": most}
        found[channel_id] = _of(connection.execute(_MADE_TO_SENT, wanted))
    return found


def _most(subjects: int) -> int:
    """Return how many rows of each subject are looked at when there are so many."""
    return min(MEASURED, max(FEWEST, IN_ALL // max(1, subjects)))


def _of(rows: Iterable[Row[datetime | None, datetime | None]]) -> Quantiles:
    return quantiles(elapsed(since, until) for since, until in rows)
