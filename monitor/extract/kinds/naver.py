"""The news search of Naver's API, at its new home, or at the old one while that still answers.

The API moved from openapi.naver.com to the hub in 2026; new keys are good only there, old ones until 2027-06-30. Each home
has a path and header names of its own. One answer holds 100 articles at most; sorted by date, the newest come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode, urlsplit

from monitor.extract.kind import Listing, SourceKind
from monitor.model.article import Entry
from monitor.model.errors import InvalidValueError
from monitor.model.kind import Complaint, KindSettings, OwnKey, Requests, Written, missing

HUB: Final = "https://naverapihub.apigw.ntruss.com/search/v1/news"
OLD_PATH: Final = "/v1/search/news.json"

_CREDENTIALS = ("key_id", "key")
_HINT = "query: [OpenAI], key_id: ${NAVER_KEY_ID}, key: ${NAVER_KEY}"
_HUB_HEADERS = ("x-ncp-apigw-api-key-id", "x-ncp-apigw-api-key")
_OLD_HEADERS = ("x-naver-client-id", "x-naver-client-secret")


def query(text: str) -> str:
    """Return what is searched for as it is. Raises InvalidValueError for blanks."""
    if not text.strip():
        raise InvalidValueError("must not be empty")
    return text


def header_text(text: str) -> str:
    """Return the value of an HTTP header as it is: visible ASCII (RFC 9110 section 5.5). Raises InvalidValueError."""
    if not re.fullmatch(r"[\x21-\x7e]*", text):
        raise InvalidValueError("must be visible ASCII characters, without blanks")
    return text


def check(written: Written) -> Iterator[Complaint]:
    """Complain of a search without words or keys.

    One that is switched off may lack its keys: it can be shipped before anybody has applied for one.
    """
    needed = ("query", *_CREDENTIALS) if written.enabled else ("query",)
    yield from (missing(written, key, _HINT) for key in needed if not written.given(key))


def requests(written: Written) -> Requests:
    """Return the address of each search, and the keys in the headers that its home knows; no home named is the hub."""
    asked = [
        urlencode({"query": text, "display": 100, "sort": "date"}) for text in dict.fromkeys(written.given("query"))
    ]
    urls = tuple(f"{home}?{search}" for home in dict.fromkeys(written.urls or (HUB,)) for search in asked)
    old = any(urlsplit(home).path == OLD_PATH for home in written.urls)
    keys = ["".join(written.given(key)) for key in _CREDENTIALS]
    return Requests(urls, tuple(zip(_OLD_HEADERS if old else _HUB_HEADERS, keys, strict=True)))


def entries(listing: Listing) -> tuple[Entry, ...]:
    """Return what was found. Raises ExtractError."""
    from monitor.extract.feeds.json_feed import parse_search

    return parse_search(listing.page.text, listing.page.final_url, listing.zone, listing.now)


KIND = SourceKind(
    entries=entries,
    settings=KindSettings(
        keys=(
            OwnKey("query", query, many=True),
            OwnKey("key_id", header_text, longest=500, confidential=True),
            OwnKey("key", header_text, longest=500, confidential=True),
        ),
        check=check,
        requests=requests,
    ),
    may_be_empty=True,
    any_outlet=True,
)
