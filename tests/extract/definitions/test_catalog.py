from __future__ import annotations

import json
import pickle

import pytest

from monitor.extract.definitions.catalog import checked, definitions, sealed, sites, unsealed, url_rules

OWN = {
    "example": {"family": "ndsoft", "outlet": "예시일보", "hosts": ["ex.kr"], "body": ["#mine", "@family"]},
    "twin": {"family": "example", "hosts": ["twin.kr"]},
}


def test_every_shipped_definition_is_sound_and_says_that_it_is_untried() -> None:
    assert {"mediapen", "ndsoft", "arc", "wordpress", "nextjs", "newspim", "naver_news"} <= set(sites())
    assert len(sites()) >= 60
    for name, site in sites().items():
        assert site.name == name
        assert site.unverified_live


def test_members_of_a_family_are_three_lines() -> None:
    members = [one for one in definitions().values() if one.get("family") == "ndsoft"]
    assert len(members) >= 15
    assert all(set(one) == {"family", "outlet", "hosts"} for one in members)


def test_what_is_printed_in_korean_is_read_in_korean_time() -> None:
    elsewhere = {name for name, site in sites().items() if site.zone != "Asia/Seoul"}
    assert elsewhere == {"wordpress", "techcrunch"}


@pytest.mark.parametrize("name", [name for name, one in sites().items() if one.body and one.identity])
def test_a_definition_with_a_body_has_a_self_check(name: str) -> None:
    if sites()[name].check.body:
        assert {"title", "published_at"} <= set(sites()[name].check.needs)
        assert sites()[name].check.entries >= 5
    else:
        assert name in {"wordpress", "byline", "platum", "venturesquare", "techcrunch", "koreaherald"}


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        sites()["other"] = sites()["mediapen"]  # type: ignore[index]  # the point of the test
    with pytest.raises(AttributeError):
        sites()["mediapen"].name = "other"  # type: ignore[misc]  # the point of the test


def test_rules_of_longer_hosts_come_first_and_those_of_any_host_last() -> None:
    hosts = [rule.hosts[0] for rule in url_rules()]
    assert hosts.index("en.yna.co.kr") < hosts.index("yna.co.kr")
    assert hosts.index("biz.chosun.com") < hosts.index("chosun.com")
    assert [rule.any_host for rule in url_rules()] == sorted(rule.any_host for rule in url_rules())
    assert len(set(url_rules())) == len(url_rules())


def test_an_added_definition_travels_as_text() -> None:
    text = sealed("twin", OWN)
    site = unsealed(pickle.loads(pickle.dumps(text)))  # noqa: S301 - our own
    assert (site.name, site.outlet, site.zone) == ("twin", "예시일보", "Asia/Seoul")
    assert site.identity[0].hosts == ("twin.kr",)
    assert site.body[0] == "#mine"
    assert site.body[1:] == sites()["ndsoft"].body
    assert "family" not in json.loads(text)["twin"]


def test_added_definitions_are_checked_with_the_shipped_families() -> None:
    assert list(checked(OWN)) == []
    found = list(checked({"a": {"family": "ndsofd"}, "b": {"body": [""]}}))
    assert [place for place, _ in found] == [("a", "family"), ("b", "body", 0)]
