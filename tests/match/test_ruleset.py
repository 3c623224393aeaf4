"""Rules held against whole articles."""

from __future__ import annotations

from collections import Counter

import pytest

from monitor.match.ruleset import compile_rules
from monitor.model.article import Article
from monitor.model.errors import QueryError
from monitor.model.plan import Rule
from tests.match.cases import EPOCH

ALIASES = {
    "deepseek": ("DeepSeek", "딥시크"),
    "openai": ("OpenAI", "오픈AI", "오픈에이아이"),
    "stargate": ("Stargate", "스타게이트"),
}


def seed(text: str) -> Article:
    title, subtitle, *rest = text.split("\n")
    captions = tuple(line for line in rest if line.startswith("▲"))
    body = "\n".join(line for line in rest if not line.startswith("▲"))
    return Article("key", "https://news.test/1", "mediapen", title, EPOCH, subtitle, body, captions)


def test_the_first_article_gives_three_hits(seed_text: str) -> None:
    article = seed(seed_text)
    hits = compile_rules([Rule(name, name, f"@{name}") for name in ALIASES], ALIASES).match(article)
    assert [(rule_id, len(matches)) for rule_id, matches in hits] == [("deepseek", 10), ("openai", 11), ("stargate", 3)]
    for _, matches in hits:
        for match in matches:
            assert article.fields()[match.field][match.start : match.end] == match.surface
    assert Counter(match.field for match in dict(hits)["openai"]) == {"body": 9, "title": 1, "caption": 1}
    assert {match.term for match in dict(hits)["deepseek"]} == {"@deepseek"}
    assert {match.reason for match in dict(hits)["openai"]} >= {"bare", "particle 는", "particle 보다", "particle 와"}


def test_a_rule_limited_to_sources_looks_nowhere_else() -> None:
    rules = compile_rules([Rule("a", "a", "딥시크", sources=("x",)), Rule("b", "b", "딥시크")], {})
    article = Article("key", "", "y", "딥시크", EPOCH)
    assert [rule_id for rule_id, _ in rules.match(article)] == ["b"]


def test_versions_tell_meanings_apart() -> None:
    one = compile_rules([Rule("a", "a", "딥시크")], {})
    assert one.version == compile_rules([Rule("a", "another name", "딥시크")], {}).version
    assert one.version != compile_rules([Rule("a", "a", "딥씨크")], {}).version
    assert one.version != compile_rules([Rule("a", "a", "딥시크")], {"x": ("y",)}).version


def test_no_rules_match_nothing() -> None:
    assert compile_rules([], {}).match(Article("key", "", "y", "딥시크", EPOCH)) == ()


def test_an_unknown_alias_is_refused() -> None:
    with pytest.raises(QueryError, match="@nobody"):
        compile_rules([Rule("a", "a", "x OR @nobody")], ALIASES)


def test_a_part_of_the_rules_matches_as_it_would_alone(seed_text: str) -> None:
    article = seed(seed_text)
    wanted = [Rule(name, name, f"@{name}") for name in ALIASES]
    every = compile_rules([*wanted, Rule("always", "always", "scan_all(/딥시크|오픈AI/)")], ALIASES)
    for kept in ((), ("stargate",), ("openai", "always"), ("deepseek", "openai", "stargate", "always")):
        only = every.only(set(kept))
        assert list(only.match(article)) == [found for found in every.match(article) if found[0] in kept]
    assert every.only({"openai"}).version != every.only({"stargate"}).version
