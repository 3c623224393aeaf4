"""What many events come to, said once. Pure: events in, now and then a line out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.model.event import Event, HitStored, Polled, PollFailed
from monitor.service.failing_alike import QUESTIONS, question_name

ALIKE_LEAST = 5
ALIKE_SHARE = 0.5
KEPT = {
    "baseline": "they were there before",
    "not_configured": "a channel has no address",
    "disabled": "a channel is off",
    "silenced": "somebody asked for silence",
    "no_channel": "no channel is to hear of it",
}
"""Why a hit was not sent, as people say it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line for the log: a name, its fields, and whether somebody should look at it."""

    name: str
    fields: dict[str, object]
    warning: bool = False


class FirstPolls:
    """Waits until every source was polled once, then says what that gave.

    A first run stores what is already on the page and tells nobody; without this line that looks like a fault.
    """

    def __init__(self, source_ids: Iterable[str]) -> None:
        self._waiting = set(source_ids)
        self._polled = 0
        self._failed = 0
        self._kept: Counter[str] = Counter()

    def take(self, event: Event) -> Line | None:
        """Return the summary with the event that completes it, else None."""
        if isinstance(event, HitStored) and self._waiting:
            self._kept[event.suppressed_as] += 1
        if not isinstance(event, Polled | PollFailed) or event.source_id not in self._waiting:
            return None
        self._waiting.discard(event.source_id)
        self._polled += 1
        self._failed += isinstance(event, PollFailed)
        return None if self._waiting else self.line()

    def line(self) -> Line:
        """Return the summary of what was seen so far."""
        self._waiting.clear()
        hits, sent = self._kept.total(), self._kept.pop("", 0)
        reasons = ", ".join(KEPT.get(reason, reason) for reason, _ in self._kept.most_common())
        counted = f"{hits} {'hit' if hits == 1 else 'hits'} stored" if hits else "no hits stored"
        told = f", {sent or 'none'} sent" if hits else ""
        text = f"{counted}{told}" + (f": {reasons}" if reasons else "")
        return Line("first_polls", {"summary": text, "sources": self._polled, "failed": self._failed})


@dataclass(slots=True)
class Alike:
    """Says once that many sources fail alike, instead of once for each; quiet again when most of them answer."""

    sources: int
    _causes: dict[str, str] = field(default_factory=dict)
    _said: str = ""

    def take(self, event: Event) -> Line | None:
        """Return the line with the event that makes it true, else None."""
        if isinstance(event, Polled):
            self._causes.pop(event.source_id, None)
        elif isinstance(event, PollFailed):
            self._causes[event.source_id] = event.cause
        else:
            return None
        cause, failing = Counter(self._causes.values()).most_common(1)[0] if self._causes else ("", 0)
        alike = failing >= max(ALIKE_LEAST, ALIKE_SHARE * self.sources)
        if alike and cause != self._said:
            self._said = cause
            return self._line(cause, failing)
        if not alike:
            self._said = ""
        return None

    def covers(self, event: Event) -> bool:
        """Return whether the line that stands already tells of this failure."""
        return isinstance(event, PollFailed) and bool(self._said) and event.cause == self._said

    def _line(self, cause: str, failing: int) -> Line:
        action = QUESTIONS.get(question_name(cause), "`monitor sources` shows each")
        seen = f"{failing} of {self.sources} sources fail alike ({cause})"
        return Line("sources.fail_alike", {"problem": seen, "action": action}, warning=True)
