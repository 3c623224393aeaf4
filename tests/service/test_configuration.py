"""No kind of source or channel is known by name outside its file; each is in the manual."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.channels.registry import CHANNEL_KINDS
from monitor.extract.registry import SOURCE_KINDS

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("monitor.channels.kinds", "monitor.extract.kinds")
WORDS = {"list", "feed", "page", "sitemap"}  # these mean other things as well; where a kind is meant is looked at
MODULES = sorted(path for path in (ROOT / "monitor").rglob("*.py") if path.parent.name != "kinds")


def names(tree: ast.AST) -> Iterator[str]:
    """Yield the kinds that code knows: distinctive names as text, any name beside `kind`, and what it imports of a kind."""
    known = SOURCE_KINDS.keys() | CHANNEL_KINDS.keys()
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if text in known - WORDS:
                yield text
            case ast.ImportFrom(module=str(module)) if module.startswith(FOLDERS):
                yield module
            case ast.Compare() | ast.Match() if "kind" in meant(node):
                yield from (text for text in texts(node) if text in known)
            case ast.Call(func=ast.Name(id="Source"), args=arguments):
                yield from (text for one in arguments for text in texts(one) if text in known)
            case (
                ast.keyword(arg="kind", value=value)
                | ast.AnnAssign(target=ast.Name(id="kind"), value=ast.expr() as value)
            ):
                yield from (text for text in texts(value) if text in known)
            case _:
                pass


def meant(node: ast.Compare | ast.Match) -> set[str]:
    """Return the names that a comparison is about."""
    sides = [node.subject] if isinstance(node, ast.Match) else [node.left, *node.comparators]
    return {
        side.attr if isinstance(side, ast.Attribute) else side.id
        for side in sides
        if isinstance(side, ast.Attribute | ast.Name)
    }


def texts(node: ast.AST) -> Iterator[str]:
    """Yield every text within a piece of code."""
    yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_kind_is_named_outside_its_file(path: Path) -> None:
    assert list(names(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("if source.kind == 'naver': pass", ["naver", "naver"]),
        ("if kind in {'feed', 'page'}: pass", ["feed", "page"]),
        ("match source.kind:\n    case 'list': pass", ["list"]),
        ("x = {'slack': 1}", ["slack"]),
        ("from monitor.channels.kinds.slack import KIND", ["monitor.channels.kinds.slack"]),
        ("Source('a', 'b', 'list', (), 1)", ["list"]),
        ("shown = {'list': 1, 'page': 2}", []),
        ("from monitor.channels import kinds", []),
    ],
)
def test_the_search_for_names_finds_them(code: str, known: list[str]) -> None:
    assert sorted(names(ast.parse(code))) == sorted(known)


def test_the_manual_has_every_kind_and_no_other() -> None:
    manual = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    for title, kinds in (("sources.yaml", SOURCE_KINDS), ("channels.yaml", CHANNEL_KINDS)):
        chapter = re.search(rf"^## {title}$(.*?)(?=^## )", manual, re.MULTILINE | re.DOTALL)
        assert chapter
        row = re.search(r"^\| `kind` \| word \| required \| (.*?);", chapter[1], re.MULTILINE)
        assert row
        assert set(re.findall(r"`(\w+)`", row[1])) == set(kinds)
