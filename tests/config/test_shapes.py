"""What the configuration makes of keys that only some kinds take, told by kinds it has never heard of."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.load import Loaded, load
from monitor.model.errors import ConfigError
from monitor.model.kind import KnownKinds
from monitor.service.configuration import KNOWN_KINDS
from tests.journeys.kinds.channels import pager
from tests.journeys.kinds.sources import ticker

KINDS = KnownKinds(
    sources={**KNOWN_KINDS.sources, "ticker": ticker.KIND},
    channels={**KNOWN_KINDS.channels, "pager": pager.KIND, "buzzer": pager.KIND},
)
CHANNEL = "channels:\n  - id: desk\n    kind: pager\n"
SOURCE = "sources:\n  - id: wire\n    kind: ticker\n    url: https://wire.example/\n    every: 5m\n"
NUMBER = "    number: '1234'\n"


def loaded(folder: Path, channel: str, source: str = SOURCE) -> Loaded:
    (folder / "channels.yaml").write_text(channel, "utf-8")
    (folder / "sources.yaml").write_text(source, "utf-8")
    return load(folder, {}, KINDS)


def test_what_is_confidential_is_a_secret_and_the_rest_an_option(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("pg-canary\n", "utf-8")
    plan = loaded(tmp_path, f"{CHANNEL}{NUMBER}    token_file: token\n").plan
    (channel,) = plan.channels
    assert (channel.option("number"), channel.option("other"), channel.secrets) == ("1234", "", ("pg-canary",))
    assert "pg-canary" not in repr(plan)


def test_another_option_is_another_plan(tmp_path: Path) -> None:
    one, two = (loaded(tmp_path, f"{CHANNEL}    number: '{number}'\n").plan.version for number in ("1234", "4321"))
    assert one != two


def test_a_kind_says_what_a_source_asks_for(tmp_path: Path) -> None:
    (source,) = loaded(tmp_path, CHANNEL + NUMBER, f"{SOURCE}    topics: [ai, chips]\n    pass: canary\n").plan.sources
    assert source.urls == ("https://wire.example/?topic=ai", "https://wire.example/?topic=chips")
    assert source.headers == (("x-pass", "canary"),)
    assert "canary" not in repr(source)


def test_keys_of_other_kinds_may_stand_empty(tmp_path: Path) -> None:
    plan = loaded(tmp_path, f"{CHANNEL}{NUMBER}    to: ''\n    secrets: ['']\n", f"{SOURCE}    query: []\n").plan
    assert (plan.channels[0].secrets, len(plan.sources)) == ((), 1)


@pytest.mark.parametrize(
    ("channel", "source", "told"),
    [
        ("", "", ["3:11: the kind pager needs `number` (the four digits on its back)"]),
        ("    number: '12'\n", "", ["4:13: `number` must be four digits; here stands '12'"]),
        ("    number: 1234\n", "", ["4:13: `number` must be text, and YAML takes 1234 for a number value"]),
        (NUMBER + "    token: canary\n", "", ["5:12: `token` must begin with pg- (ask the desk)"]),
        (NUMBER + "    token: pg-1\n    token_file: x\n", "", ["6:5: `token_file` and `token` exclude each other"]),
        (
            NUMBER + "    to: '7'\n",
            "",
            ["5:5: only the kinds email, mattermost, slack and telegram take `to` (leave it out)"],
        ),
        (NUMBER + "    secret_file: x\n", "", ["5:5: only the kind webhook takes `secret_file`"]),
        ("    nummer: '1234'\n", "", ["4:5: unknown key `nummer` (did you mean number?)"]),
        (NUMBER, "    query: x\n", ["6:5: only the kind naver takes `query`"]),
        (NUMBER, "    topics: [a, '1']\n", ["6:17: an item of `topics` must be letters alone"]),
        (
            "    number: '12'\n",
            "    topic: x\n",
            ["4:13: `number` must", "6:5: unknown key `topic` (did you mean topics?)"],
        ),
    ],
)
def test_every_fault_is_told_at_its_place(tmp_path: Path, channel: str, source: str, told: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, CHANNEL + channel, SOURCE + source)
    problems = [str(problem).removeprefix(f"{problem.file}:") for problem in caught.value.problems]
    assert len(problems) == len(told), problems
    assert [line[: len(start)] for line, start in zip(problems, told, strict=True)] == told
    assert "canary" not in str(problems)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("pagr", "did you mean pager?"),
        ("[a]", "`kind` must be one of: "),
    ],
)
def test_an_unknown_kind_is_told_alone(tmp_path: Path, kind: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, CHANNEL.replace("pager", kind) + "    to: '7'\n    number: '12'\n")
    (problem,) = caught.value.problems
    assert said in str(problem)


def test_a_key_of_two_kinds_is_said_to_be_of_both(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, CHANNEL.replace("pager", "slack") + NUMBER)
    assert "only the kinds pager and buzzer take `number`" in str(caught.value)
