"""Items of a feed that point to one page, or nowhere: told apart by their own ids. Pure.

A live blog, a page of notices or a ticker has one address for many pieces of news, and RSS 2.0 obliges no item to have a
link at all. Their page, where there is one, is none of theirs, so the item itself is the article.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urldefrag

from monitor.extract.definitions.identity import LONGEST, identity
from monitor.model.article import Entry, key_beside


def told_apart(items: Iterable[Entry], url: str) -> tuple[Entry, ...]:
    """Return the items of the feed at `url` in its order, each identity once.

    An item is known by its link. Where several with a headline of their own share one, by the link and what the feed calls
    each of them: its id, the fragment of its link, else its words. What has neither link nor words is nothing.
    """
    groups: dict[str, list[Entry]] = {}
    for item in items:
        linked = item if len(item.key) <= LONGEST else replace(item, url="")
        if linked.url or item.title or item.summary:
            groups.setdefault(item.key if linked.url else identity(url), []).append(linked)
    found: dict[str, Entry] = {}
    for key, group in groups.items():
        own = {_words(item): item for item in reversed(group)}
        if group[0].url and len(own) == 1:
            found[key] = group[0]
            continue
        for item in reversed(own.values()):
            named = key_beside(key, _name(item))
            link = item.url or key_beside(urldefrag(url)[0], _name(item))
            found.setdefault(named, replace(item, key=named, url=link))
    return tuple(found.values())


def _words(item: Entry) -> tuple[str, str]:
    """Return what an item says: one that a feed lists twice, under two ids perhaps, says the same."""
    return " ".join(item.title.split()).casefold(), item.summary


def _name(item: Entry) -> str:
    return item.item_id or urldefrag(item.url)[1] or item.title or item.summary
