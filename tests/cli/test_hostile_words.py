"""Every option and argument of every command with words that nothing can hold: a plain line, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.cli.app import app as command_line
from monitor.cli.options import word_fault
from tests.cli.conftest import App

HOSTILE = [
    "",
    " ",
    "\u3000",
    "a\0b",
    "\udcff\udcfe",
    "\ud800",
    "9" * 20,
    str(2**63),
    str(-(2**63)),
    "9" * 5000,
    "-0",
    "nan",
]
LEFT_OUT = {("run", "--once"), ("doctor", "--confirm")}


def _places() -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield (command, option or "" for an argument, name) for everything that takes a word."""
    root = typer.main.get_command(command_line)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        for words, one in [((name, sub), each) for sub, each in inner.items()] if inner else [((name,), command)]:
            for parameter in one.params:
                if parameter.param_type_name == "argument":
                    yield words, "", parameter.name
                elif not parameter.is_flag and parameter.name != "config":
                    yield words, parameter.opts[0], parameter.name


PLACES = list(_places())
NEEDED = {"match": ["-"], "replay": ["an-id"]}


def test_every_command_that_takes_words_is_held() -> None:
    assert {words[0] for words, _, _ in PLACES} >= {"hits", "deliveries", "replay", "match", "sources", "doctor"}


@pytest.mark.parametrize(("words", "option", "name"), PLACES, ids=str)
def test_no_word_breaks_a_command(
    stocked: App, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], option: str, name: str
) -> None:
    (stocked.installation.folder / "here").mkdir()
    monkeypatch.chdir(stocked.installation.folder / "here")  # a word may name a file that is to be made
    for word in HOSTILE:
        given_words = [f"{option}={word}", *NEEDED.get(words[0], [])] if option else ["--", word]
        outcome = stocked(*words, *given_words, stdin="제목\n본문\n")
        assert outcome.code in {0, 1, 2, 3, 66}, (name, word)
        assert "Traceback" not in outcome.err, (name, word)
        if not word.strip() or "\0" in word or "\ud800" in word or "\udcff" in word:
            assert outcome.code == 2, (name, word)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    command=st.sampled_from(["hits --rule", "hits --source", "hits --text", "hits --since", "hits --on", "replay --"]),
    word=st.text(st.characters(exclude_categories=[]), max_size=12),
)
def test_any_text_is_answered_or_refused(stocked: App, command: str, word: str) -> None:
    name, option = command.split()
    outcome = stocked(name, *(["--", word] if option == "--" else [f"{option}={word}"]))
    assert outcome.code in ({2} if word_fault(word) else {0, 1, 2})
