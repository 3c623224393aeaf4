"""URLs as pages, feeds and sitemaps write them: joined to their base, without device prefixes, like an article or not."""

from __future__ import annotations

import re
from urllib.parse import urljoin

_DEVICES = re.compile(r"^(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.[^.])")
_ARTICLE_PATH = re.compile(r"\d{4,}|/[^/?]*[^\W\d_]+(?:-[^\W_]+){3,}")


def bare(host: str) -> str:
    """Return a host without what only chooses the edition for a device: www., m., mobile., amp."""
    return _DEVICES.sub("", host)


def joined(base: str, link: str) -> str:
    """Return a link resolved against its base; "" for one that is no URL."""
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""


def looks_like_article(url: str) -> bool:
    """Return whether a URL looks like an article's, at a site nobody has described.

    Its path or query holds four digits in a row (a number or a date), or its path a slug of four words.
    """
    return _ARTICLE_PATH.search(url.partition("://")[2].partition("/")[2]) is not None
