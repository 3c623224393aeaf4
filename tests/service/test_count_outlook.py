"""What `monitor check` says of rules over counts, from what is stored."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model.counting import HOUR
from monitor.model.plan import CountRule, Rule
from monitor.service.count_outlook import count_outlooks
from tests.bench.trend import START
from tests.pipeline.app import build, plan
from tests.pipeline.test_evaluate import WEEK, put, watch

NOW = START + 4 * WEEK


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (("frequency", 1, HOUR), "surge would have told 14.0 times a week of what is stored of openai"),
        (("frequency", 2, HOUR), "surge would have told 0.0 times a week of what is stored of openai"),
        (("frequency", 2, 25 * HOUR), "surge would have told 0.3 times a week of what is stored of openai"),
        (
            ("flatline", 1, 6 * HOUR),
            "surge can tell nothing: 2.2 a day are too few for this window; the smallest that can is 102h",
        ),
        (("flatline", 1, 30 * 24 * HOUR), ""),
        (("spike", 3, HOUR), ""),
    ],
)
async def test_what_a_rule_would_have_told(tmp_path: Path, rule: tuple[str, int, timedelta], said: str) -> None:
    kind, least, window = rule
    counted = CountRule(Rule("surge", "급증", ""), "openai", kind, "stories", least, window.total_seconds())  # type: ignore[arg-type]  # of the table
    wanted = plan(count_rules=(counted,))
    app = await build(tmp_path, wanted)
    await put(app, [START + timedelta(minutes=1) + number * 12 * HOUR for number in range(56)])
    await watch(app, START, NOW)
    found = await count_outlooks(app.url, wanted, NOW)
    await app.database.aclose()
    assert len(found) == bool(said)
    assert "".join(found).startswith(said)


async def test_without_such_rules_nothing_is_asked() -> None:
    assert await count_outlooks("sqlite:////nowhere/at/all.db", plan(), NOW) == ()
