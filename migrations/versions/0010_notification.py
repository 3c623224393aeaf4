"""A notification, its own row with its reason, stands between hit and delivery; deliveries are messages that are sent."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = (
    "id, channel_id, seq, state, body, attempts, created_at, due_at, lease_owner, lease_until, first_attempt_at, done_at,"
    " last_status, last_error, type"
)
_UNFINISHED = sa.text("state IN ('pending', 'leased')")

_HITS = """
CREATE VIEW v_hits AS
SELECT h.id, h.created_at, h.rule_id, h.rule_name, h.source_id, coalesce(s.name, h.source_id) AS source_name,
       h.article_id, a.url, a.title, ({authors}) AS author, a.published_at, a.first_seen_at, a.story_id,
       h.mentions, h.excerpt,
       coalesce(({alerted}), 'suppressed:no_channel') AS alerted
FROM hit AS h
JOIN article AS a ON a.id = h.article_id
LEFT JOIN source_state AS s ON s.id = h.source_id
"""
_AUTHORS = {
    "sqlite": "SELECT group_concat(value, ', ') FROM json_each(a.authors)",
    "postgresql": "SELECT string_agg(value, ', ') FROM json_array_elements_text(a.authors)",
}
_ALERTED = """
           SELECT substr(min(CASE
               WHEN d.state = 'dead' THEN '1dead'
               WHEN n.state = 'held' THEN '2held'
               WHEN d.state IN ('pending', 'leased') AND c.disabled_at IS NOT NULL THEN '2held'
               WHEN d.state IN ('pending', 'leased') THEN '3pending'
               WHEN d.state = 'done' THEN '4sent'
               WHEN n.reason = 'baseline' THEN '6baseline'
               ELSE '5suppressed:' || n.reason
           END), 2)
           FROM notification AS n
           LEFT JOIN delivery AS d ON d.id = n.delivery_id
           LEFT JOIN channel_state AS c ON c.id = n.channel_id
           WHERE n.hit_id = h.id
"""
_OLD_ALERTED = """
           SELECT substr(min(CASE
               WHEN d.state = 'dead' THEN '1dead'
               WHEN d.state IN ('pending', 'leased') AND c.disabled_at IS NOT NULL THEN '2held'
               WHEN d.state IN ('pending', 'leased') THEN '3pending'
               WHEN d.state = 'done' THEN '4sent'
               WHEN d.reason = 'baseline' THEN '6baseline'
               ELSE '5suppressed:' || d.reason
           END), 2)
           FROM delivery_hit AS dh
           JOIN delivery AS d ON d.id = dh.delivery_id
           LEFT JOIN channel_state AS c ON c.id = d.channel_id
           WHERE dh.hit_id = h.id
"""

# A message of several notifications shows the first of them, whose id it bears; how many they are stands beside it.
_DELIVERIES = """
CREATE VIEW v_deliveries AS
SELECT d.id, d.channel_id, d.seq, d.state, '' AS reason, n.hit_id, h.rule_id, h.rule_name, h.source_id,
       coalesce(a.title, e.about) AS title, a.url, d.attempts, d.created_at, d.due_at, d.first_attempt_at, d.done_at,
       d.last_status, d.last_error, d.type,
       (SELECT count(*) FROM notification AS m WHERE m.delivery_id = d.id) AS notifications
FROM delivery AS d
LEFT JOIN notification AS n ON n.id = d.id
LEFT JOIN event AS e ON e.id = n.event_id
LEFT JOIN hit AS h ON h.id = n.hit_id
LEFT JOIN article AS a ON a.id = h.article_id
UNION ALL
SELECT n.id, n.channel_id, NULL, n.state, n.reason, n.hit_id, h.rule_id, h.rule_name, h.source_id,
       coalesce(a.title, e.about), a.url, 0, n.created_at, n.not_before, NULL, NULL,
       NULL, '', coalesce(e.type, 'hit.created'), 1
FROM notification AS n
LEFT JOIN event AS e ON e.id = n.event_id
LEFT JOIN hit AS h ON h.id = n.hit_id
LEFT JOIN article AS a ON a.id = h.article_id
WHERE n.state <> 'queued'
"""
_OLD_DELIVERIES = """
CREATE VIEW v_deliveries AS
SELECT d.id, d.channel_id, d.seq, d.state, d.reason, dh.hit_id, h.rule_id, h.rule_name, h.source_id,
       coalesce(a.title, d.about) AS title, a.url,
       d.attempts, d.created_at, d.due_at, d.first_attempt_at, d.done_at, d.last_status, d.last_error, d.type
