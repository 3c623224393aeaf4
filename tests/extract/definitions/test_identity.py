from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.definitions.catalog import url_rules
from monitor.extract.definitions.identity import identity
from monitor.extract.definitions.site import UrlRule
from tests.evidence import rows


def test_conformance() -> None:
    cases = rows("identities/identities.jsonl")
    wrong = [row for row in cases if (identity(row["a"]) == identity(row["b"])) is not row["same"]]
    assert len(cases) >= 20
    assert wrong == []


MEDIAPEN = "https://www.mediapen.com/news/view/978113"


@pytest.mark.parametrize(
    "twin",
    [
        MEDIAPEN,
        "http://www.mediapen.com/news/view/978113",
        "https://mediapen.com/news/view/978113",
        "http://m.mediapen.com/news/view/978113",
        "https://www.mediapen.com/newsamp/view/978113",
        "https://www.mediapen.com/news/view/978113/",
        "https://www.mediapen.com/news/view/978113#comments",
        "https://www.mediapen.com:443/news/view/978113",
        "HTTPS://WWW.MEDIAPEN.COM/news/view/978113",
        "  https://www.mediapen.com/news/view/978113?fbclid=x&utm_source=naver&gclid=1 ",
        "https://www.mediapen.com/news/view/978113?menu=2",
    ],
)
def test_twins_of_one_article_fold(twin: str) -> None:
    assert identity(twin) == MEDIAPEN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.mediapen.com/news/view/978113", "https://www.mediapen.com/news/view/978114"),
        (
            "https://www.aitimes.com/news/articleView.html?idxno=1",
            "https://www.aitimes.kr/news/articleView.html?idxno=1",
        ),
        ("https://ex.kr/read?sid=1", "https://ex.kr/read?sid=2"),
        ("https://ex.kr/read?oid=1&aid=2", "https://ex.kr/read?oid=1&aid=3"),
        ("https://ex.kr/a", "https://ex.kr/A"),
        ("https://ex.kr:8080/a", "https://ex.kr/a"),
        ("https://news.ex.kr/a", "https://ex.kr/a"),
        ("https://ex.kr/a?b=", "https://ex.kr/a"),
        ("https://ex.kr/a%2Fb", "https://ex.kr/a/b"),
        ("https://n.news.naver.com/article/009/0005512345", "https://n.news.naver.com/article/015/0005512345"),
    ],
)
def test_different_articles_stay_apart(one: str, other: str) -> None:
    assert identity(one) != identity(other)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.ex.kr/a/", "https://ex.kr/a"),
        ("https://ex.kr", "https://ex.kr/"),
        ("https://ex.kr/?b=2&a=1", "https://ex.kr/?a=1&b=2"),
        ("http://ex.kr:80/a", "https://ex.kr/a"),
        ("https://ex.kr:443/a", "https://ex.kr/a"),
        ("https://www.ex.kr./a", "https://ex.kr/a"),
        ("https://ex.kr/a?utmost=1", "https://ex.kr/a?utmost=1"),
        ("https://ex.kr/a?UTM_Source=x&b=1", "https://ex.kr/a?b=1"),
        ("https://ex.kr/%7Euser/%ea%b0%80", "https://ex.kr/~user/%EA%B0%80"),
        ("https://ex.kr/가", "https://ex.kr/%EA%B0%80"),
        ("https://user:pw@ex.kr/a", "https://ex.kr/a"),
        ("http://127.0.0.1:8080/news/view/1", "https://127.0.0.1:8080/news/view/1"),
        ("http://[::1]:81/a", "https://[::1]:81/a"),
        ("https://kormedi.com/?p=2859285", "https://kormedi.com/?p=2859285"),
        ("https://kormedi.com/2859285/", "https://kormedi.com/?p=2859285"),
        (
            "https://n.news.naver.com/mnews/article/009/0005512345?sid=101",
            "https://n.news.naver.com/article/009/0005512345",
        ),
        (
            "https://news.naver.com/main/read.naver?mode=LSD&oid=009&aid=0005512345",
            "https://n.news.naver.com/article/009/0005512345",
        ),
    ],
)
def test_keys(url: str, key: str) -> None:
    assert identity(url) == key


