"""What commands ask of an installation that need not be running."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from monitor.model.errors import MonitorError, QueryError, StoreError
from monitor.service import questions, stored_hits
from tests.service.test_current_plan import write

PAGE = (
    "<!doctype html><html lang=ko><head><title>오픈AI, 서울에 오다</title>"
    "<meta property='og:title' content='오픈AI, 서울에 오다'></head><body><article><h1>오픈AI, 서울에 오다</h1>"
    + "<p>오픈AI가 서울에 사무소를 열었다. 이 문장은 시험을 위하여 지어냈고 아무 뜻이 없다.</p>" * 5
    + "</article></body></html>"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path)


def test_the_first_line_of_a_text_is_its_title(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("  제목 줄\n본문 첫 줄\n본문 둘째 줄\n", encoding="utf8")
    read = questions.article(str(tmp_path / "a.txt"), folder, {})
    assert (read.title, read.body) == ("제목 줄", "본문 첫 줄\n본문 둘째 줄")


def test_a_text_in_cp949_is_read_too(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("똠방각하 제목\n본문".encode("cp949"))
    assert questions.article(str(tmp_path / "a.txt"), folder, {}).title == "똠방각하 제목"


def test_html_is_read_as_an_article_page(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf8")
    read = questions.article(str(tmp_path / "a.html"), folder, {})
    assert read.title == "오픈AI, 서울에 오다"
    assert "사무소를 열었다" in read.body


def test_standard_input_is_a_target(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("제목\n오픈AI는".encode())))
    assert questions.article("-", folder, {}).body == "오픈AI는"


def test_a_file_that_is_missing_or_huge_is_named(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MonitorError, match=r"missing\.txt"):
        questions.article(str(tmp_path / "missing.txt"), folder, {})
    monkeypatch.setattr(questions, "FILE_CAP", 10)
    (tmp_path / "huge.txt").write_text("x" * 11, encoding="utf8")
    with pytest.raises(MonitorError, match="larger than 10 bytes"):
        questions.article(str(tmp_path / "huge.txt"), folder, {})


def test_a_private_address_is_refused_here_too(folder: Path) -> None:
    with pytest.raises(MonitorError, match="blocked_address"):
        questions.article("http://127.0.0.1:9/", folder, {})


def test_one_rule_all_rules_or_an_expression(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("제목\n오픈AI는 서울에, 오픈AI가 부산에", encoding="utf8")
    subject = questions.article(str(tmp_path / "a.txt"), folder, {})
    for rule, expression, name in (("openai", "", "openai"), ("", "", "openai"), ("", "서울 부산", "expression")):
        ((found, matches),) = questions.matches(rule, expression, subject, folder, {})
        assert found == name
        assert len(matches) == 2
    assert questions.matches("", "평양", subject, folder, {}) == ()


def test_a_wrong_rule_or_expression_is_explained(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("제목\n본문", encoding="utf8")
    subject = questions.article(str(tmp_path / "a.txt"), folder, {})
    with pytest.raises(MonitorError, match="there are: openai"):
        questions.matches("opnai", "", subject, folder, {})
    with pytest.raises(QueryError, match="a term"):
        questions.matches("", "서울 AND", subject, folder, {})


def test_there_is_nothing_to_read_before_the_first_run_and_upgrade_makes_it(folder: Path, tmp_path: Path) -> None:
    environ = {"MONITOR_DATA_DIR": str(tmp_path / "data")}
    with pytest.raises(StoreError, match="monitor run"):
        stored_hits.reader(folder, environ)
    assert questions.upgrade(folder, environ)
    with stored_hits.reader(folder, environ) as reader:
        assert reader.deliveries() == ()
    assert questions.replay(folder, environ, ["nothing"]) == (("nothing", "unknown"),)


def test_refusals_are_told_for_a_rule_or_an_expression(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("제목\n오픈AI스쿨이 문을 열었다.", encoding="utf8")
    subject = questions.article(str(tmp_path / "a.txt"), folder, {})
    for rule, expression, name in (("openai", "", "openai"), ("", "오픈AI", "expression")):
        ((found, explanation),) = questions.explanations(rule, expression, subject, folder, {})
        assert (found, explanation.hit) == (name, False)
        assert [refusal.reason for refusal in explanation.refusals] == ["part of 오픈AI스쿨이"]
    with pytest.raises(QueryError, match="a term"):
        questions.explanations("", "서울 AND", subject, folder, {})
