"""monitor replay, on a real database."""

from __future__ import annotations

import pytest

from monitor.cli.commands.replay import MEANINGS, verdict
from tests.cli.conftest import App


def test_what_is_over_is_due_again(stocked: App) -> None:
    ids = stocked.deliveries()
    outcome = stocked("replay", ids["dead"], ids["done"], ids["suppressed"])
    assert outcome.code == 0
    assert [line.split("  ")[1].split(":")[0] for line in outcome.out.splitlines()] == [
        "replayed",
        "replayed",
        "released",
    ]
    assert sorted(row["seq"] for row in stocked("deliveries", "--state", "pending").rows) == [1, 2, 3]


def test_what_is_waiting_is_hurried(stocked: App) -> None:
    row_id = stocked.deliveries()["dead"]
    stocked("replay", row_id)
    outcome = stocked("replay", row_id)
    assert (outcome.code, outcome.out) == (0, f"{row_id}  {MEANINGS['hurried']}\n")
    assert "no daemon runs on " in outcome.err


def test_an_unknown_id_is_partial_beside_a_known_one_and_a_failure_alone(stocked: App) -> None:
    assert stocked("replay", stocked.deliveries()["dead"], "nope").code == 3
    outcome = stocked("replay", "nope\x1b[2J")
    assert (outcome.code, outcome.out, outcome.err) == (1, f"nope[2J  {MEANINGS['unknown']}\n", "")


def test_no_id_is_wrong_usage(stocked: App) -> None:
    assert stocked("replay").code == 2


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [(["replayed"], 0), (["released", "hurried"], 0), (["unknown", "replayed"], 3), (["unknown", "unknown"], 1)],
)
def test_the_code_says_how_many_exist(outcomes: list[str], code: int) -> None:
    assert verdict(outcomes) == code
