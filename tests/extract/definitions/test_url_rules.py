from __future__ import annotations

import re

import pytest

from monitor.extract.definitions.url_rules import UrlRule, bare


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


RULE = UrlRule(("ex.kr",), (re.compile("/(?P<part>[a-z]+)/view"),), ("no",), "https://ex.kr/{part}/{no}")


def test_a_rule_reads_path_and_query() -> None:
    assert RULE.read("ex.kr", "/it/view", "x=1&no=7") == {"part": "it", "no": "7"}
    assert RULE.read("sub.ex.kr", "/it/view", "no=7") == {"part": "it", "no": "7"}
    assert RULE.read("ex.kr", "/it/view", "no=") is None
    assert RULE.read("ex.kr", "/it/view/7", "no=7") is None
    assert RULE.read("notex.kr", "/it/view", "no=7") is None
    assert RULE.url("ex.kr", {"part": "it", "no": "7"}) == "https://ex.kr/it/7"


def test_the_shape_alone_tells_nothing_of_the_host() -> None:
    assert RULE.parts("/it/view", "no=7") == {"part": "it", "no": "7"}
    assert not RULE.any_host
    assert UrlRule(("*",), (), (), "").any_host
