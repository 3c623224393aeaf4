"""What becomes a log line, and how loud."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import get_args

import pytest
import structlog

from monitor.model.event import (
    AlarmEnded,
    AlarmRaised,
    ArticleRemoved,
    ArticleRewritten,
    ChannelDisabled,
    ChannelEnabled,
    CountTold,
    Delivered,
    DeliveryFailed,
    EditFailed,
    EntryFailed,
    Event,
    FollowUpFailed,
    HitStored,
    LeaseLost,
    ListCut,
    ListOverrun,
    Maintained,
    MessageEdited,
    PingFailed,
    Polled,
    PollFailed,
    Rematched,
    SourceBroken,
    SourceRecovered,
    TaskFailed,
)
from monitor.service import telemetry

SAMPLES: tuple[Event, ...] = (
    Polled("s", 10, 2, 2, 1, 12.0),
    PollFailed("s", "timeout", 1, 60.0),
    EntryFailed("s", "https://x/1", "status", "404", final=True),
    HitStored("s", "openai", "https://x/1", "오픈AI 발표", 3),
    CountTold("surge", "spike", 12),
    ArticleRewritten("s", "https://x/1", "발표", "오픈AI 발표(종합)"),
    ArticleRemoved("s", "https://x/1", "오픈AI 발표"),
    FollowUpFailed("s", "https://x/1", "status: 503", ""),
    Delivered("desk", "id", 1, 1, 5.0),
    Delivered("desk", "id", 1, 4, 5.0, "b@example.com: 450 later"),
    DeliveryFailed("desk", "id", 1, "500", 5.0, dead=False),
    MessageEdited("desk", "id", 12, 9, 5.0),
    EditFailed("desk", "id", 1, "500", given_up=False),
    EditFailed("desk", "id", 5, "404", given_up=True),
    LeaseLost("source", "s"),
    TaskFailed("Poll(source_id='s')", "ValueError('x')", "Traceback"),
    Maintained("optimize", "ok"),
    Rematched(("openai",), 0, 100, 2, 1),
    ListOverrun("s", "https://x/list", 20),
    ListCut("s", "https://x/list", 2_000),
    SourceBroken("s", "no_entries", "no article", "look at the page", 1),
    SourceRecovered("s", "no_entries", 600.0),
    ChannelDisabled("desk", "410: gone", "monitor channels open desk"),
    ChannelEnabled("desk", 2),
    AlarmRaised("disk.low", "12 MB free", "make room"),
    AlarmEnded("disk.low", "900 MB free"),
    PingFailed("timeout", 1),
)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_every_event_has_a_line() -> None:
    assert set(telemetry.LINES) == set(get_args(Event)) == {type(sample) for sample in SAMPLES}


def test_a_list_that_is_cut_is_said_once_for_each_list(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("json")
    app = telemetry.Telemetry()
    for _ in range(3):
        for url in ("https://x/a", "https://x/b"):
            app.report(ListCut("s", url, 2_000))
    said = [line for line in lines(capsys) if line["event"] == "source.list_cut"]
    assert [(line["url"], line["level"]) for line in said] == [("https://x/a", "warning"), ("https://x/b", "warning")]


def test_json_lines_carry_name_level_time_and_korean(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("json")
    app = telemetry.Telemetry()
    for sample in SAMPLES:
        app.report(sample)
    told = {line["event"]: line for line in lines(capsys)}
    assert told["hit.stored"]["title"] == "오픈AI 발표"
    assert told["hit.stored"]["level"] == "info"
    assert str(told["hit.stored"]["timestamp"]).endswith("Z")
    assert told["task.failed"]["level"] == "error"
    assert told["article.failed"]["level"] == "warning"
    assert "store.maintained" not in told


def test_korean_is_readable_in_the_line_itself(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("json")
    telemetry.say("started", title="딥시크")
    assert "딥시크" in capsys.readouterr().err


def test_console_form_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("console")
    telemetry.warn("channel.not_configured", mend="set it")
    text = capsys.readouterr().err
    assert "channel.not_configured" in text
    assert not text.startswith("{")


def test_auto_means_json_when_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("auto")
    telemetry.say("started")
    assert lines(capsys)[0]["event"] == "started"


def test_a_quiet_poll_says_nothing_and_a_recovery_says_it_once(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("json")
    app = telemetry.Telemetry()
    app.report(Polled("s", 20, 0, 0, 0, 1.0))
    app.report(PollFailed("s", "timeout", 1, 60.0))
    app.report(Polled("s", 20, 0, 0, 0, 1.0))
    app.report(Polled("s", 20, 0, 0, 0, 1.0))
    assert [line["event"] for line in lines(capsys)] == ["source.failed", "source.answers_again"]
    assert app.polls_failed == 1


def test_a_repeated_failure_is_told_at_powers_of_ten(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("json")
    app = telemetry.Telemetry()
    for times in range(1, 121):
        app.report(PollFailed("s", "timeout", times, 60.0))
    assert [line["failures"] for line in lines(capsys)] == [1, 10, 100]


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("debug", ["store.maintained", "source.polled", "channel.not_configured", "task.failed"]),
        ("info", ["channel.not_configured", "task.failed"]),
        ("warning", ["channel.not_configured", "task.failed"]),
        ("error", ["task.failed"]),
    ],
)
def test_the_level_says_what_is_printed(capsys: pytest.CaptureFixture[str], level: str, told: list[str]) -> None:
    telemetry.configure("json", level)
    app = telemetry.Telemetry()
    app.report(Maintained("optimize", "ok"))
    app.report(Polled("s", 20, 0, 0, 0, 1.0))
    telemetry.warn("channel.not_configured")
    app.report(TaskFailed("Poll(source_id='s')", "ValueError('x')", "Traceback"))
    assert [line["event"] for line in lines(capsys)] == told


def test_sources_that_fail_alike_are_summed_up_and_the_rest_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("json")
    names = [f"s{number}" for number in range(10)]
    app = telemetry.Telemetry(names)
    for name in names:
        app.report(PollFailed(name, "dns: no such host", 1, 60.0, "dns"))
    told = [line["event"] for line in lines(capsys)]
    assert told == ["source.failed"] * 5 + ["sources.fail_alike", "first_polls"]
    assert app.polls_failed == 10


@pytest.mark.parametrize(("times", "told"), [(0, True), (1, True), (2, False), (10, True), (11, False), (1000, True)])
def test_worth_telling(times: int, *, told: bool) -> None:
    assert telemetry.worth_telling(times) is told
