"""Every error has the shape of RFC 9457, whoever raised it, and none shows a traceback."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

import pytest
from fastapi import FastAPI, Query

from monitor.config.settings import WebSettings
from monitor.model.errors import ReadLimitError, StoreError
from monitor.service import telemetry
from monitor.web import problems
from monitor.web.guard import Guard
from monitor.web.problems import ProblemError
from tests.web.asgi import Answer, ask

SECRET = "the secret of the inside"


def application() -> Guard:
    """Return one whose routes raise."""
    app = FastAPI(openapi_url=None)
    problems.install(app)
    errors = {
        "/told": ProblemError(409, "it is so already", more={"id": 7}),
        "/slow": ReadLimitError("the question took longer than it may"),
        "/away": StoreError(f"connection to {SECRET} refused"),
        "/broken": RuntimeError(SECRET),
        "/feeds/{token}/hits.atom": RuntimeError("x"),
    }

    @app.get("/number")
    async def number(n: Annotated[int, Query(ge=1)]) -> int:
        return n

    for path, error in errors.items():
        app.add_api_route(path, _raising(error))
    return Guard(app, WebSettings(), lambda *_: None)


def _raising(error: Exception) -> Callable[[], Awaitable[None]]:
    async def fail() -> None:
        raise error

    return fail


async def told(path: str, method: str = "GET", query: bytes = b"") -> Answer:
    """Return the answer, which is a problem."""
    answer = await ask(application(), path, method=method, query=query)
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["status"] == answer.status
    assert {"type", "title", "status"} <= found.keys()
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    return answer


@pytest.mark.parametrize(
    ("path", "method", "query", "status", "said"),
    [
        ("/nothing", "GET", b"", 404, "there is nothing at /nothing"),
        ("/told", "POST", b"", 405, "POST is not what /told is for"),
        ("/told", "GET", b"", 409, "it is so already"),
        ("/number", "GET", b"n=x", 422, "query.n"),
        ("/number", "GET", b"n=0", 422, "query.n"),
        ("/number", "GET", b"", 422, "query.n"),
        ("/slow", "GET", b"", 503, "longer than it may"),
        ("/away", "GET", b"", 503, "monitor doctor"),
    ],
)
async def test_an_error_says_what_it_is(path: str, method: str, query: bytes, status: int, said: str) -> None:
    answer = await told(path, method, query)
    assert answer.status == status
    assert said in answer.json()["detail"]


async def test_a_fault_of_ours_is_a_number_that_the_log_has(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("json")
    answer = await told("/broken")
    assert answer.status == 500
    printed = "".join(capsys.readouterr())
    assert answer.json()["reference"] in printed
    assert SECRET in printed


async def test_a_token_in_an_address_is_not_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("json")
    assert (await told("/feeds/mon_abc-DEF_123/hits.atom")).status == 500
    printed = "".join(capsys.readouterr())
    assert "GET /feeds/mon_…/hits.atom" in printed
    assert "DEF" not in printed


async def test_what_is_busy_says_when_to_come_again() -> None:
    assert (await told("/slow")).headers["retry-after"] == "2"
