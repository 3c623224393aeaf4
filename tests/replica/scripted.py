"""Replicas of families whose pages print nothing: the article stands in a script, and the browser draws it.

Arc's structure is that of its public specification (ANS). What 한국일보 calls the fields of its stream is not known: the
names here are those that the definition looks for.
"""

from __future__ import annotations

import json
from html import escape

from tests.replica.family import MACHINE, SECTIONS, Family, edited_iso, head, iso
from tests.replica.newsroom import Setting
from tests.replica.piece import Piece


def arc(_: Setting, piece: Piece) -> str:
    """Lay out 조선일보: an empty shell around `Fusion.globalContent`, among other variables."""
    first, *others = piece.paragraphs
    content = {
        "type": "story",
        "headlines": {"basic": piece.title, "mobile": ""},
        "subheadlines": {"basic": piece.subtitle},
        "created_date": "2001-01-01T00:00:00Z",
        "first_publish_date": iso(piece),
        "last_updated_date": edited_iso(piece),
        "credits": {"by": [{"name": "desk", "additional_properties": {"original": {"byline": piece.reporter}}}]},
        "taxonomy": {"primary_section": {"name": SECTIONS[piece.section]}},
        "content_elements": [
            {"type": "text", "content": f"<b>{escape(first[:5])}</b>{escape(first[5:])}"},
            {"type": "image", "caption": piece.caption, "url": "/p.jpg"},
            {"type": "interstitial_link", "content": MACHINE},
            *({"type": "text", "content": escape(line)} for line in others),
        ],
        "related_content": {"basic": [{"headlines": {"basic": MACHINE}}]},
    }
    script = (
        "window.Fusion=window.Fusion||{};Fusion.arcSite='chosun';"
        f"Fusion.globalContent={script_json(content)};Fusion.globalContentConfig={{}};"
    )
    return f'{head(piece.title, " - 조선일보")}<body><div id="fusion-app"></div><script>{script}</script></body></html>'


def next_data(_: Setting, piece: Piece) -> str:
    """Lay out a paper on Next.js with page properties."""
    article = {
        "headline": piece.title,
        "subTitle": piece.subtitle,
        "contentHtml": html_of(piece),
        "datePublished": iso(piece),
        "modifiedAt": edited_iso(piece),
        "reporterName": f"{piece.reporter} 기자",
        "sectionName": SECTIONS[piece.section],
        "imageCaption": piece.caption,
    }
    data = {"props": {"pageProps": {"article": article, "ranking": [{"name": MACHINE}]}}, "page": "/news/[id]"}
    return (
        f'{head(piece.title, "", og="")}<body><div id="__next"></div>'
        f'<script id="__NEXT_DATA__" type="application/json">{script_json(data)}</script></body></html>'
    )


def hankook_2026(_: Setting, piece: Piece) -> str:
    """Lay out 한국일보 as in January 2026: a stream of rows cut anywhere, no metadata of use, no paragraphs."""
    body = html_of(piece)
    article = {
        "headline": piece.title,
        "subTitle": piece.subtitle,
        "contentHtml": "$1a",
        "datePublished": iso(piece),
        "modifiedAt": edited_iso(piece),
        "reporterName": piece.reporter,
        "sectionName": SECTIONS[piece.section],
        "imageCaption": piece.caption,
    }
    rows = json.dumps(["$", "div", None, {"article": article}], ensure_ascii=False)
    stream = (
        f'0:I["static/chunks/app.js"]\n1a:T{len(body.encode()):x},{body}2:{rows}\n3:["$","aside",null,"{MACHINE}"]\n'
    )
    chunks = [stream[at : at + 701] for at in range(0, len(stream), 701)]
    pushed = "".join(f"<script>self.__next_f.push({script_json([1, chunk])})</script>" for chunk in chunks)
    return (
        '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>한국일보</title></head>'
        f"<body><p>불러오는 중</p><script>(self.__next_f=self.__next_f||[]).push([0])</script>{pushed}</body></html>"
    )


def html_of(piece: Piece) -> str:
    """Return the body as HTML."""
    return "".join(f"<p>{escape(line)}</p>" for line in piece.paragraphs)


def script_json(value: object) -> str:
    """Return JSON that may stand in a script element: markup is written so that no parser sees it."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")


SCRIPTED = (
    Family("chosun", "조선일보", "/economy/tech/2025/02/05/{number:026d}/", arc),
    Family("nextjs", "물결신문", "/news/{number}", next_data),
    Family("hankookilbo", "한국일보", "/news/article/A{number:019d}", hankook_2026),
)
