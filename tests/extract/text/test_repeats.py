from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.text.repeats import said_once

FIRST = "한빛전자가 남해에 새 연구소를 연다고 5일 밝혔다."
SECOND = "연구소는 서버를 식히는 전기를 3.5할 아낀다고 회사는 본다."


@pytest.mark.parametrize(
    ("lines", "once"),
    [
        ([FIRST, SECOND, FIRST, SECOND], [FIRST, SECOND]),
        ([f"{FIRST} {SECOND} {FIRST} {SECOND}"], [f"{FIRST} {SECOND}"]),
        ([f"{FIRST}{SECOND}{FIRST}{SECOND}"], [f"{FIRST}{SECOND}"]),
        ([FIRST, SECOND, f"{FIRST}  {SECOND}"], [FIRST, SECOND]),
        (
            ["The chip maker said on Monday it would expand."] * 2,
            ["The chip maker said on Monday it would expand."],
        ),
        ([FIRST, SECOND], [FIRST, SECOND]),
        (["네.", "네.", "아니오.", FIRST], ["네.", "네.", "아니오.", FIRST]),
        ([], []),
    ],
)
def test_a_text_stated_twice_is_said_once(lines: list[str], once: list[str]) -> None:
    assert said_once(lines) == once


@given(st.lists(st.text(alphabet="가나다. 3\n", max_size=60), max_size=8))
def test_every_word_of_it_stays(lines: list[str]) -> None:
    assert set("".join("".join(lines).split())) == set("".join("".join(said_once(lines)).split()))
