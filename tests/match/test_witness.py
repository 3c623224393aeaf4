"""A rule that no article can meet is told, whatever way it contradicts itself; one that some article meets is not."""

from __future__ import annotations

import pytest

from monitor.match.rule_check import check_rules
from monitor.model.plan import Rule

ALIASES = {"us": ("해솔", "헤솔")}


def said(expression: str, known_sources: frozenset[str] = frozenset()) -> str:
    """Return the warnings of one rule."""
    found = check_rules([Rule("r", "r", expression)], ALIASES, None, known_sources)
    return "; ".join(f"{one.message}: {one.hint}" for one in found)


@pytest.mark.parametrize(
    "expression",
    [
        "해솔 NOT (해솔 OR 나래)",
        '"해솔 소프트" -해솔',
        "exact(해솔) NOT 해솔",
        "name(영주) -영주",
        "title:해솔 -해솔",
        "해솔 -substr(솔)",
        "source:a source:b 해솔",
        "lang:ko lang:en 해솔",
        "case(openai) NOT OpenAI",
        "@us -해솔 -헤솔",
        "해솔 NEAR/3 나래 -나래",
        "ATLEAST/2 해솔 -ATLEAST/1 해솔",
        '{"all_of": [{"near": ["해솔", "나래"]}], "none_of": ["해솔"]}',
    ],
)
def test_a_rule_that_no_article_meets_is_told(expression: str) -> None:
    assert "can never match" in said(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "prefix(해솔) NOT 해솔",
        "compound(해솔) -해솔",
        "해솔 NOT exact(해솔)",
        "영주 -name(영주)",
        "OpenAI NOT case(OpenAI)",
        "해솔 NOT (body:해솔 OR title:해솔)",
        "해솔 NEAR/5 나래 NOT (해솔 NEAR/2 나래)",
        "해솔 NEAR/5 나래 NOT (해솔 ONEAR/5 나래)",
        '해솔 SAME_SENTENCE 나래 NOT "해솔 나래"',
        '"해솔 소프트"~3 -"해솔 소프트"',
        "해솔 나래 NOT (해솔 NEAR/5 나래)",
        "@us -해솔",
        "scan_all(/해솔/ -/나래/)",
        "source:a (해솔 OR 나래) -광고",
        'AI -"AI 반도체"',
    ],
)
def test_a_rule_that_some_article_meets_is_left_in_peace(expression: str) -> None:
    assert "never" not in said(expression)


def test_a_source_that_there_is_not_is_told_with_the_nearest() -> None:
    known = frozenset({"mediapen", "yonhap"})
    assert "did you mean source:mediapen?" in said("source:mediapan 해솔", known)
    assert "no such source" in said("해솔 -source:nope", known)
    assert "no such source" not in said("source:Yonhap 해솔", known)


@pytest.mark.parametrize(("code", "meant"), [("kr", "ko"), ("english", "en"), ("jp", "ja"), ("한국어", "ko")])
def test_a_country_is_no_language(code: str, meant: str) -> None:
    assert f"write lang:{meant}" in said(f"lang:{code} 해솔")
