"""An entry's page, through those that send on or continue it; and what becomes of an entry whose page is none."""

from __future__ import annotations

from itertools import pairwise

import pytest

from monitor.model.errors import FetchError, FetchReason
from monitor.model.event import ArticleRewritten
from monitor.model.records import HitQuery
from monitor.model.task import Poll
from monitor.pipeline.page_reader import MOST_FORWARDS, MOST_PAGES
from tests.pipeline.app import App

POLL = Poll("paper", at_once=True)
TITLE = "기사 번호 2 의 충분히 긴 제목입니다"
HOME = "https://paper.example"


async def begin(app: App) -> None:
    app.press.listing(1)
    app.press.article(1, "아무 일도 없다.")
    await app.run(POLL)
    app.clock.pass_(minutes=5)
    app.press.listing(2, 1)


def hits(app: App) -> list[tuple[str, str]]:
    with app.reader() as reader:
        return [(hit.rule_id, hit.article.title) for hit in reader.hits(HitQuery())]


def stub(target: str) -> str:
    return f'<title>이동 중</title><meta http-equiv="refresh" content="0;url={target}"><p>잠시만 기다려 주십시오</p>'


def part(title: str, body: str, further: str = "") -> str:
    link = f'<link rel="next" href="{further}">' if further else ""
    text = f"<p>{body}</p>" + "<p>이 기사는 시험을 위하여 지어낸 것이다. 아무 뜻이 없는 문장이 이어진다.</p>" * 6
    return (
        f"<html><head><title>{title}</title>{link}</head><body><article><h1>{title}</h1>{text}</article></body></html>"
    )


@pytest.mark.parametrize("forwards", [1, MOST_FORWARDS, MOST_FORWARDS + 1])
async def test_a_page_that_sends_on_is_followed_so_far(app: App, forwards: int) -> None:
    await begin(app)
    target = app.press.article(2, "오픈AI가 나온다.")
    text = app.press.pages[target]
    chain = [target, *(f"{HOME}/go/{n}" for n in range(1, forwards)), f"{HOME}/story/2"]
    for here, there in pairwise(chain):
        app.press.pages[here] = stub(there)
    app.press.pages[chain[-1]] = text
    await app.run(POLL)
    assert hits(app) == ([("openai", TITLE)] if forwards <= MOST_FORWARDS else [])


async def test_pages_that_send_in_circles_end(app: App) -> None:
    await begin(app)
    target = app.press.article(2, "오픈AI가 나온다.")
    app.press.pages[target] = stub(f"{HOME}/go/1")
    app.press.pages[f"{HOME}/go/1"] = stub(target)
    await app.run(POLL)
    assert len(app.press.asked) < 12


async def test_an_article_goes_on_over_a_few_pages(app: App) -> None:
    await begin(app)
    target = app.press.article(2, "처음이다.")
    pages = [target, *(f"{target}?page={n}" for n in range(2, MOST_PAGES + 4))]
    for number, (here, there) in enumerate(pairwise(pages), 1):
        body = "오픈AI가 끝에 나온다." if number == MOST_PAGES else f"{number}쪽이다."
        app.press.pages[here] = part(TITLE, body, there)
    await app.run(POLL)
    assert hits(app) == [("openai", TITLE)]
    assert sum(url.startswith(target) for url in app.press.asked) == MOST_PAGES


async def test_a_further_page_that_fails_costs_nothing(app: App) -> None:
    await begin(app)
    target = app.press.article(2, "")
    app.press.pages[target] = part(TITLE, "오픈AI가 나온다.", f"{target}?page=2")
    await app.run(POLL)
    assert hits(app) == [("openai", TITLE)]


async def test_the_next_article_is_no_next_page(app: App) -> None:
    await begin(app)
    target = app.press.article(2, "")
    app.press.pages[target] = part(TITLE, "처음이다.", f"{target}/2")
    app.press.pages[f"{target}/2"] = part("오픈AI 이야기는 다른 기사다", "오픈AI가 나온다.")
    await app.run(POLL)
    assert hits(app) == []


