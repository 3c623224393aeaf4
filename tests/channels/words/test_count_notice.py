"""What a count says: to programs by its schema, to people in both languages, however hostile its words are."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from monitor.channels.words.compose import compose
from monitor.channels.words.edition import read_card
from monitor.channels.words.render import MAX_BODY
from monitor.channels.words.schemas import schema_text
from monitor.model.count_notice import CountNotice, NewTerm, TermArticle
from monitor.model.counting import CountType
from monitor.model.delivery import MessageDraft
from monitor.model.plan import Lang

NOW = datetime(2026, 11, 5, 2, 32, 16, tzinfo=UTC)
BEGIN = NOW.replace(minute=0, second=0)
TYPES: tuple[CountType, ...] = get_args(CountType)
SPIKE = CountNotice(
    kind="spike",
    at=NOW,
    rule=("surge", "오픈AI 급증"),
    counted=("openai", "OpenAI"),
    unit="stories",
    seconds=3600.0,
    count=12,
    threshold=8,
    begin=BEGIN,
    series=(0, 1, 0, 2, 12),
    expected=2.14,
    chance=4.2e-6,
)
ARTICLE = TermArticle(7, "https://n.example/7", "오픈AI, 소라 공개", "herald", "한빛일보")
TERM = replace(
    SPIKE,
    kind="new_term",
    seconds=86_400.0,
    expected=None,
    chance=None,
    terms=(NewTerm("소라", 3, (ARTICLE, replace(ARTICLE, source_name="")), ("s",)), NewTerm("영상", 3, (), ())),
)
SCHEMAS = {kind: Draft202012Validator(json.loads(schema_text(f"count.{kind}"))) for kind in TYPES}


def body(notice: CountNotice) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(compose(MessageDraft(3, NOW, (notice,))))
    return made


WORDS = st.text(max_size=400)
NUMBERS = st.floats(0, 1e9) | st.sampled_from([0.0, 5e-324, 1e-300, 1.0])
ARTICLES = st.builds(TermArticle, st.integers(0), WORDS, WORDS, WORDS, WORDS)
TERMS = st.builds(NewTerm, WORDS, st.integers(1, 99), st.lists(ARTICLES, max_size=10).map(tuple), st.just(()))


@given(
    st.sampled_from(TYPES),
    st.tuples(WORDS, WORDS),
    st.floats(1, 1e7),
    st.integers(0, 10**6),
    st.lists(st.integers(0, 10**6), max_size=48).map(tuple),
    NUMBERS,
    st.lists(TERMS, min_size=1, max_size=3).map(tuple),
)
def test_any_count_gives_a_body_of_the_published_shape(
    kind: CountType,
    name: tuple[str, str],
    seconds: float,
    count: int,
    series: tuple[int, ...],
    number: float,
    terms: tuple[NewTerm, ...],
) -> None:
    asked = number if kind in {"spike", "flatline"} else None
    notice = replace(
        SPIKE,
        kind=kind,
        rule=name,
        counted=name,
        seconds=seconds,
        count=count,
        series=series,
        expected=asked,
        chance=asked,
        terms=terms if kind == "new_term" else (),
    )
    encoded = compose(MessageDraft(1, NOW, (notice,)))
    SCHEMAS[kind].validate(json.loads(encoded))
    assert len(encoded) <= MAX_BODY
    for lang in get_args(Lang):
        assert "\n" not in read_card(encoded, "Asia/Seoul", lang).title


@pytest.mark.parametrize(
    ("notice", "english", "korean"),
    [
        (
            SPIKE,
            "OpenAI: 12 stories within 1 h; usually 2.1, chance 1/238,095",
            "OpenAI: 1시간 동안 12건(사건 기준), 평소 2.1건, 우연일 확률 1/238,095",
        ),
        (
            replace(SPIKE, kind="frequency", unit="articles", seconds=5400.0),
            "OpenAI: 12 articles within 1 h 30 min (from 8 on)",
            "OpenAI: 1시간 30분 동안 12건(기사 기준), 기준 8건 이상",
        ),
        (
            replace(SPIKE, kind="flatline", count=0, seconds=200_000.0, expected=0.25, chance=1e-12),
            "OpenAI: 0 stories within 2 d 7 h; usually 0.25, chance < 1/1,000,000,000",
            "OpenAI: 2일 7시간 동안 0건(사건 기준), 평소 0.25건, 우연일 확률 < 1/1,000,000,000",
        ),
        (
            TERM,
            "new beside OpenAI within 1 d: “소라” in 3 outlets; “영상” in 3 outlets",
            "OpenAI: 1일 안에 처음 나온 말 ‘소라’ 3개 매체, ‘영상’ 3개 매체",
        ),
    ],
)
def test_what_happened_in_a_sentence(notice: CountNotice, english: str, korean: str) -> None:
    assert body(notice)["data"]["summary"] == {"en": english, "ko": korean}


@pytest.mark.parametrize(("lang", "label"), [("ko", "오픈AI 급증 · 급증"), ("en", "오픈AI 급증 · spike")])
def test_people_see_the_plot(lang: Lang, label: str) -> None:
    card = read_card(json.dumps(body(SPIKE)).encode(), "Asia/Seoul", lang)
    assert (card.label, card.text) == (label, "▁▂▁▂█  0 1 0 2 12")
    assert card.footing() == "2026-11-05 11:32 KST"


def test_people_see_new_terms_with_who_uses_them_and_where() -> None:
    card = read_card(json.dumps(body(TERM)).encode(), "Asia/Seoul")
    assert card.lines == ("소라: 한빛일보, herald — 오픈AI, 소라 공개", "영상: ")
    assert (card.link, card.links) == ("https://n.example/7", ("https://n.example/7", ""))


def test_a_digest_has_it_as_an_item_and_sheds_the_series_last_of_all() -> None:
    both: dict[str, Any] = json.loads(compose(MessageDraft(1, NOW, (SPIKE, TERM))))
    assert [item["type"] for item in both["data"]["items"]] == ["count.spike", "count.new_term"]
    many: dict[str, Any] = json.loads(compose(MessageDraft(1, NOW, (TERM,) * 60)))
    assert len(many["data"]["items"]) == 60
    assert "series" not in many["data"]["items"][0]["data"]
    assert "외" not in read_card(json.dumps(many).encode(), "Asia/Seoul").passage(100_000)
