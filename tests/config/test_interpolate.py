"""Variables in values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.interpolate import InterpolationError, interpolate

ENVIRON = {"NAME": "value", "EMPTY": "", "MARKS": "${NAME} $$", "_a1": "x"}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain", "plain"),
        ("${NAME}", "value"),
        ("a ${NAME} b ${_a1}", "a value b x"),
        ("${EMPTY}", ""),
        ("${GONE:-}", ""),
        ("${GONE:-a:-b c}", "a:-b c"),
        ("${EMPTY:-default}", "default"),
        ("${NAME:-default}", "value"),
        ("$$", "$"),
        ("$${NAME}", "${NAME}"),
        ("$$$${NAME}", "$${NAME}"),
        ("$$${NAME}", "$value"),
        ("US$ 5, $NAME, 5$", "US$ 5, $NAME, 5$"),
        ("${MARKS}", "${NAME} $$"),
        ("${GONE:-한국\n어}", "한국\n어"),
    ],
)
def test_marks_are_replaced_once(text: str, result: str) -> None:
    assert interpolate(text, ENVIRON) == result


def test_an_unset_variable_is_named() -> None:
    with pytest.raises(InterpolationError, match="GONE is not set") as caught:
        interpolate("a ${GONE}", ENVIRON)
    assert caught.value.unset
    assert "${GONE:-}" in caught.value.hint


@pytest.mark.parametrize(
    "text", ["${", "${}", "${NAME", "${1}", "${NA ME}", "${NAME-x}", "${NAME:x}", "${A:-${NAME}}", "${가}"]
)
def test_other_marks_are_refused(text: str) -> None:
    with pytest.raises(InterpolationError, match="written wrongly") as caught:
        interpolate(text, ENVIRON)
    assert not caught.value.unset


@pytest.mark.parametrize("value", ["a\udcff", "a\0b"])
def test_values_that_are_no_text_are_refused(value: str) -> None:
    with pytest.raises(InterpolationError, match="NAME is not UTF-8") as caught:
        interpolate("${NAME}", {"NAME": value})
    assert value not in str(caught.value) + caught.value.hint


@given(st.text(alphabet="$#{}:-A\n 가", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        result = interpolate(text, {"A": "b"})
    except InterpolationError:
        assert "${" in text
    else:
        assert "$" in text or result == text


@given(st.text(max_size=30))
def test_doubling_every_dollar_gives_the_text_itself(text: str) -> None:
    assert interpolate(text.replace("$", "$$"), {}) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_what_a_variable_holds_is_taken_as_it_is(value: str) -> None:
    assert interpolate("<${V}>", {"V": value}) == f"<{value}>"
