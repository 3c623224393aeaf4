"""The waits that README.md and docs/health.md state are those that are kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.model.plan import Interval
from monitor.model.rhythm import SLOTS, Arrivals
from monitor.pipeline.attempt import REFUSED_ATTEMPTS, REFUSED_FOR, REFUSED_MESSAGES, SILENT_FOR
from monitor.schedule.adaptive import BURST_SHARE, Demand, after_poll, bursting, respecting
from monitor.schedule.backoff import delivery_retry, gently
from monitor.schedule.cadence import after_failure
from monitor.schedule.rates import watched

ROOT = Path(__file__).parents[2]
README, HEALTH, MANUAL = (
    re.sub(r"\s+", " ", (ROOT / name).read_text("utf-8"))
    for name in ("README.md", "docs/health.md", "docs/configuration.md")
)
UNITS = {"s": 1, "min": 60, "h": 3600}
WORDS = {"once in half an hour": 1800.0, "six hours": 6 * 3600.0}
NOON = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)


def stated(pattern: str, text: str) -> re.Match[str]:
    found = re.search(pattern, text)
    assert found, pattern
    return found


def test_a_message_is_tried_at_such_intervals_as_stated() -> None:
    found = stated(
        r"follow after ([^;]+?) \(±(\d+) %\), then every (\d+) min for as long as (five) days; `Retry-After` is kept",
        README,
    )
    waits = [int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+) (s|min|h)\b", found[1])]
    probe, share = int(found[3]) * 60, int(found[2]) / 100
    for attempt, wait in enumerate(waits, 1):
        assert delivery_retry(attempt, 0.5, None) == pytest.approx(wait)
        assert delivery_retry(attempt, 0.0, None) == pytest.approx(wait * (1 - share))
        assert delivery_retry(attempt, 1.0, None) == pytest.approx(wait * (1 + share))
        assert delivery_retry(attempt, 0.5, 80_000.0) == pytest.approx(max(wait, 80_000.0))
    for attempt in (len(waits) + 1, 1000):
        assert probe * 0.95 <= delivery_retry(attempt, 1.0, None) <= delivery_retry(attempt, 0.0, None) == probe
    assert timedelta(days={"five": 5}[found[4]]) == SILENT_FOR


def test_a_channel_is_shut_as_stated() -> None:
    found = stated(
        r"one and the same refusal of (three) messages or more over an (hour), or after (five) days of attempts", README
    )
    counts = {"three": 3, "five": 5}
    assert (counts[found[1]], timedelta(hours=1)) == (REFUSED_MESSAGES, REFUSED_FOR)
    assert timedelta(days=counts[found[3]]) == SILENT_FOR
    stated(r"Other 3xx and 4xx, which may be about the message: three attempts", README)
    assert REFUSED_ATTEMPTS == 3


@pytest.mark.parametrize("every", [60.0, 1200.0, 7200.0, 86_400.0])
def test_a_source_that_goes_on_failing_is_polled_as_seldom_as_stated(every: float) -> None:
    found = stated(
        r"down to (once in half an hour) \(once in its own interval where that is longer, up to (six hours)\)", HEALTH
    )
    longest = min(max(WORDS[found[1]], every), WORDS[found[2]])
    after = after_failure(Interval(every), 50, NOON, "Asia/Seoul", 0.5, None)
    assert after - NOON == timedelta(seconds=longest)


def test_adaptive_polls_are_moved_and_hurried_and_forgotten_as_stated() -> None:
    found = stated(r"what is (two) weeks old counts half", MANUAL)
    days = {"two": 14}[found[1]]
    past = Arrivals(NOON, (8.0,) * SLOTS, (24.0,) * SLOTS, {})
    assert watched(past, NOON + timedelta(days=days), "Asia/Seoul").counts == pytest.approx((4.0,) * SLOTS)
    found = stated(
        r"polled every `min` for a (quarter) of an hour; such polls take at most a (quarter) of the budget", MANUAL
    )
    assert (found[1], found[2]) == ("quarter", "quarter")
    burst = after_poll(None, NOON, 0.0, hit=True, allowed=True)
    assert bursting(burst, NOON + timedelta(minutes=14, seconds=59))
    assert not bursting(burst, NOON + timedelta(minutes=15))
    assert BURST_SHARE == 1 / 4
    stated(r"Every wait is moved by up to a tenth by chance", MANUAL)
    assert (gently(100.0, 0.0), gently(100.0, 1.0)) == pytest.approx((90.0, 110.0))
    stated(r"`Cache-Control: max-age`, a feed's `<ttl>`\) is kept up to an hour", MANUAL)
    asking = Demand("a", "a.example", 1, 1.0, 86_400.0, "Asia/Seoul", (1.0,) * 24, (1e9,) * 24)
    assert [respecting(60.0, asking, least_gap, NOON) for least_gap in (30.0, 3599.0, 7200.0)] == [60.0, 3599.0, 3600.0]
