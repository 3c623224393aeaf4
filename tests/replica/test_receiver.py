"""The replica receiver does what tests are told it does; spoken to through real sockets."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from monitor.channels.signing import headers
from tests.patience import PATIENCE
from tests.replica.receiver import Mood, Post, Receiver, Reply

ROOT = Path(__file__).resolve().parents[2]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = '{"type":"test","title":"스타게이트"}'.encode()


def signed(number: int = 1) -> dict[str, str]:
    """Return the headers of an honest sender."""
    now = datetime.now(UTC)  # noqa: TID251 - the receiver checks ages by the real clock
    return headers(f"msg-{number}", now, BODY, (SECRET,)) | {"monitor-seq": str(number), "monitor-attempt": "1"}


async def post(url: str, named: Mapping[str, str] | None = None, body: bytes = BODY) -> int:
    """Post on a fresh connection; return the status, or 0 for a connection that was cut."""
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        try:
            return (await client.post(url, content=body, headers=named or signed())).status_code
        except httpx.TransportError:
            return 0


async def test_a_post_is_recorded_whole() -> None:
    async with Receiver(secrets=(SECRET,)) as receiver:
        assert await post(receiver.url, signed(17)) == 200
        (one,) = receiver.posts
    assert (one.id, one.seq, one.attempt, one.path, one.body) == ("msg-17", 17, 1, "/hook", BODY)
    assert (one.verified, one.problem, one.answered) == (True, "", "200")
    assert one.headers["webhook-id"] == "msg-17"
    assert receiver.ids == ["msg-17"]
    assert receiver.accepted == [one]


@pytest.mark.parametrize(
    "change", [{"webhook-signature": "v1,AAAA"}, {"webhook-signature": "x"}, {"webhook-id": "other"}]
)
async def test_a_wrong_signature_is_seen(change: dict[str, str]) -> None:
    async with Receiver(secrets=(SECRET,)) as receiver:
        assert await post(receiver.url, signed() | change) == 200
    assert receiver.posts[0].verified is False
    assert receiver.posts[0].problem


async def test_a_wrong_signature_is_refused_on_demand_and_leaves_the_script_alone() -> None:
    async with Receiver(secrets=(SECRET,), refuse_unverified=True) as receiver:
        receiver.then(Reply(503))
        assert await post(receiver.url, {"webhook-id": "x"}) == 401
        assert await post(receiver.url) == 503
        assert await post(receiver.url) == 200


async def test_an_old_message_is_refused_unless_its_age_is_ignored() -> None:
    old = headers("msg-1", datetime(2020, 1, 1, tzinfo=UTC), BODY, (SECRET,))
    async with Receiver(secrets=(SECRET,)) as strict, Receiver(secrets=(SECRET,), check_age=False) as lax:
        await post(strict.url, old)
        await post(lax.url, old)
        await post(lax.url, old | {"webhook-timestamp": "1577836801"})
    assert [one.verified for one in strict.posts] == [False]
    assert [one.verified for one in lax.posts] == [True, False]


async def test_without_a_secret_nothing_is_judged() -> None:
    async with Receiver() as receiver:
        await post(receiver.url)
    assert receiver.posts[0].verified is None


async def test_the_script_is_followed_in_order() -> None:
    async with Receiver() as receiver:
        receiver.then(
            Reply(500), Reply(429, {"retry-after": "7"}), Reply(410), Reply(204), Reply(302, {"location": "/x"})
        )
        assert [await post(receiver.url) for _ in range(6)] == [500, 429, 410, 204, 302, 200]
    assert [one.answered for one in receiver.posts] == ["500", "429", "410", "204", "302", "200"]
    assert len(receiver.accepted) == 2


async def test_headers_and_body_of_a_reply_arrive() -> None:
    async with Receiver() as receiver, httpx.AsyncClient(trust_env=False) as client:
        receiver.then(Reply(429, {"retry-after": "7"}, b'{"retry_after":7.5}'))
        answer = await client.post(receiver.url, content=b"{}")
    assert (answer.headers["retry-after"], answer.json()) == ("7", {"retry_after": 7.5})


async def test_a_dropped_post_is_recorded_and_not_answered() -> None:
    async with Receiver() as receiver:
        receiver.then(Reply(drop=True))
        assert await post(receiver.url) == 0
        assert await post(receiver.url) == 200
    assert [one.answered for one in receiver.posts] == ["dropped", "200"]


async def test_a_delay_holds_the_answer_back_until_the_client_gives_up() -> None:
    async with Receiver(Mood(usual=Reply(delay=3600))) as receiver:
        with pytest.raises(httpx.ReadTimeout):
            async with httpx.AsyncClient(trust_env=False, timeout=0.2) as client:
                await client.post(receiver.url, content=b"{}")
        assert len(await receiver.received(1)) == 1


async def test_an_endless_answer_goes_on_until_the_client_leaves() -> None:
    async with Receiver() as receiver, httpx.AsyncClient(trust_env=False) as client:
        receiver.then(Reply(endless=True))
        read = 0
        async with client.stream("POST", receiver.url, content=b"{}") as answer:
            async for piece in answer.aiter_raw():
                read += len(piece)
                if read > 2_000_000:
                    break
        assert read > 2_000_000
        assert await post(receiver.url) == 200


async def test_one_connection_serves_many_posts() -> None:
    async with Receiver() as receiver, httpx.AsyncClient(trust_env=False) as client:
        for number in range(20):
            await client.post(receiver.url, content=b"{}", headers=signed(number))
        assert (await client.get(receiver.url)).status_code == 405
    assert [one.seq for one in receiver.posts] == list(range(20))


async def test_closing_cuts_idle_connections_without_a_complaint() -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    async with httpx.AsyncClient(trust_env=False) as client:
        async with Receiver() as receiver:
            await client.post(receiver.url, content=b"{}")
        await asyncio.sleep(0)
        with pytest.raises(httpx.TransportError):
            await client.post(receiver.url, content=b"{}")
    assert complaints == []


@pytest.mark.parametrize(
    "nonsense",
    [b"", b"POST\r\n\r\n", b"\x16\x03\x01\r\n\r\n", b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n", b"x" * 200_000],
)
async def test_nonsense_ends_its_connection_and_no_other(nonsense: bytes) -> None:
    async with Receiver() as receiver:
        reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
        writer.write(nonsense)
        writer.write_eof()
        with suppress(ConnectionError):
            assert await reader.read() == b""
        writer.close()
        assert await post(receiver.url) == 200
    assert len(receiver.posts) == 1


async def test_waiting_for_posts() -> None:
    async with Receiver() as receiver:
        waiting = asyncio.create_task(receiver.received(2))
        await post(receiver.url)
        assert not waiting.done()
        await post(receiver.url)
        assert len(await waiting) == 2
        with pytest.raises(TimeoutError):
            await receiver.received(3, timeout=0.05)


async def test_each_post_is_told_to_a_listener() -> None:
    heard: list[Post] = []
    async with Receiver(on_post=heard.append) as receiver:
        await post(receiver.url)
    assert heard == receiver.posts


async def test_the_log_grows_line_by_line_and_outlives_a_restart(tmp_path: Path) -> None:
    log = tmp_path / "posts.ndjson"
    for number in (1, 2):
        async with Receiver(secrets=(SECRET,), log=log) as receiver:
            await post(receiver.url, signed(number))
            lines = log.read_text("utf-8").splitlines()  # flushed before the answer
            assert len(lines) == number
    rows = [json.loads(line) for line in lines]
    assert [row["id"] for row in rows] == ["msg-1", "msg-2"]
    assert rows[0]["verified"] is True
    assert rows[0]["answered"] == "200"
    assert json.loads(rows[0]["body"]) == json.loads(BODY)
    assert rows[0]["headers"]["monitor-seq"] == "1"


def test_the_same_seed_gives_the_same_mood() -> None:
    one, same, other = (Mood(0.15, 0.05, seed) for seed in (7, 7, 8))
    sequences = [[mood.next() for _ in range(400)] for mood in (one, same, other)]
    assert sequences[0] == sequences[1]
    assert sequences[0] != sequences[2]


@pytest.mark.parametrize("seed", random.Random(5).sample(range(10**6), 5))
def test_rates_are_kept(seed: int) -> None:
    mood = Mood(0.15, 0.05, seed)
    drawn = [mood.next() for _ in range(4000)]
    assert 0.12 < sum(reply.status == 500 for reply in drawn) / 4000 < 0.18
    assert 0.035 < sum(reply.drop for reply in drawn) / 4000 < 0.065


async def start(*arguments: str) -> tuple[asyncio.subprocess.Process, str]:
    """Start the receiver as a process of its own; answer it with its URL."""
    command = (sys.executable, "-m", "tests.replica.receiver", *arguments)
    child = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    assert child.stdout is not None
    async with asyncio.timeout(30):
        said = json.loads(await child.stdout.readline())
    assert said["url"] == f"http://127.0.0.1:{said['port']}/hook"
    return child, said["url"]


@pytest.mark.slow
async def test_as_a_process_it_logs_and_ends_on_sigterm(tmp_path: Path) -> None:
    log = tmp_path / "posts.ndjson"
    rates = ("--fail-rate", "0.3", "--drop-rate", "0.2", "--seed", "3", "--retry-after", "4", "--fail-status", "503")
    child, url = await start("--log", str(log), "--secret", SECRET, "--max-seconds", "60", *rates)
    statuses = [await post(url, signed(number)) for number in range(20)]
    child.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(child.wait(), PATIENCE) == 0
    rows = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    mood = Mood(0.3, 0.2, 3, Reply(503))
    expected = ["dropped" if reply.drop else str(reply.status) for reply in (mood.next() for _ in range(20))]
    assert [row["answered"] for row in rows] == expected
    assert ["dropped" if status == 0 else str(status) for status in statuses] == expected
    assert {"dropped", "503", "200"} == set(expected)
    assert all(row["verified"] for row in rows)


@pytest.mark.slow
async def test_as_a_process_it_ends_by_itself() -> None:
    child, _url = await start("--max-seconds", "0.2")
    assert await asyncio.wait_for(child.wait(), PATIENCE) == 0
