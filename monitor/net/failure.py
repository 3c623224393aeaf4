"""One vocabulary for everything that can go wrong below HTTP."""

from __future__ import annotations

import ssl

import httpcore
import httpx

from monitor.model.errors import FetchReason, MonitorError

_REASONS: tuple[tuple[tuple[type[Exception], ...], FetchReason, bool], ...] = (
    ((httpcore.TimeoutException, httpx.TimeoutException), FetchReason.TIMEOUT, True),
    ((ssl.SSLError,), FetchReason.TLS, True),
    ((httpcore.NetworkError, httpx.NetworkError), FetchReason.CONNECT, True),
    ((httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol, httpx.InvalidURL), FetchReason.BAD_URL, False),
    ((httpcore.LocalProtocolError, httpx.LocalProtocolError), FetchReason.PROTOCOL, False),
    ((httpcore.ProtocolError, httpx.ProtocolError), FetchReason.PROTOCOL, True),
    ((OSError,), FetchReason.CONNECT, True),
)


class Failure(MonitorError):  # noqa: N818 - it names a value on its way to a FetchError
    """A failure that already knows its reason; `transient`: the same request may succeed later.

    net and fetch let it out only as a FetchError, which names the URL too.
    """

    def __init__(self, reason: FetchReason, detail: str, *, transient: bool = True) -> None:
        self.reason = reason
        self.detail = detail
        self.transient = transient
        super().__init__(f"{reason}: {detail}")


def explain(error: Exception) -> Failure:
    """Turn any exception of httpx, httpcore, h11, h2, ssl or the socket layer into a Failure.

    What is not listed counts as a broken protocol: hostile bytes can make a parser raise nearly anything.
    """
    if isinstance(error, Failure):
        return error
    detail = str(error) or type(error).__name__
    for kinds, reason, transient in _REASONS:
        if isinstance(error, kinds):
            return Failure(reason, detail, transient=transient)
    return Failure(FetchReason.PROTOCOL, f"{type(error).__name__}: {detail}")