async def test_a_notice_in_an_articles_place_leaves_the_headline(app: App) -> None:
    await begin(app)
    app.press.pages["https://paper.example/list"] = str(app.press.pages["https://paper.example/list"]).replace(
        TITLE, "딥시크와 오픈AI, 서울에서 만나다"
    )
    target = app.press.article(2, "")
    app.press.pages[target] = "<title>서비스 점검 안내</title><p>더 나은 서비스를 위해 점검하고 있습니다.</p>"
    await app.run(POLL)
    assert hits(app) == [("openai", "딥시크와 오픈AI, 서울에서 만나다")]


async def test_a_rewritten_article_is_told_once_for_what_is_new(app: App) -> None:
    await begin(app)
    app.press.article(2, "아직 아무것도 없다.")
    await app.run(POLL)
    assert hits(app) == []
    for number, title in enumerate(("오픈AI와 함께 한다는 긴 제목(종합)", "오픈AI와 함께 한다는 긴 제목(종합2보)")):
        app.clock.pass_(minutes=5)
        app.press.pages["https://paper.example/list"] = (
            f'<html lang=ko><body><a href="/news/view/1002">{title}</a></body></html>'
        )
        app.press.article(2, f"오픈AI가 함께 한다고 한다. {number}", title)
        await app.run(POLL)
    assert len(app.post.sent) == 1
    assert hits(app) == [("openai", "오픈AI와 함께 한다는 긴 제목(종합2보)")]
    told = [event for event in app.witness.events if isinstance(event, ArticleRewritten)]
    assert [event.before for event in told] == [TITLE, "오픈AI와 함께 한다는 긴 제목(종합)"]


async def test_a_rewritten_article_whose_page_is_gone_keeps_its_text(app: App) -> None:
    await begin(app)
    target = app.press.article(2, "아직 아무것도 없다.")
    await app.run(POLL)
    app.clock.pass_(minutes=5)
    app.press.pages["https://paper.example/list"] = (
        '<html><body><a href="/news/view/1002">오픈AI와 함께 한다는 긴 제목</a></body></html>'
    )
    app.press.pages[target] = "<title>없는 기사</title><p>삭제된 기사입니다.</p>"
    await app.run(POLL)
    assert hits(app) == [("openai", TITLE)]


async def test_a_headline_is_told_at_once_when_its_page_cannot_be_had_yet(app: App) -> None:
    await begin(app)
    headline = "오픈AI와 함께 한다는 긴 제목"
    app.press.pages["https://paper.example/list"] = (
        f'<html><body><a href="/news/view/1002">{headline}</a></body></html>'
    )
    target = app.press.article(2, "딥시크도 나온다. 오픈AI가 또 나온다.", headline)
    text = app.press.pages[target]
    app.press.pages[target] = FetchError(target, FetchReason.TIMEOUT, "slow", transient=True)
    await app.run(POLL)
    assert [sent.seq for sent in app.post.sent] == [1]
    app.clock.pass_(minutes=2)
    await app.run(POLL)
    assert len(app.post.sent) == 1, "it is still waited for"
    app.press.pages[target] = text
    app.clock.pass_(minutes=10)
    await app.run(POLL)
    assert len(app.post.sent) == 1, "nothing new is met"
    with app.reader() as reader:
        (hit,) = reader.hits(HitQuery())
    assert len(hit.matches) > 1, "it stands in the text too"
    app.clock.pass_(hours=9)
    asked = len(app.press.asked)
    await app.run(POLL)
    assert app.press.asked[asked:].count(target) == 0, "it is done"


async def test_a_headline_that_no_rule_meets_waits_for_its_page(app: App) -> None:
    await begin(app)
    target = app.press.article(2, "오픈AI가 나온다.")
    text = app.press.pages[target]
    app.press.pages[target] = FetchError(target, FetchReason.TIMEOUT, "slow", transient=True)
    await app.run(POLL)
    assert hits(app) == []
    app.press.pages[target] = text
    app.clock.pass_(minutes=5)
    await app.run(POLL)
    assert len(app.post.sent) == 1
