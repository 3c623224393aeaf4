"""A newspaper on the ndsoft content system, in cp949 that it declares as euc-kr, as old Korean sites do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs, urlsplit

from tests.replica.furniture import furniture, most_read
from tests.replica.newsroom import Document, Setting
from tests.replica.piece import KST, Piece

LIST, FEED, ARTICLE = "/news/articleList.html", "/rss/allArticle.xml", "/news/articleView.html"
SUMMARY = (
    "기계 요약: 딥시크와 오픈AI, 스타게이트를 한눈에"  # written by no reporter; naming all terms makes a leak show
)
PER_LIST, PER_FEED = 20, 50


@dataclass(frozen=True, slots=True)
class NdSoft:
    """The default name holds a syllable that cp949 has and euc-kr proper lacks, so every page tells them apart."""

    outlet: str = "펲테크신문"
    charset: str = "cp949"

    @property
    def lists(self) -> Sequence[str]:
        """Return the path of all articles."""
        return (f"{LIST}?view_type=sm",)

    @property
    def feeds(self) -> Sequence[str]:
        """Return the path of the feed of all articles."""
        return (FEED,)

    def path(self, number: int) -> str:
        """Return the path of an article."""
        return f"{ARTICLE}?idxno={number}"

    def document(self, setting: Setting, target: str) -> Document | None:
        """Return the list, the feed or an article."""
        split = urlsplit(target)
        if split.path == LIST:
            return self._document(setting, self._list(setting))
        if split.path == FEED:
            return self._document(setting, self._feed(setting), "application/xml")
        number = parse_qs(split.query).get("idxno", [""])[0] if split.path == ARTICLE else ""
        piece = setting.shelf.pieces.get(int(number)) if number.isdecimal() else None
        if piece is None:
            return None
        text = self._article(setting, piece)
        return Document(text, charset=self.charset, changed=setting.shelf.changed[piece.number])

    def body_lines(self, piece: Piece) -> list[str]:
        """Return the body as a reader should get it."""
        first, *others = piece.paragraphs
        return [f"[{self.outlet} {piece.reporter} 기자] {first}", *others]

    @property
    def _declared(self) -> str:
        return "euc-kr" if self.charset == "cp949" else self.charset

    def _document(self, setting: Setting, text: str, kind: str = "text/html") -> Document:
        return Document(text, kind, self.charset, setting.shelf.lists_changed)

    def _list(self, setting: Setting) -> str:
        around = furniture(self.outlet, setting.size)
        rows = "".join(
            f'<li><a href="{escape(self.path(piece.number))}" class="thumb"><img src="/t.jpg" alt=""></a>'
            f'<h4 class="titles"><a href="{escape(self.path(piece.number))}" target="_top">{escape(piece.title)}</a></h4>'
            f'<p class="lead line-6x2"><a href="{escape(self.path(piece.number))}">{escape(piece.paragraphs[0][:90])}...</a></p>'
            f'<span class="byline"><em>IT</em><em>{piece.reporter} 기자</em><em>{piece.kst[5:16]}</em></span></li>'
            for piece in setting.shelf.newest()[:PER_LIST]
        )
        return (
            f'<!DOCTYPE html><html lang="ko"><head><meta charset="{self._declared}"><title>전체기사 - {self.outlet}</title>'
            f"{around.head}</head><body>{around.before}"
            f'<section id="section-list"><ul class="type2">{rows}</ul></section>{around.after}</body></html>\n'
        )

    def _feed(self, setting: Setting) -> str:
        """Lay out the feed: dates without a zone, in Korean time."""
        items = "".join(
            f"<item><title><![CDATA[{piece.title}]]></title>"
            f"<link>{escape(setting.base + self.path(piece.number))}</link>"
            f"<description><![CDATA[{piece.paragraphs[0][:120]}]]></description>"
            f"<author>{piece.reporter} 기자</author><pubDate>{piece.kst}</pubDate></item>"
            for piece in setting.shelf.newest()[:PER_FEED]
        )
        return (
            f'<?xml version="1.0" encoding="{self._declared}"?>\n<rss version="2.0"><channel><title>{self.outlet}</title>'
            f"<link>{setting.base}</link><language>ko</language>{items}</channel></rss>\n"
        )

    def _article(self, setting: Setting, piece: Piece) -> str:
        around = furniture(self.outlet, setting.size)
        published = piece.published_at.astimezone(KST).isoformat()
        photo = f"<figure><img src='/p.jpg' alt=''><figcaption>▲ {escape(piece.caption)}</figcaption></figure>"
        lines = [f"<p>{escape(line)}</p>" for line in self.body_lines(piece)]
        return (
            f'<!DOCTYPE html><html lang="ko"><head><meta charset="{self._declared}">'
            f"<title>{escape(piece.title)} - {self.outlet}</title>"
            f'<meta property="og:title" content="{escape(piece.title)}"><meta property="og:site_name" content="{self.outlet}">'
            f'<meta property="article:published_time" content="{published}">'
            f'<link rel="canonical" href="{escape(setting.base + self.path(piece.number))}">{around.head}</head>'
            f'<body>{around.before}<header class="article-view-header"><h3 class="heading">{escape(piece.title)}</h3>'
            f'<h4 class="subheading">{escape(piece.subtitle)}</h4><ul class="infomation"><li>{piece.reporter} 기자</li>'
            f"<li>승인 {piece.kst[:16].replace('-', '.')}</li></ul></header>"
            f'<div class="ai-summary"><p>{SUMMARY}</p></div>'
            f'<article id="article-view-content-div" class="article-veiw-body">{lines[0]}{photo}{"".join(lines[1:])}</article>'
            f'<div class="view-copyright">저작권자 © {self.outlet} 무단전재 및 재배포 금지</div>'
            f"{most_read(ARTICLE + '?idxno={number}')}{around.after}</body></html>\n"
        )
