"""A newspaper laid out like MediaPen (미디어펜): what public sources say about its pages, traps included.

Layouts of an article: "" has `div#articleBody` and `div.date-repoter` (the misspellings are the site's); "v2" has
`div.article-body` and no date but the clock in og:image; the AMP twin stands at /newsamp/view/N. `MobilePen` is the
mobile host, which sells from the same shelf.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from urllib.parse import parse_qs, urlsplit

from tests.replica.furniture import furniture, most_read
from tests.replica.newsroom import Document, Setting, Shelf
from tests.replica.penlists import MOBILE_PAGE, desktop_list, mobile_list
from tests.replica.piece import Piece
from tests.replica.writer import Writer

OUTLET = "미디어펜"
ECONOMY_LIST, IT_LIST = "/news/lists/?menu=2&cate_cd1=", "/news/lists/?menu=2&cate_cd2=40023"
ARTICLE = re.compile(r"/(news|newsamp)/view/(\d{1,9})")
STALE = 28_000  # how far below the newest number the popup's article lies: some four months
RELATED = ("딥시크가 바꾼 반도체 시장", "오픈AI 대표 방한 일정 보니")


@dataclass(frozen=True, slots=True)
class MediaPen:
    """The desktop site. `stale` is the number that the popup of every list points to (0 for no popup)."""

    outlet: str = OUTLET
    stale: int = 0

    @property
    def lists(self) -> Sequence[str]:
        """Return the paths of IT and economy."""
        return (IT_LIST, ECONOMY_LIST)

    @property
    def feeds(self) -> Sequence[str]:
        """Return none: the site has no feed that works."""
        return ()

    def path(self, number: int) -> str:
        """Return the path of an article."""
        return f"/news/view/{number}"

    def document(self, setting: Setting, target: str) -> Document | None:
        """Return a list (`/news/lists`, `/`) or an article in the layout that its piece asks for."""
        split = urlsplit(target)
        if split.path.rstrip("/") in {"", "/news/lists"}:
            pieces = listed(setting.shelf, split.query)
            return Document(desktop_list(setting, pieces, self.stale), changed=setting.shelf.lists_changed)
        found = ARTICLE.fullmatch(split.path)
        piece = setting.shelf.pieces.get(int(found[2])) if found else None
        if piece is None or found is None:
            return None
        text = amp(setting, piece) if found[1] == "newsamp" else desktop(setting, piece)
        return Document(text, changed=setting.shelf.changed[piece.number])


@dataclass(frozen=True, slots=True)
class MobilePen:
    """The mobile site of 2019-2020: 15 items a page, titles and dates in one anchor."""

    outlet: str = OUTLET

    @property
    def lists(self) -> Sequence[str]:
        """Return the path of economy."""
        return (ECONOMY_LIST,)

    @property
    def feeds(self) -> Sequence[str]:
        """Return none."""
        return ()

    def path(self, number: int) -> str:
        """Return the path of an article."""
        return f"/news/view/{number}"

    def document(self, setting: Setting, target: str) -> Document | None:
        """Return the list or an article."""
        split = urlsplit(target)
        if split.path.rstrip("/") in {"", "/news/lists"}:
            pieces = listed(setting.shelf, split.query, MOBILE_PAGE)
            return Document(mobile_list(setting, pieces), changed=setting.shelf.lists_changed)
        found = ARTICLE.fullmatch(split.path)
        piece = setting.shelf.pieces.get(int(found[2])) if found else None
        if piece is None:
            return None
        return Document(mobile(setting, piece), changed=setting.shelf.changed[piece.number])


def popup_piece(shelf: Shelf, newest: Piece) -> Piece:
    """Put the old article that the popup advertises on the shelf, unlisted; it names every watched term."""
    writer = Writer(seed=newest.number, first=newest.number - STALE)
    terms = ("deepseek", "openai", "stargate")
    piece = writer.piece(newest.published_at - timedelta(days=112), terms=terms)
    shelf.put(piece, hidden=True)
    return piece


def listed(shelf: Shelf, query: str, length: int = 20) -> list[Piece]:
    """Return the pieces of one list page: filtered by `cate_cd2`, cut by `page`."""
    asked = parse_qs(query)
    section = asked.get("cate_cd2", [""])[0]
    pages = asked.get("page", ["1"])[0]
    page = max(1, int(pages)) if pages.isdecimal() else 1
    pieces = [piece for piece in shelf.newest() if section in {"", piece.section}]
    return pieces[(page - 1) * length : page * length]


def body_lines(piece: Piece) -> list[str]:
    """Return the body as a reader should get it: bylines at both ends, no caption, no related list, no anchor."""
    byline = f"[{OUTLET}={piece.reporter} 기자]" if piece.reporter else ""
    first, *others = piece.paragraphs or ("",)
    note = [f"{piece.note}/편집자주"] if piece.note else []
    return [line for line in (*note, f"{byline} {first}".strip(), *others, byline) if line]


def image(setting: Setting, piece: Piece) -> str:
    """Return the address of the photo; its name holds the second clock, the time of upload."""
    month = piece.kst[:7].replace("-", "")
    return f"{setting.base}/image/{month}/news_{piece.number}_{piece.unix}_m.jpg"


def head(setting: Setting, piece: Piece) -> str:
    """Return the head of an article page: Open Graph, no article:published_time, no JSON-LD."""
    og_title = "" if setting.drift.empty_og_title else escape(piece.title)
    url = f"{setting.base}/news/view/{piece.number}"
    return (
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
        f"<title>{escape(piece.title)} - {OUTLET}</title>"
        f'<meta property="og:site_name" content="{OUTLET}"><meta property="og:type" content="article">'
        f'<meta property="og:url" content="{url}"><meta property="og:title" content="{og_title}">'
        f'<meta property="og:image" content="{image(setting, piece)}">'
        f'<meta property="og:description" content="{escape(piece.subtitle)}">'
        '<meta name="twitter:card" content="summary_large_image"><meta name="twitter:creator" content="@mediapen">'
        f'<link rel="amphtml" href="{setting.base}/newsamp/view/{piece.number}">'
    )


def related(setting: Setting) -> str:
    """Return the list of related articles, marked by its first character alone."""
    links = "".join(f'<a href="{setting.base}/news/view/{9_100_001 + i}">{t}</a><br>' for i, t in enumerate(RELATED))
    return f"<div>▶ 관련기사<br>{links}</div>"


def inner(setting: Setting, piece: Piece) -> str:
    """Return what stands inside the body's container: noise is marked by text alone, never by a class."""
    *lines, tail = body_lines(piece)
    note = f"<div>{escape(lines.pop(0))}</div>" if piece.note else ""
    text = [
        f"{escape(line)}<br><br>" if index % 3 else f"<div>{escape(line)}</div>" for index, line in enumerate(lines)
    ]
    caption = f"<div>▲ {escape(piece.caption)}</div>" if piece.caption else ""
    photo = f'<figure><img src="{image(setting, piece)}" alt=""></figure>{caption}'
    another = f'{escape(tail)} <a href="{setting.base}/news/lists/?reporter={piece.number % 97}">▶다른기사보기</a>'
    leak = most_read(setting.base + "/news/view/{number}") if setting.drift.related_in_body else ""
    scripts = '<script>adsbygoogle=[];</script><iframe src="about:blank"></iframe>'
    return f"{note}{text[0]}{photo}{''.join(text[1:])}{scripts}{related(setting)}{leak}{another}"


