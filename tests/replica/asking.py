"""A plain HTTP client for the replica's own tests: the standard library's, so that the product proves nothing here."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.patience import PATIENCE


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; header names are lower-case, the body is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as its declared charset says; euc-kr means cp949 in Korea."""
        _, _, charset = self.headers["content-type"].partition("charset=")
        return self.body.decode("cp949" if charset == "euc-kr" else charset)


def ask(url: str, method: str = "GET", wait: float = PATIENCE, **headers: str) -> Reply:
    """Send one request; `if_none_match="..."` becomes the header of that name. Raises OSError and HTTPException."""
    split = urlsplit(url)
    connection = http.client.HTTPConnection(split.netloc, timeout=wait)
    try:
        target = split.path + (f"?{split.query}" if split.query else "")
        connection.request(method, target, headers={key.replace("_", "-"): value for key, value in headers.items()})
        response = connection.getresponse()
        body = response.read()
        known = {name.lower(): value for name, value in response.getheaders()}
        if known.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        return Reply(response.status, known, body)
    finally:
        connection.close()
