"""Random rules that compile, on random hostile texts: `python -m tests.match.fuzz [--count 100000] [--seed 0]`.

Rules are grown from the grammar, so that nearly all of them compile; each is matched, explained and, in its printed form,
matched again, which must find the same. The command prints how many compiled and the slowest case.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from monitor.match.explain import explain
from monitor.match.query.parser import parse
from monitor.match.query.syntax import show
from monitor.match.ruleset import compile_rules
from monitor.model.article import Article
from monitor.model.errors import QueryError
from monitor.model.plan import Rule
from tests.match.cases import ALIASES, body

WORDS = (
    "딥시크",
    "메타",
    "AI",
    "오픈AI",
    "ＡＩ",
    "가",
    "3.5",
    "KT&G",
    "딥|시크",
    "OpenAI",
    "금",
    "인도",
    "에서",
    "a",
    "Ⅷ",
)
REGEXES = ("/(a+)+$/", "/[가-힣]{2,5}증권/", "/(AI|오픈)+/", r"/\d{1,3}(,\d{3})*/", "/a?a?a?a?a?aaaaa/", r"/\bKT\b/")
TEXTS = (
    *(
        "딥시크",
        "메타버스",
        "메타",
        "오픈AI",
        "open ai",
        "ＡＩ",
        "KT&G",
        "3.5",
        "인도",
        "금",
        "에서는",
        "이다",
        "으로부터의",
    ),
    *(
        " ",
        "  ",
        "\n",
        ".",
        ",",
        "'",
        '"',
        "(",
        ")",
        "·",
        "-",
        "\u200b",
        "\u0301",
        "\u1103\u1175",
        "😀",
        "①",
        "㈜",
        "\ud83d",
    ),
    *("a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "가", "힣", "\u00ad", "\u3000", "İ", "ß", "\u115f"),
)


class Grower:
    """Grows expressions from the grammar of monitor.match.query.parser."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def rule(self) -> str:
        """Return an expression with a word that must occur."""
        if self.chance.random() < 0.05:
            return f"scan_all({self._any(2)})"
        parts = [self.places(2), *(self._any(2) for _ in range(self.chance.randint(0, 3)))]
        return self.chance.choice((" ", " AND ")).join(parts)

    def _any(self, depth: int) -> str:
        """Return what may stand anywhere."""
        if depth == 0:
            return self.word()
        grown: Callable[[], str] = self.chance.choice(
            (
                lambda: self.places(depth),
                lambda: f"({self._any(depth - 1)} OR {self._any(depth - 1)})",
                lambda: f"({self._any(depth - 1)} AND {self._any(depth - 1)})",
                lambda: f"NOT {self.places(depth - 1)}",
                lambda: self.chance.choice(REGEXES),
                lambda: self.chance.choice(("source:press", "lang:ko")),
            )
        )
        return grown()

    def places(self, depth: int) -> str:
        """Return what stands for places in a text."""
        if depth == 0:
            return self.word()
        grown: Callable[[], str] = self.chance.choice(
            (
                self.word,
                lambda: self.chance.choice(("@openai", "@meta")),
                lambda: f"({self.places(depth - 1)} OR {self.places(depth - 1)})",
                lambda: f"({self.places(0)} {self._near()} {self.places(depth - 1)})",
                lambda: f"({self.places(0)} EXCEPT {self.places(0)})",
                lambda: f"ATLEAST/{self.chance.randint(1, 9)} {self.places(0)}",
                lambda: (
                    f"{self.chance.choice(('title', 'body', 'subtitle', 'caption', 'author', 'url'))}:{self.word()}"
                ),
                lambda: (
                    f"{self.chance.choice(('exact', 'compound', 'substr', 'prefix', 'case', 'word'))}({self.places(0)})"
                ),
            )
        )
        return grown()

    def word(self) -> str:
        """Return a word or a phrase."""
        word = self.chance.choice(WORDS)
        kind = self.chance.random()
        if kind < 0.2:
            return f'"{word} {self.chance.choice(WORDS)}"{self.chance.choice(("", "", "~3"))}'
        return f'"{word}"' if kind < 0.5 else word

    def _near(self) -> str:
        return self.chance.choice((f"NEAR/{self.chance.randint(1, 30)}", "ONEAR/2", "SAME_SENTENCE"))

    def text(self) -> str:
        """Return a text of pieces that belong together and pieces that do not."""
        return "".join(self.chance.choices(TEXTS, k=self.chance.randint(0, 60)))


@dataclass(slots=True)
class Tally:
    """What a run came to. `slowest` is in seconds, `case` what took so long."""

    count: int = 0
    compiled: int = 0
    hits: int = 0
    slowest: float = 0.0
    case: str = ""


def run(count: int, seed: int) -> Tally:
    """Grow and try `count` rules. Raises AssertionError for the first that breaks a promise."""
    grower, tally = Grower(random.Random(seed)), Tally()
    for _ in range(count):
        expression, article = grower.rule(), body(grower.text())
        begun = time.perf_counter()
        tally.count += 1
        hits = tried(expression, article)
        if hits is not None:
            tally.compiled += 1
            tally.hits += hits
        took = time.perf_counter() - begun
        if took > tally.slowest:
            tally.slowest, tally.case = took, expression
    return tally


def tried(expression: str, article: Article) -> int | None:
    """Hold a rule against an article in every way there is; return the hits, None where it does not compile."""
    rule = Rule("r", "r", expression)
    try:
        rules = compile_rules([rule], ALIASES)
    except QueryError:
        return None
    found = rules.match(article)
    for _, matches in found:
        assert matches, expression
        for match in matches:
            assert article.fields()[match.field][match.start : match.end] == match.surface, (expression, match)
    assert explain(rule, ALIASES, article).hit == bool(found), expression
    printed = show(parse(expression))
    assert compile_rules([Rule("r", "r", printed)], ALIASES).match(article) == found, (expression, printed)
    return len(found)


def main() -> None:
    """Run as many as asked for and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    begun = time.perf_counter()
    tally = run(asked.count, asked.seed)
    print(  # noqa: T201 - a command
        f"{tally.count} rules, {tally.compiled} compiled, {tally.hits} hits, no fault, "
        f"{time.perf_counter() - begun:.0f} s; slowest {tally.slowest * 1000:.1f} ms: {tally.case}"
    )


if __name__ == "__main__":
    main()
