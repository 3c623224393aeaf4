"""A hit or a story is kept, ignored, handled, or new again, as somebody says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.model.errors import MonitorError
from monitor.model.handling import Handling, HandlingBatch, HandlingSubject, NewHandling
from monitor.store.db.database import Database
from monitor.store.write.handling_store import HandlingStore


async def handle(url: str, subject: HandlingSubject, said: NewHandling) -> Handling:
    """Store it in the database of that URL; return what holds from now on. Raises StoreError, MonitorError for no such hit or story."""
    database = Database(url)
    try:
        found = await HandlingStore(database).handle(subject, said)
    finally:
        await database.aclose()
    if found is None:
        what = f"hit {subject.hit_id}" if subject.hit_id is not None else f"story {subject.story_id!r}"
        raise MonitorError(f"there is no {what}")
    return found


async def handle_all(url: str, subjects: Sequence[HandlingSubject], said: NewHandling) -> HandlingBatch:
    """Store it of all of them or of none; return what `undo` takes back. Raises StoreError."""
    database = Database(url)
    try:
        return await HandlingStore(database).handle_all(subjects, said)
    finally:
        await database.aclose()


async def undo(url: str, batch: HandlingBatch, author: str, at: datetime) -> int:
    """Take back what a batch said, but for what somebody has spoken of since; return of how many. Raises StoreError."""
    database = Database(url)
    try:
        return await HandlingStore(database).undo(batch, author, at)
    finally:
        await database.aclose()
