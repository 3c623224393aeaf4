"""What of an article's change is told: letters count, and where a sentence stands does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.article import Article
from monitor.model.hit import Match
from monitor.notify.difference import is_readable, is_same, matter, passage_change, passages_of, renamed
from tests.contracts.invented import NOW

WORD = "오픈AI"


def article(title: str = "제목", body: str = "", **more: object) -> Article:
    return Article("k", "https://a.example/1", "a", title, NOW, body=body, **more)  # type: ignore[arg-type]


def matches(one: Article) -> list[Match]:
    return [
        Match(WORD, WORD, field, start, start + len(WORD), WORD, "bare")
        for field, text in one.fields().items()
        for start in range(len(text))
        if text.startswith(WORD, start)
    ]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("오픈AI, 서울에", "[속보] 오픈AI, 서울에", False),
        ("오픈AI, 서울에", "오픈AI 서울에(종합2보)", False),
        ("오픈AI, 서울에", "【단독·상보】 오픈ai… 서울에", False),
        ("'오픈AI' 서울에", "“오픈AI” 서울에", False),
        ("오픈AI, 1.5조 투자", "오픈AI, 15조 투자", True),
        ("오픈AI, 1,500억 투자", "오픈AI, 1500억 투자", False),
        ("영업이익 -3%", "영업이익 3%", True),
        ("오픈AI, 서울에", "오픈AI, 부산에", True),
        ("오픈AI, 서울에", "오픈AI, 서울에 온다", True),
        ("주가 ↑", "주가 ↓", True),
        ("[속보]", "[단독]", False),
        ("제목", "", False),
    ],
)
def test_a_headline_is_another_one_by_its_letters(before: str, after: str, *, told: bool) -> None:
    assert renamed(article(before), article(after)) is told
    assert renamed(article(after), article(before)) is told


@pytest.mark.parametrize(
    ("before", "after", "removed", "added"),
    [
        ("하나다. 오픈AI가 온다. 둘이다.", "하나다. 둘이다.", ["오픈AI가 온다."], []),
        ("하나다.", "하나다. 오픈AI가 온다.", [], ["오픈AI가 온다."]),
        ("오픈AI가 100억을 쓴다.", "오픈AI가 200억을 쓴다.", ["오픈AI가 100억을 쓴다."], ["오픈AI가 200억을 쓴다."]),
        ("하나다. 오픈AI가 온다.", "오픈AI가 온다.\n하나다.", [], []),
        ("오픈AI가  온다.", "오픈AI가 온다!", [], []),
        ("오픈AI가 온다. 하나다.", "오픈AI가 온다. 둘이다.", [], []),
        ("“오픈AI가 온다.” 그가 말했다.", "오픈AI가 온다. 그가 말했다.", [], []),
        ("오픈AI가 온다. 오픈AI가 온다.", "하나다.", ["오픈AI가 온다."], []),
    ],
)
def test_a_passage_is_the_sentence_around_a_mention(
    before: str, after: str, removed: list[str], added: list[str]
) -> None:
    old, new = article(body=before), article(body=after)
    found = passage_change(old, new, matches(old), matches(new))
    assert (list(found.removed), list(found.added)) == (removed, added)
    assert bool(found) is bool(removed or added)


def test_what_moves_from_the_subtitle_to_the_body_stays() -> None:
    old, new = article(subtitle="오픈AI가 온다"), article(body="그래서 오픈AI가 온다고 한다.")
    assert passage_change(old, new, matches(old), matches(new)).removed == ()


def test_a_place_in_an_older_text_is_no_passage() -> None:
    now = article(body="아무 말도 없다.")
    assert list(passages_of(now, [Match(WORD, WORD, "body", 0, 4, WORD, "bare")])) == []
    assert list(passages_of(now, [Match(WORD, WORD, "body", 50, 54, WORD, "bare")])) == []


def test_a_long_sentence_is_cut_around_its_mention() -> None:
    long = article(body="가" * 5_000 + WORD + "나" * 5_000)
    (passage,) = passages_of(long, matches(long))
    assert WORD in passage
    assert len(passage) <= 300


SENTENCES = st.lists(
    st.text("가나다라 마바 사", min_size=1, max_size=20).map(lambda text: f"{WORD} {text}."), max_size=6
)


@given(SENTENCES, st.randoms(use_true_random=False))
def test_an_order_of_sentences_is_no_change(sentences: list[str], chance: st.random.Random) -> None:  # type: ignore[name-defined]
    shuffled = list(sentences)
    chance.shuffle(shuffled)
    old, new = article(body=" ".join(sentences)), article(body="\n".join(shuffled))
    assert not passage_change(old, new, matches(old), matches(new))


@given(SENTENCES, SENTENCES)
def test_what_is_told_stands_on_one_side_alone(one: list[str], other: list[str]) -> None:
    old, new = article(body=" ".join(one)), article(body=" ".join(other))
    found = passage_change(old, new, matches(old), matches(new))
    assert all(matter(text) in matter(old.body) and matter(text) not in matter(new.body) for text in found.removed)
    assert all(matter(text) in matter(new.body) and matter(text) not in matter(old.body) for text in found.added)
    assert {matter(text) for text in one if matter(text) not in matter("제목" + new.body)} == {
        matter(text) for text in found.removed
    }


LINES = "첫째 줄은 어느 기사에나 있을 만한 말이 아니다. 둘째 줄도 그렇게 흔하다고 할 수는 없는 말이다. "


@pytest.mark.parametrize(
    ("title", "body", "same"),
    [
        ("제목", LINES + "더 있다.", True),
        ("아주 다른 것", LINES, True),
        ("아주 다른 것", LINES[: len(LINES) // 2], True),
        ("제목", "아주 다른 글이 이만큼 길게 서 있다. 앞의 글과는 아무 상관이 없고 다만 길이만 비슷할 뿐이다.", True),
        (
            "로그인",
            "아주 다른 글이 이만큼 길게 서 있다. 앞의 글과는 아무 상관이 없고 다만 길이만 비슷할 뿐이다.",
            False,
        ),
        ("제목", "첫째 줄은", False),
        ("제목", "", False),
    ],
)
def test_a_wall_is_not_the_article(title: str, body: str, *, same: bool) -> None:
    assert is_same(article(body=LINES), article(title, body)) is same


def test_an_entry_alone_is_compared_with_nothing() -> None:
    page, listed = article(body="글"), article(body="글", field_sources={"body": "entry"})
    assert [is_readable(*pair) for pair in ((page, page), (page, listed), (listed, page))] == [True, False, False]
