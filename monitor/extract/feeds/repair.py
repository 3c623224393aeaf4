"""Repair feed text so that an XML parser reads what the publisher meant.

Korean feeds come with blank lines before the declaration, a declaration that names the wrong charset, HTML entities,
bare `&`, control characters, and times without a zone (which feed parsers take for UTC: nine hours off). All work is
linear in the length of the text.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html.entities import html5

from monitor.extract.text.dates import parse_date

# XML 1.0 section 2.2: characters that no document may hold; U+2028 and U+2029 stop some parsers.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_C1 = re.compile("[\x80-\x9f]")
_LINE_ENDS = re.compile("[\u2028\u2029]")
_DECLARATION = re.compile(r"\s*<\?xml[^<>]{0,200}\?>\s*")
_REFERENCE = re.compile(
    r"&(?:#(?P<decimal>\d{1,8});|#[xX](?P<hex>[0-9a-fA-F]{1,7});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?"
)
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DATE = re.compile(
    r"<(?P<tag>(?:[A-Za-z][\w\-]{0,15}:)?(?:pubDate|date|published|updated|issued|modified|created))(?P<rest>(?:\s[^<>]{0,200})?)>"
    r"\s*(?P<wrap><!\[CDATA\[)?(?P<date>[^<>\]]{0,100})(?(wrap)\]\]>)\s*</(?P=tag)\s*>",
    re.IGNORECASE,
)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_TAG = 300  # characters of a tag before a CDATA section
_OPENED = re.compile(r"<(?P<name>[A-Za-z_][\w:.\-]{0,60})(?:\s[^<>]*+)?>\s*+\Z")
_BROKEN_END = re.compile(r"\](?:\]\s{0,9}>?|\s{0,9}>)\s{0,9}\Z")


@dataclass(frozen=True, slots=True)
class Repaired:
    """Text for a parser, and the times that stand in it: every date element was rewritten to UTC, or emptied.

    `times` tells them from times that a parser makes up (of a guid that looks like a date, say).
    """

    text: str
    times: Mapping[str, datetime]

    def moment(self, stated: str) -> datetime | None:
        """Return the time that a parser gave back, None when it is not one of the feed's own."""
        return self.times.get(stated[:19])


def repair(text: str, zone: str, now: datetime) -> Repaired:
    """Repair a feed. `zone` is the IANA zone of its naive times, `now` (aware) the limit of future ones. Never raises."""
    text = _C1.sub(_windows, _FORBIDDEN.sub("", text)).lstrip("\ufeff \t\r\n")
    text = _LINE_ENDS.sub("\n", text)
    text = _without_doctype(_DECLARATION.sub("", text, count=1) if text.startswith("<?xml") else text)
    times: dict[str, datetime] = {}

    def utc(found: re.Match[str]) -> str:
        moment = parse_date(found["date"], zone, now)
        written = ""
        if moment:
            moment = moment.replace(microsecond=0)
            written = moment.isoformat()
            times[written[:19]] = moment
        return f"<{found['tag']}{found['rest']}>{written}</{found['tag']}>"

    repaired = _DATE.sub(utc, "".join(_repaired_parts(text)))
    # A date that was taken out of its section may have ended one that began before it.
    return Repaired("".join(_repaired_parts(repaired)) if _CDATA in repaired else repaired, times)


def _windows(found: re.Match[str]) -> str:
    """Read a control character of the second block as windows-1252, as browsers do with its reference (HTML §13.2.5.80)."""
    return found[0].encode("latin-1").decode("cp1252", "ignore")


def _without_doctype(text: str) -> str:
    """Cut the document type out: with it go all entity declarations, so that none can be resolved."""
    start = text.find("<!DOCTYPE", 0, 4096)
    if start < 0:
        return text
    close, subset = text.find(">", start), text.find("[", start)
    if 0 <= subset < close:
        close = text.find(">", text.find("]", subset))
    return text[:start] + text[close + 1 :] if close > 0 else text


def _repaired_parts(text: str) -> Iterator[str]:
    """Repair references outside CDATA sections; inside, `&` is itself. A section that is never closed ends with its element."""
    at = end = 0
    while (start := text.find(_CDATA, at)) >= 0:
        if 0 <= end < start + len(_CDATA):
            end = text.find(_CDATA_END, start + len(_CDATA))
        following = text.find(_CDATA, start + len(_CDATA), end if end >= 0 else len(text))
        close = _element_end(text, start, following) if end < 0 or following >= 0 else -1
        if close >= 0:
            yield _REFERENCE.sub(_reference, text[at:start])
            yield _BROKEN_END.sub("", text[start:close]) + _CDATA_END
            at = close
        elif end < 0:
            break
        else:
            yield _REFERENCE.sub(_reference, text[at:start])
            yield text[start : end + len(_CDATA_END)]
            at = end + len(_CDATA_END)
    yield _REFERENCE.sub(_reference, text[at:])


def _element_end(text: str, start: int, following: int) -> int:
    """Return where the element ends whose text begins with the CDATA section at `start`; -1 for nowhere before `following`."""
    opened = _OPENED.match(text, max(0, text.rfind("<", max(0, start - _TAG), start)), start)
    return text.find(f"</{opened['name']}", start, following if following >= 0 else len(text)) if opened else -1


def _reference(found: re.Match[str]) -> str:
    """Keep what XML knows, resolve what HTML knows, escape the rest; drop references to forbidden characters."""
    name = found["name"]
    if name:
        if name in _XML_NAMES:
            return found[0]
        resolved = html5.get(name + ";")
        return f"&amp;{name};" if resolved is None or resolved in "<>&" else resolved
    digits = found["decimal"] or found["hex"]
    if not digits:
        return "&amp;"
    point = int(digits, 10 if found["decimal"] else 16)
    allowed = point <= sys.maxunicode and not _FORBIDDEN.match(chr(point))
    if allowed and _C1.match(chr(point)):
        return _C1.sub(_windows, chr(point))
    return found[0].replace("X", "x", 1) if allowed else ""  # XML knows the small letter only
