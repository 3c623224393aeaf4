"""Reporters' names in a line of a Korean (or English) article."""

from __future__ import annotations

import re

_LONGEST = 400
_ROLE = (
    r"(?:(?:선임|수석|전문|전임|대표|인턴|수습|객원|편집|의학|과학|산업|경제|정치|영상|사진|시민|법조)\s*)*"
    r"(?:기자|특파원|논설위원|논설주간|편집위원|편집국장|통신원|앵커|아나운서|에디터|칼럼니스트|PD)"
)
_NAMES = r"(?<![가-힣])(?P<names>[가-힣]{2,4}(?:\s*[·,・ㆍ/]\s*[가-힣]{2,4}|\s+[가-힣]{2,4}){0,7}?)"
# A role that a particle or another word follows is a person in the story, not its writer.
_END = r"(?=\s*(?:$|[\]\)】〕=|,·ㆍ/(]|외\s*\d+\s*[명인]|[\w.+-]+@|[▶▷☞ⓒ©]|입력|수정|승인|\d{4}[.\-]))"
_SIGNED = re.compile(_NAMES + r"\s*(?:" + _ROLE + r")" + _END)
_MAILED = re.compile(r"^\s*(?P<names>[가-힣]{2,4})\s*\(?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\)?\s*$")
_ENGLISH = re.compile(r"^\s*By\s+(?P<names>[A-Z][\w.'’-]{0,30}(?:\s+[A-Z][\w.'’-]{0,30}){1,3})\s*(?:$|[|,(])")
_POINT = re.compile(r"[·,・ㆍ/]")
_POINT_BLANKS = re.compile(r"\s*[·,・ㆍ/]\s*")
_PLACE = 2  # letters of most places; names mostly have three
_BY = re.compile(r"^\s*(?:by|글|취재)[\s:=]+", re.IGNORECASE)
_BESIDE = re.compile(r"\s*(?:\([^()]{0,60}\)|\[[^\[\]]{0,60}\])\s*(?=$|[,·;&]|\band\b)")
_SEPARATOR = re.compile(r"\s*[,·;]\s*")
_JOINED = re.compile(r"\s+(?:and|und|et|y|&)\s+")
_FULL_NAME = re.compile(
    r"[가-힣]{2,4}|[A-Z][\w.'’-]{0,30}(?:\s+(?:(?:de|da|van|von|der|den|la|le|bin|al)\s+)?[A-Z][\w.'’-]{0,30}){1,3}"
)
_AFTER_NAMES = re.compile(
    r"\s*[|ㅣ│•—–]|\s*(?:입력|수정|승인|등록|Published|Updated|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b|\s*[,·-]?\s*\d{4}|\s+on\s|\s+[A-Z][a-z]{2,8}\.?\s\d{1,2}\b"
)
_PHOTO = re.compile(r"[ⓒ©▲△▼]|사진\s*[=/:]|/\s*사진|촬영|제공\s*$")
_NOT_NAMES_WORDS = (
    "선임 수석 전문 인턴 수습 객원 시민 사진 영상 본지 취재 담당 온라인 디지털 여행 특별 편집 의학 과학 산업 경제 정치 사회 국제 문화 "
    "연예 스포츠 뉴스 취재진 취재팀 속보 데스크 연락처 문의 제보 이메일 메일 편집국 뉴스룸 독자 "
    "서울 부산 대구 인천 광주 대전 울산 세종 제주 수원 김포 성남 용인 고양 평택 안산 안양 부천 의정부 청주 천안 춘천 원주 강릉 전주 군산 목포 여수 순천 포항 경주 구미 안동 창원 진주 통영 거제 워싱턴 뉴욕 도쿄 베이징 런던 파리 단독 종합 글 사회부 정치부 경제부 산업부 문화부 국제부 체육부 사진부 전국부 편집부 증권부 금융부 과학부 온라인팀 디지털팀 뉴스팀 "
    "staff writer reporter correspondent editor editors editorial desk team news newsroom press agency"
)
_NOT_NAMES = frozenset(_NOT_NAMES_WORDS.split())
_OUTLET = re.compile(r"(?:일보|신문|뉴스|경제|타임스|방송|통신|데일리|투데이|저널|미디어|매일)$")
_TAILS = re.compile(r"\s*(?:" + _ROLE + r"|외\s*\d+\s*[명인])\s*$")
_MAIL = re.compile(r"\(?[\w.+-]{1,64}@[\w.-]{1,200}\)?")


