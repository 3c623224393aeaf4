"""An edit shows how far the story has grown, and takes nothing away of what was told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.words.edition import read_card
from monitor.channels.words.refreshed import refreshed
from monitor.channels.words.render import render
from monitor.model.plan import Lang
from monitor.model.story import Act, StoryLink
from tests.channels.samples import ARTICLE, CONTEXT, NOW, STORY

ALONE = replace(STORY, articles=1, outlets=1)
GROWN = replace(STORY, articles=12, outlets=9)
FIRST = render(replace(CONTEXT, story=ALONE), 17)


@pytest.mark.parametrize(
    ("lang", "articles", "outlets", "said"),
    [
        ("ko", 12, 9, "같은 사건 12건 · 매체 9곳"),
        ("en", 12, 9, "+11 of the same story, 9 outlets"),
        ("ko", 2, 1, "같은 사건 2건 · 매체 1곳"),
        ("en", 2, 1, "+1 of the same story, 1 outlet"),
        ("en", 2, 2, "+1 of the same story, 2 outlets"),
    ],
)
def test_the_card_is_the_first_with_the_present_count(lang: Lang, articles: int, outlets: int, said: str) -> None:
    body = refreshed(FIRST, replace(STORY, articles=articles, outlets=outlets))
    assert body is not None
    before, after = (read_card(one, "Asia/Seoul", lang) for one in (FIRST, body))
    assert said not in before.footing()
    assert after.footing() == f"{before.footing()} · {said}"
    assert replace(after, facts=()) == replace(before, facts=())


@given(st.text(max_size=400), st.text(max_size=400), st.integers(1, 10_000), st.integers(1, 500))
def test_nothing_but_two_numbers_is_another(title: str, excerpt: str, articles: int, outlets: int) -> None:
    story = replace(ALONE, title=title, continues=Act(*(StoryLink("s", title, NOW),) * 2))
    hit = replace(CONTEXT.hit, excerpt=excerpt)
    also = (replace(CONTEXT, hit=replace(hit, rule_id="b", rule_name=excerpt)),)
    told = render(replace(CONTEXT, article=replace(ARTICLE, title=title), hit=hit, story=story), 17, NOW, also)
    body = refreshed(told, replace(story, articles=articles, outlets=outlets))
    if (articles, outlets) == (1, 1):
        assert body is None
        return
    assert body is not None
    now, then = json.loads(body), json.loads(told)
    assert (now["data"]["story"].pop("articles"), now["data"]["story"].pop("outlets")) == (articles, outlets)
    assert (then["data"]["story"].pop("articles"), then["data"]["story"].pop("outlets")) == (1, 1)
    assert now == then


@pytest.mark.parametrize(
    "body",
    [
        b'{"type":"digest","data":{"items":[]}}',
        b'{"type":"source.broken","data":{"story":{}}}',
        b'{"type":"story.escalated","data":{"story":{"articles":5,"outlets":5}}}',
        b'{"type":"hit.created","data":{}}',
    ],
)
def test_what_tells_of_no_story_or_of_many_things_is_left(body: bytes) -> None:
    assert refreshed(body, GROWN) is None


def test_what_it_says_already_is_not_said_again() -> None:
    body = refreshed(FIRST, GROWN)
    assert body is not None
    assert refreshed(body, GROWN) is None
