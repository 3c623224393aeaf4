from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.generic.generic_body import generic_body

FIVE = [f"한빛전자가 새 모델을 {day}일 공개했다. 관계자는 성능이 {day}배 좋아졌다고 말했다." for day in range(1, 6)]
TEXT = "".join(f"<p>{line}</p>" for line in FIVE)
CARD = (
    '<section class="box"><h3><a href="/1">날씨 소식 모음</a></h3>'
    "<p>날씨 소식이 오늘 오전에 들어왔다. 관계자는 상황을 지켜보고 있다고 말했다.</p></section>"
)
CARDS = f'<div id="etc">{CARD * 8}</div>'
REPORT = "".join(
    f"<p>본 기사의 {n}번째 문단은 길게 이어진다. 연구소는 {n}년째 바다를 본다고 했다.</p>" for n in range(9)
)


def _lines(html: str) -> list[str]:
    return generic_body(LexborHTMLParser(f"<html><body>{html}</body></html>")).lines


@pytest.mark.parametrize(
    "attributes",
    [
        'role="tablist"',
        'role="complementary"',
        'role="banner"',
        'role="toolbar"',
        'class="hero-banner"',
        'class="story-widget-text"',
        'class="promo" role="region"',
        'id="gallery-wrap"',
        'class="slider"><div class="widget"',
    ],
)
def test_a_name_makes_no_furniture_of_the_only_text(attributes: str) -> None:
    html = f"<div id=main><h1>새 모델 공개</h1><div {attributes}>{TEXT}</div></div>{CARDS}"
    assert set(FIVE) <= set(_lines(html))


@pytest.mark.parametrize("heading", ["<h2>새 모델 공개</h2>", "<h1>보기신문</h1><h2>새 모델 공개</h2>"])
@pytest.mark.parametrize("card", [CARD, CARD.replace('<a href="/1">', "").replace("</a>", "")])
def test_teasers_of_any_form_do_not_take_its_place(heading: str, card: str) -> None:
    lines = _lines(f"<div>{heading}<div class=hero-banner>{TEXT}</div></div><div id=etc>{card * 8}</div>")
    assert set(FIVE) <= set(lines)


@pytest.mark.parametrize(
    "attributes", ['role="tablist"', 'role="contentinfo"', 'role="search"', 'class="hero-banner"', 'id="promo-top"']
)
def test_a_box_with_headline_and_text_is_read(attributes: str) -> None:
    assert set(FIVE) <= set(_lines(f"<div {attributes}><h1>새 모델 공개</h1><div>{TEXT}</div></div>{CARDS}"))


@pytest.mark.parametrize(
    "attributes",
    [
        'class="comments"',
        'class="paywall"',
        'id="subscribe-box"',
        'class="cookie-consent"',
        'role="dialog"',
        "hidden",
        'aria-hidden="true"',
        'id="related"',
    ],
)
def test_what_is_surely_furniture_stays_out(attributes: str) -> None:
    assert not set(FIVE) & set(_lines(f"<h1>새 모델 공개</h1><div {attributes}>{TEXT}</div>{CARDS}"))


def test_furniture_above_a_longer_text_stays_out() -> None:
    lines = _lines(f"<h1>새 모델 공개</h1><div class=promo>{TEXT}</div><div>{REPORT}</div>")
    assert lines
    assert not set(FIVE) & set(lines)


def test_furniture_below_the_text_stays_out() -> None:
    lines = _lines(f"<h1>새 모델 공개</h1><div class=content>{TEXT}</div><div class=widget>{REPORT}</div>{CARDS}")
    assert set(FIVE) <= set(lines)
    assert not any("본 기사의" in line for line in lines)


@pytest.mark.parametrize(
    "frame",
    [
        '<div class="social-media-embed">{}</div>',
        '<div class="widget"><div class="sns-post">{}<script src="x"></script></div></div>',
        '<section class="social">\n{}\n</section>',
    ],
)
def test_a_quoted_post_is_text(frame: str) -> None:
    post = "나는 이 모델이 정말 좋다고 생각한다고 그가 썼다."
    quoted = frame.format(f'<blockquote class="twitter-tweet"><p>{post}</p></blockquote>')
    assert _lines(f"<div class=story>{TEXT}{quoted}{REPORT}</div>")[5] == post


def test_a_hidden_frame_is_none() -> None:
    quoted = '<div class="social" hidden><blockquote><p>아무도 보지 못하는 글이 여기에 있다.</p></blockquote></div>'
    assert not any("아무도" in line for line in _lines(f"<div class=story>{TEXT}{quoted}{REPORT}</div>"))
