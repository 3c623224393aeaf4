"""The ways from the command line into the house.

Each function imports its part of the service when it is called, so that `--help` needs typer alone, and hands over the
environment, which is read nowhere else.
"""
# ruff: noqa: PLC0415 - late imports are what this module is for

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from monitor.model.article import Article
from monitor.model.errors import ConfigProblem
from monitor.model.hit import Explanation, Match
from monitor.model.plan import Plan
from monitor.model.records import DeliveryRecord, HitQuery, HitRecord, ScheduleRecord, SourceRecord
from monitor.model.trial import Candidate, Found, Trial


class Reader(Protocol):
    """Questions to the stored hits."""

    def hits(self, query: HitQuery) -> Sequence[HitRecord]:
        """Return hits, newest first."""
        ...

    def sources(self, now: datetime) -> Sequence[SourceRecord]:
        """Return how every source is doing."""
        ...

    def outage(self) -> str:
        """Return what is wrong with all sources at once, and what to do; "" while nothing is."""
        ...

    def deliveries(self, state: str, limit: int, *, suppressed: bool) -> Sequence[DeliveryRecord]:
        """Return rows of the outbox, newest first; "" stands for every state, without `suppressed` for all but that."""
        ...


class Finding(Protocol):
    """One thing that the doctor looked at."""

    @property
    def name(self) -> str:
        """Return what was looked at."""
        ...

    @property
    def ok(self) -> bool:
        """Return whether it is well."""
        ...

    @property
    def detail(self) -> str:
        """Return what was found."""
        ...

    @property
    def action(self) -> str:
        """Return what to do about it."""
        ...


def now() -> datetime:
    """Return the present moment, UTC and aware."""
    return datetime.now(UTC)  # noqa: TID251 - where the command line looks at the clock


def run(folder: Path, *, once: bool, log_format: str, log_level: str) -> int:
    """Run the daemon; return the exit code. Raises ConfigError, LockHeldError."""
    from monitor.service import daemon

    return daemon.run(folder, os.environ, once=once, log_format=log_format, log_level=log_level)


def prepared(folder: Path) -> tuple[Plan, tuple[ConfigProblem, ...]]:
    """Return the plan in `folder`, all rules compiled and tested, and its warnings. Raises ConfigError."""
    from monitor.service import current_plan

    ready = current_plan.prepare(folder, os.environ)
    return ready.plan, ready.warnings


def plan(folder: Path) -> Plan:
    """Return the plan in `folder` as the files state it, rules not compiled. Raises ConfigError."""
    from monitor.config.load import load

    return load(folder, os.environ).plan


def looks(folder: Path, at: datetime) -> Sequence[ScheduleRecord]:
    """Return when every source is looked at, and why. Raises ConfigError, StoreError."""
    from monitor.service import poll_schedule as service

    return service.poll_schedule(folder, os.environ, at)


def reader(folder: Path) -> AbstractContextManager[Reader]:
    """Open the store for questions. Raises ConfigError, StoreError."""
    from monitor.service import stored_hits

    return stored_hits.reader(folder, os.environ)


def replay(folder: Path, ids: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Put deliveries back into the outbox; return (id, outcome) for each."""
    from monitor.service import questions

    return questions.replay(folder, os.environ, ids)


def upgrade(folder: Path) -> str:
    """Bring the database to this program's schema; return one line."""
    from monitor.service import questions

    return questions.upgrade(folder, os.environ)


def article(target: str, folder: Path) -> Article:
    """Read the article that lies at a URL, in a file, or on standard input (`-`)."""
    from monitor.service import questions

    return questions.article(target, folder, os.environ)


def matches(rule: str, expression: str, subject: Article, folder: Path) -> tuple[tuple[str, tuple[Match, ...]], ...]:
    """Return (rule id, mentions) for every chosen rule that the article meets. Raises QueryError."""
    from monitor.service import questions

    return questions.matches(rule, expression, subject, folder, os.environ)


def explanations(rule: str, expression: str, subject: Article, folder: Path) -> tuple[tuple[str, Explanation], ...]:
    """Return (rule id, what was refused and what is missing) for every chosen rule. Raises QueryError."""
    from monitor.service import questions

    return questions.explanations(rule, expression, subject, folder, os.environ)


def reload(folder: Path) -> str:
    """Have the running daemon take the files' present meaning; return one line. Raises ConfigError, MonitorError."""
    from monitor.service import plan_reload as service

    return service.request(folder, os.environ)


def health(folder: Path, *, quick: bool) -> Sequence[Finding]:
    """Look whether all is well."""
    from monitor.service import diagnosis as service

    return service.check(folder, os.environ, quick=quick)


def try_source(folder: Path, source_id: str, most: int) -> Trial:
    """Look at a source live and read its first `most` articles. Raises ConfigError, MonitorError."""
    from monitor.service import try_source

    return try_source.try_source(folder, os.environ, source_id, most)


def confirm(folder: Path, source_id: str) -> str:
    """Take `unverified_live` out of a source's entry; return the place. Raises ConfigError, MonitorError."""
    from monitor.service import try_source

    return try_source.confirm(folder, os.environ, source_id)


def discover(folder: Path, url: str) -> Found:
    """Look for ways to watch a site. Raises ConfigError, MonitorError."""
    from monitor.service import discovery

    return discovery.discover(folder, os.environ, url)


def free_id(folder: Path, wanted: str) -> str:
    """Return an id that no source has, as near to the wanted one as can be."""
    from monitor.service import discovery

    return discovery.free_id(folder, os.environ, wanted)


def source_yaml(found: Found, chosen: Candidate, source_id: str) -> str:
    """Return the text of the file that makes a candidate a source."""
    from monitor.service import discovery

    return discovery.source_yaml(found, chosen, source_id)


def write_source(folder: Path, source_id: str, text: str) -> Path:
    """Write a new source where none is; return the file. Raises ConfigError, OSError."""
    from monitor.service import discovery

    return discovery.write(folder, os.environ, source_id, text)
