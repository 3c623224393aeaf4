"""The address that a page gives for itself: whether it may stand for the article. Pure.

`rel=canonical` (RFC 6596) folds the twins that no rule on addresses knows. Many sites name one page for all of their
articles, and to believe those would lose every article but one: the address has to name what the article's own does.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from monitor.extract.definitions.identity import LONGEST, identity
from monitor.extract.definitions.site import UrlRule
from monitor.extract.text.urls import bare

_VARIANT: Final = re.compile(r"^(?:amp|amphtml|mobile|m|print|index|view|all)(?:\.\w{2,5})?$", re.IGNORECASE)
_DATE: Final = re.compile(r"^(?:19|20)\d\d(?:[01]\d(?:[0-3]\d)?)?$")
_NUMBER: Final = re.compile(r"\d+")
_STRONG: Final = 4  # digits of a number that says which article; a shorter one has to be all that differs
_SLUG: Final = 12  # letters of a segment that two articles will not share by chance
_SUFFIX: Final = re.compile(r"\.\w{2,5}$")


def canonical_key(key: str, urls: tuple[str, ...], canonical: str, rules: tuple[UrlRule, ...] = ()) -> str:
    """Return the key of the canonical address where it names the same article as one of `urls`, else `key`.

    `urls` are where the entry pointed and where the page came from. The address has to be of the same outlet, and hold the
    number or the slug that one of those ends in.
    """
    if not canonical.startswith(("http://", "https://")) or len(canonical) > LONGEST:
        return key
    named = identity(canonical, rules)
    if named == key or not any(_same(canonical, url) for url in urls):
        return key
    return named


def _same(canonical: str, url: str) -> bool:
    try:
        if not _outlet(canonical, url):
            return False
        stated, known = _marks(canonical), _marks(url)
    except ValueError:
        return False
    shared = stated & known
    return bool(stated) and (stated == known or any(len(mark) >= _STRONG for mark in shared))


def _outlet(one: str, other: str) -> bool:
    """Return whether two hosts are of one outlet: the same, or one a part of the other (www., m., amp., news.)."""
    here, there = (bare((urlsplit(url).hostname or "").lower()) for url in (one, other))
    if not here or urlsplit(one).port != urlsplit(other).port:
        return False
    return here == there or here.endswith(f".{there}") or there.endswith(f".{here}")


def _marks(url: str) -> frozenset[str]:
    """Return what names an article in its address: of the last telling part of the path, else of the query."""
    parts = urlsplit(url)
    segments = [unquote(part) for part in parts.path.split("/") if part and not _VARIANT.match(part)]
    values = [value for _, value in parse_qsl(parts.query, max_num_fields=200)]
    return _telling(segments[-1:]) or _telling(values)


def _telling(texts: list[str]) -> frozenset[str]:
    found: set[str] = set()
    for text in texts:
        plain = _SUFFIX.sub("", text)
        found |= {number for number in _NUMBER.findall(plain) if not _DATE.match(number)}
        if len(plain) >= _SLUG and re.search(r"[-_]|[^\x00-\x7f]|\d[a-z]|[a-z]\d", plain):
            found.add(plain.lower())
    return frozenset(found)
