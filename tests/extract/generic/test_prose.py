from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.generic.prose import SHORT, credit, digest, masthead, pointer, sentence, size, stock, weight

PROSE = "회사는 바닷물로 서버를 식히는 방법을 시험하고 전기를 아낄 수 있을 것으로 본다고 5일 밝혔다."


@pytest.mark.parametrize(
    "text",
    [
        "He said so.",
        "“He said so.”",
        "정말 그런가?",
        "그렇게 말했다",
        "彼は述べた。",
        "「そうだ」",
        "他说。",
        "it ends:",
    ],
)
def test_sentences(text: str) -> None:
    assert sentence(text)


@pytest.mark.parametrize(
    "text", ["Read on...", "震源の深…", "The headline of another story", "더 보기", "관련 기사", ""]
)
def test_what_is_no_sentence(text: str) -> None:
    assert not sentence(text)


def test_a_character_of_korean_says_as_much_as_three_letters() -> None:
    assert size("가나다") == size("abcdefghi") == 9


def test_running_text_weighs_more_than_signs() -> None:
    line = "The company said on Tuesday that it would open a new laboratory by the sea."
    assert weight(line, 0) == size(line)
    assert weight(line[:-1], 0) < weight(line, 0) / 2
    assert weight(line, len(line) // 4) < weight(line, 0)
    assert weight(line, len(line)) == 0
    assert weight("Menu", 0) == 0
    assert weight(PROSE, 0) > SHORT


@pytest.mark.parametrize(
    "text",
    [
        "Related articles", "RELATED:", "Read more: Ten things", "READ NEXT", "Don't miss", "See also", "More from Business",
        "More great stories", "You may also like", "Recommended for you", "Lire aussi : la suite", "Читайте также:",
        "関連記事", "あわせて読みたい", "おすすめ情報", "相关新闻", "관련기사", "관련 뉴스", "많이 본 뉴스", "함께 볼만한 기사", "당신이 관심 있을 만한 이슈",
    ],
)  # fmt: skip
def test_headings_of_lists_of_other_articles(text: str) -> None:
    assert pointer(text)


@pytest.mark.parametrize(
    "text",
    [
        "Advertisement", "Sign up for our newsletter and get the best of the week.", "Follow us on Twitter", "Share this article",
        "Get access to all of our stories for 1 dollar.", "Copyright 2025 The Paper. All rights reserved.", "12 comments", "Tags:",
        "Jane Doe contributed to this report.", "(Reporting by Jane Doe; editing by John Roe)", "Email the writer at jane@ex.org",
        "続きを読む", "シェアする", "ログインして続きを読む", "责任编辑：李四", "来源：新华社", "카카오톡 공유하기", "기사 듣기", "구독하기", "AI 요약", "댓글 12",
    ],
)  # fmt: skip
def test_stock_phrases(text: str) -> None:
    assert stock(text)


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "Share prices fell on Tuesday.",
        "More people than ever read newspapers on the train, a survey found.",
        "Printing was invented in Korea.",
        "Related companies were not named in the complaint.",
        "Copyright law must change, said the minister, " + "because it must. " * 12,
        "He took photos by the sea, he said.",
        "The talks ended on Monday without a result. (Reuters)",
        "댓글 조작 사건의 재판이 5일 열렸다고 법원이 밝혔다.",
        "공유 경제는 여러 사람이 물건을 나눠 쓰는 경제를 말한다.",
    ],
)
def test_prose_is_neither(text: str) -> None:
    assert not stock(text)
    assert not pointer(text)
    assert not credit(text)


@pytest.mark.parametrize(
    "text",
    [
        "A boat on the river (Image: GETTY)",
        "A boat on the river. (Photo by Jane Doe/Agency)",
        "(AP Photo/Jane Doe)",
        "© Jane Doe",
        "Photo: Jane Doe",
        "Photograph by Jane Doe",
        "Image 1 of 5",
        "A boat / Getty Images",
        "새 연구소의 모습. 사진=한빛전자",
        "사진 = 한빛전자",
        "새 연구소의 모습 [사진 제공=한빛전자]",
        "会見する社長＝5日、東京都千代田区で鈴木太郎撮影",
    ],
)
def test_captions_name_who_took_the_picture(text: str) -> None:
    assert credit(text)


@pytest.mark.parametrize(
    "text", ["By Jane Doe", "입력 2025.02.05 14:21", "5 February 2025", "2025年2月5日 20時01分", "Jane Doe | News"]
)
def test_mastheads(text: str) -> None:
    assert masthead(text)


@pytest.mark.parametrize("text", ["What's new?", "◆ 바다로 간 서버", "An introduction"])
def test_what_is_no_masthead(text: str) -> None:
    assert not masthead(text)


@given(st.text(max_size=300), st.integers(0, 300))
def test_any_line_is_weighed(text: str, linked: int) -> None:
    assert 0 <= weight(text, min(linked, len(text))) <= size(text)
    assert {stock(text), pointer(text), credit(text), masthead(text), sentence(text)} <= {True, False}


@pytest.mark.parametrize(
    "text", ["AI 요약", "AI 기사 요약", "인공지능 요약", "세 줄 요약", "3줄 요약", "AI-generated summary", "AI要約"]
)
def test_headings_of_summaries_that_no_reporter_wrote(text: str) -> None:
    assert digest(text)


@pytest.mark.parametrize(
    "text",
    [
        "AI 시대가 왔다",
        "요약하면 이렇다.",
        "AI 요약 서비스를 내놓은 회사가 지난해 번 돈은 모두 얼마인지 아무도 모르고, 알 길도 없다.",
    ],
)
def test_what_is_no_such_heading(text: str) -> None:
    assert not digest(text)
