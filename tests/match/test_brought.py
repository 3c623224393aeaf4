"""A stored article held against rules as each of its sources brought it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.match.brought import as_brought, newly_met
from monitor.match.ruleset import compile_rules
from monitor.model.article import Article
from monitor.model.plan import Rule

RULES = compile_rules(
    [
        Rule("any", "any", "반도체"),
        Rule("daily", "daily", "반도체", sources=("daily",)),
        Rule("label", "label", "반도체 AND source:weekly"),
        Rule("other", "other", "배터리"),
    ],
    {},
)


def article(title: str) -> Article:
    return Article("k", "https://news.example/k", "herald", title, datetime(2026, 11, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("title", "others", "every", "new"),
    [
        ("반도체", (), [("herald", ["any"])], [("herald", ["any"])]),
        (
            "반도체는",
            ("daily",),
            [("herald", ["any"]), ("daily", ["any", "daily"])],
            [("herald", ["any"]), ("daily", ["daily"])],
        ),
        (
            "반도체와 배터리",
            ("weekly", "daily"),
            [
                ("herald", ["any", "other"]),
                ("weekly", ["any", "label", "other"]),
                ("daily", ["any", "daily", "other"]),
            ],
            [("herald", ["any", "other"]), ("weekly", ["label"]), ("daily", ["daily"])],
        ),
        ("조선", ("daily", "weekly"), [], []),
    ],
)
def test_each_source_meets_what_it_may(
    title: str, others: tuple[str, ...], every: list[tuple[str, list[str]]], new: list[tuple[str, list[str]]]
) -> None:
    for ask, wanted in ((as_brought, every), (newly_met, new)):
        found = ask(article(title), others, RULES.match)
        assert [(one.source_id, [rule_id for rule_id, _ in met]) for one, met in found] == wanted
