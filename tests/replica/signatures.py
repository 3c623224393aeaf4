"""What a receiver checks before it believes a webhook, with the library that receivers use."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook


def problem_with(headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...], *, check_age: bool = True) -> str:
    """Return "" when the signature holds under one of the secrets (or there is none), else what is wrong with it.

    `check_age` False accepts any age, for tests that move their own clock; else five minutes either way.
    """
    problems = [_problem(headers, body, secret, check_age=check_age) for secret in secrets]
    return "" if not problems or "" in problems else problems[0]


def _problem(headers: Mapping[str, str], body: bytes, secret: str, *, check_age: bool) -> str:
    """Return what is wrong under one secret."""
    try:
        if check_age:
            Webhook(secret).verify(body, dict(headers), json_parse=False)
            return ""
        return "" if _holds(headers, body, secret) else "No matching signature found"
    except Exception as error:  # noqa: BLE001 - the library lets several errors through for malformed headers
        return f"{type(error).__name__}: {error}"


def _holds(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Compare with what the library signs for the stated moment."""
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    expected = Webhook(secret).sign(headers["webhook-id"], at, body.decode())
    return any(hmac.compare_digest(expected, one) for one in headers["webhook-signature"].split())
