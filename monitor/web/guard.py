"""What no route must see: requests for foreign hosts, foreign pages that change things, bodies without end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.config.settings import WebSettings
from monitor.web.asker import Asker, Headers, asker_of
from monitor.web.problems import ProblemResponse, failure, problem

MOST_HEAD: Final = 16 * 1024
"""Bytes of a request's address and headers; the server itself sees only to those of a head that is not whole."""
MOST_BODY: Final = 1024 * 1024
"""Bytes of a request's body."""
BODY_SECONDS: Final = 15.0
"""Seconds in which a body has to be here."""
ANSWER_SECONDS: Final = 30.0
"""Seconds until an answer begins; a stream may go on for as long as it likes."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
ALWAYS: Final = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
"""Headers of every answer that does not bring its own."""


Answered: TypeAlias = Callable[[str, str, int, float], None]
"""Hears of an answer: the template of its route ("" for none), the method, the status, the seconds until it began."""
Dressed: TypeAlias = Callable[[Request, ProblemResponse], Response]
"""Makes of an error what its asker reads: a page for a browser."""


def undressed(_request: Request, answer: ProblemResponse) -> Response:
    """Return an error as it is."""
    return answer


def host_names(settings: WebSettings) -> frozenset[str]:
    """Return the names by which the server may be asked for: those of this machine, its own address, and the configured ones."""
    own = f"[{settings.host}]" if ":" in settings.host else settings.host
    return LOOPBACK_NAMES | {own.lower(), *(name.lower() for name in settings.hosts)}


def host_fault(asker: Asker, names: Collection[str]) -> tuple[int, str] | None:
    """Return why a request is not for this server: else a foreign page could reach it by a name that leads here.

    Whoever asks by an address has no name that somebody else could let lead here.
    """
    if not asker.name:
        return HTTPStatus.BAD_REQUEST, "the request names no host, or more than one"
    if asker.name not in names and not _is_address(asker.name):
        detail = "this server is not known by that name; add it to `web.hosts` of monitor.yaml if it is right"
        return HTTPStatus.MISDIRECTED_REQUEST, detail
    return None


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def is_foreign(method: str, headers: Headers, asker: Asker) -> bool:
    """Return whether the page of another origin has its reader's browser change something here.

    A browser says so itself (Sec-Fetch-Site; Origin in older ones, and for a page without https); a program says neither.
    """
    if method in SAFE:
        return False
    sites = {value for key, value in headers if key == b"sec-fetch-site"}
    if sites:
        return not sites <= {b"same-origin", b"none"}
    origins = {value.decode("latin-1").lower() for key, value in headers if key == b"origin"}
    return bool(origins) and origins != {asker.origin}


class Guard:
    """Stands around the application (ASGI): refuses, limits, and puts the headers of every answer."""

    def __init__(self, app: ASGIApp, settings: WebSettings, answered: Answered, dressed: Dressed = undressed) -> None:
        """Guard `app`; `answered` hears of each answer, each refusal is `dressed` for its asker."""
        self._dressed = dressed
        self._app = app
        self._settings = settings
        self._names = host_names(settings)
        self._told = answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let the application do so."""
        if scope["type"] != "http":
            return
        began = time.monotonic()
        client = scope["client"][0] if scope.get("client") else ""
        asker = asker_of(client, scope["scheme"], scope["headers"], self._settings.trusted_proxies)
        scope.setdefault("state", {})["asker"] = asker
        scope["scheme"] = asker.scheme
        answer = _Answer(send)
        refused = self._refused(scope, asker)
        try:
            if refused is None:
                await self._answered(scope, _BoundedBody(receive), answer)
            else:
                await self._tell(refused, scope, receive, answer)
        except _TooLargeError:
            await self._tell(too_large(), scope, receive, answer)
        except _TooSlowError:
            late = problem(HTTPStatus.REQUEST_TIMEOUT, "the body did not come in time")
            await self._tell(late, scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - the handler of the application has told it; here is what passed it by
            if not answer.begun:
                await self._tell(failure(error, scope["method"], scope["path"]), scope, receive, answer)
        finally:
            if answer.begun:
                route = getattr(scope.get("route"), "path", "")
                self._told(route, scope["method"], answer.status, answer.begun_at - began)

    def _refused(self, scope: Scope, asker: Asker) -> ProblemResponse | None:
        if fault := host_fault(asker, self._names):
            return problem(*fault)
        if is_foreign(scope["method"], scope["headers"], asker):
            return problem(HTTPStatus.FORBIDDEN, "a page of another site may not change anything here")
        if _head(scope) > MOST_HEAD:
            status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            return problem(status, f"address and headers may have {MOST_HEAD} bytes")
        if _length(scope["headers"]) > MOST_BODY:
            return too_large()
        return None

    async def _answered(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        work = asyncio.ensure_future(self._app(scope, receive, answer))
        begun = asyncio.ensure_future(answer.has_begun.wait())
        try:
            await asyncio.wait((work, begun), timeout=ANSWER_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if work.done() or answer.begun:
                await work
                return
        finally:
            begun.cancel()
            if not work.done():
                work.cancel()
        detail = f"no answer within {ANSWER_SECONDS:g} s"
        late = problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": "5"})
        await self._tell(late, scope, receive, answer)

    async def _tell(self, told: ProblemResponse, scope: Scope, receive: Receive, answer: _Answer) -> None:
        if not answer.begun:
            await self._dressed(Request(scope), told)(scope, receive, answer)


def too_large() -> ProblemResponse:
    """Return that a body has too many bytes."""
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body may have {MOST_BODY} bytes")


def _head(scope: Scope) -> int:
    """Return the bytes of the address and the headers of a request."""
    headers = sum(len(key) + len(value) for key, value in scope["headers"])
    return headers + len(scope.get("raw_path") or b"") + len(scope["query_string"])


def _length(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """Return the length that a request says its body has; 0 where it says none."""
    found = [value for key, value in headers if key == b"content-length"]
    return int(found[0]) if found and found[0].isdigit() else 0


class _TooLargeError(Exception):
    """More bytes came than a body may have."""


class _TooSlowError(Exception):
    """A body did not come in time."""


class _BoundedBody:
    """The body of a request as it comes, within bounds of size and time."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._bytes = 0
        self._whole = False
        self._until = asyncio.get_running_loop().time() + BODY_SECONDS

    async def __call__(self) -> Message:
        if self._whole:
            return await self._receive()  # tells of the end of the connection, however late
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise _TooSlowError from None
        self._bytes += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._bytes > MOST_BODY:
            raise _TooLargeError
        return message


class _Answer:
    """What is sent, with the headers of every answer."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = asyncio.Event()
        self.status = 0
        self.begun_at = 0.0

    @property
    def begun(self) -> bool:
        """Return whether it is too late for another answer."""
        return self.has_begun.is_set()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(key.lower(), value) for key, value in message.get("headers", ())]
            own = {key for key, _ in headers}
            headers += [(key.encode(), value.encode()) for key, value in ALWAYS.items() if key.encode() not in own]
            message = {**message, "headers": headers}
            self.status = message["status"]
            self.begun_at = time.monotonic()
            self.has_begun.set()
        await self._send(message)
