"""From an installation as it ships to the first article about one's own company, in the browser alone: no file is opened."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from monitor.service.first_files import shipped
from tests.chromium.browser import tab
from tests.chromium.newsroom import elsewhere
from tests.journeys.installation import Installation, stop, until
from tests.journeys.test_web import address
from tests.patience import PATIENCE
from tests.replica.newspapers import Newspapers, rss_paper
from tests.replica.piece import Piece

pytestmark = [pytest.mark.slow, pytest.mark.long]

WAIT: Final = PATIENCE * 1_000
BOUND: Final = 180.0
"""Seconds that it may take at most, of which a person has nearly all."""
BODY: Final = (
    "해솔소프트는 세종에 새 연구소를 연다고 밝혔다.",
    "연구소는 내년 봄에 문을 열고 사람 마흔을 새로 뽑는다.",
    "지역 대학과 함께 쓰는 실험실도 들어선다.",
)


def test_a_name_on_the_first_page_becomes_a_watch(browser: Browser, tmp_path: Path) -> None:
    room = rss_paper([_piece(1, "달구름시, 겨울 축제 일정 공개", ("달구름시가 겨울 축제 일정을 공개했다.",))])
    made = Installation(tmp_path)
    with Newspapers(room).threaded():
        made.watch(room)
        for name in ("rules.yaml", "channels.yaml"):
            shutil.copy(shipped() / name, made.config / name)
        process = made.start()
        try:
            elsewhere(until(lambda: address(made) != "", what="a web server"))
            started = time.monotonic()
            with tab(browser, address(made)) as one:
                one.go("/")
                assert one.violations() == []
                one.page.get_by_label("우리 회사 이름").fill("(주)해솔 소프트")
                one.page.get_by_role("button", name="규칙 만들기").click()
                expect(one.page.locator("[name=match]")).to_have_value("해솔|소프트", timeout=WAIT)
                one.page.get_by_role("button", name="저장").click()
                expect(one.page.locator("h1")).to_contain_text("(주)해솔 소프트", timeout=WAIT)
                elsewhere(until(lambda: _is_read(made), what="the first poll"))
                room.publish(_piece(2, "해솔소프트, 세종에 새 연구소 연다", BODY))
                elsewhere(until(lambda: made.rows("SELECT id FROM hit") != [], what="a hit"))
                one.go("/")
                expect(one.page.locator("section.rows .row")).to_contain_text("새 연구소", timeout=WAIT)
                expect(one.page.locator("#steps small")).to_have_text("2/3", timeout=WAIT)
            assert time.monotonic() - started < BOUND
        finally:
            stop(process)
    assert "해솔|소프트" in (made.config / "rules.yaml").read_text("utf-8")


def _piece(number: int, title: str, paragraphs: tuple[str, ...]) -> Piece:
    now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - real processes, real clock
    return Piece(number, title, now, paragraphs=paragraphs)


def _is_read(made: Installation) -> bool:
    return made.rows("SELECT id FROM article") != []
