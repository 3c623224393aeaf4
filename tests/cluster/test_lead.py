"""How an article opens: its first sentence, with the second where that is short."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cluster.lead import opening, sentences
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign, unpack
from monitor.model.article import Article

LONG = "한빛시가 시내버스 요금 인상 계획을 거둬들이고 올해 요금을 묶기로 하면서 모자란 운영비는 추가 예산으로 메우겠다고 시의회에 알렸다."
SHORT = "한빛시가 요금을 묶는다."


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (f"{LONG} {SHORT}", LONG),
        (f"{SHORT} {LONG} {LONG}", f"{SHORT} {LONG}"),
        (f"{SHORT} {SHORT} {SHORT}", f"{SHORT} {SHORT}"),
        (SHORT, SHORT),
        ("", ""),
        (f"{SHORT} {LONG[:-1] * 3}.", SHORT),  # both together would be too long
        ("요금은 1.5배, 3.2% 오른다. 끝.", "요금은 1.5배, 3.2% 오른다. 끝."),
        (f"“묶겠다.” 시장이 말했다.\n{LONG}", "“묶겠다.” 시장이 말했다."),
        (f"요금을 묶는다.{SHORT}", f"요금을 묶는다. {SHORT}"),  # no blank behind the full stop
    ],
)
def test_the_opening_is_a_sentence_or_two(body: str, told: str) -> None:
    assert opening(body)[1] == told
    assert told.startswith(opening(body)[0])


@given(st.text(max_size=400))
def test_any_text_opens_within_bounds_and_no_letter_is_invented(text: str) -> None:
    first, lead = opening(text)
    assert len(first) <= len(lead) <= 260
    assert lead.startswith(first)
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(st.text(max_size=60), st.text(max_size=400))
def test_a_lead_has_terms_that_its_article_keeps_and_no_others(title: str, body: str) -> None:
    signature = sign(Article("k", "", "herald", title, datetime(2026, 11, 5, tzinfo=UTC), body=body), shipped())
    kept = unpack(signature.packed).terms
    assert signature.lead.terms.keys() <= kept.keys()
    assert signature.lead.title.keys() <= signature.lead.terms.keys()
    assert all(weight > 0 for weight in (*signature.lead.terms.values(), *signature.lead.title.values()))
