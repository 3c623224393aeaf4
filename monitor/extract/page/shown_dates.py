"""The times that a page shows with its headline, for pages whose metadata states none. Pure.

Dates stand everywhere on a page: in the text, in comments, beside other articles, in the footer where a paper says when it was
registered. Only a line of its own counts that is nothing but a date and who wrote the text: beside the headline whatever it
is called, behind the text only with a label or as a time element. Bounded, and asked for only where all else is silent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.generic.prose import pointer, sentence, size
from monitor.extract.text.markup import collapse_whitespace

_LOOKED_AT = 300  # elements behind the headline
_BEFORE = 3  # boxes around the headline in which a line may stand before it
_LINE = 120  # characters of a line with a date
_BESIDE = 200  # characters of running text behind which nothing stands beside the headline
_HEADLINE = 4
_OTHER_TITLE = 30  # size of a link that is the headline of another article; less is a name
_CARD = 300  # characters in the box of another article
_HEADING = 40  # characters of the heading of a list of other articles
_AGO = 20  # characters in which an element says `3 hours ago` beside the moment that it keeps
_NAME = 12  # letters beside a date that may be a name
_STATED = 5  # elements that microdata calls the publish time

_DATE = re.compile(
    r"(?<!\d)\d{4}\s?[.\-/년]\s?\d{1,2}\s?[.\-/월]\s?\d{1,2}(?!\d)|\b[A-Z][a-z]{2,8}\.?\s\d{1,2},?\s\d{4}(?!\d)"
    r"|(?<!\d)\d{1,2}\.?\s[A-Z][a-zä]{2,8}\.?,?\s\d{4}(?!\d)|(?<![\d.])\d{1,2}\.\s?\d{1,2}\.\s?\d{4}(?!\d)|(?<![\d.])\d\d\.\d\d\.\d\d\.?(?=\s\d{1,2}:\d\d)"
)
_CLOCK = re.compile(r"\d{1,2}\s?[:시]\s?\d{1,2}")
_LABEL = re.compile(
    r"(?:기사\s?)?(?:입력|승인|등록|송고|작성|발행|게재)(?:\s?(?:일시|시간|시각|일자|일))?\s?[\W_]{0,4}$|published(?:\s(?:on|at))?\W{0,4}$",
    re.IGNORECASE,
)
# What agencies and small papers put behind the notice of rights, in the last line of the text.
_SIGNED = re.compile(
    r"(?:입력|승인|송고)(?:\s?(?:일시|시간|시각|일자|일))?\s?[:：]?\s?(?P<date>\d{4}[.\-/]\d{1,2}[.\-/]\d{1,2}\.?\s\d{1,2}:\d\d(?::\d\d)?)\W{0,5}$"
)
_CHANGED = re.compile(r"수정|업데이트|변경|갱신|updat|modif|edited|revis|last[-_]?mod", re.IGNORECASE)
_IMPRINT = re.compile(r"등록번호|등록증|발행인|편집인|사업자|창간|제호|~")
_KNOWN = re.compile(
    r"기사|입력|승인|등록|송고|작성|발행|게재|일시|시간|시각|일자|날짜|수정|최종|업데이트|오전|오후|조회수?|댓글|추천|온라인|지면"
    r"|[월화수목금토일]요일|(?<![가-힣])[년월일시분초월화수목금토](?![가-힣])"
    r"|\b(?:published|posted|updated|date|on|at|am|pm|a\.m|p\.m|kst|jst|gmt|utc|[ecmp][sd]t|cest|cet|bst|T|Z"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b|[\d\W_ㅣ]",
    re.IGNORECASE,
)
_READERS = re.compile(
    r"\W{0,3}(?:전체\s?)?(?:댓글|의견|독자\s?의견|comments?|responses|join the)(?![가-힣a-z])", re.IGNORECASE
)
_WRITER = re.compile(r"기자|특파원|논설위원|편집위원|객원|\bby\b", re.IGNORECASE)
_UNREAD_WORDS = "script style noscript template iframe svg nav footer aside form select textarea head picture video"
_UNREAD = frozenset(_UNREAD_WORDS.split())
_FOREIGN = re.compile(
    r"comment|reply|replies|(?<![a-z])(?:cmt|rank|foot|side|gnb|lnb|ad|ads|prev|next)(?![a-z])|relat|recommend|ranking|popular|most"
    r"|trend|footer|copyright|aside|sidebar|banner|advert|sponsor|news[-_]?list|list[-_]?news|latest|more[-_]?news|event|schedule"
    r"|calendar|weather|breadcrumb|today|hidden",
    re.IGNORECASE,
)
_BLOCK_WORDS = "p div section article ul ol li dl dt dd table tr td h1 h2 h3 h4 h5 h6 figure blockquote header main"
_BLOCKS = frozenset(_BLOCK_WORDS.split())
_OF_OTHERS = frozenset({"comment", "review", "itemlistelement"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_PAGE = frozenset({"html", "body"})
_WHOLE = _PAGE | {"main"}
_TITLES = "h2, h3, [class*=tit], [class*=subject], [class*=headline]"
_TIMED = re.compile(r"time|date|epoch|unix|stamp|publish", re.IGNORECASE)
_MOMENT = re.compile(r"\s*(?:\d{10}(?:\d{3})?|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?)\s*$")
_LABELLED, _BESIDE_TITLE, _BEHIND_TEXT = range(3)


def shown_dates(tree: LexborHTMLParser, titles: Collection[str]) -> Iterator[tuple[str, bool]]:
    """Yield (text, whether it is called the publish time) of the times that a page shows, the likeliest first.

    `titles` are what metadata calls the article. A text is a line, or an attribute that keeps the whole moment.
    """
    headline = _headline(tree, titles)
    around = frozenset(node.mem_id for node in _ancestors(headline)) if headline is not None else frozenset()
    for selector in ("[itemprop=datePublished]", "time[pubdate]"):
        for node in tree.css(selector)[:_STATED]:
            if not _is_in_furniture(node, around):
                yield _attribute(node) or node.attributes.get("content") or _text(node), True
    found = _Found(around)
    if headline is not None:
        found.read(_behind(headline), beside=True)
        found.read_before(headline)
    elif tree.body is not None:
        found.read(_behind(tree.body, inside=True), beside=False)
    for rank, text in sorted(found.lines, key=lambda line: line[0]):
        yield text, rank == _LABELLED


class _Found:
    """The lines with a date that were met, each with its rank."""

    def __init__(self, around: frozenset[int]) -> None:
        self.lines: list[tuple[int, str]] = []
        self._around = around

    def read(self, nodes: _PageOrder, *, beside: bool, needs_clock: bool = False) -> None:
        """Walk over elements, into those only that may hold a line."""
        running = 0
        last = ""
        for node in nodes:
            if node.tag == "-text":
                self._take_loose(node, near=beside and running <= _BESIDE, needs_clock=needs_clock)
                continue
            text = _text(node)
            if len(text) <= _LINE:
                if len(text) <= _HEADING and _opens_others(node, text):
                    return
                near = beside and running <= _BESIDE
                changed = bool(_CHANGED.search(last)) and not _DATE.search(last)
                if (
                    changed
                    or self._take(node, text, near=near, needs_clock=needs_clock)
                    or not _may_hold_line(node, text)
                ):
                    nodes.skip()
                    running += len(text) if sentence(text) and not _DATE.search(text) else 0
                last = text
            elif not any(child.tag in _BLOCKS for child in node.iter()):
                nodes.skip()
                running += len(text)
                signed = _SIGNED.search(text, len(text) - _LINE)
                if signed:
                    self.lines.append((_LABELLED, signed["date"]))

    def read_before(self, headline: LexborNode) -> None:
        """Look at what stands before the headline in the boxes around it."""
        node = headline
        for level in range(_BEFORE):
            parent = node.parent
            if parent is None or parent.tag in _PAGE:
                return
            sibling = node.prev
            while sibling is not None:
                if not (sibling.tag or "-").startswith("-"):
                    self.read(_PageOrder(sibling, within=sibling), beside=True, needs_clock=level > 0)
                sibling = sibling.prev
            node = parent

    def _take(self, node: LexborNode, text: str, *, near: bool, needs_clock: bool) -> bool:
        """Take an element that is a line with a date; return whether it is one."""
        moment = _attribute(node)
        if _is_changed(node):
            return True
        if not text:
            if moment and (near or node.tag == "time") and not _is_card(node, self._around):
                self.lines.append((_BESIDE_TITLE if near else _BEHIND_TEXT, moment))
            return False
        dates = _DATE.findall(text)
        labelled = bool(dates) and _is_labelled(text)
        if dates and not labelled and _CHANGED.search(text) and (len(dates) == 1 or _has_elements(node)):
            return len(dates) == 1
        clock = _CLOCK.search(text) is not None
        timed = (node.tag == "time" and clock and bool(dates)) or (
            bool(moment) and (node.tag == "time" or (near and len(text) <= _AGO))
        )
        if not (timed or (dates and _is_line(text, named=near))) or _is_card(node, self._around):
            return False
        if (needs_clock and not clock) or not (near or timed or (labelled and clock)):
            return False
        rank = _LABELLED if labelled else _BESIDE_TITLE if near else _BEHIND_TEXT
        if len(dates) <= 1:
            moment = moment or next(filter(None, map(_attribute, node.css("time, span, abbr")[:4])), "")
        self.lines.append((rank, moment if moment and len(dates) <= 1 else text))
        return True

    def _take_loose(self, node: LexborNode, *, near: bool, needs_clock: bool) -> None:
        """Take text that stands between elements and is a line with a date."""
        text = collapse_whitespace(node.text_content or "")
        clock = _CLOCK.search(text) is not None
        labelled = _is_labelled(text)
        if len(text) > _LINE or not _is_line(text, named=near) or _is_card(node, self._around):
            return
        if (
            (_CHANGED.search(text) and not labelled)
            or (needs_clock and not clock)
            or not (near or (labelled and clock))
        ):
            return
        self.lines.append((_LABELLED if labelled else _BESIDE_TITLE, text))


class _PageOrder:
    """Elements in the order of the document, a bounded number, and the loose text between them that may be a date. `skip` leaves out what is inside the last one."""

    def __init__(self, first: LexborNode | None, within: LexborNode | None = None) -> None:
        self._next = first
        self._within = within.mem_id if within is not None else 0
        self._inside = True

    def skip(self) -> None:
        """Do not enter the element that was yielded last."""
        self._inside = False

    def __iter__(self) -> Iterator[LexborNode]:
        """Yield elements, passing over furniture and links."""
        left = _LOOKED_AT
        at = self._next
        while at is not None and left:
            self._inside = not (at.tag or "-").startswith("-") and not _is_furniture(at)
            if self._inside:
                left -= 1
                yield at
            elif at.tag == "-text" and _DATE.search(at.text_content or ""):
                yield at
            at = (at.first_child if self._inside else None) or self._following(at)

    def _following(self, node: LexborNode) -> LexborNode | None:
        """Return what stands behind an element, on whatever floor."""
        at: LexborNode | None = node
        while at is not None and at.mem_id != self._within:
            if at.next is not None:
                return at.next
            at = at.parent
        return None


def _behind(node: LexborNode, *, inside: bool = False) -> _PageOrder:
    if inside:
        return _PageOrder(node.first_child, within=node)
    walk = _PageOrder(None)
    return _PageOrder(walk._following(node))  # noqa: SLF001 - its own class


def _headline(tree: LexborHTMLParser, titles: Collection[str]) -> LexborNode | None:
    """Return the element that shows the article's title; where none does, the first headline that is no name of a paper."""
    stated = [collapse_whitespace(title) for title in titles if title]
    first: LexborNode | None = None
    for selector, least in (("h1", _HEADLINE), (_TITLES, 2 * _HEADLINE)):
        for node in tree.css(selector)[:40]:
            text = _text(node)
            if len(text) >= least and any(text in title for title in stated):
                return node
            if first is None and selector == "h1" and len(text) >= 2 * _HEADLINE and node.css_first("a") is None:
                first = node
    return first


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _text(node: LexborNode) -> str:
    return collapse_whitespace(node.text(separator=" "))


