"""Outlets from their pages to the webhook: those that ship, and one that nobody shipped."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import yaml

from tests.journeys.installation import Installation
from tests.replica.newspapers import Newspapers, Newsroom, mediapen, ndsoft, rss_paper
from tests.replica.printed import PRINTED
from tests.replica.receiver import Receiver
from tests.replica.scripted import SCRIPTED
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow

DEFINITION = {
    "family": "korean",
    "outlet": "뉴스핌",
    "hosts": ["wave.example.kr"],
    "identity": [{"paths": ["/wave/(?P<id>[0-9]{14})"], "canonical": "https://wave.example.kr/wave/{id}"}],
    "body": ["#news-contents"],
    "date": ["span#send-time"],
    "byline": r"뉴스핌\]\s*(?P<names>[가-힣]+) 기자",
}


async def test_an_outlet_of_ones_own_is_watched_without_touching_the_program(
    installation: Installation, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    family = replace(next(one for one in PRINTED if one.site == "newspim"), template="/wave/{number:014d}")
    room = Newsroom(family, "127.0.1.71", pieces=writer.day(4, now))
    piece = writer.piece(now + timedelta(minutes=1), terms=("openai",))
    folder = installation.config / "sites.d"
    folder.mkdir()
    (folder / "wave.yaml").write_text(yaml.safe_dump({"sites": {"wave": DEFINITION}}, allow_unicode=True), "utf-8")
    with Newspapers(room).threaded():
        installation.write([{"id": "wave", "kind": "list", "url": room.lists, "site": "wave"}])
        checked = await installation.command("check")
        assert checked.returncode == 0, checked.stdout
        assert (await installation.command("run", "--once")).returncode == 0
        room.publish(piece)
        assert (await installation.command("run", "--once")).returncode == 0
    (post,) = await receiver.received(1)
    article = json.loads(post.body)["data"]["article"]
    assert (article["title"], article["author"]) == (piece.title, piece.reporter)
    ((key, body, field_sources),) = installation.rows(
        "SELECT key, body, field_sources FROM article WHERE title = ?", piece.title
    )
    assert key.endswith(f"/wave/{piece.number:014d}")
    assert body.splitlines() == family.lines(piece)
    assert json.loads(field_sources)["body"] == "site"


async def test_ten_outlets_of_ten_makes_are_told_once_and_whole(
    installation: Installation, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    families = [family for family in (*PRINTED, *SCRIPTED) if not family.kind.startswith("hankook")]  # of other years
    rooms = [Newsroom(family, f"127.0.1.{80 + n}", pieces=writer.day(3, now)) for n, family in enumerate(families)]
    rooms += [opened(writer.day(3, now), f"127.0.1.{90 + n}") for n, opened in enumerate((mediapen, ndsoft, rss_paper))]
    pieces = {}
    with Newspapers(*rooms).threaded():
        installation.watch(*rooms)
        assert (await installation.command("run", "--once")).returncode == 0
        for room in rooms:
            piece = writer.piece(now + timedelta(minutes=1), terms=("deepseek",))
            pieces[room.publish(piece)] = piece
        assert (await installation.command("run", "--once")).returncode == 0
        assert (await installation.command("run", "--once")).returncode == 0
    posts = await receiver.received(len(rooms))
    assert len(receiver.posts) == len(rooms) == 10
    told = {json.loads(post.body)["data"]["article"]["url"]: json.loads(post.body)["data"] for post in posts}
    assert told.keys() == pieces.keys()
    for url, piece in pieces.items():
        article = told[url]["article"]
        assert (article["title"], article["author"]) == (piece.title, piece.reporter)
        assert article["published_at"][:16] == f"{piece.published_at:%Y-%m-%dT%H:%M}"
        assert len(told[url]["matches"]) == told[url]["matches_total"] == piece.terms["deepseek"]
