"""The form leads nowhere else, and shows nothing of what it was given but as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
def test_whatever_is_asked_for_a_path_comes_out(wanted: str) -> None:
    assert local_path(wanted)[:1] == "/"
    assert local_path(wanted)[1:2] not in {"/", "\\"}
