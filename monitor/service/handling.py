"""A hit or a story is kept, ignored, handled, or new again, as somebody says."""

from __future__ import annotations

from monitor.model.errors import MonitorError
from monitor.model.handling import Handling, HandlingSubject, NewHandling
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
