"""A headline brings something up when it names what none before it did."""

from __future__ import annotations

from monitor.cluster.developments import developments


def test_what_no_headline_named_before_is_new() -> None:
    titles = [
        "한빛건설 압수수색",
        "검찰, 한빛건설 압수수색…자료 확보",
        "[속보] 한빛건설 대표 체포",
        "한빛건설 대표 검거, 노조 반발",
    ]
    assert developments(titles) == ((2, ("체포",)), (3, ("반발",))), "the same act under another name is not new"


def test_the_first_headline_is_the_story_itself() -> None:
    assert developments(["한빛건설 대표 구속"]) == ()
    assert developments([]) == ()
