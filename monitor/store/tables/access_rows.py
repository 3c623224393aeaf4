"""Tokens and sessions by the digests under which they are kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from monitor.model.access import Role, Scope, SessionRecord, TokenRecord
from monitor.store.tables.schema import api_token, web_session

_TOKENS = select(
    api_token.c.id,
    api_token.c.name,
    api_token.c.scope,
    api_token.c.created_at,
    api_token.c.expires_at,
    api_token.c.revoked_at,
    api_token.c.last_used_on,
)


def all_tokens(connection: Connection) -> tuple[TokenRecord, ...]:
    """Return every token there ever was, the newest first."""
    return tuple(_token(row) for row in connection.execute(_TOKENS.order_by(api_token.c.id.desc())))


def token_of(connection: Connection, digest: str) -> TokenRecord | None:
    """Return the token that is kept under a digest."""
    row = connection.execute(_TOKENS.where(api_token.c.digest == digest)).one_or_none()
    return None if row is None else _token(row)


def session_of(connection: Connection, digest: str) -> SessionRecord | None:
    """Return the session that is kept under a digest."""
    wanted = select(web_session.c.role, web_session.c.proof, web_session.c.expires_at)
    row = connection.execute(wanted.where(web_session.c.digest == digest)).one_or_none()
    return None if row is None else SessionRecord(Role(row.role), row.proof, row.expires_at)


def _token(row: Row[Any, Any, Any, Any, Any, Any, Any]) -> TokenRecord:
    used = date.fromisoformat(row.last_used_on) if row.last_used_on else None
    return TokenRecord(row.id, row.name, Scope(row.scope), row.created_at, row.expires_at, row.revoked_at, used)
