"""What is watched already is known when it is found again."""

from __future__ import annotations

import pytest

from monitor.cli.commands.add import watched
from monitor.model.plan import Interval, Source
from monitor.model.trial import Candidate
from monitor.service.discovery import watcher

HERALD = Source("herald", "한빛일보", "list", ("https://herald.kr/list", "https://herald.kr/rss?s=1"), Interval(300.0))
RESTING = Source("daily", "Daily", "feed", ("https://daily.kr/feed",), Interval(300.0), enabled=False)
TWIN = Source("twin", "Twin", "feed", ("https://daily.kr/feed/",), Interval(300.0))


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://herald.kr/list", HERALD),
        ("http://HERALD.kr/list/", HERALD),
        ("https://herald.kr/rss?s=1", HERALD),
        ("https://herald.kr/rss?s=2", None),
        ("https://herald.kr/", None),
        ("https://daily.kr/feed", RESTING),
    ],
)
def test_the_source_that_has_an_address_is_found(url: str, found: Source | None) -> None:
    assert watcher(url, (HERALD, RESTING)) == found


def test_of_two_the_one_that_is_switched_on_is_named() -> None:
    assert watcher("https://daily.kr/feed", (RESTING, TWIN)) == TWIN


def test_a_candidate_says_which_source_has_it() -> None:
    def said(url: str) -> str:
        return watched(Candidate("feed", url, (), ""), (HERALD, RESTING))

    assert said("https://herald.kr/rss?s=1") == ", watched already by herald (한빛일보)"
    assert said("https://daily.kr/feed").endswith("switched off: set `enabled: true` of daily instead")
    assert said("https://other.kr/feed") == ""
