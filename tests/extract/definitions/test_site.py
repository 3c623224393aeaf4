from __future__ import annotations

import re
from datetime import date

import pytest

from monitor.extract.definitions.catalog import sites
from monitor.extract.definitions.site import PageLayout, Site, UrlRule


@pytest.mark.parametrize(
    ("name", "url", "number"),
    [
        ("mediapen", "https://www.mediapen.com/news/view/978113", "978113"),
        ("mediapen", "http://m.mediapen.com/newsamp/view/978113?x=1", "978113"),
        ("mediapen", "http://127.0.0.1:8080/news/view/978113/", "978113"),
        ("mediapen", "https://www.mediapen.com/news/view/9781131234567", None),
        ("mediapen", "https://www.mediapen.com/news/lists/?menu=2", None),
        ("mediapen", "https://www.mediapen.com/news/view/", None),
        ("mediapen", "https://[broken/news/view/978113", None),
        ("ndsoft", "https://ex.kr/news/articleView.html?idxno=167000", "167000"),
        ("ndsoft", "https://ex.kr/news/articleView.html?sc=1&idxno=167000&x=2", "167000"),
        ("ndsoft", "https://ex.kr/articleView.html?idxno=167000", None),
        ("ndsoft", "https://ex.kr/news/articleList.html?idxno=167000", None),
        ("ndsoft", "https://ex.kr/news/articleView.html?" + "&".join(f"a{n}=1" for n in range(300)), None),
        ("zdnet_kr", "https://zdnet.co.kr/view/?no=20250204112744", "20250204112744"),
    ],
)
def test_an_article_is_known_by_the_shape_of_its_url(name: str, url: str, number: str | None) -> None:
    found = sites()[name].number(url)
    assert ("/".join(found[1].values()) if found else None) == number


@pytest.mark.parametrize(
    ("name", "host", "home"),
    [
        ("mediapen", "mediapen.com", True),
        ("mediapen", "news.mediapen.com", True),
        ("mediapen", "notmediapen.com", False),
        ("ndsoft", "aitimes.com", False),
        ("aitimes", "aitimes.com", True),
        ("aitimes", "aitimes.kr", False),
    ],
)
def test_a_site_is_at_home_on_the_hosts_that_it_names(name: str, host: str, home: bool) -> None:  # noqa: FBT001 - a table
    assert sites()[name].at_home(host) is home


OLD, MIDDLE = Site("paper", body=("#old",)), Site("paper", body=("#middle",))
SITE = Site(
    "paper",
    body=("#new",),
    layouts=(PageLayout(None, date(2025, 12, 1), OLD), PageLayout(date(2025, 12, 1), date(2026, 5, 1), MIDDLE)),
)


@pytest.mark.parametrize(
    ("day", "body"),
    [
        (date(2019, 1, 1), "#old"),
        (date(2025, 11, 30), "#old"),
        (date(2025, 12, 1), "#middle"),
        (date(2026, 4, 30), "#middle"),
        (date(2026, 5, 1), "#new"),
        (date(2031, 1, 1), "#new"),
    ],
)
def test_a_layout_holds_from_its_first_day_up_to_its_last(day: date, body: str) -> None:
    assert SITE.on(day).body == (body,)


def test_a_layout_without_an_end_holds_for_ever() -> None:
    site = Site("paper", layouts=(PageLayout(date(2026, 1, 1), None, MIDDLE),))
    assert site.on(date(2025, 12, 31)) is site
    assert site.on(date(2099, 1, 1)) is MIDDLE


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
