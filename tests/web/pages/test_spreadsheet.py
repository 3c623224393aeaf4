"""Hits as a file for Excel."""

from __future__ import annotations

import csv
import io

import pytest

from monitor.web.pages import spreadsheet
from tests.web.pages.shown import Browser, found


async def test_a_file_has_what_the_list_has(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "_PIECE", 2)
    for number in range(5):
        await found(
            browser.site.url, f"k{number}", "openai" if number else "seoul", at=number, title='=HYPERLINK("x") 오픈AI'
        )
    answer = await browser.get("/hits.csv?rule=openai")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="hits-')
    head, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert answer.text.startswith("\ufeffid,created_at (Asia/Seoul),")
    assert [row[0] for row in rows] == ["5", "4", "3", "2"]
    title = rows[0][head.index("title")]
    assert title.startswith("'=")
    assert rows[0][1] == "2026-11-05 11:32:20", "times are those of here"


async def test_a_filter_that_makes_no_sense_is_refused(browser: Browser) -> None:
    assert (await browser.get("/hits.csv?rul=a")).status == 422
    assert (await browser.get("/hits.csv?rule=none")).status in {404, 422}
