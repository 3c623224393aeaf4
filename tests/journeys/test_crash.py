"""SIGKILL at any moment is a normal event: the short form of tests.journeys.crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.crash import Kill, Ordeal, repeats, torment
from tests.replica.receiver import Post

pytestmark = pytest.mark.slow


@pytest.mark.long
async def test_nothing_is_lost_or_doubled_at_any_fault_point(tmp_path: Path) -> None:
    points = ("writing", "stored", "claimed", "sent", "completed", "flushing")
    held = {"night": {"per": "article", "group": {"wait": "1s", "interval": "1s", "by": "rule"}}}
    ordeal = Ordeal(1, 5, 0.0, 0.0, pieces=1, longest=1.5, each=1, points=points, policies=held)
    result = await torment(ordeal, tmp_path)
    assert not any(result.faults.values()), result.table()
    assert [result.figures[f"kills: {point}"] for point in points] == [1] * len(points), "each point was reached"


def test_a_post_that_repeats_what_was_taken_is_put_down_to_the_kill_before_it() -> None:
    def post(identity: str, answered: str = "200") -> Post:
        return Post(0.0, "/", identity, 1, 1, {}, b"", None, "", answered)

    posts = [post("a"), post("b", "500"), post("b"), post("a"), post("b"), post("a")]
    assert repeats([Kill("sent", 3), Kill("stored", 5)], posts) == {"sent": 2, "stored": 1}
    assert repeats([], posts[:3]) == {}, "a post after a refusal repeats nothing"


@pytest.mark.long
async def test_nothing_is_lost_or_doubled_over_kills(tmp_path: Path) -> None:
    result = await torment(Ordeal(kills=6, seed=11, fail_rate=0.02, drop_rate=0.02, pieces=4, longest=1.8), tmp_path)
    assert not any(result.faults.values()), result.table()
    assert result.figures["hits stored"] == 12
