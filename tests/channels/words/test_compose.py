"""One matter keeps its own body; several become a digest that leaves none of them out, and every chat can show it."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from monitor.channels.registry import CHANNEL_KINDS
from monitor.channels.words.compose import compose
from monitor.channels.words.edition import read_card
from monitor.channels.words.notice import render_notice
from monitor.channels.words.render import MAX_BODY, render
from monitor.model.delivery import Delivery, MessageContext, MessageDraft
from monitor.model.health import Alarm, Bilingual, Notice, SourceProblem
from monitor.model.plan import Lang
from monitor.model.policy import AT_ONCE
from tests.channels.kinds.receivers import receiver_of, sent_words
from tests.channels.samples import ARTICLE, CONTEXT, HIT, MATCH, NOW

MOST = AT_ONCE.most
_number = count(1)

SCHEMAS = {
    name: Draft202012Validator(
        json.loads(files("monitor.channels.words").joinpath(f"{name}.schema.json").read_text("utf-8"))
    )
    for name in ("digest", "hit.created", "source.broken")
}
ALARM = Alarm(SourceProblem.EMPTY, NOW, Bilingual("no content", "내용 없음"), Bilingual("look", "확인"))
NOTICE = Notice(broken=True, alarm=ALARM, at=NOW, source_id="herald", source_name="한빛일보")


def draft(*items: MessageContext | Notice) -> MessageDraft:
    return MessageDraft(5, NOW, items)


def titled(title: str, matches: int = 1) -> MessageContext:
    hit = replace(HIT, matches=(MATCH,) * matches)
    return replace(CONTEXT, article_id=next(_number), article=replace(ARTICLE, title=title), hit=hit)


def read(*items: MessageContext | Notice) -> dict[str, Any]:
    raw = compose(draft(*items))
    assert len(raw) <= MAX_BODY
    body: dict[str, Any] = json.loads(raw)
    SCHEMAS["digest"].validate(body)
    return body


def test_one_hit_is_told_as_ever_under_the_messages_own_number() -> None:
    assert compose(draft(CONTEXT)) == render(CONTEXT, 5)
    assert draft(CONTEXT).type == "hit.created"


def test_one_event_is_told_as_ever() -> None:
    assert compose(draft(NOTICE)) == render_notice(NOTICE, 5)
    assert draft(NOTICE).type == "source.broken"


def test_several_are_a_digest_of_what_each_would_have_been() -> None:
    body = read(CONTEXT, NOTICE)
    assert (body["type"], body["seq"], body["data"]["total"]) == ("digest", 5, 2)
    hit, event = body["data"]["items"]
    for item in (hit, event):
        assert "seq" not in item
        SCHEMAS[item["type"]].validate({"version": "1", "seq": 5} | item)
    assert (hit["data"]["article"]["title"], event["data"]["source"]["id"]) == (ARTICLE.title, "herald")


def test_where_not_all_of_it_fits_places_go_first_then_passages_and_no_headline() -> None:
    many = [titled(f"제목 {number}", matches=50) for number in range(MOST)]
    items = read(*many)["data"]["items"]
    assert [item["data"]["article"]["title"] for item in items] == [f"제목 {number}" for number in range(MOST)]
    assert all("matches" not in item["data"] and item["data"]["excerpt"] for item in items)
    long = [
        replace(
            one,
            article=replace(one.article, title="가" * 300, url=f"https://x.example/{'a' * 800}"),
            hit=replace(one.hit, excerpt="가" * 600),
        )
        for one in many
    ]
    items = read(*long)["data"]["items"]
    assert len(items) == MOST
    assert all("excerpt" not in item["data"] for item in items)


def test_what_is_left_out_in_the_end_is_counted() -> None:
    vast = [titled("가" * 300) for _ in range(MOST)]
    vast = [replace(one, article=replace(one.article, url=f"https://x.example/{'a' * 1900}")) for one in vast]
    body = read(*vast)
    assert 0 < len(body["data"]["items"]) < MOST
    assert body["data"]["total"] == MOST
    card = read_card(json.dumps(body).encode(), "Asia/Seoul")
    assert f"외 {MOST - len(body['data']['items'])}건" in card.passage(9_999)


@given(
    st.lists(
        st.one_of(
            st.builds(titled, st.text(max_size=400), st.integers(1, 60)),
            st.builds(lambda name: replace(NOTICE, source_name=name), st.text(max_size=200)),
        ),
        min_size=2,
        max_size=MOST,
    )
)
def test_any_group_gives_a_body_of_the_published_shape_and_a_card(items: list[MessageContext | Notice]) -> None:
    body = read(*items)
    card = read_card(json.dumps(body).encode(), "Asia/Seoul")
    assert str(len(items)) in card.label
    assert card.title


@pytest.mark.parametrize("kind", sorted(CHANNEL_KINDS))
def test_every_kind_of_channel_can_send_a_digest(kind: str) -> None:
    titles = [
        f"오픈AI, 서울에 사무소 {number}호를 열고 개발자 백여 명을 새로 뽑기로 했다고 밝혀"
        for number in range(MOST - 1)
    ]
    body = compose(draft(*map(titled, titles), NOTICE))
    delivery = Delivery("0193-message", "desk", 5, body, 1, "test", NOW)
    sent = sent_words(CHANNEL_KINDS[kind].compose(delivery, receiver_of(kind), NOW))
    for number in range(MOST - 1):
        assert f"사무소 {number}호를" in sent.replace("\\", "")
    assert "한빛일보" in sent


def test_all_hits_of_an_article_are_one_item_that_names_every_rule() -> None:
    other = replace(CONTEXT, hit=replace(HIT, rule_id="stargate", rule_name="스타게이트", excerpt="…스타게이트 첫 삽…"))
    body = json.loads(compose(draft(CONTEXT, other)))
    SCHEMAS["hit.created"].validate(body)
    assert body["data"]["rule"]["id"] == HIT.rule_id
    assert body["data"]["rules_total"] == 2
    (also,) = body["data"]["also"]
    assert (also["rule"]["name"], also["excerpt"], also["words"]) == (
        "스타게이트",
        "…스타게이트 첫 삽…",
        [MATCH.surface],
    )
    card = read_card(compose(draft(CONTEXT, other)), "Asia/Seoul")
    assert card.label == f"{HIT.rule_name}, 스타게이트"
    assert HIT.excerpt.strip("…") in card.text
    assert "스타게이트 첫 삽" in card.text
    mixed = read(titled("하나"), CONTEXT, NOTICE, other)
    assert [item["type"] for item in mixed["data"]["items"]] == ["hit.created", "hit.created", "source.broken"]
    assert "also" in mixed["data"]["items"][1]["data"]


def test_rules_beyond_the_size_of_a_body_are_counted() -> None:
    many = [replace(CONTEXT, hit=replace(HIT, rule_id=f"r{number}", excerpt="가" * 600)) for number in range(90)]
    raw = compose(draft(*many))
    assert len(raw) <= MAX_BODY
    body = json.loads(raw)
    SCHEMAS["hit.created"].validate(body)
    assert body["data"]["rules_total"] == 90
    assert 0 < len(body["data"]["also"]) < 89
    assert body["data"]["matches"]
    assert f"+{89 - len(body['data']['also'])}" in read_card(raw, "Asia/Seoul").label


@pytest.mark.parametrize(("lang", "label", "more"), [("ko", "알림 60건", "외 "), ("en", "60 alerts", " more")])
def test_a_card_of_many_shows_whole_headlines_and_counts_the_others(lang: Lang, label: str, more: str) -> None:
    card = read_card(compose(draft(*(titled(f"제목 {number} 끝") for number in range(60)))), "Asia/Seoul", lang)
    assert card.label == label
    shown = card.passage(300)
    assert len(shown) <= 300
    lines = shown.split("\n")
    assert all(line.endswith("끝") for line in lines[:-1])
    assert more in lines[-1]
    assert len(lines) - 1 + int("".join(filter(str.isdigit, lines[-1]))) == 60


@pytest.mark.parametrize(("lang", "label"), [("ko", "수집 이상"), ("en", "source broken")])
def test_each_reader_has_an_edition(lang: Lang, label: str) -> None:
    card = read_card(compose(draft(NOTICE)), "Asia/Seoul", lang)
    assert card.label == label
    assert ("내용 없음" in card.text) is (lang == "ko")
    assert ("no content" in card.text) is (lang == "en")
