"""SMTP with a deadline: a letter is handed in at a server whose address was checked, over TLS whose certificate was.

The dialogue is aiosmtplib's. It is given a connected socket, so that the guard, and a proxy where the settings name one,
stand in front of it as they stand in front of every post.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

import httpcore
from aiosmtplib import SMTP, SMTPRecipientRefused, SMTPResponseException

from monitor.model.errors import FetchError, FetchReason
from monitor.model.letter import LEFT_OUT, Letter, MailServer
from monitor.model.page import Response
from monitor.model.proxy import Proxy
from monitor.net.bridge import as_socket
from monitor.net.certificates import explain_handshake, trusting
from monitor.net.client import Limits
from monitor.net.failure import Failure, explain
from monitor.net.guard import GuardedBackend, Resolver, SystemResolver
from monitor.net.proxy import ProxiedBackend

QUIT_SECONDS: Final = 2.0  # the letter is taken by then: only manners are left
CLOSING: Final = 421  # RFC 5321 §3.8: the server ends the conversation, whatever it was asked
MAX_REPLY: Final = 16_384  # bytes of what a server said that are kept

_TEMPORARY: Final = range(400, 500)
_FULL: Final = "4.2.2"  # RFC 3463: a full mailbox is emptied by its owner, not by a few minutes


@dataclass(frozen=True, slots=True)
class _Said:
    """The reply that decided, and what was said of those whom the letter was not taken for."""

    code: int
    words: str
    left_out: str = ""


class MailClient:
    """The one way out over SMTP.

    `proxy`, `authorities`, `resolve` and `context` are as for monitor.net.client.HttpClient. Certificates are always verified.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        proxy: Proxy | None = None,
        authorities: str = "",
        resolve: Resolver | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._seconds = limits.timeout
        self._context = context
        self._authorities = authorities
        self._names = SystemResolver()
        guard = GuardedBackend(limits.allow_networks, resolve or self._names, opened_by=limits.opened_by)
        self._network = guard if proxy is None else ProxiedBackend(proxy, guard)

    async def mail(self, letter: Letter) -> Response:
        """Hand a letter in, and return what the server said: the code of its reply as status, its words as body.

        2xx: it was taken; the header `left-out` names the recipients that it was not taken for, if any. Another code is the refusal that decided, and
        nobody was sent it. One total deadline covers names, connection, TLS and dialogue. Raises FetchError, which names the
        server alone, for failures below SMTP; whether the letter was taken is then unknown only after its last byte.
        """
        started = time.perf_counter()
        with _named(letter.server, self._seconds):
            deadline = asyncio.get_running_loop().time() + self._seconds
            async with asyncio.timeout_at(deadline):
                stream = await self._network.connect_tcp(letter.server.host, letter.server.port)
            async with as_socket(stream) as connected:
                said = await self._handed_in(letter, connected, deadline, _greeting(stream))
        elapsed = (time.perf_counter() - started) * 1000
        body = said.words.encode(errors="replace")[:MAX_REPLY]
        return Response(
            letter.server.name, said.code, {LEFT_OUT: said.left_out} if said.left_out else {}, body, elapsed
        )

    async def aclose(self) -> None:
        """Let the threads go that look up names; no connection outlives its letter."""
        self._names.close()

    async def _handed_in(self, letter: Letter, connected: socket.socket, deadline: float, greeting: str) -> _Said:
        """Greet, encrypt, log in and hand over, all within the deadline; then take leave, within a time of its own."""
        server = letter.server
        smtp = SMTP(
            hostname=server.host,
            sock=connected,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=None if server.security == "none" else self._tls(),
            local_hostname=greeting,
            timeout=None,
        )
        try:
            async with asyncio.timeout_at(deadline):
                await smtp.connect()
                if server.user:
                    await smtp.login(server.user, server.password)
                said = await _handed_over(smtp, letter)
            # Beyond the deadline of the letter: one that was taken must not be called late, or it is sent again.
            with suppress(Exception):
                await smtp.quit(timeout=min(QUIT_SECONDS, self._seconds / 2))
        except SMTPResponseException as refused:
            if refused.code < 0:
                raise Failure(FetchReason.PROTOCOL, refused.message) from refused
            said = _Said(refused.code, refused.message)
        finally:
            _drop(smtp)
        return said

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = trusting(self._authorities, os.environ)
        return self._context


async def _handed_over(smtp: SMTP, letter: Letter) -> _Said:
    """Name the recipients, and send the content where somebody may have it; return what that came to."""
    await smtp.mail(letter.sender)
    refused: dict[str, tuple[int, str]] = {}
    for recipient in letter.recipients:
        try:
            await smtp.rcpt(recipient)
        except SMTPRecipientRefused as refusal:
            refused[recipient] = refusal.code, refusal.message
            if refusal.code == CLOSING:
                return _Said(refusal.code, refusal.message)
    told = "; ".join(f"{recipient}: {code} {words}" for recipient, (code, words) in refused.items())
    put_off = [code for code, words in refused.values() if code in _TEMPORARY and not words.startswith(_FULL)]
    if put_off and (letter.patient or len(refused) == len(letter.recipients)):
        return _Said(put_off[0], told)
    if len(refused) == len(letter.recipients):
        return _Said(next(iter(refused.values()))[0], told)
    taken = await smtp.data(letter.content)
    return _Said(taken.code, taken.message, told)


def _drop(smtp: SMTP) -> None:
    """Close at once: a TLS farewell that nobody answers would keep the socket."""
    left = smtp.transport
    smtp.close()
    if isinstance(left, asyncio.WriteTransport):
        left.abort()


def _greeting(stream: httpcore.AsyncNetworkStream) -> str:
    """Return what this machine calls itself: the address that it speaks from, as it has no name (RFC 5321 §4.1.4)."""
    ours = stream.get_extra_info("client_addr")
    try:
        address = ip_address(ours[0])
    except (TypeError, ValueError, IndexError):
        return "[127.0.0.1]"
    return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"  # noqa: PLR2004 - IPv4


@contextmanager
def _named(server: MailServer, seconds: float) -> Iterator[None]:
    """Turn whatever goes wrong inside into a FetchError that names the server."""
    try:
        yield
    except TimeoutError as error:
        raise FetchError(server.name, FetchReason.TIMEOUT, f"no complete answer within {seconds:g} s") from error
    except Exception as error:
        failure = _explained(error)
        raise FetchError(server.name, failure.reason, failure.detail, transient=failure.transient) from error


def _explained(error: Exception) -> Failure:
    """Return the failure behind an error of the dialogue; a handshake that failed lies beneath others."""
    beneath: BaseException | None = error
    while beneath is not None:
        if isinstance(beneath, ssl.SSLError):
            return Failure(FetchReason.TLS, explain_handshake(beneath))
        beneath = beneath.__cause__ or beneath.__context__
    if "STARTTLS extension not supported" in str(error):
        return Failure(FetchReason.TLS, "the server offers no STARTTLS, and nothing is told in the clear")
    return explain(error)
