"""Random rules on random texts: no crash, no unbounded work, and every span holds."""

from __future__ import annotations

import random

import pytest

from monitor.match.explain import explain
from monitor.match.ruleset import RuleSet, compile_rules
from monitor.model.errors import QueryError
from monitor.model.plan import Rule
from tests.match.cases import ALIASES, body
from tests.match.fuzz import run

PIECES = (
    *(
        "AND",
        "OR",
        "NOT",
        "NEAR/3",
        "ONEAR/2",
        "SAME_SENTENCE",
        "EXCEPT",
        "ATLEAST/2",
        "(",
        ")",
        "@openai",
        "@meta",
        "-",
    ),
    *("title:", "source:", "exact(", "compound(", "substr(", "prefix(", "case(", "scan_all(", '"', "~2", "/a+/", "|"),
    *("딥시크", "메타", "AI", "오픈AI", "ＡＩ", "가", "3.5", "KT&G", "😀", "딥|시크"),
)
LETTERS = "딥시크메타버스인지오픈AIai에서는이다 \n.,'\"()·-\u200b\u0301\u1103\u1175ＡＩ😀①㈜KT&G3\ud83d"


def compiled(rule: Rule) -> RuleSet | QueryError:
    """Compile a rule; a fault comes back as a value."""
    try:
        return compile_rules([rule], ALIASES)
    except QueryError as error:
        return error


@pytest.mark.parametrize("seed", range(10))
def test_rules_and_texts_at_random(seed: int) -> None:
    chance = random.Random(seed)
    read = 0
    for _ in range(300):
        expression = " ".join(chance.choices(PIECES, k=chance.randint(1, 8)))
        article = body("".join(chance.choices(LETTERS, k=chance.randint(0, 80))))
        rules = compiled(Rule("r", "r", expression))
        if isinstance(rules, QueryError):
            assert 0 <= rules.position <= len(expression), expression
            continue
        read += 1
        for _, matches in rules.match(article):
            assert matches
            assert all(article.body[match.start : match.end] == match.surface for match in matches)
        explain(Rule("r", "r", expression), ALIASES, article)
    assert read > 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_grown_rules_on_hostile_texts(seed: int) -> None:
    tally = run(400, seed)
    assert tally.compiled > 370
    assert tally.hits > 10


def test_a_hostile_article_costs_no_more_than_its_length() -> None:
    # Thousands of overlapping places: NEAR must not look at all pairs of them.
    article = body("가람 나루 " * 20_000)
    rules = compile_rules([Rule("r", "r", "(가람 OR 나루) NEAR/2 (나루 OR 가람) NEAR/2 가람")], {})
    ((_, matches),) = rules.match(article)
    assert len(matches) > 1


def test_a_text_of_nothing_but_marks() -> None:
    article = body("\u0301" * 50_000 + "딥시크")
    assert compile_rules([Rule("r", "r", "딥시크")], {}).match(article)
