"""One door to the product's own code for outside scorers; no logic of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache

from monitor.match.kiwi import KiwiAnalyser
from monitor.match.ruleset import RuleSet, compile_rules
from monitor.model.article import Article
from monitor.model.plan import Rule

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def _rules(term: str, mode: str, aliases: tuple[str, ...], analyser: KiwiAnalyser | None = None) -> RuleSet:
    """Compile the rule `mode(@term)`, the term and its aliases one group."""
    return compile_rules([Rule("term", "term", f"{mode}(@term)")], {"term": (term, *aliases)}, analyser)


@cache
def _kiwi() -> KiwiAnalyser:
    return KiwiAnalyser()


def match(term: str, sentence: str, mode: str = "word", aliases: Sequence[str] = ()) -> list[tuple[int, int]]:
    """Answer the spans of all mentions of a term or its aliases in a sentence (code points)."""
    return _spans(_rules(term, mode, tuple(aliases)), sentence)


def match_ko(term: str, sentence: str, mode: str = "word", aliases: Sequence[str] = ()) -> list[tuple[int, int]]:
    """Answer what `match` answers, with the help of the Korean analyser."""
    return _spans(_rules(term, mode, tuple(aliases), _kiwi()), sentence)


def _spans(rules: RuleSet, sentence: str) -> list[tuple[int, int]]:
    """Hold rules against an article of one sentence."""
    hits = rules.match(Article("key", "", "", "", _EPOCH, body=sentence))
    return [(found.start, found.end) for _, matches in hits for found in matches]
