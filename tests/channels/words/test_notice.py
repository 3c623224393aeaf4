"""What is told of a source: bodies that keep to their schemas, whatever a page wrote."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from monitor.channels.words.edition import read_card
from monitor.channels.words.notice import render_notice
from monitor.model.health import Alarm, Bilingual, Notice, SourceProblem

NOW = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)
TYPES = ("source.broken", "source.recovered")
SCHEMAS: dict[str, dict[str, Any]] = {
    name: json.loads(files("monitor.channels.words").joinpath(f"{name}.schema.json").read_text("utf-8"))
    for name in TYPES
}


def notice(*, broken: bool = True, source_id: str = "paper", text: str = "summary", problem: str = "yield") -> Notice:
    alarm = Alarm(
        SourceProblem(problem),
        NOW - timedelta(minutes=5),
        Bilingual(text, f"봄 {text}"),
        Bilingual("mend it", "고치십시오"),
    )
    return Notice(broken, alarm, NOW, source_id, "신문" if source_id else "", 1 if source_id else 40)


@pytest.mark.parametrize("broken", [True, False])
@pytest.mark.parametrize("source_id", ["paper", ""])
@pytest.mark.parametrize("problem", list(SourceProblem))
def test_every_message_keeps_to_its_schema(broken: bool, source_id: str, problem: SourceProblem) -> None:  # noqa: FBT001 - a parameter
    body = json.loads(render_notice(notice(broken=broken, source_id=source_id, problem=problem), 7))
    Draft202012Validator(SCHEMAS[body["type"]]).validate(body)
    assert body["type"] == ("source.broken" if broken else "source.recovered")
    assert (body["seq"], body["timestamp"]) == (7, "2026-11-24T02:10:00.000Z")
    assert body["data"]["source"] == ({"id": "paper", "name": "신문"} if source_id else None)


def test_the_end_says_how_long_it_lasted() -> None:
    body = json.loads(render_notice(notice(broken=False), 1))
    assert body["data"]["lasted_seconds"] == 300
    assert "lasted_seconds" not in json.loads(render_notice(notice(), 1))["data"]


@given(st.text(min_size=1))
def test_what_strangers_wrote_is_made_harmless(text: str) -> None:
    body = json.loads(render_notice(notice(text=f"x{text}"), 1))
    Draft202012Validator(SCHEMAS["source.broken"]).validate(body)
    assert "\n" not in body["data"]["summary"]["en"]
    assert "\u202e" not in body["data"]["summary"]["ko"]


def test_a_long_text_is_cut() -> None:
    assert len(render_notice(notice(text="가" * 100_000), 1)) < 8000


def test_a_naive_time_is_refused() -> None:
    alarm = Alarm(SourceProblem.STALE, datetime(2026, 1, 1), Bilingual("a", "b"), Bilingual("c", "d"))  # noqa: DTZ001 - the point of it
    with pytest.raises(ValueError, match="naive"):
        render_notice(Notice(True, alarm, NOW, "a", "a"), 1)  # noqa: FBT003 - first in Notice


@pytest.mark.parametrize(("minutes", "lasted"), [(5, "5분 동안"), (133, "2시간 13분 동안"), (0, "1분 동안")])
def test_a_recovery_says_how_long_it_lasted(minutes: int, lasted: str) -> None:
    alarm = replace(notice(broken=False).alarm, since=NOW - timedelta(minutes=minutes))
    card = read_card(render_notice(replace(notice(broken=False), alarm=alarm), 1), "Asia/Seoul")
    assert card.facts[1] == lasted
    assert card.text.startswith("원인: ")
