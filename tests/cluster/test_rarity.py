"""The shipped table and how it is read."""

from __future__ import annotations

from importlib import resources

import pytest

from monitor.cluster.rarity import VERSION, Rarity, read_table, shipped


def test_rare_terms_weigh_more_and_all_weigh_something() -> None:
    rarity = Rarity(100, {"다고": 100, "서울": 20, "딥시": 1})
    assert 0 < rarity.of("다고") < rarity.of("서울") < rarity.of("딥시") < rarity.of("없는")


def test_an_unknown_number_tells_less_than_an_unknown_word() -> None:
    rarity = Rarity(100, {})
    assert 0 < rarity.of("#1234") < rarity.of("없는")


def test_a_table_is_read() -> None:
    rarity = read_table("# a remark\nreports 10\n7 다고서울 #1 kbs\n2 딥시\n")
    assert rarity.of("다고") == rarity.of("서울") == rarity.of("#1") == rarity.of("kbs") < rarity.of("딥시")
    assert rarity.of("고서") == rarity.of("없는") == Rarity(10, {}).of("없는")


def test_the_shipped_table_knows_the_language() -> None:
    for common, rare in (("다고", "딥시"), ("으로", "서울"), ("했다", "국회")):
        assert shipped().of(common) < shipped().of(rare)


def test_the_shipped_table_is_small_and_names_its_origin() -> None:
    text = (resources.files("monitor.cluster") / "data" / f"rarity-{VERSION}.txt").read_text("utf-8")
    assert len(text.encode()) < 300_000
    assert "CC BY 2.5" in text


@pytest.mark.parametrize("term", ["다고", "#1", "wikinews", "한국", "國會"])
def test_weights_are_positive(term: str) -> None:
    assert shipped().of(term) > 0
