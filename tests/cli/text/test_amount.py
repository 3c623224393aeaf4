"""Numbers with their nouns."""

from __future__ import annotations

from monitor.cli.text.amount import amount


def test_one_is_one_and_the_rest_are_many() -> None:
    assert [amount(number, "rule") for number in (0, 1, 2)] == ["0 rules", "1 rule", "2 rules"]