def _names(node: LexborNode) -> str:
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"


def _is_furniture(node: LexborNode) -> bool:
    if node.tag in _UNREAD:
        return True
    attributes = node.attributes
    if not attributes:
        return False
    if (node.tag == "a" and "href" in attributes) or (attributes.get("itemprop") or "").lower() in _OF_OTHERS:
        return True
    return _FOREIGN.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}") is not None


def _is_in_furniture(node: LexborNode, around: frozenset[int]) -> bool:
    """Return whether an element stands in furniture, or in the comment or article of somebody else."""
    for box in _ancestors(node):
        if box.mem_id in around or box.tag in _WHOLE:
            return False
        if _is_furniture(box):
            return True
    return False


def _is_changed(node: LexborNode) -> bool:
    """Return whether an element says of itself that it tells the last change."""
    return _CHANGED.search(f"{_names(node)} {node.attributes.get('itemprop') or ''}") is not None


def _has_elements(node: LexborNode) -> bool:
    return next(iter(node.iter()), None) is not None


def _is_labelled(text: str) -> bool:
    found = _DATE.search(text)
    return found is not None and _LABEL.search(text[: found.start()]) is not None and not _IMPRINT.search(text)


def _is_line(text: str, *, named: bool) -> bool:
    """Return whether a text is nothing but dates, what labels them, and, where it may be `named`, who wrote."""
    if _IMPRINT.search(text):
        return False
    rest = _KNOWN.sub("", _DATE.sub(" ", text))
    return not rest or (
        named and len(rest) <= (_NAME if not rest.isascii() else 3 * _NAME) and _WRITER.search(text) is not None
    )


