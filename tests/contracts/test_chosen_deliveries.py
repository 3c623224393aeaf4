"""Deliveries by what is asked of them are those of the whole view, whichever way the database goes to them."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import Connection, text

from monitor.model.records import DeliveryQuery
from monitor.store.db.database import Database
from monitor.store.read import chosen_deliveries
from monitor.store.read.queries import SqlReader
from monitor.store.tables.schema import delivery, notification
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.source_store import SourceStore
from tests.contracts.invented import NOW
from tests.contracts.test_hits import RULES, SOURCES, stored
from tests.contracts.test_repeats import EACH, PLAN, taken, turn

STATES = ("", "pending", "done", "dead", "held", "suppressed")
_WHOLE = text("""
SELECT v.id FROM v_deliveries AS v WHERE (CAST(:state AS TEXT) = '' OR v.state = :state) AND (:every OR CAST(:state AS TEXT) <> '' OR v.state <> 'suppressed')
AND (CAST(:channel AS TEXT) = '' OR v.channel_id = :channel) AND (CAST(:before AS TEXT) = '' OR v.id < :before)
AND (CAST(:rule AS TEXT) = '' AND CAST(:source AS TEXT) = '' AND CAST(:story AS TEXT) = '' AND :hit = 0 AND :article = 0 OR EXISTS (
    SELECT 1 FROM notification AS n LEFT JOIN event AS e ON e.id = n.event_id
    JOIN hit AS h ON h.id = n.hit_id OR h.id = e.hit_id JOIN article AS a ON a.id = h.article_id
    WHERE v.id = CASE WHEN n.delivery_id IS NULL THEN n.id ELSE n.delivery_id END
    AND (CAST(:rule AS TEXT) = '' OR h.rule_id = :rule) AND (CAST(:source AS TEXT) = '' OR h.source_id = :source)
    AND (:hit = 0 OR h.id = :hit) AND (:article = 0 OR h.article_id = :article)
    AND (CAST(:story AS TEXT) = '' OR a.story_id = :story)
))
ORDER BY v.id DESC LIMIT :most
""")  # every row of the view, and all that it tells of


def joined(connection: Connection) -> None:
    """Have messages tell of several hits, of other rules and sources, as those do that are grouped; and some be done, or dead."""
    waiting = connection.execute(delivery.select().order_by(delivery.c.id)).all()
    for number, row in enumerate(waiting):
        if number % 3 == 2:
            moved = notification.update().where(notification.c.delivery_id == row.id)
            connection.execute(moved.values(delivery_id=waiting[number - 1].id))
            connection.execute(delivery.delete().where(delivery.c.id == row.id))
        elif number % 4:
            connection.execute(
                delivery.update().where(delivery.c.id == row.id).values(state=("done", "dead")[number % 2])
            )


def asked(draw: random.Random, ids: list[str], hits: int, stories: tuple[str, ...]) -> tuple[DeliveryQuery, str, int]:
    """Return a question, a state and how many are wanted."""

    def maybe(*values: str) -> str:
        return draw.choice(("", *values))

    query = DeliveryQuery(
        channel=maybe("desk", "nobody"),
        rule=draw.choice((*RULES, "openai", "")),
        source=draw.choice((*SOURCES, "", "")),
        hit=draw.randint(1, hits) if draw.random() < 0.2 else None,
        article=draw.randint(1, hits // 2) if draw.random() < 0.2 else None,
        before=maybe(draw.choice(ids)),
        story=draw.choice((*stories, "none")) if draw.random() < 0.2 else "",
    )
    return query, draw.choice(STATES), draw.choice((1, 3, 10, 1_000))


async def whole(db: Database, query: DeliveryQuery, state: str, limit: int, *, suppressed: bool) -> list[str]:
    """Return what the plain question finds."""
    values = {name: getattr(query, name) for name in ("channel", "rule", "source", "before", "story")}
    numbers = {name: getattr(query, name) or 0 for name in ("hit", "article")}
    asked = _WHOLE.bindparams(**values, **numbers, state=state, most=limit, every=suppressed)
    return list(await db.read(lambda connection: connection.execute(asked).scalars().all()))


@pytest.mark.parametrize(
    ("few", "walked"),
    [(2_000, 10_000), (0, 1), (0, 7), (0, 10_000)],
    ids=["by their hits", "by their hits at last", "as far as they are met", "all are met"],
)
async def test_each_way_finds_what_the_whole_view_holds(
    article_store: ArticleStore, db: Database, url: str, monkeypatch: pytest.MonkeyPatch, few: int, walked: int
) -> None:
    draw = random.Random(5)
    await SourceStore(db).sync_plan(PLAN, NOW)
    await taken(db, NOW)
    await turn(db, EACH)
    told = await stored(article_store, draw, 30)
    await db.write(joined)
    monkeypatch.setattr(chosen_deliveries, "_FEW", few)
    monkeypatch.setattr(chosen_deliveries, "_WALKED", walked)
    monkeypatch.setattr(chosen_deliveries, "_LEAST", 2)

    with SqlReader(url) as reader:
        ids = [one.id for one in reader.deliveries(limit=1_000)]
        assert len(ids) > 40
        stories = reader.stories_of_hits(range(1, 2 * len(told)))
        for _ in range(60):
            query, state, limit = asked(draw, ids, len(told), stories)
            suppressed = draw.random() < 0.5
            found = reader.chosen_deliveries(query, state, limit, suppressed=suppressed)
            assert [one.id for one in found] == await whole(db, query, state, limit, suppressed=suppressed)
