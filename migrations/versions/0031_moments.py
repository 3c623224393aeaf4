"""SQLite keeps moments as its own functions write them, in columns that say so; an article knows its Korean day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None

_OLD, _NEW = "VARCHAR(27)", "TIMESTAMP"
_DAY = {
    "sqlite": "coalesce(date(coalesce(published_at, first_seen_at), '+9 hours'), '')",
    "postgresql": "to_char(coalesce(published_at, first_seen_at) AT TIME ZONE INTERVAL '+9 hours', 'YYYY-MM-DD')",
}


def upgrade() -> None:
    """Write every moment anew where it is text, and the day of every article."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _rewrite(connection, "replace(replace({0}, 'T', ' '), 'Z', '')", "{0} LIKE '%T%'")
        _declare(connection, _OLD, _NEW)
    op.add_column("article", sa.Column("day", sa.Text(), server_default="", nullable=False))
    op.execute(f"UPDATE article SET day = {_DAY[connection.dialect.name]}")  # noqa: S608 - an expression of this file


def downgrade() -> None:
    """Write the moments as they were, and forget the days."""
    connection = op.get_bind()
    op.drop_column("article", "day")
    if connection.dialect.name == "sqlite":
        _rewrite(connection, "replace({0}, ' ', 'T') || 'Z'", "{0} LIKE '% %'")
        _declare(connection, _NEW, _OLD)


def _rewrite(connection: sa.Connection, form: str, other: str) -> None:
    """Write each moment of each table in another form, where it is not in it yet."""
    quote = connection.dialect.identifier_preparer.quote
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%(%'")
    for table in tables.scalars().all():
        rows = connection.exec_driver_sql(f"PRAGMA table_info({quote(table)})").all()
        moments = [quote(row.name) for row in rows if row.type in {_OLD, _NEW}]
        if moments:
            values = ", ".join(f"{name} = {form.format(name)}" for name in moments)
            where = " OR ".join(other.format(name) for name in moments)
            connection.exec_driver_sql(f"UPDATE {quote(table)} SET {values} WHERE {where}")  # noqa: S608 - names of the schema


def _declare(connection: sa.Connection, old: str, new: str) -> None:
    """Declare the columns otherwise in place: what is stored stays as it is (sqlite.org/lang_altertable.html §7)."""
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        f"UPDATE sqlite_master SET sql = replace(sql, ' {old}', ' {new}') WHERE type = 'table'"  # noqa: S608 - types of this file
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
