from __future__ import annotations

import pytest

from monitor.extract.text.urls import bare, joined, looks_like_article


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.ex.kr", "ex.kr"),
        ("m.ex.kr", "ex.kr"),
        ("mobile.ex.kr", "ex.kr"),
        ("www.m.ex.kr", "ex.kr"),
        ("amp.ex.kr:8080", "ex.kr:8080"),
        ("news.ex.kr", "news.ex.kr"),
        ("mnews.kr", "mnews.kr"),
        ("www.kr", "www.kr"),
        ("127.0.0.1", "127.0.0.1"),
        ("", ""),
    ],
)
def test_bare(host: str, expected: str) -> None:
    assert bare(host) == expected


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("b", "https://ex.kr/a/b"),
        (" /b\n", "https://ex.kr/b"),
        ("//m.ex.kr/b", "https://m.ex.kr/b"),
        ("http://other.kr/b", "http://other.kr/b"),
        ("https://[broken/b", ""),
    ],
)
def test_a_link_is_joined_to_its_base(link: str, expected: str) -> None:
    assert joined("https://ex.kr/a/", link) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://ex.kr/news/articleView.html?idxno=167000", True),
        ("https://ex.kr/2026/01/31/a", True),
        ("https://ex.kr/it/four-words-make-news", True),
        ("https://ex.kr/it/three-words-only", False),
        ("https://ex1234.kr/it/", False),
        ("", False),
    ],
)
def test_digits_or_a_slug_look_like_an_article(url: str, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    assert looks_like_article(url) is expected
