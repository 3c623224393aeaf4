"""Alerts that nobody has acknowledged, and those of them that are sent again: each one an event, decided and stored at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Row, bindparam, select

from monitor.model.delivery import Compose, DeliveryState
from monitor.model.handling import UNHANDLED
from monitor.model.notification import Notification, NotificationState
from monitor.model.operator import OperatorNotice
from monitor.model.repeat import DecideRepeat, OpenAlert, RepeatSearch
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime, advisory_lock
from monitor.store.tables.handling_rows import handlings_of_hits
from monitor.store.tables.rows import hit_of
from monitor.store.tables.schema import article, channel_state, delivery, event, hit, notification
from monitor.store.write.history import StoredHistory
from monitor.store.write.messages import MessageMaker, add_event, add_notifications

MOST: Final = 1_000
"""Alerts of one channel that are looked at, the latest."""

_TYPE: Final = "alert.repeated"
_RULES: BindParameter[list[str]] = bindparam("rules", expanding=True)
_ABOUTS: BindParameter[list[str]] = bindparam("abouts", expanding=True)
_PIECE: Final = 500
_TOLD = (
    select(hit, article.c.title, article.c.url, article.c.story_id, delivery.c.done_at)
    .select_from(
        hit.join(notification, notification.c.hit_id == hit.c.id)
        .join(delivery, delivery.c.id == notification.c.delivery_id)
        .join(article, article.c.id == hit.c.article_id)
        .join(channel_state, channel_state.c.id == notification.c.channel_id)
    )
    .where(
        hit.c.created_at >= bindparam("since", type_=UtcDateTime()),
        hit.c.rule_id.in_(_RULES),
        notification.c.channel_id == bindparam("channel_id"),
        delivery.c.state == DeliveryState.DONE.value,
        channel_state.c.disabled_at.is_(None),
    )
    .order_by(delivery.c.done_at.desc(), hit.c.id.desc())
    .limit(MOST)
)
_REPEATS = (
    select(event.c.about, event.c.created_at, notification.c.state, delivery.c.state.label("delivery_state"))
    .select_from(
        event.outerjoin(notification, notification.c.event_id == event.c.id).outerjoin(
            delivery, delivery.c.id == notification.c.delivery_id
        )
    )
    .where(event.c.type == _TYPE, event.c.about.in_(_ABOUTS))
)
_ON_ITS_WAY = frozenset({DeliveryState.PENDING.value, DeliveryState.LEASED.value})


class RepeatStore:
    """Alerts that are sent again until somebody acknowledges them."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def repeat(
        self, asked: Sequence[RepeatSearch], decide: DecideRepeat, compose: Compose, now: datetime
    ) -> tuple[str, ...]:
        """Send again what `decide` says of the alerts that are found; return the ids of the messages made. Raises StoreError.

        Decisions, events and messages are one transaction, and of several daemons one at a time decides: an alert is sent
        once for each time. While nothing is due, nothing is written. `decide` and `compose` may run more than once, and
        must only compute.
        """
        if not await self._db.read(lambda connection: _due(connection, asked, decide, now)):
            return ()

        def job(connection: Connection) -> tuple[str, ...]:
            advisory_lock(connection, "repeats")
            due = _due(connection, asked, decide, now)
            decided = [
                (add_event(connection, notice, alert.hit_id), Notification(alert.channel_id)) for alert, notice in due
            ]
            return add_notifications(connection, decided, MessageMaker(compose, now))

        return await self._db.write(job)


def _due(
    connection: Connection, asked: Sequence[RepeatSearch], decide: DecideRepeat, now: datetime
) -> list[tuple[OpenAlert, OperatorNotice]]:
    found: list[tuple[OpenAlert, OperatorNotice]] = []
    for one in asked:
        for alert in _open_alerts(connection, one):
            notice = decide(alert, StoredHistory(connection, alert.source_id, now))
            if notice is not None:
                found.append((alert, notice))
    return found


def _open_alerts(connection: Connection, asked: RepeatSearch) -> list[OpenAlert]:
    """Return of each story and rule the hit that was told last."""
    wanted = {"since": asked.since, "rules": list(asked.rule_ids), "channel_id": asked.channel_id}
    latest: dict[tuple[str, str], Row[Any]] = {}
    for row in connection.execute(_TOLD, wanted):
        latest.setdefault((row.rule_id, row.story_id), row)
    said = handlings_of_hits(connection, {row.id: row.story_id for row in latest.values()})
    alerts = [
        OpenAlert(
            channel_id=asked.channel_id,
            hit_id=row.id,
            hit=hit_of(row),
            source_id=row.source_id,
            story_id=row.story_id,
            title=row.title,
            url=row.url,
            told_at=row.done_at,
            handling=said.get(row.id, UNHANDLED).state,
        )
        for row in latest.values()
    ]
    return _with_repeats(connection, alerts)


def _with_repeats(connection: Connection, alerts: list[OpenAlert]) -> list[OpenAlert]:
    repeats: defaultdict[str, list[Any]] = defaultdict(list)
    abouts = [_about(alert) for alert in alerts]
    for start in range(0, len(abouts), _PIECE):
        for row in connection.execute(_REPEATS, {"abouts": abouts[start : start + _PIECE]}):
            repeats[row.about].append(row)
    return [
        replace(
            alert,
            repeats=len(rows),
            last_at=max(row.created_at for row in rows),
            waits=any(row.state == NotificationState.HELD or row.delivery_state in _ON_ITS_WAY for row in rows),
        )
        if (rows := repeats.get(about))
        else alert
        for alert, about in zip(alerts, abouts, strict=True)
    ]


def _about(alert: OpenAlert) -> str:
    return f"{_TYPE}: hit {alert.hit_id} on {alert.channel_id}"
