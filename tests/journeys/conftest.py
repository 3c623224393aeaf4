"""What journeys start from: an installation on disk, a newspaper and a receiver on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.journeys.installation import SECRET, Installation
from tests.replica.newspapers import Newspapers, Newsroom, mediapen
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer


@pytest.fixture
def writer() -> Writer:
    """Writes invented news that mentions nothing watched unless told to."""
    return Writer(seed=3, rate=0.0)


@pytest.fixture
def now() -> datetime:
    """When the newest article of the newspaper was published: a little while ago."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)  # noqa: TID251 - real processes, real clock


@pytest.fixture
def paper(writer: Writer, now: datetime) -> Iterator[Newsroom]:
    """A newspaper of MediaPen's make with twelve articles."""
    room = mediapen(writer.day(12, now))
    with Newspapers(room).threaded():
        yield room


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver that verifies signatures and takes everything."""
    async with Receiver(secrets=(SECRET,)) as listening:
        yield listening


@pytest.fixture
def installation(tmp_path: Path, receiver: Receiver, paper: Newsroom) -> Installation:
    """An installation that watches the newspaper and tells the receiver."""
    made = Installation(tmp_path, webhook=receiver.url)
    made.watch(paper)
    return made
