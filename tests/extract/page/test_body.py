from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.definitions.catalog import sites
from monitor.extract.page.body import find_body, undescribed_body
from monitor.extract.page.head import read_head
from monitor.extract.page.parsed_page import parse_page
from monitor.extract.page.tails import trim
from monitor.model.errors import ExtractError, SuspectError
from tests.extract.papers import INVENTED, v1

NOW = datetime(2025, 2, 5, 9, 0, tzinfo=UTC)
URL = "https://www.mediapen.com/news/view/978113"
LINES = [
    "한빛전자가 남해에 새 연구소를 연다고 5일 밝혔다.",
    "연구소는 바닷물로 서버를 식히는 방법을 시험하며, 전기를 3할 아낄 수 있을 것으로 회사는 본다.",
    "첫 서버는 내년 봄에 돌기 시작한다.",
]
SHOWN = "".join(f"<p>{line}</p>" for line in LINES)


def _ld(body: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{body}"}}</script>'


def _found(page: str) -> tuple[list[str], str]:
    tree = LexborHTMLParser(page)
    found = undescribed_body(tree, read_head(tree), page, "https://ex.kr/1")
    return found.text.lines, found.way


def test_a_definition_comes_first() -> None:
    found = find_body(parse_page(v1(INVENTED), URL, sites()["mediapen"], "Asia/Seoul", NOW))
    assert (found.way, found.confidence) == ("site", 1.0)
    assert found.text.lines[: len(INVENTED.paragraphs)] == list(INVENTED.paragraphs)


def test_a_definition_that_does_not_fit_is_an_error() -> None:
    page = "<title>점검</title><p>점검하고 있습니다.</p>"
    with pytest.raises(ExtractError, match="mediapen"):
        find_body(parse_page(page, URL, sites()["mediapen"], "Asia/Seoul", NOW))


NOTICES = [
    "김가람 해솔소프트 대표 부친상. 빈소 서울병원 장례식장 1호실.",
    "[인사] 해솔소프트 ◇승진 △상무 홍길동 △이사 김철수",
    "△상무 홍길동",
    "▶해솔소프트 대표이사 김가람",
    "관련기사를 쓴 기자에게 상이 갔다",
    "[펲테크신문 박가람 기자] 해솔소프트 상장",
    "▲해솔소프트 7일 상장",
]


@given(st.lists(st.sampled_from(NOTICES), min_size=1, max_size=4), st.sampled_from(["p", "div", "br"]))
def test_an_element_that_holds_text_is_never_read_as_nothing(lines: list[str], tag: str) -> None:
    shown = "<br>".join(lines) if tag == "br" else "".join(f"<{tag}>{line}</{tag}>" for line in lines)
    page = f"<h3 class=heading>[부고] 김가람씨 부친상</h3><div id=article-view-content-div>{shown}</div>"
    found = find_body(
        parse_page(page, "https://www.aitimes.com/news/articleView.html?idxno=1", sites()["ndsoft"], "Asia/Seoul", NOW)
    )
    assert found.way == "site"
    kept = trim(found.text.lines)[0]
    assert kept
    everything = "\n".join([*kept, *found.text.captions])
    assert "홍길동" not in shown or "홍길동" in everything


def test_what_is_shown_has_paragraphs_and_wins_over_the_same_text_in_metadata() -> None:
    assert _found(f"{_ld(' '.join(LINES))}<div>{SHOWN}</div>") == (LINES, "generic")


def test_metadata_that_knows_much_more_wins() -> None:
    stated = _ld("\\n".join(LINES))
    assert _found(f"{stated}<div><p>{LINES[0]}</p></div>") == (LINES, "jsonld")


@pytest.mark.parametrize("times", [2, 3, 5])
@pytest.mark.parametrize("between", [" ", "\\n", ""])
def test_metadata_that_states_the_text_again_does_not_win(times: int, between: str) -> None:
    stated = _ld(between.join(LINES * times))
    assert _found(f"{stated}<div>{SHOWN}</div>") == (LINES, "generic")


def test_state_that_knows_much_more_wins() -> None:
    data = f'{{"title": "제목", "body": "{SHOWN * 3}"}}'
    page = f"<div><p>{LINES[0]}</p></div><script type='application/json'>{data}</script>"
    assert _found(page) == (LINES * 3, "state")


def test_nothing_is_found_on_an_empty_page() -> None:
    assert _found("") == ([], "generic")


HIDDEN = "\\u003cdiv\\u003e" * 60_000  # nothing that the limits could see in the page itself


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("", f'<p>글</p><script type="application/json">{{"title": "제목", "body": "{HIDDEN} 글"}}</script>'),
        (
            "chosun",
            f'<script>Fusion.globalContent={{"content_elements": [{{"type": "text", "content": "{HIDDEN}"}}]}}</script>',
        ),
    ],
)
def test_markup_that_hides_in_a_script_meets_the_limits_too(name: str, page: str) -> None:
    with pytest.raises(SuspectError):
        find_body(parse_page(page, URL, sites()[name] if name else None, "Asia/Seoul", NOW))
