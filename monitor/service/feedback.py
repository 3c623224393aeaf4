"""Somebody says whether a hit was what its rule means."""

from __future__ import annotations

from monitor.model.errors import MonitorError
from monitor.model.feedback import Feedback, NewFeedback
from monitor.store.db.database import Database
from monitor.store.write.feedback_store import FeedbackStore


async def add_feedback(url: str, hit_id: int, said: NewFeedback) -> Feedback:
    """Store it in the database of that URL; return what holds from now on. Raises StoreError, MonitorError for no such hit."""
    database = Database(url)
    try:
        found = await FeedbackStore(database).add(hit_id, said)
    finally:
        await database.aclose()
    if found is None:
        raise MonitorError(f"there is no hit {hit_id}; monitor hits shows which there are")
    return found
