"""Which headers an operator may set, and what becomes of the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.own_headers import MOST, check_headers, header_name, header_value, read_headers
from monitor.model.errors import InvalidValueError
from monitor.model.kind import Written


def told(*entries: str, url: str = "https://hooks.example/", taken: str = "") -> list[tuple[str, str]]:
    written = Written("desk", "webhook", (url,), own={"headers": entries})
    return [(one.name, one.message) for one in check_headers(written, taken)]


@pytest.mark.parametrize("name", ["Authorization", "X-Api-Key", "x_token", "Cookie", "Priority", "X-Webhook-Secret"])
def test_a_header_of_ones_own(name: str) -> None:
    assert told(f"{name}: value") == []
    assert header_name(name) == name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Host", "the program sets it itself"),
        ("content-LENGTH", "the program sets it itself"),
        ("Accept", "the program sets it itself"),
        ("Webhook-Id", "the program sets it itself"),
        ("Monitor-Seq", "the program sets it itself"),
        ("ce-type", "the program sets it itself"),
        ("Connection", "it belongs to the connection"),
        ("Transfer-Encoding", "it belongs to the connection"),
        ("Proxy-Authorization", "it belongs to the connection"),
        ("X Team", "the name must be"),
        ("X-Team\r\nX-Other", "the name must be"),
        ("팀", "the name must be"),
        (":path", "the name must be"),
        ("", "the name must be"),
    ],
)
def test_a_header_that_is_not_free(name: str, reason: str) -> None:
    ((shown, message),) = told(f"{name}: canary")
    assert shown == name
    assert reason in message
    assert "canary" not in message
    with pytest.raises(InvalidValueError, match=reason):
        header_name(name)


def test_one_header_twice_and_one_that_another_key_sets() -> None:
    assert [name for name, _ in told("X-Team: a", "x-team: b", "X-Sig: c", taken="X-Sig")] == ["x-team", "X-Sig"]


def test_two_ways_of_naming_a_user() -> None:
    assert told("Authorization: Bearer x", url="https://me:pw@hooks.example/")
    assert told("Authorization: Bearer x", url="https://hooks.example/@me") == []


def test_there_is_an_end_to_them() -> None:
    assert told(*(f"X-{n}: v" for n in range(MOST))) == []
    assert len(told(*(f"X-{n}: v" for n in range(MOST + 1)))) == 1


@pytest.mark.parametrize("value", ["a\r\nX-B: c", "a\nb", "a\x00", " a", "a ", "", "비밀", "\x7f", "a\tb"])
def test_a_value_that_would_end_the_line_or_cannot_stand(value: str) -> None:
    with pytest.raises(InvalidValueError, match="visible ASCII"):
        header_value(value)


@given(
    st.dictionaries(st.from_regex(r"\AX-[a-z0-9]{1,9}\Z"), st.from_regex(r"\A[!-~]([ -~]{0,20}[!-~])?\Z"), max_size=8)
)
def test_what_was_written_is_what_goes_out(headers: dict[str, str]) -> None:
    entries = tuple(f"{name}: {header_value(text)}" for name, text in headers.items())
    assert read_headers(entries) == {name.lower(): text for name, text in headers.items()}
