"""Folders -> settings, plan and places."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config.load import Loaded
from monitor.config.settings import Settings
from monitor.model.confidential import hide
from monitor.model.errors import ConfigError, ConfigProblem
from monitor.model.plan import Cron, Interval, Rule
from monitor.notify.routes import listeners
from monitor.service.configuration import load

ROOT = Path(__file__).resolve().parents[2]
KEY = "whsec_" + "QUJD" * 8
Folder = Callable[..., Path]

BASE = {
    "sources": 'sources: [{id: press, kind: feed, url: "https://press.example/rss", every: 5m}]\n',
    "rules": "rules: [{id: ai, match: 인공지능, channels: [desk]}]\n",
    "channels": "channels: [{id: desk, kind: webhook, url: 'https://hooks.example/', secret: '${KEY}'}]\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    def write(**files: str) -> Path:
        for name, text in (BASE | files).items():
            path = tmp_path / (name.replace("__", ".d/") + ".yaml")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def version(loaded: Loaded) -> str:
    return loaded.plan.version


def test_the_shipped_folder_watches_mediapen_with_three_rules() -> None:
    loaded = load(ROOT / "config", {})
    source = loaded.plan.sources[0]
    assert (source.id, source.kind, source.site, source.every) == ("mediapen", "list", "mediapen", Interval(300.0))
    assert len(source.urls) == 2
    assert [rule.id for rule in loaded.plan.rules] == ["deepseek", "openai", "stargate"]
    assert loaded.plan.aliases["deepseek"] == ("DeepSeek", "딥|시크", "딥|씨크")
    assert all(rule.tests.match and rule.tests.no_match for rule in loaded.plan.rules)
    assert loaded.settings == Settings()
    assert loaded.warnings == ()


def test_the_shipped_channel_hears_of_rules_that_somebody_adds_too() -> None:
    plan = load(ROOT / "config", {}).plan
    for rule in (*plan.rules, Rule("added", "더한 규칙", "해솔소프트", severity="critical")):
        assert list(listeners(plan, rule, "mediapen")) == ["desk"]


def test_the_shipped_channel_waits_for_its_variables() -> None:
    unset = load(ROOT / "config", {}).plan.channels
    assert [(channel.id, channel.url, channel.secrets) for channel in unset] == [("desk", "", ())]
    environ = {"MONITOR_WEBHOOK_URL": "https://hooks.example/x", "MONITOR_WEBHOOK_SECRET": KEY}
    (channel,) = load(ROOT / "config", environ).plan.channels
    assert (channel.url, channel.secrets) == ("https://hooks.example/x", (KEY,))


def test_the_examples_in_the_shipped_files_hold_as_they_stand(folder: Folder) -> None:
    shipped = {name: (ROOT / "config" / f"{name}.yaml").read_text("utf-8") for name in ("channels", "monitor", "rules")}
    shipped["channels"] = shipped["channels"].replace("\n# routes:", "\nroutes:")
    shipped["channels"] = shipped["channels"].replace("\n#  -", "\n  -").replace("\n#    ", "\n    ")
    for key in ("heartbeat", "watchdog", "operator_channels"):
        shipped["monitor"] = shipped["monitor"].replace(f"\n# {key}:", f"\n{key}:")
    loaded = load(folder(**shipped), {"TEAM_SLACK": "https://hooks.example/team"})
    assert [channel.id for channel in loaded.plan.channels] == ["desk", "team"]
    team = loaded.plan.channels[1].policy
    assert team.quiet is not None
    assert team.throttle is not None
    assert [(route.severities, route.channels) for route in loaded.plan.routes] == [
        (("critical",), ("desk", "team")),
        ((), ("desk",)),
    ]
    assert loaded.settings.watchdog.url.startswith("https://hc-ping.com/")


def test_every_setting_is_read(folder: Folder) -> None:
    text = """
