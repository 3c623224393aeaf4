"""The measure of delivery, small: everything arrives once and in order, and the measure would see it if not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.deliver import (
    Receipt,
    Run,
    bare,
    bodies_of,
    burst,
    daemon,
    in_words,
    latency,
    plan_of,
    receiving,
    sqlite_files,
)

WELL = (Receipt("a", "/c0", 1, 10.5, verified=True), Receipt("b", "/c0", 2, 11.0, verified=True))


@pytest.mark.slow
async def test_all_that_is_stored_arrives_once_and_in_order(tmp_path: Path) -> None:
    databases = sqlite_files(tmp_path)
    with receiving(tmp_path) as receiver:
        plan = plan_of(3, receiver.url)
        async with daemon(next(databases), tmp_path, plan) as parts:
            run = await latency(parts, plan, receiver, 30, 100.0)
        assert not any(run.faults.values())
        assert len(run.waits) == 30
        async with daemon(next(databases), tmp_path, plan) as parts:
            run, rate = await burst(parts, plan, receiver, 30)
            bodies = await bodies_of(parts)
        assert not any(run.faults.values())
        assert rate > 0
        assert len(bodies) == 30
        assert await bare(receiver, bodies, 3) > 0


@pytest.mark.parametrize(
    ("receipts", "fault"),
    [
        (WELL[:1], "lost"),
        ((*WELL, WELL[1]), "doubled"),
        ((*WELL, replace(WELL[1], id="c", seq=3)), "unknown"),
        (WELL[::-1], "out of order"),
        ((WELL[0], replace(WELL[1], seq=3)), "out of order"),
        ((WELL[0], replace(WELL[1], verified=False)), "badly signed"),
    ],
)
def test_what_goes_wrong_is_seen(receipts: tuple[Receipt, ...], fault: str) -> None:
    stored = {"a": 10.0, "b": 10.0}
    assert not any(Run(stored, WELL).faults.values())
    assert Run(stored, receipts).faults[fault] == 1


def test_waits_are_from_store_to_receipt() -> None:
    waits = Run({"a": 10.0, "b": 10.0}, WELL).waits
    assert waits == [500.0, 1000.0]
    assert in_words(waits).split()[:2] == ["p50", "750.0"]