FROM delivery AS d
LEFT JOIN delivery_hit AS dh ON dh.delivery_id = d.id
LEFT JOIN hit AS h ON h.id = dh.hit_id
LEFT JOIN article AS a ON a.id = h.article_id
"""
_NOTIFICATIONS = """
CREATE VIEW v_notifications AS
SELECT n.id, coalesce(e.type, 'hit.created') AS type, n.channel_id, n.state, n.reason, n.group_key, n.not_before,
       n.created_at, n.hit_id, h.rule_id, h.rule_name, h.source_id, coalesce(a.title, e.about) AS title, a.url,
       n.delivery_id, d.state AS delivery_state
FROM notification AS n
LEFT JOIN event AS e ON e.id = n.event_id
LEFT JOIN hit AS h ON h.id = n.hit_id
LEFT JOIN article AS a ON a.id = h.article_id
LEFT JOIN delivery AS d ON d.id = n.delivery_id
"""


def upgrade() -> None:
    """Turn each row that says which hit a delivery tells of into a notification; suppressed deliveries are only that."""
    name = op.get_bind().dialect.name
    for view in ("v_hits", "v_deliveries"):
        op.execute(f"DROP VIEW {view}")
    _make_event()
    _make_silence()
    if name == "sqlite":
        _move_aside("delivery", "attempt")
        _make_delivery()
        op.execute(f"INSERT INTO delivery ({_KEPT}) SELECT {_KEPT} FROM delivery_old WHERE state <> 'suppressed'")  # noqa: S608 - names of this file
        _index_delivery()
        _make_attempt()
        _make_notification()
        _fill("delivery_old")
        for old in ("delivery_hit", "delivery_old"):
            op.drop_table(old)
    else:
        _alter()
    # Leases of an older program have names that the next start does not know; no program runs while its schema changes.
    op.execute("UPDATE source_state SET lease_owner = NULL, lease_until = NULL")
    op.execute("UPDATE delivery SET state = 'pending', lease_owner = NULL, lease_until = NULL WHERE state = 'leased'")
    for view in (_HITS.format(authors=_AUTHORS[name], alerted=_ALERTED), _DELIVERIES, _NOTIFICATIONS):
        op.execute(view)
    if name == "postgresql":
        for table in ("notification", "delivery", "event"):
            op.execute(f"ANALYZE {table}")  # a planner that knows nothing of a full table takes it for an empty one


def _alter() -> None:
    """Do in place what SQLite needs another table for."""
    _make_notification()
    _fill("delivery")
    op.drop_table("delivery_hit")
    op.execute("DELETE FROM delivery WHERE state = 'suppressed'")
    op.drop_constraint("ck_delivery_sendable", "delivery")
    op.drop_constraint("ck_delivery_state", "delivery")
    op.create_check_constraint(op.f("ck_delivery_state"), "delivery", "state IN ('pending', 'leased', 'done', 'dead')")
    for column in ("reason", "about"):
        op.drop_column("delivery", column)
    for column in ("seq", "body"):
        op.alter_column("delivery", column, nullable=False)


def downgrade() -> None:
    """Turn notifications back into deliveries; of a message that tells of several hits each hit keeps its link."""
    name = op.get_bind().dialect.name
    for view in ("v_notifications", "v_hits", "v_deliveries"):
        op.execute(f"DROP VIEW {view}")
    if name == "sqlite":
        _move_aside("delivery", "attempt")
        _make_delivery(old=True)
        op.execute(f"INSERT INTO delivery ({_KEPT}) SELECT {_KEPT} FROM delivery_old")  # noqa: S608 - names of this file
        _index_delivery()
        _make_attempt()
    else:
        op.alter_column("delivery", "seq", nullable=True)
        op.alter_column("delivery", "body", nullable=True)
        op.add_column("delivery", _text("reason"))
        op.add_column("delivery", _text("about"))
        op.drop_constraint("ck_delivery_state", "delivery")
        op.create_check_constraint(op.f("ck_delivery_state"), "delivery", _OLD_STATES)
        op.create_check_constraint(op.f("ck_delivery_sendable"), "delivery", _SENDABLE)
    _empty_back()
    for table in ("notification", "silence", "event"):
        op.drop_table(table)
    if name == "sqlite":
        op.drop_table("delivery_old")
    for view in (_HITS.format(authors=_AUTHORS[name], alerted=_OLD_ALERTED), _OLD_DELIVERIES):
        op.execute(view)


_OLD_STATES = "state IN ('pending', 'leased', 'done', 'dead', 'suppressed')"
_SENDABLE = "state = 'suppressed' OR (seq IS NOT NULL AND body IS NOT NULL)"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _make_event() -> None:
    op.create_table(
        "event",
        sa.Column("id", _SERIAL, nullable=False, autoincrement=True),
        sa.Column("type", sa.Text(), nullable=False),
        _text("about"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )


def _make_silence() -> None:
    op.create_table(
        "silence",
        sa.Column("id", _SERIAL, nullable=False, autoincrement=True),
        _text("rule_id"),
        _text("source_id"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        _text("author"),
        _text("why"),
        sa.PrimaryKeyConstraint("id", name="pk_silence"),
    )
    op.create_index("ix_silence_ends_at", "silence", ["ends_at"])


def _make_notification() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hit_id", sa.BigInteger(), sa.ForeignKey("hit.id", name="fk_notification_hit_id_hit")),
        sa.Column("event_id", sa.BigInteger(), sa.ForeignKey("event.id", name="fk_notification_event_id_event")),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        _text("reason"),
        _text("group_key"),
        sa.Column("not_before", UtcDateTime()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("delivery_id", sa.Text(), sa.ForeignKey("delivery.id", name="fk_notification_delivery_id_delivery")),
        sa.CheckConstraint("(hit_id IS NULL) <> (event_id IS NULL)", name=op.f("ck_notification_subject")),
        sa.CheckConstraint(
            "(state = 'queued' AND delivery_id IS NOT NULL AND reason = '')"
            " OR (state = 'held' AND delivery_id IS NULL AND reason = '' AND not_before IS NOT NULL AND group_key <> '')"
            " OR (state = 'suppressed' AND delivery_id IS NULL AND reason <> '')",
            name=op.f("ck_notification_fate"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
        sa.UniqueConstraint("hit_id", "channel_id", name="uq_notification_hit_id_channel_id"),
    )
    event, untold, held = sa.text("event_id IS NOT NULL"), sa.text("state <> 'queued'"), sa.text("state = 'held'")
    op.create_index("ix_notification_delivery_id", "notification", ["delivery_id"])
    op.create_index(
        "ix_notification_event",
        "notification",
        ["event_id", "channel_id"],
        unique=True,
        sqlite_where=event,
        postgresql_where=event,
    )
    op.create_index("ix_notification_untold", "notification", ["id"], sqlite_where=untold, postgresql_where=untold)
    columns = ["channel_id", "group_key", "not_before"]
    op.create_index("ix_notification_held", "notification", columns, sqlite_where=held, postgresql_where=held)


def _move_aside(*tables: str) -> None:
    """Give tables other names: SQLite alters neither NOT NULL nor a check, and drops no table that others refer to."""
    for index in ("ix_delivery_state_id", "ix_delivery_head", "ix_attempt_delivery_id_n"):
        op.execute(f"DROP INDEX {index}")
    for table in tables:
        op.rename_table(table, f"{table}_old")


def _make_delivery(*, old: bool = False) -> None:
    extra = (_text("reason"), _text("about")) if old else ()
    states = _OLD_STATES if old else "state IN ('pending', 'leased', 'done', 'dead')"
    checks = [sa.CheckConstraint(states, name=op.f("ck_delivery_state"))]
    if old:
        checks.append(sa.CheckConstraint(_SENDABLE, name=op.f("ck_delivery_sendable")))
    op.create_table(
        "delivery",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=old),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=old),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("lease_owner", sa.Text()),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("first_attempt_at", UtcDateTime()),
        sa.Column("done_at", UtcDateTime()),
        sa.Column("last_status", sa.Integer()),
        _text("last_error"),
        sa.Column("type", sa.Text(), nullable=False, server_default="hit.created"),
        *extra,
        *checks,
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("channel_id", "seq", name="uq_delivery_channel_id_seq"),
    )


def _index_delivery() -> None:
    op.create_index("ix_delivery_state_id", "delivery", ["state", "id"])
    op.create_index("ix_delivery_head", "delivery", ["channel_id", "seq"], sqlite_where=_UNFINISHED)


def _make_attempt() -> None:
    """Make the table of attempts anew, so that its rows refer to the new deliveries."""
    op.create_table(
        "attempt",
        sa.Column("id", _SERIAL, nullable=False, autoincrement=True),
        sa.Column(
            "delivery_id",
            sa.Text(),
            sa.ForeignKey("delivery.id", name="fk_attempt_delivery_id_delivery"),
            nullable=False,
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer()),
        _text("detail"),
        sa.Column("elapsed_ms", sa.Float(), nullable=False),
        sa.Column("retry_after", sa.Float()),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    columns = "id, delivery_id, n, at, state, status, detail, elapsed_ms, retry_after"
    op.execute(f"INSERT INTO attempt ({columns}) SELECT {columns} FROM attempt_old")  # noqa: S608 - names of this file
    op.drop_table("attempt_old")
    op.create_index("ix_attempt_delivery_id_n", "attempt", ["delivery_id", "n"])


def _fill(deliveries: str) -> None:
    """Make notifications of the hits that deliveries tell of, and events of the deliveries that tell of none."""
    op.execute(
        "INSERT INTO notification (id, hit_id, channel_id, state, reason, created_at, delivery_id)"  # noqa: S608 - names of this file
        " SELECT d.id, dh.hit_id, dh.channel_id, CASE WHEN d.state = 'suppressed' THEN 'suppressed' ELSE 'queued' END,"
        " CASE WHEN d.state <> 'suppressed' THEN '' WHEN d.reason = '' THEN 'unknown' ELSE d.reason END, d.created_at,"
        " CASE WHEN d.state = 'suppressed' THEN NULL ELSE d.id END"
        f" FROM delivery_hit AS dh JOIN {deliveries} AS d ON d.id = dh.delivery_id"
    )
    connection = op.get_bind()
    events = sa.table("event", *(sa.column(name) for name in ("id", "type", "about")), _moment(), _data())
    rows = sa.text(
        f"SELECT d.id, d.channel_id, d.type, d.about, d.body, d.created_at FROM {deliveries} AS d"  # noqa: S608 - names of this file
        " WHERE d.body IS NOT NULL AND NOT EXISTS (SELECT 1 FROM delivery_hit AS dh WHERE dh.delivery_id = d.id)"
        " ORDER BY d.id"
    ).columns(created_at=UtcDateTime(), body=sa.LargeBinary())
    known: dict[tuple[Any, ...], int] = {}
    channels: set[tuple[int, str]] = set()
    for row in connection.execute(rows).all():
        told = (row.type, row.about, row.created_at)
        if told not in known or (known[told], row.channel_id) in channels:  # one event is told to several channels
            values = {"type": row.type, "about": row.about, "created_at": row.created_at, "data": _told(row)}
            known[told] = connection.execute(sa.insert(events).values(values).returning(events.c.id)).scalar_one()
        channels.add((known[told], row.channel_id))
        notification = sa.table(
            "notification",
            *(sa.column(name) for name in ("id", "event_id", "channel_id", "state", "delivery_id")),
            _moment(),
        )
        values = {"id": row.id, "event_id": known[told], "channel_id": row.channel_id, "state": "queued"}
        values |= {"delivery_id": row.id, "created_at": row.created_at}
        connection.execute(sa.insert(notification).values(values))


def _moment() -> sa.ColumnClause[Any]:
    return sa.column("created_at", UtcDateTime())


def _data() -> sa.ColumnClause[Any]:
    return sa.column("data", sa.JSON())


def _told(row: sa.Row[Any]) -> object:
    """Return what a message said, as `event.data` holds it; of one that cannot be read nothing is known."""
    try:
        said = json.loads(row.body)
        data = said["data"]
        source = data["source"] or {"id": "", "name": ""}
        return {
            "broken": row.type == "source.broken",
            "at": row.created_at.isoformat(),
            "source_id": source["id"],
            "source_name": source["name"],
            "sources": data["sources"],
            **{key: data[key] for key in ("problem", "since", "summary", "action")},
        }
    except (ValueError, KeyError, TypeError):
        return {}


def _empty_back() -> None:
    """Make deliveries of what is no message, and links of what tells of a hit."""
    op.create_table(
        "delivery_hit",
        sa.Column(
            "hit_id",
            _SERIAL,
            sa.ForeignKey("hit.id", name="fk_delivery_hit_hit_id_hit"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column(
            "delivery_id",
            sa.Text(),
            sa.ForeignKey("delivery.id", name="fk_delivery_hit_delivery_id_delivery"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("hit_id", "channel_id", name="pk_delivery_hit"),
    )
    op.create_index("ix_delivery_hit_delivery_id", "delivery_hit", ["delivery_id"])
    op.execute(
        "UPDATE delivery SET about = coalesce((SELECT min(e.about) FROM notification AS n JOIN event AS e ON e.id = n.event_id"
        " WHERE n.delivery_id = delivery.id), '')"
    )
    op.execute(
        "INSERT INTO delivery (id, channel_id, state, reason, created_at)"
        " SELECT id, channel_id, 'suppressed', CASE WHEN state = 'held' THEN 'held' ELSE reason END, created_at"
        " FROM notification WHERE state <> 'queued' AND hit_id IS NOT NULL"
    )
    op.execute(
        "INSERT INTO delivery_hit (hit_id, channel_id, delivery_id)"
        " SELECT hit_id, channel_id, coalesce(delivery_id, id) FROM notification WHERE hit_id IS NOT NULL"
    )
