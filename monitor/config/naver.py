"""What a `naver` source asks: the search API at its new home, or at the old one while that still answers.

The API moved from openapi.naver.com to the hub in 2026; new keys are good only there, old ones until 2027-06-30. Each home
has a path and header names of its own. One answer holds 100 articles at most; sorted by date, the newest come first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode, urlsplit

HUB: Final = "https://naverapihub.apigw.ntruss.com/search/v1/news"
OLD_PATH: Final = "/v1/search/news.json"
CREDENTIALS: Final = ("key_id", "key")
KEYS: Final = ("query", *CREDENTIALS)
HINT: Final = "query: [OpenAI], key_id: ${NAVER_KEY_ID}, key: ${NAVER_KEY}"

_HUB_HEADERS = ("x-ncp-apigw-api-key-id", "x-ncp-apigw-api-key")
_OLD_HEADERS = ("x-naver-client-id", "x-naver-client-secret")


def urls(homes: Sequence[str], queries: Sequence[str]) -> tuple[str, ...]:
    """Return the address of each search; the hub is asked where no home is named."""
    asked = [urlencode({"query": query, "display": 100, "sort": "date"}) for query in dict.fromkeys(queries)]
    return tuple(f"{home}?{search}" for home in dict.fromkeys(homes or (HUB,)) for search in asked)


def headers(homes: Sequence[str], key_id: str, key: str) -> tuple[tuple[str, str], ...]:
    """Return the headers that carry the keys, by the names that the home knows them by."""
    old = any(urlsplit(home).path == OLD_PATH for home in homes)
    return tuple(zip(_OLD_HEADERS if old else _HUB_HEADERS, (key_id, key), strict=True))
