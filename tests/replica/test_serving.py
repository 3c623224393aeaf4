"""The replica speaks HTTP as real newspapers do, and fails as they do."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.patience import PATIENCE
from tests.replica.asking import ask
from tests.replica.newspapers import (
    Drip,
    Failing,
    Newspapers,
    Newsroom,
    Notice,
    Open,
    Refused,
    Slow,
    Writer,
    addresses,
    atom_paper,
    rss_paper,
)

NOW = datetime(2025, 2, 5, 5, 21, 33, tzinfo=UTC)


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """A newspaper in a thread."""
    room = rss_paper(Writer(5).day(8, NOW))
    with Newspapers(room).threaded(60):
        yield room


def test_pages_carry_validators_and_answer_304(room: Newsroom) -> None:
    first = ask(room.lists[0])
    assert first.status == 200
    by_tag = ask(room.lists[0], if_none_match=first.headers["etag"])
    by_date = ask(room.lists[0], if_modified_since=first.headers["last-modified"])
    assert (by_tag.status, by_date.status, by_tag.body, by_date.body) == (304, 304, b"", b"")
    assert by_tag.headers["etag"] == first.headers["etag"]


def test_a_new_piece_changes_the_list_and_its_tag_at_once(room: Newsroom) -> None:
    old = ask(room.lists[0])
    url = room.publish(Writer(6, first=990_000).piece(NOW))
    new = ask(room.lists[0], if_none_match=old.headers["etag"], if_modified_since=old.headers["last-modified"])
    assert new.status == 200
    assert url.removeprefix(room.base) in new.text
    assert ask(url).status == 200


def test_validators_can_be_withheld(room: Newsroom) -> None:
    room.validators = frozenset({"last-modified"})
    reply = ask(room.lists[0], if_none_match='"anything"')
    assert reply.status == 200
    assert "etag" not in reply.headers
    room.validators = frozenset()
    bare = ask(room.lists[0], if_modified_since="Tue, 01 Jan 2030 00:00:00 GMT")
    assert (bare.status, "last-modified" in bare.headers) == (200, False)


def test_gzip_when_asked_and_not_otherwise(room: Newsroom) -> None:
    plain, zipped = ask(room.feeds[0]), ask(room.feeds[0], accept_encoding="gzip, br")
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(zipped.headers["content-length"]) < len(plain.body)
    assert plain.body == zipped.body
    assert plain.headers["etag"] != zipped.headers["etag"]


def test_one_connection_serves_many_requests(room: Newsroom) -> None:
    connection = http.client.HTTPConnection(room.base.removeprefix("http://"), timeout=PATIENCE)
    paths = [room.style.path(piece.number) for piece in room.shelf.newest()]
    for path in paths:
        connection.request("GET", path)
        assert b"articleBody" not in connection.getresponse().read()
    local = connection.sock
    connection.request("HEAD", paths[0])
    head = connection.getresponse()
    assert (head.status, head.read()) == (200, b"")
    assert int(head.headers["content-length"]) > 500
    assert connection.sock is local
    connection.close()


def test_republishing_and_taking_down(room: Newsroom) -> None:
    number = room.shelf.newest()[0].number
    before = ask(room.url(number))
    room.republish(number, title="고친 제목 하나")
    after = ask(room.url(number), if_none_match=before.headers["etag"])
    assert (after.status, "고친 제목 하나" in after.text) == (200, True)
    room.take_down(number)
    assert ask(room.url(number)).status == 404
    assert str(number) not in ask(room.lists[0]).text


def test_the_log_holds_every_request(room: Newsroom) -> None:
    url = room.url(room.shelf.newest()[0].number)
    etag = ask(url, user_agent="reader/1").headers["etag"]
    ask(url, if_none_match=etag)
    ask(room.base + "/none")
    assert [visit.status for visit in room.visits()] == [200, 304, 404]
    assert [visit.status for visit in room.visits("/articles/", status=304)] == [304]
    assert room.visits()[0].headers["user-agent"] == "reader/1"
    assert ask(room.lists[0], "POST").status == 405


def test_robots_are_absent_until_set(room: Newsroom) -> None:
    assert ask(room.base + "/robots.txt").status == 404
    room.robots = "User-agent: *\nDisallow: /articles/\n"
    assert ask(room.base + "/robots.txt").text == room.robots


def test_a_failing_site_says_when_to_come_back(room: Newsroom) -> None:
    room.mode = Failing(503, retry_after=7)
    reply = ask(room.lists[0])
    assert (reply.status, reply.headers["retry-after"]) == (503, "7")
    room.mode = Failing(500, retry_after=None)
    assert "retry-after" not in ask(room.lists[0]).headers
    room.mode = Open()
    assert ask(room.lists[0]).status == 200


def test_a_notice_is_a_200_without_list_or_article(room: Newsroom) -> None:
    room.mode = Notice()
    for url in (room.lists[0], room.feeds[0], room.url(room.shelf.newest()[0].number)):
        reply = ask(url)
        assert (reply.status, "점검 중" in reply.text, "/articles/" in reply.text) == (200, True, False)


def test_a_refusing_site_comes_back_on_the_same_port(room: Newsroom) -> None:
    base = room.base
    for _ in range(3):
        room.mode = Refused()
        with pytest.raises(ConnectionRefusedError):
            ask(room.lists[0])
        room.mode = Open()
        assert ask(room.lists[0]).status == 200
    assert room.base == base


def test_a_slow_site_lets_the_reader_wait(room: Newsroom) -> None:
    room.mode = Slow(30)
    with pytest.raises(TimeoutError):
        ask(room.lists[0], wait=0.3)
    room.mode = Slow(0.01)
    assert ask(room.lists[0]).status == 200


def test_a_dripping_site_sends_the_whole_page_in_crumbs(room: Newsroom) -> None:
    whole = ask(room.lists[0]).body
    room.mode = Drip(chunk=200, pause=0.001)
    assert ask(room.lists[0]).body == whole
    room.mode = Drip(chunk=1, pause=30)
    with pytest.raises(TimeoutError):
        ask(room.lists[0], wait=0.3)


def test_nonsense_is_cut_off(room: Newsroom) -> None:
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        ask(room.base + "/x", long="x" * 70_000)
    connection = http.client.HTTPConnection(room.base.removeprefix("http://"), timeout=PATIENCE)
    connection.putrequest("GET", "no-slash", skip_host=True)
    connection.endheaders()
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        connection.getresponse()
    connection.close()


async def test_many_hosts_on_one_port_in_the_tests_own_loop() -> None:
    hosts = addresses(first=11)
    rooms = [atom_paper(Writer(i).day(3, NOW), next(hosts)) for i in range(5)]
    async with Newspapers(*rooms) as papers:
        replies = await asyncio.gather(*(asyncio.to_thread(ask, room.feeds[0]) for room in papers.rooms))
        assert len({reply.body for reply in replies}) == 5
        rooms[0].mode = Refused()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.to_thread(ask, rooms[0].feeds[0])
        assert (await asyncio.to_thread(ask, rooms[1].feeds[0])).status == 200
    with pytest.raises(ConnectionRefusedError):
        await asyncio.to_thread(ask, rooms[1].feeds[0])


def refused(url: str) -> bool:
    """Return whether nobody listens any more; a connection that is cut meanwhile says nothing yet."""
    try:
        ask(url)
    except ConnectionRefusedError:
        return True
    except (ConnectionError, http.client.HTTPException):
        return False
    return False


def test_a_replica_ends_by_itself() -> None:
    room = rss_paper(Writer(5).day(1, NOW), "127.0.1.40")
    with Newspapers(room).threaded(max_seconds=0.05):
        until = time.monotonic() + PATIENCE
        while not (ended := refused(room.lists[0])) and time.monotonic() < until:
            time.sleep(0.01)
        assert ended


def test_addresses_are_loopback_and_never_repeat() -> None:
    hosts = addresses()
    many = [next(hosts) for _ in range(600)]
    assert len(set(many)) == 600
    assert (many[0], many[250], many[599]) == ("127.0.1.1", "127.0.2.1", "127.0.3.100")
