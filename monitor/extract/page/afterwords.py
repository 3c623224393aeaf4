"""Lines behind an article that speak of the paper, its readers or its writer, and not of the matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

_LONGEST = 200
_AFTER_WORDS = " .!?\"'”’)]"
# What a paper offers its readers, and the words in which it asks them to take it.
_OFFER = re.compile(
    r"뉴스레터|구독|메일(?:로|링)|알림|카카오톡?\s*채널|유튜브\s*채널|텔레그램\s*채널|앱(?:을|에서)|newsletter|subscri|\bsign(?:ing)? up\b|\binbox\b"
    r"|\bdaily (?:letter|briefing|digest)\b|\bour app\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?:하세요|보세요|주세요|하십시오|바랍니다|드립니다|드려요|만나요)[.!]?$|신청(?:하기|은)|\b(?:sign up|subscribe to our|join our|download our)\b",
    re.IGNORECASE,
)
# How the text came about. News is told in 다; such notes speak to the reader.
_ORIGIN = re.compile(
    r"^\W{0,3}(?:이|본|해당)\s?(?:기사|글|콘텐츠|원고|칼럼|보도)(?:는|은)\s.{2,140}(?:습니다|입니다|됩니다)[.)\]]?$"
    r"|^\W{0,3}(?:this|the (?:above|following)) (?:article|story|piece|report|column)\b.{0,60}\b(?:was|is|has been|originally|first)\b.{0,80}"
    r"\b(?:published|produced|written|translated|generated|appeared|edited|updated|corrected)\b",
    re.IGNORECASE,
)
_OFFICE = r"(?:기자|특파원|논설위원|칼럼니스트|편집위원|작가|에디터|평론가|교수|변호사|연구원|연구위원)(?:다|이다|입니다|로 일한다|로 일하고 있다)"
_WRITER = re.compile(r"^(?P<name>[가-힣]{2,4})(?:은|는|\s(?:기자|작가|교수)는)\s.{0,100}" + _OFFICE + r"(?:\.|$)")
_ENGLISH_WRITER = re.compile(
    r"^(?P<name>[A-Z][\w.'’-]{0,30}(?:\s+[A-Z][\w.'’-]{0,30}){1,3}) (?:is|covers|reports|writes)\b.{0,120}"
    r"\b(?:reporter|correspondent|writer|editor|columnist|covers?|reports? on|for the)\b"
)


def is_afterword(line: str, writers: Callable[[], Collection[str]]) -> bool:
    """Return whether a line at the end of an article is a call to readers, a note on how it came about, or a word about one
    of its `writers`, who are asked for only then."""
    if len(line) > _LONGEST:
        return False
    told = line.rstrip(_AFTER_WORDS)
    if not told.endswith("다") or told.endswith("니다"):  # else it is told as news is
        if _OFFER.search(line) and _ASKED.search(line):
            return True
        if _ORIGIN.match(line):
            return True
    about = _WRITER.match(line) or _ENGLISH_WRITER.match(line)
    return about is not None and about["name"] in writers()
