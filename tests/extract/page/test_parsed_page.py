from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.extract.definitions.catalog import sites
from monitor.extract.definitions.site import Site
from monitor.extract.page.parsed_page import ParsedPage, parse_page
from monitor.model.errors import ExtractError

NOW = datetime(2025, 2, 5, 9, 0, tzinfo=UTC)


def _parsed(html: str, site: Site | None = None, zone: str = "Asia/Seoul") -> ParsedPage:
    return parse_page(html, "https://ex.kr/news/1", site, zone, NOW)


def test_the_first_text_counts() -> None:
    page = _parsed('<p class="a"> </p><p class="a">둘째  글</p><meta name="x" content=" 값 ">')
    assert page.text(".a") == "둘째 글"
    assert page.text('meta[name="x"]') == "값"
    assert page.text(".none") == ""
    assert page.find(".none") is None


def test_the_zone_of_a_definition_comes_before_that_of_the_source() -> None:
    assert _parsed("<p>x</p>", sites()["mediapen"], "UTC").zone == "Asia/Seoul"
    assert _parsed("<p>x</p>", None, "UTC").zone == "UTC"


def test_a_hostile_page_is_never_parsed() -> None:
    with pytest.raises(ExtractError):
        _parsed("<div>" * 20_000)
