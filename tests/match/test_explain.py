"""Why a rule does not match."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.match.explain import Explanation, explain
from monitor.model.errors import QueryError
from monitor.model.plan import Rule
from tests.match.cases import ALIASES, EMPTY, body


def why(expression: str, text: str) -> Explanation:
    return explain(Rule("r", "r", expression), ALIASES, body(text))


@pytest.mark.parametrize(
    ("expression", "text", "missing", "refused"),
    [
        ("메타", "메타버스와 메타", (), [("메타", "longer word 메타버스")]),
        ("KT", "KT&G KTX", ("KT",), [("KT", "the word goes on with &"), ("KT", "the word goes on with X")]),
        (
            "딥시크 AND 카카오",
            "딥시크",
            ("카카오",),
            [("딥시크", "a mention, but another part of the rule does not hold")],
        ),
        ("딥시크 NOT 광고", "광고 딥시크", ("광고 must not occur",), None),
        ("딥시크 NEAR/1 가람", "딥시크 하나 둘 가람", ("딥시크 NEAR/1 가람",), None),
        (
            "prefix(메타) EXCEPT 메타버스",
            "메타버스 메타",
            (),
            [("메타", "a mention, but an exception"), ("메타버스", "a mention")],
        ),
        ("case(MS)", "ms", ("case(MS)",), [("ms", "capitals differ")]),
        ("title:딥시크", "딥시크", ("title:딥시크",), [("딥시크", "a mention, but another part")]),
        ("딥시크", "딥시크", (), []),
    ],
)
def test_reasons(expression: str, text: str, missing: tuple[str, ...], refused: list[tuple[str, str]] | None) -> None:
    explanation = why(expression, text)
    assert explanation.missing == missing
    if refused is not None:
        told = [(refusal.surface, refusal.reason) for refusal in explanation.refusals]
        assert [surface for surface, _ in told] == [surface for surface, _ in refused]
        assert all(reason.startswith(start) for (_, reason), (_, start) in zip(told, refused, strict=True))


def test_a_rule_may_be_limited_to_other_sources() -> None:
    explanation = explain(Rule("r", "r", "딥시크", sources=("x",)), {}, replace(EMPTY, body="딥시크", source_id="y"))
    assert explanation == Explanation(source=False, missing=(), refusals=())


def test_places_are_those_of_the_field() -> None:
    (refusal,) = explain(Rule("r", "r", "메타"), ALIASES, replace(EMPTY, title="가", body="나 메타버스")).refusals
    assert (refusal.field, refusal.start, refusal.end, refusal.term, refusal.alias) == ("body", 2, 4, "메타", "메타")


def test_a_bad_expression_is_told() -> None:
    with pytest.raises(QueryError):
        why("가 OR", "가")
