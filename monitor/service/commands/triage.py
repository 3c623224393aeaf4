"""What people say of hits and stories: how they are handled, whether they were meant and what then, what is to be silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model.feedback import Feedback, NewFeedback
from monitor.model.handling import Handling, HandlingBatch, HandlingSubject, NewHandling
from monitor.model.notification import NewSilence
from monitor.model.suggestion import Suggestions
from monitor.service import feedback, handling
from monitor.service.installation import Installation
from monitor.service.queries import Queries
from monitor.store.db.database import Database
from monitor.store.write.silence_store import SilenceStore


class Triage:
    """Stores what people say in the database of an installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def handle(self, subject: HandlingSubject, said: NewHandling) -> Handling:
        """Store what somebody says of a hit or a story; return what holds from now on.

        Raises ConfigError, StoreError, MonitorError for no such hit or story.
        """
        return await handling.handle(self._installation.database, subject, said)

    async def handle_all(self, subjects: Sequence[HandlingSubject], said: NewHandling) -> HandlingBatch:
        """Store what somebody says of many hits and stories, of all or of none. Raises ConfigError, StoreError."""
        return await handling.handle_all(self._installation.database, subjects, said)

    async def undo_handling(self, batch: HandlingBatch, author: str, at: datetime) -> int:
        """Take back what a batch said, but for what somebody has spoken of since; return of how many. Raises ConfigError, StoreError."""
        return await handling.undo(self._installation.database, batch, author, at)

    async def add_feedback(self, hit_id: int, said: NewFeedback) -> Feedback:
        """Store whether a hit was meant, as somebody says; return what holds from now on.

        Raises ConfigError, StoreError, MonitorError for no such hit.
        """
        return await feedback.add_feedback(self._installation.database, hit_id, said)

    async def suggest(self, hit_id: int, now: datetime, *, queries: Queries | None = None) -> Suggestions:
        """Return what the rule of a hit, as the files have it, could refuse so that this hit and those like it are found no more.

        `queries` asks the database in place of the installation itself. Raises ConfigError, StoreError, MonitorError for a hit
        that there is not and for a rule that is gone.
        """
        from monitor.service.feedback_suggestions import suggest  # noqa: PLC0415 - matchers, which all else here does without

        prepared = await self._installation.prepare()
        plan, analyser = prepared.plan, prepared.analyser
        found = await (queries or self._installation).ask(lambda reader: suggest(reader, hit_id, plan, analyser, now))
        place = self._installation.files.places.key_problem(("rules", found.rule_id, "match"), "")
        return replace(found, place=f"{place.file}:{place.line}")

    async def add_silence(self, wanted: NewSilence) -> int:
        """Store a silence, which a running daemon heeds from its next decision on; return its number.

        Raises ConfigError, StoreError.
        """
        database = Database(self._installation.database)
        try:
            return await SilenceStore(database).add(wanted)
        finally:
            await database.aclose()

    async def end_silence(self, silence_id: int, now: datetime) -> bool | None:
        """End a silence; return whether it was in force until now, None when there is none. Raises ConfigError, StoreError."""
        database = Database(self._installation.database)
        try:
            return await SilenceStore(database).end(silence_id, now)
        finally:
            await database.aclose()
