"""What stands after the last sentence of an article: signatures, mail addresses, copyright notices, words to the reader."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from monitor.extract.page.afterwords import is_afterword
from monitor.extract.text.bylines import bylines

_DEEP = 12  # lines from the end that may be a tail
_NOTICE = 160  # a longer line is prose, whatever words it holds
_SIGNATURE = 60
_SAYING = 2  # words before a notice of rights on its line are text of their own
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
_SIGNED_START = re.compile(
    r"(?P<sign>(?:[\[(【〔][^\[\]()【】〔〕]{2,30}[\])】〕]\s*)?[가-힣·, ]{2,24}(?:기자|특파원)\s*=|[\[(【〔][^\[\]()【】〔〕]{2,50}[\])】〕])"
    r"\s*[=:|ㅣ-]?\s*"
)
_BRACKETED = re.compile(r"[\[(【〔][^\[\]()【】〔〕]{1,50}[\])】〕]")
_WORD = re.compile(r"[^\W_]+")
# What may stand beside the names of a signature: roles, desks, places, outlets.
_BESIDE_NAME = re.compile(
    r"(?:선임|수석|전문|전임|대표|인턴|수습|객원|편집|의학|과학|산업|경제|정치|사회|국제|문화|연예|스포츠|영상|사진|시민|법조|본지|취재|담당|온라인|디지털"
    r"|글|정리|그래픽|서울|부산|대구|인천|광주|대전|울산|세종|제주|수원|워싱턴|뉴욕|도쿄|베이징|런던|파리)?"
    r"(?:기자|특파원|논설위원|논설주간|편집위원|편집국장|통신원|앵커|아나운서|에디터|칼럼니스트|PD)?"
    r"|[가-힣]{1,8}(?:부|팀|국|센터|본부|주재|뉴스룸|일보|신문|뉴스|타임스|방송|통신|데일리|투데이|저널|미디어|매일|닷컴)|외|\d+[명인]"
    r"|[A-Z]{2,8}|[Bb]y|[Ss]taff|[Rr]eporter|[Cc]orrespondent|본|이|모든|해당|(?:기사|콘텐츠|게시물|사진|글)[의는은]?"
)


def trim(lines: Sequence[str], writers: Collection[str] = ()) -> tuple[list[str], tuple[str, ...]]:
    """Cut the tail off a body; return the lines that are left and the names that signed it. `writers` are names that
    metadata states.

    A mail address or a notice of rights on a line of its own ends an article, even when a few short lines follow.
    Where there is text, some is left: a cut that would take the last of it is not made.
    """
    kept = list(lines)
    cut = _ending(kept)
    if any(map(_holds_text, kept[cut:])) and not any(map(_holds_text, kept[:cut])):
        cut = len(kept)
    names = [name for line in kept[cut:] if len(line) <= _SIGNATURE for name in bylines(line)]
    left = _DEEP - (len(kept) - cut)
    del kept[cut:]

    def known() -> set[str]:
        return {*writers, *names, *(name for line in kept[:2] for name in bylines(line[:_SIGNATURE]))}

    while left and kept and (_is_tail(kept[-1]) or is_afterword(kept[-1], known)) and not _is_last_text(kept):
        names = [*bylines(kept.pop()), *names]
        left -= 1
    if kept:
        kept[-1], signed = _unsigned(kept[-1])
        names = [*signed, *names]
    return kept, tuple(dict.fromkeys(names))


def _unsigned(line: str) -> tuple[str, tuple[str, ...]]:
    """Take a signature off the end of a line, else one off its beginning; return the rest, which is never empty, and the names."""
    ended = _SIGNED_END.search(line[-_NOTICE:])
    if ended:
        rest = line[: len(line) - len(ended[0])].rstrip()
        return (rest, bylines(ended["sign"])) if rest else (line, bylines(line))
    opened = _SIGNED_START.match(line)
    names = bylines(opened["sign"]) if opened else ()
    rest = line[opened.end() :] if opened else ""
    return (rest, names) if names and _WORD.search(rest) else (line, ())


def _is_last_text(lines: Sequence[str]) -> bool:
    """Return whether the last line says something and no line before it does."""
    return _holds_text(lines[-1]) and not any(map(_holds_text, lines[:-1]))


def _holds_text(line: str) -> bool:
    """Return whether a line says anything besides who wrote it and who owns it."""
    if _MAIL_ONLY.match(line) or _is_signature(line):
        return False
    rights = _RIGHTS.search(line) if len(line) <= _NOTICE else None
    if rights is None:
        return bool(_WORD.search(line))
    before = [word for word in _WORD.findall(line[: rights.start()]) if not _BESIDE_NAME.fullmatch(word)]
    return len(before) >= _SAYING


def _is_signature(line: str) -> bool:
    """Return whether nothing is left of a line without the names that sign it, their outlet, desk and mail address."""
    names = bylines(line)
    if not names or len(line) > _SIGNATURE:
        return False
    rest = _MAIL.sub(" ", _BRACKETED.sub(lambda found: " " if bylines(found[0]) else found[0], line))
    for name in names:
        rest = rest.replace(name, " ", 1)
    return all(_BESIDE_NAME.fullmatch(word) for word in _WORD.findall(rest))


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
    return not _SENTENCE.search(line) and _is_signature(line)
