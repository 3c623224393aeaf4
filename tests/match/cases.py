"""What the tests of matching share: articles made of given texts, and expressions held against them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from monitor.match.ruleset import compile_rules
from monitor.model.article import Article
from monitor.model.hit import Match
from monitor.model.plan import Rule

EPOCH = datetime(2025, 2, 5, tzinfo=UTC)
EMPTY = Article("key", "https://news.test/1", "desk", "", EPOCH)
ALIASES = {
    "deepseek": ("DeepSeek", "딥시크"),
    "openai": ("OpenAI", "오픈AI", "오픈에이아이"),
    "stargate": ("Stargate", "스타게이트"),
    "meta": ("Meta", "메타 EXCEPT (메타버스 OR 메타데이터)"),
}


def body(text: str) -> Article:
    """Make an article of nothing but a body."""
    return replace(EMPTY, body=text)


def find(expression: str, article: Article | str) -> tuple[Match, ...]:
    """Hold one expression against an article, or a body; return its mentions, () where it does not hold."""
    held = body(article) if isinstance(article, str) else article
    hits = compile_rules([Rule("rule", "rule", expression)], ALIASES).match(held)
    return hits[0][1] if hits else ()


def surfaces(expression: str, article: Article | str) -> list[str]:
    """Return what the mentions of an expression look like in the text."""
    return [match.surface for match in find(expression, article)]
