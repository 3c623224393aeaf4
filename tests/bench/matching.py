"""How well and how fast terms are found: `python -m tests.bench.matching [quality] [speed] [rules] [--data FOLDER]`.

Quality: precision, recall and F1 on the boundary set (`bench/matching-ko` of the shared data), for the product with and
without the analyser, beside a substring search, a `\\b` expression and the analyser over whole texts, for the whole set
and for the two halves of a split by term (the product was developed on half A alone).

Speed: articles of about 3 KB of Korean a second, on one core, at growing numbers of terms, beside the bare automaton, a
`re` alternation, pyahocorasick, the analyser over whole texts, and UTF-8 decoding, which nothing that reads text can beat.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from ahocorasick_rs import AhoCorasick

from monitor.match.ruleset import RuleSet, compile_rules
from monitor.match.words.kiwi import KiwiAnalyser
from monitor.model.article import Article
from monitor.model.plan import Rule
from tests.bench.adapters import match, match_ko
from tests.evidence import SHARED

DATA = SHARED / "bench" / "matching-ko"
EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
SIZE = 3_000  # bytes of UTF-8 in an article
SOURCES = {"kaist": "gold", "kluedp": "gold", "kluener": "entity", "gsd": "silver"}
PLURAL_HONORIFIC = frozenset({"들", "님", "씨", "측", "등", "쪽", "군", "양"})  # what the set allows after a mention
Finder = Callable[..., Iterable[tuple[int, int]]]


def rows(data: Path) -> list[dict[str, Any]]:
    """Read the boundary set."""
    return [json.loads(line) for line in (data / "boundary.jsonl").read_text(encoding="utf-8").splitlines()]


def half(term: str) -> str:
    """Split the set by term, the same way on every machine."""
    return "A" if hashlib.sha1(f"monitor-half:{term}".encode(), usedforsecurity=False).digest()[0] & 1 else "B"


def substring(term: str, text: str, mode: str = "word") -> Iterable[tuple[int, int]]:
    """Find a term anywhere: what a keyword filter does."""
    del mode
    return [found.span() for found in re.finditer(re.escape(term), text)]


def word_boundary(term: str, text: str, mode: str = "word") -> Iterable[tuple[int, int]]:
    r"""Find a term between `\b`: Hangul particles are letters to it."""
    del mode
    return [found.span() for found in re.finditer(rf"\b{re.escape(term)}\b", text)]


class WholeText:
    """The analyser over whole texts: a term is found where it is a whole noun, or a whole run of nouns."""

    def __init__(self) -> None:
        self._kiwi: Any = importlib.import_module("kiwipiepy").Kiwi()
        self._known: dict[str, list[tuple[int, int, str]]] = {}

    def tokens(self, text: str) -> list[tuple[int, int, str]]:
        """Return start, end and tag of each morpheme."""
        if text not in self._known:
            self._known[text] = [
                (t.start, t.start + t.len, "JX" if t.form in PLURAL_HONORIFIC else str(t.tag))
                for t in self._kiwi.tokenize(text)
            ]
        return self._known[text]

    def __call__(self, term: str, text: str, mode: str = "word") -> Iterable[tuple[int, int]]:
        """Find the mentions of a term."""
        tokens = [
            (start, end, (tag[0] in "NX" and tag[:3] not in {"XSV", "XSA"}) or tag in {"SL", "SN"})
            for start, end, tag in self.tokens(text)
        ]
        starts, ends = {start for start, _, noun in tokens if noun}, {end for _, end, noun in tokens if noun}
        for start, end in substring(term, text):
            if start not in starts or end not in ends:
                continue
            joined = (start in ends and start > 0) or end in starts
            if mode == "compound" or not joined:
                yield start, end


def score(found: Counter[tuple[bool, bool]]) -> str:
    """Write precision, recall and F1 of (truth, answer) pairs."""
    right = found[True, True]
    precision = right / max(1, right + found[False, True])
    recall = right / max(1, right + found[True, False])
    return f"{precision:.3f}/{recall:.3f}/{2 * precision * recall / max(1e-9, precision + recall):.4f}"


def measure(finder: Finder, data: Sequence[dict[str, Any]]) -> dict[tuple[str, str, str], Counter[tuple[bool, bool]]]:
    """Ask a finder about every row; count by mode, source and half."""
    counts: dict[tuple[str, str, str], Counter[tuple[bool, bool]]] = defaultdict(Counter)
    known: dict[tuple[str, str, str], set[int]] = {}
    for row in data:
        for label, mode in (("strict", "word"), ("loose", "compound")):
            if row[label] is None:
                continue
            key = (row["term"], row["sentence"], mode)
            if key not in known:
                known[key] = {start for start, _ in finder(row["term"], row["sentence"], mode=mode)}
            pair = (bool(row[label]), row["start"] in known[key])
            for part in ("all", half(row["term"])):
                counts[mode, SOURCES[row["src"]], part][pair] += 1
    return counts


def quality(data: Path) -> None:
    """Print the table of quality: precision/recall/F1."""
    table = rows(data)
    columns = [("word", "gold"), ("word", "entity"), ("compound", "gold"), ("word", "silver")]
    finders: list[tuple[str, Finder]] = [
        ("substring", substring),
        (r"\b expression", word_boundary),
        ("Kiwi, whole text", WholeText()),
        ("monitor", match),
        ("monitor [ko]", match_ko),
    ]
    print(f"{'P/R/F1':18s} half " + " ".join(f"{' '.join(column):>20s}" for column in columns))
    for name, finder in finders:
        counts = measure(finder, table)
        for part in ("all", "A", "B"):
            cells = " ".join(f"{score(counts[(*column, part)]):>20s}" for column in columns)
            print(f"{name:18s} {part:4s} {cells}", flush=True)
    hand(data)


def hand(data: Path) -> None:
    """Print how many of the hand-made boundary cases are exactly right."""
    cases = [json.loads(line) for line in (data / "hand.jsonl").read_text(encoding="utf-8").splitlines()]
    for name, finder in (("monitor", match), ("monitor [ko]", match_ko)):
        right = Counter[str]()
        for case in cases:
            spans = finder(case["term"], case["sentence"], mode=case["mode"], aliases=tuple(case["aliases"]))
            right[case["kind"]] += sorted(spans) == sorted(map(tuple, case["mentions"]))
        total = Counter(case["kind"] for case in cases)
        print(f"{name:18s} hand-made: " + ", ".join(f"{kind} {right[kind]}/{total[kind]}" for kind in total))
    rules = compile_rules([Rule("r", "r", "인도 NEAR/15 (총리 OR 경제 OR 뉴델리 OR 정부 OR 시장)")], {})
    contexts = [case for case in cases if case["term"] == "인도"]
    right_now = sum(bool(rules.match(article(case["sentence"]))) == bool(case["mentions"]) for case in contexts)
    print(f"with a context clause: {right_now}/{len(contexts)} sentences about 인도")


def article(text: str, number: int = 0) -> Article:
    """Make an article with a title, a subtitle and a body."""
    return Article(str(number), f"https://news.test/{number}", "desk", text[:30], EPOCH, text[30:60], text[60:])


def corpus(data: Path) -> tuple[list[Article], list[str], list[str]]:
    """Make articles of the set's sentences in their order, and return its names and its nouns besides."""
    table = rows(data)
    texts, piece = [], ""
    for sentence in dict.fromkeys(row["sentence"] for row in table):
        piece += sentence + ("\n" if len(piece) % 5 == 0 else " ")
        if len(piece.encode()) >= SIZE:
            texts.append(piece)
            piece = ""
    names = list(dict.fromkeys(row["term"] for row in table if row["src"] == "kluener"))
    nouns = list(dict.fromkeys(row["term"] for row in table if row["src"] == "kaist"))
    return [article(text, number) for number, text in enumerate(texts)], names, nouns


