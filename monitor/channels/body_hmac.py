"""A second signature, for receivers that check a plain HMAC of the body: GitHub's X-Hub-Signature-256 and its kin. Pure.

It goes beside the headers of Standard Webhooks, never instead: it covers no id and no moment, so that a message that
somebody overheard could be sent again under it.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from typing import Final

from monitor.channels.own_headers import header_name, header_value
from monitor.model.errors import InvalidValueError
from monitor.model.kind import Complaint, OwnKey, Written, missing, one_of
from monitor.model.plan import Channel

HEADER: Final = "X-Hub-Signature-256"
PREFIX: Final = "sha256="
SHORTEST: Final = 16  # characters of a secret; a shorter one can be found by trying


def body_secret(text: str) -> str:
    """Return the secret of an HMAC as it is; its UTF-8 bytes are the key. Raises InvalidValueError, which never quotes it."""
    if len(text) < SHORTEST:
        raise InvalidValueError(f"must have at least {SHORTEST} characters")
    return text


KEYS: Final = (
    OwnKey(
        "hmac_secret", body_secret, "make one with: openssl rand -hex 32", private=True, from_file=True, longest=1_000
    ),
    OwnKey("hmac_header", header_name, longest=100),
    OwnKey("hmac_prefix", header_value, longest=100),
    OwnKey("hmac_algorithm", one_of("sha256", "sha1", "sha512")),
    OwnKey("hmac_encoding", one_of("hex", "base64")),
)


def check_hmac(written: Written) -> Iterator[Complaint]:
    """Complain of an HMAC without a secret."""
    if written.urls and any(written.given(key.name) for key in KEYS) and not written.given("hmac_secret"):
        yield missing(written, "hmac_secret", "it goes with the other keys that begin with hmac_")


def body_hmac(channel: Channel, body: bytes) -> dict[str, str]:
    """Return the header that signs these bytes, nothing where the channel asks for none.

    Without `hmac_header` it is GitHub's, with its prefix; another one has the prefix that is written, or none.
    """
    secret, name = channel.option("hmac_secret"), channel.option("hmac_header") or HEADER
    if not secret:
        return {}
    digest = hmac.digest(secret.encode(), body, channel.option("hmac_algorithm") or "sha256")
    text = base64.b64encode(digest).decode() if channel.option("hmac_encoding") == "base64" else digest.hex()
    usual = "" if channel.option("hmac_header") else PREFIX
    return {name.lower(): (channel.option("hmac_prefix") or usual) + text}
