"""A day of ten outlets, with six hours in which this machine has no network and one outlet that is under repair.

Everything but the sockets is real: fetcher, manners, extraction, rules, store, outbox. The clock is moved two minutes at
a time, and what is due is done, as the daemon does it each second.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.model.plan import Interval, Source
from tests.journeys.hall import Fetching, Hall
from tests.pipeline.app import App, build, plan
from tests.replica.mediapen import MediaPen
from tests.replica.newspapers import AtomPaper, NdSoft, Newsroom, Notice, Piece, RssPaper, Writer
from tests.replica.newsroom import Open, Style
from tests.replica.piece import SURFACES
from tests.replica.printed import PRINTED
from tests.replica.scripted import SCRIPTED

pytestmark = pytest.mark.slow

START = datetime(2026, 7, 12, 15, 0, tzinfo=UTC)  # midnight in Seoul
DAY = timedelta(hours=24)
OUTAGE = (timedelta(hours=9), timedelta(hours=15))
REPAIR = (timedelta(hours=4), timedelta(hours=5, minutes=30))
EVERY = 600.0
BEFORE, ARTICLES = 12, 48
FEEDS = (RssPaper, AtomPaper)
UNTIMED = "hankook_2025"  # a layout of another year


@dataclass
class Outlet:
    """A newspaper and what it will print in the course of the day."""

    id: str
    room: Newsroom
    site: str
    ahead: list[Piece]
    printed: list[Piece]

    @property
    def source(self) -> Source:
        feed = isinstance(self.room.style, FEEDS)
        urls = self.room.feeds if feed else self.room.lists[-1:]
        return Source(self.id, self.id, "feed" if feed else "list", tuple(urls), Interval(EVERY), self.site)

    def print_until(self, now: datetime) -> None:
        while self.ahead and self.ahead[0].published_at <= now:
            piece = self.ahead.pop(0)
            self.room.publish(piece)
            self.printed.append(piece)


def outlets() -> list[Outlet]:
    families: list[tuple[str, Style]] = [
        (family.page.__name__, family)
        for family in (*PRINTED, *SCRIPTED)
        if family.page.__name__ not in {"next_data", UNTIMED}
    ]
    own: list[tuple[str, Style]] = [
        ("mediapen", MediaPen()),
        ("ndsoft", NdSoft()),
        ("rss", RssPaper()),
        ("atom", AtomPaper()),
    ]
    made = []
    for number, (name, style) in enumerate([*own, *families][:10]):
        writer = Writer(number + 1, rate=0.1)
        apart = DAY / ARTICLES
        first = START + timedelta(minutes=3 * number, seconds=17 * number)
        pieces = [writer.piece(first + apart * (index - BEFORE)) for index in range(BEFORE + ARTICLES)]
        site = getattr(style, "site", "" if isinstance(style, FEEDS) else name)
        old = [piece for piece in pieces if piece.published_at <= START]
        made.append(Outlet(name.replace("_", "-"), Newsroom(style, f"{name.replace('_', '-')}.example", pieces=old), site,
                           pieces[len(old) :], old))  # fmt: skip
    return made


async def live(app: App, papers: Sequence[Outlet], hall: Hall) -> None:
    """Let the day pass, and an hour more in which nothing is printed."""
    repaired = next(paper for paper in papers if paper.id == "ndsoft")
    while app.clock() < START + DAY + timedelta(hours=1):
        passed = app.clock() - START
        hall.down = OUTAGE[0] <= passed < OUTAGE[1]
        repaired.room.mode = Notice("시스템 점검 중입니다. " * 20) if REPAIR[0] <= passed < REPAIR[1] else Open()
        for paper in papers:
            paper.print_until(app.clock())
        await app.tick()
        app.clock.pass_(minutes=2)


def told(app: App) -> list[tuple[str, str, str, timedelta]]:
    """Return what the operator was told: (source, type, problem, time of day)."""
    found = []
    for sent in app.post.sent:
        body = json.loads(sent.body)
        if body["type"] != "hit.created":
            whose = (body["data"]["source"] or {}).get("id", "")
            at = datetime.fromisoformat(body["timestamp"]) - START
            found.append((whose, body["type"], body["data"]["problem"], at))
    return found


@pytest.mark.long
async def test_a_day_of_ten_outlets_with_six_hours_without_network(tmp_path: Path) -> None:
    papers = outlets()
    hall = Hall(*(paper.room for paper in papers))
    for paper in papers:
        paper.room.shelf.clock = lambda: app.clock().timestamp()
    wanted = plan(sources=tuple(paper.source for paper in papers), operator_channels=("desk",), aliases=SURFACES)
    app = await build(tmp_path, wanted, Fetching(hall))
    app.clock.now = START
    await app.put(wanted)
    try:
        await live(app, papers, hall)
        await check_articles(app, papers)
        check_alarms(app)
        check_hits(app, papers)
    finally:
        await app.database.aclose()
        await hall.aclose()


async def check_articles(app: App, papers: Sequence[Outlet]) -> None:
    """Everything is stored, once, dated to the minute, and the estimate says that nothing was missed."""
    query = text("SELECT source_id, title, published_at FROM article")
    rows = await app.database.read(lambda connection: connection.execute(query).all())
    stored = Counter((row.source_id, row.title, str(row.published_at)[:16]) for row in rows)
    expected = Counter(
        (paper.id, piece.title, f"{piece.published_at:%Y-%m-%d %H:%M}") for paper in papers for piece in paper.printed
    )
    assert sum(expected.values()) == len(papers) * (BEFORE + ARTICLES)
    assert stored == expected
    missed = text("SELECT sum(missed), sum(seen) FROM v_source_days")
    (row,) = await app.database.read(lambda connection: connection.execute(missed).all())
    assert row[0] == 0
    assert row[1] == len(papers) * ARTICLES - sum(paper.printed[BEFORE].published_at <= START for paper in papers)


def check_alarms(app: App) -> None:
    """One alarm about the outlet under repair, one about the network; each raised when due and over when due."""
    news = told(app)
    assert [one[:3] for one in news] == [
        ("ndsoft", "source.broken", "no_entries"),
        ("ndsoft", "source.recovered", "no_entries"),
        ("", "source.broken", "network"),
        ("", "source.recovered", "network"),
    ]
    poll = timedelta(seconds=EVERY)
    broken, well, dark, bright = (one[3] for one in news)
    assert REPAIR[0] + poll <= broken <= REPAIR[0] + 2 * poll + timedelta(minutes=3)  # the second poll that failed
    assert REPAIR[1] + poll <= well <= REPAIR[1] + 10 * poll  # the second that did well, the first after a back-off
    assert OUTAGE[0] + 2 * poll <= dark <= OUTAGE[0] + 5 * poll  # the third poll that failed
    assert OUTAGE[1] <= bright <= OUTAGE[1] + 20 * poll


def check_hits(app: App, papers: Sequence[Outlet]) -> None:
    """Each article that names the watched term was told once, except those that stood there before the first poll."""
    heard = [json.loads(sent.body)["data"] for sent in app.post.sent if b'"hit.created"' in sent.body[:40]]
    urls = Counter(one["article"]["url"] for one in heard)
    due = {
        piece.title
        for paper in papers
        for piece in paper.printed
        if piece.published_at > START and "openai" in piece.terms
    }
    assert {one["article"]["title"] for one in heard} == due
    assert set(urls.values()) <= {1}
    assert [sent.seq for sent in app.post.sent] == list(range(1, len(app.post.sent) + 1))
