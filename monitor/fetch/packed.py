"""Documents that are gzip files themselves, as sitemaps often are: not to be taken for a Content-Encoding."""

from __future__ import annotations

from monitor.model.errors import FetchError, FetchReason
from monitor.net.failure import Failure
from monitor.net.inflate import inflater

_MAGIC = b"\x1f\x8b\x08"  # RFC 1952 §2.3.1; deflate is the only method


def is_packed(body: bytes) -> bool:
    """Return whether a body is a gzip file, by its first bytes: what servers call one varies."""
    return body.startswith(_MAGIC)


def unpack(body: bytes, url: str, limit: int) -> bytes:
    """Return what a gzip file holds. Raises FetchError when it is broken or holds more than `limit` bytes."""
    decoder = inflater("gzip")
    try:
        plain = decoder.feed(body, limit + 1)
        if len(plain) <= limit:
            decoder.finish()
            return plain
    except Failure as error:
        raise FetchError(url, error.reason, error.detail, transient=error.transient) from error
    raise FetchError(url, FetchReason.TOO_LARGE, f"more than {limit} bytes, unpacked", transient=False)
