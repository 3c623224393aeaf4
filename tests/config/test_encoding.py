"""A file in another encoding is named by its encoding, with the mend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.documents import read
from monitor.config.encoding import encoding_of

TEXT = "rules:\n  - id: ai\n    match: 해솔소프트\n    name: 인공지능 소식\n"


@pytest.mark.parametrize(
    ("encoding", "name", "place"),
    [
        ("cp949", "CP949", (3, 12)),
        ("euc-kr", "CP949", (3, 12)),
        ("utf-16", "UTF-16", (1, 1)),
        ("utf-16-le", "UTF-16", (1, 1)),
        ("utf-16-be", "UTF-16", (1, 1)),
    ],
)
def test_the_encoding_is_named_with_the_mend(encoding: str, name: str, place: tuple[int, int]) -> None:
    (problem,) = read(TEXT.encode(encoding), "rules.yaml", {}).problems
    assert name in problem.message
    assert (problem.line, problem.column, problem.code) == (*place, "CFG003")
    assert "UTF-8" in problem.hint
    assert "iconv" in problem.hint


@given(st.text(st.sampled_from("가힣 \nabc:각")))
def test_utf8_is_never_taken_for_another(text: str) -> None:
    assert encoding_of(text.encode()) == "utf-8-sig"


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2))
def test_korean_in_cp949_is_found(text: str) -> None:
    data = text.encode("cp949")
    assert encoding_of(data) == "cp949" or data.decode("utf-8") != text


@given(st.binary(max_size=60))
def test_any_bytes_have_an_encoding(data: bytes) -> None:
    assert encoding_of(data) in {"utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"}
