"""What the operator reads: what was seen, and what to do, in English and in Korean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.health.access import AccessRefusal
from monitor.health.yields import Fall
from monitor.model.health import Bilingual, SourceProblem

MOST_DETAIL: Final = 200  # characters of what others wrote

_FIELDS: Final[Mapping[str, str]] = {
    "page": "페이지",
    "check": "정의 자체 점검",
    "title": "제목",
    "body": "본문",
    "published_at": "발행 시각",
    "authors": "기자",
    "subtitle": "부제목",
    "section": "섹션",
    "captions": "사진 설명",
}
_SEEN: Final[Mapping[SourceProblem, Bilingual]] = {
    SourceProblem.UNREACHABLE: Bilingual(
        "{polls} polls in a row failed: {url}: {detail}", "{polls}회 연속 수집 실패: {url}: {detail}"
    ),
    SourceProblem.ROBOTS: Bilingual(
        "robots.txt now forbids {url}: {detail}", "robots.txt가 수집을 금지합니다: {url}: {detail}"
    ),
    SourceProblem.EMPTY: Bilingual(
        "{url} answers with status 200 and no content, {polls} times in a row",
        "{url} 응답은 200이지만 내용이 비어 있습니다 ({polls}회 연속)",
    ),
    SourceProblem.NO_ENTRIES: Bilingual(
        "{url} answers, but shows no article, {polls} times in a row: {detail}",
        "{url} 응답은 있지만 기사가 하나도 없습니다 ({polls}회 연속): {detail}",
    ),
}
_ACTIONS: Final[Mapping[SourceProblem, Bilingual]] = {
    SourceProblem.UNREACHABLE: Bilingual(
        "open the address in a browser; if it has moved, change `url` of {source} in sources.yaml",
        "브라우저로 주소를 열어 보고, 바뀌었으면 sources.yaml에서 {source}의 `url`을 고치십시오",
    ),
    SourceProblem.ROBOTS: Bilingual(
        "read the site's terms; take a feed it allows, or switch {source} off (`enabled: false`)",
        "사이트 약관을 확인하고, 허용된 피드로 바꾸거나 {source}를 끄십시오 (`enabled: false`)",
    ),
    SourceProblem.EMPTY: Bilingual(
        "open the address in a browser; a site that blocks programs often answers so: poll less often (raise `every`)",
        "브라우저로 주소를 열어 보십시오. 프로그램을 막는 사이트가 흔히 이렇게 응답합니다. 수집 간격(`every`)을 늘리십시오",
    ),
    SourceProblem.NO_ENTRIES: Bilingual(
        "look at the page: a notice, a login, or a new layout? then correct `url` or the definition `site` of {source}",
        "페이지를 확인하십시오. 안내문·로그인·개편일 수 있습니다. {source}의 `url` 또는 `site` 정의를 고치십시오",
    ),
    SourceProblem.YIELD: Bilingual(
        "articles are still stored, with what other ways find; `monitor doctor {source}` reads some now and names each cause; compare "
        "a page with the definition `site` of {source}",
        "기사는 다른 방법으로 계속 저장됩니다. `monitor doctor {source}`로 원인을 보고, 기사 페이지와 {source}의 `site` 정의를 비교하십시오",
    ),
    SourceProblem.GAPS: Bilingual(
        "poll more often (`every`) or add the outlet's section lists to `url` of {source}",
        "수집 간격(`every`)을 줄이거나 {source}의 `url`에 섹션 목록을 추가하십시오",
    ),
    SourceProblem.ENCODING: Bilingual(
        "open a list of {source}: are its titles readable? broken text matches no rule; `monitor doctor {source}` shows how it is read",
        "{source}의 제목이 어떻게 읽히는지 확인하십시오: monitor doctor {source}. 깨진 글자는 어떤 규칙에도 걸리지 않습니다",
    ),
    SourceProblem.STALE: Bilingual(
        "compare with the site: if it has newer articles, `url` of {source} is an old copy or the wrong list",
        "사이트와 비교하십시오. 더 새로운 기사가 있으면 {source}의 `url`이 옛 사본이거나 다른 목록입니다",
    ),
    SourceProblem.NETWORK: Bilingual(
        "look at this machine's network: DNS, proxy, firewall; sources are retried automatically",
        "이 서버의 네트워크(DNS, 프록시, 방화벽)를 확인하십시오. 수집은 자동으로 재시도됩니다",
    ),
}


def refused(refusal: AccessRefusal, more: int) -> Bilingual:
    """Return a sentence: which list or feed gives nothing; `more` counts others of the same source."""
    told = {"polls": refusal.polls, "url": refusal.url, "detail": refusal.detail[:MOST_DETAIL] or "-"}
    seen = _SEEN[refusal.problem]
    if not more:
        return Bilingual(_put(seen.en, told), _put(seen.ko, told))
    return Bilingual(
        f"{_put(seen.en, told)}; and {more} more of its addresses", f"{_put(seen.ko, told)}; 외 {more}개 주소"
    )


def fallen(falls: tuple[Fall, ...]) -> Bilingual:
    """Return a sentence: which fields are won less than before."""
    english = [
        f"none of its first {one.tries} pages could be read, the articles are known by their headlines alone: {one.now.lstrip('!')}"
        if not one.before
        else f"{one.field}: {one.wins} of the last {one.tries} articles gave it the usual way ({one.before}), {one.usual:.0%} did before; "
        f"now {one.now.lstrip('!') or 'nothing'}"
        for one in falls
    ]
    korean = [
        f"첫 기사 {one.tries}건의 페이지를 하나도 읽지 못해 제목만 저장했습니다: {one.now.lstrip('!')}"
        if not one.before
        else f"{_FIELDS.get(one.field, one.field)}: 평소({one.before}) {one.usual:.0%}, 최근 기사 {one.tries}건 중 {one.wins}건; "
        f"지금은 {one.now.lstrip('!') or '없음'}"
        for one in falls
    ]
    return Bilingual("; ".join(english), "; ".join(korean))


def gone_by(seen: int, missed: int) -> Bilingual:
    """Return a sentence: how many articles went by unseen in the last hours."""
    share = seen / (seen + missed) if seen + missed else 0.0
    return Bilingual(
        f"about {missed} articles went by unseen in the last hours ({share:.0%} were seen)",
        f"최근 몇 시간 동안 기사 약 {missed}건을 놓쳤습니다 (수집률 {share:.0%})",
    )


def odd(found: tuple[tuple[str, str], ...]) -> Bilingual:
    """Return a sentence: which list has another encoding."""
    url, what = found[0]
    return Bilingual(f"{url}: {what}", f"문자 인코딩이 바뀌었습니다: {url}: {what}")


def silent(hours: float, expected: float) -> Bilingual:
    """Return a sentence: how long nothing new has come."""
    return Bilingual(
        f"nothing new for {hours:.0f} h, where {expected:.0f} articles were to be expected",
        f"{hours:.0f}시간 동안 새 기사가 없습니다 (평소 약 {expected:.0f}건)",
    )


def outage(failing: int, polled: int, detail: str) -> Bilingual:
    """Return a sentence: that most sources failed at once."""
    return Bilingual(
        f"{failing} of {polled} sources failed at once: {detail[:MOST_DETAIL]}",
        f"소스 {polled}개 중 {failing}개가 동시에 실패했습니다: {detail[:MOST_DETAIL]}",
    )


def action(problem: SourceProblem, source_id: str) -> Bilingual:
    """Return what to do."""
    words, told = _ACTIONS[problem], {"source": source_id}
    return Bilingual(_put(words.en, told), _put(words.ko, told))


def _put(text: str, values: Mapping[str, object]) -> str:
    """Fill a text of ours; what others wrote goes in as it is."""
    return text.format_map(values)