TRACKERS = ["utm_campaign", "srsltid", "fromRss", "via", "at_medium", "fbclid", "gclid", "ref", "cds", "section"]


@pytest.mark.parametrize("name", [*TRACKERS, *(name.upper() for name in TRACKERS)])
def test_what_only_tells_where_a_reader_came_from_is_left_out_at_any_host(name: str) -> None:
    assert identity(f"https://ex.kr/a?{name}=x&b=1") == identity("https://ex.kr/a?b=1") == "https://ex.kr/a?b=1"
    assert identity(f"https://ex.kr/a?{name}=x") == "https://ex.kr/a"
    assert identity(f"https://ex.kr/a?my{name}=x") != "https://ex.kr/a"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://ex.kr/news/20260309001234", "https://ex.kr/news/20260309001234?mode=list&x=1", True),
        ("https://ex.kr/a/0012345678.html", "https://ex.kr/a/0012345678.html?from=main", True),
        ("https://ex.kr/news/20260309001234", "https://ex.kr/news/20260309001234?page=2", False),
        ("https://ex.kr/list/1?no=1", "https://ex.kr/list/1?no=2", False),
        ("https://ex.kr/view/1234?no=1", "https://ex.kr/view/1234?no=2", False),
        ("https://ex.kr/a/view;jsessionid=AB12?no=7", "https://ex.kr/a/view?no=7", True),
        ("https://ex.kr/a/view.do;PHPSESSID=1", "https://ex.kr/a/view.do", True),
    ],
)
def test_a_long_number_is_the_article_and_a_session_is_nothing(one: str, other: str, *, same: bool) -> None:
    assert (identity(one) == identity(other)) is same


@pytest.mark.parametrize(
    "url",
    ["", "mailto:a@b.kr", "javascript:alert(1)", "/news/view/1", "http://[bad", "http://ex.kr:99999/", "ftp://ex.kr/a"],
)
def test_what_is_no_web_address_comes_back(url: str) -> None:
    assert identity(url) == url


def test_a_hostile_query_is_kept_as_it_is() -> None:
    query = "&".join(f"a{n}=1" for n in range(500))
    assert identity(f"https://ex.kr/a?{query}") == f"https://ex.kr/a?{query}"
    assert identity(f"https://ex.kr/news/articleView.html?{query}") == f"https://ex.kr/news/articleView.html?{query}"


SAMPLES = [
    "https://www.yna.co.kr/view/AKR20250205012345017",
    "https://m.yna.co.kr/amp/view/AKR20250205012345017",
    "https://www.news1.kr/amp/it-science/general-it/5678901",
    "https://www.etnews.com/20250205000123",
    "https://www.chosun.com/economy/tech_it/2025/02/05/ABCDEFGHIJKLMNOPQRSTUVWX23/",
    "https://biz.chosun.com/it-science/ict/2025/02/05/ABCDEFGHIJKLMNOPQRSTUVWX23/",
    "https://www.joongang.co.kr/article/25312345",
    "https://www.hani.co.kr/arti/economy/it/1180000.html",
    "https://www.khan.co.kr/economy/industry-trade/article/202502051421001",
    "https://view.asiae.co.kr/article/2025020514213312345",
    "https://www.sedaily.com/NewsView/2GOUABCDEF",
    "https://www.fnnews.com/news/202502051421331234",
    "https://www.etoday.co.kr/news/view/2444444",
    "https://www.ajunews.com/view/20250205142133123",
    "https://www.newspim.com/newsamp/view/20250205000123",
    "https://www.segye.com/newsView/20250205512345",
    "https://www.nocutnews.co.kr/news/6288888",
    "https://v.daum.net/v/20250205142133123",
    "https://news.nate.com/view/20250205n12345",
    "https://www.kmib.co.kr/article/view.asp?arcid=0012345678&code=1",
    "https://www.boannews.com/media/view.asp?idx=135000&kind=1",
    "https://www.busan.com/view/busan/view.php?code=2025020315525843527",
    "https://www.inews24.com/view/1800000",
    "https://www.hankyung.com/article/202502051234i",
    "https://en.yna.co.kr/view/AEN20250205001234",
    "https://news.hada.io/topic?id=19000",
    "https://www.donga.com/news/Economy/article/all/20250205/13000000/1",
    "https://news.mt.co.kr/it/2025/02/05/2025020514213312345",
    "https://www.seoul.co.kr/news/economy/2025/02/05/20250205500123",
    "https://biz.heraldcorp.com/article/10412345",
    "https://news.heraldcorp.com/view.php?ud=20250205050123",
    "https://www.ddaily.co.kr/page/view/2025020514213312345",
    "https://www.dt.co.kr/contents.html?article_no=2025020502101531102001",
    "https://news.bizwatch.co.kr/article/industry/2025/02/05/0012",
    "https://it.donga.com/106123/",
    "https://www.koreaherald.com/article/10412345",
]


