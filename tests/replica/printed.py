"""Replicas of families whose pages print the article: 뉴스핌, 연합뉴스, 매일경제, 네이버, WordPress, 한국일보 of 2025.

Containers, clocks and traps are those that public scrapers know; everything else on the pages is invented.
"""

from __future__ import annotations

import json
from html import escape

from tests.replica.family import MACHINE, SECTIONS, TAIL, Family, edited, edited_iso, head, iso, meta
from tests.replica.furniture import most_read
from tests.replica.newsroom import Setting
from tests.replica.piece import KST, Piece


def paragraphs(lines: list[str], mark: str = "") -> list[str]:
    """Lay lines out as paragraphs."""
    return [f"<p{mark}>{escape(line)}</p>" for line in lines]


def figure(piece: Piece, mark: str = "") -> str:
    """Lay out a photo with its caption."""
    return f'<figure{mark}><img src="/p.jpg" alt=""><figcaption>{escape(piece.caption)}</figcaption></figure>'


def newspim_lines(piece: Piece) -> list[str]:
    """Return the body with its byline."""
    first, *others = piece.paragraphs
    return [f"[서울=뉴스핌] {piece.reporter} 기자 = {first}", *others]


def newspim(_: Setting, piece: Piece) -> str:
    """Lay out 뉴스핌: the clock is a Korean date of minutes in a span."""
    first, *others = paragraphs(newspim_lines(piece))
    clock = piece.published_at.astimezone(KST).strftime("%Y년%m월%d일 %H:%M")
    return (
        f"{head(piece.title, ' - 뉴스핌')}<body>"
        f'<h2>{escape(piece.title)}</h2><p>기사입력 : <span id="send-time">{clock}</span></p>'
        f'<div id="news-contents">{first}<p>▲ {escape(piece.caption)}/사진=제공</p>{"".join(others)}'
        f"<p>▶ 관련기사 {MACHINE}</p></div>{most_read('/news/view/{number:014d}')}</body></html>"
    )


def yna(_: Setting, piece: Piece) -> str:
    """Lay out 연합뉴스: the first article element is a machine's summary, the clock stands in JSON-LD."""
    data = {"@type": "NewsArticle", "datePublished": iso(piece), "dateModified": edited_iso(piece)}
    body = paragraphs(list(piece.paragraphs))
    return (
        f"{head(piece.title, ' | 연합뉴스', more=meta('article:section', SECTIONS[piece.section]))}"
        f'<script type="application/ld+json">{json.dumps(data)}</script><body>'
        f'<h1 class="tit01">{escape(piece.title)}</h1><h2 class="tit-sub">{escape(piece.subtitle)}</h2>'
        f'<article class="story-summary"><p>{MACHINE}</p></article>'
        f'<article class="story-news article">{body[0]}{figure(piece)}'
        f'<aside class="comp-box"><p>{MACHINE}</p></aside>{"".join(body[1:])}'
        f'<div class="related-group"><a href="/view/AKR00000000000000001">{MACHINE}</a></div>'
        f'<div class="writer-zone01"><strong class="tit-name">{piece.reporter}</strong><p>mail@example.kr</p></div>'
        f'<p class="txt-copyright">{TAIL}</p></article></body></html>'
    )


def mk(_: Setting, piece: Piece) -> str:
    """Lay out 매일경제: three h1 and none is the headline; titles end with the outlet's name; naive times."""
    first, *others = paragraphs(list(piece.paragraphs), ' refid="0"')
    times = meta("article:published_time", piece.kst) + meta("article:modified_time", edited(piece))
    more = times + meta("og:site_name", "매일경제") + meta("article:section", SECTIONS[piece.section])
    return (
        f"{head(piece.title, ' - 매일경제', more=more, og=piece.title + ' - 매일경제')}<body>"
        f"<h1>매일경제</h1><h1>{MACHINE}</h1><h1>많이 본 뉴스</h1>"
        f'<h2 class="news_ttl">{escape(piece.title)}</h2><dl class="author"><a>{piece.reporter} 기자</a></dl>'
        f'<dl class="registration"><dt>입력 :</dt><dd>{piece.kst}</dd></dl>'
        f'<div class="news_cnt_detail_wrap" itemprop="articleBody"><div class="midtitle_text">{escape(piece.subtitle)}</div>'
        f"{first}{figure(piece)}{''.join(others)}</div>{most_read('/news/it/{number}')}</body></html>"
    )