database: postgresql://news:secret@db/news
data_dir: /var/lib/monitor
timezone: Europe/Berlin
first_run: alert
fetch: {user_agent: bot/1, timeout: 500ms, max_bytes: 512KB, per_host_interval: 0s, allow_networks: [10.0.0.0/8, "::1"]}
deliver: {timeout: 1m, allow_networks: [127.0.0.0/8], late: 30m}
heartbeat: cron "0 9 * * 1-5"
watchdog: {url: "${HC:-}", every: 90s}
web: {listen: "[::1]:0"}
"""
    found = load(folder(monitor=text), {"KEY": KEY}).settings
    assert found.database == "postgresql://news:secret@db/news"
    assert found.data_dir == Path("/var/lib/monitor")
    assert (found.zone, found.first_run) == ("Europe/Berlin", "alert")
    assert (found.fetch.user_agent, found.fetch.timeout, found.fetch.max_bytes) == ("bot/1", 0.5, 524_288)
    assert (found.fetch.per_host_interval, found.deliver.timeout) == (0.0, 60.0)
    assert found.fetch.allow_networks == (ip_network("10.0.0.0/8"), ip_network("::1/128"))
    assert found.deliver.allow_networks == (ip_network("127.0.0.0/8"),)
    assert (found.web.host, found.web.port) == ("::1", 0)
    assert (found.heartbeat, found.deliver.late) == ("0 9 * * 1-5", 1_800.0)
    assert (found.watchdog.url, found.watchdog.every) == ("", 90.0)


def test_nothing_is_asked_of_an_outside_watchdog_unless_it_is_set_up(folder: Folder) -> None:
    bare = load(folder(), {"KEY": KEY}).settings
    assert (bare.heartbeat, bare.watchdog.url, bare.watchdog.every, bare.deliver.late) == ("", "", 300.0, 900.0)
    off = load(folder(monitor="heartbeat:\nwatchdog: {url: ''}\n"), {"KEY": KEY}).settings
    assert off == bare


def test_the_address_of_the_watchdog_is_hidden_wherever_it_comes_from(folder: Folder) -> None:
    url = "https://hc-ping.example/0f7a1c52-confidential"
    text = f"watchdog: {{url: '{url}'}}\n"
    loaded = load(folder(monitor=text), {"KEY": KEY})
    assert loaded.settings.watchdog.url == url
    assert "confidential" not in repr(loaded.settings)
    assert "confidential" not in hide(f"timeout: no answer of {url} within 15 s")
    with pytest.raises(ConfigError) as caught:
        load(folder(monitor="watchdog: {url: 'htp://${HC}'}\n"), {"KEY": KEY, "HC": "another-confidential"})
    assert "confidential" not in str(caught.value)


def test_the_environment_outranks_the_file_and_empty_variables_do_not_count(folder: Folder) -> None:
    place = folder(monitor="database: sqlite:///a.db\ndata_dir: a\n")
    environ = {"KEY": KEY, "MONITOR_DATABASE_URL": "sqlite:///b.db", "MONITOR_DATA_DIR": "b"}
    assert load(place, environ).settings.database == "sqlite:///b.db"
    assert load(place, environ).settings.data_dir == Path("b")
    empty = load(place, {"KEY": KEY, "MONITOR_DATABASE_URL": "", "MONITOR_DATA_DIR": ""}).settings
    assert (empty.database, empty.data_dir) == ("sqlite:///a.db", Path("a"))


def test_the_database_follows_the_data_folder(folder: Folder) -> None:
    assert load(folder(), {"KEY": KEY, "MONITOR_DATA_DIR": "/srv/m"}).settings.database == "sqlite:////srv/m/monitor.db"


def test_sources_take_their_defaults_from_monitor_yaml(folder: Folder) -> None:
    extra = """
