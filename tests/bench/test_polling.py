"""The simulation in small: the same arithmetic, three days, twelve newspapers."""

from __future__ import annotations

import pytest

from tests.bench.polling import DAY, LEAST, MOST, ROOM, Fixed, Ours, Outcome, compare, press, simulate

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found() -> dict[str, Outcome]:
    return compare(seed=1, papers=12, days=3, polls=96, spread=1.5)


def test_everybody_has_the_same_requests(found: dict[str, Outcome]) -> None:
    budget = 96 * 12 * 3
    assert found["ours"].requests == pytest.approx(budget, rel=0.05)
    for outcome in found.values():
        assert outcome.requests == pytest.approx(found["ours"].requests, rel=0.02)


def test_what_was_learned_from_its_own_polls_sees_articles_sooner(found: dict[str, Outcome]) -> None:
    for name in ("fixed", "entry frequency", "aimd"):
        assert found["ours"].mean < found[name].mean
    assert found["ours"].mean < 0.8 * found["fixed"].mean


def test_little_is_lost_by_having_to_learn(found: dict[str, Outcome]) -> None:
    assert found["ours"].mean < 1.2 * found["true hourly rate"].mean


def test_nothing_goes_by_unseen(found: dict[str, Outcome]) -> None:
    assert found["ours"].lost == 0
    assert len(found["ours"].delays) > 0.9 * len(found["fixed"].delays)


def test_the_outcome_is_the_same_each_time() -> None:
    made = press(2, 4, 1.0, 1.1)
    one, two = (simulate(made, Ours(made, 96 * 4, 2), 1.0, 2) for _ in range(2))
    assert one == two
    assert one.delays == two.delays


def test_the_simulation_measures_what_can_be_worked_out() -> None:
    made = press(3, 8, 4.0, 1.1)
    outcome = simulate(made, Fixed(600.0), 4.0, 3)
    assert outcome.requests == pytest.approx(8 * 4 * DAY / 600, rel=0.01)
    assert outcome.mean == pytest.approx(300, rel=0.05)
    assert LEAST < 600 < MOST
    rare = simulate(made, Fixed(2 * DAY), 4.0, 3)
    busy = [paper for paper in made if sum(0 < moment < 2 * DAY for moment in paper.moments) > 2 * ROOM]
    assert busy
    assert rare.lost >= ROOM * len(busy), "what has left a list before it was polled is lost"
