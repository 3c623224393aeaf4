"""Tokens of the API: made, listed, revoked, known again.

A token is 256 random bits. Nobody can try those out, so that one round of SHA-256 keeps it as safe as a slow hash would: a slow
one is for what people think up. What is stored lets nobody in who reads the database.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from monitor.model.access import Scope, TokenRecord
from monitor.model.errors import MonitorError
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.write.access_store import AccessStore

LONGEST_NAME: Final = 64
NO_NAME: Final = f"a name has 1 to {LONGEST_NAME} printable characters"
PREFIX: Final = "mon_"
"""Stands before each token, so that a scanner of repositories or a person knows what was found."""
_BYTES: Final = 32


def new_secret() -> str:
    """Return 256 random bits as text that a URL or a cookie takes as it is."""
    return secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> str:
    """Return under what a token, or what a cookie holds, is kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def is_name(name: str) -> bool:
    """Return whether a token may be called so: a name, not a text."""
    return bool(name.strip()) and len(name) <= LONGEST_NAME and name.isprintable()


async def add_token(
    database: str,
    name: str,
    scope: Scope,
    now: datetime,
    lasts: timedelta | None,
    *,
    secret: Callable[[], str] = new_secret,
) -> str:
    """Make a token and return it, which is shown this once. Raises MonitorError for a name that is taken or none, StoreError."""
    if not is_name(name):
        raise MonitorError(NO_NAME)
    token = PREFIX + secret()
    db = Database(database)
    try:
        added = await AccessStore(db).add_token(digest(token), name, scope, now, now + lasts if lasts else None)
    finally:
        await db.aclose()
    if not added:
        raise MonitorError(f"a token {name!r} is in force already; monitor token revoke {name} ends it")
    return token


async def revoke_token(database: str, name: str, now: datetime) -> TokenRecord | None:
    """End a token at once; return it as it was, None where there is none of that name. Raises StoreError."""
    db = Database(database)
    try:
        return await AccessStore(db).revoke_token(name, now)
    finally:
        await db.aclose()


def all_tokens(database: str) -> tuple[TokenRecord, ...]:
    """Return every token there ever was, the newest first. Raises StoreError."""
    with SqlReader(database) as reader:
        return reader.tokens()
