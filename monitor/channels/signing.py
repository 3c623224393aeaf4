"""Standard Webhooks 1.0 signatures (standardwebhooks.com), through the `standardwebhooks` library. Pure.

The library reads any datetime as if it were UTC, so an aware one in another zone would be signed hours off its header
and refused by every receiver; and it skips characters that are not base64, so a mistyped secret would sign with another
key. This wrapper refuses both.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime, timedelta

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from monitor.model.errors import InvalidValueError, MessageError

PREFIX = "whsec_"
MAX_SECRET, MIN_SECRET = 64, 24  # bytes of a key, Standard Webhooks 1.0

_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def headers(message_id: str, at: datetime, body: bytes, secrets: tuple[str, ...]) -> dict[str, str]:
    """Return the `webhook-*` headers of one attempt made at `at`.

    One signature per secret, separated by blanks: while a secret is being exchanged the receiver may hold the old or
    the new one. Without secrets the message goes unsigned, with id and timestamp. Raises MessageError for a moment that
    is not UTC, an id that is empty or holds a dot or a blank (the signed text is `id.timestamp.body`), a body that is
    not UTF-8, or a secret that is not base64; the error never quotes the secret.
    """
    if at.utcoffset() != timedelta(0):
        raise MessageError("a signature needs an aware datetime in UTC")
    if not re.fullmatch(r"[^.\s]+", message_id):
        raise MessageError("a message id must be one word without dots")
    named = {"webhook-id": message_id, "webhook-timestamp": str(int(at.timestamp() // 1))}
    if not secrets:
        return named
    return named | {"webhook-signature": " ".join(_sign(secret, message_id, at, body) for secret in secrets)}


def signing_secret(text: str) -> str:
    """Return a signing secret as it is. Raises InvalidValueError, which never quotes it."""
    complaint = "must be whsec_ and the base64 of 24 to 64 random bytes"
    if not text.startswith(PREFIX):
        raise InvalidValueError(complaint)
    try:
        length = len(base64.b64decode(text.removeprefix(PREFIX), validate=True))
    except (binascii.Error, ValueError):
        raise InvalidValueError(complaint) from None
    if not MIN_SECRET <= length <= MAX_SECRET:
        raise InvalidValueError(f"{complaint}; this holds {length}")
    return text


def _sign(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """Return `v1,` and the base64 of the HMAC-SHA256 under one secret."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise MessageError("the body is not utf-8") from None
    return _key(secret).sign(message_id, at, text)


def _key(secret: str) -> Webhook:
    """Read a secret: base64, padded or not, with or without its prefix."""
    if not _BASE64.fullmatch(secret.removeprefix(PREFIX)):
        raise MessageError("a signing secret must be base64, as in whsec_<base64>")
    try:
        return Webhook(secret)
    except (ValueError, EmptyWebhookSecretError):
        raise MessageError("a signing secret is cut short or empty") from None
