"""Where an installation says how people reach its pages, every message of a hit leads to the page of that hit."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from monitor.channels.words.compose import compose
from monitor.channels.words.edition import read_card
from monitor.channels.words.schemas import schema_text
from monitor.model.delivery import MessageDraft
from monitor.model.escalation import Escalation
from monitor.model.plan import Lang
from tests.channels.samples import CONTEXT, NOW

DESK = "https://desk.example.com"
AGAIN = replace(CONTEXT, escalation=Escalation(("outlets:5",), NOW, NOW, 1, 1))
OTHER = replace(CONTEXT, hit_id=77, article_id=10)


@pytest.mark.parametrize(("context", "kind"), [(CONTEXT, "hit.created"), (AGAIN, "story.escalated")])
def test_the_body_names_the_page(context: Any, kind: str) -> None:  # noqa: ANN401 - what a message tells
    body = json.loads(compose(MessageDraft(1, NOW, (context,)), DESK))
    assert (body["type"], body["data"]["desk_url"]) == (kind, f"{DESK}/hits/{CONTEXT.hit_id}")
    Draft202012Validator(json.loads(schema_text(kind))).validate(body)
    assert "desk_url" not in json.loads(compose(MessageDraft(1, NOW, (context,))))["data"]


def test_each_item_of_a_digest_names_its_own() -> None:
    body = json.loads(compose(MessageDraft(1, NOW, (CONTEXT, OTHER)), DESK))
    Draft202012Validator(json.loads(schema_text("digest"))).validate(body)
    assert [one["data"]["desk_url"] for one in body["data"]["items"]] == [
        f"{DESK}/hits/{CONTEXT.hit_id}",
        f"{DESK}/hits/77",
    ]


@pytest.mark.parametrize(
    ("lang", "said"), [("ko", f"처리: {DESK}/hits/{CONTEXT.hit_id}"), ("en", f"handle: {DESK}/hits/{CONTEXT.hit_id}")]
)
def test_people_are_shown_it(lang: Lang, said: str) -> None:
    draft = MessageDraft(1, NOW, (CONTEXT,))
    assert said in read_card(compose(draft, DESK), "Asia/Seoul", lang).footing()
    assert "/hits/" not in read_card(compose(draft), "Asia/Seoul", lang).footing()
