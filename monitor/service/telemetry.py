"""What happened -> log lines. The only module that decides what is worth a line, and how loud."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import asdict
from pathlib import Path
from typing import Any

import structlog

from monitor.model.confidential import hidden
from monitor.model.event import (
    AlarmEnded,
    AlarmRaised,
    ArticleRemoved,
    ArticleRewritten,
    ChannelDisabled,
    ChannelEnabled,
    CountTold,
    Delivered,
    DeliveryFailed,
    EditFailed,
    EntryFailed,
    Event,
    FollowUpFailed,
    HitStored,
    LeaseLost,
    ListCut,
    ListOverrun,
    Maintained,
    MessageEdited,
    PingFailed,
    Polled,
    PollFailed,
    Rematched,
    SourceBroken,
    SourceRecovered,
    TaskFailed,
)
from monitor.service.log_limit import LogLimit
from monitor.service.summary import Alike, FirstPolls

_OWN_WORDS = frozenset({"event", "level", "timestamp"})


def configure(log_format: str, level: str = "info") -> None:
    """Set the form of log lines, and from which level on (`debug` to `error`) they are printed.

    `console` is for people, `json` for machines, `auto` goes by whether stderr is a terminal.
    """
    console = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    renderer = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _without_secrets(_logger: object, _method: str, fields: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Hide what came from a variable or a file of secrets, wherever a line would show it."""
    return {name: value if name in _OWN_WORDS else hidden(value) for name, value in fields.items()}


def say(event: str, **fields: object) -> None:
    """Log what the service itself did: started, reloaded, stopped."""
    structlog.get_logger().info(event, **fields)


def warn(event: str, **fields: object) -> None:
    """Log what the operator should look at."""
    structlog.get_logger().warning(event, **fields)


def fail(event: str, **fields: object) -> None:
    """Log why the program ends."""
    structlog.get_logger().error(event, **fields)


def backup(file: Path | None, action: str) -> None:
    """Log the copy that was made of the database, or that none was and what to do about it."""
    if file:
        say("backup.made", file=str(file), action=action)
    else:
        warn("backup.not_made", action=action)


# How each event is called in the log, and how loud it is. A failure that repeats is told at the 1st, 10th, 100th time.
LINES: dict[type[Event], tuple[str, Callable[[Any], int]]] = {
    Polled: ("source.polled", lambda event: logging.INFO if event.new or event.articles else logging.DEBUG),
    PollFailed: ("source.failed", lambda event: logging.WARNING if worth_telling(event.failures) else logging.DEBUG),
    EntryFailed: ("article.failed", lambda event: logging.WARNING if event.final else logging.INFO),
    HitStored: ("hit.stored", lambda _: logging.INFO),
    CountTold: ("count.told", lambda _: logging.INFO),
    ArticleRewritten: ("article.rewritten", lambda _: logging.INFO),
    ArticleRemoved: ("article.removed", lambda _: logging.INFO),
    FollowUpFailed: ("article.not_followed", lambda event: logging.INFO if event.outcome else logging.DEBUG),
    Delivered: ("delivery.done", lambda event: logging.WARNING if event.left_out else logging.INFO),
    DeliveryFailed: ("delivery.failed", lambda event: logging.ERROR if event.dead else logging.WARNING),
    MessageEdited: ("delivery.edited", lambda _: logging.INFO),
    EditFailed: ("delivery.not_edited", lambda event: logging.INFO if event.given_up else logging.DEBUG),
    LeaseLost: ("lease.lost", lambda _: logging.WARNING),
    TaskFailed: ("task.failed", lambda _: logging.ERROR),
    Maintained: ("store.maintained", lambda _: logging.DEBUG),
    Rematched: ("rule.rematched", lambda _: logging.INFO),
    ListOverrun: ("source.overrun", lambda _: logging.WARNING),
    ListCut: ("source.list_cut", lambda _: logging.WARNING),
    SourceBroken: ("source.broken", lambda _: logging.WARNING),
    SourceRecovered: ("source.recovered", lambda _: logging.INFO),
    ChannelDisabled: ("channel.disabled", lambda _: logging.ERROR),
    ChannelEnabled: ("channel.enabled", lambda _: logging.INFO),
    AlarmRaised: ("alarm.raised", lambda _: logging.ERROR),
    AlarmEnded: ("alarm.ended", lambda _: logging.INFO),
    PingFailed: ("watchdog.failed", lambda event: logging.WARNING if worth_telling(event.failures) else logging.DEBUG),
}


class Telemetry:
    """The Observer of a running app."""

    def __init__(self, source_ids: Collection[str] = (), clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to listen; `source_ids` are those that are polled, `clock` gives seconds that never run backwards."""
        self._limit = LogLimit(clock)
        self.polls_failed = 0
        self.tasks_failed = 0
        self._failing: set[str] = set()
        self._cut: set[tuple[str, str]] = set()
        self._first_polls = FirstPolls(source_ids)
        self._alike = Alike(len(source_ids))

    def report(self, event: Event) -> None:
        """Take note of an event; never raises."""
        name, level = LINES[type(event)]
        fields = {key: value for key, value in asdict(event).items() if value not in ("", None)}
        alike, first_polls = self._alike.take(event), self._first_polls.take(event)
        covered = self._said_before(event) or (alike is None and self._alike.covers(event))
        loud = logging.DEBUG if covered else level(event)
        self._print(name, loud, fields)
        for line in filter(None, (alike, first_polls)):
            (warn if line.warning else say)(line.name, **line.fields)
        if isinstance(event, LeaseLost) and event.kind == "source":
            self.polls_failed += 1
        elif isinstance(event, PollFailed):
            self.polls_failed += 1
            self._failing.add(event.source_id)
        elif isinstance(event, TaskFailed):
            self.tasks_failed += 1
        elif isinstance(event, Polled) and event.source_id in self._failing:
            self._failing.discard(event.source_id)
            say("source.answers_again", source_id=event.source_id)

    def _said_before(self, event: Event) -> bool:
        """Return whether an event tells of a list what was told once and stays so."""
        if not isinstance(event, ListCut):
            return False
        place = (event.source_id, event.url)
        said = place in self._cut
        self._cut.add(place)
        return said

    def _print(self, name: str, level: int, fields: dict[str, object]) -> None:
        """Print a line, unless many of its kind were printed lately; the same traceback is printed once in a while."""
        if level > logging.DEBUG:
            printed, withheld = self._limit.admit(name)
            if not printed:
                level = logging.DEBUG
            elif withheld:
                fields = {**fields, "withheld": withheld}
        if "trace" in fields and not self._limit.is_new(str(fields["trace"])):
            fields = {key: value for key, value in fields.items() if key != "trace"}
        structlog.get_logger().log(level, name, **fields)


def worth_telling(times: int) -> bool:
    """Return whether this repetition is the 1st, 10th, 100th ... (0 stands for a failure nobody counted)."""
    return times < 1 or str(times).rstrip("0") == "1"
