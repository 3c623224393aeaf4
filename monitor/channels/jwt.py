"""A claim that a private key has signed: JSON Web Token under RS256 (RFC 7519, RFC 7515, RFC 8017 section 8.2). Pure.

`cryptography` is the extra [naverworks] and is imported where a key is read: nobody else pays for it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from importlib.util import find_spec

from monitor.model.errors import InvalidValueError, MessageError

_SHAPE = "must be an RSA private key in PEM without a passphrase (-----BEGIN PRIVATE KEY-----), of 2048 bits or more"
MIN_BITS = 2048  # RFC 7518 section 3.3


def can_sign() -> bool:
    """Return whether the package that signs is installed."""
    return find_spec("cryptography") is not None


def private_key(text: str) -> str:
    r"""Return a private key as it is kept: with line ends where a variable had to hold `\n` for them.

    Raises InvalidValueError, which never quotes it. Without the package that reads keys only the frame is looked at.
    """
    pem = text.replace("\\n", "\n").strip() + "\n"
    if "PRIVATE KEY-----" not in pem or not pem.startswith("-----BEGIN "):
        raise InvalidValueError(_SHAPE)
    if can_sign():
        sign(pem, b"")
    return pem


def rs256(claims: Mapping[str, str | int], pem: str) -> str:
    """Return the signed token. Raises MessageError where the key cannot sign, or nothing here can."""
    if not can_sign():
        raise MessageError('the package cryptography is not installed: pip install "monitor[naverworks]"')
    head = b".".join(
        _base64(json.dumps(part, separators=(",", ":")).encode())
        for part in ({"alg": "RS256", "typ": "JWT"}, dict(claims))
    )
    try:
        return (head + b"." + _base64(sign(pem, head))).decode("ascii")
    except InvalidValueError as error:
        raise MessageError(f"the private key {error}") from None


def sign(pem: str, data: bytes) -> bytes:
    """Return the RSASSA-PKCS1-v1_5 signature with SHA-256. Raises InvalidValueError for what is no such key."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - the extra [naverworks]
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        key = load_pem_private_key(pem.encode(errors="replace"), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InvalidValueError(_SHAPE) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < MIN_BITS:
        raise InvalidValueError(_SHAPE)
    return key.sign(data, PKCS1v15(), SHA256())


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
