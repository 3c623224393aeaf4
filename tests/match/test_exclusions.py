"""What is proposed refuses what it says, and nothing is met by it that was not met before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.match.exclusions import MOST, exclusions
from monitor.match.query.parser import parse
from monitor.match.query.syntax import show
from monitor.match.rule_check import check_rules
from monitor.model.article import Article
from monitor.model.errors import QueryError
from monitor.model.plan import Rule, RuleTests
from monitor.model.suggestion import Exclusion
from tests.match.cases import ALIASES, EMPTY, body, find


def proposed(expression: str, wrong: str, *others: str) -> list[str]:
    return [one.phrase for one in found(expression, [body(wrong)], [body(text) for text in others])]


def found(expression: str, wrong: list[Article], others: list[Article]) -> tuple[Exclusion, ...]:
    return exclusions(Rule("r", "r", expression), ALIASES, wrong, others)


@pytest.mark.parametrize(
    ("expression", "wrong", "others", "first"),
    [
        # beside the next word
        ("한화", "한화 이글스가 이겼다.", ("한화는 실적을 밝혔다.", "한화 주가가 올랐다."), 'EXCEPT "한화 이글스"'),
        # a longer word that it is part of
        ("substr(메타)", "메타버스 사업을 줄였다.", ("메타가 사업을 늘렸다.",), "EXCEPT 메타버스"),
        # behind the word before: the one behind stands with those that were meant as well
        ("서울", "프로축구 서울 감독이 웃었다.", ("서울 감독이 영화를 찍었다.",), 'EXCEPT "프로축구 서울"'),
        # no place alone, all of them together
        (
            "한화",
            "한화 이글스가 이겼다.\n\n팬들은 한화 만세를 외쳤다.",
            ("이글스 만세를 외친 팬들이 울었다. 한화는 실적을 밝혔다.",),
            'EXCEPT ("한화 만세" OR "한화 이글스")',
        ),
        # elsewhere in the sentence
        (
            "한화",
            "이글스는 5일 한화.",
            ("한화는 실적을 밝혔다.", "5일 한화."),
            "EXCEPT (한화 SAME_SENTENCE 이글스)",
        ),
        # an exception more
        ("한화 EXCEPT 한화생명", "한화 이글스가 이겼다.", ("한화가 팔았다.",), 'EXCEPT "한화 이글스"'),
    ],
)
def test_what_stands_around_the_word_is_proposed(
    expression: str, wrong: str, others: tuple[str, ...], first: str
) -> None:
    assert proposed(expression, wrong, *others)[0] == first


def test_what_is_found_elsewhere_in_the_article_too_is_refused_as_a_whole() -> None:
    text = "한화 이글스가 이겼다. " + " ".join(
        f"{word} 한화는 {word}다." for word in ["가나", "다라", "마바", "사아", "자차", "카타"]
    )
    (first, *_) = proposed("한화", text, "한화가 실적을 밝혔다.")
    assert first.startswith("NOT ")


def test_exceptions_that_are_there_stay() -> None:
    (first, *_) = found("한화 EXCEPT 한화생명", [body("한화 이글스가 이겼다.")], [body("한화가 팔았다.")])
    assert first.expression == '한화 EXCEPT (한화생명 OR "한화 이글스")'


def test_only_what_must_occur_is_touched() -> None:
    rule = "(title:(딥시크 OR 서울) OR ATLEAST/2 @meta) AND NOT 광고 EXCEPT 광고주"
    one = found(rule, [body("메타 코미디와 메타 코미디")], [body("메타와 메타")])[0]
    assert one.expression == (
        '(title:(딥시크 OR 서울) OR ATLEAST/2 (@meta EXCEPT "메타 코미디")) AND NOT 광고 EXCEPT 광고주'
    )


def test_a_tree_of_keys_is_given_as_an_expression() -> None:
    tree = '{"any_of": ["@meta", "한화"], "none_of": ["광고"]}'
    one = found(tree, [body("한화 이글스가 이겼다.")], [body("한화가 팔았다.")])[0]
    assert one.expression == '(@meta OR "한화") EXCEPT "한화 이글스" AND NOT "광고"'


def test_what_would_lose_many_others_is_not_proposed() -> None:
    others = [f"한화 이글스가 {number}번 이겼다." for number in range(10)]
    assert not proposed("한화", "한화 이글스가 이겼다.", *others)
    assert 'EXCEPT "한화 이글스"' in proposed("한화", "한화 이글스가 졌다.", others[0], *["한화가 팔았다."] * 9)


def test_what_the_rule_does_not_meet_wants_nothing() -> None:
    assert not proposed("한화", "두산이 이겼다.", "한화가 팔았다.")
    assert not found("한화", [], [body("한화가 팔았다.")])
    elsewhere = Rule("r", "r", "한화", sources=("elsewhere",))
    assert exclusions(elsewhere, ALIASES, [body("한화 이글스")], [])[0].refused == (0,), "limits to sources aside"
    with pytest.raises(QueryError):
        found("AND", [body("한화")], [])


def test_what_breaks_the_tests_of_the_rule_is_not_proposed() -> None:
    rule = Rule("r", "r", "한화", tests=RuleTests(match=("한화 이글스가 온다",)))
    wrong, others = [body("한화 이글스가 대전 구장에서 이겼다.")], [body("한화가 팔았다.")]
    texts = [one.phrase for one in exclusions(rule, ALIASES, wrong, others)]
    assert "EXCEPT (한화 SAME_SENTENCE 대전)" in texts
    assert not [text for text in texts if "이글스" in text]


RULES = (
    *("한화", "substr(메타)", "@meta", "@meta AND 서울", "한화 OR title:서울", "한화 NEAR/5 서울", "ATLEAST/2 한화"),
    *("한화 EXCEPT 한화생명", "(한화 OR 메타) AND NOT 광고", "scan_all(/한화[가-힣]*/)", "title:(한화 AND 서울)"),
    *(
        '한화 EXCEPT (한화생명 OR "한화 금융") AND 서울',
        '{"any_of": ["한화", "메타"], "min_count": 2}',
        "case(Meta) OR 한화",
    ),
)
WORDS = st.sampled_from(
    [
        "한화",
        "한화는",
        "한화생명",
        "한화이글스가",
        "이글스",
        "서울",
        "서울에서",
        "메타",
        "메타버스",
        "메타버스를",
        "Meta",
        "META",
        "광고",
        "또는",
        "EXCEPT",
        "주가",
        "(",
        '"',
        "'",
        "|",
        "/",
        "\\",
        ".",
        "\n",
        "가",
    ]
)
TEXT = st.lists(WORDS, max_size=14).map(" ".join)
ARTICLE = st.builds(lambda title, text: replace(EMPTY, title=title, body=text), TEXT, TEXT)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(RULES),
    st.lists(ARTICLE, min_size=1, max_size=3),
    st.lists(ARTICLE, max_size=5),
    st.lists(ARTICLE, max_size=4),
)
def test_a_proposal_refuses_what_it_says_and_only_takes_away(
    expression: str, wrong: list[Article], others: list[Article], unseen: list[Article]
) -> None:
    proposals = found(expression, wrong, others)
    assert len(proposals) <= MOST
    for one in proposals:
        assert show(parse(one.expression)) == one.expression
        assert not [
            fault for fault in check_rules([Rule("r", "r", one.expression)], ALIASES) if fault.severity == "error"
        ]
        assert 0 in one.refused
        for articles, gone in ((wrong, one.refused), (others, one.lost)):
            before = {number for number, article in enumerate(articles) if find(expression, article)}
            after = {number for number, article in enumerate(articles) if find(one.expression, article)}
            assert tuple(sorted(before - after)) == gone
        for article in (*wrong, *others, *unseen):
            assert set(find(one.expression, article)) <= set(find(expression, article))