sources:
  - {id: own, name: 자체, kind: list, url: [https://a.example/, https://a.example/, https://b.example/],
     every: cron "*/5 8-18 * * 1-5", timezone: UTC, first_run: ignore, enabled: false,
     note: 허락을 기다린다, unverified_live: true}
"""
    place = folder(monitor="timezone: Asia/Tokyo\nfirst_run: alert\n", sources__b=extra)
    press, own = load(place, {"KEY": KEY}).plan.sources
    assert (press.name, press.zone, press.first_run, press.enabled) == ("press", "Asia/Tokyo", "alert", True)
    assert (own.name, own.zone, own.first_run, own.enabled) == ("자체", "UTC", "ignore", False)
    assert (press.note, press.unverified_live) == ("", False)
    assert (own.note, own.unverified_live) == ("허락을 기다린다", True)
    assert own.urls == ("https://a.example/", "https://b.example/")
    assert own.every == Cron("*/5 8-18 * * 1-5")


def test_files_of_the_d_folders_are_merged_by_name(folder: Folder) -> None:
    place = folder(rules__b="rules: [{id: two, match: 나}]\n", rules__a="rules: [{id: one, match: 가}]\n")
    plan = load(place, {"KEY": KEY}).plan
    assert [rule.id for rule in plan.rules] == ["ai", "one", "two"]
    assert [file for file in plan.files if file.startswith("rules")] == [
        "rules.yaml",
        "rules.d/a.yaml",
        "rules.d/b.yaml",
    ]


def test_no_rules_or_no_channels_are_a_warning(folder: Folder) -> None:
    warnings = load(folder(rules="", channels=""), {"KEY": KEY}).warnings
    assert [(Path(one.file).name, one.code) for one in warnings] == [
        ("rules.yaml", "CFG104"),
        ("channels.yaml", "CFG104"),
    ]


def test_secrets_come_from_files_beside_the_configuration(folder: Folder) -> None:
    channel = "channels: [{id: desk, kind: webhook, url_file: hook.txt, secret_file: '${CREDENTIALS}/key'}]"
    place = folder(channels=channel)
    (place / "hook.txt").write_text("  https://hooks.example/abc\n\n", encoding="utf-8")
    (place / "key").write_text(KEY + "\n", encoding="utf-8")
    (found,) = load(place, {"CREDENTIALS": str(place)}).plan.channels
    assert (found.url, found.secrets) == ("https://hooks.example/abc", (KEY,))


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "is empty"), (b"x" * 65_537, "larger than 64 KB"), (b"\xff\xfe", "not UTF-8")]
)
def test_secret_files_are_checked(folder: Folder, data: bytes, words: str) -> None:
    place = folder(channels="channels:\n  - {id: desk, kind: webhook, url_file: hook}\n")
    (place / "hook").write_bytes(data)
    with pytest.raises(ConfigError, match=words) as caught:
        load(place, {})
    assert [(problem.line, problem.code) for problem in caught.value.problems] == [(2, "CFG022")]


def test_several_secrets_sign_in_their_order(folder: Folder) -> None:
    other = "whsec_" + "REVG" * 8
    place = folder(
        channels=f"channels: [{{id: desk, kind: webhook, url: 'https://h.example/', secrets: [{other}, '', {KEY}]}}]"
    )
    assert load(place, {}).plan.channels[0].secrets == (other, KEY)


def test_secret_and_secrets_exclude_each_other(folder: Folder) -> None:
    place = folder(channels=f"channels:\n  - id: desk\n    kind: webhook\n    secret: {KEY}\n    secrets: [{KEY}]\n")
    with pytest.raises(ConfigError) as caught:
        load(place, {})
    assert [(problem.line, problem.code) for problem in caught.value.problems] == [(5, "CFG033")]


def test_what_is_probably_not_meant_is_a_warning(folder: Folder) -> None:
    place = folder(
        rules="rules:\n  - {id: ai, match: 인공지능}\n",
        channels="channels:\n  - {id: desk, kind: webhook, url: 'https://h.example/'}\n",
    )
    (place / "source.yaml").write_text("", encoding="utf-8")
    (place / "rules.d").mkdir()
    (place / "rules.d" / "more.yml").write_text("", encoding="utf-8")
    warnings = load(place, {}).warnings
    assert [(Path(one.file).name, one.line, one.code) for one in warnings] == [
        ("source.yaml", 0, "CFG103"),
        ("more.yml", 0, "CFG103"),
        ("channels.yaml", 2, "CFG101"),
    ]
    assert warnings[0].hint == "did you mean sources.yaml?"


def test_places_point_into_the_files(folder: Folder) -> None:
    rules = (
        "rules:\n  - id: ai\n    match: '가나 AND OR'\n    tests:\n      no_match: [하나, 둘]\n    channels: [desk]\n"
    )
    places = load(folder(rules=rules), {"KEY": KEY}).places
    at = places.problem(("rules", "ai", "match"), "message", "hint", "RUL001")
    assert (Path(at.file).name, at.line, at.column) == ("rules.yaml", 3, 12)
    assert (at.message, at.hint, at.code) == ("message", "hint", "RUL001")
    assert places.problem(("rules", "ai", "match"), "m", offset=7).column == 20
    item = places.problem(("rules", "ai", "tests", "no_match", 1), "m")
    assert (item.line, item.column) == (5, 22)
    nearest = places.problem(("rules", "ai", "name"), "m")
    assert (nearest.line, nearest.column) == (2, 5)
    assert places.problem(("sources", "press", "every"), "m").line == 1
    assert places.problem(("rules", "gone", "match"), "m").line == 0


def test_the_version_is_one_of_meaning(folder: Folder) -> None:
    first = version(load(folder(), {"KEY": KEY}))
    assert first == version(load(folder(), {"KEY": KEY}))
    reshaped = "# a comment\nrules:\n  - channels:\n    - desk\n    match: '인공지능'\n    id: \"ai\"\n"
    assert version(load(folder(rules=reshaped), {"KEY": KEY})) == first
    changed = [
        {"rules": BASE["rules"].replace("인공지능", "인공위성")},
        {"rules": BASE["rules"] + "aliases: {x: [가]}\n"},
        {"sources": BASE["sources"].replace("5m", "6m")},
        {"sources": BASE["sources"].replace("rss", "atom")},
        {"channels": BASE["channels"].replace("hooks", "other")},
        {"monitor": "timezone: UTC\n"},
        {"monitor": "first_run: alert\n"},
    ]
    versions = {version(load(folder(**({"monitor": ""} | change)), {"KEY": KEY})) for change in changed}
    versions.add(version(load(folder(monitor=""), {"KEY": "whsec_" + "REVG" * 8})))
    assert len(versions | {first}) == len(changed) + 2


def test_the_version_ignores_the_order_of_items(folder: Folder) -> None:
    one, two = "{id: one, match: 가}", "{id: two, match: 나}"
    assert version(load(folder(rules=f"rules: [{one}, {two}]"), {"KEY": KEY})) == version(
        load(folder(rules=f"rules: [{two}, {one}]"), {"KEY": KEY})
    )


CANARY = "whsec_Q0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZ"
LEAKS = [
    {"channels": "channels: [{id: desk, kind: webhook, url: '${C}', secret: '${C}', secrets: ['${C}']}]"},
    {"channels": f"channels: [{{id: desk, kind: webhook, url: '{CANARY}', secret: '{CANARY}x'}}]"},
    {"channels": f"channels: [{{id: desk, kind: webhook, url: ['{CANARY}'], secret: {{a: '{CANARY}'}}}}]"},
    {"channels": "channels: [{id: '${C}', kind: '${C}', url_file: '${C}', enabled: '${C}'}]"},
    {"monitor": "database: '${C}'\ntimezone: '${C}'\nfetch: {timeout: '${C}', allow_networks: ['${C}']}"},
    {"sources": "sources: [{id: a, kind: '${C}', url: '${C}', every: '${C}', first_run: '${C}'}]"},
    {"rules": "rules: [{id: ai, match: x, channels: ['${C}'], sources: ['${C}']}]\naliases: {'a b': ['${C}', 3]}"},
    {"rules": "rules: [{id: '${C}', match: x}, {id: '${C}', match: x}]"},
]


@pytest.mark.parametrize("files", LEAKS)
def test_no_error_holds_a_secret(folder: Folder, files: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load(folder(**files), {"C": CANARY, "KEY": KEY})
    shown = [
        str(caught.value),
        repr(caught.value),
        repr(caught.value.problems),
        *traceback.format_exception(caught.value),
    ]
    assert caught.value.__context__ is None
    assert all("Q0FOQVJZ" not in text for text in shown)


def test_no_repr_holds_a_secret(folder: Folder) -> None:
    channels = f"channels: [{{id: desk, kind: webhook, url: 'https://h.example/{CANARY}', secret: {CANARY}}}]"
    loaded = load(folder(monitor=f"database: postgresql://u:{CANARY}@db/x", channels=channels), {})
    assert loaded.plan.channels[0].secrets == (CANARY,)
    assert "Q0FOQVJZ" not in repr(loaded) + str(loaded.warnings) + repr(loaded.places.root) + version(loaded)


FRAGMENTS = st.sampled_from(
    [
        *"{}[]:,-#&*!|>'\"%@`\n\t ?$",
        "\n  - ",
        "\n    ",
        "id: a",
        "sources:",
        "rules:",
        "match: x",
        "<<: *a",
        "&a",
        "*a",
        "!!int",
        "${A}",
        "${",
        "$$",
        "no",
        "1.10",
        "~",
        "---\n",
        "...",
        "url: ",
        "every: 5m",
        "tests: {",
        "가나",
        "\\x",
        "\ufeff",
    ]
)


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=60), st.lists(FRAGMENTS, max_size=25).map(lambda parts: "".join(parts).encode())))
def test_whatever_stands_in_a_file_the_answer_is_a_plan_or_problems(tmp_path: Path, data: bytes) -> None:
    for name in ("monitor", "sources", "rules", "channels"):
        (tmp_path / f"{name}.yaml").write_bytes(data)
    problems = problems_of(tmp_path)
    assert all(problem.code and problem.message for problem in problems)
    assert all(problem.line >= 1 or problem.code == "CFG032" for problem in problems)


def problems_of(folder: Path) -> tuple[ConfigProblem, ...]:
    try:
        load(folder, {"A": "b"})
    except ConfigError as error:
        return error.problems
    return ()


def test_page_definitions_come_as_they_are_written(folder: Folder) -> None:
    one = (
        "sites:\n  paper: {family: ndsoft, unverified_live: false, check: {body: 200}, layouts: [{from: 2026-01-01}]}\n"
    )
    place = folder(sites__a=one, sites__b="sites: {other: {body: ['${NONE:-#b}', ~]}}\n")
    assert load(place, {"KEY": KEY}).definitions == {
        "paper": {
            "family": "ndsoft",
            "unverified_live": "false",
            "check": {"body": "200"},
            "layouts": [{"from": "2026-01-01"}],
        },
        "other": {"body": ["#b", ""]},
    }


def test_a_page_definition_that_stands_twice_is_told_with_both_places(folder: Folder) -> None:
    place = folder(sites__a="sites: {paper: {family: ndsoft}}\n", sites__b="sites:\n  paper: {family: arc}\n")
    with pytest.raises(ConfigError) as caught:
        load(place, {"KEY": KEY})
    (problem,) = caught.value.problems
    assert (problem.code, problem.line) == ("CFG030", 2)
    assert "a.yaml:1" in problem.message
