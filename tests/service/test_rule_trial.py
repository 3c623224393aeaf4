"""Rules tried on an article that a person names."""

from __future__ import annotations

import asyncio
import io
import sys
from pathlib import Path

import pytest

from monitor.config.settings import Settings
from monitor.model.errors import MonitorError, QueryError
from monitor.service import rule_trial
from monitor.service.configuration import read
from monitor.service.current_plan import Prepared, prepare
from tests.service.test_current_plan import write

PAGE = (
    "<!doctype html><html lang=ko><head><title>오픈AI, 서울에 오다</title>"
    "<meta property='og:title' content='오픈AI, 서울에 오다'></head><body><article><h1>오픈AI, 서울에 오다</h1>"
    + "<p>오픈AI가 서울에 사무소를 열었다. 이 문장은 시험을 위하여 지어냈고 아무 뜻이 없다.</p>" * 5
    + "</article></body></html>"
)


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    return prepare(read(write(tmp_path), {}))


def test_the_first_line_of_a_text_is_its_title(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("  제목 줄\n본문 첫 줄\n본문 둘째 줄\n", encoding="utf8")
    article = rule_trial.written(str(tmp_path / "a.txt"))
    assert (article.title, article.body) == ("제목 줄", "본문 첫 줄\n본문 둘째 줄")


def test_a_text_in_cp949_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("똠방각하 제목\n본문".encode("cp949"))
    assert rule_trial.written(str(tmp_path / "a.txt")).title == "똠방각하 제목"


def test_html_is_read_as_an_article_page(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf8")
    article = rule_trial.written(str(tmp_path / "a.html"))
    assert article.title == "오픈AI, 서울에 오다"
    assert "사무소를 열었다" in article.body


def test_standard_input_is_a_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("제목\n오픈AI는".encode())))
    assert rule_trial.written("-").body == "오픈AI는"


def test_a_file_that_is_missing_or_huge_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MonitorError, match=r"missing\.txt"):
        rule_trial.written(str(tmp_path / "missing.txt"))
    monkeypatch.setattr(rule_trial, "FILE_CAP", 10)
    (tmp_path / "huge.txt").write_text("x" * 11, encoding="utf8")
    with pytest.raises(MonitorError, match="larger than 10 bytes"):
        rule_trial.written(str(tmp_path / "huge.txt"))


def test_a_private_address_is_refused_here_too() -> None:
    with pytest.raises(MonitorError, match="blocked_address"):
        asyncio.run(rule_trial.fetched("http://127.0.0.1:9/", Settings()))


def test_one_rule_all_rules_or_an_expression(prepared: Prepared, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("제목\n오픈AI는 서울에, 오픈AI가 부산에", encoding="utf8")
    subject = rule_trial.written(str(tmp_path / "a.txt"))
    for rule, expression, name in (("openai", "", "openai"), ("", "", "openai"), ("", "서울 부산", "expression")):
        ((found, matches),) = rule_trial.matches(prepared, rule, expression, subject)
        assert found == name
        assert len(matches) == 2
    assert rule_trial.matches(prepared, "", "평양", subject) == ()


def test_a_wrong_rule_or_expression_is_explained(prepared: Prepared, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("제목\n본문", encoding="utf8")
    subject = rule_trial.written(str(tmp_path / "a.txt"))
    with pytest.raises(MonitorError, match="did you mean 'openai'"):
        rule_trial.matches(prepared, "opnai", "", subject)
    with pytest.raises(QueryError, match="a term"):
        rule_trial.matches(prepared, "", "서울 AND", subject)


def test_refusals_are_told_for_a_rule_or_an_expression(prepared: Prepared, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("제목\n오픈AI스쿨이 문을 열었다.", encoding="utf8")
    subject = rule_trial.written(str(tmp_path / "a.txt"))
    for rule, expression, name in (("openai", "", "openai"), ("", "오픈AI", "expression")):
        ((found, explanation),) = rule_trial.explanations(prepared, rule, expression, subject)
        assert (found, explanation.hit) == (name, False)
        assert [refusal.reason for refusal in explanation.refusals] == [
            "part of 오픈AI스쿨이; compound(오픈AI) finds it"
        ]
    with pytest.raises(QueryError, match="a term"):
        rule_trial.explanations(prepared, "", "서울 AND", subject)
