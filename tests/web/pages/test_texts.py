"""The catalogues are whole: the same keys and the same places to fill in each language, and a text for every key that is asked for."""

from __future__ import annotations

import re
from importlib.resources import files
from string import Formatter

import pytest

from monitor.service.receiver_advice import ADVICE
from monitor.web.pages.texts import LANGUAGES, Texts, catalogue, keys

ASKED = re.compile(r"""\bt\(\s*"([a-z_0-9.]+)"\s*[,)]""")


def places(lang: str) -> dict[str, set[str]]:
    """Return what each text of a language has filled in; of two forms those of the second."""
    found: dict[str, set[str]] = {}
    for key, text in catalogue(lang).items():
        name = key.removesuffix(".one").removesuffix(".other")
        found.setdefault(name, set()).update(name for _, name, _, _ in Formatter().parse(text) if name)
    return found


def test_each_language_has_the_same_texts() -> None:
    korean, *others = LANGUAGES
    for lang in others:
        assert keys(korean) == keys(lang)
        assert places(korean) == places(lang)


def test_every_text_that_a_template_asks_for_is_there() -> None:
    room = files("monitor.web.pages").joinpath("templates")
    asked = {key for one in room.iterdir() for key in ASKED.findall(one.read_text("utf-8"))}
    assert asked
    assert asked - keys("ko") == set()


def test_every_advice_about_a_receiver_has_words() -> None:
    assert {f"advice.{name}" for name in ADVICE} <= keys("ko")


def calls() -> list[tuple[str, str, set[str]]]:
    """Return where a template asks for a text, of which key, and what it fills in."""
    found = []
    for one in files("monitor.web.pages").joinpath("templates").iterdir():
        source = one.read_text("utf-8")
        for asked in ASKED.finditer(source):
            depth, end = 1, source.index("(", asked.start()) + 1
            while depth:
                depth += {"(": 1, ")": -1}.get(source[end], 0)
                end += 1
            inside = re.sub(r"\([^()]*\)", "", source[asked.end() - 1 : end])
            found.append((one.name, asked[1], set(re.findall(r"(\w+)=(?!=)", inside))))
    return found


def test_every_call_fills_in_what_its_text_asks_for() -> None:
    asked = places("ko")
    short = [(place, key, asked[key] - given) for place, key, given in calls() if key in asked and asked[key] - given]
    assert short == []


def test_no_text_is_blank_without_saying_so() -> None:
    blank = {key for lang in LANGUAGES for key, text in catalogue(lang).items() if not text.strip()}
    assert blank == {"fate.sent"}, "what went well says nothing"


def test_what_is_filled_in_is_escaped_and_one_is_told_from_many() -> None:
    texts = Texts("en")
    assert texts("hits.count", n=1) == "1 article"
    assert texts("hits.count", n=2) == "2 articles"
    assert texts("print", at="<b>") == "Desk · &lt;b&gt;"
    with pytest.raises(KeyError):
        texts("no.such")
    with pytest.raises(KeyError):
        texts("print")
