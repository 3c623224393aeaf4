"""The second signature, against the examples of those who check it and against OpenSSL."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from monitor.channels.body_hmac import body_hmac, body_secret, check_hmac
from monitor.model.errors import InvalidValueError
from monitor.model.kind import Written
from monitor.model.plan import Channel
from tests.channels.samples import channel

GITHUB = "It's a Secret to Everybody"  # docs.github.com, "Testing the webhook payload validation"
BODY = "오픈AI, 스타게이트에 투자".encode()


def signing(secret: str, **options: str) -> Channel:
    return replace(channel(), private=(("hmac_secret", secret),), options=tuple(options.items()))


def test_the_example_of_github() -> None:
    assert body_hmac(signing(GITHUB), b"Hello, World!") == {
        "x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    }


@pytest.mark.slow
@pytest.mark.parametrize("algorithm", ["sha256", "sha1", "sha512"])
def test_openssl_makes_the_same(algorithm: str) -> None:
    command = ["openssl", "dgst", f"-{algorithm}", "-hmac", "열쇠열쇠열쇠열쇠열쇠열쇠열쇠열쇠", "-r"]
    made = subprocess.run(command, input=BODY, capture_output=True, check=True).stdout.split()[0].decode()
    target = signing("열쇠열쇠열쇠열쇠열쇠열쇠열쇠열쇠", hmac_algorithm=algorithm, hmac_header="X-Sig")
    assert body_hmac(target, BODY) == {"x-sig": made}


def test_another_header_another_prefix_and_base64() -> None:
    target = signing(GITHUB, hmac_header="X-Line-Signature", hmac_encoding="base64")
    (value,) = body_hmac(target, b"Hello, World!").values()
    assert value == "dXEH6g6yUJ/CESIczphLijdXC211hsIsRvQ3nIsEPhc="
    assert body_hmac(signing(GITHUB, hmac_header="X-S", hmac_prefix="v0="), b"")["x-s"].startswith("v0=")
    assert body_hmac(signing(GITHUB, hmac_prefix="v0="), b"")["x-hub-signature-256"].startswith("v0=")


def test_without_a_secret_there_is_none() -> None:
    assert body_hmac(channel(), BODY) == {}


def test_the_other_keys_alone_are_a_fault_once_there_is_a_url() -> None:
    own = {"hmac_header": ("X-Sig",)}
    (fault,) = check_hmac(Written("desk", "webhook", ("https://h.example/",), own=own))
    assert "hmac_secret" in fault.message
    assert list(check_hmac(Written("desk", "webhook", (), own=own))) == []


def test_a_short_secret_is_refused_and_not_quoted() -> None:
    with pytest.raises(InvalidValueError, match="at least 16") as caught:
        body_secret("canary")
    assert "canary" not in str(caught.value)
