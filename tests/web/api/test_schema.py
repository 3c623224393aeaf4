"""Invented requests against the description of the API: every answer is one that is described, and none is a fault of ours."""

from __future__ import annotations

import asyncio
import os
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis import checks

from monitor.model.access import Scope
from monitor.service.rate_limit import RateLimit
from monitor.web.api.contract import PREFIX
from tests.contracts.conftest import sqlite_factory
from tests.contracts.databases import SqliteFactory
from tests.patience import PATIENCE
from tests.web.api.stock import stock
from tests.web.api.test_permissions import NEEDED
from tests.web.desk import served

__all__ = ["sqlite_factory"]

pytestmark = [pytest.mark.property, pytest.mark.slow]

EXAMPLES = int(os.environ.get("MONITOR_API_EXAMPLES", "20"))
"""Requests that are invented for each operation."""
# What a time, a cursor or a name may be, no schema says: such a request is refused although it fits its description.
checks.load_all_checks()
LEFT_OUT: list[Any] = [checks.CHECKS.get_one("positive_data_acceptance")]
OPERATIONS = sorted(set(NEEDED) - {("GET", "/hits/stream")})


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, sqlite_factory: SqliteFactory) -> Iterator[tuple[str, str]]:
    """The address of a server on a loop of its own, and a token that may do everything."""
    found: queue.Queue[tuple[str, str]] = queue.Queue()
    ended = threading.Event()
    folder = tmp_path_factory.mktemp("served")
    with sqlite_factory.lent() as url:
        thread = threading.Thread(target=lambda: asyncio.run(_serve(folder, url, found, ended)))
        thread.start()
        try:
            yield found.get(timeout=PATIENCE)
        finally:
            ended.set()
            thread.join(PATIENCE)


async def _serve(folder: Path, url: str, found: queue.Queue[tuple[str, str]], ended: threading.Event) -> None:
    await stock(url)
    async with served(folder, url) as api:
        api.rate(RateLimit(lambda: 0.0, burst=10.0**9))
        server = uvicorn.Server(uvicorn.Config(api.app, port=0, lifespan="off", log_config=None))
        work = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        found.put((f"http://127.0.0.1:{port}", api.tokens[Scope.ADMIN]))
        await asyncio.to_thread(ended.wait)
        server.should_exit = True
        await work


@pytest.fixture(scope="module")
def described(address: tuple[str, str]) -> schemathesis.schemas.BaseSchema:
    """The description, as the server itself gives it."""
    url, token = address
    headers = {"Authorization": f"Bearer {token}"}
    return schemathesis.openapi.from_url(f"{url}{PREFIX}/openapi.json", headers=headers)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_is_one_that_is_described(
    address: tuple[str, str], described: schemathesis.schemas.BaseSchema, method: str, path: str
) -> None:
    url, token = address
    operation = described[PREFIX + path][method]

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy())
    def play(case: schemathesis.Case[Any]) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        case.call_and_validate(base_url=url, headers=headers, excluded_checks=LEFT_OUT)

    play()
