"""The hint for a refused value can be typed as it stands: what it says to write is then accepted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor.model.errors import ConfigError, ConfigProblem
from monitor.service.configuration import load, read
from monitor.service.current_plan import prepare

GOOD = {
    "sources.yaml": "sources:\n  - {id: press, kind: feed, url: 'https://press.example/rss', every: 5m}\n",
    "rules.yaml": "rules:\n  - {id: ai, match: 인공지능, channels: [desk]}\n",
    "channels.yaml": "channels:\n  - {id: desk, kind: webhook, url: ''}\n",
}
SOURCE = "sources:\n  - id: press\n    kind: {kind}\n    url: https://press.example/rss\n    every: {every}\n    enabled: {enabled}\n"


def source(kind: str = "feed", every: str = "5m", enabled: str = "true") -> str:
    return SOURCE.format(kind=kind, every=every, enabled=enabled)


WRONG = [
    ("sources.yaml", source(every="5"), "5", "5m"),
    ("sources.yaml", source(every="300"), "300", "300s"),
    ("sources.yaml", source(every="5 minutes"), "5 minutes", "5m"),
    ("sources.yaml", source(every="5분"), "5분", "5m"),
    ("sources.yaml", source(every='"10"'), '"10"', "10m"),
    ("sources.yaml", source(every="1 시간"), "1 시간", "1h"),
    ("sources.yaml", source(every='"*/5 * * * *"'), '"*/5 * * * *"', 'cron "*/5 * * * *"'),
    ("sources.yaml", source(every="0 9-18 * * MON-FRI"), "0 9-18 * * MON-FRI", 'cron "0 9-18 * * MON-FRI"'),
    ("monitor.yaml", "fetch: {timeout: 20}\n", "20", "20s"),
    ("monitor.yaml", "fetch: {timeout: 20 sec}\n", "20 sec", "20s"),
    ("monitor.yaml", "fetch: {max_bytes: 4}\n", "4", "4MB"),
    ("monitor.yaml", "fetch: {max_bytes: 4000000}\n", "4000000", "4000000B"),
    ("monitor.yaml", "fetch: {max_bytes: 4 mb}\n", "4 mb", "4MB"),
    ("monitor.yaml", "retention: {articles: 90}\n", "90", "90d"),
    ("monitor.yaml", "max_age: 30 days\n", "30 days", "30d"),
    ("monitor.yaml", "timezone: Asia/Soul\n", "Asia/Soul", "Asia/Seoul"),
    ("monitor.yaml", "timezone: Seoul\n", "Seoul", "Asia/Seoul"),
    ("monitor.yaml", "timezone: KST\n", "KST", "Asia/Seoul"),
    ("monitor.yaml", "timezone: asia/tokyo\n", "asia/tokyo", "Asia/Tokyo"),
    ("monitor.yaml", "timezone: New York\n", "New York", "America/New_York"),
    ("sources.yaml", source(kind="rss"), "rss", "feed"),
    ("sources.yaml", source(kind="Atom"), "Atom", "feed"),
    ("sources.yaml", source(kind="html"), "html", "list"),
    ("channels.yaml", GOOD["channels.yaml"].replace("webhook", "Slack"), "Slack", "slack"),
    ("channels.yaml", GOOD["channels.yaml"].replace("webhook", "msteams"), "msteams", "teams"),
    ("sources.yaml", source(enabled='"yes"'), '"yes"', "yes"),
    ("sources.yaml", source(enabled='"True"'), '"True"', "true"),
    ("sources.yaml", source(enabled="1"), "1", "true"),
]


@pytest.mark.parametrize(("file", "text", "wrong", "right"), WRONG)
def test_what_the_hint_says_is_accepted(tmp_path: Path, file: str, text: str, wrong: str, right: str) -> None:
    for name, content in (GOOD | {file: text}).items():
        (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})
    (problem,) = caught.value.problems
    said = re.fullmatch(r"(?:write|did you mean|take the quotation marks away:) (cron .+|\S+?)\??", problem.hint)
    assert said, problem
    assert said[1] == right
    (tmp_path / file).write_text(text.replace(wrong, right), "utf-8")
    load(tmp_path, {})


def test_a_date_that_never_comes_is_not_told_of_five_fields(tmp_path: Path) -> None:
    for expression, hint in (("0 0 30 2 *", ""), ("0 0 31 4,6 *", ""), ("0 99 * * *", "five fields")):
        for name, content in (GOOD | {"sources.yaml": source(every=f"'cron \"{expression}\"'")}).items():
            (tmp_path / name).write_text(content, "utf-8")
        with pytest.raises(ConfigError) as caught:
            prepare(read(tmp_path, {}), analyse=False)
        (problem,) = caught.value.problems
        assert problem.code == "SRC002"
        assert bool(hint) == bool(problem.hint)
        assert hint in problem.hint


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ("rules: []\naliases:\n  us: [NO, 가나]\n", "an item of `us`"),
        ("rules: []\naliases:\n  them:\n    - 가나\n    - 3\n", "an item of `them`"),
        ("rules: []\naliases:\n  none: []\n", "`none` needs at least one item"),
        ("rules:\n  - {id: us, match: 가나}\n  - {id: us, match: 다라}\n", "the id us is taken"),
        ("rules: []\naliases: {us: [가나]}\n", ""),
    ],
)
def test_faults_are_called_by_the_words_of_the_file(tmp_path: Path, rules: str, words: str) -> None:
    for name, content in (GOOD | {"rules.yaml": rules}).items():
        (tmp_path / name).write_text(content, "utf-8")
    problems: tuple[ConfigProblem, ...] = ()
    try:
        load(tmp_path, {})
    except ConfigError as error:
        problems = error.problems
    assert [words in one.message for one in problems] == [True] * bool(words)
