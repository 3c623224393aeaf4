"""A silence holds from the moment it is stored, keeps hits back with its number, and stays after its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from monitor.model.delivery import DeliveryState
from monitor.model.health import Alarm, Bilingual, Day, HealthWrite, Notice, SourceProblem
from monitor.model.notification import LONGEST, NewSilence, Notification, Situation
from monitor.model.operator import OperatorNotice
from monitor.model.plan import Plan
from monitor.model.records import DeliveryQuery
from monitor.model.story import Signature
from monitor.notify.policy import decide_event, decide_hits
from monitor.schedule.calendar import CALENDAR
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.health_store import HealthStore
from monitor.store.write.outbox import Outbox
from monitor.store.write.silence_store import SilenceStore
from tests.contracts.invented import NOW, article, channel, composed, hit, later, plan, render

PLAN: Plan = plan(channels=(channel(),))


@pytest.fixture
def silence_store(db: Database) -> SilenceStore:
    """The store of silences."""
    return SilenceStore(db)


def wanted(until: float = 3600.0, **named: Any) -> NewSilence:  # noqa: ANN401 - any field of the value
    values: dict[str, Any] = {"created_at": NOW, "ends_at": later(until), "author": "kim", "why": "점검"}
    return NewSilence(**(values | named))


async def told(article_store: ArticleStore, key: str, seconds: float = 1.0) -> tuple[str, ...]:
    """Store an article with one hit and decide as the daemon does; return the messages that were made."""

    def decide(situation: Situation) -> Sequence[Notification]:
        return decide_hits(situation, PLAN, calendar=CALENDAR)

    write = ArticleWrite(None, article(key), Signature(), (hit(),))
    return (await article_store.commit(write, decide, composed(render), later(seconds))).deliveries


async def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await db.read(lambda connection: connection.execute(text(query)).all())]


async def test_a_hit_is_kept_back_with_the_silence_that_covers_it(
    db: Database, url: str, article_store: ArticleStore, silence_store: SilenceStore
) -> None:
    assert len(await told(article_store, "before")) == 1
    other = await silence_store.add(wanted(rule_id="stargate"))
    number = await silence_store.add(wanted(rule_id="openai", source_id="herald"))
    assert number > other
    assert await told(article_store, "during") == ()
    found = await rows(db, "SELECT state, reason, silence_id FROM v_notifications WHERE state <> 'queued'")
    assert found == [("suppressed", "silenced", number)]
    query = "SELECT silence_id, silence_author, silence_why, state FROM v_deliveries ORDER BY id"
    assert await rows(db, query) == [(None, None, None, "pending"), (number, "kim", "점검", "suppressed")]
    with SqlReader(url) as reader:
        (record,) = reader.chosen_deliveries(DeliveryQuery(rule="openai"), DeliveryState.SUPPRESSED)
    assert (record.silence_id, record.silence_author, record.silence_why) == (number, "kim", "점검")
    assert record.silence_ends_at == later(3600)


async def test_a_silence_ends_by_itself_or_before_and_stays(
    url: str, article_store: ArticleStore, silence_store: SilenceStore
) -> None:
    number = await silence_store.add(wanted(60, word="오픈ai"))
    assert await told(article_store, "k1", 59) == ()
    assert len(await told(article_store, "k2", 60)) == 1, "over by itself"
    longer = await silence_store.add(wanted(600, source_id="herald"))
    assert await told(article_store, "k3", 61) == ()
    assert await silence_store.end(longer, later(62)) is True
    assert len(await told(article_store, "k4", 63)) == 1
    assert await silence_store.end(longer, later(64)) is False, "a second time"
    assert await silence_store.end(number, later(64)) is False, "over by itself"
    assert await silence_store.end(longer + 1, later(64)) is None
    with SqlReader(url) as reader:
        last, first = reader.silences()
    assert (first.id, first.word, first.ended_at, first.ends_at) == (number, "오픈ai", None, later(60))
    assert (last.id, last.source_id, last.ended_at, last.author, last.why) == (
        longer,
        "herald",
        later(62),
        "kim",
        "점검",
    )
    moments = (NOW - timedelta(seconds=1), NOW, later(61), later(62))
    assert [last.in_force(moment) for moment in moments] == [False, True, True, False]
    assert [first.in_force(moment) for moment in (later(59), later(60))] == [True, False]


async def test_what_was_kept_back_can_be_sent_after_all(
    db: Database, article_store: ArticleStore, silence_store: SilenceStore, outbox: Outbox
) -> None:
    await silence_store.add(wanted())
    await told(article_store, "k1")
    ((identity,),) = await rows(db, "SELECT id FROM notification")
    assert await outbox.replay([identity], composed(render), later(5)) == ((identity, "released"),)
    assert await rows(db, "SELECT state, silence_id FROM v_notifications") == [("queued", None)]
    assert await rows(db, "SELECT state, silence_id FROM v_deliveries") == [("pending", None)]


async def test_only_a_silence_of_its_source_covers_an_event(db: Database, silence_store: SilenceStore) -> None:
    operated = replace(PLAN, operator_channels=("desk",))
    alarm = Alarm(SourceProblem.STALE, NOW, Bilingual("s", "봄"), Bilingual("a", "조치"))

    async def broken(source_id: str) -> tuple[str, ...]:
        notice = Notice(broken=True, alarm=alarm, at=NOW, source_id=source_id, source_name=source_id)
        judged = HealthWrite({}, None, NOW, None, (notice,), Day("", 0, 0))

        def decide(notice: Notice | OperatorNotice, history: Any, now: Any) -> Sequence[Notification]:  # noqa: ANN401 - as the store hands them
            return decide_event(notice, history, now, plan=operated, calendar=CALENDAR)

        return (await HealthStore(db).examine(source_id, lambda *_: judged, decide, composed(render)))[1]

    await silence_store.add(wanted())
    assert len(await broken("herald")) == 1, "everything does not mean the alarms"
    number = await silence_store.add(wanted(source_id="daily"))
    assert await broken("daily") == ()
    assert await rows(db, "SELECT silence_id FROM v_notifications WHERE state = 'suppressed'") == [(number,)]


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_at": NOW},
        {"ends_at": NOW - timedelta(seconds=1)},
        {"ends_at": NOW + LONGEST + timedelta(seconds=1)},
        {"why": " "},
        {"author": ""},
    ],
)
def test_a_silence_without_end_reason_or_owner_is_refused(changes: dict[str, Any]) -> None:
    assert wanted(1).rule_id == ""
    with pytest.raises(ValueError, match="a silence"):
        wanted(1, **changes)
