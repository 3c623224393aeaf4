"""How well and how fast bodies are read from pages nobody described: `python -m tests.bench.extraction [--data FOLDER]`.

Quality: the figures of `eval_extraction.py` (its docstring defines them) on both page sets of the shared data, for the
product's generic reader beside bare baselines and the libraries that are installed, with a paired bootstrap against each:
the share of 2,000 resamples of the pages in which ours is the better F1 (f1_char on the CJK set, where words are clauses).
Two parts of each set are shown by themselves: the pages of papers that were kept apart at first (`held`), and those of
which our reader says itself that it is not sure (`doubtful`, confidence below 0.9).

Speed: pages a CPU second over the pages of the first set, bytes in, text out, beside the libraries and bare parsing by
selectolax, which nothing built on it can beat. All in one process, one after the other.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import hashlib
import importlib
import importlib.util
import json
import random
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.page.body import undescribed_body
from monitor.extract.page.head import read_head
from monitor.extract.text.limits import check
from monitor.fetch.charset import decode
from tests.bench.adapters import extract_generic
from tests.evidence import SHARED

DATA = SHARED / "bench"
SETS = {"extraction": "f1", "extraction-ko": "f1_char"}
HELD_PAPERS = ("AsahiShimbun", "YomiuriShimbun", "MBN", "chinadaily", "pixnet")
RESAMPLES = 2_000
SURE = 0.9
ROUNDS = 3  # the fastest counts
Reader = Callable[[bytes, str], str]
Page = tuple[str, bytes, str, bool]  # id, bytes, url, held out


def held(name: str, page: str, url: str) -> bool:
    """Return whether a page was kept apart from development: by publisher, the same way on every machine."""
    if name == "extraction-ko":
        return any(paper in page for paper in HELD_PAPERS)
    domain = ".".join(urlsplit(url).netloc.split(".")[-2:])
    return hashlib.sha1(f"monitor-xg:{domain}".encode(), usedforsecurity=False).digest()[0] % 3 == 0


def pages(folder: Path) -> tuple[dict[str, Any], list[Page]]:
    """Read a set: gold by page, and the pages."""
    gold = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    found = []
    for key, row in gold.items():
        body, url = gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()), row["url"] or ""
        found.append((key, body, url, held(folder.name, key, url)))
    return gold, found


def whole_page(body: bytes, url: str) -> str:
    """Return everything that is written on a page."""
    del url
    tree = LexborHTMLParser(decode(body).text)
    tree.strip_tags(["script", "style", "noscript"])
    return tree.body.text(separator="\n") if tree.body else ""


def all_paragraphs(body: bytes, url: str) -> str:
    """Return the text of all p elements."""
    del url
    return "\n".join(node.text() for node in LexborHTMLParser(decode(body).text).css("p"))


def trafilatura(body: bytes, url: str, **options: bool) -> str:
    """Return what trafilatura extracts."""
    del url
    return importlib.import_module("trafilatura").extract(decode(body).text, include_comments=False, **options) or ""


def resiliparse(body: bytes, url: str) -> str:
    """Return what resiliparse takes for the main content."""
    del url
    extract = importlib.import_module("resiliparse.extract.html2text").extract_plain_text
    return str(extract(decode(body).text, main_content=True, alt_texts=False, links=False, form_fields=False))


def readability(body: bytes, url: str) -> str:
    """Return the text of what readability-lxml takes for the article."""
    del url
    summary = importlib.import_module("readability").Document(decode(body).text).summary()
    return LexborHTMLParser(summary).text(separator="\n")


PEERS: dict[str, tuple[str, Reader]] = {
    "trafilatura fast": ("trafilatura", partial(trafilatura, fast=True)),
    "trafilatura precision": ("trafilatura", partial(trafilatura, favor_precision=True)),
    "trafilatura default": ("trafilatura", trafilatura),
    "resiliparse": ("resiliparse", resiliparse),
    "readability-lxml": ("readability", readability),
}
BASELINES: dict[str, Reader] = {"all <p>": all_paragraphs, "whole page": whole_page}


def readers() -> dict[str, Reader]:
    """Return everything that can be measured here; says what is not installed."""
    found: dict[str, Reader] = {"ours": extract_generic}
    for name, (module, reader) in PEERS.items():
        if importlib.util.find_spec(module):
            found[name] = reader
        else:
            print(f"{name}: NOT MEASURED, {module} is not installed (requirements/bench.txt)")
    return found | BASELINES


def guarded(reader: Reader, body: bytes, url: str) -> str:
    """Return the text; a reader that raises found nothing."""
    try:
        return reader(body, url)
    except Exception as error:  # noqa: BLE001 - a peer's failure is its result
        print(f"  {type(error).__name__} on {url}")
        return ""


def doubtful(body: bytes, url: str) -> bool:
    """Return whether our reader doubts what it read."""
    text = decode(body).text
    tree = LexborHTMLParser(text)
    return undescribed_body(tree, read_head(tree), text, url).confidence < SURE


def scored(evaluate: ModuleType, gold: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """Score the answers for some of the pages."""
    result: dict[str, Any] = evaluate.score(
        {key: gold[key] for key in answers}, {key: {"articleBody": text} for key, text in answers.items()}
    )
    return result


def better(
    evaluate: ModuleType, ours: Mapping[str, Any], theirs: Mapping[str, Any], figure: str
) -> tuple[float, float]:
    """Return (difference, share of resamples in which ours is ahead), the pages drawn together for both."""
    keys = list(ours["pages"])
    draw = random.Random(7)

    def total(result: Mapping[str, Any], chosen: list[str]) -> float:
        rows = [result["pages"][key] for key in chosen]
        if figure != "f1":
            return float(evaluate.mean(row[figure] for row in rows))
        precision, recall = (evaluate.mean(row[part] for row in rows) for part in ("precision", "recall"))
        return float(evaluate.harmonic(precision, recall))

    ahead = 0
    for _ in range(RESAMPLES):
        chosen = draw.choices(keys, k=len(keys))
        ahead += total(ours, chosen) > total(theirs, chosen)
    return total(ours, keys) - total(theirs, keys), ahead / RESAMPLES


def quality(data: Path, found: Mapping[str, Reader]) -> None:
    """Print the tables of both sets."""
    spec = importlib.util.spec_from_file_location("eval_extraction", data / "eval_extraction.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(data)
    evaluate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(evaluate)
    for name, figure in SETS.items():
        gold, rows = pages(data / name)
        apart = [key for key, _, _, kept in rows if kept]
        unsure = [key for key, body, url, _ in rows if doubtful(body, url)]
        print(f"\n{name}: {len(rows)} pages, {len(apart)} held, {len(unsure)} doubtful; figure compared: {figure}")
        print(
            f"{'':22} {'F1':>7} {'P':>7} {'R':>7} {'exact':>6} {'f1_char':>8} {'empty':>6} {'held':>7} {'doubtful':>8}   ours - it, ahead in"
        )
        results = {}
        for reader in found:
            answers = {key: guarded(found[reader], body, url) for key, body, url, _ in rows}
            result = results[reader] = scored(evaluate, gold, answers)
            kept, torn = (scored(evaluate, gold, {key: answers[key] for key in part}) for part in (apart, unsure))
            line = f"{reader:22} {result['f1']:7.4f} {result['precision']:7.4f} {result['recall']:7.4f}"
            line += f" {result['accuracy']:6.3f} {result['f1_char']:8.4f} {result['empty']:6} {kept[figure]:7.4f} {torn[figure]:8.4f}"
            if reader != "ours":
                gap, share = better(evaluate, results["ours"], result, figure)
                line += f"   {gap:+.4f}  {share:6.1%}"
            print(line)


def speed(data: Path, found: Mapping[str, Reader]) -> None:
    """Print pages a CPU second."""
    _, rows = pages(data / "extraction")
    gc.collect()
    gc.freeze()  # what was loaded and measured before is nobody's to search for garbage
    texts = [decode(body).text for _, body, _, _ in rows]
    rates = {"bare parsing": rate(LexborHTMLParser, [(text,) for text in texts])}
    rates["the limits alone"] = rate(check, [(text, "x") for text in texts])
    for name, reader in found.items():
        rates[name] = rate(partial(guarded, reader), [(body, url) for _, body, url, _ in rows])
    print(f"\npages a CPU second, {len(rows)} pages of {sum(map(len, texts)) // len(texts) // 1000} k characters")
    for name, value in rates.items():
        print(f"{name:22} {value:8.1f}   ours is {rates['ours'] / value:6.2f} times it")


def rate(read: Callable[..., object], calls: list[tuple[Any, ...]]) -> float:
    """Return calls a CPU second, in the fastest round; slow readers get one round."""
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        for call in calls:
            read(*call)
        best = max(best, len(calls) / (time.process_time() - start))
        if best < len(calls) / 5:
            break
    return best


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("what", nargs="*", choices=["quality", "speed", []], default=[])
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    if not (options.data / "extraction").is_dir():
        raise SystemExit(f"no page sets in {options.data}")
    found = readers()
    if "speed" not in options.what or "quality" in options.what:
        quality(options.data, found)
    if "quality" not in options.what or "speed" in options.what:
        speed(options.data, found)


if __name__ == "__main__":
    main()