def bylines(text: str) -> tuple[str, ...]:
    """Return the names that sign a line, in order, once each; () for photo credits, captions and prose.

    Reads `[매체=이름 기자]`, `(서울=통신) 이름 이름 기자 =`, `[매체 이름 기자]`, `이름 기자 mail@host`, `이름 기자 외 1명`,
    `이름 mail@host`, `By Given Family`. Only the first 400 characters are looked at. Never raises.
    """
    line = text[:_LONGEST]
    found = next((hit for form in (_SIGNED, _MAILED, _ENGLISH) if (hit := form.search(line))), None)
    if found is None:
        return ()
    if _is_english(found):
        return (" ".join(found["names"].split()),)
    names: list[str] = []
    for hit in _SIGNED.finditer(line) if found.re is _SIGNED else (found,):
        if not _PHOTO.search(line, 0, hit.start()):
            names.extend(_people(line, hit))
    return tuple(dict.fromkeys(names))


def _is_english(found: re.Match[str]) -> bool:
    """Return whether a byline has the form `By Given Family`: its names hold blanks."""
    return found.re is _ENGLISH


def person(text: str) -> str:
    """Return a name that metadata states, without role, mail address and `외 1명`; "" when nothing is left, or a number."""
    whole = " ".join(_MAIL.sub(" ", text[:_LONGEST]).split())
    name = _BESIDE.sub("", whole).strip() or whole
    for _ in range(2):
        name = _TAILS.sub("", name).strip(" ,·=-|()[]")
    return "" if name.startswith(("http://", "https://")) or name.isdecimal() else name


def stated_names(stated: str) -> tuple[str, ...]:
    """Return the names in a line that holds nothing but authors: those that sign it, else the line as one name."""
    found = bylines(stated)
    if found and not _JOINED.search(stated):
        return found
    split = [name for text in separate(stated) if (name := person(text))]
    if len(split) > 1 and all(map(_FULL_NAME.fullmatch, split)):
        return tuple(dict.fromkeys(split))
    return found or tuple(name for name in (person(stated),) if name)


def separate(stated: str) -> tuple[str, ...]:
    """Split authors that metadata states in one text: at commas and points outside brackets, and at `and` between full names."""
    parts = [part for part in _SEPARATOR.split(_BESIDE.sub("", _BY.sub("", stated[:_LONGEST]))) if part.strip()]
    return tuple(name for part in parts for name in _joined(part))


def printed_names(text: str) -> tuple[str, ...]:
    """Return the names in a line that a page shows as its byline; () where it holds anything else than names and a time."""
    line = _AFTER_NAMES.split(text[:_LONGEST], maxsplit=1)[0]
    signed = bylines(line)
    split = tuple(name for part in separate(line) if (name := person(part)))
    if split and all(map(_FULL_NAME.fullmatch, split)) and _NOT_NAMES.isdisjoint(" ".join(split).lower().split()):
        return signed if signed and not split[0].isascii() else split
    return () if signed and signed[0].isascii() else signed


def _joined(text: str) -> tuple[str, ...]:
    """Split `Given Family and Given Family`; `Ministry of Food and Drug Safety` is one name."""
    parts = tuple(part.strip() for part in _JOINED.split(text))
    return parts if len(parts) > 1 and all(map(_FULL_NAME.fullmatch, parts)) else (text.strip(),)


def _without_places(names: str) -> list[str]:
    """Split names; of `인천·김포 김하늘` only the last are names: places stand before them, joined by points of their own."""
    groups = [_POINT.split(group) for group in _POINT_BLANKS.sub("·", names).split()]
    while len(groups) > 1 and len(groups[0]) > 1 and _are_places(groups[0]):
        del groups[0]
    return [name for group in groups for name in group]


def _are_places(group: list[str]) -> bool:
    return all(len(name) == _PLACE for name in group) or not _NOT_NAMES.isdisjoint(group)


def _people(line: str, hit: re.Match[str]) -> list[str]:
    """Split the names of one signature, leaving out the outlet's own name before them."""
    parts = _without_places(hit["names"])
    names = [name for name in parts if name and name not in _NOT_NAMES and not _OUTLET.search(name)]
    opened = line[: hit.start()].rstrip()
    # `[이데일리 김새미 기자]`: a bracket without `=` opens with the outlet.
    if (
        opened.endswith(("[", "(", "【", "〔"))
        and len(names) == len(parts) > 1
        and not re.search(r"[·,・ㆍ/]", hit["names"])
    ):
        return names[1:]
    return names
