"""The objects that webhooks, commands and pages show are the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from monitor.channels.words.render import render
from monitor.model.hit import Match
from monitor.model.records import ArticleRecord, HitRecord
from monitor.present.shapes import article_object, hit_object
from tests.channels.samples import CONTEXT

NOW = datetime(2026, 11, 24, 0, 30, 5, 120_999, tzinfo=UTC)
ARTICLE = ArticleRecord(
    9, "https://a.example/1", "오픈AI 투자", "mediapen", "김하늘", None, NOW, source_name="미디어펜"
)
MATCH = Match("OpenAI", "오픈AI", "title", 0, 4, "오픈AI", "bare")
HIT = HitRecord(4, NOW, "openai", "OpenAI", ARTICLE, (MATCH,), "… 오픈AI …", "sent", 3, 2)
SCHEMA: dict[str, Any] = json.loads(
    files("monitor.channels.words").joinpath("hit.created.schema.json").read_text("utf-8")
)


def test_a_hit_is_shown_whole() -> None:
    assert hit_object(HIT) == {
        "id": 4,
        "created_at": "2026-11-24T00:30:05.120Z",
        "rule": {"id": "openai", "name": "OpenAI"},
        "article": {
            "id": 9,
            "url": "https://a.example/1",
            "title": "오픈AI 투자",
            "source": "mediapen",
            "source_name": "미디어펜",
            "author": "김하늘",
            "published_at": None,
            "first_seen_at": "2026-11-24T00:30:05.120Z",
        },
        "matches": [
            {
                "term": "OpenAI",
                "alias": "오픈AI",
                "field": "title",
                "start": 0,
                "end": 4,
                "surface": "오픈AI",
                "reason": "bare",
            }
        ],
        "excerpt": "… 오픈AI …",
        "alerted": "sent",
        "channels": 3,
        "reached": 2,
        "story": {"id": ""},
        "handling": {"state": "new", "owner": "", "note": "", "author": "", "at": None, "of": "hit"},
        "feedback": None,
    }


def test_doubt_about_the_text_is_shown_where_there_is_any() -> None:
    assert article_object(replace(ARTICLE, confidence=0.42))["confidence"] == 0.42
    assert "confidence" not in article_object(ARTICLE)


def test_what_commands_show_keeps_to_the_schema_of_the_webhook() -> None:
    shown: dict[str, Any] = hit_object(HIT)
    sent = json.loads(render(CONTEXT, 17))["data"]
    for key in ("rule", "article", "excerpt"):
        Draft202012Validator(SCHEMA["properties"]["data"]["properties"][key] | {"$defs": SCHEMA["$defs"]}).validate(
            shown[key]
        )
    assert shown["article"].keys() == sent["article"].keys()
    assert shown["matches"][0].keys() == sent["matches"][0].keys()
