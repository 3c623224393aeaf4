"""The form leads nowhere else, and shows nothing of what it was given but as text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.service.access import LoginError
from monitor.web.login import CSP, _login_form, _page, _refused
from monitor.web.redirects import local_path


@pytest.mark.parametrize("path", ["/", "/metrics", "/hits?text=%EC%98%A4&a=1", "/a//b", "/a\u002e\u002e/b", "/x#y"])
def test_a_path_of_this_server_is_where_to_go(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        "", "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "evil",
        "/\t/evil.example", "/a\r\nSet-Cookie: x=1", "/ evil", "/가", "\x00/", " /a",
    ],
)  # fmt: skip
def test_anything_else_leads_to_the_form(elsewhere: str) -> None:
    assert local_path(elsewhere, "/login") == "/login"


@given(st.text())
def test_whatever_is_asked_for_stays_text_on_the_page(wanted: str) -> None:
    page = _login_form(wanted)
    assert re.findall(r"<(/?[a-z]+)", page) == [
        "form",
        "input",
        "label",
        "/label",
        "input",
        "button",
        "/button",
        "/form",
    ]
    assert local_path(wanted)[:1] == "/"


def test_the_page_runs_no_script_and_is_framed_by_nobody() -> None:
    page = _page("<script>alert(1)</script>", "")
    assert b"<script" not in page.body
    assert page.headers["content-security-policy"] == CSP
    assert "unsafe" not in CSP
    assert "frame-ancestors 'none'" in CSP


@pytest.mark.parametrize(
    ("wait", "status", "after"), [(0.0, 401, None), (4.2, 429, "5"), (0.1, 429, "1"), (900.0, 429, "900")]
)
def test_a_refusal_says_how_long_to_wait(wait: float, status: int, after: str | None) -> None:
    answer = _refused(LoginError("no", wait), "/")
    assert answer.status_code == status
    assert answer.headers.get("retry-after") == after
