"""Notifications as they come to be, and the messages made of them: a seq without gaps, a body that is never rendered again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from monitor.model.count_notice import CountNotice
from monitor.model.counting import CountType
from monitor.model.delivery import Compose, DeliveryState, EventNotice, Item, MessageContext, MessageDraft
from monitor.model.escalation import NEW
from monitor.model.follow import ArticleNotice
from monitor.model.health import Notice
from monitor.model.notification import DecideEvent, Notification, NotificationState
from monitor.model.operator import OperatorNotice
from monitor.store.db.inserts import per_dialect
from monitor.store.tables.rows import article_of, event_of, event_values, hit_of, storable
from monitor.store.tables.schema import article, channel_state, delivery, event, hit, notification, source_state
from monitor.store.write.escalations import escalation, note_levels, told_of_story
from monitor.store.write.history import StoredHistory
from monitor.store.write.identity import new_uuid
from monitor.store.write.stories import story_of

_TAKE_SEQ = per_dialect(
    lambda make: (
        make(channel_state)
        .on_conflict_do_update(index_elements=["id"], set_={"next_seq": channel_state.c.next_seq + 1})
        .returning(channel_state.c.next_seq)
    )
)
_ADD_DELIVERY = delivery.insert()
_ADD_NOTIFICATION = notification.insert()
_ADD_EVENT = insert(event).returning(event.c.id)
_DECIDE_AGAIN = update(notification).where(
    notification.c.id == bindparam("row_id"), notification.c.state == NotificationState.SUPPRESSED.value
)
_QUEUE = (
    update(notification)
    .where(notification.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=NotificationState.QUEUED.value,
        reason="",
        not_before=None,
        silence_id=None,
        delivery_id=bindparam("message"),
    )
)
_SUBJECT = (
    select(notification.c.id, notification.c.created_at.label("decided_at"), event.c.data, hit, article.c.story_id)
    .select_from(
        notification.outerjoin(event, event.c.id == notification.c.event_id)
        .outerjoin(hit, hit.c.id == notification.c.hit_id)
        .outerjoin(article, article.c.id == hit.c.article_id)
    )
    .where(notification.c.id == bindparam("id"))
)
_SOURCE_NAME = select(source_state.c.name).where(source_state.c.id == bindparam("id"))
_ARTICLE = select(article).where(article.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Subject:
    """What notifications are about: a hit or an event (the number of its row), and what a message says of it.

    `again` are the notifications of it that are there already and may be decided anew: {channel: id}.
    """

    item: Item
    hit_id: int | None = None
    event_id: int | None = None
    again: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageMaker:
    """How messages come to be: `compose` makes the body, at the moment `now` (UTC); `new_id` makes ids of notifications."""

    compose: Compose
    now: datetime
    new_id: Callable[[], str] = new_uuid


@dataclass(frozen=True, slots=True)
class Announcement:
    """How the operator hears of an event: `decide` says through which channels, `compose` makes the body."""

    decide: DecideEvent
    compose: Compose


def announce(
    connection: Connection,
    notice: Notice | OperatorNotice,
    how: Announcement,
    new_id: Callable[[], str] = new_uuid,
) -> tuple[str, ...]:
    """Store an event and whom to tell of it; return the ids of the messages made."""
    subject = add_event(connection, notice)
    source_id = notice.source_id if isinstance(notice, Notice) else ""
    decided = how.decide(notice, StoredHistory(connection, source_id, notice.at), notice.at)
    maker = MessageMaker(how.compose, notice.at, new_id)
    return add_notifications(connection, [(subject, one) for one in decided], maker)


def add_event(connection: Connection, notice: EventNotice, hit_id: int | None = None) -> Subject:
    """Store an event, which may tell again of a hit; return what notifications of it are about."""
    said = {"type": notice.type, "about": _about(notice), "created_at": notice.at}
    values = {**said, "data": event_values(notice), "hit_id": hit_id}
    return Subject(notice, event_id=int(connection.execute(_ADD_EVENT, values).scalar_one()))


def _about(notice: EventNotice) -> str:
    """Return in one line what an event is about."""
    if isinstance(notice, ArticleNotice):
        return storable(" ".join(f"{notice.type}: {notice.article.title}".split()))
    if isinstance(notice, OperatorNotice):
        return storable(f"{notice.type}: {notice.about}")
    if isinstance(notice, CountNotice):
        return about_count(notice.kind, notice.rule[0])
    whose = (notice.source_name,) if notice.source_id else ()
    return storable(": ".join((notice.type, *whose, notice.alarm.problem.value)))


def about_count(kind: CountType, rule_id: str) -> str:
    """Return what an alert of a rule over counts is about: the same each time."""
    return storable(f"count.{kind}: {rule_id}")


def add_notifications(
    connection: Connection, decided: Sequence[tuple[Subject, Notification]], maker: MessageMaker
) -> tuple[str, ...]:
    """Store decisions, one for each subject and channel; return the ids of messages made of them, in the order given.

    What is told at once becomes a message of its own, or one with what has the same channel and group key; it bears the id
    of its first notification.
    """
    together: dict[tuple[str, str], list[int]] = {}
    # Every transaction takes the channels in one order, so that two of them never wait for each other.
    for place, (subject, told) in sorted(enumerate(decided), key=lambda pair: pair[1][1].channel_id):
        if told.state is NotificationState.QUEUED:
            together.setdefault((told.channel_id, told.group_key or f"alone {place}"), []).append(place)
        else:
            identity = subject.again.get(told.channel_id) or maker.new_id()
            _write(connection, identity, subject, told, maker.now)
    made = {
        places[0]: _add_together(connection, [decided[place] for place in places], maker)
        for places in together.values()
    }
    return tuple(made[place] for place in sorted(made))


def _add_together(connection: Connection, decided: Sequence[tuple[Subject, Notification]], maker: MessageMaker) -> str:
    """Make one message of what is told a channel at once; return its id."""
    channel_id = decided[0][1].channel_id
    again = [subject.again.get(channel_id) for subject, _ in decided]
    items = tuple(
        subject.item if known is None else _item(connection, connection.execute(_SUBJECT, {"id": known}).one())
        for (subject, _), known in zip(decided, again, strict=True)
    )
    ids = [known or maker.new_id() for known in again]
    items = tuple(
        _again(connection, item, channel_id, identity, told.levels)
        for item, identity, (_, told) in zip(items, ids, decided, strict=True)
    )
    add_message(connection, ids[0], channel_id, items, maker)
    for identity, (subject, told) in zip(ids, decided, strict=True):
        _write(connection, identity, subject, told, maker.now, ids[0])
    return ids[0]


def _write(
    connection: Connection,
    identity: str,
    subject: Subject,
    told: Notification,
    now: datetime,
    delivery_id: str | None = None,
) -> None:
    """Store one decision under that id, or have it replace one that was suppressed."""
    values = {
        "state": told.state.value,
        "reason": told.suppressed.value if told.suppressed else "",
        "group_key": storable(told.group_key),
        "not_before": told.not_before,
        "silence_id": told.silence_id,
        "delivery_id": delivery_id,
    }
    if told.channel_id in subject.again:
        connection.execute(_DECIDE_AGAIN.values(**values), {"row_id": identity})
    else:
        row = {"id": identity, "channel_id": told.channel_id, "created_at": now}
        connection.execute(_ADD_NOTIFICATION, {**row, "hit_id": subject.hit_id, "event_id": subject.event_id, **values})
    if isinstance(subject.item, MessageContext):
        note_levels(connection, subject.item, told.channel_id, identity, told.levels)


def tell(connection: Connection, channel_id: str, ids: Sequence[str], maker: MessageMaker) -> None:
    """Make one message of stored notifications that were held or suppressed, due at once; it bears the id of the first."""
    items = [_item(connection, connection.execute(_SUBJECT, {"id": told}).one()) for told in ids]
    for item, told in zip(items, ids, strict=True):
        if (
            isinstance(item, MessageContext)
            and not told_of_story(connection, item.story.id, item.hit.rule_id, channel_id).levels
        ):
            note_levels(connection, item, channel_id, told, (NEW,))  # what was suppressed tells the story as well
    shown = tuple(_again(connection, item, channel_id, told) for item, told in zip(items, ids, strict=True))
    add_message(connection, ids[0], channel_id, shown, maker)
    connection.execute(_QUEUE, {"ids": list(ids), "message": ids[0]})


def add_message(
    connection: Connection, identity: str, channel_id: str, items: tuple[Item, ...], maker: MessageMaker
) -> None:
    """Take the channel's next seq, freeze the body, and insert the delivery, due at once.

    The channel's row stays locked until the COMMIT: seqs become visible in their order, a rollback gives its seq back.
    """
    taken = connection.execute(_TAKE_SEQ[connection.dialect.name], {"id": channel_id, "next_seq": 2})
    message = MessageDraft(int(taken.scalar_one()) - 1, maker.now, items)
    connection.execute(
        _ADD_DELIVERY,
        {
            "id": identity,
            "channel_id": channel_id,
            "state": DeliveryState.PENDING,
            "seq": message.seq,
            "body": maker.compose(message),
            "created_at": maker.now,
            "due_at": maker.now,
            "type": message.type,
        },
    )


def _item(connection: Connection, row: Row[Any]) -> Item:
    """Return what is said of a stored notification: of a hit as it was stored, its story as it is now."""
    if row.data is not None:
        return event_of(row.data)
    said = article_of(connection.execute(_ARTICLE, {"id": row.article_id}).one())
    return MessageContext(
        hit_id=row.id_1,
        article_id=row.article_id,
        created_at=row.decided_at,
        article=replace(said, source_id=row.source_id),
        hit=hit_of(row),
        story=story_of(connection, row.story_id),
        source_name=source_name(connection, row.source_id),
    )


def _again(connection: Connection, item: Item, channel_id: str, identity: str, levels: Sequence[str] = ()) -> Item:
    """Return what a message says of a hit whose story its channel has heard of; anything else as it is."""
    if not isinstance(item, MessageContext):
        return item
    return replace(item, escalation=escalation(connection, item, channel_id, identity, levels))


def source_name(connection: Connection, source_id: str) -> str:
    """Return the source's name for people, "" where no plan had it yet."""
    return connection.execute(_SOURCE_NAME, {"id": source_id}).scalar() or ""
