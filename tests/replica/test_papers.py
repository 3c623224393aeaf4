"""The ndsoft, RSS and Atom replicas are what they say they are."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.replica.asking import ask
from tests.replica.newspapers import Newspapers, Newsroom, Writer, atom_paper, ndsoft, rss_paper

NOW = datetime(2025, 2, 5, 5, 21, 33, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def rooms() -> Iterator[tuple[Newsroom, Newsroom, Newsroom]]:
    """One newspaper of each kind."""
    old = ndsoft(Writer(5, rate=0.3).day(30, NOW), "127.0.1.21")
    rss = rss_paper(Writer(6, rate=0.3).day(30, NOW), "127.0.1.22")
    atom = atom_paper(Writer(7, rate=0.3).day(30, NOW), "127.0.1.23")
    with Newspapers(old, rss, atom).threaded(120):
        yield old, rss, atom


def test_cp949_bytes_really_are_cp949(rooms: tuple[Newsroom, Newsroom, Newsroom]) -> None:
    room = rooms[0]
    for url in (room.lists[0], room.feeds[0], room.url(room.shelf.newest()[0].number)):
        reply = ask(url)
        assert reply.headers["content-type"].endswith("charset=euc-kr")
        assert b"euc-kr" in reply.body[:200]
        assert "펲" in reply.body.decode("cp949")
        for wrong in ("euc_kr", "utf-8"):
            with pytest.raises(UnicodeDecodeError):
                reply.body.decode(wrong)


def test_what_cp949_lacks_becomes_a_character_reference(rooms: tuple[Newsroom, Newsroom, Newsroom]) -> None:
    room = rooms[0]
    number = room.shelf.newest()[0].number
    room.republish(number, title="해솔랩스 ‧ 새 서비스 🚀 공개")
    assert "&#8231;" in ask(room.url(number)).text
    assert "&#128640;" in ask(room.url(number)).text


def test_the_ndsoft_feed_states_korean_time_without_a_zone(rooms: tuple[Newsroom, Newsroom, Newsroom]) -> None:
    room = rooms[0]
    text = ask(room.feeds[0]).text
    dates = re.findall("<pubDate>(.*?)</pubDate>", text)
    assert dates[0] == "2025-02-05 14:21:33"
    assert len(dates) == 30
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", date) for date in dates)


def test_the_ndsoft_article_keeps_the_machines_summary_out_of_its_body(
    rooms: tuple[Newsroom, Newsroom, Newsroom],
) -> None:
    room = rooms[0]
    piece = room.shelf.newest()[5]
    page = LexborHTMLParser(ask(room.url(piece.number)).text)
    body = page.css_first("#article-view-content-div")
    summary = page.css_first(".ai-summary")
    assert body is not None
    assert summary is not None
    assert all(line in body.text() for line in piece.paragraphs)
    assert "딥시크와 오픈AI" in summary.text()
    assert "기계 요약" not in body.text()
    assert ask(room.base + "/news/articleView.html?idxno=1").status == 404
    assert ask(room.base + "/news/articleView.html?idxno=x").status == 404


@pytest.mark.parametrize("which", [1, 2])
def test_feeds_are_well_formed_and_lead_to_articles(rooms: tuple[Newsroom, Newsroom, Newsroom], which: int) -> None:
    room = rooms[which]
    reply = ask(room.feeds[0])
    ET.fromstring(reply.body)  # noqa: S314 - our own words; raises where they are not well formed
    feed = feedparser.parse(reply.body)
    newest = room.shelf.newest()
    assert not feed.bozo
    assert feed.version == {1: "rss20", 2: "atom10"}[which]
    assert [entry.title for entry in feed.entries] == [piece.title for piece in newest]
    assert [entry.link for entry in feed.entries] == [room.url(piece.number) for piece in newest]
    assert timegm(feed.entries[0].published_parsed) == NOW.timestamp()
    assert ask(feed.entries[0].link).status == 200


@pytest.mark.parametrize("which", [1, 2])
def test_articles_say_in_json_ld_what_they_are(rooms: tuple[Newsroom, Newsroom, Newsroom], which: int) -> None:
    room = rooms[which]
    piece = room.shelf.newest()[2]
    page = LexborHTMLParser(ask(room.url(piece.number)).text)
    script = page.css_first('script[type="application/ld+json"]')
    assert script is not None
    data = json.loads(script.text())
    assert data["headline"] == piece.title
    assert datetime.fromisoformat(data["datePublished"]) == piece.published_at
    assert [paragraph.text() for paragraph in page.css("div.story > p")] == list(piece.paragraphs)


@pytest.mark.slow
def test_the_process_serves_publishes_and_ends_on_sigterm() -> None:
    command = [sys.executable, "-m", "tests.replica.newspapers", "--rss", "1", "--ndsoft", "1", "--rate", "1"]
    command += ["--articles", "4", "--publish-every", "0.05", "--max-seconds", "60"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            rooms = json.loads(process.stdout.readline())["rooms"]
            assert [room["kind"] for room in rooms] == ["NdSoft", "RssPaper"]
            assert [len(room["mentions"]) for room in rooms] == [4, 4]
            news = json.loads(process.stdout.readline())
            assert news["terms"]
            assert ask(news["published"]).status == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
