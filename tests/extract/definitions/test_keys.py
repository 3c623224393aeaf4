from __future__ import annotations

from typing import Any

import pytest

from monitor.extract.definitions.keys import KEYS, WAYS, Fault, wrong

PATH = r"/view/(?P<id>\d+)"
RULE = {"paths": [PATH], "canonical": "https://ex.kr/{id}"}


@pytest.mark.parametrize(
    ("written", "place", "words"),
    [
        ({"colour": "red"}, ("colour",), "unknown key"),
        ({"title": "h1"}, ("title",), "a list is expected"),
        ({"title": ["h1", ["h2"]]}, ("title", 1), "a text is expected"),
        ({"title": ["@magic"]}, ("title", 0), "unknown reader @magic"),
        ({"body": ["div["]}, ("body", 0), "no CSS selector"),
        ({"body": ["@script onlyname"]}, ("body", 0), "name and a path"),
        ({"body": ["@script data a[b"]}, ("body", 0), "cannot be read"),
        ({"byline": "(?P<names>"}, ("byline",), "cannot be read"),
        ({"byline": "(.+) 기자"}, ("byline",), "(?P<names>...) is missing"),
        ({"image_clock": r"_(\d+)_"}, ("image_clock",), "(?P<unix>...) is missing"),
        ({"zone": "Seoul"}, ("zone",), "time zone"),
        ({"hosts": ["https://ex.kr/"]}, ("hosts", 0), "without www. or https://"),
        ({"drop": ["x"]}, ("drop",), "a mapping is expected"),
        ({"drop": {"selector": []}}, ("drop", "selector"), "unknown key"),
        ({"drop": {"paragraphs": ["ok", "("]}}, ("drop", "paragraphs", 1), "cannot be read"),
        ({"list": {"stale_ids": "many"}}, ("list", "stale_ids"), "whole number"),
        ({"check": {"needs": ["headline"]}}, ("check", "needs", 0), "one of title"),
        ({"check": {"body": "-1"}}, ("check", "body"), "whole number"),
        ({"unverified_live": "maybe"}, ("unverified_live",), "one of true, false"),
        ({"identity": [RULE, {"paths": [PATH]}]}, ("identity", 1), "`canonical` is missing"),
        ({"identity": [RULE | {"canonical": "ex.kr/{id}"}]}, ("identity", 0, "canonical"), "a URL"),
        ({"identity": [RULE | {"canonical": "https://ex.kr/{no}"}]}, ("identity", 0, "canonical"), "{no} is no group"),
        ({"identity": [RULE | {"canonical": "https://ex.kr/{id:>{id}}"}]}, ("identity", 0, "canonical"), "only names"),
        ({"identity": [RULE | {"canonical": "https://ex.kr/{"}]}, ("identity", 0, "canonical"), "only names"),
        ({"identity": [RULE | {"hosts": ["@family"]}]}, ("identity", 0, "hosts", 0), "a host"),
        ({"identity": [RULE | {"paths": ["("]}]}, ("identity", 0, "paths", 0), "cannot be read"),
        ({"layouts": [{"from": "yesterday"}]}, ("layouts", 0, "from"), "a day is expected"),
        ({"layouts": [{"hosts": ["ex.kr"]}]}, ("layouts", 0, "hosts"), "unknown key"),
        ({"outlet": "x" * 3_000}, ("outlet",), "a text is expected"),
    ],
)
def test_a_fault_is_told_at_its_place(written: dict[str, Any], place: tuple[str | int, ...], words: str) -> None:
    (fault,) = wrong(written, KEYS)
    assert fault.place == place
    assert words in fault.message


def test_all_keys_are_looked_at() -> None:
    found = wrong({"title": "x", "body": "y", "outlet": "z"}, KEYS)
    assert [fault.place for fault in found] == [("title",), ("body",)]


@pytest.mark.parametrize(
    "written",
    [
        {way: ["h1", "@family", "@meta", "@script #__NEXT_DATA__ props.**.items[kind=text].body"] for way in WAYS},
        {"identity": ["@family", RULE | {"query": ["no"], "canonical": "https://{host}/{id}/{no}", "hosts": ["*"]}]},
        {"byline": "", "image_clock": "", "caption_marks": [], "layouts": [{"from": "2026-01-01", "body": ["p"]}]},
        {"check": {"entries": "5", "body": "200", "needs": ["title", "published_at"]}, "list": {"not_titles": [".x"]}},
    ],
)
def test_what_is_right_passes(written: dict[str, Any]) -> None:
    assert wrong(written, KEYS) == []


def test_a_fault_is_a_line() -> None:
    assert str(Fault(("a", "title", 0), "unknown reader", "mend it")) == "a.title.0: unknown reader (mend it)"
    assert str(Fault(("a",), "wrong")) == "a: wrong"


def test_a_renamed_key_is_told_its_new_name() -> None:
    (fault,) = wrong({"check": {"leads": "5"}}, KEYS)
    assert fault == Fault(("check", "leads"), "`leads` is called `entries` now", "write `entries:`", key=True)
    (elsewhere,) = wrong({"leads": "5"}, KEYS)
    assert elsewhere.message == "unknown key `leads`"
