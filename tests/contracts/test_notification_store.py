"""What is held is told once, with its group, when it is due; and a decision sees what was told before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from monitor.model.delivery import MessageDraft
from monitor.model.escalation import NEW
from monitor.model.health import Alarm, Bilingual, Day, HealthWrite, Notice, SourceProblem
from monitor.model.notification import History, Notification, OpenGroup, Silence, Situation, Suppression, Told
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.tables.schema import silence
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.health_store import HealthStore
from monitor.store.write.notification_store import AT_ONCE, NotificationStore
from monitor.store.write.outbox import Outbox
from tests.contracts.invented import NOW, article, composed, finding, hit, keep, later, reading, render
from tests.contracts.reports import signed, told

SOON = later(60)

MOST = 8


@pytest.fixture
def notification_store(db: Database) -> NotificationStore:
    """The store of notifications that wait."""
    return NotificationStore(db)


def held(channel: str = "desk", *, group: str = "g", until: datetime = SOON, rule: str = "openai") -> Notification:
    return Notification(channel, rule, group_key=group, not_before=until)


async def decided(
    article_store: ArticleStore, key: str, *decisions: Notification, now: datetime = NOW, rule: str = "openai"
) -> tuple[str, ...]:
    """Store an article with one hit, about which that is decided; return the messages that were made."""
    write = ArticleWrite(None, article(key), Signature(), (hit(rule),))
    return (await article_store.commit(write, lambda _: decisions, composed(render), now)).deliveries


async def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await db.read(lambda connection: connection.execute(text(query)).all())]


async def test_what_is_held_is_told_when_it_is_due_with_those_of_its_group(
    db: Database, article_store: ArticleStore, notification_store: NotificationStore, outbox: Outbox
) -> None:
    assert await decided(article_store, "k1", held(), held("night")) == ()
    assert await decided(article_store, "k2", held(until=later(90)), held("night", group="other")) == ()
    assert await notification_store.due_groups(later(59), 10) == ()
    assert await rows(db, "SELECT count(*) FROM delivery") == [(0,)]
    due = await notification_store.due_groups(later(60), 10)
    assert due == (("desk", "g"), ("night", "g"), ("night", "other"))
    assert await notification_store.due_groups(later(60), 1) == (("desk", "g"),)
    (message,) = await notification_store.flush("desk", "g", MOST, composed(render), later(60))
    assert await outbox.due_deliveries(later(60), 10) == (message,)
    assert await rows(db, f"SELECT type, notifications, seq FROM v_deliveries WHERE id = '{message}'") == [  # noqa: S608 - ours
        ("digest", 2, 1)
    ]
    assert await notification_store.flush("desk", "g", MOST, composed(render), later(61)) == (), "a second time"
    assert await notification_store.flush("night", "g", MOST, composed(render), later(61)) != ()
    assert await notification_store.due_groups(later(999), 10) == (("night", "other"),)


async def test_what_is_held_stands_in_nobodys_way(
    article_store: ArticleStore, notification_store: NotificationStore, db: Database
) -> None:
    await decided(article_store, "k1", held(until=later(60)))
    (first,) = await decided(article_store, "k2", Notification("desk", "openai"))
    (second,) = await notification_store.flush("desk", "g", MOST, composed(render), later(60))
    assert await rows(db, "SELECT id, seq FROM delivery ORDER BY seq") == [(first, 1), (second, 2)]


async def test_the_message_of_one_notification_bears_its_id(
    article_store: ArticleStore, notification_store: NotificationStore, db: Database
) -> None:
    await decided(article_store, "k1", held(), Notification("night", "openai"))
    assert sorted(await rows(db, "SELECT channel_id, state FROM v_notifications")) == [
        ("desk", "held"),
        ("night", "queued"),
    ]
    await notification_store.flush("desk", "g", MOST, composed(render), later(60))
    found = await rows(db, "SELECT id, delivery_id, state, group_key FROM v_notifications")
    assert all(identity == delivery and state == "queued" for identity, delivery, state, _ in found)
    assert sorted(group for *_, group in found) == ["", "g"], "it stays known which group a message was made of"


async def test_a_large_group_becomes_several_messages_and_none_is_left(
    article_store: ArticleStore, notification_store: NotificationStore, db: Database
) -> None:
    many = MOST + 3
    await asyncio.gather(*(decided(article_store, f"k{number:03}", held()) for number in range(many)))
    assert many < AT_ONCE
    first, second = await notification_store.flush("desk", "g", MOST, composed(render), later(60))
    told = dict(await rows(db, "SELECT id, notifications FROM v_deliveries"))
    assert told == {first: MOST, second: 3}


async def test_a_group_goes_as_a_whole_however_many_wait_and_whoever_of_them_is_due(
    article_store: ArticleStore, notification_store: NotificationStore, db: Database
) -> None:
    late, soon = AT_ONCE + 3, 2
    await asyncio.gather(*(decided(article_store, f"a{number:03}", held(until=later(3600))) for number in range(late)))
    await asyncio.gather(*(decided(article_store, f"b{number:03}", held(until=later(60))) for number in range(soon)))
    turns = 0
    while due := await notification_store.due_groups(later(120), 10):
        assert due == (("desk", "g"),)
        assert await notification_store.flush("desk", "g", MOST, composed(render), later(120)) != ()
        turns += 1
    assert turns == 2
    assert await rows(db, "SELECT state, count(*) FROM v_notifications GROUP BY state") == [("queued", late + soon)]


async def test_what_was_kept_back_and_is_told_later_was_told_then(article_store: ArticleStore, outbox: Outbox) -> None:
    first = signed(told(1, "k1", NOW))
    write = ArticleWrite(None, first.article, first.signature, (hit(),))
    kept_back = Notification("desk", "openai", Suppression.BASELINE)
    written = await article_store.commit(write, lambda _: [kept_back], composed(render), NOW)
    assert written.deliveries == ()
    again = ArticleWrite(None, first.article, first.signature, (hit(),))
    await article_store.commit(
        again, lambda _: [Notification("desk", "openai", levels=(NEW,))], composed(render), later(90)
    )
    second = signed(told(1, "k2", later(120), "daily"))
    await asked(article_store, ArticleWrite(None, second.article, second.signature, (hit(),)), later(120))
    assert ANSWERS[1] == Told(frozenset({NEW}), later(90))
    assert len(await outbox.due_deliveries(later(120), 9)) == 1


async def test_a_body_that_cannot_be_composed_leaves_the_group_waiting(
    article_store: ArticleStore, notification_store: NotificationStore
) -> None:
    def refuse(_message: MessageDraft) -> bytes:
        raise ValueError("no body")

    await decided(article_store, "k1", held())
    with pytest.raises(ValueError, match="no body"):
        await notification_store.flush("desk", "g", MOST, refuse, later(60))
    assert await notification_store.due_groups(later(60), 10) == (("desk", "g"),)
    assert len(await notification_store.flush("desk", "g", MOST, composed(render), later(61))) == 1


async def test_a_group_that_two_processes_flush_is_told_once(url: str, article_store: ArticleStore) -> None:
    for number in range(4):
        await decided(article_store, f"k{number}", held())
    databases = [Database(url) for _ in range(3)]
    stores = [NotificationStore(one) for one in databases]
    made = await asyncio.gather(*(store.flush("desk", "g", MOST, composed(render), later(60)) for store in stores * 3))
    assert len([identity for messages in made for identity in messages]) == 1
    for one in databases:
        await one.aclose()


async def test_events_and_hits_wait_together(
    db: Database, article_store: ArticleStore, notification_store: NotificationStore
) -> None:
    alarm = Alarm(SourceProblem.STALE, NOW, Bilingual("summary", "봄"), Bilingual("action", "조치"))
    notice = Notice(broken=True, alarm=alarm, at=NOW, source_id="herald", source_name="한빛")
    judged = HealthWrite({}, None, NOW, None, (notice,), Day("", 0, 0))
    items: list[object] = []

    def note(message: MessageDraft) -> bytes:
        items.extend(message.items)
        return b"digest"

    await HealthStore(db).examine("herald", lambda *_: judged, lambda *_: [held(rule="")], note)
    await decided(article_store, "k1", held())
    await notification_store.flush("desk", "g", MOST, note, later(60))
    event, about_hit = items
    assert event == notice, "what was stored comes back as it was"
    assert about_hit.article == article("k1")  # type: ignore[attr-defined] # a MessageContext
    assert await rows(db, "SELECT type, title FROM v_notifications WHERE hit_id IS NULL") == [
        ("source.broken", "source.broken: 한빛: stale")
    ]


async def test_held_and_suppressed_are_listed_beside_messages(url: str, article_store: ArticleStore) -> None:
    await decided(article_store, "k1", held(), Notification("night", "openai", Suppression.SILENCED))
    await decided(article_store, "k2", Notification("desk", "openai"))
    with SqlReader(url) as reader:
        everything = [(row.state, row.channel_id, row.reason) for row in reader.deliveries()]
        assert sorted(everything) == [
            ("held", "desk", ""),
            ("pending", "desk", ""),
            ("suppressed", "night", "silenced"),
        ]
        assert [row.due_at for row in reader.deliveries("held")] == [later(60)]
        assert sorted(row.state for row in reader.deliveries(suppressed=False)) == ["held", "pending"]
        assert [row.state for row in reader.deliveries("suppressed", suppressed=False)] == ["suppressed"]
        assert [row.state for row in reader.deliveries(limit=2)] == [row[0] for row in everything[:2]]


async def test_a_hit_whose_alert_is_held_says_so(db: Database, article_store: ArticleStore) -> None:
    await decided(article_store, "k1", held(), Notification("night", "openai", Suppression.BASELINE))
    assert await rows(db, "SELECT alerted FROM v_hits") == [("held",)]


async def test_a_held_notification_can_be_told_at_once(
    article_store: ArticleStore, outbox: Outbox, notification_store: NotificationStore, db: Database
) -> None:
    await decided(article_store, "k1", held())
    ((identity,),) = await rows(db, "SELECT id FROM v_notifications")
    assert await outbox.replay([identity], composed(render), later(5)) == ((identity, "released"),)
    assert await outbox.due_deliveries(later(5), 10) == (identity,)
    assert await notification_store.flush("desk", "g", MOST, composed(render), later(60)) == ()


async def asked(article_store: ArticleStore, write: ArticleWrite, now: datetime = NOW) -> Situation:
    """Store it and return what the decision could see; questions are answered while the transaction lasts."""
    seen: list[Situation] = []
    questions: list[tuple[object, ...]] = []

    def decide(situation: Situation) -> Sequence[Notification]:
        seen.append(situation)
        questions.append(answers(situation.history))
        return [Notification("desk", stored.hit.rule_id, levels=(NEW,)) for stored in situation.hits if stored.new]

    await article_store.commit(write, decide, composed(render), now)
    ANSWERS[:] = questions[-1]
    return seen[-1]


ANSWERS: list[object] = []


def answers(history: History) -> tuple[object, ...]:
    return (
        history.outlets(),
        history.told_of_story("openai", "desk"),
        history.latest_messages("desk", 10),
        tuple(history.silences()),
    )


async def test_a_decision_sees_the_story_and_what_was_told_of_it(article_store: ArticleStore) -> None:
    first = signed(told(1, "k1", NOW))
    write = ArticleWrite(None, first.article, first.signature, (hit(),))
    alone = await asked(article_store, write)
    assert (alone.story.articles, alone.story.outlets) == (1, 1)
    assert [{"herald": NOW}, Told(), (), ()] == ANSWERS
    second = signed(told(1, "k2", later(60), "daily"))
    write = ArticleWrite(None, second.article, second.signature, (hit(), hit("stargate")))
    joined = await asked(article_store, write, later(60))
    assert (joined.story.id, joined.story.articles, joined.story.outlets) == (alone.story.id, 2, 2)
    assert [{"herald": NOW, "daily": later(60)}, Told(frozenset({NEW}), NOW), (NOW,), ()] == ANSWERS
    other = signed(told(2, "k3", later(90)))
    write = ArticleWrite(None, other.article, other.signature, (hit(),))
    await asked(article_store, write, later(90))
    assert ANSWERS[:3] == [{"herald": later(90)}, Told(), (later(60), later(60), NOW)], (
        "another story; the newest message first"
    )


async def test_suppressed_notifications_are_not_told(article_store: ArticleStore) -> None:
    await keep(article_store, reading("k1", finding(suppressed=Suppression.BASELINE)), render, NOW)

    def decide(situation: Situation) -> Sequence[Notification]:
        assert situation.history.told_of_story("openai", "desk") == Told()
        assert situation.history.open_groups("desk") == ()
        return [held(until=later(120)), held(group="a", until=later(60))]

    write = ArticleWrite(None, article("k2"), Signature(), (hit(),))
    await article_store.commit(write, lambda situation: decide(situation)[:1], composed(render), NOW)

    def again(situation: Situation) -> Sequence[Notification]:
        assert tuple(situation.history.open_groups("desk")) == (OpenGroup("g", NOW, later(120), 1),)
        return ()

    await article_store.commit(ArticleWrite(None, article("k3"), Signature(), (hit(),)), again, composed(render), NOW)


async def test_silences_in_force_are_seen(db: Database, article_store: ArticleStore) -> None:
    rows = [
        {"rule_id": "openai", "ends_at": later(60), "why": "planned"},
        {"source_id": "herald", "ends_at": later(60)},
        {"source_id": "daily", "ends_at": later(60)},
        {"rule_id": "stargate", "ends_at": NOW},
    ]
    for row in rows:
        await db.write(lambda connection, row=row: connection.execute(insert(silence), {"created_at": NOW, **row}))  # type: ignore[misc]
    await asked(article_store, ArticleWrite(None, article("k1"), Signature(), (hit(),)))
    assert ANSWERS[3] == (
        Silence(1, "openai", "", later(60), "planned"),
        Silence(2, "", "herald", later(60), ""),
    )


async def test_a_decision_that_fails_stores_nothing(article_store: ArticleStore, db: Database) -> None:
    def fail(_situation: Situation) -> Sequence[Notification]:
        raise RuntimeError("no decision")

    with pytest.raises(RuntimeError, match="no decision"):
        await article_store.commit(ArticleWrite(None, article(), Signature(), (hit(),)), fail, composed(render), NOW)
    for table in ("article", "hit", "notification", "delivery"):
        assert await rows(db, f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608 - names of ours


async def test_nothing_is_decided_where_there_is_no_hit(article_store: ArticleStore) -> None:
    def never(_situation: Situation) -> Sequence[Notification]:
        raise AssertionError("there is nothing to tell")

    write = ArticleWrite(None, article(), Signature(), ())
    assert (await article_store.commit(write, never, composed(render), NOW + timedelta(1))).notifications == ()


async def test_what_is_told_at_once_under_one_key_is_one_message(article_store: ArticleStore, db: Database) -> None:
    def decide(situation: Situation) -> Sequence[Notification]:
        keys = {"desk": "article", "each": ""}
        return [
            Notification(channel, stored.hit.rule_id, group_key=keys[channel])
            for stored in situation.hits
            for channel in ("each", "desk")
        ]

    write = ArticleWrite(None, article("k1"), Signature(), (hit(), hit("stargate"), hit("chips")))
    made = (await article_store.commit(write, decide, composed(render), NOW)).deliveries
    assert len(made) == 4
    told = await rows(db, "SELECT channel_id, seq, notifications FROM v_deliveries ORDER BY channel_id, seq")
    assert told == [("desk", 1, 3), ("each", 1, 1), ("each", 2, 1), ("each", 3, 1)]
    bodies = await rows(db, "SELECT body FROM delivery WHERE channel_id = 'desk'")
    assert bytes(bodies[0][0]) == b"1 k1 openai\n1 k1 stargate\n1 k1 chips"


async def test_a_decision_sees_the_messages_of_a_group_and_how_often_a_rule_fired(
    article_store: ArticleStore, notification_store: NotificationStore
) -> None:
    seen: list[tuple[object, ...]] = []

    def look(history: History) -> None:
        seen.append(
            (
                history.last_of_group("desk", "g", NOW),
                history.last_of_group("desk", "g", later(31)),
                history.last_of_group("desk", "other", NOW),
                history.notified_since("openai", "desk", NOW, 10),
                history.notified_since("openai", "desk", later(1), 10),
                history.notified_since("openai", "desk", NOW, 1),
                history.notified_since("chips", "desk", NOW, 10),
            )
        )

    def ask(situation: Situation) -> Sequence[Notification]:
        look(situation.history)
        return ()

    await decided(article_store, "k1", held(until=later(30)))
    await keep(article_store, reading("k2", finding()), render, later(1))
    await keep(article_store, reading("k3", finding(suppressed=Suppression.OLD)), render, later(1))
    await notification_store.flush("desk", "g", MOST, composed(render), later(30))
    await article_store.commit(
        ArticleWrite(None, article("k4"), Signature(), (hit(),)), ask, composed(render), later(40)
    )
    assert seen[-1] == (later(30), None, None, 2, 1, 1, 0)


async def test_what_was_kept_back_and_what_is_new_go_in_one_message_that_bears_the_older_id(
    article_store: ArticleStore, db: Database
) -> None:
    def silently(situation: Situation) -> Sequence[Notification]:
        return [Notification("desk", one.hit.rule_id, Suppression.BASELINE) for one in situation.hits]

    def openly(situation: Situation) -> Sequence[Notification]:
        return [Notification("desk", one.hit.rule_id, group_key="article") for one in situation.hits]

    await article_store.commit(
        ArticleWrite(None, article("k1"), Signature(), (hit(),)), silently, composed(render), NOW
    )
    (kept,) = await rows(db, "SELECT id FROM notification")
    twin = article("k1", source_id="daily")
    write = ArticleWrite(None, twin, Signature(), (hit(), hit("stargate"), hit("chips")))
    made = (await article_store.commit(write, openly, composed(render), later(1))).deliveries
    assert made == (kept[0],)
    told = await rows(db, "SELECT state, delivery_id, count(*) FROM notification GROUP BY state, delivery_id")
    assert told == [("queued", kept[0], 3)]
