from __future__ import annotations

from importlib import resources

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.outlets import bare, url_rule
from monitor.extract.site import READERS, Site, site_of, sites, url_rules


def _data(name: str = "mediapen") -> dict[str, object]:
    text = resources.files("monitor.extract").joinpath("sites", f"{name}.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    assert isinstance(data, dict)
    return data


def test_the_shipped_definitions() -> None:
    assert set(sites()) == {"mediapen", "ndsoft"}
    for name, site in sites().items():
        assert site.name == name
        assert site.unverified_live
        assert site.zone == "Asia/Seoul"
        assert site.check.leads >= 5
        assert site.check.body >= 200


@pytest.mark.parametrize("name", ["mediapen", "ndsoft"])
def test_every_selector_is_valid_css(name: str) -> None:
    site = sites()[name]
    tree = LexborHTMLParser("<p>x</p>")
    ways = (*site.title, *site.subtitle, *site.body, *site.date, *site.author, *site.drop.selectors, *site.not_titles)
    for way in ways:
        if way not in READERS:
            tree.css(way)


@pytest.mark.parametrize(
    ("name", "href", "number"),
    [
        ("mediapen", "/news/view/978113", "978113"),
        ("mediapen", "http://m.mediapen.com/newsamp/view/978113?x=1", "978113"),
        ("mediapen", "/news/view/978113/", "978113"),
        ("mediapen", "/news/view/9781131234567", None),
        ("mediapen", "/news/lists/?menu=2", None),
        ("mediapen", "/news/view/", None),
        ("ndsoft", "/news/articleView.html?idxno=167000", "167000"),
        ("ndsoft", "articleView.html?idxno=167000", None),
        ("ndsoft", "/news/articleView.html?sc=1&idxno=167000&x=2", "167000"),
        ("ndsoft", "/news/articleList.html?idxno=167000", None),
    ],
)
def test_links(name: str, href: str, number: str | None) -> None:
    found = sites()[name].link.search(href)
    assert (found["id"] if found else None) == number


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": "red"}, "colour"),
        ({"title": None}, "title"),
        ({"title": "h1"}, "title"),
        ({"title": ["@magic"]}, "@magic"),
        ({"link": "/news/view/(\\d+)"}, "link"),
        ({"byline": "(\\w+) 기자"}, "byline"),
        ({"image_clock": "_(\\d+)_"}, "image_clock"),
        ({"drop": {"selectors": []}}, "drop"),
        ({"drop": {"selectors": [1], "prefixes": [], "contains": []}}, "selectors"),
        ({"identity": [{"hosts": ["ex.kr"]}]}, "identity"),
        ({"identity": [{"hosts": ["ex.kr"], "paths": ["/"], "canonical": "ex.kr/{id}"}]}, "canonical"),
    ],
)
def test_a_wrong_definition_says_where(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        site_of(_data() | change, "test.yaml")


def test_a_missing_key_is_named() -> None:
    data = _data()
    del data["body"]
    with pytest.raises(ValueError, match="body"):
        site_of(data, "test.yaml")
    with pytest.raises(ValueError, match="no mapping"):
        site_of(["name"], "test.yaml")


def test_a_definition_is_frozen_data() -> None:
    site = site_of(_data(), "mediapen.yaml")
    assert isinstance(site, Site)
    assert site.canonical == sites()["mediapen"].canonical
    with pytest.raises(AttributeError):
        site.name = "other"  # type: ignore[misc]  # the point of the test
    with pytest.raises(TypeError):
        sites()["other"] = site  # type: ignore[index]  # the mapping is read-only too


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


def test_a_rule_reads_path_and_query() -> None:
    rule = url_rule(
        {
            "hosts": ["ex.kr"],
            "paths": ["/(?P<part>[a-z]+)/view"],
            "query": ["no"],
            "canonical": "https://ex.kr/{part}/{no}",
        },
        "test",
    )
    assert rule.read("ex.kr", "/it/view", "x=1&no=7") == {"part": "it", "no": "7"}
    assert rule.read("sub.ex.kr", "/it/view", "no=7") == {"part": "it", "no": "7"}
    assert rule.read("ex.kr", "/it/view", "no=") is None
    assert rule.read("ex.kr", "/it/view/7", "no=7") is None
    assert rule.read("notex.kr", "/it/view", "no=7") is None
    assert rule.url("ex.kr", {"part": "it", "no": "7"}) == "https://ex.kr/it/7"


def test_rules_of_sites_come_with_the_others() -> None:
    hosts = {host for rule in url_rules() for host in rule.hosts}
    assert {"mediapen.com", "mk.co.kr", "*"} <= hosts
