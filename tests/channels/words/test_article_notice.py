"""What became of an article: a body of the published shape within its size, and a card that shows both sides."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from monitor.channels.words.article_notice import render_article_notice
from monitor.channels.words.compose import compose
from monitor.channels.words.edition import read_card
from monitor.channels.words.render import MAX_BODY
from monitor.channels.words.schemas import schema_text
from monitor.model.delivery import MessageDraft
from monitor.model.follow import CHANGED, REMOVED, ArticleNotice, FollowType
from monitor.model.plan import Lang
from monitor.model.records import ArticleRecord
from monitor.store.tables.rows import event_of, event_values
from tests.contracts.invented import NOW

ARTICLE = ArticleRecord(
    7, "https://news.example/7", "오픈AI, 부산에", "herald", "김기자", None, NOW, source_name="한빛"
)
NOTICE = ArticleNotice(
    CHANGED,
    NOW,
    ARTICLE,
    (("openai", "OpenAI"), ("korea", "한국")),
    "오픈AI, 서울에",
    ("오픈AI가 서울에 온다.",),
    ("오픈AI가 부산에 온다.",),
    ("오픈AI",),
)
GONE = replace(NOTICE, type=REMOVED, headline_before="", added=())
SCHEMAS = {kind: Draft202012Validator(json.loads(schema_text(kind))) for kind in (CHANGED, REMOVED)}


def draft(*notices: ArticleNotice) -> MessageDraft:
    return MessageDraft(5, NOW, notices)


@given(
    st.builds(
        ArticleNotice,
        st.sampled_from((CHANGED, REMOVED)),
        st.just(NOW),
        st.builds(
            lambda title, url: replace(ARTICLE, title=title, url=url), st.text(max_size=900), st.text(max_size=30)
        ),
        st.lists(st.tuples(st.text(max_size=200), st.text(max_size=200)), min_size=1, max_size=40).map(tuple),
        st.text(max_size=900),
        st.lists(st.text(max_size=900), max_size=20).map(tuple),
        st.lists(st.text(max_size=900), max_size=20).map(tuple),
        st.lists(st.text(max_size=200), max_size=20).map(tuple),
    )
)
def test_any_notice_gives_a_body_of_the_published_shape(notice: ArticleNotice) -> None:
    raw = render_article_notice(notice, 5)
    assert len(raw) <= MAX_BODY
    body = json.loads(raw)
    if body["data"]["summary"]["en"]:  # one that says nothing is never decided
        SCHEMAS[notice.type].validate(body)
    assert read_card(raw, "Asia/Seoul").label


def test_of_too_many_passages_both_sides_are_shown_and_all_counted() -> None:
    raw = render_article_notice(replace(NOTICE, removed=("가" * 300,) * 20, added=("나" * 300,) * 20), 5)
    passages = json.loads(raw)["data"]["passages"]
    assert len(raw) <= MAX_BODY
    assert (passages["removed_total"], passages["added_total"]) == (20, 20)
    assert abs(len(passages["removed"]) - len(passages["added"])) <= 1
    assert 0 < len(passages["added"]) < 20


@pytest.mark.parametrize(
    ("notice", "lang", "label", "shown"),
    [
        (
            NOTICE,
            "ko",
            "기사 수정: OpenAI, 한국",
            ["이전 제목: 오픈AI, 서울에", "− 오픈AI가 서울에", "+ 오픈AI가 부산에"],
        ),
        (NOTICE, "en", "article changed: OpenAI, 한국", ["was: 오픈AI, 서울에", "− 오픈AI가", "+ 오픈AI가"]),
        (GONE, "ko", "기사 삭제: OpenAI, 한국", ["− 오픈AI가 서울에 온다."]),
        (GONE, "en", "article removed: OpenAI, 한국", ["− 오픈AI가 서울에 온다."]),
        (replace(GONE, removed=()), "en", "article removed: OpenAI, 한국", ["the article was removed"]),
        (replace(GONE, removed=()), "ko", "기사 삭제: OpenAI, 한국", ["기사가 삭제되었습니다"]),
    ],
)
def test_people_see_what_was_and_what_is(notice: ArticleNotice, lang: Lang, label: str, shown: list[str]) -> None:
    card = read_card(compose(draft(notice)), "Asia/Seoul", lang)
    assert (card.label, card.title, card.link) == (label, ARTICLE.title, ARTICLE.url)
    assert all(text in card.text for text in shown)
    assert "한빛" in card.footing()


def test_two_of_them_are_a_digest() -> None:
    body = json.loads(compose(draft(NOTICE, GONE)))
    assert [item["type"] for item in body["data"]["items"]] == [CHANGED, REMOVED]
    assert "오픈AI, 부산에" in read_card(json.dumps(body).encode(), "Asia/Seoul").passage(900)


@pytest.mark.parametrize("kind", [CHANGED, REMOVED])
@pytest.mark.parametrize("published", [None, NOW])
def test_a_held_notice_comes_back_from_the_store_as_it_was(kind: FollowType, published: object) -> None:
    notice = replace(NOTICE, type=kind, article=replace(ARTICLE, published_at=published))  # type: ignore[arg-type]
    assert event_of(json.loads(json.dumps(event_values(notice)))) == notice