def _is_card(node: LexborNode, around: frozenset[int]) -> bool:
    """Return whether an element stands beside a link to another article."""
    for box in _ancestors(node):
        if box.mem_id in around or box.tag in _WHOLE or len(_text(box)) > _CARD:
            return False
        if (
            box.tag == "a"
            or box.css_first("h3, h4, h5, h6") is not None
            or any(size(_text(link)) >= _OTHER_TITLE for link in box.css("a"))
        ):
            return True
    return False


def _opens_others(node: LexborNode, text: str) -> bool:
    """Return whether an element is the heading of other articles, or of what readers say."""
    return not _DATE.search(text) and (pointer(text) or (node.tag in _HEADINGS and _READERS.match(text) is not None))


def _may_hold_line(node: LexborNode, text: str) -> bool:
    """Return whether a short text that is no line may hold one: its words stand in elements of their own, not around it."""
    if node.tag in _HEADINGS:
        return False
    loose = _KNOWN.sub(
        "", " ".join(child.text_content or "" for child in node.iter(include_text=True) if child.tag == "-text")
    )
    return not loose or (len(loose) <= _NAME and not sentence(text))


def _attribute(node: LexborNode) -> str:
    """Return the whole moment that an attribute keeps: ISO 8601, or seconds or milliseconds of Unix time."""
    for name, value in node.attributes.items():
        if value and (name == "title" or (_TIMED.search(name) and not _CHANGED.search(name))) and _MOMENT.match(value):
            return value.strip()
    return (node.attributes.get("datetime") or "").strip()
