from __future__ import annotations

import ssl

import httpcore
import httpx
import pytest

from monitor.model.errors import FetchReason
from monitor.net.failure import Failure, explain


@pytest.mark.parametrize(
    ("error", "reason", "transient"),
    [
        (httpcore.ConnectTimeout(), FetchReason.TIMEOUT, True),
        (httpcore.PoolTimeout(), FetchReason.TIMEOUT, True),
        (httpx.ReadTimeout("slow"), FetchReason.TIMEOUT, True),
        (httpcore.ConnectError("no"), FetchReason.CONNECT, True),
        (httpcore.ReadError("reset"), FetchReason.CONNECT, True),
        (httpx.WriteError("reset"), FetchReason.CONNECT, True),
        (ConnectionResetError(104, "reset"), FetchReason.CONNECT, True),
        (ssl.SSLError(1, "bad"), FetchReason.TLS, True),
        (ssl.SSLCertVerificationError(1, "expired"), FetchReason.TLS, True),
        (httpcore.UnsupportedProtocol("ftp"), FetchReason.BAD_URL, False),
        (httpx.InvalidURL("bad"), FetchReason.BAD_URL, False),
        (httpcore.LocalProtocolError("bad header"), FetchReason.PROTOCOL, False),
        (httpcore.RemoteProtocolError("garbage"), FetchReason.PROTOCOL, True),
        (KeyError("stream"), FetchReason.PROTOCOL, True),
        (RuntimeError(), FetchReason.PROTOCOL, True),
    ],
)
def test_every_error_has_a_reason(error: Exception, reason: FetchReason, transient: bool) -> None:  # noqa: FBT001 - test parameter
    failure = explain(error)
    assert (failure.reason, failure.transient) == (reason, transient)
    assert failure.detail


def test_a_failure_explains_itself() -> None:
    failure = Failure(FetchReason.DNS, "no such name", transient=False)
    assert explain(failure) is failure
    assert str(failure) == "dns: no such name"
