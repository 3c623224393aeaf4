"""The whole suite of robots.txt files, which is too large to carry; test_robots.py reads the carried part of it."""

from __future__ import annotations

from monitor.fetch.robots import Rules, parse
from tests.evidence import beside, rows


def test_the_whole_suite_is_read_as_the_oracle_reads_it() -> None:
    """All 6,778 decisions and crawl delays agree; there is nothing to explain away."""
    folder = beside("fixtures/robots")
    rules: dict[tuple[str, str], Rules] = {}
    wrong = []
    cases = rows("expected.jsonl", folder)
    for case in cases:
        key = (case["host"], case["ua"])
        if key not in rules:
            rules[key] = parse((folder / "files" / case["host"]).read_bytes(), case["ua"])
        found = rules[key].allows(f"https://{case['host']}{case['path']}"), rules[key].crawl_delay
        if found != (case["allowed"], case["crawl_delay"]):
            wrong.append((case, found))
    assert len(cases) == 6778
    assert wrong == []
