from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.definitions.keys import KEYS
from monitor.extract.definitions.parse import faults, inherited, site_of
from monitor.model.errors import DefinitionError

FAMILIES: dict[str, dict[str, Any]] = {
    "root": {"zone": "Asia/Seoul", "drop": {"prefixes": ["▶"], "contains": ["더보기"]}, "caption_marks": ["▲"]},
    "cms": {
        "family": "root",
        "identity": [{"paths": [r"/a/(?P<id>\d+)"], "canonical": "https://{host}/a/{id}"}],
        "title": ["h1", "@meta"],
        "body": ["#body"],
        "drop": {"selectors": [".ad"]},
        "check": {"body": "200", "needs": ["title"]},
    },
    "one": {"family": "two"},
    "two": {"family": "one"},
}
PAPER = {"family": "cms", "outlet": "예시일보", "hosts": ["ex.kr"]}


def test_three_lines_make_an_outlet() -> None:
    site = site_of("example", PAPER, FAMILIES)
    assert (site.name, site.outlet, site.zone) == ("example", "예시일보", "Asia/Seoul")
    assert (site.title, site.body) == (("h1", "@meta"), ("#body",))
    assert site.identity[0].hosts == ("ex.kr",)
    assert (site.drop.selectors, site.drop.prefixes, site.drop.contains) == ((".ad",), ("▶",), ("더보기",))
    assert (site.check.body, site.check.needs, site.check.entries) == (200, ("title",), 0)
    assert site.unverified_live


def test_what_is_written_takes_the_place_of_what_is_inherited() -> None:
    own = PAPER | {"body": ["#text"], "check": {"body": "50"}, "unverified_live": "false"}
    site = site_of("example", own, FAMILIES)
    assert site.body == ("#text",)
    assert (site.check.body, site.check.needs) == (50, ("title",))
    assert not site.unverified_live


def test_a_list_may_hold_the_familys_items() -> None:
    own = PAPER | {
        "body": ["#first", "@family", "#last"],
        "drop": {"prefixes": ["@family", "☞"], "paragraphs": ["^광고"]},
    }
    site = site_of("example", own, FAMILIES)
    assert site.body == ("#first", "#body", "#last")
    assert site.drop.prefixes == ("▶", "☞")
    assert [pattern.pattern for pattern in site.drop.paragraphs] == ["^광고"]


def test_layouts_change_what_they_name_and_keep_the_rest() -> None:
    layouts = [{"until": "2025-12-01", "body": ["#old", "@family"]}, {"from": "2025-12-01", "title": ["h2"]}]
    site = site_of("example", PAPER | {"layouts": layouts}, FAMILIES)
    assert site.on(date(2025, 1, 1)).body == ("#old", "#body")
    assert site.on(date(2025, 1, 1)).title == ("h1", "@meta")
    assert site.on(date(2026, 1, 1)).title == ("h2",)
    assert site.on(date(2026, 1, 1)).layouts == ()


@pytest.mark.parametrize(
    ("written", "place", "words"),
    [
        (["family"], (), "a mapping"),
        ({"family": "cmd"}, ("family",), "no family 'cmd'"),
        ({"family": "one"}, ("family",), "circle"),
        ({"family": "cms"}, ("identity", 0), "no hosts"),
        (PAPER | {"body": "#x"}, ("body",), "a list"),
    ],
)
def test_faults_say_where(written: Any, place: tuple[str | int, ...], words: str) -> None:  # noqa: ANN401 - anything
    (fault,) = faults(written, FAMILIES)
    assert fault.place == place
    assert words in fault.message
    with pytest.raises(DefinitionError, match="example: "):
        site_of("example", written, FAMILIES)


def test_a_sound_definition_has_no_faults() -> None:
    assert faults(PAPER, FAMILIES) == ()
    assert faults({}, FAMILIES) == ()


def test_the_families_are_not_changed_by_their_members() -> None:
    before = repr(FAMILIES)
    inherited(PAPER | {"drop": {"selectors": [".x"]}, "body": ["@family", "#x"]}, FAMILIES)
    assert repr(FAMILIES) == before


def test_the_familys_items_are_none_where_there_is_no_family() -> None:
    site = site_of("example", {"body": ["@family", "#text"], "drop": {"selectors": ["@family"]}}, {})
    assert (site.body, site.drop.selectors) == (("#text",), ())


def test_a_family_with_faults_is_blamed_itself_and_not_its_members() -> None:
    families = FAMILIES | {"bad": {"identity": "nothing", "drop": []}}
    assert faults({"family": "bad", "hosts": ["ex.kr"]}, families) == ()
    assert len(faults(families["bad"], families)) == 2


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(["", "h1", "@family", "@script a b", "ex.kr", "*", "/(?P<id>x)", "https://ex.kr/{id}", "1", "("]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "paths", "canonical"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(sorted(KEYS)), ANYTHING, max_size=4),
    st.dictionaries(st.sampled_from(sorted(KEYS)), ANYTHING, max_size=3),
)
def test_whatever_is_written_has_faults_or_makes_a_site(one: dict[str, Any], other: dict[str, Any]) -> None:
    families = FAMILIES | {"h1": other, "ex.kr": one}
    if not faults(other, families) and not faults(one, families):
        site = site_of("one", one, families)
        page = LexborHTMLParser("<h1>x</h1>")
        for way in (*site.body, *site.title, *site.drop.selectors):
            assert way.startswith("@") or page.css(way) is not None
        assert all(rule.hosts for rule in site.identity)
