"""The address that a page gives for itself folds twins, and never two articles into one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.definitions.canonical import canonical_key
from monitor.extract.definitions.identity import identity

SITE = "https://paper.example"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (f"{SITE}/amp/news/5002", f"{SITE}/news/5002"),
        (f"{SITE}/news/5002/amp", f"{SITE}/news/5002"),
        (f"{SITE}/news/5002.amp.html", f"{SITE}/news/5002.html"),
        (f"{SITE}/news/5001?from=main&x=2", f"{SITE}/news/5001"),
        (f"{SITE}/news/articleView.html?idxno=8123&sc_section=1", f"{SITE}/news/articleView.html?idxno=8123"),
        (f"{SITE}/read?id=8123", f"{SITE}/politics/openai-opens-an-office-8123"),
        (f"{SITE}/2026/openai-opens-an-office?edition=kr", f"{SITE}/2026/openai-opens-an-office"),
        ("https://news.paper.example/a/77123", "https://www.paper.example/economy/77123"),
        (f"{SITE}/print/3f2a9c17b0de4411", f"{SITE}/story/3f2a9c17b0de4411"),
    ],
)
def test_twins_fold(url: str, canonical: str) -> None:
    assert canonical_key(identity(url), (url, url), canonical) == identity(canonical)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (f"{SITE}/news/5003", f"{SITE}/"),
        (f"{SITE}/news/5003", SITE),
        (f"{SITE}/news/5003", f"{SITE}/news"),
        (f"{SITE}/news/5003", f"{SITE}/news/index.html"),
        (f"{SITE}/live/5000/post/123", f"{SITE}/live/5000"),
        (f"{SITE}/2026/03/09/story-about-openai-1", f"{SITE}/2026/03/09"),
        (f"{SITE}/20260309/12", f"{SITE}/20260309"),
        (f"{SITE}/articleView.html?idxno=8123", f"{SITE}/articleView.html"),
        (f"{SITE}/articleView.html?idxno=8123", f"{SITE}/articleView.html?idxno=8124"),
        (f"{SITE}/news/5003", "https://other.example/news/5003"),
        (f"{SITE}/news/5003", "https://evilpaper.example/news/5003"),
        (f"{SITE}/news/5003", "javascript:alert(1)"),
        (f"{SITE}/news/5003", "http://[bad"),
        (f"{SITE}/news/5003", ""),
        (f"{SITE}/news/12", f"{SITE}/news/123"),
        (f"{SITE}/openai", f"{SITE}/deepseek"),
    ],
)
def test_what_names_another_page_folds_nothing(url: str, canonical: str) -> None:
    assert canonical_key(identity(url), (url, url), canonical) == identity(url)


def test_a_short_link_is_known_by_where_it_led() -> None:
    urls = ("https://s.example/aB3", f"{SITE}/news/5004?x=1")
    assert canonical_key(identity(urls[0]), urls, f"{SITE}/news/5004") == f"{SITE}/news/5004"


@given(
    st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(["/news/{}", "/view?no={}", "/a/{}/b", "/{}.html"])
)
def test_one_address_for_all_folds_at_most_its_own(one: int, other: int, form: str) -> None:
    keys = [
        canonical_key(identity(f"{SITE}{form.format(n)}"), (f"{SITE}{form.format(n)}",), f"{SITE}{form.format(one)}")
        for n in (one, other)
    ]
    assert (keys[0] == keys[1]) is (one == other)


@given(st.text(max_size=40), st.text(max_size=40))
def test_it_never_raises(url: str, canonical: str) -> None:
    assert canonical_key("k", (url,), f"https://{canonical}") in {"k", identity(f"https://{canonical}")}
