"""One door to the product's own code for outside scorers; no logic of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from monitor.match.ruleset import RuleSet, compile_rules
from monitor.model.article import Article
from monitor.model.plan import Rule

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def _rules(term: str, mode: str, aliases: tuple[str, ...]) -> RuleSet:
    """Compile the rule `mode(@term)`, the term and its aliases one group."""
    return compile_rules([Rule("term", "term", f"{mode}(@term)")], {"term": (term, *aliases)})


def match(term: str, sentence: str, mode: str = "word", aliases: Sequence[str] = ()) -> list[tuple[int, int]]:
    """Answer the spans of all mentions of a term or its aliases in a sentence (code points)."""
    article = Article("key", "", "", "", _EPOCH, body=sentence)
    hits = _rules(term, mode, tuple(aliases)).match(article)
    return [(found.start, found.end) for _, matches in hits for found in matches]
