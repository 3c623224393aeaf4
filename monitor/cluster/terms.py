"""A report as terms: character bigrams of Hangul, whole Latin words, numbers. Pure.

Korean glues particles and endings to its words and writes compounds with and without blanks; pairs of syllables inside
a word survive both without a dictionary.
"""

from __future__ import annotations

import re
import unicodedata
from zlib import crc32

LEAD = 250  # code points of a body that tell its matter
TAIL = 1_000  # code points after which nothing is read

_TITLE = 300  # code points of a headline that are read

_TAGS = re.compile(r"[\[(<{【〈《「『][^\[\](){}<>【】〈〉《》「」『』]{1,12}[\])>}】〉》」』]")
# How a report opens: (장소=통신사) 이름 기자 =, [매체 이름 기자], 【매체】. It matches every text, perhaps with nothing.
_OPENING = re.compile(
    r"(?:\s{0,3}[\[(【][^\[\]()【】\n]{1,40}[\])】])?(?:[^=\n]{0,40}?(?:기자|특파원|뉴스팀)\s{0,3}=)?\s{0,3}"
)
# How it closes: 이름 기자 mail@, ⓒ, 무단 전재 금지
_CLOSING = re.compile(
    r"[가-힣]{2,4}\s?(?:기자|특파원|앵커)\s{0,3}(?:[\w.+-]{1,40}@|[\[<(ⓒ©※▶■☞]|$)"
    r"|[ⓒ©※☞]|무단\s?전재|저작권자|\b[\w.+-]{1,40}@[\w-]{1,40}\."
)
_CLOSING_ROOM = 160  # code points at the end of a body in which a closing is looked for

_PAIR = re.compile(r"(?=([가-힣]{2}))")  # each of them, overlapping
_WORD = re.compile(r"[a-z][a-z0-9]*+|\d[\d,]*+(?:\.\d+)?+|[\u3400-\u9fff]+")
_NUMBER = re.compile(r"\d[\d,]*+(?:\.\d+)?+")
_NO_LETTER = re.compile(r"[\W\d_]+")
_ASIDE = 8  # code points beside a number in which the letters of its slot are looked for


def folded(text: str) -> str:
    """Return the text in compatibility composition (NFKC), lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def headline(title: str) -> str:
    """Return a folded headline without bracketed tags such as [속보] or (종합2보)."""
    return _TAGS.sub(" ", folded(title[:_TITLE]))


def matter(body: str) -> str:
    """Return at most TAIL code points of a body, folded, without byline head, copyright line or mail address."""
    opening = _OPENING.match(body)
    start = opening.end() if opening else 0
    end = start + TAIL
    if len(body) <= end + _CLOSING_ROOM:
        closing = _CLOSING.search(body, max(start, len(body) - _CLOSING_ROOM))
        end = closing.start() if closing else end
    return folded(body[start:end])[:TAIL]


def terms(text: str) -> list[str]:
    """Return the terms of a folded text: syllable pairs, then words and `#` with a number without thousands commas."""
    words = _WORD.findall(text)
    return _PAIR.findall(text) + [word if word[0] > "9" else "#" + word.replace(",", "") for word in words]


def hashed(term: str) -> int:
    """Return 32 bits that stand for a term, the same in every process (Python's own hash is not)."""
    return crc32(term.encode("utf-8", "replace"))


def slots(text: str, most: int) -> dict[str, str]:
    """Return the first `most` numbers of a folded text by the letters around them: {"총|명": "12"}.

    Two reports on one template have the same slots with other numbers in them; the first number of a slot counts.
    """
    found: dict[str, str] = {}
    for number in _NUMBER.finditer(text):
        before = _NO_LETTER.sub("", text[max(0, number.start() - _ASIDE) : number.start()])[-2:]
        after = _NO_LETTER.sub("", text[number.end() : number.end() + _ASIDE])[:2]
        found.setdefault(f"{before}|{after}", number[0].replace(",", ""))
        if len(found) >= most:
            break
    return found
