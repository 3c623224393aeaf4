"""Tables, columns and stored values take the words of the field: entry, problem, summary, action, field sources."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("alarm", "trouble", "problem"),
    ("alarm", "seen_en", "summary_en"),
    ("alarm", "seen_ko", "summary_ko"),
    ("alarm", "mend_en", "action_en"),
    ("alarm", "mend_ko", "action_ko"),
    ("article", "via", "field_sources"),
    ("source_state", "next_look_at", "lists_due_at"),
    ("source_health", "looked_at", "polled_at"),
)
_KEYS = {"trouble": "problem", "seen": "summary", "mend": "action", "looked_at": "polled_at"}
_VALUES = {"no_leads": "no_entries", "lead": "entry"}

_OLD_ALARMS = """
CREATE VIEW v_alarms AS
SELECT id, source_id, trouble, since, raised_at, cleared_at, seen_en, seen_ko, mend_en, mend_ko FROM alarm
"""
_ALARMS = """
CREATE VIEW v_alarms AS
SELECT id, source_id, problem, since, raised_at, cleared_at, summary_en, summary_ko, action_en, action_ko FROM alarm
"""


def upgrade() -> None:
    """Rename; every row stays."""
    op.execute("DROP VIEW v_alarms")
    _rename_entries("lead", "entry")
    for table, old, new in _COLUMNS:
        op.alter_column(table, old, new_column_name=new)
    _rewrite(_KEYS, _VALUES)
    op.execute(_ALARMS)


def downgrade() -> None:
    """Rename back."""
    op.execute("DROP VIEW v_alarms")
    _rename_entries("entry", "lead")
    _rewrite({new: old for old, new in _KEYS.items()}, {new: old for old, new in _VALUES.items()})
    for table, old, new in _COLUMNS:
        op.alter_column(table, new, new_column_name=old)
    op.execute(_OLD_ALARMS)


def _rename_entries(old: str, new: str) -> None:
    """Rename the table of entries with its constraints, index and sequence."""
    if op.get_bind().dialect.name == "postgresql":
        op.rename_table(old, new)
        for name in ("pk_{}", "uq_{}_source_id_key", "ck_{}_state"):
            op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT {name.format(old)} TO {name.format(new)}")
        op.execute(f"ALTER INDEX ix_{old}_waiting RENAME TO ix_{new}_waiting")
        op.execute(f"ALTER SEQUENCE {old}_id_seq RENAME TO {new}_id_seq")
        return
    # SQLite cannot rename a constraint: the rows move into a table that has the right ones.
    op.drop_index(f"ix_{old}_waiting", old)
    columns = _make_entries(new)
    op.execute(f"INSERT INTO {new} ({columns}) SELECT {columns} FROM {old}")  # noqa: S608 - names of this file
    op.drop_table(old)
    pending = sa.text("state = 'pending'")
    op.create_index(f"ix_{new}_waiting", new, ["source_id", "first_seen_at"], sqlite_where=pending)


def _make_entries(name: str) -> str:
    """Make the table under that name; return its columns, separated by commas."""
    empty = {"server_default": "", "nullable": False}
    columns: list[sa.Column[Any]] = [
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=True),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        *(sa.Column(text, sa.Text(), **empty) for text in ("title", "summary", "author")),  # type: ignore[arg-type]
        sa.Column("published_at", UtcDateTime()),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("baseline", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
    ]
    op.create_table(
        name,
        *columns,
        sa.CheckConstraint("state IN ('pending', 'done', 'ignored', 'dead')", name=op.f(f"ck_{name}_state")),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("source_id", "key", name=f"uq_{name}_source_id_key"),
    )
    return ", ".join(str(column.name) for column in columns)


def _rewrite(keys: Mapping[str, str], values: Mapping[str, str]) -> None:
    """Put stored JSON and stored words into the other vocabulary. The columns have the new names at this moment."""
    connection = op.get_bind()
    (old_problem, new_problem), (old_way, new_way) = values.items()
    connection.execute(
        sa.text("UPDATE alarm SET problem = :new WHERE problem = :old"), {"new": new_problem, "old": old_problem}
    )
    _rewrite_field_sources(connection, old_way, new_way)

    # A memory counts the ways of reading by name, so that they stand as keys as well.
    _rewrite_memories(connection, lambda value: _renamed(value, {**keys, old_way: new_way}, values))
    problems = {old_problem: new_problem}
    _rewrite_messages(connection, lambda value: _renamed(value, keys, problems), old_problem, new_problem)


def _rewrite_field_sources(connection: sa.Connection, old: str, new: str) -> None:
    """Change one way of reading into another; a quote inside a string is escaped, so only whole values are met."""
    kind = "JSON" if connection.dialect.name == "postgresql" else "TEXT"
    statement = sa.text(
        f"UPDATE article SET field_sources = CAST(replace(CAST(field_sources AS TEXT), :old, :new) AS {kind})"  # noqa: S608 - no word from outside
        " WHERE CAST(field_sources AS TEXT) LIKE :wanted"
    )
    for gap in ("", " "):
        before = f'":{gap}"{old}"'
        connection.execute(statement, {"old": before, "new": f'":{gap}"{new}"', "wanted": f"%{before}%"})


def _rewrite_memories(connection: sa.Connection, change: Callable[[object], object]) -> None:
    table = sa.table("source_health", sa.column("source_id"), sa.column("memory", sa.JSON()))
    for row in connection.execute(sa.select(table)).all():
        whose = table.c.source_id == row.source_id
        connection.execute(sa.update(table).where(whose).values(memory=change(row.memory)))


def _rewrite_messages(connection: sa.Connection, change: Callable[[object], object], old: str, new: str) -> None:
    """Messages about sources that wait, or are sent again, are composed by a program that knows the new words."""
    table = sa.table(
        "delivery", sa.column("id"), sa.column("type"), sa.column("about"), sa.column("body", sa.LargeBinary())
    )
    about_sources = sa.select(table).where(table.c.type.in_(["source.broken", "source.recovered"]))
    for row in connection.execute(about_sources).all():
        body = None if row.body is None else _dumped(change(json.loads(row.body)))
        values = {"body": body, "about": row.about.replace(old, new)}
        connection.execute(sa.update(table).where(table.c.id == row.id).values(values))


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _renamed(value: object, keys: Mapping[str, str], values: Mapping[str, str]) -> object:
    """Return JSON data with keys, and values of ways and problems, in the other vocabulary."""
    if isinstance(value, dict):
        return {keys.get(key, key): _renamed(inside, keys, values) for key, inside in value.items()}
    if isinstance(value, list):
        return [_renamed(inside, keys, values) for inside in value]
    return values.get(value, value) if isinstance(value, str) else value