def desktop(setting: Setting, piece: Piece) -> str:
    """Lay out the desktop page, V1 or V2."""
    around = furniture(OUTLET, setting.size)
    second = piece.layout == "v2"
    date = "" if second else f'<div class="date-repoter">{piece.kst} | {piece.reporter} 기자</div>'
    container = '<div class="article-body">' if second else '<div id="articleBody">'
    return (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">'
        f'<html lang="ko"><head>{head(setting, piece)}{around.head}</head><body><div id="wrap">{around.before}'
        '<div class="container"><div><div class="article-warp">'
        '<div class="article-content pt-20 text-center"><div><div class="article-top pt-20">'
        f'<h1>{escape(piece.title)}</h1><div class="subtitle">{escape(piece.subtitle)}</div>{date}</div></div>'
        f"{container}{inner(setting, piece)}</div>"
        f"{most_read(setting.base + '/news/view/{number}')}"
        f"</div></div></div></div>{around.after}</div></body></html>\n"
    )


def amp(setting: Setting, piece: Piece) -> str:
    """Lay out the AMP twin, V3."""
    return (
        f'<!doctype html><html amp lang="ko"><head><meta charset="utf-8">{head(setting, piece)}'
        f'<link rel="canonical" href="{setting.base}/news/view/{piece.number}"></head><body><article>'
        f'<h1>{escape(piece.title)}</h1><div class="subtitle">{escape(piece.subtitle)}</div>'
        f'<div class="date-repoter">{piece.kst} | {piece.reporter} 기자</div>'
        f'<div class="article-body">{inner(setting, piece)}</div></article>'
        f"{most_read(setting.base + '/newsamp/view/{number}')}</body></html>\n"
    )


def mobile(setting: Setting, piece: Piece) -> str:
    """Lay out the mobile page: the date is the second text of its anchor, to the minute."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in body_lines(piece))
    return (
        f'<!doctype html><html lang="ko"><head>{head(setting, piece)}</head><body>'
        f'<h2 class="news_title">{escape(piece.title)}</h2>'
        f'<a class="news_author" href="#"><span>{piece.reporter} 기자</span> {piece.kst[:16]}</a>'
        f'<div class="news_contents">{paragraphs}</div>{most_read(setting.base + "/news/view/{number}")}</body></html>\n'
    )
