"""Alerts that lead nowhere are told of at their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.model.errors import ConfigError
from monitor.service.configuration import load
from monitor.service.unheard import Silent, leading_nowhere, silent

SOURCES = """
sources:
  - {id: a, kind: list, url: "https://a.example/", every: 5m}
  - {id: b, kind: list, url: "https://b.example/", every: 5m}
"""
CHANNELS = """channels:
  - {id: desk, kind: ntfy, url: "https://ntfy.example/desk"}
  - {id: phone, kind: ntfy, url: "https://ntfy.example/phone"}
"""


def written(folder: Path, rules: str, channels: str) -> Path:
    for name, text in (("sources", SOURCES), ("rules", rules), ("channels", channels)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def told(folder: Path, rules: str, routes: str = "", channels: str = CHANNELS) -> list[tuple[str, int, str, str]]:
    found = leading_nowhere(load(written(folder, rules, channels + routes), {}))
    return [(Path(one.file).stem, one.line, one.code, f"{one.message} -> {one.hint}") for one in found]


def rule(**keys: str) -> str:
    return "rules:\n  - {id: ai, match: 인공지능" + "".join(f", {key}: {text}" for key, text in keys.items()) + "}\n"


def test_all_is_well_where_everything_leads_somewhere(tmp_path: Path) -> None:
    assert told(tmp_path, rule(channels="[desk, phone]")) == []
    assert told(tmp_path, rule(tags="경쟁사"), "routes: [{tags: 경쟁사, channels: [desk, phone]}]\n") == []


def test_a_rule_of_whose_hits_nobody_hears(tmp_path: Path) -> None:
    (found, *_) = told(tmp_path, rule())
    assert found[:3] == ("rules", 2, "CFG102")
    assert "hits of ai are stored, and nobody is told -> name a channel" in found[3]
    (found, *_) = told(tmp_path, rule(), "routes: [{sources: b, channels: desk}]\n")
    assert "hits of ai from a are stored" in found[3], "from the other source they are heard"
    assert told(tmp_path, rule(), "routes: [{channels: [desk], sources: [b]}, {channels: phone}]\n") == []
    quiet = told(tmp_path, rule(), "routes: [{channels: []}]\n")
    assert [one[2] for one in quiet] == ["NTF101"], "a route for nobody is meant"


def test_a_channel_that_nothing_leads_to(tmp_path: Path) -> None:
    (found,) = told(tmp_path, rule(channels="desk"))
    assert found[:3] == ("channels", 3, "NTF101")
    assert found[3].startswith("no rule and no route leads to phone,")
    off = CHANNELS.replace('/phone"', '/phone", enabled: false')
    assert told(tmp_path, rule(channels="desk"), channels=off) == []
    (tmp_path / "monitor.yaml").write_text("operator_channels: phone\n", encoding="utf-8")
    assert told(tmp_path, rule(channels="desk")) == [], "it is told of broken sources"


@pytest.mark.parametrize(
    ("rules", "routes", "why"),
    [
        (rule(tags="[rival]"), "{tags: rivals, channels: desk}", "no rule has the tag rivals: did you mean rival?"),
        (rule(), "{tags: [음악], channels: desk}", "no rule has the tag 음악"),
        (rule(), "{severity: critical, channels: desk}", "no rule meets all of its conditions"),
        (rule(channels="desk"), "{rules: ai, channels: desk}", "name channels of their own"),
    ],
)
def test_a_route_that_takes_no_hit_says_why(tmp_path: Path, rules: str, routes: str, why: str) -> None:
    found = told(tmp_path, rules, f"routes:\n  - {{channels: [phone, desk]}}\n  - {routes}\n")
    (line,) = [one for one in found if one[2] == "NTF102" and "route 2" in one[3]]
    assert line[:2] == ("channels", 6)
    assert why in line[3]


def test_a_route_behind_one_that_takes_everything_says_so(tmp_path: Path) -> None:
    both = "routes:\n  - {channels: [phone, desk]}\n  - {rules: ai, channels: desk}\n"
    (line,) = told(tmp_path, rule(), both)
    assert "route 2 takes no hit of any rule -> a route before it takes them" in line[3]


@pytest.mark.parametrize(
    ("routes", "code", "words"),
    [
        ("[{tags: ai, channels: dsek}]", "CFG031", "there is no channel 'dsek'; did you mean desk?"),
        ("[{rules: aii, channels: desk}]", "CFG031", "there is no rule 'aii'; did you mean ai?"),
        ("[{sources: [a, bb], channels: desk}]", "CFG031", "there is no source 'bb'"),
        ("[{tags: ai}]", "CFG011", "`channels` is missing"),
        ("[{channels: desk, severity: critcal}]", "CFG014", "did you mean critical?"),
        ("[{channels: desk, severty: info}]", "CFG010", "unknown key `severty`; did you mean severity?"),
        ("[{channels: desk, goes_on: true}]", "CFG010", "unknown key `goes_on`"),
        ("[{channels: desk, continue: 1}]", "CFG012", "`continue`"),
        ("[{channels: desk, contniue: true}]", "CFG010", "did you mean continue?"),
        ("[{channels: desk, tags: ['a b']}]", "CFG015", "letters, digits"),
        ("{channels: desk}", "CFG013", "`routes` must be a list"),
        ("[desk]", "CFG013", "must be a mapping"),
    ],
)
def test_a_faulty_route_is_told_of_at_its_line(tmp_path: Path, routes: str, code: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, rule(tags="ai"), f"{CHANNELS}routes: {routes}\n"), {})
    (fault,) = caught.value.problems
    assert (Path(fault.file).name, fault.line, fault.code) == ("channels.yaml", 4, code)
    assert words in f"{fault.message}; {fault.hint}"


def test_routes_of_further_files_come_behind_and_a_tag_in_pieces_is_the_same(tmp_path: Path) -> None:
    apart = "\u1100\u1167\u11bc\u110c\u1162\u11bc\u1109\u1161"  # 경쟁사, as a Mac may write it
    folder = written(
        tmp_path, rule(tags=f"[{apart}, ai, ai]", severity="warning"), CHANNELS + "routes: [{channels: desk}]\n"
    )
    (folder / "channels.d").mkdir()
    (folder / "channels.d" / "b.yaml").write_text(
        "routes: [{severity: [info, warning], channels: phone, continue: true}]\n"
    )
    plan = load(folder, {}).plan
    assert [(one.channels, one.severities, one.goes_on) for one in plan.routes] == [
        (("desk",), (), False),
        (("phone",), ("info", "warning"), True),
    ]
    assert (plan.rules[0].tags, plan.rules[0].severity) == (("경쟁사", "ai"), "warning")


@pytest.mark.parametrize(
    ("keys", "channels", "why"),
    [
        ({"channels": "desk"}, CHANNELS, None),
        ({}, CHANNELS, Silent.UNHEARD),
        ({}, CHANNELS + "routes: [{channels: []}]\n", Silent.UNHEARD),
        ({}, CHANNELS + "routes: [{sources: b, channels: desk}]\n", None),
        ({"sources": "a"}, CHANNELS + "routes: [{sources: b, channels: desk}]\n", Silent.UNHEARD),
        ({"channels": "desk"}, CHANNELS.replace('/desk"', '/desk", enabled: false'), Silent.OFF),
        ({"channels": "desk"}, CHANNELS.replace("https://ntfy.example/desk", ""), Silent.OFF),
        ({"channels": "[desk, phone]"}, CHANNELS.replace('/desk"', '/desk", enabled: false'), None),
    ],
)
def test_why_nobody_is_told_of_a_rule(tmp_path: Path, keys: dict[str, str], channels: str, why: Silent | None) -> None:
    plan = load(written(tmp_path, rule(**keys), channels), {}).plan
    assert silent(plan, "ai") is why
    assert silent(plan, "none") is None
