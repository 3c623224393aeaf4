"""What a Korean keyboard writes for a sign of the language is refused with its place and mend, never taken for a word."""

from __future__ import annotations

import pytest

from monitor.match.query.parser import parse
from monitor.model.errors import QueryError


@pytest.mark.parametrize(
    ("expression", "position", "mend"),
    [
        ("（해솔 OR 나래） AND 보안", 0, "( and )"),
        ("해솔 AND 【나래】", 7, "( and )"),
        ("‘해솔’", 0, "between"),
        ("해솔 OR 「나래」", 6, "between"),
        ("“@us”", 0, "alias group"),
        ("해솔 ＯＲ 나래", 3, "write OR"),
        ("해솔 ＡＮＤ 나래", 3, "write AND"),
        ("해솔 ＮＥＡＲ／５ 나래", 3, "write NEAR/5"),
        ("해솔 또는 나래", 3, "write OR"),
        ("해솔 혹은 나래", 3, "write OR"),
        ("해솔 그리고 나래", 3, "write AND"),
        ("해솔 와 나래", 3, "write AND"),
        ("해솔 이나 나래", 3, "write OR"),
        ("해솔 빼고 나래", 3, "write NOT"),
        ("해솔 제외 광고", 3, "write NOT"),
        ("해솔, 나래", 2, "OR or AND"),
        ("해솔,나래", 2, "OR or AND"),
        ("해솔，나래", 2, "OR or AND"),
        ("해솔; 나래", 2, "OR or AND"),
        ("title：해솔", 5, "ASCII"),
        ("해솔 !광고", 3, "NOT 광고"),
        ("해솔 –광고", 3, "NOT 광고"),
        ("제목:해솔", 0, "title:"),
        ("본문:해솔", 0, "body:"),
        ("해솔 OR나래", 3, "blank behind OR"),
        ("해솔 NOT광고", 3, "blank behind NOT"),
        ("해솔 N/5 나래", 3, "NEAR/5"),
        ("해솔 W/3 나래", 3, "NEAR/3"),
        ("최소/3 해솔", 0, "NEAR/3"),
        ("해솔 near 나래", 3, "NEAR/5"),
        ("해솔AND나래", 2, "both sides of AND"),
        ("해솔OR 나래", 2, "both sides of OR"),
        ("해솔 ОR 나래", 3, "write OR"),  # Cyrillic
        ("해솔 0R 나래", 3, "write OR"),
        ("해솔\u200bOR\u200b나래", 2, "delete it"),
        ("해솔 ANDNOT 광고", 3, "write NOT"),
        ("해솔/나래", 2, "OR"),
        ("해솔+나래", 2, "AND"),
        ("해솔 +나래", 3, "AND"),
        ("해솔 ＋나래", 3, "+"),
        ("해솔 ｜ 나래", 3, "|"),
        ("해솔 ～나래", 3, "~"),
        ("해솔 ∨ 나래", 3, "OR"),
        ("해솔 · 나래", 3, "OR"),
        ("해솔 - 광고", 3, "NOT"),
        ("해솔 — 광고", 3, "NOT"),
        ("해솔 ―광고", 3, "NOT 광고"),
        ("￢해솔", 0, "NOT"),
        ("ｔｉｔｌｅ:해솔", 0, "title:"),
        ("제목 : 해솔", 3, "AND"),
        ("＠us", 0, "@us"),
        ("'해솔 나래'", 0, "between"),
        ("`해솔`", 0, "between"),
        ("«해솔»", 0, "between"),
        ("[해솔] OR 나래", 0, "( and )"),
        ("{해솔}", 0, "( and )"),
        ("해솔。나래", 2, "OR or AND"),
        ("해솔 AND 나래.", 9, "quote"),
        ("COMPOUND(해솔)", 0, "compound(…)"),
        ("compund(해솔)", 0, "compound(…)"),
        ("name (해솔)", 0, "name(…)"),
        ("단어(해솔)", 0, "modes are"),
        ("해솔(나래)", 0, "blank before the bracket"),
        ("해솔＊", 0, "prefix(해솔)"),
        ("*해솔", 0, "quote"),
    ],
)
def test_a_slip_is_refused_where_it_stands(expression: str, position: int, mend: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(expression)
    assert refused.value.position == position
    assert mend in refused.value.hint


@pytest.mark.parametrize(
    "word",
    [
        "1,000",
        "O’Reilly",
        "K-팝",
        "Yahoo!",
        "AT&T",
        "https://a.kr/가",
        "ORACLE",
        "12:30",
        "및랩",
        "C++",
        "디즈니+",
        ".NET",
        "#해솔",
        "TCP/IP",
        "유/무선",
        "Inc.",
        "+82",
        "url:?id=7",
        "url:a.kr/가/",
        "한·미",
        "🔥",
        "50%",
    ],
)
def test_real_words_with_signs_stay_words(word: str) -> None:
    parse(word)


@pytest.mark.parametrize("text", ["또는", "（주）해솔", "해솔, 나래", "OR나래", "제목:해솔"])
def test_quotation_marks_make_any_of_them_a_text(text: str) -> None:
    parse(f'"{text}"')
