"""Every carried set is small, says where it comes from and under what licence, and gives others their due."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.evidence import DATA

SMALL = 200_000
SETS = sorted(path.name for path in DATA.iterdir() if path.is_dir() and path.name != "__pycache__")


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_small_and_says_where_it_comes_from(name: str) -> None:
    assert sum(path.stat().st_size for path in (DATA / name).rglob("*") if path.is_file()) <= SMALL
    text = (DATA / name / "ORIGIN.md").read_text("utf-8")
    assert re.search(r"^- Source: \S", text, re.MULTILINE)
    assert re.search(r"^- Licence: \S", text, re.MULTILINE)


@pytest.mark.parametrize("name", SETS)
def test_a_set_of_others_stands_in_the_notice(name: str) -> None:
    own = "- Licence: that of the project." in (DATA / name / "ORIGIN.md").read_text("utf-8")
    notice = (Path(__file__).resolve().parents[2] / "NOTICE").read_text("utf-8")
    assert (f"tests/data/{name} " in notice) is not own


def test_bytes_are_kept() -> None:
    robots = [path.read_bytes() for path in sorted((DATA / "robots/files").iterdir())]
    assert sum(text.startswith(b"\xef\xbb\xbf") for text in robots) == 29
    assert sum(b"\r" in text and b"\n" not in text for text in robots) == 4
    assert sum(b"\r\n" in text for text in robots) > 50
    assert (DATA / "seed/article.txt").read_text("utf-8").count("\n   \n") == 1
