"""monitor backtest, on an installation with stored hits."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from monitor.model.plan import Plan, Rule
from monitor.service import backtest_walk
from monitor.store.db.database import Database
from monitor.store.write.source_store import SourceStore
from tests.cli.conftest import NOW, App
from tests.patience import PATIENCE

RULES = """\
aliases: {openai: [OpenAI, 오픈AI]}
rules:
  - {id: openai, name: OpenAI, match: "@openai", channels: [desk]}
  - {id: seoul, name: 서울, match: 서울, channels: [desk]}
"""


@pytest.fixture
def tried(stocked: App) -> App:
    stocked.rules(RULES)
    rule = Rule("openai", "OpenAI", "@openai", channels=("desk",))
    asyncio.run(put(stocked, Plan("v2", rules=(rule,), aliases={"openai": ("OpenAI", "오픈AI")})))
    return stocked


async def put(app: App, plan: Plan) -> None:
    """Put a plan in force."""
    database = Database(f"sqlite:///{app.installation.database}")
    try:
        await SourceStore(database).sync_plan(plan, NOW - timedelta(hours=1))
    finally:
        await database.aclose()


def document(app: App, *words: str) -> Any:  # noqa: ANN401 - JSON
    outcome = app("backtest", "--format", "json", *words)
    assert (outcome.code, outcome.err) == (0, "")
    return json.loads(outcome.out)


def test_a_rule_of_the_files_is_counted_day_by_day(tried: App) -> None:
    done = document(tried, "--rule", "openai")
    assert done["span"]["articles"] == 3
    assert done["span"]["stored_since"] == "2026-11-20T03:00:00.000Z"
    assert round(done["span"]["days"]) == 3
    (rule,) = done["rules"]
    assert (rule["rule"]["id"], rule["hits"], rule["messages"]) == ("openai", 2, 2)
    assert [(day["day"], day["hits"], day["messages"]) for day in rule["days"]] == [
        ("2026-11-20", 0, {"desk": 0}),
        ("2026-11-21", 0, {"desk": 0}),
        ("2026-11-22", 0, {"desk": 0}),
        ("2026-11-23", 2, {"desk": 2}),
    ]
    assert [sample["words"] for sample in rule["samples"]] == [["OpenAI"], ["오픈AI"]]


def test_an_expression_is_tried_before_it_is_written(tried: App) -> None:
    (rule,) = document(tried, "--expr", "스타게이트 OR 서울")["rules"]
    assert (rule["rule"]["id"], rule["hits"]) == ("expression", 2)
    (other,) = document(tried, "--rule", "openai", "--expr", "서울")["rules"]
    assert (other["rule"]["id"], other["hits"], other["messages"]) == ("openai", 1, 1)


def test_hits_that_come_and_go_are_shown_with_why(tried: App) -> None:
    (same,) = document(tried, "--rule", "openai", "--against", "current")["rules"]
    assert (same["against"]["added"], same["against"]["removed"]) == (0, 0)
    (rule,) = document(
        tried, "--rule", "openai", "--expr", "스타게이트 OR (오픈AI NOT 사무소)", "--against", "current"
    )["rules"]
    assert (rule["against"]["added"], rule["against"]["removed"]) == (1, 2)
    assert [one["words"] for one in rule["against"]["added_samples"]] == [["스타게이트"]]
    gone = rule["against"]["removed_samples"]
    assert all(one["missing"] for one in gone)
    table = tried("backtest", "--rule", "openai", "--expr", "스타게이트", "--against", "current", "--format", "table")
    assert table.code == 0
    assert "against the plan in force: +1 -2" in table.out
    assert "does not hold: 스타게이트" in table.out
    assert "\x1b" not in table.out


def test_a_plan_in_force_that_cannot_be_read_is_named(tried: App) -> None:
    asyncio.run(put(tried, Plan("v3", rules=(Rule("openai", "OpenAI", "@gone", channels=("desk",)),))))
    outcome = tried("backtest", "--rule", "openai", "--against", "current")
    assert outcome.code == 1
    assert "the plan in force cannot be compared with: its '@gone' cannot be read" in outcome.err


def test_all_rules_have_a_line_each(tried: App) -> None:
    outcome = tried("backtest", "--all-rules", "--against", "current", "--format", "table")
    assert outcome.code == 0
    assert "3 stored articles" in outcome.out
    assert "stored since 2026-11-20: 3 of the 30 days" in outcome.out
    lines = [line.split() for line in outcome.out.splitlines()]
    assert ["openai", "2", "0.7", "2", "0.7", "+0", "-0"] in lines
    assert ["seoul", "1", "0.3", "1", "0.3", "+1", "-0"] in lines


def test_a_span_may_be_named(tried: App) -> None:
    done = document(tried, "--rule", "openai", "--since", "2026-11-20", "--until", "2026-11-22")
    assert (done["span"]["since"], done["span"]["until"]) == ("2026-11-19T15:00:00.000Z", "2026-11-22T15:00:00.000Z")
    assert (done["span"]["articles"], done["rules"][0]["hits"]) == (1, 0)


def test_a_stop_shows_what_is_known_so_far(tried: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest_walk, "PAGE", 1)
    walked = backtest_walk._found

    before = signal.getsignal(signal.SIGINT)

    def interrupted(*given: Any) -> Any:  # noqa: ANN401 - as it is
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        deadline = time.monotonic() + PATIENCE
        while signal.getsignal(signal.SIGINT) is not before and time.monotonic() < deadline:
            time.sleep(0.01)
        return walked(*given)

    monkeypatch.setattr(backtest_walk, "_found", interrupted)
    outcome = tried("backtest", "--rule", "openai", "--format", "json")
    done = json.loads(outcome.out)
    assert (outcome.code, done["span"]["cut"], done["span"]["articles"]) == (3, True, 1)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "say what to try"),
        (("--rule", "opnai"), "did you mean 'openai'?"),
        (("--all-rules", "--expr", "서울"), "--all-rules stands alone"),
        (("--expr", "한국 AND (서울"), "hint"),
        (("--rule", "openai", "--since", "2026-12-01"), "nothing lies between"),
        (("--rule", "openai", "--days", "0"), "at least 1"),
    ],
)
def test_what_cannot_be_tried_is_refused(tried: App, words: tuple[str, ...], said: str) -> None:
    outcome = tried("backtest", *words)
    assert outcome.code == 2
    assert said in outcome.err


COUNTS = """\
  - {id: rush, name: 급증, count: {of: openai, type: frequency, at_least: 2, within: 3h, unit: articles}, channels: [desk]}
  - {id: quiet, name: 침묵, count: {of: openai, type: flatline, within: 6h}, channels: [desk]}
"""


def test_a_frequency_is_tried_on_the_stored_hits(tried: App) -> None:
    tried.rules(RULES + COUNTS)
    (rule,) = document(tried, "--rule", "rush")["rules"]
    assert (rule["alerts"], rule["messages"], rule["channels"][0]["kept_back"]) == (1, 1, {})
    assert [day["hits"] for day in rule["days"]][-1] == 1
    (rare,) = document(tried, "--rule", "rush", "--since", "2026-11-20", "--until", "2026-11-22")["rules"]
    assert (rare["alerts"], rare["messages"]) == (0, 0)
    table = tried("backtest", "--all-rules", "--format", "table").out
    assert ["rush", "1", "alert", "0.3", "1", "0.3"] in [line.split() for line in table.splitlines()]
    assert "quiet" not in table
    refused = tried("backtest", "--rule", "quiet")
    assert refused.code == 1
    assert "only a frequency can be tried on the past" in refused.err
