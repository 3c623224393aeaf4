from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.errors import FetchReason
from monitor.net.failure import Failure
from monitor.net.redirects import next_hop, origin, parse_url, same_site

HERE = httpx.URL("https://news.example/list/1?a=b")


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/view/2", "https://news.example/view/2"),
        ("?page=2", "https://news.example/list/1?page=2"),
        ("../x", "https://news.example/x"),
        ("//m.news.example/x", "https://m.news.example/x"),
        ("https://other.example/", "https://other.example/"),
        ("https://a:b@other.example/", "https://other.example/"),
        ("/뉴스", "https://news.example/%EB%89%B4%EC%8A%A4"),
        ("", "https://news.example/list/1?a=b"),
        ("http://news.example/view/2", "http://news.example/view/2"),
        ("http://www.news.example:8080/", "http://www.news.example:8080/"),
        ("http://m.news.example/2", "http://m.news.example/2"),
        ("http://a:b@news.example/", "http://news.example/"),
    ],
)
def test_targets(location: str, target: str) -> None:
    assert str(next_hop(HERE, 302, location)) == target


@pytest.mark.parametrize("status", [200, 204, 300, 304, 305, 306, 404, 500])
def test_other_statuses_lead_nowhere(status: int) -> None:
    assert next_hop(HERE, status, "/x") is None


def test_redirect_without_a_target_leads_nowhere() -> None:
    assert next_hop(HERE, 301, None) is None


@pytest.mark.parametrize(
    "location",
    [
        "http://other.example/",
        "http://fakenews.example/",
        "http://example/",
        "http://news.example.evil.test/",
        "http://127.0.0.1/",
        "file:///etc/passwd",
        "gopher://x/",
        "javascript:alert(1)",
        "http://[",
        "data:,x",
    ],
)
def test_refused_targets(location: str) -> None:
    with pytest.raises(Failure) as caught:
        next_hop(HERE, 301, location)
    assert caught.value.reason is FetchReason.BAD_REDIRECT
    assert not caught.value.transient


def test_upgrade_and_plain_http_are_followed() -> None:
    plain = httpx.URL("http://news.example/")
    assert str(next_hop(plain, 301, "https://news.example/")) == "https://news.example/"
    assert str(next_hop(plain, 301, "/x")) == "http://news.example/x"


def test_credentials_are_kept_within_an_origin() -> None:
    own = httpx.URL("https://u:p@news.example/a")
    assert next_hop(own, 302, "https://u:p@news.example/b") == httpx.URL("https://u:p@news.example/b")


def _outcome(read: Callable[[], httpx.URL | None]) -> httpx.URL | FetchReason | None:
    try:
        return read()
    except Failure as failure:
        return failure.reason


@given(st.text(max_size=60))
def test_any_location_is_followed_or_refused(location: str) -> None:
    outcome = _outcome(lambda: next_hop(HERE, 302, location))
    assert outcome is FetchReason.BAD_REDIRECT or (
        isinstance(outcome, httpx.URL) and (outcome.scheme == "https" or same_site(outcome.host, HERE.host))
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("www.daily.co.kr", "daily.co.kr", True),
        ("www.daily.co.kr", "m.daily.co.kr", True),
        ("biz.daily.co.kr", "www.daily.co.kr", True),
        ("DAILY.co.kr.", "daily.co.kr", True),
        ("m.kr", "www.kr", False),
        ("daily.co.kr", "evening.co.kr", False),
        ("daily.co.kr", "notdaily.co.kr", False),
        ("10.0.0.1", "10.0.0.1", True),
        ("1.10.0.0.1", "10.0.0.1", False),
        ("a.kr", "kr", False),
        ("localhost", "a.localhost", False),
    ],
)
def test_faces_of_one_site(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - test parameter
    assert same_site(one, other) is same_site(other, one) is same


def test_a_refused_descent_names_its_cause_first_and_the_mend() -> None:
    with pytest.raises(Failure) as caught:
        next_hop(HERE, 301, f"http://other.example/{'x' * 300}")
    assert caught.value.detail.startswith("from https down to http at another site")
    assert caught.value.detail.endswith("write its http:// address as `url` of the source")


@given(st.text(max_size=80))
def test_any_text_is_a_url_or_refused(text: str) -> None:
    outcome = _outcome(lambda: parse_url(text))
    assert outcome is FetchReason.BAD_URL or (isinstance(outcome, httpx.URL) and bool(outcome.host))


def test_an_origin_knows_ports_and_schemes_apart() -> None:
    origins = ["http://a.kr/", "https://a.kr/", "http://a.kr:8080/", "http://b.kr/"]
    assert len({origin(httpx.URL(text)) for text in origins}) == 4
    assert origin(httpx.URL("http://a.kr:80/x")) == origin(httpx.URL("http://a.kr/y"))