def naver(_: Setting, piece: Piece) -> str:
    """Lay out 네이버: text broken by br, captions in em, times without a zone in attributes."""
    first, *others = (escape(line) for line in piece.paragraphs)
    photo = f'<span class="end_photo_org"><img src="/p.jpg"><em class="img_desc">{escape(piece.caption)}</em></span>'
    return (
        f"{head(piece.title, '')}<body>"
        f'<h2 id="title_area" class="media_end_head_headline"><span>{escape(piece.title)}</span></h2>'
        f'<span class="media_end_head_info_datestamp_time _ARTICLE_DATE_TIME" data-date-time="{piece.kst}">2025.02.05.</span>'
        f'<span class="media_end_head_info_datestamp_time" data-modify-date-time="{edited(piece)}">2025.02.05.</span>'
        f'<em class="media_end_head_journalist_name">{piece.reporter} 기자</em>'
        f'<em class="media_end_categorize_item">{SECTIONS[piece.section]}</em>'
        f'<div id="newsct_article"><article id="dic_area"><strong class="media_end_summary">{escape(piece.subtitle)}</strong>'
        f"{first}<br><br>{photo}{'<br><br>'.join(others)}</article></div><p>{TAIL}</p>"
        f"{most_read('/article/001/{number:010d}')}</body></html>"
    )


def wordpress(_: Setting, piece: Piece) -> str:
    """Lay out WordPress as its themes do: entry-content with sharing buttons and related posts inside."""
    first, *others = paragraphs(list(piece.paragraphs))
    return (
        f"{head(piece.title, ' | 바이라인네트워크', og='')}<body><article>"
        f'<h1 class="entry-title">{escape(piece.title)}</h1><div class="entry-meta">'
        f'<span class="author vcard"><a href="/author/1">{piece.reporter}</a></span>'
        f'<a href="/category/it" rel="category tag">{SECTIONS[piece.section]}</a>'
        f'<time class="entry-date published" datetime="{iso(piece)}">2025년 2월 5일</time>'
        f'<time class="updated" datetime="{edited_iso(piece)}">2025년 2월 5일</time></div>'
        f'<div class="entry-content">{first}{figure(piece, " class=wp-caption")}{"".join(others)}'
        f'<div class="sharedaddy"><h3>공유하기</h3></div><div class="jp-relatedposts"><p>{MACHINE}</p></div></div></article>'
        f"{most_read('/{number}/')}</body></html>"
    )


def hankook_2025(_: Setting, piece: Piece) -> str:
    """Lay out 한국일보 as it was until 2025: `end-body`, a title with a section's tail."""
    first, *others = paragraphs(list(piece.paragraphs))
    times = meta("article:published_time", iso(piece)) + meta("article:modified_time", edited_iso(piece))
    more = times + meta("og:site_name", "한국일보") + meta("article:section", SECTIONS[piece.section])
    return (
        f"{head(piece.title, '-정치ㅣ한국일보', more=more, og=piece.title + '-정치ㅣ한국일보')}<body>"
        f'<h1 class="title">{escape(piece.title)}</h1><div class="writer"><span class="name">{piece.reporter}</span></div>'
        f'<div class="end-body">{first}{figure(piece)}{"".join(others)}</div>{most_read("/news/article/A{number:019d}")}'
        "</body></html>"
    )


PRINTED = (
    Family("newspim", "뉴스핌", "/news/view/{number:014d}", newspim, newspim_lines,
           frozenset({"subtitle", "section", "modified_at"})),
    Family("yna", "연합뉴스", "/view/AKR{number:017d}", yna),
    Family("mk", "매일경제", "/news/it/{number:08d}", mk),
    Family("naver_news", "네이버 뉴스", "/mnews/article/001/{number:010d}", naver),
    Family("byline", "바이라인네트워크", "/{number}/", wordpress, lacks=frozenset({"subtitle"})),
    Family("hankookilbo", "한국일보", "/News/Read/A{number:019d}", hankook_2025, lacks=frozenset({"subtitle"})),
)  # fmt: skip