@pytest.mark.parametrize("url", SAMPLES)
def test_every_outlet_reads_its_own_canonical_url(url: str) -> None:
    key = identity(url)
    noisy = url.replace("https://", "http://") + ("&" if "?" in url else "?") + "utm_source=x&from=list"
    assert identity(noisy) == key
    assert identity(key) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "https://www.donga.com/news/Economy/article/all/20250205/130000001/1",
            "https://www.donga.com/news/article/all/20250205/130000001",
        ),
        ("https://www.news1.kr/amp/it-science/general-it/5678901", "https://www.news1.kr/it-science/5678901"),
        (
            "https://www.khan.co.kr/article/202502051421001/amp",
            "https://www.khan.co.kr/economy/article/202502051421001",
        ),
        ("https://m.etnews.com/20250205000123?mc=em_001", "https://www.etnews.com/20250205000123"),
        ("https://www.dt.co.kr/contents.html?article_no=1&ref=naver", "https://dt.co.kr/contents.html?article_no=1"),
        ("https://m.newspim.com/newsamp/view/20250205000123", "https://www.newspim.com/news/view/20250205000123"),
    ],
)
def test_twins_of_other_outlets_fold(one: str, other: str) -> None:
    assert identity(one) == identity(other)


def test_rules_of_an_added_definition_come_first() -> None:
    rule = UrlRule(("ex.kr",), (re.compile("/(?:a|b)/(?P<id>[0-9]+)"),), (), "https://ex.kr/a/{id}")
    assert identity("http://m.ex.kr/b/7?x=1", (rule,)) == "https://ex.kr/a/7"
    assert identity("http://m.ex.kr/b/7?x=1") == "https://ex.kr/b/7?x=1"
    assert identity("https://other.kr/b/7", (rule,)) == "https://other.kr/b/7"
    own = UrlRule(("mediapen.com",), (re.compile("/news/view/(?P<id>[0-9]+)"),), (), "https://mediapen.com/{id}")
    assert identity(MEDIAPEN, (own,)) == "https://mediapen.com/978113"


def test_every_rule_names_hosts_and_a_template() -> None:
    rules = url_rules()
    assert len(rules) > 30
    assert [rule.any_host for rule in rules] == sorted(rule.any_host for rule in rules)


@given(st.text(max_size=300))
def test_never_raises_and_is_idempotent(text: str) -> None:
    key = identity(text)
    assert identity(key) == key


_PARTS = st.text(alphabet="abzAZ019가/%?=&.:#-_~+; ", max_size=60)


@given(
    st.sampled_from(["http", "https"]),
    st.sampled_from(["ex.kr", "www.mk.co.kr", "m.mediapen.com", "n.news.naver.com"]),
    _PARTS,
)
def test_is_idempotent_on_web_addresses(scheme: str, host: str, rest: str) -> None:
    key = identity(f"{scheme}://{host}/{rest}")
    assert identity(key) == key
