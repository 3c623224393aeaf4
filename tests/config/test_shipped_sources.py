"""The shipped sources keep the promises that their files make."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from monitor.model.plan import Interval, Source
from monitor.service.configuration import load
from tests.evidence import rows

ROOT = Path(__file__).parents[2]
SOURCES = {source.id: source for source in load(ROOT / "config", {}).plan.sources}
READY = {name: source for name, source in SOURCES.items() if name != "mediapen"}
ASIDE = {"google_news_ko", "naver_api"}  # their URLs hold words of the user's own


@pytest.fixture(scope="module")
def survey() -> dict[str, Any]:
    """What the survey of outlets found, by id."""
    return {entry["id"]: entry for entry in rows("outlets/survey.jsonl")}


def test_many_outlets_lie_ready_and_none_claims_to_be_tried() -> None:
    assert len(SOURCES) >= 60
    assert all(source.unverified_live for source in SOURCES.values())


@pytest.mark.parametrize("source", READY.values(), ids=list(READY))
def test_a_ready_source_is_gentle_and_says_why_it_is_on_or_off(source: Source) -> None:
    assert source.first_run == "ignore"
    assert isinstance(source.every, Interval)
    assert source.every.seconds >= 300
    assert source.note
    assert ("no limit" in source.note) is source.enabled


@pytest.mark.parametrize("source", READY.values(), ids=list(READY))
def test_terms_and_addresses_are_those_of_the_survey(source: Source, survey: dict[str, Any]) -> None:
    entry = survey[source.id]
    assert source.enabled is entry["terms"].startswith("no RSS limit")
    known = {*entry["feeds"], *entry["list_pages"]}
    assert source.id in ASIDE or set(source.urls) <= known


def test_no_two_sources_read_the_same_page() -> None:
    pages = [url for source in SOURCES.values() for url in source.urls]
    assert len(pages) == len(set(pages))


def test_a_start_asks_no_host_for_more_than_a_few_pages() -> None:
    hosts = [urlsplit(url).hostname for source in READY.values() if source.enabled for url in source.urls]
    assert max(hosts.count(host) for host in hosts) <= 8
    assert len(hosts) <= 40
