from __future__ import annotations

import pytest

from monitor.service.failing_alike import CONNECTED, PROXIED, UNBELIEVED, AlikeFailure


@pytest.mark.parametrize(
    ("cause", "action"),
    [
        ("proxy: the proxy http://10.0.0.1:3128 cannot be reached: 10.0.0.1 port 3128: refused", PROXIED),
        ("connect: the proxy socks5h://p.corp:1080 cannot reach it: Host unreachable", PROXIED),
        (
            "tls: the certificate is not believed: x; if its authority is your own, write its PEM file as `ca_file`",
            UNBELIEVED,
        ),
        ("connect: Network is unreachable", CONNECTED),
        ("status: 500", "monitor sources a"),
    ],
)
def test_what_fails_alike_is_asked_about_by_name(cause: str, action: str) -> None:
    assert AlikeFailure(cause, ("a", "b", "c"), 3).action == action
