"""monitor sources --plan, on a real database."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest
import yaml

from monitor.cli.commands.schedule import WHY, duration, summary
from monitor.model.plan import Pacing
from monitor.model.records import ScheduleRecord
from monitor.model.rhythm import Arrivals, Reach
from monitor.store.tables.rows import arrivals_values
from tests.cli.conftest import NOW, SOURCES, App

URL = "http://127.0.0.1:9/list"


def pace(house: App, **adaptive: object) -> None:
    """Make the herald adaptive, with weeks of history, and the daily look at every hour."""
    house.installation.write([SOURCES[0] | {"every": "adaptive"}, SOURCES[1] | {"every": "1h"}])
    if adaptive:
        path = house.installation.config / "monitor.yaml"
        settings = yaml.safe_load(path.read_text("utf-8"))
        path.write_text(yaml.safe_dump(settings | {"adaptive": adaptive}), "utf-8")
    known = Arrivals(NOW, (600.0,) * 24, (100.0,) * 24, {URL: Reach(7200.0, NOW)})
    with closing(sqlite3.connect(house.installation.database)) as connection, connection:
        values = (json.dumps(arrivals_values(known)),)
        connection.execute("UPDATE source_state SET arrivals = ? WHERE id = 'herald'", values)


def test_the_plan_says_what_each_source_takes_and_why(stocked: App) -> None:
    pace(stocked, target_delay="1s", requests_per_day=288)
    herald, daily = stocked("sources", "--plan").rows
    assert (herald["every"], herald["why"]) == ("adaptive", "rate")
    assert herald["requests_a_day"] == pytest.approx(288, rel=0.01)
    assert herald["budget_share"] == pytest.approx(1, rel=0.01)
    assert herald["interval"] == pytest.approx(300, rel=0.02)
    assert herald["mean_delay"] == pytest.approx(150, rel=0.02)
    assert herald["articles_a_day"] == pytest.approx(144, rel=0.02)
    assert (daily["every"], daily["interval"], daily["mean_delay"], daily["why"]) == ("3600s", 3600.0, 1800.0, "fixed")
    assert (daily["requests_a_day"], daily["budget_share"]) == (24.0, None)


def test_depth_comes_before_the_budget_and_the_sum_says_so(stocked: App) -> None:
    pace(stocked, requests_per_day=2)
    told = stocked("sources", "--plan", "--format", "table")
    for words in ("한빛일보", "adaptive", "1 h", "its list turns over quickly", "set in the plan"):
        assert words in told.out
    assert "adaptive: 24 requests a day of 2: the bounds of the sources ask for more" in told.err
    assert "target 2.5 min" in told.err


def test_a_source_that_nobody_knows_yet_is_said_to_be_new(stocked: App) -> None:
    stocked.installation.write([SOURCES[0] | {"every": "adaptive"}])
    (herald,) = stocked("sources", "--plan").rows
    assert (herald["why"], herald["articles_a_day"]) == ("rate", 10.0)
    stocked.installation.write([SOURCES[0] | {"every": "adaptive", "adaptive": {"max": "2m", "min": "1m"}}])
    (herald,) = stocked("sources", "--plan").rows
    assert (herald["why"], herald["interval"]) == ("max", 120.0)


def test_csv_has_a_column_for_each_field_and_json_is_one_list(stocked: App) -> None:
    head, *rows = stocked("sources", "--plan", "--format", "csv").out.splitlines()
    assert head == "id,name,every,interval,mean_delay,requests_a_day,why,articles_a_day,budget_share"
    assert len(rows) == 2
    assert stocked("sources", "--plan", "--format", "json").out.startswith("[")


def test_the_plan_stands_alone(stocked: App) -> None:
    assert stocked("sources", "--plan", "--all").code == 2
    assert stocked("sources", "--plan", "--check").code == 2


def test_without_adaptive_sources_there_is_no_sum(stocked: App) -> None:
    told = stocked("sources", "--plan", "--format", "table")
    assert told.code == 0
    assert told.err == ""
    assert summary([ScheduleRecord("a", "A", "60s", 60.0, 30.0, 1440.0, "fixed")], Pacing()) == ""


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (45, "45 s"), (150, "2.5 min"), (7200, "2 h"), (129_600, "1.5 d")]
)
def test_durations_are_short(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_every_reason_has_words() -> None:
    assert set(WHY) == {"rate", "min", "max", "depth", "new", "burst", "fixed", "cron"}
