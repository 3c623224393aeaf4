"""What stands after the last sentence of an article: signatures, mail addresses, copyright notices."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.extract.text.bylines import bylines

_DEEP = 12  # lines from the end that may be a tail
_NOTICE = 160  # a longer line is prose, whatever words it holds
_SIGNATURE = 60
_RIGHTS = re.compile(
    r"무단\s*(?:전재|복제|배포)|재배포\s*(?:및|금지)|저작권(?:자|은)|<\s*ⓒ|^ⓒ|^©|copyright|all rights reserved"
    r"|AI\s*학습|기사\s*제보|제보는|제보하기|◎공감언론|다른\s*기사\s*보기|기사\s*더\s*보기|구독\s*(?:하기|신청)|좋아요\s*\d*$"
    r"|기사의\s*(?:카테고리는|본문\s*내용은\s*이\s*글자)|언론사에서\s.{0,20}섹션으로\s*분류|^(?:담당\s*)?기자\s*(?:프로필|정보|페이지)$|^후속기사",
    re.IGNORECASE,
)
_MAIL_ONLY = re.compile(r"^[\s=(\[|/·,]*(?:[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}[\s)\]|/·,]*){1,4}$")
_HASHTAGS = re.compile(r"^(?:#[^\s#]{1,40}[\s,]*){1,20}$")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,100}")
_AFTER = 0.25  # of a text may stand behind the line that ends it: reactions, notices, a word about the writer
_SENTENCE = re.compile(r"[다요까죠임음][.?!]?[\"'”’]?$")
_SIGNED_END = re.compile(
    r"(?<=[.!?\"”’)])\s*(?P<sign>[\[(]?[가-힣]{2,4}(?:\s*[·,]\s*[가-힣]{2,4})*\s*(?:[가-힣]{2}\s?)?(?:기자|특파원)[\])]?"
    r"\s*\(?(?:[\w.+-]{1,64}@[\w.-]{1,200})?\)?)$"
)


def trim(lines: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Cut the tail off a body; return the lines that are left and the names that signed it.

    A mail address or a notice of rights on a line of its own ends an article, even when a few short lines follow.
    """
    kept = list(lines)
    cut = _ending(kept)
    names = [name for line in kept[cut:] if len(line) <= _SIGNATURE for name in bylines(line)]
    left = _DEEP - (len(kept) - cut)
    del kept[cut:]
    for _ in range(left):
        if not kept or not _is_tail(kept[-1]):
            break
        names = [*bylines(kept.pop()), *names]
    if kept:
        signed = _SIGNED_END.search(kept[-1][-_NOTICE:])
        if signed:
            names = [*bylines(signed["sign"]), *names]
            kept[-1] = kept[-1][: len(kept[-1]) - len(signed[0])].rstrip()
    return kept, tuple(dict.fromkeys(names))


def _ending(lines: Sequence[str]) -> int:
    """Number the first of the last lines that ends the article: one too many where none does, or too much follows it."""
    most = _AFTER * sum(map(len, lines))
    for at in range(max(0, len(lines) - _DEEP), len(lines)):
        after = lines[at + 1 :]
        if _ends(lines[at]) and sum(map(len, after)) <= most and all(len(line) <= _NOTICE for line in after):
            return at
    return len(lines)


def _ends(line: str) -> bool:
    if len(line) > _NOTICE:
        return False
    if _RIGHTS.search(line) or _MAIL_ONLY.match(line):
        return True
    prose = _SENTENCE.search(line) or _SIGNED_END.search(line)
    return len(line) <= _SIGNATURE and not prose and _MAIL.search(line) is not None


def _is_tail(line: str) -> bool:
    if len(line) > _NOTICE:
        return False
    if _RIGHTS.search(line) or _MAIL_ONLY.match(line) or _HASHTAGS.match(line):
        return True
    if _SIGNED_END.search(line):
        return False
    return len(line) <= _SIGNATURE and not _SENTENCE.search(line) and bool(bylines(line))
