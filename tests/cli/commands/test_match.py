"""monitor match, with the real rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.cli.commands.match import context, query_error_text
from monitor.model.article import Article
from monitor.model.errors import QueryError
from monitor.model.hit import Match
from tests.cli.conftest import NOW, App

TEXT = "오픈AI, 서울에 사무소\n오픈AI는 5일 발표했다. 딥시크와 겨룬다.\n"
HTML = """<!doctype html><html><head><title>스타게이트 착공</title><meta property="og:title" content="스타게이트 착공"></head>
<body><article><h1>스타게이트 착공</h1><p>스타게이트가 5일 첫 삽을 떴다. 회사는 서울에서 이같이 밝혔다.</p></article></body></html>"""


def test_every_mention_is_shown_in_context_with_its_reason(app: App, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, "utf-8")
    outcome = app("match", "--rule", "openai", str(path))
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[0] == "openai: 2 mentions"
    assert "오픈AI, 서울에 사무소" in lines[1]
    assert "title 0-4, '오픈AI' as" in lines[2]
    assert "body 0-4" in lines[4]
    assert "는" in lines[4].split(": ")[-1]


def test_without_a_rule_every_rule_is_tried(app: App) -> None:
    outcome = app("match", "-", stdin=TEXT)
    assert outcome.code == 0
    assert "openai: 2 mentions" in outcome.out
    assert "deepseek: 1 mention\n" in outcome.out
    assert "stargate" not in outcome.out


def test_a_page_is_read_as_an_article(app: App) -> None:
    outcome = app("match", "--rule", "stargate", "-", stdin=HTML)
    assert outcome.code == 0
    assert "title 0-5" in outcome.out
    assert "<" not in outcome.out


def test_an_expression_is_tried_as_it_is(app: App) -> None:
    assert app("match", "--expr", "오픈AI AND 딥시크", "-", stdin=TEXT).code == 0
    outcome = app("match", "--expr", "카카오", "-", stdin=TEXT)
    assert (outcome.code, outcome.out, outcome.err) == (1, "", "no hits\n")


def test_a_fault_in_an_expression_gets_a_caret(app: App) -> None:
    outcome = app("match", "--expr", "오픈AI AND (한국", "-", stdin=TEXT)
    assert outcome.code == 2
    assert "  오픈AI AND (한국\n" in outcome.err
    assert "^" in outcome.err


@pytest.mark.parametrize(
    "words",
    [
        ["--rule", "openai", "--expr", "x", "-"],
        ["--rule", "opneai", "-"],
        [],
    ],
)
def test_wrong_usage_exits_with_2(app: App, words: list[str]) -> None:
    assert app("match", *words, stdin=TEXT).code == 2


def test_a_rule_that_does_not_exist_is_told_with_what_was_meant(app: App) -> None:
    assert "did you mean 'openai'?" in app("match", "--rule", "opneai", "-", stdin=TEXT).err


def test_a_file_that_is_not_there_is_one_plain_line(app: App) -> None:
    outcome = app("match", "no-such-file")
    assert outcome.code == 66
    assert outcome.err.startswith("monitor: no-such-file: ")
    assert outcome.err.count("\n") == 1


def test_a_url_on_a_private_network_is_refused(app: App) -> None:
    outcome = app("match", "http://10.0.0.1/article")
    assert outcome.code == 66
    assert "blocked_address" in outcome.err


def test_escapes_in_an_article_do_not_reach_the_terminal(app: App) -> None:
    outcome = app("match", "--rule", "openai", "-", stdin="제목\n\x1b[31m 오픈AI는 \x9b2J발표했다\n")
    assert outcome.code == 0
    assert "\x1b" not in outcome.out
    assert "\x9b" not in outcome.out


def test_context_is_cut_on_both_sides() -> None:
    body = "가" * 100 + "오픈AI" + "나" * 100
    mention = Match("t", "오픈AI", "body", 100, 104, "오픈AI", "bare")
    article = Article("k", "u", "s", "t", NOW, body=body)
    assert context(mention, article) == (
        ("…", False),
        ("가" * 30, False),
        ("오픈AI", True),
        ("나" * 30, False),
        ("…", False),
    )


def test_a_mention_in_a_field_that_is_not_text_shows_its_surface() -> None:
    mention = Match("t", "herald", "source", 0, 6, "herald", "bare")
    assert context(mention, Article("k", "u", "s", "t", NOW)) == (("herald", True),)


def test_a_caret_points_right_after_korean() -> None:
    shown = query_error_text(QueryError("한국 adn 카카오", 3, "no such operator", "did you mean AND?"))
    assert shown.splitlines() == [
        "monitor: no such operator",
        "  한국 adn 카카오",
        "       ^",
        "  hint: did you mean AND?",
    ]


def test_why_not_shows_what_was_refused_and_what_is_missing(app: App) -> None:
    text = "메타버스 소식\n메타은 쉬고, SAID 라 했다. 딥시크가 왔다.\n"
    outcome = app("match", "--expr", "(메타 OR AI) AND 카카오", "--why-not", "-", stdin=text)
    assert outcome.code == 1
    lines = outcome.out.splitlines()
    assert lines[0] == "(메타 OR AI) AND 카카오: no hit; missing: 메타 OR AI; 카카오"
    assert lines[1] == "(메타 OR AI) AND 카카오: 3 occurrences refused"
    assert "메타버스 소식" in lines[2]
    assert lines[3].endswith("title 0-2, '메타' as '메타': known longer noun 메타버스")
    assert lines[5].endswith("particle 은 does not agree with the last sound of 메타")
    assert lines[7].endswith("part of SAID")
    assert outcome.err == "no hits\n"


def test_why_not_stands_beside_mentions(app: App) -> None:
    outcome = app("match", "--rule", "openai", "--why-not", "-", stdin="제목\n오픈AI는 오픈AI스쿨과 다르다.\n")
    assert outcome.code == 0
    assert "openai: 1 mention\n" in outcome.out
    assert "openai: 1 occurrence refused\n" in outcome.out
    assert "part of 오픈AI스쿨" in outcome.out


def test_very_many_refused_occurrences_are_counted(app: App) -> None:
    outcome = app("match", "--expr", "메타", "--why-not", "-", stdin="제목\n" + "메타버스 " * 120)
    assert "  and 20 more\n" in outcome.out


def test_escapes_in_refused_text_do_not_reach_the_terminal(app: App) -> None:
    outcome = app("match", "--expr", "메타", "--why-not", "-", stdin="제목\n\x1b[31m메타버스\x9b2J\n")
    assert "메타버스" in outcome.out
    assert not {"\x1b", "\x9b"} & set(outcome.out)


def test_a_tree_is_tried_like_an_expression_and_its_fault_has_a_path(app: App) -> None:
    outcome = app("match", "--expr", '{"any_of": ["오픈AI", {"term": "딥시크"}], "min_count": 3}', "-", stdin=TEXT)
    assert outcome.code == 0
    outcome = app("match", "--expr", '{"any_of": ["오픈AI", {"trm": "딥시크"}]}', "-", stdin=TEXT)
    assert outcome.code == 2
    assert outcome.err == "monitor: unknown key `trm`\n  at any_of, item 2, trm\n  hint: did you mean term?\n"


@pytest.mark.parametrize("target", ["no-such-file.txt", ".", "http://127.0.0.1:9/closed", "ftp://127.0.0.1/a"])
def test_what_cannot_be_read_is_told_apart_from_no_hits(app: App, target: str) -> None:
    outcome = app("match", "--expr", "오픈AI", target)
    assert (outcome.code, outcome.out) == (66, "")
    assert outcome.err.startswith("monitor: ")
    assert "no hits" not in outcome.err
