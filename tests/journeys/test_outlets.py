"""An outlet that nobody shipped: a file in sites.d, a source, and its articles arrive whole."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import yaml

from tests.journeys.installation import Installation
from tests.replica.newspapers import Newspapers, Newsroom
from tests.replica.printed import PRINTED
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

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
    ((key, body, via),) = installation.rows("SELECT key, body, via FROM article WHERE title = ?", piece.title)
    assert key.endswith(f"/wave/{piece.number:014d}")
    assert body.splitlines() == family.lines(piece)
    assert json.loads(via)["body"] == "site"
