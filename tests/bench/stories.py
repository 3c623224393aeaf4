"""How well stories are told apart, beside what others use, in one table.

    python -m tests.bench.stories [DATA.jsonl ...]

Every line of the data is an article of a known story (the public half of stories-ko, see its README), or a pair of articles
(stories-acts); both by default. Scores
are those of the benchmark's own scorer. Notification F1 is the main figure: a story cries once, at its first article; `extra`
counts second cries for one story, `lost` stories that were swallowed by another one.

  ours            the product's path through a real database, thresholds as shipped
  other half      the same choice, with rarities counted only on the stories of the other half: each half of the
                  articles (by time) is scored apart and the two scores are averaged
  title Jaccard   words of the headline
  SimHash         64 bits over 3-grams of the text, by Hamming distance (Charikar 2002; Manku et al. 2007)
  MinHash         128 minima over 5-grams of the text (Broder 1997)

Data of pairs (stories-acts) is scored as one line, the pairs of every kind apart: `same` is right when both are one story, `next` and
`other` when they are not. A pair of one `next act` that is joined is an alert lost.

The peers join the nearest earlier article within 72 hours. Each has the threshold that is best on this very data, which
favours them; ours was set on a part of it.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from monitor.cluster.choice import WINDOW, choose
from monitor.cluster.rarity import Rarity, read_table, shipped
from monitor.cluster.signature import sign
from monitor.cluster.terms import headline, matter
from monitor.model.article import Article
from monitor.model.story import Member
from tests.bench.acts import line_of, right_by_kind
from tests.bench.adapters import cluster
from tests.bench.rarity import count, table
from tests.evidence import SHARED

BENCH = SHARED / "bench"
DATA = [BENCH / "stories-ko" / "wire.jsonl", BENCH / "stories-acts" / "pairs.jsonl"]
Row: TypeAlias = dict[str, Any]
Score: TypeAlias = dict[str, Any]
Scorer: TypeAlias = Callable[[Sequence[Row], Sequence[str]], Score]


def scorer() -> Scorer:
    """Return the benchmark's own scoring function."""
    spec = importlib.util.spec_from_file_location("eval_stories", BENCH / "eval_stories.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    score: Scorer = module.score
    return score


def nearest(rows: Sequence[Row], likeness: Callable[[int, int], float]) -> list[tuple[float, int]]:
    """Return for each article the likeness and number of the nearest earlier one within the window."""
    times = [datetime.fromisoformat(row["published_at"]) for row in rows]
    found = []
    for i, at in enumerate(times):
        earlier = [(likeness(i, j), j) for j in range(i) if at - times[j] <= WINDOW]
        found.append(max(earlier, default=(0.0, -1)))
    return found


def joined(near: Sequence[tuple[float, int]], threshold: float) -> list[str]:
    """Return the story of each article when each joins its nearest one from a likeness on."""
    stories: list[str] = []
    for number, (likeness, other) in enumerate(near):
        stories.append(stories[other] if other >= 0 and likeness >= threshold else str(number))
    return stories


def best(rows: Sequence[Row], near: Sequence[tuple[float, int]], score: Scorer) -> tuple[float, Score]:
    """Return the threshold with the best alert F1 on these rows, and its score."""
    tried = [(level / 100, score(rows, joined(near, level / 100))) for level in range(2, 100, 2)]
    return max(tried, key=lambda one: one[1]["alert"]["f1"])


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def grams(text: str, length: int) -> set[str]:
    return {text[at : at + length] for at in range(max(1, len(text) - length + 1))}


def number_of(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def simhash(text: str) -> int:
    votes = [0] * 64
    for value in map(number_of, grams(text, 3)):
        for bit in range(64):
            votes[bit] += 1 if value >> bit & 1 else -1
    return sum(1 << bit for bit, vote in enumerate(votes) if vote > 0)


def minhash(text: str, masks: Sequence[int]) -> list[int]:
    values = [number_of(gram) for gram in grams(text, 5)]
    return [min(value * (mask | 1) + mask & 0xFFFFFFFFFFFFFFFF for value in values) for mask in masks]


def peers(rows: Sequence[Row]) -> Iterable[tuple[str, list[tuple[float, int]]]]:
    """Yield the name of each peer and what it takes for the nearest article of each."""
    titles = [frozenset(headline(row["title"]).split()) for row in rows]
    yield "title Jaccard", nearest(rows, lambda i, j: jaccard(titles[i], titles[j]))
    texts = [f"{headline(row['title'])} {matter(row['body'])}" for row in rows]
    bits = [simhash(text) for text in texts]
    yield "SimHash", nearest(rows, lambda i, j: 1 - (bits[i] ^ bits[j]).bit_count() / 64)
    rng = random.Random(1)
    masks = [rng.getrandbits(64) for _ in range(128)]
    minima = [minhash(text, masks) for text in texts]
    yield "MinHash", nearest(rows, lambda i, j: sum(map(int.__eq__, minima[i], minima[j])) / 128)


def stories_with(rows: Sequence[Row], rarity: Rarity) -> list[str]:
    """Return the story of each article by the product's choice among all members within the window."""
    told: list[Member] = []
    for row in rows:
        at = datetime.fromisoformat(row["published_at"])
        signature = sign(Article(row["id"], "", "", row["title"], at, body=row["body"]), rarity)
        story = choose(signature, [member for member in told if at - member.seen_at <= WINDOW], at).joins or row["id"]
        told.append(Member(story, signature.packed, at))
    return [member.story_id for member in told]


def other_half(rows: Sequence[Row], score: Scorer) -> Score:
    """Score each half with rarities of the other; the counts are added up, the rest is the mean."""
    parts = (rows[: len(rows) // 2], rows[len(rows) // 2 :])
    scores = []
    for part, other in (parts, parts[::-1]):
        known = {row["story"] for row in other} - {row["story"] for row in part}
        base = [(row["title"], row["body"]) for row in rows if row["kind"] == "base" and row["story"] in known]
        scores.append(score(part, stories_with(part, read_table(table(*count(base))))))
    one, two = scores
    alert = {key: (one["alert"][key] + two["alert"][key]) / 2 for key in ("p", "r", "f1")}
    counts = {key: one["alert"][key] + two["alert"][key] for key in ("extra", "lost")}
    return {"alert": alert | counts, "pair": {"f1": (one["pair"]["f1"] + two["pair"]["f1"]) / 2}}


def show(name: str, threshold: float | None, score: Score) -> None:
    alert = score["alert"]
    level = f"{threshold:.2f}" if threshold is not None else "-"
    print(
        f"{name:16}{level:>6}{alert['f1']:>10.4f}{alert['extra']:>7}{alert['lost']:>6}{score['pair']['f1']:>10.4f}",
        flush=True,
    )


def compared(rows: Sequence[Row], score: Scorer) -> dict[str, float]:
    """Print a line for the product and for each peer; return the threshold that is best for each peer."""
    levels = {}
    show("ours", None, score(rows, cluster(rows)))
    if any(row.get("kind") == "base" for row in rows):
        show("other half", None, other_half(rows, score))
    for name, near in peers(rows):
        levels[name], reached = best(rows, near, score)
        show(name, levels[name], reached)
    show("no stories", None, score(rows, [row["id"] for row in rows]))
    return levels


def show_pairs(pairs: Sequence[Row], levels: Mapping[str, float]) -> None:
    """Print of how many pairs of each kind it is right what the product does, and each peer at its threshold."""

    def peer(name: str) -> Callable[[Sequence[Row]], Sequence[str]]:
        return lambda pair: joined(dict(peers(pair))[name], levels[name])

    right = {"ours": right_by_kind(pairs, lambda pair: stories_with(pair, shipped()))}
    right |= {name: right_by_kind(pairs, peer(name)) for name in levels}
    print("".join([f"{'pairs':20}{'of':>5}", *(f"{name:>15}" for name in right)]))
    for kind, number in Counter(pair["kind"] for pair in pairs).items():
        print("".join([f"{kind:20}{number:>5}", *(f"{counts[kind]:>15}" for counts in right.values())]), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="*", type=Path, default=DATA)
    score = scorer()
    for path in parser.parse_args().data:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        pairs = rows if "one" in rows[0] else []
        if pairs:
            rows = line_of(pairs)
        rows.sort(key=lambda row: (row["published_at"], row["id"]))
        print(f"{path.name}: {len(rows)} articles, {len({row['story'] for row in rows})} stories")
        print(f"{'':16}{'from':>6}{'alert F1':>10}{'extra':>7}{'lost':>6}{'pair F1':>10}")
        levels = compared(rows, score)
        if pairs:
            show_pairs(pairs, levels)


if __name__ == "__main__":
    main()
