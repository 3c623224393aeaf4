"""Invented matters with their acts: how many of each kind the choice tells apart, and that none is lost in a line of them."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from monitor.cluster.choice import WINDOW, choose
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.model.article import Article
from monitor.model.story import Member, Signature
from tests.bench.acts import Report, line_of, right_by_kind
from tests.evidence import beside, rows

NOW = datetime(2026, 11, 5, tzinfo=UTC)

FLOORS = {
    "pickup": 14,
    "late-pickup": 13,
    "short-pickup": 14,
    "update": 5,
    "next-act": 14,
    "next-act-half": 14,
    "next-act-recap": 14,
    "next-act-announced": 14,
    "next-act-same-day": 10,
    "other": 14,
    "angle": 0,  # is shown as related, not joined
    "angle-background": 0,
}
"""How many pairs of each kind are told apart, or joined, as they are labelled."""


def pairs() -> list[Report]:
    return rows("pairs.jsonl", beside("bench/stories-acts"))


@cache
def _signed(title: str, body: str) -> Signature:
    return sign(Article("k", "", "herald", title, NOW, body=body), shipped())


def stories_of(reports: Sequence[Report]) -> list[str]:
    """Return the story of each report, chosen one after the other among all members within the window."""
    told: list[Member] = []
    for number, report in enumerate(reports):
        at, signature = datetime.fromisoformat(report["published_at"]), _signed(report["title"], report["body"])
        chosen = choose(signature, [member for member in told if at - member.seen_at <= WINDOW], at)
        told.append(Member(chosen.joins or f"{number:05}", signature.packed, at))
    return [member.story_id for member in told]


def later(report: Report, hours: float) -> Report:
    return report | {
        "published_at": (datetime.fromisoformat(report["published_at"]) + timedelta(hours=hours)).isoformat()
    }


def copied(report: Report, hours: float) -> Report:
    """Return the report as another outlet brings it: its own headline flag and closing."""
    body = f"(서울=한빛통신) 홍길동 기자 = {report['body']} 홍길동 기자 hong@news.example ⓒ 무단 전재 금지"
    return later(report | {"title": f"[속보] {report['title']}", "body": body}, hours)


def test_pairs_of_each_kind_are_told_apart_as_they_were() -> None:
    right = right_by_kind(pairs(), stories_of)
    assert {kind: right[kind] for kind, least in FLOORS.items() if right[kind] < least} == {}


def test_no_act_is_lost_in_a_line_of_all_matters() -> None:
    path = beside("bench/eval_stories.py")
    spec = importlib.util.spec_from_file_location("eval_stories", path)
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    line = line_of(pairs())
    alert = scorer.score(line, stories_of(line))["alert"]
    assert alert["lost"] == 0
    assert alert["f1"] >= 0.85


def nexts() -> list[Report]:
    return [pair for pair in pairs() if pair["kind"] == "next-act"]


def test_a_copy_of_the_second_act_joins_it_and_a_late_copy_of_the_first_goes_back_to_it() -> None:
    strayed = []
    for pair in nexts():
        one, two = pair["one"], pair["two"]
        apart = datetime.fromisoformat(two["published_at"]) - datetime.fromisoformat(one["published_at"])
        line = [one, *(copied(one, hours) for hours in (0.2, 0.5, 1, 1.5, 2, 3, 4, 5)), two, copied(two, 1)]
        late = copied(one, apart / timedelta(hours=1) + 1.5)
        stories = stories_of([*line, late])
        if set(stories[:9]) != {stories[0]} or stories[9] == stories[0] or stories[10:] != [stories[9], stories[0]]:
            strayed.append((pair["id"], stories))
    assert strayed == []


@pytest.mark.parametrize("seed", range(3))
def test_nothing_but_the_members_decides(seed: int) -> None:
    for pair in nexts():
        line = [pair["one"], copied(pair["one"], 1), pair["two"], copied(pair["two"], 1)]
        at = datetime.fromisoformat(line[-1]["published_at"])
        members = [
            Member(story, _signed(one["title"], one["body"]).packed, datetime.fromisoformat(one["published_at"]))
            for story, one in zip("1122", line, strict=True)
        ]
        random.Random(seed).shuffle(members)
        assert choose(_signed(line[-1]["title"], line[-1]["body"]), members, at).joins == "2"