def terms(names: Sequence[str], nouns: Sequence[str], count: int) -> list[str]:
    """Choose terms: a fifth real names, the rest a name and a noun in one word, which seldom occur."""
    chance = random.Random(7)
    chosen = dict.fromkeys(chance.sample(names, min(len(names), max(1, count // 5))))
    while len(chosen) < count:
        chosen[chance.choice(names) + chance.choice(nouns)] = None
    return list(chosen)


def rate(work: Callable[[Any], object], items: Sequence[Any], rounds: int = 5) -> float:
    """Return items a second, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        for item in items:
            work(item)
        best = min(best, time.perf_counter() - begun)
    return len(items) / best


def compiled(words: Sequence[str], analyser: KiwiAnalyser | None = None) -> tuple[RuleSet, float]:
    """Compile one rule a term; return the seconds it took."""
    rules = [Rule(f"r{number}", word, f'"{word}"') for number, word in enumerate(words)]
    begun = time.perf_counter()
    return compile_rules(rules, {}, analyser), time.perf_counter() - begun


def speed(data: Path) -> None:
    """Print articles a second at growing numbers of terms."""
    articles, names, nouns = corpus(data)
    texts = [f"{a.title}\n{a.subtitle}\n{a.body}".lower() for a in articles]
    print(
        f"{len(articles)} articles of {sum(len(text.encode()) for text in texts) // len(texts)} bytes; articles a second"
    )
    print("UTF-8 decoding alone", round(rate(bytes.decode, [text.encode() for text in texts])))
    analyser = KiwiAnalyser()
    print("Kiwi over whole texts", round(rate(WholeText().tokens, texts[:40], rounds=1)))
    print(
        f"{'terms':>8s} {'ours':>8s} {'[ko]':>8s} {'automaton':>10s} {'share':>6s} {'re':>8s} {'pyaho':>8s} {'build s':>8s} {'again s':>8s} {'hits':>6s}"
    )
    for count in (10, 1_000, 10_000, 100_000):
        words = terms(names, nouns, count)
        rules, first = compiled(words)
        _, again = compiled(words)
        bare = AhoCorasick([word.lower() for word in words])
        ours = rate(rules.match, articles)
        automaton = rate(partial(bare.find_matches_as_indexes, overlapping=True), texts)
        korean = rate(compiled(words, analyser)[0].match, articles)
        alternation = (
            rate(re.compile("|".join(map(re.escape, words))).findall, texts[:60], 1) if count <= 1_000 else 0.0
        )
        hits = sum(len(rules.match(each)) for each in articles) / len(articles)
        print(
            f"{count:8d} {ours:8.0f} {korean:8.0f} {automaton:10.0f} {ours / automaton:6.2f} {alternation:8.0f} "
            f"{pyahocorasick(words, texts):8.0f} {first:8.2f} {again:8.2f} {hits:6.2f}",
            flush=True,
        )


def pyahocorasick(words: Sequence[str], texts: Sequence[str]) -> float:
    """Return articles a second of the other automaton of Python."""
    automaton: Any = importlib.import_module("ahocorasick").Automaton()
    for word in words:
        automaton.add_word(word.lower(), word)
    automaton.make_automaton()
    return rate(lambda text: list(automaton.iter(text)), texts, 3)


def boolean_rules(data: Path) -> None:
    """Print articles a second for a thousand rules of ten clauses."""
    articles, names, nouns = corpus(data)
    chance = random.Random(3)
    rules = []
    for number in range(1_000):
        words = [f'"{word}"' for word in chance.sample(names, 5) + chance.sample(nouns, 5)]
        text = f"({' OR '.join(words[:4])}) AND ({' OR '.join(words[4:8])}) NOT {words[8]} NOT {words[9]} NEAR/5 {words[0]}"
        rules.append(Rule(f"r{number}", f"r{number}", text))
    begun = time.perf_counter()
    ruleset = compile_rules(rules, {})
    built = time.perf_counter() - begun
    hits = sum(len(ruleset.match(each)) for each in articles) / len(articles)
    print(
        f"1,000 rules of ten clauses: {rate(ruleset.match, articles):.0f} articles a second, built in {built:.2f} s, {hits:.2f} hits an article"
    )


def main() -> None:
    """Run the parts asked for, all of them by default."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=["quality", "speed", "rules", []], default=[])
    parser.add_argument("--data", type=Path, default=DATA)
    asked = parser.parse_args()
    for name, part in (("quality", quality), ("speed", speed), ("rules", boolean_rules)):
        if not asked.parts or name in asked.parts:
            part(asked.data)


if __name__ == "__main__":
    main()
