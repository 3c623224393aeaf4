"""How long hits take over HTTP, beside the same questions asked of the reader directly.

    python -m tests.bench.api FILE [--questions 100]

FILE is a database that tests.bench.desk has kept (`--keep FILE`). A server on a loop of its own answers `GET /api/v1/hits` of 50 hits
with other filters each time; then SqlReader is asked the same in this thread. Milliseconds: p50, p95, most.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import uvicorn

from monitor.model.access import Scope
from monitor.model.records import HitQuery
from monitor.present.moments import rfc3339
from monitor.service.rate_limit import RateLimit
from monitor.store.read.queries import SqlReader
from tests.bench.desk import Writer, quantiles, questions
from tests.web.desk import served


def parameters(query: HitQuery) -> dict[str, str]:
    """Return a question as the parameters of a request."""
    given = {
        "rule": query.rule,
        "source": query.source,
        "term": query.term,
        "lang": query.lang,
        "text": query.text,
        "alerted": query.alerted,
        "since": rfc3339(query.since) if query.since else "",
        "until": rfc3339(query.until) if query.until else "",
    }
    return {key: value for key, value in given.items() if value}


def timed(asked: Callable[[], object]) -> float:
    """Return how many milliseconds a question took."""
    started = time.perf_counter()
    asked()
    return (time.perf_counter() - started) * 1000


def ask(address: str, token: str, url: str, number: int) -> None:
    """Ask both ways, and print what it took."""
    draw, writer = random.Random(3), Writer(1)
    makers = [make for name, make in questions(draw, writer) if name != "five rules of a tag"]
    queries = [makers[place % len(makers)]() for place in range(number)]
    with SqlReader(url) as reader, httpx.Client(trust_env=False, timeout=30) as client:
        headers = {"Authorization": f"Bearer {token}"}

        def get(query: HitQuery, tag: str = "") -> httpx.Response:
            more = {"If-None-Match": tag} if tag else {}
            answer = client.get(f"{address}/api/v1/hits", params=parameters(query), headers=headers | more)
            assert answer.status_code in {200, 304}, answer.text
            return answer

        over_http, direct, known = list[float](), list[float](), list[float]()
        for query in queries:
            direct.append(timed(lambda query=query: reader.hit_page(query)))  # type: ignore[misc]  # bound now
            over_http.append(timed(lambda query=query: get(query)))  # type: ignore[misc]
            tag = get(query).headers["etag"]
            known.append(timed(lambda query=query, tag=tag: get(query, tag)))  # type: ignore[misc]
        marks = [timed(reader.marks) for _ in range(number)]
    for name, took in (("GET hits", over_http), ("reader", direct), ("304", known), ("marks of a 304", marks)):
        print(f"{name:16} {quantiles(took)}")


async def measure(url: str, number: int) -> None:
    """Serve the database and ask it."""
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder), url) as api:
            api.rate(RateLimit(lambda: 0.0, burst=10.0**9))
            server = uvicorn.Server(uvicorn.Config(api.app, port=0, lifespan="off", log_config=None))
            work = asyncio.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
            asking = threading.Thread(target=ask, args=(address, api.tokens[Scope.READ], url, number))
            asking.start()
            while asking.is_alive():
                await asyncio.sleep(0.05)
            server.should_exit = True
            await work


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--questions", type=int, default=100)
    chosen = parser.parse_args()
    asyncio.run(measure(f"sqlite:///{chosen.file}", chosen.questions))


if __name__ == "__main__":
    main()
