"""The daemon as a service: one instance, signals, reloads, health."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta

import pytest

from tests.journeys.installation import Installation, until
from tests.replica.newspapers import Newsroom, Slow
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow


def events(installation: Installation) -> list[str]:
    return [line["event"] for line in installation.log()]


async def started(installation: Installation) -> None:
    await until(lambda: "started" in events(installation), what="the daemon's start")


async def test_a_second_instance_is_refused_with_75(installation: Installation) -> None:
    async with installation.running():
        await started(installation)
        second = await installation.command("run")
        assert second.returncode == 75
        assert "another monitor is running" in second.stderr
        assert (await installation.command("run", "--once")).returncode == 75


async def test_health_says_what_is_wrong_and_when_all_is_well(installation: Installation) -> None:
    before = await installation.command("doctor", "--quick")
    assert before.returncode == 1
    assert "monitor run" in before.stdout
    async with installation.running():
        await until(lambda: "source.polled" in events(installation), what="a first poll")
        quick = await installation.command("doctor", "--quick")
        assert quick.returncode == 0, quick.stdout
        whole = await installation.command("doctor")
        assert whole.returncode == 0, whole.stdout
        assert "mediapen" in whole.stdout


async def test_sigterm_ends_a_daemon_with_a_poll_under_way(installation: Installation, paper: Newsroom) -> None:
    paper.mode = Slow(30.0)
    async with installation.running():
        await started(installation)
    # `running` insists on exit code 0 within 25 seconds
    assert events(installation)[-1] == "stopped"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_an_end_asked_for_during_the_start_comes_between_two_steps(
    installation: Installation, number: signal.Signals
) -> None:
    lock = installation.folder / "data" / "monitor.lock"
    lock.unlink(missing_ok=True)
    async with installation.running() as process:
        await until(lock.exists, what="the lock, which is taken before the database is made")
        os.kill(process.pid, number)
    # `running` insists on exit code 0
    assert events(installation)[-1] == "stopped"


async def test_sighup_puts_a_new_rule_in_force_and_finds_old_articles_silently(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    paper.publish(writer.piece(now - timedelta(minutes=5), terms=("openai",)))
    await installation.command("run", "--once")
    installation.aliases = {**installation.aliases, "today": ["오픈AI"]}
    async with installation.running() as process:
        await started(installation)
        installation.watch(paper)
        os.kill(process.pid, signal.SIGHUP)
        await until(lambda: "rule.rematched" in events(installation), what="the rematch")
        await until(
            lambda: ("today",) in installation.rows("SELECT rule_id FROM v_hits"), what="an old hit of the new rule"
        )
    assert receiver.posts == []


async def test_a_bad_file_keeps_the_last_good_plan(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    async with installation.running() as process:
        await until(lambda: "source.polled" in events(installation), what="a first poll")
        good = (installation.config / "rules.yaml").read_text(encoding="utf8")
        (installation.config / "rules.yaml").write_text(good.replace("match:", "mtach:", 1), encoding="utf8")
        refused = await installation.command("reload")
        assert refused.returncode == 2
        assert "mtach" in refused.stderr
        os.kill(process.pid, signal.SIGHUP)
        await until(lambda: "reload.refused" in events(installation), what="a refusal in the log")
        paper.publish(writer.piece(now + timedelta(minutes=1), terms=("openai",)))
        await receiver.received(1)


async def test_a_plan_that_lost_all_its_rules_is_refused_unless_it_is_said_twice(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    rules = installation.config / "rules.yaml"
    good = rules.read_text("utf-8")
    async with installation.running() as process:
        await until(lambda: "source.polled" in events(installation), what="a first poll")
        version = (await installation.command("reload")).stdout.split()[1]
        rules.write_text("", "utf-8")  # as an editor does before it writes
        refused = await installation.command("reload")
        assert refused.returncode == 2
        assert str(rules) in refused.stderr
        assert "monitor reload --allow-empty" in refused.stderr
        os.kill(process.pid, signal.SIGHUP)
        await until(lambda: events(installation).count("reload.refused") == 1, what="a refusal in the log")
        (refusal,) = [line for line in installation.log() if line["event"] == "reload.refused"]
        assert refusal["in_force"] == version
        rules.unlink()
        assert "the file is gone" in (await installation.command("reload")).stderr
        os.kill(process.pid, signal.SIGHUP)
        await until(lambda: events(installation).count("reload.refused") == 2, what="a refusal in the log")
        paper.publish(writer.piece(now + timedelta(minutes=1), terms=("openai",)))
        await receiver.received(1)  # by the last good plan
        meant = await installation.command("reload", "--allow-empty")
        assert meant.returncode == 0, meant.stderr
        assert "3 rules left the plan: deepseek, openai, stargate\n" in meant.stdout
        (told,) = [line for line in installation.log() if line["event"] == "plan.shrank"]
        assert told["problem"] in meant.stdout
        rules.write_text(good, "utf-8")
        assert (await installation.command("reload")).returncode == 0
        rules.unlink()
        os.kill(process.pid, signal.SIGHUP)
        await until(lambda: events(installation).count("reload.refused") == 3, what="once allowed is once")


async def test_a_start_without_the_rules_of_before_says_so(installation: Installation) -> None:
    installation.monitor("run", "--once", check=True)
    (installation.config / "rules.yaml").unlink()
    assert "CFG104" in (await installation.command("check")).stdout
    async with installation.running():
        await until(lambda: "plan.lost" in events(installation), what="a warning")
    (told,) = [line for line in installation.log() if line["event"] == "plan.lost"]
    assert "rules.yaml: the file is gone" in told["problem"]


async def test_monitor_reload_waits_for_the_daemon(installation: Installation, paper: Newsroom) -> None:
    assert "no daemon" in (await installation.command("reload")).stderr
    async with installation.running():
        await started(installation)
        installation.aliases = {**installation.aliases, "more": ["새로운말"]}
        installation.watch(paper)
        done = await installation.command("reload")
        assert done.returncode == 0, done.stderr
        assert "in force" in done.stdout
        assert "already in force" in (await installation.command("reload")).stdout


async def test_a_bad_configuration_does_not_start(installation: Installation) -> None:
    (installation.config / "sources.yaml").write_text("sources: [{id: x, kind: lst}]\n", encoding="utf8")
    done = await installation.command("run")
    assert done.returncode == 2
    assert "sources.yaml:1:" in done.stderr
    assert not installation.database.exists()
