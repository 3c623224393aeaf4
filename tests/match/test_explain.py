"""Each refused occurrence has the reason that a person would give, and nothing that counts is called refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.explain import explain
from monitor.match.ruleset import compile_rules
from monitor.match.words.boundary import BoundaryVerdict, Needle
from monitor.match.words.scan import Analyser
from monitor.model.article import Article
from monitor.model.errors import QueryError
from monitor.model.hit import Explanation
from monitor.model.plan import Rule
from tests.match.cases import ALIASES, EMPTY, body, find


def why(expression: str, article: Article | str, analyser: Analyser | None = None) -> Explanation:
    held = body(article) if isinstance(article, str) else article
    return explain(Rule("r", "r", expression, sources=("elsewhere",)), ALIASES, held, analyser)


@pytest.mark.parametrize(
    ("expression", "text", "surface", "reason"),
    [
        ("메타", "메타버스가 온다", "메타", "known longer noun 메타버스"),
        ("메타", "메타인지는 중요하다", "메타", "known longer noun 메타인지"),
        ("메타", "메타스토리", "메타", "part of 메타스토리; compound(메타) finds it"),
        ("메타", "나메타", "메타", "part of 나메타"),
        ("네이버", "네이버은 크다", "네이버", "particle 은 does not agree with the last sound of 네이버"),
        ("카카오톡", "카카오톡가 크다", "카카오톡", "particle 가 does not agree with the last sound of 카카오톡"),
        ("AI", "AIRPORT", "AI", "part of AIRPORT"),
        ("AI", "he SAID", "AI", "part of SAID"),
        ("KT", "KTX를 탔다", "KT", "part of KTX를"),
        ("SK", "SK하이닉스는", "SK", "part of SK하이닉스는; compound(SK) finds it"),
        ("KT", "KT&G 주식", "KT", "the word goes on with &"),
        ("exact(메타)", "메타는", "메타", "part of 메타는"),
        ("case(Meta)", "meta 분석", "meta", "capitals differ from Meta"),
        ("case(@meta)", "META가", "META", "capitals differ from Meta"),
        ("substr(메타) EXCEPT 메타버스", "메타버스", "메타", "excluded by EXCEPT: 메타버스"),
        ("@meta", "메타 데이터 메타데이터", "메타", "known longer noun 메타데이터"),
        ("title:딥시크", "딥시크가", "딥시크", "the rule does not look in the field body"),
        ("딥시크 AND 카카오", "딥시크가", "딥시크", "a mention, but another part of the rule does not hold"),
        ("딥시크 NOT 광고", "딥시크 광고", "딥시크", "a mention, but another part of the rule does not hold"),
    ],
)
def test_every_refused_occurrence_has_its_reason(expression: str, text: str, surface: str, reason: str) -> None:
    (refusal,) = why(expression, text).refusals
    assert (refusal.surface, refusal.reason) == (surface, reason)
    assert text[refusal.start : refusal.end] == surface
    assert refusal.field == "body"


@pytest.mark.parametrize(
    ("expression", "text", "missing"),
    [
        ("카카오뱅크", "카카오 뱅크가 상장했다.", "카카오뱅크 (카카오 뱅크 is there: 카카오|뱅크 finds both)"),
        ("딥시크 AND 상장", "딥 시크가 상장했다.", "딥시크 (딥 시크 is there: 딥|시크 finds both)"),
        ("딥시크", "다른 말이다.", "딥시크"),
    ],
)
def test_a_word_with_a_blank_inside_is_offered(expression: str, text: str, missing: str) -> None:
    assert why(expression, text).missing == (missing,)


@pytest.mark.parametrize(
    ("expression", "text", "missing"),
    [
        ("딥시크 AND 카카오 NOT 광고", "딥시크 광고", ("카카오", "광고 must not occur")),
        ("딥시크 AND (카카오 OR 네이버)", "딥시크", ("카카오 OR 네이버",)),
        ("title:(딥시크 카카오)", "딥시크", ("title:딥시크", "title:카카오")),
        ("case(딥시크 Meta)", "딥시크 META", ("case(Meta)",)),
        ("scan_all(/딥/ AND 카카오)", "딥시크", ("카카오",)),
        ("딥시크 NEAR/2 카카오", "딥시크가 또 이번에 다시 카카오", ("딥시크 NEAR/2 카카오",)),
        ("ATLEAST/3 딥시크", "딥시크 딥시크", ("ATLEAST/3 딥시크",)),
        ("딥시크", "카카오", ("딥시크",)),
        ("딥시크", "딥시크", ()),
        ("딥시크 source:herald", "딥시크", ("source:herald",)),
        ('{"all_of": ["딥시크", "카카오"]}', "딥시크", ('"카카오"',)),
    ],
)
def test_what_is_missing_is_named_in_the_query_language(expression: str, text: str, missing: tuple[str, ...]) -> None:
    explanation = why(expression, text)
    assert explanation.missing == missing
    assert explanation.hit is (missing == ())


def test_what_counts_is_not_refused_and_what_is_refused_beside_it_is() -> None:
    explanation = why("메타", "메타는 메타버스를 메타가")
    assert explanation.hit
    assert [refusal.start for refusal in explanation.refusals] == [4]


def test_words_that_stand_too_far_apart_are_told_beside_a_hit() -> None:
    text = "딥시크 카카오. " + "그리고 " * 10 + "딥시크"
    (refusal,) = why("딥시크 NEAR/2 카카오", text).refusals
    assert refusal.start == text.rindex("딥시크")
    assert "near" in refusal.reason


def test_excepted_words_are_not_themselves_looked_for() -> None:
    assert why("substr(메타) EXCEPT 메타버스", "메타가").refusals == ()
    assert {one.surface for one in why("메타 EXCEPT 메타버스 NOT 광고", "메타버스 광고").refusals} == {"메타"}


def test_the_field_is_told_with_offsets_into_it() -> None:
    article = replace(EMPTY, title="메타버스", subtitle="부제 메타버스", captions=("▲ 메타버스",), section="메타버스")
    found = why("메타", article).refusals
    assert [(one.field, one.start) for one in found] == [("title", 0), ("subtitle", 3), ("caption", 2)]
    assert [one.field for one in why("메타 OR section:딥시크", article).refusals][-1] == "section"


def test_a_group_names_term_and_spelling() -> None:
    (refusal,) = why("@openai", "오픈AI스쿨").refusals
    assert (refusal.term, refusal.alias) == ("@openai", "오픈AI")


def test_the_analyser_has_its_say() -> None:
    class Stern:
        def decide(self, text: str, start: int, end: int, needle: Needle, guess: BoundaryVerdict) -> BoundaryVerdict:
            assert text[start:end] == needle.alias
            return BoundaryVerdict(accepted=False, reason="analyser", ground=guess.ground)

    explanation = why("메타", "메타가", Stern())
    assert not explanation.hit
    assert [(one.surface, one.reason) for one in explanation.refusals] == [
        ("메타", "the analyser reads another word here")
    ]


def test_a_bad_expression_is_told() -> None:
    with pytest.raises(QueryError):
        why("메타 AND", "메타")


EXPRESSIONS = st.recursive(
    st.sampled_from(["메타", "AI", "@openai", "@meta", "case(Meta)", "compound(메타)", "title:AI", "메타 NEAR/2 AI"]),
    lambda inner: st.one_of(
        st.builds("({} OR {})".format, inner, inner),
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} NOT {})".format, inner, inner),
    ),
    max_leaves=6,
)
TEXTS = st.lists(
    st.sampled_from(["메타", "메타버스", "AI", "SAID", "오픈AI", "가", "는", " ", ". ", "Meta", "meta", "\n"]),
    max_size=12,
).map("".join)


@given(EXPRESSIONS, TEXTS, TEXTS)
def test_an_explanation_agrees_with_the_match(expression: str, title: str, text: str) -> None:
    article = replace(EMPTY, title=title, body=text)
    explanation, matches = why(expression, article), find(expression, article)
    hits = compile_rules([Rule("r", "r", expression)], ALIASES).match(article)
    assert explanation.hit is bool(hits)
    assert bool(explanation.missing) is not explanation.hit
    counted = {(match.term, match.field, match.start, match.end) for match in matches}
    for refusal in explanation.refusals:
        assert (refusal.term, refusal.field, refusal.start, refusal.end) not in counted
        assert article.fields()[refusal.field][refusal.start : refusal.end] == refusal.surface
        assert refusal.reason
