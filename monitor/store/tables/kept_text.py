"""What is kept of an article whose source leaves no more than a link: a mark of its text, and excerpts. Pure.

Its text is there while rules and stories look at it, in one transaction, and is never written. The excerpts take the place of
the body, so that whatever reads, indexes or compares the body later does so with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from monitor.model.article import Article
from monitor.model.hit import Hit

MOST: Final = 200
"""Characters that are kept around the words of all hits together."""


def kept_article(article: Article, excerpts: Iterable[str]) -> Article:
    """Return the article with excerpts for its text, and with the mark of that text; one that has a mark stays as it is.

    The mark is how many letters there were, and a digest: it says that a text is another one, and no more of it.
    """
    if article.text_mark:
        return article
    text = "\n".join((article.subtitle, article.body, *article.captions))
    words = " ".join(text.split())
    letters = sum(char.isalnum() for char in article.body)
    digest = blake2b(words.encode("utf-8", "replace"), digest_size=16).hexdigest()
    body = "\n".join(dict.fromkeys(one for one in excerpts if one))[:MOST]
    mark = f"{letters}-{digest}"
    return replace(article, subtitle="", body=body, captions=(), listed_summary="", text_mark=mark)


def kept_hit(hit: Hit) -> Hit:
    """Return the hit with no more of the text than fits: what an expression finds may be a whole paragraph."""
    matches = tuple(match._replace(surface=match.surface[:MOST]) for match in hit.matches)
    return replace(hit, matches=matches, excerpt=hit.excerpt[:MOST])
