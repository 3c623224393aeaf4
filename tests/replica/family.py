"""What the replicas of CMS families share: a list, a feed, and a page that each family lays out in its own way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape

from tests.replica.feeds import latest_rows, rss
from tests.replica.furniture import furniture
from tests.replica.newsroom import Document, Setting
from tests.replica.piece import ECONOMY, IT, KST, RETAIL, Piece

SECTIONS = {ECONOMY: "경제", IT: "IT·과학", RETAIL: "유통"}
EDITED_AFTER = timedelta(minutes=37)
MACHINE = "기계 요약: 딥시크와 오픈AI, 스타게이트를 한눈에"  # no reporter wrote it; naming all terms makes a leak show
TAIL = "저작권자 © 무단전재 및 재배포 금지"
LIST, FEED = "/latest", "/rss.xml"


@dataclass(frozen=True, slots=True)
class Family:
    """A newspaper of one family. `site` is the definition that reads it, `template` an article's path with its number.

    `page` lays an article out and `lines` answers the body as a reader should get it. `lacks` names the fields that its
    pages do not state.
    """

    site: str
    outlet: str
    template: str
    page: Callable[[Setting, Piece], str]
    lines: Callable[[Piece], list[str]] = lambda piece: list(piece.paragraphs)
    lacks: frozenset[str] = frozenset()

    @property
    def kind(self) -> str:
        """Return the name of the layout."""
        return self.page.__name__

    @property
    def lists(self) -> Sequence[str]:
        """Return the path of the newest articles."""
        return (LIST,)

    @property
    def feeds(self) -> Sequence[str]:
        """Return the path of the feed."""
        return (FEED,)

    def path(self, number: int) -> str:
        """Return the path of an article."""
        return self.template.format(number=number)

    def document(self, setting: Setting, target: str) -> Document | None:
        """Return the list, the feed or an article."""
        if target == LIST:
            return Document(self._list(setting), changed=setting.shelf.lists_changed)
        if target == FEED:
            text = rss(self.outlet, setting, self.path)
            return Document(text, "application/rss+xml", changed=setting.shelf.lists_changed)
        piece = next((piece for number, piece in setting.shelf.pieces.items() if self.path(number) == target), None)
        if piece is None:
            return None
        return Document(self.page(setting, piece), changed=setting.shelf.changed[piece.number])

    def _list(self, setting: Setting) -> str:
        around = furniture(self.outlet, setting.size)
        return (
            f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{self.outlet}</title>{around.head}</head>'
            f"<body>{around.before}<ul>{latest_rows(setting, self.path)}</ul>{around.after}</body></html>\n"
        )


def iso(piece: Piece) -> str:
    """Return the time of publication by RFC 3339 in Korean time."""
    return piece.published_at.astimezone(KST).isoformat()


def edited(piece: Piece) -> str:
    """Return the time of the last change as Korean pages print it, without a zone."""
    return (piece.published_at + EDITED_AFTER).astimezone(KST).strftime("%Y-%m-%d %H:%M:%S")


def edited_iso(piece: Piece) -> str:
    """Return the time of the last change by RFC 3339 in Korean time."""
    return (piece.published_at + EDITED_AFTER).astimezone(KST).isoformat()


def head(title: str, tail: str, *, more: str = "", og: str | None = None) -> str:
    """Return a head whose titles may end with the outlet's name; `og` replaces og:title."""
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{escape(title + tail)}</title>'
        f'<meta property="og:title" content="{escape(title if og is None else og)}">{more}</head>'
    )


def meta(name: str, content: str) -> str:
    """Return a meta element of Open Graph."""
    return f'<meta property="{name}" content="{escape(content)}">'
