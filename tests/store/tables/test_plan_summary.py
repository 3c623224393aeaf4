"""The plan that the database remembers."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from monitor.model.plan import Adaptive, Cadence, Channel, Cron, Interval, Pacing, Plan, Route, Rule, Source
from monitor.model.policy import Grouping, NotifyPolicy, QuietHours, Throttle
from monitor.store.tables.plan_summary import remembered_plan, summary_of

SECRET = "s3cr3t"


def source(every: Cadence) -> Source:
    urls = (f"https://user:{SECRET}@a.example/?key={SECRET}",)
    keys = (("X-Key", SECRET),)
    off = Source("a", "가", "feed", urls, every, "a", "Asia/Tokyo", enabled=False, note="쉼", headers=keys)
    return replace(off, unverified_live=True)


@pytest.mark.parametrize("every", [Interval(300.0), Cron("*/5 8-18 * * 1-5"), Adaptive(60.0, 3600.0)])
def test_what_questions_need_comes_back_and_nothing_confidential(every: Cadence) -> None:
    plan = Plan(
        "v1",
        (source(every),),
        (Rule("r", "이름", "@openai", ("a",), ("desk",), tags=("경쟁사",), severity="critical"),),
        (Channel("desk", "webhook", f"https://hooks.example/{SECRET}", (SECRET,)),),
        {"openai": ("OpenAI", "오픈AI")},
        "Asia/Tokyo",
        pacing=Pacing(60.0, 9000, 120),
        files=("sources.yaml", "rules.d/team.yaml"),
        routes=(Route(("desk",), ("경쟁사",), ("critical", "info"), ("r",), ("a",), goes_on=True), Route(())),
    )
    stored = json.dumps(summary_of(plan))
    assert SECRET not in stored
    found = remembered_plan("v1", json.loads(stored))
    assert found is not None
    (seen,), (planned,) = found.sources, plan.sources
    for name in ("id", "name", "kind", "every", "zone", "enabled", "note", "unverified_live"):
        assert getattr(seen, name) == getattr(planned, name)
    assert len(seen.urls) == len(planned.urls)
    for name in ("version", "rules", "aliases", "zone", "pacing", "files", "routes"):
        assert getattr(found, name) == getattr(plan, name)
    assert [(channel.id, channel.url) for channel in found.channels] == [("desk", "")]


@pytest.mark.parametrize(
    "policy",
    [
        NotifyPolicy(),
        NotifyPolicy(quiet=QuietHours(1320, 420, (5, 6), "KR", "critical"), throttle=Throttle(1, 60.0), storm=20),
        NotifyPolicy(group=Grouping(30.0, 300.0, "rule"), digest="0 8 * * *", quiet=QuietHours(days=(0,))),
    ],
)
@pytest.mark.parametrize("routes", [(), (Route(("desk",), ("경쟁사",), ("critical",)), Route((), sources=("a", "b")))])
def test_a_plan_that_did_not_change_reads_the_same_as_it_would_be_written(
    policy: NotifyPolicy, routes: tuple[Route, ...]
) -> None:
    channels = (Channel("desk", "slack", "https://hooks.example/x", policy=policy),)
    sources = tuple(source(every) for every in (Interval(300.0), Cron("0 * * * *"), Adaptive(60.0, 3600.0)))
    wanted = Plan("v1", sources, (), channels, {"a": ("b",)}, "Asia/Seoul", routes=routes)
    assert json.loads(json.dumps(summary_of(wanted))) == summary_of(wanted)


def test_what_an_older_program_wrote_is_read_too() -> None:
    old = {
        "sources": [{"id": "a", "kind": "list", "urls": ["https://a.example/"]}],
        "rules": [{"id": "r", "expression": "오픈AI", "sources": [], "channels": ["desk"]}],
        "channels": [{"id": "desk", "kind": "webhook"}],
        "aliases": {},
        "zone": "Asia/Seoul",
    }
    found = remembered_plan("v0", old)
    assert found is not None
    assert [(one.id, one.name, one.enabled) for one in found.sources] == [("a", "a", True)]
    assert [(one.id, one.name) for one in found.rules] == [("r", "r")]
    assert found.pacing == Pacing()
    assert found.files == ()
