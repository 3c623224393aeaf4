"""What may be a noun in a text, however it is inflected, and what never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.words.names import MOST, names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", set()),
        ("소라를 공개했다", {"소라", "공개"}),
        ("소라는 소라가 소라의 소라에서는", {"소라", "소라가", "소라의"}),
        ("OpenAI가 Sora를", {"openai", "sora"}),
        ("SORA, Sora-2 그리고 AT&T", {"sora", "sora-2", "그리고", "at&t"}),
        ("고양이", {"고양이", "고양"}),
        ("고양이가", {"고양이", "고양이가"}),
        ("고양이를 고양이에게", {"고양이"}),
        ("5월에 300억원을 10시간", set()),
        ("밝혔다 밝혔으며 위해 대한", set()),
        ("소라다 소라였다 공개하며", {"소라", "공개"}),
        ("제주도에서 회의를 대만과", {"제주도", "회의", "대만", "대만과"}),
        ("한빛일보 김하늘 기자 sky@example.com https://n.example/딥시크", {"한빛일보"}),
        ("김하늘 기자회견", {"김하늘", "기자회견"}),  # she is no reporter
        ("가 나 A B", set()),
        ("오픈AI에서 AI반도체를", {"오픈ai", "ai반도체"}),
    ],
)
def test_names(text: str, names: set[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    "name", ["딥시크", "챗지피티", "한화오션", "오픈에이아이", "카카오", "Sora", "Qwen3", "오픈AI", "AT&T"]
)
@pytest.mark.parametrize("sentence", ["{}", "‘{}’", "{}의 새 모델", "{}에서는 알렸다", "{}, 서울에", "새 {}만"])
def test_a_name_is_found_in_whatever_form(name: str, sentence: str) -> None:
    assert name.lower() in names_in(sentence.format(name))


def test_watched_terms_are_not_beside_themselves() -> None:
    assert names_in("오픈AI의 OPENAI와 소라", {"OpenAI", "오픈AI"}) == {"소라"}


@given(st.text(max_size=300))
def test_any_text_has_an_end(text: str) -> None:
    for name in names_in(text):
        assert len(name) >= 2
        assert not name.isdigit()


def test_only_the_beginning_is_read() -> None:
    assert names_in(" " * MOST + "소라") == frozenset()
