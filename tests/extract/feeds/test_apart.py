"""Items that point to one page, or nowhere, are told apart by what the feed calls them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.definitions.identity import identity
from monitor.extract.feeds.apart import told_apart
from monitor.model.article import Entry

FEED = "https://paper.example/rss"
LIVE = "https://paper.example/live"


def item(title: str, url: str = LIVE, item_id: str = "", summary: str = "") -> Entry:
    return Entry(identity(url) if url else "", url, title, summary, item_id=item_id)


def test_items_of_one_page_are_known_by_their_ids() -> None:
    first = told_apart((item("가", item_id="1"), item("나", item_id="2"), item("다", item_id="3")), FEED)
    again = told_apart((item("라", item_id="4"), item("가", item_id="1"), item("나", item_id="2")), FEED)
    assert len({entry.key for entry in (*first, *again)}) == 4
    assert all(entry.shares_page and entry.has_page and entry.url == LIVE for entry in first)


def test_fragments_of_one_page_are_items_without_a_page() -> None:
    found = told_apart((item("가", f"{LIVE}#1"), item("나", f"{LIVE}#2")), FEED)
    assert [(entry.url, entry.has_page) for entry in found] == [(f"{LIVE}#1", False), (f"{LIVE}#2", False)]


def test_items_without_a_link_or_an_id_are_known_by_their_words() -> None:
    found = told_apart((item("가", ""), item("나", ""), item("", "", summary="다"), item("", "")), FEED)
    assert len({entry.key for entry in found}) == 3
    assert all(entry.url.startswith(f"{FEED}#") for entry in found)


def test_one_article_in_two_rubrics_is_one() -> None:
    (found,) = told_apart((item("가", item_id="a"), item("가", f"{LIVE}?utm_source=x", item_id="b")), FEED)
    assert (found.key, found.shares_page) == (LIVE, False)


@given(
    st.lists(st.tuples(st.sampled_from("가나다"), st.sampled_from([LIVE, f"{LIVE}#a", f"{LIVE}/2", ""])), max_size=8)
)
def test_every_headline_of_every_address_is_there_once(given_items: list[tuple[str, str]]) -> None:
    found = told_apart([item(title, url, f"id{n}") for n, (title, url) in enumerate(given_items)], FEED)
    assert len({entry.key for entry in found}) == len(found)
    shown = sorted((entry.title, identity(entry.url)) for entry in found)
    assert shown == sorted({(title, identity(url or FEED)) for title, url in given_items})
