"""Planted faults: each is found, at the right line and column, under its code; all are found at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.model.errors import ConfigError, ConfigProblem
from monitor.service.configuration import load

GOOD = {
    "sources.yaml": 'sources:\n  - {id: press, kind: feed, url: "https://press.example/rss", every: 5m}\n',
    "rules.yaml": "rules:\n  - {id: ai, match: 인공지능, channels: [desk]}\n",
    "channels.yaml": "channels:\n  - {id: desk, kind: webhook, url: ''}\n",
}

ADAPTIVE = "sources:\n  - id: press\n    kind: feed\n    url: https://press.example/rss\n    every: adaptive\n"
SOURCE = "sources:\n  - id: press\n    kind: feed\n    url: https://press.example/rss\n    every: 5m\n"
RULE = "rules:\n  - id: ai\n    match: 인공지능\n"
CHANNEL = "channels:\n  - id: desk\n    kind: webhook\n"

# file, text, line, column, code, a part of the message, a part of the hint
FAULTS = [
    ("monitor.yaml", "timezon: Asia/Seoul", 1, 1, "CFG010", "unknown key `timezon`", "did you mean timezone?"),
    ("monitor.yaml", "fetch:\n  timeout: 20", 2, 12, "CFG012", "YAML takes 20 for a number", "write 20s"),
    ("monitor.yaml", "fetch:\n  timeout: 20 s", 2, 12, "CFG015", "here stands '20 s'", ""),
    ("monitor.yaml", "fetch: {max_bytes: 4 MB}", 1, 20, "CFG015", "must be a size", ""),
    ("monitor.yaml", "fetch: {max_byte: 4MB}", 1, 9, "CFG010", "unknown key `max_byte`", "did you mean max_bytes?"),
    ("monitor.yaml", "fetch: [1]", 1, 8, "CFG013", "`fetch` must be a mapping", ""),
    ("monitor.yaml", "deliver:\n  allow_networks: [10.0.0.0/8, 10.0.0.1/8]", 2, 32, "CFG015", "must be a network", ""),
    (
        "monitor.yaml",
        "first_run: basline",
        1,
        12,
        "CFG014",
        "must be one of: baseline, alert",
        "did you mean baseline?",
    ),
    ("rules.yaml", RULE.replace("ai", "new"), 2, 9, "CFG015", "must be another id", ""),
    ("sources.yaml", SOURCE.replace("id: press", "id: new"), 2, 9, "CFG015", "must be another id", ""),
    ("monitor.yaml", "timezone: Asia/Soul", 1, 11, "CFG015", "must be an IANA time zone", ""),
    ("monitor.yaml", "web: {listen: 8765}", 1, 15, "CFG012", "for a number", "write 127.0.0.1:8765"),
    ("monitor.yaml", 'web: {listen: "8765"}', 1, 15, "CFG015", "must be a host and a port", "write 127.0.0.1:8765"),
    (
        "monitor.yaml",
        "fetch: {allow_networks: [10.0.0.5/8]}",
        1,
        26,
        "CFG015",
        "host bits",
        "write 10.0.0.0/8, or 10.0.0.5",
    ),
    ("monitor.yaml", "web: {listen: localhost}", 1, 15, "CFG015", "must be a host and a port", ""),
    ("monitor.yaml", "database: mysql://root:hunter2@db/x", 1, 11, "CFG015", "must be sqlite:///path", ""),
    ("monitor.yaml", "data_dir: ${NO_SUCH_VARIABLE}", 1, 11, "CFG020", "NO_SUCH_VARIABLE is not set", "default"),
    ("monitor.yaml", "data_dir: ${9}", 1, 11, "CFG021", "a variable is written wrongly", "$$"),
    ("monitor.yaml", "data_dir: a\ndata_dir: b", 2, 1, "CFG006", "data_dir stands here twice", "first on line 1"),
    ("monitor.yaml", "data_dir:", 1, 10, "CFG012", "`data_dir` has no value", "delete the key"),
    ("monitor.yaml", "data_dir: !!binary aGk=", 1, 11, "CFG007", "tags are not supported", ""),
    ("monitor.yaml", "data_dir: a\n\tweb: b", 2, 1, "CFG004", "not YAML", "not tabs"),
    ("monitor.yaml", "a: {b: c", 1, 4, "CFG004", "not YAML", "not closed"),
    ("monitor.yaml", "data_dir: 'a\n\nweb: b", 1, 11, "CFG004", "not YAML", "not closed"),
    ("monitor.yaml", "data_dir: a: b", 1, 12, "CFG004", "not YAML", "quote a value"),
    ("monitor.yaml", "data_dir: a\x07b", 1, 12, "CFG003", "U+0007", "delete it"),
    ("monitor.yaml", "data_dir: *x", 1, 11, "CFG005", "no anchor", "&x"),
    ("monitor.yaml", "data_dir: &x [*x]", 1, 15, "CFG005", "inside its own anchor", ""),
    ("monitor.yaml", "data_dir: a\n---\ndata_dir: b", 2, 1, "CFG005", "second YAML document", ""),
    ("monitor.yaml", "data_dir: " + "[" * 40, 1, 26, "CFG005", "levels deep", ""),
    ("monitor.yaml", "- a", 1, 1, "CFG013", "must be a mapping", ""),
    ("sources.yaml", SOURCE.replace("press\n", "no\n"), 2, 9, "CFG012", "takes no for a yes-or-no", 'quote it: "no"'),
    ("sources.yaml", SOURCE + "    name: 1.10\n", 6, 11, "CFG012", "takes 1.10 for a number", 'quote it: "1.10"'),
    ("sources.yaml", SOURCE.replace("press\n", "Press\n"), 2, 9, "CFG015", "here stands 'Press'", ""),
    ("sources.yaml", SOURCE.replace("    every: 5m\n", ""), 2, 5, "CFG011", "`every` is missing", ""),
    ("sources.yaml", f"{SOURCE}    adaptive: {{min: 1m}}\n", 6, 5, "CFG034", "only `every: adaptive`", "leave it out"),
    ("sources.yaml", f"{ADAPTIVE}    adaptive: {{min: 3h}}\n", 6, 15, "CFG035", "the longest 7200s", "above max"),
    ("sources.yaml", f"{ADAPTIVE}    adaptive: {{max: 2d}}\n", 6, 21, "CFG015", "between 1s and 1d", ""),
    ("sources.yaml", f"{ADAPTIVE}    adaptive: {{most: 2d}}\n", 6, 16, "CFG010", "unknown key `most`", "min"),
    ("monitor.yaml", "adaptive: {requests_per_day: 1.5}\n", 1, 30, "CFG015", "a whole number", ""),
    ("monitor.yaml", "adaptive: {target_delay: 0s}\n", 1, 26, "CFG015", "between 1s and 1d", ""),
    ("monitor.yaml", "heartbeat: 9:00\n", 1, 12, "CFG012", "YAML takes 9:00 for a number", ""),
    ("monitor.yaml", "heartbeat: 5m\n", 1, 12, "CFG015", "must be a cron expression", ""),
    ("monitor.yaml", 'heartbeat: cron "0 9 * *"\n', 1, 12, "CFG015", "five fields", ""),
    ("monitor.yaml", "deliver: {late: 0s}\n", 1, 17, "CFG015", "between 1s and 1d", ""),
    ("monitor.yaml", "watchdog: {url: hc-ping.com/x}\n", 1, 17, "CFG015", "http:// or https://", ""),
    ("monitor.yaml", "watchdog: {evry: 5m}\n", 1, 12, "CFG010", "unknown key `evry`", "did you mean every?"),
    ("monitor.yaml", "watchdog: https://hc-ping.com/x\n", 1, 11, "CFG013", "`watchdog` must be a mapping", ""),
    ("sources.yaml", SOURCE.replace("5m", 'cron "* * *"'), 5, 12, "CFG015", "five fields", ""),
    ("sources.yaml", SOURCE.replace("5m", "5 minutes"), 5, 12, "CFG015", "here stands '5 minutes'", ""),
    ("sources.yaml", SOURCE + "    key: x\n", 6, 5, "CFG034", "only the kind naver takes `key`", "leave it out"),
    (
        "sources.yaml",
        SOURCE.replace("feed", "fead"),
        3,
        11,
        "CFG014",
        "must be one of: feed, list",
        "did you mean feed?",
    ),
    ("sources.yaml", SOURCE.replace("https:", "ftp:"), 4, 10, "CFG015", "http:// or https://", ""),
    ("sources.yaml", SOURCE + "    enabled: maybe\n", 6, 14, "CFG012", "must be true or false", ""),
    ("sources.yaml", SOURCE + SOURCE.removeprefix("sources:\n"), 6, 9, "CFG030", "sources.yaml:2", "unique"),
    ("sources.yaml", "sources:\n  press: {}\n", 2, 3, "CFG013", "`sources` must be a list", ""),
    ("sources.yaml", "sauces: []\nsources: []\n", 1, 1, "CFG010", "unknown key `sauces`", "did you mean sources?"),
    ("rules.yaml", RULE + "    weight: high\n", 4, 5, "CFG010", "unknown key `weight`", "known: "),
    ("rules.yaml", RULE + "    severty: high\n", 4, 5, "CFG010", "unknown key `severty`", "did you mean severity?"),
    ("rules.yaml", RULE + "    severity: crtical\n", 4, 15, "CFG014", "info, warning, critical", "mean critical?"),
    ("rules.yaml", RULE + "    sources: [press, pres]\n", 4, 22, "CFG031", "no source 'pres'", "did you mean press?"),
    ("rules.yaml", RULE + "    channels:\n      - desk\n      - dsek\n", 6, 9, "CFG031", "no channel 'dsek'", "desk"),
    (
        "monitor.yaml",
        "keep: {articles: 30d}\n",
        1,
        1,
        "CFG010",
        "`keep` is called `retention` now",
        "write `retention:`",
    ),
    ("monitor.yaml", "operator: [desk]\n", 1, 1, "CFG010", "`operator` is called `operator_channels` now", ""),
    ("monitor.yaml", "operator_channels: dsek\n", 1, 20, "CFG031", "no channel 'dsek'", ""),
    ("monitor.yaml", "operator_channels:\n  - dsek\n", 2, 5, "CFG031", "no channel 'dsek'", ""),
    ("rules.yaml", RULE + "    tests: {mach: [x]}\n", 4, 13, "CFG010", "unknown key `mach`", "did you mean match?"),
    ("rules.yaml", RULE + "    tests: {match: [가, [나]]}\n", 4, 24, "CFG013", "an item of `match` must be text", ""),
    ("rules.yaml", RULE.replace("인공지능", '" "'), 3, 12, "CFG015", "must not be empty", ""),
    ("rules.yaml", RULE + "    <<: {name: x}\n", 4, 5, "CFG007", "merge keys", ""),
    ("rules.yaml", RULE + "aliases: {off: [오프]}\n", 4, 11, "CFG012", "the key off", 'quote it: "off"'),
    ("rules.yaml", RULE + "aliases: {ai: []}\n", 4, 15, "CFG013", "at least one item", ""),
    ("rules.yaml", RULE + "aliases: {ai: [가, 3]}\n", 4, 19, "CFG012", "takes 3 for a number", 'quote it: "3"'),
    ("rules.yaml", RULE + "aliases: {a b: [가]}\n", 4, 11, "CFG015", "letters, digits", ""),
    ("rules.yaml", RULE + "aliases: [가]\n", 4, 10, "CFG013", "mapping of names", ""),
    ("channels.yaml", CHANNEL + "    secret: whsec_short\n", 4, 13, "CFG015", "24 to 64 random bytes", "openssl"),
    ("channels.yaml", CHANNEL + "    secret: MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", 4, 13, "CFG015", "whsec_", "openssl"),
    ("channels.yaml", CHANNEL + "    url: hooks.example.com\n", 4, 10, "CFG015", "http:// or https://", ""),
    ("channels.yaml", CHANNEL + "    url_file: nowhere\n", 4, 15, "CFG022", "does not exist", "'nowhere'"),
    ("channels.yaml", CHANNEL + "    url: ''\n    url_file: x\n", 5, 5, "CFG033", "exclude each other", ""),
    (
        "channels.yaml",
        CHANNEL + '    to: "7"\n',
        4,
        5,
        "CFG034",
        "only the kinds email, mattermost, slack and telegram take `to`",
        "leave it out",
    ),
    (
        "channels.yaml",
        CHANNEL.replace("webhook", "telegram") + "    to: a b\n",
        4,
        9,
        "CFG015",
        "`to` must be the number",
        "",
    ),
    (
        *("channels.yaml", CHANNEL.replace("webhook", "telegram") + "    url: https://a.example/x\n"),
        *(3, 11, "CFG034", "the kind telegram needs `to`", "the number of the chat"),
    ),
    (
        *(
            "channels.yaml",
            CHANNEL.replace("webhook", "slack") + "    secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
        ),
        *(4, 5, "CFG034", "only the kind webhook takes `secret`", "leave it out"),
    ),
    ("channels.yaml", CHANNEL + "    urll: x\n", 4, 5, "CFG010", "unknown key `urll`", "did you mean url?"),
]


def faults(folder: Path, files: dict[str, str], environ: dict[str, str] | None = None) -> tuple[ConfigProblem, ...]:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(folder, environ or {})
    return caught.value.problems


@pytest.mark.parametrize(("file", "text", "line", "column", "code", "message", "hint"), FAULTS)
def test_a_planted_fault_is_found_alone_and_in_its_place(
    tmp_path: Path, file: str, text: str, line: int, column: int, code: str, message: str, hint: str
) -> None:
    problems = faults(tmp_path, GOOD | {file: text})
    assert [(problem.line, problem.column, problem.code) for problem in problems] == [(line, column, code)], problems
    assert problems[0].file == str(tmp_path / file)
    assert message in problems[0].message
    assert hint in problems[0].hint


def test_all_faults_of_all_files_come_at_once_in_order(tmp_path: Path) -> None:
    problems = faults(
        tmp_path,
        {
            "monitor.yaml": "timezone: Mars\nfetch: {timeout: soon}\n",
            "sources.yaml": SOURCE.replace("feed", "food") + "  - {id: two}\n",
            "rules.yaml": RULE + "    channels: [desk, nobody]\n    sources: [press, two, three]\n    bad: 1\n",
            "channels.yaml": CHANNEL + "    secret: abc\n",
        },
    )
    found = [(Path(problem.file).name, problem.line, problem.code) for problem in problems]
    assert found == [
        ("channels.yaml", 4, "CFG015"),
        ("monitor.yaml", 1, "CFG015"),
        ("monitor.yaml", 2, "CFG015"),
        ("rules.yaml", 4, "CFG031"),
        ("rules.yaml", 5, "CFG031"),
        ("rules.yaml", 6, "CFG010"),
        ("sources.yaml", 3, "CFG014"),
        *[("sources.yaml", 6, "CFG011")] * 2,
    ]


def test_a_duplicate_id_over_two_files_names_both_lines(tmp_path: Path) -> None:
    problems = faults(tmp_path, GOOD | {"rules.d/more.yaml": "\n" + RULE + "aliases: {x: [가]}\n"})
    assert [(problem.file, problem.line, problem.column) for problem in problems] == [
        (str(tmp_path / "rules.d" / "more.yaml"), 3, 9)
    ]
    assert f"{tmp_path / 'rules.yaml'}:2" in problems[0].message


def test_a_duplicate_alias_over_two_files_names_both_lines(tmp_path: Path) -> None:
    (problem,) = faults(
        tmp_path,
        GOOD | {"rules.d/a.yaml": "aliases: {x: [가]}\n", "rules.d/b.yaml": "aliases:\n  x: [나]\n"},
    )
    assert (Path(problem.file).name, problem.line, problem.column) == ("b.yaml", 2, 3)
    assert "a.yaml:1" in problem.message


def test_a_missing_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "nowhere", {})
    assert [problem.code for problem in caught.value.problems] == ["CFG001"]
    assert "nowhere" in str(caught.value)


@pytest.mark.parametrize("text", ["", "sources:\n", "sources: []\n"])
def test_no_sources_at_all_is_an_error_with_a_hint(tmp_path: Path, text: str) -> None:
    (problem,) = faults(tmp_path, {"sources.yaml": text})
    assert problem.code == "CFG032"
    assert "docs/configuration.md" in problem.hint


def test_a_file_that_is_a_folder_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").mkdir()
    (tmp_path / "monitor.yaml").write_bytes("data_dir: 가\n".encode() + b"timezone: \xb0\xa1\n")
    problems = faults(tmp_path, {"sources.yaml": SOURCE})
    assert [(Path(one.file).name, one.line, one.column, one.code) for one in problems] == [
        ("monitor.yaml", 2, 11, "CFG003"),
        ("rules.yaml", 0, 0, "CFG002"),
    ]


def test_a_file_beyond_the_cap_is_refused(tmp_path: Path) -> None:
    (problem,) = faults(tmp_path, GOOD | {"monitor.yaml": "#" * (8 * 1024 * 1024 + 1)})
    assert problem.code == "CFG002"


def test_wrong_variables_of_the_program_are_named_without_their_value(tmp_path: Path) -> None:
    problems = faults(tmp_path, GOOD, {"MONITOR_DATABASE_URL": "mysql://root:hunter2@db"})
    assert [(problem.file, problem.code) for problem in problems] == [("MONITOR_DATABASE_URL", "CFG040")]
    assert "hunter2" not in repr(problems)


def test_alias_bombs_end_at_the_cap(tmp_path: Path) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
    )
    assert {problem.code for problem in faults(tmp_path, GOOD | {"monitor.yaml": bomb})} == {"CFG010"}
    (tmp_path / "monitor.yaml").unlink()
    many = "sources: &a []\nx: [" + ", ".join(["*a"] * 1001) + "]\n"
    assert [problem.code for problem in faults(tmp_path, GOOD | {"sources.yaml": many})][:1] == ["CFG005"]
