"""What happened -> log lines. The only room that decides what is worth a line, and how loud."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from dataclasses import asdict
from typing import Any, assert_never

import structlog

from monitor.model.event import (
    Delivered,
    DeliveryFailed,
    Event,
    HitStored,
    LeadFailed,
    Maintained,
    Polled,
    PollFailed,
    Rematched,
    TaskFailed,
)

Fields = MutableMapping[str, Any]


def configure(log_format: str) -> None:
    """Set the form of log lines: `console` for people, `json` for machines, `auto` by whether stderr is a terminal."""
    console = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    renderer = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def say(event: str, **fields: object) -> None:
    """Log what the service itself did: started, reloaded, stopped."""
    structlog.get_logger().info(event, **fields)


def warn(event: str, **fields: object) -> None:
    """Log what the operator should look at."""
    structlog.get_logger().warning(event, **fields)


class Telemetry:
    """The Observer of a running house. A failure that repeats is told at the 1st, 10th, 100th ... time."""

    def __init__(self) -> None:
        self.polls_failed = 0
        self._failing: set[str] = set()

    def report(self, event: Event) -> None:
        """Take note of an event; never raises."""
        fields = {key: value for key, value in asdict(event).items() if value not in ("", None)}
        log = structlog.get_logger()
        match event:
            case Polled():
                self._recovered(event.source_id)
                level = log.info if event.new or event.articles else log.debug
                level("source.polled", **fields)
            case PollFailed():
                self.polls_failed += 1
                self._failing.add(event.source_id)
                level = log.warning if _worth_telling(event.failures) else log.debug
                level("source.failed", **fields)
            case LeadFailed():
                (log.warning if event.final else log.info)("article.failed", **fields)
            case HitStored():
                log.info("hit.stored", **fields)
            case Delivered():
                log.info("delivery.done", **fields)
            case DeliveryFailed():
                level = log.error if event.dead else log.warning
                level("delivery.failed", **fields)
            case TaskFailed():
                log.error("task.failed", **fields)
            case Maintained():
                log.debug("store.maintained", **fields)
            case Rematched():
                log.info("rule.rematched", **fields)
            case _:
                assert_never(event)

    def _recovered(self, source_id: str) -> None:
        if source_id in self._failing:
            self._failing.discard(source_id)
            structlog.get_logger().info("source.recovered", source_id=source_id)


def _worth_telling(times: int) -> bool:
    """Answer whether this repetition is the 1st, 10th, 100th ..."""
    return times < 1 or str(times).strip("0") == "1"
