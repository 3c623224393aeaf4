"""Drift drill: each container that a definition relies on is renamed once. Nothing is lost silently.

Every name of a class or id that stands both on the newspaper's article page and in the selectors of the definition that
reads it is renamed on a newspaper of its own, after a first poll with twelve articles. Two polls later, at three new
articles each, either an alarm is up, or nothing that is stored has changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from sqlalchemy import select

from monitor.extract.definitions.catalog import sites
from monitor.fetch.fetcher import PoliteFetcher
from monitor.model.article import Article
from monitor.model.plan import Interval, Source
from monitor.model.task import Poll
from monitor.net.client import HttpClient, Limits
from monitor.store.tables.rows import article_of
from monitor.store.tables.schema import article
from tests.pipeline.app import App, build, plan
from tests.replica.mediapen import MediaPen
from tests.replica.newspapers import Drift, Failing, NdSoft, Newspapers, Newsroom, Notice, Piece, Writer
from tests.replica.newsroom import Style
from tests.replica.printed import PRINTED
from tests.replica.scripted import SCRIPTED

pytestmark = pytest.mark.slow

START = datetime(2026, 7, 12, 7, 0, tzinfo=UTC)
LIMITS = Limits(10.0, 2_000_000, "monitor-test/1", (IPv4Network("127.0.0.0/8"),))
PAPERS: dict[str, Style] = {
    "mediapen": MediaPen(),
    "ndsoft": NdSoft(),
    **{family.page.__name__: family for family in (*PRINTED, *SCRIPTED) if family.page.__name__ != "next_data"},
}
SELECTED = re.compile(r"[.#]([A-Za-z][\w-]+)")
NAMED = re.compile(r'\b(?:class|id)="([^"]+)"')
FIELDS = ("title", "subtitle", "body", "published_at", "authors", "section", "captions")


@dataclass
class Drill:
    """One newspaper: what it prints, and the name that is renamed on it."""

    room: Newsroom
    name: str
    writer: Writer
    pieces: list[Piece] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.name.lower().replace("_", "-")

    def publish(self, count: int, at: datetime) -> None:
        for number in range(count):
            piece = self.writer.piece(at - timedelta(seconds=count - number), terms=())
            self.pieces.append(piece)
            self.room.publish(piece)


def site_of(style: Style) -> str:
    return getattr(style, "site", type(style).__name__.lower())


def relied_on(style: Style) -> list[str]:
    """Return the names that the definition selects by and the page has, what it throws away not counted.

    A renamed advertisement leaks into the text, which no count of fields can show.
    """
    room = Newsroom(style, pieces=Writer(5).day(1, START))
    room.base = "http://127.0.1.1"
    (number,) = room.shelf.pieces
    page = room.document(style.path(number))
    assert page is not None
    solved = {name for found in NAMED.findall(page.text) for name in found.split()}
    site = sites()[site_of(style)]
    told = repr(replace(site, drop=type(site.drop)()))
    return sorted(solved & set(SELECTED.findall(told)))


@asynccontextmanager
async def watching(folder: Path, drills: list[Drill], site: str) -> AsyncIterator[App]:
    """Watch the newspapers over real sockets, on a moved clock."""
    async with Newspapers(*(drill.room for drill in drills)):
        sources = tuple(
            Source(drill.id, drill.id, "list", (drill.room.lists[-1],), Interval(300.0), site) for drill in drills
        )
        client = HttpClient(LIMITS)
        wanted = plan(sources=sources, operator_channels=("desk",))
        app = await build(folder, wanted, lambda clock: PoliteFetcher(client, clock, per_host_interval=0.0))
        app.clock.now = START
        try:
            yield app
        finally:
            await client.aclose()
            await app.database.aclose()


async def poll_all(app: App, drills: list[Drill], new: int = 0) -> None:
    """Let five minutes pass, print so many articles, poll every source."""
    app.clock.pass_(minutes=5)
    for drill in drills:
        drill.publish(new, app.clock())
    await app.run(*(Poll(drill.id, at_once=True) for drill in drills))


def told(app: App) -> Iterator[tuple[str, str, str]]:
    """Return what the operator was told: (source, type, problem)."""
    for sent in app.post.sent:
        body = json.loads(sent.body)
        if body["type"] != "hit.created":
            yield (body["data"]["source"] or {}).get("id", ""), body["type"], body["data"]["problem"]


async def stored(app: App, source_id: str) -> list[Article]:
    """Return the stored articles of a source, oldest first."""
    query = select(article).where(article.c.source_id == source_id).order_by(article.c.id)
    return [article_of(row) for row in await app.database.read(lambda connection: connection.execute(query).all())]


def harm(found: list[Article], pieces: list[Piece]) -> set[str]:
    """Return the fields that the last articles lack although the first ones have them, or that are wrong now."""
    before, after = found[: len(pieces) - 6], found[len(pieces) - 6 :]
    harmed = {name for name in FIELDS if all(getattr(one, name) for one in before)}
    harmed = {name for name in harmed if not all(getattr(one, name) for one in after)}
    for one, piece in zip(after, pieces[-6:], strict=True):
        if one.title != piece.title:
            harmed.add("title")
        if not all(line in one.body for line in piece.paragraphs):
            harmed.add("body")
    return harmed


@pytest.mark.parametrize("paper", PAPERS)
async def test_each_container_renamed_once_is_told_within_two_polls(tmp_path: Path, paper: str) -> None:
    style = PAPERS[paper]
    names = relied_on(style)
    drills = [Drill(Newsroom(style, f"127.0.2.{n}"), name, Writer(n)) for n, name in enumerate(names, 1)]
    site = site_of(style)
    async with watching(tmp_path, drills, site) as app:
        await poll_all(app, drills, 12)
        await poll_all(app, drills)
        assert list(told(app)) == []
        for drill in drills:
            drill.room.drift = Drift(renamed={drill.name: f"new-{drill.name}"})
        await poll_all(app, drills, 3)
        await poll_all(app, drills, 3)
        alarms = {source: problem for source, kind, problem in told(app) if kind == "source.broken"}
        for drill in drills:
            found = await stored(app, drill.id)
            assert len(found) == len(drill.pieces), "an article was not stored"
            assert all(one.title and one.body for one in found[-6:]), "a silent zero"
            harmed = harm(found, drill.pieces)
            ways = [{name: one.field_sources.get(name, "") for name in FIELDS} for one in found]
            changed = ways[-1] != ways[0]
            assert alarms.get(drill.id) == ("yield" if changed else None), (drill.name, harmed, ways[0], ways[-1])
            assert changed or not harmed, (drill.name, harmed)
    assert set(alarms.values()) <= {"yield"}


async def test_the_drill_has_something_to_rename() -> None:
    counts = {paper: len(relied_on(style)) for paper, style in PAPERS.items()}
    assert sum(counts.values()) >= 20, counts
    assert {"articleBody", "subtitle", "date-repoter"} <= set(relied_on(PAPERS["mediapen"]))


async def test_a_list_that_turns_into_a_notice_is_told_within_two_polls_and_recovers(tmp_path: Path) -> None:
    drill = Drill(Newsroom(NdSoft(), "127.0.2.100"), "notice", Writer(1))
    async with watching(tmp_path, [drill], "ndsoft") as app:
        await poll_all(app, [drill], 12)
        drill.room.mode = Notice("더 나은 서비스를 위해 시스템 점검 중입니다. " * 5)
        await poll_all(app, [drill])
        await poll_all(app, [drill])
        assert list(told(app)) == [("notice", "source.broken", "no_entries")]
        drill.room.mode = Failing(404)  # one problem after the other is one alarm
        await poll_all(app, [drill])
        drill.room.mode = Newsroom(NdSoft()).mode
        await poll_all(app, [drill], 3)
        await poll_all(app, [drill], 3)
        assert list(told(app))[1:] == [("notice", "source.recovered", "no_entries")]
        assert len(await stored(app, "notice")) == 18
