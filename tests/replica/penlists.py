"""List pages in the manner of MediaPen, with the nine traps that its home page of 2018 set for readers."""

from __future__ import annotations

from html import escape
from itertools import chain

from tests.replica.furniture import furniture
from tests.replica.newsroom import Setting
from tests.replica.piece import Piece

MOBILE_PAGE = 15
HEADLINE_WITHOUT_LINK = "스타게이트 특집: 누구에게도 이어지지 않는 제목"
COMMENTED_OUT = 9_200_001  # an article number that stands in a comment only
AFTER_THE_END = 9_300_001  # and one in an anchor that the page's script writes as text


def entry_of(piece: Piece) -> str:
    """Return the first sentence or two, longer than any title and cut with dots (trap 6)."""
    return escape(" ".join(piece.paragraphs)[:110]) + "..."


def untidy(title: str) -> str:
    """Return the title with the double and trailing blanks of the real site (trap 7)."""
    return escape(title).replace(", ", ",  ", 1) + "  "


def desktop_list(setting: Setting, pieces: list[Piece], stale: int) -> str:
    """Lay out a desktop list: flash items, the list, and around them everything that is not news."""
    base, around = setting.base, furniture("미디어펜", setting.size)
    items = "".join(_item(base, piece) for piece in pieces)
    flash = "".join(_flash(base, piece) for piece in pieces[:2])
    # Trap 3: the same id three times.
    boxes = "".join(
        f'<div id="con_t_news" class="con_t_news_txt"><a href="{base}/news/view/{piece.number}">{untidy(piece.title)}</a></div>'
        for piece in pieces[2:5]
    )
    popup = (  # trap 9: an article of four months ago
        f'<div id="popup"><a href="{base}/news/view/{stale}"><img src="/p.png" alt=""></a>'
        f'<a href="{base}/news/view/{stale}">지난 특집 다시 보기</a></div>'
    )
    return (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">'
        '<html lang="ko"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
        '<title>시장경제 정론지 미디어펜</title><meta property="og:title" content="">'
        f'<meta property="og:description" content="">{around.head}</head><body><div id="wrap">{around.before}'
        f'<ul><li class="update">UPDATE : {pieces[0].kst[:16] if pieces else ""}</li></ul>'
        # Trap 5: links inside comments.
        f'<!-- <a href="{base}/news/view/{COMMENTED_OUT}">숨은 딥시크 기사</a> <a href="{base}/rss/">RSS</a> -->'
        f"{flash}{boxes}"
        # Trap 2: a headline that leads nowhere.
        f'<div class="news_line_txt"><a href="#">{HEADLINE_WITHOUT_LINK}</a></div>'
        # Trap 8: banners that lead to lists.
        f'<div class="banner"><a href="{base}/news/lists?series_cd=20050">핫이슈 연재 모아 보기</a></div>'
        f'<div class="list_news">{items}</div>{popup if stale else ""}</div>{around.after}</body></html>'
        # Trap 4: content after the end.
        f"\n<script>document.write(\"<a href='/news/view/{AFTER_THE_END}'>x</a>\")</script>"
        f'<div class="late"><a href="{base}/news/lists?series_cd=20038">사설</a></div>\n'
    )


def _item(base: str, piece: Piece) -> str:
    """Trap 1: an image anchor without text, a title anchor and an entry anchor for each article."""
    href = f"{base}/news/view/{piece.number}"
    return (
        f'<div class="list_news2"><div class="list_img"><a href="{href}"><img src="/t/{piece.number}.jpg" alt=""></a></div>'
        f'<div class="list_title2"><a href="{href}">{untidy(piece.title)}</a></div>'
        f'<div class="list_title3"><a href="{href}">{entry_of(piece)}</a></div></div>'
    )


def _flash(base: str, piece: Piece) -> str:
    """Lay out a flash item: its title begins inside a coloured word."""
    return (
        f'<ul><li class="issue_txt"><a href="{base}/news/view/{piece.number}"><font color=db0000>[속보]</font>'
        f"{untidy(piece.title)}</a></li></ul>"
    )


def mobile_list(setting: Setting, pieces: list[Piece]) -> str:
    """Lay out the mobile list: relative links, title and date in one text, advertisements between."""
    advert = '<li class="ad_text660"><a href="/news/lists?series_cd=20019">오픈AI 주식 정보 무료 제공</a></li>'
    items = [
        f'<li><a href="/news/view/{piece.number}">{untidy(piece.title)}\n{piece.kst[:16]}</a></li>' for piece in pieces
    ]
    rows = "".join(chain(items[:3], [advert], items[3:]))
    return (
        '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>미디어펜 모바일</title></head><body>'
        f'<ul class="main-list">{rows}</ul><a href="{setting.base}/news/lists/?menu=2&amp;page=2">더보기</a></body></html>\n'
    )
