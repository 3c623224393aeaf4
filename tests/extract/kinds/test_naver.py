"""What a search asks for, what it needs, and what is told where that is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.extract.kinds.naver import HUB, requests
from monitor.model.errors import ConfigError
from monitor.model.kind import Written
from monitor.model.plan import Source
from monitor.service.configuration import load

OLD = "https://openapi.naver.com/v1/search/news.json"
SEARCH = "{id: s, kind: naver, query: [오픈AI], key_id: '${ID}', key: '${KEY}', every: 10m}"


def sources(folder: Path, text: str, environ: dict[str, str] | None = None) -> tuple[Source, ...]:
    (folder / "sources.yaml").write_text(f"sources: [{text}]", encoding="utf-8")
    return load(folder, {"ID": "my-id", "KEY": "my-key"} if environ is None else environ).plan.sources


def faults(folder: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        sources(folder, text, environ)
    return [problem.message for problem in caught.value.problems]


def search(homes: tuple[str, ...], *queries: str) -> Written:
    return Written("s", "naver", homes, own={"query": queries, "key_id": ("a",), "key": ("b",)})


def test_the_hub_is_asked_unless_another_home_is_named() -> None:
    assert requests(search((), "오픈AI", "오픈AI")).urls == (f"{HUB}?query=%EC%98%A4%ED%94%88AI&display=100&sort=date",)
    assert requests(search((OLD,), "a b", '"c"')).urls == (
        f"{OLD}?query=a+b&display=100&sort=date",
        f"{OLD}?query=%22c%22&display=100&sort=date",
    )


def test_each_home_has_its_own_header_names() -> None:
    assert requests(search((), "x")).headers == (("x-ncp-apigw-api-key-id", "a"), ("x-ncp-apigw-api-key", "b"))
    assert requests(search((OLD,), "x")).headers == (("x-naver-client-id", "a"), ("x-naver-client-secret", "b"))


def test_a_search_is_a_source_whose_keys_no_repr_shows(tmp_path: Path) -> None:
    (source,) = sources(tmp_path, SEARCH)
    assert dict(source.headers)["x-ncp-apigw-api-key"] == "my-key"
    assert "my-key" not in repr(source)


def test_the_plan_has_a_new_version_with_new_keys_and_never_holds_them(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(f"sources: [{SEARCH}]", encoding="utf-8")
    one, two = (load(tmp_path, {"ID": "i", "KEY": key}).plan for key in ("first-canary", "second-canary"))
    assert one.version != two.version
    assert "canary" not in repr(one)


def test_what_a_search_lacks_is_told_at_its_kind(tmp_path: Path) -> None:
    assert faults(tmp_path, "{id: s, kind: naver, every: 10m}") == [
        "the kind naver needs `query`",
        "the kind naver needs `key_id`",
        "the kind naver needs `key`",
    ]


def test_a_search_that_is_off_may_wait_for_its_keys(tmp_path: Path) -> None:
    off = "{id: s, kind: naver, query: a, key_id: '${ID:-}', key: '${KEY:-}', every: 10m, enabled: false}"
    (source,) = sources(tmp_path, off, {})
    assert not source.enabled


def test_other_kinds_need_an_address_and_take_no_keys(tmp_path: Path) -> None:
    assert faults(tmp_path, "{id: s, kind: feed, every: 10m}") == ["the kind feed needs `url`"]
    wrong = "{id: s, kind: sitemap, url: 'https://a.example/', query: a, key: b, every: 10m}"
    assert faults(tmp_path, wrong) == ["only the kind naver takes `query`", "only the kind naver takes `key`"]


def test_a_key_that_could_split_a_header_is_refused_and_not_shown(tmp_path: Path) -> None:
    (message,) = faults(tmp_path, SEARCH, {"ID": "ok", "KEY": "secret\r\nx: y"})
    assert "secret" not in message
