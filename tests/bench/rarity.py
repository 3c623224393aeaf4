"""Makes monitor/cluster/data/rarity-1.txt: `python -m tests.bench.rarity [DATA.jsonl]`.

Origin: the reports of kind `base` in the public half of the benchmark stories-ko: 232 articles of Korean Wikinews
(CC BY 2.5). Only counts are kept: in how many of the reports a term stands. Invented pick-ups are left out, so that no
report counts twice.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from monitor.cluster.rarity import VERSION
from monitor.cluster.terms import headline, matter, terms
from tests.evidence import SHARED

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "monitor" / "cluster" / "data" / f"rarity-{VERSION}.txt"
SOURCE = SHARED / "bench" / "stories-ko" / "wire.jsonl"
LEAST = 2  # reports; below that a term says nothing about the language
HEADER = """\
# In how many reports a term stands. Made by tests/bench/rarity.py from articles of Korean Wikinews (ko.wikinews.org,
# its contributors; CC BY 2.5). A count, then the terms: pairs of syllables joined, others with a blank between them.
"""


def count(reports: Iterable[tuple[str, str]]) -> tuple[int, Counter[str]]:
    """Return how many reports (title, body) there are, and in how many each term stands."""
    held: Counter[str] = Counter()
    number = 0
    for title, body in reports:
        held.update(set(terms(headline(title))) | set(terms(matter(body))))
        number += 1
    return number, held


def table(number: int, held: Counter[str]) -> str:
    """Return the text of a table, the commonest terms first."""
    lines: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for term in sorted(held):
        if held[term] >= LEAST:
            lines[held[term]][0 if "가" <= term[0] <= "힣" else 1].append(term)
    rows = [f"{n} {' '.join(filter(None, (''.join(pairs), *words)))}" for n, (pairs, words) in sorted(lines.items())]
    return HEADER + f"reports {number}\n" + "\n".join(reversed(rows)) + "\n"


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path, default=SOURCE)
    rows = [json.loads(line) for line in parser.parse_args().data.read_text("utf-8").splitlines()]
    number, held = count((row["title"], row["body"]) for row in rows if row["kind"] == "base")
    TARGET.write_text(table(number, held), encoding="utf-8")
    print(f"{number} reports, {len(held)} terms, {sum(n >= LEAST for n in held.values())} kept")


if __name__ == "__main__":
    main()
