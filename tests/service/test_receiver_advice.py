"""What to do about a receiver, by what the store kept of its answer."""

from __future__ import annotations

import pytest

from monitor.model.errors import FetchReason
from monitor.service.receiver_advice import stored_advice


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("404: not found", "correct `url`"),
        ("404", "correct `url`"),
        ("410: <html>gone</html>", "make a new one"),
        ("302: redirects are not followed", "put the address that it leads to"),
        ("401: invalid_auth", "does not accept the key"),
        ("503: busy", "log of the receiver"),
        ("500", "log of the receiver"),
        ("550: no such user", "words say why"),
        ("421: try later", "words say why"),
        ("timeout: no complete response within 5 s", "deliver.timeout"),
        ("blocked_address: 10.0.0.7", "deliver.allow_networks"),
        ("connect: refused", "nothing answers there"),
        ("not sent: the message is no JSON", "monitor check"),
        ("4041 things are wrong", "monitor check"),
        ("", "monitor check"),
    ],
)
def test_what_was_answered_says_what_to_do(said: str, wanted: str) -> None:
    assert wanted in stored_advice(said)


@pytest.mark.parametrize("reason", FetchReason)
def test_every_reason_has_something_to_do(reason: FetchReason) -> None:
    assert stored_advice(f"{reason.value}: …")
